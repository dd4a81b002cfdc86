"""Priorities as people meet them: mine, all that somebody may read, a card, and its history. Editing is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain import issues
from bot.domain.checkins import ReadsAnswers, is_stocktake, latest_said, stocktakes_of
from bot.domain.digests import Digest, PriorityPart, as_seen, compose, compose_seen, sight_of
from bot.domain.endings import end_of
from bot.domain.histories import AnswerLines, Describe, ItemHistory, Names, RowChange, entries_of, field_lines, page_of
from bot.domain.outbox import Item, Whereabouts
from bot.domain.people import zone_of_member
from bot.domain.priorities import PriorityCard, PriorityList, find_priority
from bot.domain.record import Directory, Noun, Priority, Record
from bot.domain.rights import METHODS, Part, Right, coordinators, may_read_answers, may_read_priority, may_read_summary
from bot.domain.typed import Known, known_priorities
from bot.domain.vocabularies import AskState
from bot.domain.wording import day, one_line
from bot.errors import Refused
from bot.services.access import Actor, Service, Transaction
from bot.services.actions import may_create, member_of
from bot.services.checkins import notes_for, reads_notes
from bot.services.metrics import reason_lines
from bot.services.outbox import where_items_are
from bot.services.trail import read_changes, read_names
from bot.store.base import keys_of
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow

# What became of an ask, and how it was answered, as its history says it.
ASKED: Mapping[str, str] = {
    AskState.WAITING: "made",
    AskState.HELD: "held back, to talk first",
    AskState.SENT: "sent",
    AskState.ANSWERED: "answered",
    AskState.CAME_THROUGH: "came through",
    AskState.FELL_THROUGH: "did not come through",
    AskState.WITHDRAWN: "taken back",
}
ANSWERED = {"can_help": "can help", "not_us": "not them", "talk": "let's talk"}


class Priorities(Service):
    """Use cases around reading priorities."""

    async def mine(self, actor: Actor, *, everything: bool = False) -> PriorityList:
        """This person's priorities, as owner, steward or in its group; `everything`: all that they may read."""
        record = await self.read_record(actor, "priorities.mine")
        digest = compose(record, self.calendar.now())
        readable = [part for part in digest.priorities if may_read_summary(actor.standing, part.id)]
        own = {
            key for key, parts in actor.standing.scoped.items() if parts & {Part.OWNER, Part.CONTRIBUTOR, Part.MEMBER}
        }
        shown = readable if everything else [part for part in readable if part.id in own]
        return PriorityList(
            digest=digest,
            parts=tuple(shown),
            readable=len(readable),
            is_everything=everything,
            may_add=actor.standing.may(Right.EDIT_PRIORITY),
        )

    async def card(self, actor: Actor, typed: str, *, whole: bool = False) -> PriorityCard:
        """A priority by id, name or beginning; of another one a co-chair reads what the roll-up says of it.

        Raises UnknownPriority, Refused for somebody who may not read even that.
        """
        async with self.reading(actor) as tx:
            priority = named_priority(tx.record, typed, whole=whole)
            if not may_read_summary(actor.standing, priority.id):
                require_priority_reader(actor, tx.record, priority)
            card = card_of(actor, tx.record, priority, tx.now)
            if not reads_notes(actor.standing):
                return card
            about = PriorityRow.key == priority.id
            return replace(card, notes=await notes_for(tx, actor.key, about))

    async def history(self, actor: Actor, typed: str, page: int = 0, *, whole: bool = False) -> ItemHistory:
        """What happened to a priority, its outcomes and its standing, for whoever may see it."""
        async with self.reading(actor) as tx:
            priority = named_priority(tx.record, typed, whole=whole)
            require_priority_reader(actor, tx.record, priority)
            below = {"outcomes": "priority_id", "responses": "priority_id"}
            deeper = {"asks": ("response_id", "responses")}
            changes = await read_changes(tx, PriorityRow, priority.id, below, deeper)
            names = await read_names(tx)
            keys = await keys_of(tx.session, CadenceRow, actor.coalition_id)
            late = await _late_asks(tx, changes)
        sees_amounts = actor.standing.may(Right.SEE_AMOUNTS, priority.id)
        today = tx.today
        answered = AnswerLines(tx.record, keys, today, priority.id, _reads_answers(actor, priority))
        describe = priority_lines(names, today, amounts=sees_amounts, answered=answered, late=late)
        zone = zone_of_member(tx.record, actor.key)
        return page_of(priority.id, priority.name, entries_of(changes, names, describe), page, zone=zone, now=tx.now)


def card_of(actor: Actor, record: Record, priority: Priority, now: datetime) -> PriorityCard:
    """A priority as this person may see it."""
    directory = Directory.of(record)
    reads_all = may_read_priority(actor.standing, priority.id)
    digest = as_seen(compose_seen(record, now), sight_of(record, actor.standing, member_of(record, actor.key)))
    return PriorityCard(
        digest=digest,
        part=part_of(digest, priority.id),
        issues=tuple(
            issues.describe(one, directory) for one in record.issues if one.priority == priority.id and one.is_open
        ),
        group_name=directory.name(priority.working_group) if priority.working_group else None,
        amounts=actor.standing.may(Right.SEE_AMOUNTS, priority.id),
        is_summary=not reads_all,
        may_edit=actor.standing.may(Right.PROPOSE_EDIT, priority.id),
        may_add_action=may_create(actor.standing),
        answers=latest_said(record, priority.id, digest.today, _reads_answers(actor, priority), without=is_stocktake),
        stocktakes=stocktakes_of(record, priority, digest.today, _reads_answers(actor, priority)),
        lens=priority.lens,
        is_public=priority.public,
        canvas=priority.canvas,
        public_outcomes=frozenset(one.id for one in priority.outcomes if one.public),
        end=end_of(actor.standing, record, Noun.PRIORITY, priority),
        outcomes_end={one.id: one.ended for one in priority.outcomes if one.ended is not None},
    )


