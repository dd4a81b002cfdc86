"""A check-in that somebody adds or changes: its simple choices, the rule they make, and what is wrong with them.

Pure. What a check-in does to people before it is saved is in `checkin_previews`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.cadence import RuleError, check_rule, is_slot
from bot.domain.edited_forms import mark_of
from bot.domain.record import Cadence, QuestionSet, Record
from bot.domain.vocabularies import Audience, CadenceKind, TimeBasis
from bot.domain.wording import one_line

MOST_NAME = 80
KEEP = "keep"  # a rhythm that the simple choices can't say stays as it is
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
OFTEN = ("weekly", "biweekly", *(f"monthly{place}" for place in PLACES))
LONGEST_WINDOW = 24 * 28
_BYDAY = re.compile(r"(?P<place>-?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDraft:
    """What the form says. `id` is the check-in that is changed; None adds one. `often` is one of OFTEN, or KEEP.

    `seen` is a mark of the check-in as it was when the form was opened; "" where nothing is compared.
    """

    id: str | None
    name: str
    question_set: str
    often: str
    weekday: str
    at: time
    starts_on: date
    basis: str  # member_local | coalition
    closes_after_hours: int
    reminder_after_hours: int
    delegate_after_hours: int
    feeds: str | None
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInForm:
    """The form with its choices; pairs are of an id and what is shown for it."""

    draft: CheckInDraft
    question_sets: tuple[tuple[str, str], ...]
    digests: tuple[tuple[str, str], ...]
    kept_rhythm: str | None  # in words, where the simple choices can't say it
    zone_name: str
    earliest: date
    token: str = ""
    started: bool = False


def askable_sets(record: Record) -> tuple[QuestionSet, ...]:
    """Question sets that a priority's owner can answer about the priority."""
    return tuple(
        questions
        for questions in record.question_sets
        if questions.per_item is None
        and not questions.anonymous
        and all(question.type != "action_list" and question.source != "members" for question in questions.questions)
    )


def draft_of(cadence: Cadence) -> CheckInDraft:
    """A check-in as the form's choices say it."""
    often, weekday = _often(cadence)
    return CheckInDraft(
        id=cadence.id,
        name=cadence.name,
        question_set=cadence.question_set or "",
        often=often,
        weekday=weekday,
        at=cadence.dtstart.time(),
        starts_on=cadence.dtstart.date(),
        basis=cadence.time_basis,
        closes_after_hours=cadence.closes_after_hours,
        reminder_after_hours=cadence.reminder_after_hours,
        delegate_after_hours=cadence.delegate_after_hours,
        feeds=cadence.feeds,
        seen=mark_of(
            cadence.name,
            cadence.question_set,
            cadence.rrule,
            cadence.dtstart,
            cadence.time_basis,
            cadence.closes_after_hours,
            cadence.reminder_after_hours,
            cadence.delegate_after_hours,
            cadence.feeds,
        ),
    )


def mistakes(draft: CheckInDraft, record: Record, earliest: date) -> dict[str, str]:
    """What has to be mended before it can be saved: field → sentence."""
    found: dict[str, str] = {}
    if not draft.name:
        found["name"] = "Give it a name, such as Weekly priority check-in."
    elif len(draft.name) > MOST_NAME:
        found["name"] = f"Shorten this to {MOST_NAME} characters; it has {len(draft.name)}."
    elif any(one.name.casefold() == draft.name.casefold() and one.id != draft.id for one in record.cadences):
        found["name"] = "There is something else of this name. Choose another one."
    if draft.question_set not in {one.id for one in askable_sets(record)}:
        found["question_set"] = "Choose what is asked."
    if not 1 <= draft.closes_after_hours <= LONGEST_WINDOW:
        found["closes"] = f"Give 1 to {LONGEST_WINDOW} hours."
    if not 1 <= draft.reminder_after_hours <= draft.closes_after_hours:
        found["reminder"] = "The reminder goes out before the close. Give fewer hours."
    if not 1 <= draft.delegate_after_hours <= draft.closes_after_hours:
        found["stand_in"] = "The stand-in is asked before the close. Give fewer hours."
    if draft.feeds is not None and all(
        one.id != draft.feeds or one.kind != CadenceKind.DIGEST for one in record.cadences
    ):
        found["feeds"] = "This digest is not known any more. Choose another one."
    if draft.often != KEEP and draft.starts_on < earliest:
        found["starts_on"] = "That day has passed or has a round of its own. Choose a later one."
    return found


