"""Who asks for something: every service method takes an Actor and asks the rights table about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import admins
from bot.domain.record import Record
from bot.domain.rights import CLOCK, METHODS, OPERATOR, Right, Standing, coordinators, done_by, standing_of
from bot.errors import Refused
from bot.store.audit import Author


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program) acting in one coalition. Ids are surrogate keys; `key` is the member's file id."""

    coalition_id: int
    standing: Standing
    path: str  # command_line | slack | link | schedule | series
    member_id: int | None = None
    key: str | None = None
    on_behalf_of_id: int | None = None

    def author(self, at: datetime) -> Author:
        """Under whose name a transaction at this calendar moment is recorded."""
        return Author(
            at=at,
            path=self.path,
            member_id=self.member_id,
            on_behalf_of_id=self.on_behalf_of_id,
            coalition_id=self.coalition_id,
        )

    def require(self, method: str, *, scope: str | None = None, record: Record | None = None) -> None:
        """Raises Refused unless the rights table lets this actor call `method` for `scope`."""
        right = METHODS[method]
        if self.standing.may(right, scope):
            return
        raise refusal(right, record)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a message goes to: their id in files, and the actor that they are when they press something in it."""

    key: str
    actor: Actor


def addressee(coalition_id: int, record: Record, key: str, member_id: int) -> Addressee:
    """A member as the receiver of a message."""
    own = next(one for one in record.members if one.id == key)
    return Addressee(key, person(coalition_id, standing_of(record, own), key, member_id))


def refusal(right: Right, record: Record | None = None) -> Refused:
    """What somebody without this right reads. Without a record it doesn't say who can help."""
    configures = right is Right.CONFIGURE
    someone = "An admin" if configures else "A coordinator"
    helper = helper_in(record, configures=configures) if record is not None else None
    return Refused(f"{done_by(right)} {helper or someone} can help.", helper=someone if helper is None else None)


def operator(coalition_id: int) -> Actor:
    """Somebody at the command line of the machine that runs the program."""
    return Actor(coalition_id=coalition_id, standing=OPERATOR, path="command_line")


def clock(coalition_id: int) -> Actor:
    """The program itself, doing what is due."""
    return Actor(coalition_id=coalition_id, standing=CLOCK, path="schedule")


def person(coalition_id: int, standing: Standing, key: str, member_id: int) -> Actor:
    """A member acting in Slack."""
    return Actor(coalition_id=coalition_id, standing=standing, path="slack", member_id=member_id, key=key)


def helper_in(record: Record, *, configures: bool) -> str | None:
    """Who is named where somebody may not: the first coordinator, or the first who may configure the coalition."""
    if not configures:
        return next((member.name for member in coordinators(record)), None)
    known = admins(record)
    return next((member.name for member in record.members if member.id in known), None)
