"""A check-in that somebody adds or changes: its simple choices, the rule they make, and what is wrong with them.

Pure. What a check-in does to people before it is saved is in `previews`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.checkins.following import stocktake_meeting
from bot.domain.checkins.stocktakes import is_stocktake
from bot.domain.people import (
    OF_PEOPLE,
    Subject,
    asks_for_standing,
    is_of_meeting,
    priority_of_group,
    subject_between,
    subject_of,
)
from bot.domain.record import Cadence, QuestionSet, Record, in_common
from bot.domain.rhythm import QUESTION_SETS, REFRESH, STOCKTAKE, RuleError, check_rule, is_slot
from bot.domain.typed import Known, mark_of
from bot.domain.vocabularies import READ_IN_DIGEST, AnswerReaders, Audience, CadenceKind, SummaryPlace, TimeBasis
from bot.domain.wording import one_line

MOST_NAME = 80
PICKED = "picked"  # members who are picked one by one, instead of an audience
KEEP = "keep"  # a rhythm that the simple choices can't say stays as it is
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PLACES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
OFTEN = ("weekly", "biweekly", *(f"monthly{place}" for place in PLACES), *(f"quarterly{place}" for place in PLACES))
LONGEST_WINDOW = 24 * 28
_PER_ITEM = {"metric": Subject.METRIC, "action": Subject.ACTION}
_AUDIENCES = {
    Subject.PRIORITY: Audience.PRIORITY_OWNERS,
    Subject.METRIC: Audience.METRIC_STEWARDS,
    Subject.ACTION: Audience.ACTION_OWNERS,
}
_BYDAY = re.compile(r"(?P<place>-?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinDraft:
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
    audience: str = Audience.PRIORITY_OWNERS  # or a group's id, or PICKED
    people: tuple[str, ...] = ()  # ids of the members who were picked
    summary: str | None = None  # a SummaryPlace: where what people answer for themselves is told
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckinDraftForm:
    """The form with its choices: of each an id and what is shown for it."""

    draft: CheckinDraft
    question_sets: tuple[tuple[str, str, Subject | None], ...]  # with what each is about, where it settles that
    audiences: tuple[tuple[str, str], ...]
    people: tuple[Known, ...]  # those who are picked
    subject: Subject | None  # None for a new one: it follows from what is asked
    digests: tuple[tuple[str, str], ...]
    kept_rhythm: str | None  # in words, where the simple choices can't say it
    zone_name: str
    token: str = ""
    started: bool = False


def subjects_asked_by(questions: QuestionSet) -> tuple[Subject, ...]:
    """What a question set may be about, by whom is asked; nothing for one that no check-in asks, such as a meeting's
    notes."""
    if questions.anonymous:
        may_be_asked = questions.per_item is None and not is_of_meeting(questions) and not asks_for_standing(questions)
        return (Subject.PULSE,) if may_be_asked else ()
    if questions.per_item is not None:
        return tuple(subject for name, subject in _PER_ITEM.items() if name == questions.per_item)
    if is_of_meeting(questions):
        return ()
    return (Subject.PRIORITY, Subject.MEMBER)


def askable_sets(record: Record, before: Cadence | None = None) -> tuple[QuestionSet, ...]:
    """Question sets that a check-in can ask; a check-in that is there keeps what it is about.

    A coalition without questions for figures or actions, or for a stocktake, is offered the usual ones.
    """
    known = {questions.per_item for questions in record.question_sets}
    usual = tuple(one for one in (*QUESTION_SETS, REFRESH) if one.per_item is not None and one.per_item not in known)
    if before is None and not any(is_stocktake(one) or one.id == STOCKTAKE.id for one in record.question_sets):
        usual = (*usual, STOCKTAKE)
    found = [(one, subjects_asked_by(one)) for one in (*record.question_sets, *usual)]
    about = subject_of(record, before) if before is not None else None
    return tuple(one for one, subjects in found if subjects and (about is None or about in subjects))


def _questions_of(draft: CheckinDraft, record: Record, before: Cadence | None) -> QuestionSet | None:
    return next((one for one in askable_sets(record, before) if one.id == draft.question_set), None)


def _subject_of(draft: CheckinDraft, record: Record, before: Cadence | None) -> Subject | None:
    """What it is about: questions for each figure or action know whom they are for, others are about whoever is asked,
    or about priorities where their owners are."""
    questions = _questions_of(draft, record, before)
    if questions is None:
        return None
    if questions.per_item is not None:
        return _PER_ITEM.get(questions.per_item)
    return subject_between(questions, None if draft.audience == PICKED else draft.audience)


# A week ahead of a meeting that takes stock by the month, by the place in the month of both.
_WEEK_BEFORE = {"1": "-1", "2": "1", "3": "2", "4": "3", "-1": "3"}
STOCKTAKE_HOURS = 120


def stocktake_draft(record: Record, today: date) -> CheckinDraft:
    """The usual monthly stocktake: owners are asked a week before the meeting at which stock is taken, else on the
    third Thursday, and have five days."""
    asked = next((one for one in askable_sets(record) if is_stocktake(one)), STOCKTAKE)
    meeting = stocktake_meeting(record)
    often, weekday = _often(meeting) if meeting is not None else (KEEP, "")
    place = _WEEK_BEFORE[_place(often)] if often.startswith("monthly") else "3"
    name, taken = one_line(asked.title), {one.name.casefold() for one in record.cadences}
    return CheckinDraft(
        id=None,
        name=name if name.casefold() not in taken else f"{name} by owners",
        question_set=asked.id,
        often=f"monthly{place}",
        weekday=weekday if often.startswith("monthly") else "TH",
        at=time(9),
        starts_on=today + timedelta(days=1),
        basis=TimeBasis.MEMBER_LOCAL.value,
        closes_after_hours=STOCKTAKE_HOURS,
        reminder_after_hours=72,
        delegate_after_hours=96,
        feeds=None,
    )


def draft_of(cadence: Cadence) -> CheckinDraft:
    """A check-in as the form's choices say it."""
    often, weekday = _often(cadence)
    return CheckinDraft(
        question_set=cadence.question_set or "",
        often=often,
        weekday=weekday,
        at=cadence.dtstart.time(),
        starts_on=cadence.dtstart.date(),
        basis=cadence.time_basis,
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
            cadence.audience,
            cadence.group,
            cadence.attendees,
            cadence.summary,
        ),
        audience=cadence.audience or cadence.group or PICKED,
        summary=cadence.summary.value if cadence.summary is not None else None,
        people=cadence.attendees if cadence.audience is None and cadence.group is None else (),
        **in_common(CheckinDraft, cadence, "question_set", "audience", "summary"),
    )