def cadence_of(draft: CheckInDraft, record: Record, before: Cadence | None, key: str) -> Cadence:
    """The check-in that the choices make. Raises RuleError where they make none.

    A rhythm that stays the same keeps its skips and moves; a new one keeps those that still hit one of its dates.
    """
    base = before or Cadence(
        id=key,
        kind=CadenceKind.CHECKIN.value,
        name=draft.name,
        timezone=record.coalition.timezone,
        dtstart=datetime.combine(draft.starts_on, draft.at),
        rrule="FREQ=WEEKLY",
        audience=Audience.PRIORITY_OWNERS.value,
    )
    cadence = replace(
        base,
        name=one_line(draft.name),
        question_set=draft.question_set,
        time_basis=TimeBasis(draft.basis).value,
        closes_after_hours=draft.closes_after_hours,
        reminder_after_hours=draft.reminder_after_hours,
        delegate_after_hours=draft.delegate_after_hours,
        feeds=draft.feeds,
    )
    if draft.often == KEEP or (before is not None and _is_same_rhythm(before, draft)):
        return cadence
    cadence = replace(cadence, rrule=_rule(draft), dtstart=_first(draft))
    check_rule(cadence.rrule, cadence.dtstart, cadence.timezone)
    return replace(
        cadence,
        exdates=tuple(slot for slot in cadence.exdates if is_slot(cadence, slot)),
        moves=tuple(move for move in cadence.moves if is_slot(cadence, move.original)),
    )


def new_key(name: str, record: Record) -> str:
    """An id for a new check-in, made of its name, that nothing else has."""
    taken = {cadence.id for cadence in record.cadences}
    stem = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].strip("-") or "check-in"
    return next(key for key in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)


def packed(draft: CheckInDraft) -> dict[str, str | int | None]:
    """A draft as plain data, to be kept until somebody saves it."""
    return {
        "id": draft.id,
        "name": draft.name,
        "question_set": draft.question_set,
        "often": draft.often,
        "weekday": draft.weekday,
        "at": draft.at.isoformat(timespec="minutes"),
        "starts_on": draft.starts_on.isoformat(),
        "basis": draft.basis,
        "closes_after_hours": draft.closes_after_hours,
        "reminder_after_hours": draft.reminder_after_hours,
        "delegate_after_hours": draft.delegate_after_hours,
        "feeds": draft.feeds,
        "seen": draft.seen,
    }


def unpacked(data: Mapping[str, str | int | None]) -> CheckInDraft:
    """The inverse of `packed`."""
    return CheckInDraft(
        id=str(data["id"]) if data["id"] is not None else None,
        name=str(data["name"]),
        question_set=str(data["question_set"]),
        often=str(data["often"]),
        weekday=str(data["weekday"]),
        at=time.fromisoformat(str(data["at"])),
        starts_on=date.fromisoformat(str(data["starts_on"])),
        basis=str(data["basis"]),
        closes_after_hours=int(data["closes_after_hours"] or 0),
        reminder_after_hours=int(data["reminder_after_hours"] or 0),
        delegate_after_hours=int(data["delegate_after_hours"] or 0),
        feeds=str(data["feeds"]) if data["feeds"] is not None else None,
        seen=str(data.get("seen") or ""),
    )


def _often(cadence: Cadence) -> tuple[str, str]:
    """The simple choice that says this rule, and its weekday; KEEP where none does."""
    usual = DAYS[cadence.dtstart.weekday()]
    try:
        parts = dict(part.split("=", 1) for part in cadence.rrule.upper().split(";"))
    except ValueError:
        return KEEP, usual
    frequency, interval = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
    parts.pop("WKST", None)
    found = _BYDAY.fullmatch(parts.pop("BYDAY", usual if frequency == "WEEKLY" else ""))
    if parts or found is None:
        return KEEP, usual
    if frequency == "WEEKLY" and found["place"] is None and interval in {"1", "2"}:
        return ("weekly" if interval == "1" else "biweekly"), found["day"]
    if frequency == "MONTHLY" and interval == "1" and found["place"] in PLACES:
        return f"monthly{found['place']}", found["day"]
    return KEEP, usual


def _is_same_rhythm(before: Cadence, draft: CheckInDraft) -> bool:
    now = draft_of(before)
    same_days = (now.often, now.weekday, now.at) == (draft.often, draft.weekday, draft.at)
    # Every two weeks from another week on is another rhythm.
    return same_days and (draft.often != "biweekly" or is_slot(before, _first(draft)))


def _rule(draft: CheckInDraft) -> str:
    if draft.often not in OFTEN or draft.weekday not in DAYS:
        raise RuleError("Choose how often, and on which day.")
    if draft.often == "weekly":
        return f"FREQ=WEEKLY;BYDAY={draft.weekday}"
    if draft.often == "biweekly":
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={draft.weekday}"
    return f"FREQ=MONTHLY;BYDAY={draft.often.removeprefix('monthly')}{draft.weekday}"


def _first(draft: CheckInDraft) -> datetime:
    """The first date from the chosen day on that the rule hits."""
    day = draft.starts_on
    for _ in range(62):
        if day.weekday() == DAYS.index(draft.weekday) and _is_in_place(day, draft.often):
            break
        day += timedelta(days=1)
    return datetime.combine(day, draft.at)


def _is_in_place(day: date, often: str) -> bool:
    if not often.startswith("monthly"):
        return True
    place = int(often.removeprefix("monthly"))
    if place < 0:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == place
