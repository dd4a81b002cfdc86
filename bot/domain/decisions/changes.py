"""What becomes of a decision: each change as a rule that takes one and gives the next. Pure.

A change that is so already gives the same decision again. Who may make it, and who hears of it, is not here; what a
group's rule makes of the answers is in `deciding`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.decisions.deciding import CHOICES, OBJECT, OPTION, TALK, Seat
from bot.domain.decisions.pages import (
    MOST_NOTE,
    MOST_OPTIONS,
    MOST_OUTCOME,
    MOST_REASON,
    MOST_TITLE,
    MOST_WHY,
    NewDecision,
)
from bot.domain.record import Decision, DecisionAnswer, Directory, Record, in_common, lasting
from bot.domain.typed import fitted, not_there, past_day, title_mistake, too_long
from bot.domain.vocabularies import DecisionStatus
from bot.domain.wording import cut, near_day, one_line
from bot.errors import Refused, UserError

MOST_OPTION = 75  # what a choice in a form shows
# What a form sent once more may correct, as long as nobody has answered.
_CORRECTED = (
    *("title", "decider", "accountable", "priority", "needed_by", "options", "recommended", "recommendation_for"),
    *("why", "visibility"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedChange:
    """What a decision in favor changes: which kind of thing, its key, and its new values by name."""

    kind: str
    key: str
    changes: Mapping[str, object]


def propose(key: str, new: NewDecision, by: str | None) -> Decision:
    """A new decision; whoever proposes is accountable for it."""
    return Decision(
        id=key,
        accountable=by,
        recommendation_for="deciders" if new.recommended else None,
        **in_common(Decision, new),
    )


def note_down(key: str, words: str, group: str, priority: str | None, day: date, where: str) -> Decision:
    """What a meeting's notes say was decided there."""
    made = Decision(
        id=key,
        title="",
        decider=group,
        status=DecisionStatus.DECIDED,
        priority=priority,
        decided_on=day,
        note=f"at {where}",
    )
    return reword(made, words)


def reword(decision: Decision, words: str) -> Decision:
    """Other words for what was decided at a meeting."""
    return replace(decision, title=cut(words, MOST_TITLE), outcome=words)


def strike(decision: Decision) -> Decision:
    """The notes that told of it say nothing of it any more."""
    return replace(decision, status=DecisionStatus.WITHDRAWN)


def tidied(new: NewDecision) -> NewDecision:
    """Its words on one line each."""
    return replace(
        new,
        title=one_line(new.title),
        options=tuple(words for one in new.options if (words := one_line(one))),
        recommended=one_line(new.recommended or "") or None,
        why=one_line(new.why or "") or None,
    )


def first_mistake(record: Record, new: NewDecision, today: date) -> UserError | None:
    """The first thing that is wrong with a new decision; None where it can be proposed."""
    missing = "Write what is to be decided, such as “Pay for an inspector”."
    has_decider = any(one.id == new.decider for one in lasting(record.groups))
    return (
        title_mistake(new.title, MOST_TITLE, missing, "reasons can go below")
        or (None if has_decider else UserError("Choose the group that decides.", field="decider"))
        or not_there(new.priority, lasting(record.priorities), "priority", "priority")
        or past_day(new.needed_by, today, "needed_by")
        or _options_mistake(new.options)
        or too_long(new.why, MOST_WHY, "why")
        or _recommendation_mistake(new)
    )


def _options_mistake(options: tuple[str, ...]) -> UserError | None:
    if len({one.casefold() for one in options}) != len(options):
        return UserError("Two options are the same. Each needs words of its own.", field="options")
    if len(options) < 2:
        return UserError("Write at least two options, one a line.", field="options")
    if len(options) > MOST_OPTIONS:
        return UserError(f"These are {len(options)} options. {MOST_OPTIONS} fit.", field="options")
    longest = max(options, key=len)
    if len(longest) > MOST_OPTION:
        return UserError(f"“{longest[:40]}…” has {len(longest)} characters. {MOST_OPTION} fit.", field="options")
    return None


def _recommendation_mistake(new: NewDecision) -> UserError | None:
    if new.recommended is not None and new.recommended not in new.options:
        return UserError(
            "That isn't one of the options above. Write one of them exactly as it stands there.", field="recommended"
        )
    return None


def correct(decision: Decision, said: Decision) -> Decision:
    """What its form says now."""
    return replace(decision, **{name: getattr(said, name) for name in _CORRECTED})


