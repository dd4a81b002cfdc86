"""By which path something reaches a person: Slack, or mail in its place; and where none does, why, and what mends it.
Pure.

A note in a channel is no path: Slack shows it only to somebody who is looking, and tells nobody whether it was seen. So
mail comes before it, and what a note speaks of still waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.outbox.whereabouts import BY_EMAIL_ONLY, DEACTIVATED, NO_ADDRESS, NOT_LINKED, Trouble
from bot.domain.vocabularies import Access

# After so long Slack is asked again whether it takes direct messages to somebody.
ASKED_AGAIN_AFTER: Final = timedelta(minutes=5)
# For so long nobody is left a second note.
NOTES_APART: Final = timedelta(hours=20)
# Why Slack takes no direct message to somebody, by its own code.
RESTRICTED: Final = "restricted_action"
DISABLED: Final = "user_disabled"
NO_DIRECT_MESSAGES: Final[Mapping[str, Trouble]] = {
    RESTRICTED: Trouble("the workspace lets me send them no direct message", "ask a workspace admin to allow it"),
    "user_not_visible": Trouble("they share no channel with me", "invite both of us to one"),
    "invalid_user_combination": Trouble("they share no channel with me", "invite both of us to one"),
    "user_not_found": Trouble("Slack doesn't know their account any more", "pick another one"),
    "channel_not_found": Trouble("Slack takes no direct message to them", "pick another account"),
    "cannot_dm_bot": Trouble("the account is an app's", "pick another one"),
    DISABLED: DEACTIVATED,
}
BY_MAIL: Final = "let them take part by e-mail: /coalition members"
ADDRESS: Final = "or add their address with /coalition members, and I write by e-mail"


class Path(StrEnum):
    SLACK = "slack"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAccount:
    """What is known of a member's Slack account. `refusal` is Slack's code for why it took no direct message at
    `refused_at`, until it takes one; `noted_at` is when a note was left for them in a channel."""

    deactivated: bool = False
    refusal: str | None = None
    refused_at: datetime | None = None
    noted_at: datetime | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it is deactivated, as far as one knows."""
        return self.deactivated or self.refusal == DISABLED

    def may_be_tried_at(self, now: datetime) -> bool:
        """Whether it is time to ask Slack again whether it takes a direct message."""
        return self.refused_at is not None and self.refused_at + ASKED_AGAIN_AFTER <= now

    def takes_a_note_at(self, now: datetime) -> bool:
        """Whether a note in a channel may tell them that something waits: about one a day."""
        may_come = self.noted_at is None or self.noted_at + NOTES_APART <= now
        return self.refusal is not None and not self.is_gone and may_come


def path_to(access: str, address: str | None, account: HeldAccount | None, *, has_mail: bool) -> Path | Trouble:
    """How somebody with this access, address and account is reached; `has_mail`: this program sends mail.

    Somebody whom Slack doesn't reach reads by mail until it does. Only of a full member whose account is gone nobody
    knows whether they still belong to it all: an employer closes it when they leave, while guests and connected people
    lose theirs with the workspace's plan. So a coordinator says so first.
    """
    if access == Access.EMAIL_ONLY:
        if not has_mail:
            return BY_EMAIL_ONLY
        return Path.MAIL if address else NO_ADDRESS
    trouble = trouble_in_slack(account)
    if trouble is None:
        return Path.SLACK
    if not has_mail:
        return trouble
    if not address:
        return Trouble(trouble.why, f"{trouble.mend}, {ADDRESS}" if trouble.mend else ADDRESS.removeprefix("or "))
    if account is not None and account.is_gone and access == Access.MEMBER:
        return Trouble(trouble.why, f"{trouble.mend}, or {BY_MAIL}")
    return Path.MAIL


def is_about_place(trouble: Trouble) -> bool:
    """Whether the account is right, and a setting or a shared channel is what is missing."""
    places = (RESTRICTED, "user_not_visible", "invalid_user_combination")
    return trouble.why in {NO_DIRECT_MESSAGES[code].why for code in places}


def trouble_in_slack(account: HeldAccount | None) -> Trouble | None:
    """Why Slack brings nothing to whoever has this account; None where nothing hinders it."""
    if account is None:
        return NOT_LINKED
    if account.is_gone:
        return DEACTIVATED
    if account.refusal is not None:
        return NO_DIRECT_MESSAGES.get(account.refusal, NO_DIRECT_MESSAGES["channel_not_found"])
    return None
