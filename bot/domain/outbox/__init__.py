"""The outbox: what a change has to tell people, stored in the change's own transaction and sent later. Values and
rules, pure."""

from __future__ import annotations

from bot.domain.outbox.deliveries import (
    BUNDLE_SPAN,
    CHECKINS,
    LATE_AFTER,
    NEWS,
    SATURDAY,
    Item,
    Kind,
    Passing,
    Receiver,
    Several,
    State,
    Told,
    Transport,
    delivery_key,
    late_rule,
    mark_of_address,
    may_travel_together,
    rank,
    sendable_at,
    thing_of,
)
from bot.domain.outbox.keeping import ENDED, ITEMS, KINDS, SHORTEST, Keep
from bot.domain.outbox.paths import (
    NO_DIRECT_MESSAGES,
    RESTRICTED,
    HeldAccount,
    Path,
    is_about_place,
    path_to,
    trouble_in_slack,
)
from bot.domain.outbox.whereabouts import (
    ALREADY_ANSWERED,
    BY_EMAIL_ONLY,
    DEACTIVATED,
    DECLINED,
    ENDED_WITH_IT,
    IN_THE_MAIL,
    LEFT_OUT,
    MAIL_COMES_BACK,
    NO_ADDRESS,
    NOT_INSTALLED,
    NOT_LINKED,
    NOTHING_LEFT,
    PASSED_ON,
    PLACE_UNKNOWN,
    RESTS,
    STUCK,
    SUPERSEDED,
    TOO_LATE,
    WAITS_IN_HOME,
    Trouble,
    Where,
    Whereabouts,
    cut_off,
    read_trouble,
    whereabouts_of,
)