def mistakes(draft: CheckinDraft, record: Record, before: Cadence | None, earliest: date) -> dict[str, str]:
    """What has to be mended before it can be saved: field → sentence."""
    found: dict[str, str] = {}
    if not draft.name:
        found["name"] = "Give it a name, such as Weekly priority check-in."
    elif len(draft.name) > MOST_NAME:
        found["name"] = f"Shorten this to {MOST_NAME} characters; it has {len(draft.name)}."
    elif any(one.name.casefold() == draft.name.casefold() and one.id != draft.id for one in record.cadences):
        found["name"] = "There is something else of this name. Choose another one."
    subject = _subject_of(draft, record, before)
    questions = _questions_of(draft, record, before)
    if questions is None:
        found["question_set"] = "Choose what is asked."
    else:
        found |= _whom(draft, record, before, questions)
    if subject is Subject.ACTION:
        return found | _first_day(draft, earliest)
    if not 1 <= draft.closes_after_hours <= LONGEST_WINDOW:
        found["closes"] = f"Give 1 to {LONGEST_WINDOW} hours."
    if subject is Subject.METRIC:
        return found | _first_day(draft, earliest)
    if not 1 <= draft.reminder_after_hours <= draft.closes_after_hours:
        found["reminder"] = "The reminder goes out before the close. Give fewer hours."
    if not 1 <= draft.delegate_after_hours <= draft.closes_after_hours:
        found["stand_in"] = "The stand-in is asked before the close. Give fewer hours."
    is_narrow = questions is not None and questions.readers not in READ_IN_DIGEST and asks_for_standing(questions)
    if draft.feeds is not None and questions is not None and is_narrow:
        found["feeds"] = (
            f"“{one_line(questions.title)}” is read by fewer than the digest. Choose No digest, or open it to the "
            "digest's readers: “checkin questions”."
        )
    if draft.feeds is not None and all(
        one.id != draft.feeds or one.kind != CadenceKind.DIGEST for one in record.cadences
    ):
        found["feeds"] = "I can't find this digest anymore. Choose another one."
    return found | _first_day(draft, earliest)


