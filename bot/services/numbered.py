"""What reading actions, issues and decisions shares: one by its id or title, who may read it, and lists by page.

Steps for their services. Who may do what with them, what a card says and what is listed is each noun's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from bot.domain.decisions import match_group
from bot.domain.known import in_coalition_time
from bot.domain.numbered import NumberedList, NumberedQuery
from bot.domain.record import ActionItem, Decision, Directory, Issue, Record
from bot.domain.rights import (
    can_help,
    choices_of,
    is_restricted,
    may_read_priority,
    readers_of_items,
    seen_by,
    sees,
    sight_words,
)
from bot.domain.typed import (
    Known,
    Titled,
    asks_for_every,
    asks_for_own,
    find_titled,
    known_priorities,
    likeliest,
    match_known,
    state_asked,
)
from bot.domain.vocabularies import Visibility, words
from bot.domain.wording import one_line, with_article
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, UseCase, locked_row


class Thing(Protocol):
    """An action, an issue or a decision in the record."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def priority(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def visibility(self) -> str: ...


ThingT = TypeVar("ThingT", bound=Thing)
RowT = TypeVar("RowT")
QueryT = TypeVar("QueryT", bound=NumberedQuery)
ListT = TypeVar("ListT", bound=NumberedList[Any, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun(Generic[ThingT]):
    """What is said of one noun wherever its things are looked up."""

    name: str
    read_id: Callable[[str], str | None]
    things: Callable[[Record], Sequence[ThingT]]
    is_open: Callable[[ThingT], bool]
    see_all: str  # how somebody who named none that is known gets to them
    read_by: str  # "Issues of {about} are read by …"
    own: str  # what somebody sees who doesn't see all
    find: Callable[[Record, str], ThingT | None] | None = None  # by its id, where there is a quicker way

    def no_such(self, key: str) -> str:
        return f"I don't know the {self.name} {key}. {self.see_all}"

    def known(self, record: Record, key: str) -> ThingT:
        """The one of an id. Raises UserError where there is none."""
        if self.find is not None:
            found = self.find(record, key)
        else:
            found = next((one for one in self.things(record) if one.id.casefold() == key.casefold()), None)
        if found is None:
            raise UserError(self.no_such(key))
        return found

    async def locked(self, tx: ByActor, table: type[RowT], key: str) -> RowT:
        """Its row, held until the end of the transaction. Raises UserError for one that is not known here."""
        return await locked_row(tx, table, key, self.no_such(key))


def keepers(tx: UseCase, now: str = Visibility.EVERYBODY) -> tuple[Known, ...]:
    """Whom this person may keep one to, in the words of a form; among them whom it is kept to `now`."""
    actor = tx.actor
    own = {group.id for group in choices_of(tx.record, actor.standing, actor.key)}
    # Saving the form as it opened must not show to all what is a group's: its option is among the first, which always
    # fit, and is there even where the group has ended.
    groups = sorted((one for one in tx.record.groups if one.id in own or one.id == now), key=lambda one: one.id != now)
    usual = (
        Known(Visibility.EVERYBODY, "As usual: whoever reads the priority"),
        Known(Visibility.COORDINATORS, "Only the coordinators"),
    )
    found = [Known(group.id, f"Only {with_article(one_line(group.name))}") for group in groups]
    if all(one.id != now for one in (*usual, *found)):
        found.insert(0, Known(now, "As it is: only a group that has ended"))
    return (*usual, *found)


def require_keeper(tx: UseCase, item: ActionItem | Issue | Decision) -> None:
    """Raises UserError where an item is kept to nobody that is there, or to others than this person."""
    groups = {group.id for group in tx.record.groups}
    if item.visibility not in groups and item.visibility not in words(Visibility):
        raise UserError("I can't find this group anymore. Choose another one.", field="visibility")
    if not sees(tx.record, item, tx.actor.standing, tx.actor.key):
        raise UserError(
            "You wouldn't see it yourself then. Choose a group that you are in, or leave it as usual.",
            field="visibility",
        )


class NumberedView(Generic[ThingT]):
    """One record's actions, issues or decisions as one person may see them; without an actor, as a channel does, and
    the record is what may be told there."""

    NOUN: ClassVar[Noun[Any]]

    def __init__(self, actor: Actor | None, record: Record, now: datetime) -> None:
        self.unrestricted = record
        self.record = record if actor is None else seen_by(record, actor.standing, actor.key)
        self.directory = Directory.of(record)
        self.today = in_coalition_time(record, now).date()
        self._actor = actor

    def may_read(self, thing: ThingT) -> bool:
        """Whether this person may read one of the record's: of those that only some may see it holds no others."""
        return is_restricted(thing) or self.reads_otherwise(thing)

    def reads_otherwise(self, thing: ThingT) -> bool:
        """The noun's own rule, for what whoever reads the priority's items may see."""
        raise NotImplementedError

    def may_see_title(self, _thing: ThingT) -> bool:
        """Whether somebody who may read it is shown its title too."""
        return True

    def kept_to(self, thing: ThingT) -> tuple[str, ...]:
        """Who sees one, in words, where that is not whoever reads its priority."""
        return readers_of_items(self.record, None, thing.visibility) if is_restricted(thing) else ()

    def card(self, thing: ThingT) -> Any:
        raise NotImplementedError

    def named(self, typed: str) -> str:
        """The id of the one that somebody means, by its id or by words of its title, among those they may read.

        Raises UserError where none fits, or more than one.
        """
        key = self.NOUN.read_id(typed)
        if key is not None:
            return key
        readable = (
            Titled(one.id, one.title, self.NOUN.is_open(one))
            for one in self.NOUN.things(self.record)
            if self.may_read(one) and self.may_see_title(one)
        )
        return find_titled(typed, readable, self.NOUN.name, self.NOUN.see_all)

    def one(self, typed: str) -> ThingT:
        """The one that somebody means. Raises as `named` does, and Refused for one that is not theirs to see."""
        thing: ThingT = self.NOUN.known(self.record, self.named(typed))
        self.require_read(thing)
        return thing

    def require_read(self, thing: ThingT) -> None:
        """Raises Refused for somebody who may not see this one."""
        if not self.may_read(thing):
            raise self.unread(thing.priority)

    def require_list(self, priority: str) -> None:
        """Raises Refused for somebody who may not read a priority's, whether there are any or not."""
        if self._actor is not None and not may_read_priority(self._actor.standing, priority):
            raise self.unread(priority)

    def unread(self, priority: str | None) -> Refused:
        """Who reads those of a priority, and who can help."""
        about = self.directory.priority_name(priority) or "the whole coalition"
        return Refused(f"{self.NOUN.read_by.format(about=about)} {self._can_help()}")

    def page(self, made: Callable[..., ListT], query: NumberedQuery, found: Sequence[ThingT], **own: Any) -> ListT:
        """One page of what was found, in that order; `own` is what only this noun's lists say."""
        query, start, shown = query.cut(found)
        return made(
            query=query,
            name=self.directory.name(query.id) if query.id and query.kind != "status" else None,
            cards=tuple(map(self.card, shown)),
            start=start,
            total=len(found),
            today=self.today,
            sight=self.sight() if query.kind != "mine" else None,
            **own,
        )

    def sight(self) -> str | None:
        """What of them this person sees, where that is not all."""
        return sight_words(self.record, self._actor.standing, self.NOUN.own) if self._actor is not None else None

    def _can_help(self, *first: str) -> str:
        return can_help(self.record, *first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists(Generic[QueryT]):
    """The lists of one noun by what somebody types: every one, one's own, of a state, a priority or a group."""

    noun: str
    query: type[QueryT]
    every: str  # the kind that lists every one
    statuses: tuple[str, ...]

    def find(self, record: Record, wanted: str | QueryT, page: Callable[[QueryT], ListT]) -> ListT | str:
        """A page of what was typed or of a query; what was probably meant, or "", where it is no list."""
        query = wanted if isinstance(wanted, self.query) else self.read(record, str(wanted))
        if isinstance(query, str):
            return query
        found = page(query)
        if found.total or query.kind != "mine":
            return found
        # Nothing of one's own is no reason to show nothing.
        return replace(page(self.query(kind=self.every)), has_none_of_own=True)

    def read(self, record: Record, typed: str) -> QueryT | str:
        """The list that was asked for; what was probably meant, or "", where it is not known."""
        words = one_line(typed).strip("“”\"'").casefold()
        if not words or asks_for_every(words, self.noun):
            return self.query(kind=self.every)
        if asks_for_own(words, self.noun):
            return self.query()
        state = state_asked(words, self.noun, self.statuses)
        if state is not None:
            return self.query(kind="status", id=state)
        priorities, groups = known_priorities(record), tuple(Known(group.id, group.name) for group in record.groups)
        for kind, meant in (("priority", match_known(words, priorities)), ("group", match_group(words, groups, {}))):
            if len(meant) == 1:
                return self.query(kind=kind, id=meant[0].id)
        known = {word: word for word in self.statuses}
        for one in (*priorities, *groups):
            known |= {one.name.casefold(): one.name, one.name.casefold().split()[0]: one.name, one.id: one.name}
        return likeliest(words, known) or ""
