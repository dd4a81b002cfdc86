"""Answers of past rounds in a coalition file, and the rounds that an export carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.checkins import StandingRoles
from bot.domain.coalition_file.known import Known, Raw, text_of
from bot.domain.coalition_file.plain import entry
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.record import Question, QuestionSet, Response, Round
from bot.domain.required_if import evaluate, is_answered, parse
from bot.domain.rhythm import occurrences
from bot.domain.vocabularies import Assessment, CadenceKind, CameTrue, QuestionType

_MOST_NEARBY = timedelta(days=400)
_ROLE = "sets_standing"
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def read_responses(top: Section, known: Known, zone: str) -> tuple[Response, ...]:
    """The answers under `checkins`; `zone` is the coalition's."""
    found = []
    firsts: dict[tuple[str, date, str], str] = {}
    for section in top.entries("checkins"):
        response = Response(
            cadence=_read_cadence(section, known),
            round=section.need_day("round"),
            priority=section.need_ref("priority", known, "priority"),
            by=section.need_ref("by", known, "member"),
            on_behalf_of=section.ref("on_behalf_of", known, "member"),
            assessment=section.choice("assessment", Assessment),
            confidence=section.whole("confidence", 0, 10),
            moved=section.text("moved"),
            blocker=section.text("blocker"),
            ask=section.text("ask"),
            ask_from=section.ref("ask_from", known, "organization", "group"),
            next=section.text("next"),
            came_true=section.choice("came_true", CameTrue),
            no_change=section.flag("no_change"),
            answered_at=section.moment("answered_at", zone),
            sets_standing=_read_role(section),
            extra=section.extra(also=_question_ids(section, known)),
        )
        found.append(response)
        if section.good("by", "on_behalf_of") and response.by == response.on_behalf_of:
            section.problem("on_behalf_of", "is the person who answered. Leave it out.")
        if section.given("ask_from") and not section.given("ask"):
            section.problem("ask_from", "names somebody, and nothing is asked. Write the `ask`, or leave it out.")
        if section.good("cadence", "round", "priority"):
            path = firsts.setdefault((response.cadence, response.round, response.priority), section.path)
            if path != section.path:
                section.problem("", f"answers for the same round and priority as `{path}`. Keep one of the two.")
        if section.good("cadence"):
            _check_round(section, response, known)
            questions = known.question_sets.get(text_of(known["cadence"][response.cadence], "question_set") or "")
            if questions is not None:
                _check_answers(section, response, questions, known.is_export or response.answered_at is not None)
    return tuple(found)


def _read_cadence(section: Section, known: Known) -> str:
    id = section.need_ref("cadence", known, "cadence")
    # A kind that is no kind at all is reported at the cadence.
    if section.good("cadence") and text_of(known["cadence"][id], "kind") in set(CadenceKind) - {CadenceKind.CHECKIN}:
        checkins = [one for one, raw in known["cadence"].items() if text_of(raw, "kind") == CadenceKind.CHECKIN]
        section.problem("cadence", f"is {shown(id)}, which is no checkin. {suggest(id, checkins)}")
    return id


def _question_ids(section: Section, known: Known) -> tuple[str, ...]:
    """The ids of the questions that were asked: each may hold an answer, however like a known field it looks."""
    cadence = known["cadence"].get(text_of(section.data, "cadence") or "", {})
    asked = known["question set"].get(text_of(cadence, "question_set") or "", {})
    questions = asked.get("questions")
    found: list[Raw] = [each for each in questions if isinstance(each, Mapping)] if isinstance(questions, list) else []
    return tuple(id for each in found if (id := text_of(each, "id")) is not None)


def _check_round(section: Section, response: Response, known: Known) -> None:
    cadence = known.cadences.get(response.cadence)
    if cadence is None or known.is_export or not section.good("round"):
        return
    start = datetime.combine(response.round, datetime.min.time())
    if next(occurrences(cadence, start, start + timedelta(days=1)), None) is not None:
        return
    nearby = [each.local.date() for each in occurrences(cadence, start - _MOST_NEARBY, start + _MOST_NEARBY)]
    mend = "Write the day on which its round opened."
    if nearby:
        mend = f"The nearest one opened on {min(nearby, key=lambda day: abs(day - response.round))}."
    section.problem("round", f"is {response.round}, when no round of {shown(response.cadence)} opened. {mend}")