def _whom(draft: CheckinDraft, record: Record, before: Cadence | None, questions: QuestionSet) -> dict[str, str]:
    """What is wrong with whom it asks. Questions for each figure or action go to whom they are for, unless somebody
    else was chosen than owners, who stand there at first."""
    subject, usual = _subject_of(draft, record, before), Audience.PRIORITY_OWNERS
    if questions.per_item is not None and draft.audience not in {usual, _AUDIENCES.get(subject or Subject.PRIORITY)}:
        whom = "the stewards of figures" if subject is Subject.METRIC else "everybody with open actions"
        return {"audience": f"These questions are for {whom}. Choose them, or ask something else."}
    is_of_owners = draft.audience == usual
    if asks_for_standing(questions) and not is_of_owners and priority_of_group(record, draft.audience) is None:
        return {
            "audience": "How a priority stands is asked of its owner, or of a group that works on one. Choose one of "
            "them, or ask something else."
        }
    about = subject_of(record, before) if before is not None else None
    if about is not None and subject is not about:
        what = "priorities, which their owners answer for" if about is Subject.PRIORITY else "those who are asked"
        return {"audience": f"This one is about {what}, and what was answered hangs on that. Add another check-in."}
    if draft.audience == PICKED and not {one.id for one in record.members}.intersection(draft.people):
        return {"people": "Pick at least one person."}
    if draft.audience not in {*Audience, PICKED, *(one.id for one in record.groups)}:
        return {"audience": "That group isn't there anymore. Choose another one."}
    return _told(draft, record, questions) if subject in OF_PEOPLE else {}


def _told(draft: CheckinDraft, record: Record, questions: QuestionSet) -> dict[str, str]:
    """What is wrong with where it is told what people answered for themselves."""
    if draft.summary != SummaryPlace.CHANNEL:
        return {}
    if questions.readers == AnswerReaders.COORDINATORS and not questions.anonymous:
        return {"summary": "Only the coordinators read these answers. Choose each reader, or nowhere."}
    steering = [one for one in record.groups if one.steers] if draft.audience == Audience.STEERING else []
    groups = [one for one in record.groups if one.id == draft.audience] or steering
    if not any(one.channel for one in groups):
        return {"summary": "Those who are asked have no channel of their own. Choose each reader, or nowhere."}
    return {}


def _first_day(draft: CheckinDraft, earliest: date) -> dict[str, str]:
    if draft.often == KEEP or draft.starts_on >= earliest:
        return {}
    return {"starts_on": "That day has passed or belongs to a round. Choose a later one."}


