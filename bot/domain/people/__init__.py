"""People: members, their accounts, and words between them. Values and rules, pure."""

from __future__ import annotations

from bot.domain.people.accounts import AccountId, SeenAccount, SeenChannel, Workspace
from bot.domain.people.asking import (
    ASSESSMENT,
    OF_PEOPLE,
    Step,
    Subject,
    Topic,
    asked_at,
    asks_for_figures,
    asks_for_standing,
    chain_of,
    has_rounds,
    is_about_priorities,
    is_asked,
    is_away,
    is_listed,
    is_of_meeting,
    is_pulse,
    lists_actions,
    priority_of_group,
    receiver_in,
    receivers_of,
    sends_checkins,
    subject_between,
    subject_of,
    topics_of,
    whose_word,
    zone_of_member,
)
from bot.domain.people.away_line import checked, read_away, split_person
from bot.domain.people.changes import (
    OwnPlan,
    by_address,
    new_member,
    put_member,
    read_member,
    with_member_plan,
    with_roles,
    with_settings,
)
from bot.domain.people.days_away import Days, add_days, cancel_days, end_days, stretch_of
from bot.domain.people.letters import (
    FIGURES,
    MOST_A_DAY,
    MOST_TEXT,
    Letter,
    LetterForm,
    NoteReadBack,
    NoteReading,
    PrivateNote,
    SignIn,
    checked_words,
    note_replied_to,
    replying_to,
)
from bot.domain.people.news import (
    AccountGone,
    AccountMoved,
    LinkRequest,
    NewRoles,
    StandsIn,
    Unlinked,
    decode_gone,
    decode_moved,
    encode_gone,
    encode_moved,
)
from bot.domain.people.outside_slack import OutsideSlack, find_outside_slack, out_of_reach, path_of
from bot.domain.people.pages import (
    ACCESS,
    CO_CHAIR,
    MOST_ADDRESS,
    MOST_NAME,
    PAGE,
    ROLES,
    WHAT_ROLES_DO,
    ChosenRoles,
    HeldRoles,
    MemberCard,
    MemberEdit,
    MemberLine,
    MemberList,
    MemberPlan,
    NewMember,
    OwnExport,
    admins,
    plan_of,
    role_words,
    roles_of,
)