def _reads_answers(actor: Actor, priority: Priority) -> ReadsAnswers:
    return lambda readers: may_read_answers(actor.standing, readers, priority.id)


def part_of(digest: Digest, priority: str) -> PriorityPart:
    return next(part for part in digest.priorities if part.id == priority)


def named_priority(record: Record, typed: str, *, whole: bool = False) -> Priority:
    """The priority that is meant. Raises UnknownPriority."""
    found: Known = find_priority(typed, known_priorities(record), whole=whole)
    return next(one for one in record.priorities if one.id == found.id)


def require_priority_reader(actor: Actor, record: Record, priority: Priority) -> None:
    """Raises Refused, with who can help, for somebody who may not read this priority."""
    if not may_read_priority(actor.standing, priority.id):
        raise Refused(
            f"{one_line(priority.name)} is read by its working group, steering and the coordinators. "
            f"{helpers_of(record, priority)} can help."
        )


def helpers_of(record: Record, priority: Priority | None) -> str:
    """The owner and the first coordinator, by name."""
    names = {one.id: one.name for one in record.members}
    owner = names.get(priority.owner) if priority is not None else None
    coordinator = next((one.name for one in coordinators(record)), None)
    return " or ".join(dict.fromkeys(name for name in (owner, coordinator) if name)) or "A coordinator"


def may_change(actor: Actor, priority: Priority | None) -> bool:
    """Whether this person's change counts at once."""
    return actor.standing.may(Right.EDIT_PRIORITY, priority.id if priority is not None else None)


def require_editor(actor: Actor, record: Record, priority: Priority | None, method: str) -> None:
    """Raises Refused for somebody who may neither change a priority nor propose it; None: a new one."""
    if not actor.standing.may(METHODS[method], priority.id if priority is not None else None):
        who = (
            "changed by coordinators and proposed by their owners" if priority is not None else "added by coordinators"
        )
        raise Refused(f"Priorities are {who}. {helpers_of(record, priority)} can help.")


async def _late_asks(tx: Transaction, changes: Sequence[RowChange]) -> Mapping[int, Whereabouts]:
    """Where the message of each ask is that was let out and has not arrived, by the ask's row."""
    asked = sorted(
        {str(one.row_id) for one in changes if one.table == "asks" and one.new.get("state") == AskState.SENT}
    )
    wheres = await where_items_are(tx, Item.HELP_WANTED, asked)
    return {int(about): one for (about, _member), one in wheres.items() if not one.goes_at_once}


def priority_lines(
    names: Names, today: date, *, amounts: bool, answered: Describe, late: Mapping[int, Whereabouts]
) -> Describe:
    """Describes changes of a priority, of its outcomes and, by `answered`, of the answers about it, in their order.

    `late` are the asks that were let out and have not arrived.
    """
    outcomes: dict[int, str] = {}
    money = () if amounts else ("need_amount", "need_basis")

    def outcome(change: RowChange) -> list[str]:
        if change.operation == "insert":
            outcomes[change.row_id] = one_line(str(change.new.get("name", "")))
            return [f"Outcome added: {outcomes[change.row_id]}, due {day(change.new['due'], today)}"]
        name = outcomes.get(change.row_id, "")
        if "name" in change.new:
            outcomes[change.row_id] = one_line(str(change.new["name"]))
        lines = [f"{name}, {line[:1].lower()}{line[1:]}" for line in field_lines(change, names, today)]
        evidence = _kept(change.new).get("evidence")
        if evidence and evidence != _kept(change.old).get("evidence"):
            lines.append(f"Shown by: “{one_line(str(evidence))}”")
        return [*lines, *reason_lines(change)]

    asked: dict[int, str] = {}

    def ask(change: RowChange) -> list[str]:
        if change.new.get("text"):
            asked[change.row_id] = one_line(str(change.new["text"]))
        state = str(change.new.get("state") or "")
        answer = ANSWERED.get(str(change.new.get("answer") or ""), "")
        said = f"Ask {ASKED[state]}{f', {answer}' if answer else ''}" if state in ASKED else ""
        if state == AskState.SENT and change.row_id in late:
            where = late[change.row_id]
            why = f", {where.trouble.why}" if where.trouble is not None else ""
            said = f"Ask let out, not yet with {one_line(where.to)}{why}"
        return [f"{said}: “{asked.get(change.row_id, '')}”"] if said else []

    def describe(change: RowChange) -> list[str]:
        if change.table == "asks":
            return ask(change)
        if change.table == "outcomes":
            return outcome(change)
        if change.table == "responses":
            return list(answered(change))
        if change.operation == "insert":
            return ["Set up"]
        return [*field_lines(change, names, today, without=money), *reason_lines(change)]

    return describe


def _kept(row: Mapping[str, object]) -> Mapping[str, object]:
    extra = row.get("extra")
    return extra if isinstance(extra, Mapping) else {}