def cadence_of(draft: CheckinDraft, record: Record, before: Cadence | None, key: str) -> Cadence:
    """The check-in that the choices make. Raises RuleError where they make none.

    A rhythm that stays the same keeps its skips and moves; a new one keeps those that still hit one of its dates.
    """
    subject = _subject_of(draft, record, before) or Subject.PRIORITY
    base = before or Cadence(
        id=key,
        kind=(CadenceKind.REMINDER if subject is Subject.ACTION else CadenceKind.CHECKIN).value,
        name=draft.name,
        timezone=record.coalition.timezone,
        dtstart=datetime.combine(draft.starts_on, draft.at),
        rrule="FREQ=WEEKLY",
    )
    base = _asking(base, draft, subject)
    cadence = replace(
        base,
        name=one_line(draft.name),
        question_set=draft.question_set,
        time_basis=TimeBasis(draft.basis).value,
    )
    if subject is not Subject.ACTION:
        cadence = replace(cadence, closes_after_hours=draft.closes_after_hours)
    if subject in {Subject.PRIORITY, *OF_PEOPLE}:
        cadence = replace(
            cadence,
            reminder_after_hours=draft.reminder_after_hours,
            delegate_after_hours=draft.delegate_after_hours,
        )
    if subject is Subject.PRIORITY:
        cadence = replace(cadence, feeds=draft.feeds)
    if subject in OF_PEOPLE:
        cadence = replace(cadence, summary=SummaryPlace(draft.summary) if draft.summary else None)
    if draft.often == KEEP or (before is not None and _is_same_rhythm(before, draft)):
        return cadence
    cadence = replace(cadence, rrule=_rule(draft), dtstart=_first(draft))
    check_rule(cadence.rrule, cadence.dtstart, cadence.timezone)
    return replace(
        cadence,
        exdates=tuple(slot for slot in cadence.exdates if is_slot(cadence, slot)),
        moves=tuple(move for move in cadence.moves if is_slot(cadence, move.original)),
    )


def _asking(cadence: Cadence, draft: CheckinDraft, subject: Subject) -> Cadence:
    """The check-in with whom it asks, from the next round on."""
    if subject in _AUDIENCES:
        return replace(cadence, audience=_AUDIENCES[subject].value)
    if draft.audience == PICKED:
        return replace(cadence, audience=None, group=None, attendees=draft.people)
    if draft.audience == (cadence.audience or cadence.group):
        return cadence
    return replace(cadence, audience=draft.audience, group=None, attendees=())


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
    if frequency == "MONTHLY" and interval in {"1", "3"} and found["place"] in PLACES:
        return f"{'monthly' if interval == '1' else 'quarterly'}{found['place']}", found["day"]
    return KEEP, usual


def _is_same_rhythm(before: Cadence, draft: CheckinDraft) -> bool:
    now = draft_of(before)
    same_days = (now.often, now.weekday, now.at) == (draft.often, draft.weekday, draft.at)
    # Every two weeks from another week on is another rhythm, as is every quarter from another month on.
    is_from_then_on = draft.often in {"weekly", *(f"monthly{place}" for place in PLACES)}
    return same_days and (is_from_then_on or is_slot(before, _first(draft)))


def _rule(draft: CheckinDraft) -> str:
    if draft.often not in OFTEN or draft.weekday not in DAYS:
        raise RuleError("Choose how often, and on which day.")
    if draft.often == "weekly":
        return f"FREQ=WEEKLY;BYDAY={draft.weekday}"
    if draft.often == "biweekly":
        return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={draft.weekday}"
    every = "INTERVAL=3;" if draft.often.startswith("quarterly") else ""
    return f"FREQ=MONTHLY;{every}BYDAY={_place(draft.often)}{draft.weekday}"


def _place(often: str) -> str:
    """The place in the month, such as "1" or "-1"."""
    return often.removeprefix("monthly").removeprefix("quarterly")


def _first(draft: CheckinDraft) -> datetime:
    """The first date from the chosen day on that the rule hits."""
    day = draft.starts_on
    for _ in range(62):
        if day.weekday() == DAYS.index(draft.weekday) and _is_in_place(day, draft.often):
            break
        day += timedelta(days=1)
    return datetime.combine(day, draft.at)


def _is_in_place(day: date, often: str) -> bool:
    if not often.startswith(("monthly", "quarterly")):
        return True
    place = int(_place(often))
    if place < 0:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == place