def _check_answers(section: Section, response: Response, asked: QuestionSet, was_checked: bool) -> None:
    if asked.anonymous:
        section.problem("cadence", "asks anonymously, and no person's answer is kept for it. Leave this entry out.")
        return
    if was_checked:
        return
    if response.no_change and not asked.allow_no_change:
        section.problem("no_change", f"is true, and {shown(asked.id)} does not allow it. Write the answers instead.")
    answers = {question.id: section.data.get(question.id) for question in asked.questions}
    unsaid = {question.id for question in asked.questions if not is_answered(answers[question.id])}
    for question in asked.questions:
        if question.id not in unsaid:
            _check_answer(section, question, answers[question.id])
        elif question.required and not response.no_change:
            section.problem(question.id, "is missing, and the question must be answered. Write the answer.")
        elif question.required_if and not response.no_change:
            condition = parse(question.required_if)
            # An answer that is missing or wrong is reported itself; nothing follows from it.
            rests_on = [section.fine(id) for id in condition.questions]
            if all(rests_on) and evaluate(condition, answers):
                section.problem(
                    question.id, f"is missing, and it must be answered where {question.required_if}. Write the answer."
                )


def _check_answer(section: Section, question: Question, answer: object) -> None:
    if question.type == QuestionType.CHOICE and isinstance(answer, str) and question.options:
        # An assessment may also be one that only a coordinator sets, such as paused.
        if answer not in question.options and section.good(question.id) and answer not in tuple(Assessment):
            mend = f"Write one of: {', '.join(question.options)}."
            section.problem(question.id, f"is {shown(answer)}, which could not be chosen. {mend}")
    elif question.type == QuestionType.SCALE and question.min is not None and question.max is not None:
        if section.good(question.id):
            section.whole(question.id, question.min, question.max)
    elif question.type == QuestionType.TEXT and question.max_length is not None and section.good(question.id):
        section.text(question.id, question.max_length)


def _read_role(section: Section) -> bool | None:
    """Whether it says how its priority stands, where that isn't what its check-in says of it now."""
    return section.flag(_ROLE) if section.given(_ROLE) else None


def _written_role(one: Response | Round, roles: StandingRoles) -> bool | None:
    return None if one.sets_standing in (None, roles.of_cadence(one.cadence)) else one.sets_standing


def write_response(response: Response, roles: StandingRoles) -> dict[str, Any]:
    fields = {
        "cadence": response.cadence,
        "round": response.round,
        "priority": response.priority,
        "by": response.by,
        "on_behalf_of": response.on_behalf_of,
        "answered_at": response.answered_at,
        _ROLE: _written_role(response, roles),
        "no_change": response.no_change or None,
        "assessment": response.assessment,
        "confidence": response.confidence,
        "moved": response.moved,
        "blocker": response.blocker,
        "ask": response.ask,
        "ask_from": response.ask_from,
        "next": response.next,
        "came_true": response.came_true,
    }
    return entry(fields, response.extra)


def read_rounds(top: Section, known: Known, zone: str) -> tuple[Round, ...]:
    """The rounds that really happened, as an export carries them; `zone` is the coalition's."""
    found = []
    firsts: dict[tuple[str, date, str], str] = {}
    for section in top.entries("rounds"):
        moments = []
        for key in ("opens_at", "closes_at"):
            mend = 'Write a moment such as "2026-11-23T12:00:00-06:00".'
            if not section.given(key):
                section.problem(key, f"is missing. {mend}")
            moments.append(section.moment(key, zone) or _NEVER)
        opens_at, closes_at = moments
        one = Round(
            cadence=_read_cadence(section, known),
            day=section.need_day("round"),
            priority=section.need_ref("priority", known, "priority"),
            opens_at=opens_at,
            closes_at=closes_at,
            asked=section.flag("asked", default=True),
            sets_standing=_read_role(section),
            extra=section.extra(),
        )
        found.append(one)
        if section.good("opens_at", "closes_at") and closes_at <= opens_at:
            section.problem("closes_at", "is not after `opens_at`. Correct one of the two.")
        if section.good("cadence", "round", "priority"):
            path = firsts.setdefault((one.cadence, one.day, one.priority), section.path)
            if path != section.path:
                section.problem("", f"is the same round and priority as `{path}`. Keep one of the two.")
    return tuple(found)


def write_round(one: Round, roles: StandingRoles) -> dict[str, Any]:
    fields = {
        "cadence": one.cadence,
        "round": one.day,
        "priority": one.priority,
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
        "asked": one.asked,
        _ROLE: _written_role(one, roles),
    }
    return entry(fields, one.extra)
