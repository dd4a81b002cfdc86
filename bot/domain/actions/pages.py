"""What people see of action items, as frozen values: a card, a list, a line read back, a form, a change. No words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.actions.items import ActionLine
from bot.domain.numbered import NumberedChange, NumberedList, NumberedQuery, NumberedReadBack
from bot.domain.outbox import Whereabouts
from bot.domain.typed import Known
from bot.domain.vocabularies import Visibility

MOST_TITLE = 150  # characters of a title and of what shows that it is done
MOST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCard(ActionLine):
    """One action item for one reader. Ids are file ids. `asked_by_name` is set while it waits for a yes."""

    priority_name: str | None  # None: the whole coalition's
    deliverable: str | None
    completed: date | None
    note: str | None
    accepted: bool
    asked_by_name: str | None
    asked_by_organization: str | None
    readers: tuple[str, ...]  # the channel and groups that read it
    may_change: bool
    may_answer: bool  # say yes or no to what another organization asked
    today: date
    link: str | None = None  # to the message that it was made from
    moves: int = 0  # how often its date has moved
    moved: str | None = None  # from when, which time and why: "From Nov 20, third time: Legal is closed"
    is_asked: bool = False  # the third move asks this reader to renew it, drop it or get help
    wants_reason: bool = False  # a new date needs a reason
    delivery: Whereabouts | None = None  # where the message is that asks for a yes; None while there is none
    kept_to: tuple[str, ...] = ()  # who sees it, where that is not whoever reads its priority


def shown_of(card: ActionCard) -> dict[str, object]:
    """What the forms of one action are about: whoever sends one may have seen something else than what is so now."""
    return {"due": card.due, "status": card.status, "reason": card.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery(NumberedQuery):
    """Which actions are listed. `kind` is mine, all (that are open), blocked, overdue, organized (overdue by
    organization), priority, member or organization; `id` says which of the last three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionList(NumberedList[ListQuery, ActionCard]):
    """One page of a list. `name` is the priority's, person's or organization's that it is about.

    `elsewhere`: how many are overdue in priorities of which the reader knows what the roll-up says.
    """

    organizations: int  # in how many organizations all of them are
    elsewhere: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownList:
    """What was asked for is not known. `nearest` is what was probably meant, `line` how that is typed."""

    said: str
    nearest: str | None = None
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack(NumberedReadBack):
    """An action as it would be added. `assumed` names what was filled in."""

    owner_name: str
    organization_name: str
    due: date
    is_asked: bool  # the owner belongs to another organization, which says yes first
    assumed: tuple[str, ...]  # owner, due
    is_complete: bool  # nothing was assumed and nothing is unclear


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """The form of a new action, filled in as far as it is known."""

    token: str
    title: str
    owner: Known | None
    due: date
    next_meeting: date | None  # of the priority's group
    priority: str | None
    priorities: tuple[Known, ...]
    readers: tuple[str, ...]
    problems: tuple[str, ...]
    today: date
    keepers: tuple[Known, ...]  # whom it may be kept to
    visibility: str
    link: str | None = None  # to the message that it is made from


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """What is to be added. `priority` None is the whole coalition."""

    title: str
    owner: str
    due: date
    priority: str | None = None
    deliverable: str | None = None
    waiting_on: str | None = None
    link: str | None = None  # to the message that it was made from
    visibility: str = Visibility.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChange(NumberedChange[ActionCard]):
    """What became of an action. `what` is added, done, started, moved, blocked, cancelled, accepted, declined,
    offered, undone or kept (it had changed meanwhile, `since` then).

    `undo` identifies the change, for taking it back; None where that is not offered.
    """

    undo: int | None = None
    since: datetime | None = None
    zone: str = "UTC"
    asker_name: str | None = None  # who asked for what was answered here
