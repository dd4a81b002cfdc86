"""Answers of past rounds in a coalition file, and the rounds that an export carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.domain.checkins import (
    FEWEST,
    LONGEST_ANSWER,
    MOST_DID,
    YES_OR_NO,
    StandingRoles,
    as_asked_on,
    as_number,
    set_of_cadence,
)
from bot.domain.coalition_file.kinds import DAY, FLAG, choice, many, moment, ref, text, texts, whole
from bot.domain.coalition_file.known import Raw, text_of
from bot.domain.coalition_file.problems import shown, suggest
from bot.domain.coalition_file.section import Section
from bot.domain.coalition_file.shape import EXTRA, Field, Kind, Merging, Shape, always
from bot.domain.record import MemberAnswer, PulseResult, PulseTold, Question, QuestionSet, Record, Response, Round
from bot.domain.required_if import evaluate, is_answered, parse
from bot.domain.rhythm import occurrences
from bot.domain.vocabularies import Assessment, CadenceKind, CameTrue, PickerSource, QuestionType

_PICKED = {
    PickerSource.MEMBERS: ("member",),
    PickerSource.ORGANIZATIONS: ("organization",),
    PickerSource.GROUPS: ("group",),
    PickerSource.ORGANIZATIONS_AND_GROUPS: ("organization", "group"),
    PickerSource.PRIORITIES: ("priority",),
    PickerSource.METRICS: ("metric",),
    PickerSource.ACTIONS: ("action",),
}
Checked = TypeVar("Checked", Response, Round)
_ANONYMOUS = "asks anonymously, and no person's answer is kept for it."
_MOST_NEARBY = timedelta(days=400)


def _read_cadence(section: Section, key: str) -> str | None:
    id, known = section.ref(key, "cadence"), section.known
    # A kind that is no kind at all is reported at the cadence.
    if id is not None and text_of(known["cadence"][id], "kind") in set(CadenceKind) - {CadenceKind.CHECKIN}:
        checkins = [one for one, raw in known["cadence"].items() if text_of(raw, "kind") == CadenceKind.CHECKIN]
        section.problem(key, f"is {shown(id)}, which is no checkin. {suggest(id, checkins)}")
    return id


def _read_extra(section: Section, _key: str) -> Mapping[str, Any]:
    """What no rule reads, and answers to the coalition's own questions, however like a known field these look."""
    sets = section.known["question set"].values()
    versions = [version for one in sets for version in (one, *_mappings(one.get("earlier")))]
    found = [text_of(each, "id") for version in versions for each in _mappings(version.get("questions"))]
    return section.extra(also=tuple(dict.fromkeys(id for id in found if id is not None)))


def _mappings(found: object) -> list[Raw]:
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _read_answers(section: Section, key: str) -> Mapping[str, Any] | None:
    """Answers by question id, as they came."""
    below = section.section(key)
    return below.extra() if below is not None else None


def _check_response(section: Section, response: Response) -> None:
    known = section.known
    if section.good("by", "on_behalf_of") and response.by == response.on_behalf_of:
        section.problem("on_behalf_of", "is the person who answered. Leave it out.")
    if section.given("ask_from") and not section.given("ask"):
        section.problem("ask_from", "names somebody, and nothing is asked. Write the `ask`, or leave it out.")
    if section.good("cadence", "round", "priority"):
        key = ("answer", response.cadence, response.round, response.priority)
        path = known.firsts.setdefault(key, section.path)
        if path != section.path:
            section.problem("", f"answers for the same round and priority as `{path}`. Keep one of the two.")
    if section.good("cadence"):
        _check_round(section, response)
        questions = known.question_sets.get(text_of(known["cadence"][response.cadence], "question_set") or "")
        if questions is not None:
            was_checked = known.is_export or response.answered_at is not None
            _check_answers(section, response, as_asked_on(questions, response.round), was_checked)