def answer(decision: Decision, said: DecisionAnswer, seat: Seat, names: Directory, today: date) -> Decision:
    """What a voice says, in place of what it said before. It may be changed until the decision is recorded.

    Raises Refused for somebody beside the voice who would replace what one of those said who share it.
    """
    require_needed(decision, today)
    if said.choice not in CHOICES or (said.choice == OPTION and said.option not in decision.options):
        raise UserError(f"{decision.id} has other options now. Open it again to see them.")
    before = answer_of(decision, seat.voice)
    if before is None:
        return replace(decision, answers=(*decision.answers, said))
    if said.by not in seat.members and before.on_behalf_of is None:
        who, whose = names.name(before.by), names.name(before.voice)
        raise Refused(f"{who} answered for {whose}. Their own answer goes before yours.")
    if (before.choice, before.option, before.reason) == (said.choice, said.option, said.reason):
        return decision
    return replace(decision, answers=tuple(said if one is before else one for one in decision.answers))


def answer_of(decision: Decision, voice: str) -> DecisionAnswer | None:
    """What a voice has said."""
    return next((one for one in decision.answers if one.voice == voice), None)


def read_reason(choice: str, typed: str) -> str | None:
    """The sentence that goes with an answer. Raises UserError for an objection without one."""
    words = fitted(typed, MOST_REASON, "reason")
    if choice == OBJECT and not words:
        raise UserError("Add one sentence: what stands against it?", field="reason")
    return words if choice in {OBJECT, TALK} and words else None


def record_outcome(
    decision: Decision, outcome: str, note: str | None, today: date, *, counted: str | None, delegated: bool = False
) -> Decision:
    """Decided today. `counted`: what the answers come to; against that, only with where it comes from."""
    if decision.is_decided:
        return decision
    _require_open(decision, today)
    if not outcome:
        raise UserError("Choose what was decided, or write it in a few words.", field="outcome")
    if outcome != counted and note is None:
        raise UserError(
            "The answers don't come to this. Write where it was decided, such as “at the meeting of Dec 9”.",
            field="note",
        )
    return replace(
        decision, status=DecisionStatus.DECIDED, decided_on=today, outcome=outcome, note=note, delegated=delegated
    )


def is_in_favor(decision: Decision) -> bool:
    """Whether it was decided as was proposed: the first option is in favor."""
    return bool(decision.options) and decision.outcome == decision.options[0]


def defer(decision: Decision, reason: str | None, today: date) -> Decision:
    """Put off, and why."""
    return _set_aside(decision, DecisionStatus.DEFERRED, reason, today)


def take_back(decision: Decision, reason: str | None, today: date) -> Decision:
    """Taken back, and why."""
    return _set_aside(decision, DecisionStatus.WITHDRAWN, reason, today)


def _set_aside(decision: Decision, status: DecisionStatus, reason: str | None, today: date) -> Decision:
    if decision.status == status:
        return decision
    _require_open(decision, today)
    if reason is None:
        raise UserError("Add one sentence, so that the group knows why.", field="reason")
    return replace(decision, status=status, note=reason)


def reopen(decision: Decision, needed_by: date | None, today: date) -> Decision:
    """Needed again after it was put off; the answers that are there stay."""
    if decision.is_needed:
        return decision
    if decision.status != DecisionStatus.DEFERRED:
        raise UserError(_present_state(decision, today))
    _require_to_come(needed_by, today)
    return replace(decision, status=DecisionStatus.NEEDED, note=None, needed_by=needed_by)


def move(decision: Decision, needed_by: date, today: date) -> Decision:
    """Needed by another day."""
    require_needed(decision, today)
    _require_to_come(needed_by, today)
    return replace(decision, needed_by=needed_by)


def read_outcome(outcome: str, note: str) -> tuple[str, str | None]:
    """What was decided and where it comes from. Raises UserError for what is too long."""
    return fitted(outcome, MOST_OUTCOME, "outcome_words"), fitted(note, MOST_NOTE, "note") or None


def read_why(typed: str) -> str | None:
    """Why it is set aside. Raises UserError for what is too long."""
    return fitted(typed, MOST_NOTE, "reason") or None


def require_needed(decision: Decision, today: date) -> None:
    """Raises UserError for one that waits for nobody any more."""
    if not decision.is_needed:
        raise UserError(_present_state(decision, today))


def _require_open(decision: Decision, today: date) -> None:
    # What was put off can be decided all the same, and taken back.
    if not decision.is_undecided:
        raise UserError(_present_state(decision, today))


def _require_to_come(needed_by: date | None, today: date) -> None:
    if problem := past_day(needed_by, today, "needed_by"):
        raise problem


def _present_state(decision: Decision, today: date) -> str:
    """How a decision that is not needed any more ended."""
    if decision.is_decided:
        on = f" on {near_day(decision.decided_on, today)}" if decision.decided_on else ""
        return f"{decision.id} was decided{on}: {decision.outcome or 'see its card'}. Open it to see more."
    ended = {DecisionStatus.DEFERRED: "put off", DecisionStatus.WITHDRAWN: "taken back"}.get(
        decision.status, decision.status
    )
    return f"{decision.id} was {ended}{f': {decision.note}' if decision.note else ''}. Open it to see more."