def _check_own_answer(section: Section, one: MemberAnswer) -> None:
    known = section.known
    if section.good("cadence", "round", "member"):
        path = known.firsts.setdefault(("own answer", one.cadence, one.round, one.member), section.path)
        if path != section.path:
            section.problem("", f"answers for the same round and member as `{path}`. Keep one of the two.")
    if section.good("cadence"):
        asked = known.question_sets.get(text_of(known["cadence"][one.cadence], "question_set") or "")
        if asked is not None and asked.anonymous:
            section.problem("cadence", f"{_ANONYMOUS} Leave this entry out.")


def _check_pulse_told(section: Section, one: PulseTold) -> None:
    if section.good("choices", "counts") and len(one.choices) != len(one.counts):
        section.problem("counts", f"has {len(one.counts)} entries for {len(one.choices)} choices. Write one for each.")
    if section.good("answered", "words") and len(one.words) > one.answered:
        section.problem("words", f"has {len(one.words)} entries, and {one.answered} answered. Correct one of the two.")


def _check_pulse(section: Section, one: PulseResult) -> None:
    if section.good("cadence", "round"):
        path = section.known.firsts.setdefault(("pulse", one.cadence, one.round), section.path)
        if path != section.path:
            section.problem("", f"is about the same round as `{path}`. Keep one of the two.")
    if section.good("asked", "answered") and one.answered > one.asked:
        section.problem("answered", f"is {one.answered}, and {one.asked} were asked. Correct one of the two.")
    if section.good("answered") and one.told and one.answered < FEWEST:
        section.problem("told", f"tells of {one.answered} answers, and shows from {FEWEST} up. Leave it out.")
    if (one.did is None) != (one.did_at is None) and section.good("did", "did_at"):
        section.problem("did_at", "and `did` belong together. Write both, or leave both out.")


def _check_round_of_its_own(section: Section, one: Round) -> None:
    if section.given("priority") == section.given("member"):
        section.problem("priority", "and `member`: a round is about one of the two. Write the id of one.")
    if section.good("opens_at", "closes_at") and one.closes_at <= one.opens_at:
        section.problem("closes_at", "is not after `opens_at`. Correct one of the two.")
    if section.good("cadence", "round") and (section.good("priority") or section.good("member")):
        path = section.known.firsts.setdefault(("round", one.cadence, one.day, one.priority, one.member), section.path)
        if path != section.path:
            what = "priority" if one.member is None else "member"
            section.problem("", f"is the same round and {what} as `{path}`. Keep one of the two.")


def _check_round(section: Section, response: Response) -> None:
    cadence = section.known.cadences.get(response.cadence)
    if cadence is None or section.known.is_export or not section.good("round"):
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
        section.problem("cadence", f"{_ANONYMOUS} Leave this entry out.")
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
    elif question.type == QuestionType.CHOICES:
        _check_choices(section, question, answer)
    elif question.type == QuestionType.YES_NO and not isinstance(answer, bool) and answer not in YES_OR_NO:
        section.problem(question.id, f"is {shown(answer)}. Write true or false.")
    elif question.type == QuestionType.NUMBER and section.good(question.id):
        _check_number(section, question, answer)
    elif question.type == QuestionType.DATE and section.good(question.id):
        section.day(question.id)
    elif question.type == QuestionType.ITEM_PICKER and question.source and section.good(question.id):
        section.ref(question.id, *_PICKED[PickerSource(question.source)])
    elif question.type == QuestionType.TEXT and question.max_length is not None and section.good(question.id):
        section.text(question.id, question.max_length)


def _check_choices(section: Section, question: Question, answer: object) -> None:
    if not isinstance(answer, list | tuple):
        section.problem(question.id, f"is {shown(answer)}, and several may be chosen. Write a list of them.")
        return
    for one in answer:
        if one not in question.options:
            mend = f"Write some of: {', '.join(question.options)}."
            section.problem(question.id, f"holds {shown(one)}, which could not be chosen. {mend}")


def _check_number(section: Section, question: Question, answer: object) -> None:
    # What a form stored is text.
    number = as_number(answer) if isinstance(answer, str) else section.number(question.id)
    if number is None:
        if isinstance(answer, str):
            section.problem(question.id, f"is {shown(answer)}. Write a number.")
    elif question.min is not None and number < question.min:
        section.problem(question.id, f"is {number}. Write {question.min} or more.")
    elif question.max is not None and number > question.max:
        section.problem(question.id, f"is {number}. Write {question.max} or less.")


def without_usual_role(one: Checked, roles: StandingRoles) -> Checked:
    """As it is written: with its role only where that isn't what its check-in does now."""
    usual = one.sets_standing is None or one.sets_standing == roles.of_cadence(one.cadence)
    return replace(one, sets_standing=None) if usual else one


def without_usual_questions(one: Round, record: Record) -> Round:
    """As it is written: with its questions only where they aren't those that its check-in asks now."""
    now = set_of_cadence(record, one.cadence)
    usual = now is not None and (one.question_set, one.questions_version) == (now.id, now.version)
    return replace(one, question_set=None, questions_version=None) if usual else one


_CADENCE = Kind(_read_cadence, "", ref("cadence").mend)
# The role of an answer is that of its round, whatever a file says later.
_EDITED = Field("edited_at", moment(), merging=Merging.AS_LIVE)
_ROLE = Field("sets_standing", Kind(Section.flag), merging=Merging.AS_LIVE)

RESPONSE = Shape(
    Response,
    "check-in",
    Field("cadence", _CADENCE),
    Field("round", DAY),
    Field("priority", ref("priority")),
    Field("by", ref("member")),
    Field("on_behalf_of", ref("member")),
    Field("answered_at", moment()),
    _EDITED,
    _ROLE,
    Field("no_change", FLAG),
    Field("assessment", choice(Assessment)),
    Field("confidence", whole(0, 10)),
    Field("moved", text()),
    Field("blocker", text()),
    Field("ask", text()),
    Field("ask_from", ref("organization", "group")),
    Field("next", text()),
    Field("came_true", choice(CameTrue)),
    Field("extra", Kind(_read_extra)),
    checks=(_check_response,),
    identify=lambda one: f"{one.cadence}/{one.round.isoformat()}/{one.priority}",
)

MEMBER_ANSWER = Shape(
    MemberAnswer,
    "answer to a check-in",
    Field("cadence", _CADENCE),
    Field("round", DAY),
    Field("member", ref("member")),
    Field("by", ref("member")),
    Field("answered_at", moment()),
    _EDITED,
    Field("no_change", FLAG),
    Field("answers", Kind(_read_answers, {}, "Write each question's id with its answer."), always=always),
    checks=(_check_own_answer,),
    identify=lambda one: f"{one.cadence}/{one.round.isoformat()}/{one.member}",
)

_PULSE_TOLD = Shape(
    PulseTold,
    "question of a pulse",
    Field("question", text(100), always=always),
    Field("label", text(), always=always),
    Field("answered", whole(0, 1_000_000), always=always),
    Field("choices", texts(3000)),
    Field("counts", Kind(Section.counts)),
    Field("words", Kind(lambda section, key: section.words(key, LONGEST_ANSWER))),
    EXTRA,
    checks=(_check_pulse_told,),
    identify=lambda one: one.question,
)

PULSE_RESULT = Shape(
    PulseResult,
    "result of a pulse",
    Field("cadence", _CADENCE),
    Field("round", DAY),
    Field("title", text(), always=always),
    Field("asked", whole(0, 1_000_000), always=always),
    Field("answered", whole(0, 1_000_000), always=always),
    Field("did", text(MOST_DID)),
    Field("did_at", moment()),
    EXTRA,
    Field("told", many(_PULSE_TOLD)),
    checks=(_check_pulse,),
    identify=lambda one: f"{one.cadence}/{one.round.isoformat()}",
)

ROUND = Shape(
    Round,
    "round",
    Field("cadence", _CADENCE),
    Field("day", DAY, "round"),
    Field("priority", ref("priority")),
    Field("member", ref("member")),
    Field("opens_at", moment()),
    Field("closes_at", moment()),
    Field("asked", FLAG, always=always),
    _ROLE,
    Field("question_set", ref("question set")),
    Field("questions_version", whole(1, 9999)),
    checks=(_check_round_of_its_own,),
)
