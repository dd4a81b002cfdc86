"""Something ends, on screen: the form, what came of it, and the list. Words in a golden file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.endings import Ended, EndedLine, EndedList, EndForm, questions_of
from bot.domain.record import Hung, Noun
from bot.slack.blocks.endings import END_FORM, ended_list_message, ended_message
from bot.slack.message import Message, View
from tests.builders import day
from tests.sample import sample_record
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, script

TODAY = day("2026-11-23")
FORM = EndForm(
    ref="priority:supplier-growth",
    called="priority",
    name="Supplier and small-firm growth",
    today=TODAY,
    last_day=None,
    questions=questions_of(sample_record(), Noun.PRIORITY, "supplier-growth", TODAY),
    asks=1,
    notes=("Ends with it: 3 figures and its outcomes.", "Supplier Growth Working Group goes on without a priority."),
)
ENDED = Ended(
    ref="priority:supplier-growth",
    called="priority",
    name="Supplier and small-firm growth",
    last_day=day("2026-12-31"),
    today=TODAY,
    moved=("Draft the loan pool term sheet: with Talent pathways from now on", "Asks taken back: 1"),
    lowered=(("Steering Committee", 4), ("Backbone", None)),
)
LINE = EndedLine(ref="metric:sg-firms", called="figure", name="Small manufacturers", last_day=day("2026-10-31"))


def form_of(noun: Noun, key: str, name: str) -> EndForm:
    questions = questions_of(sample_record(), noun, key, TODAY)
    return replace(FORM, ref=f"{noun}:{key}", called=str(noun), name=name, questions=questions, asks=0, notes=())


def test_ending() -> None:
    scenes: dict[str, Message | View] = {
        "a priority": END_FORM.view(FORM),
        "a priority: once more, and nothing hangs on it": END_FORM.view(
            replace(FORM, last_day=day("2026-12-31"), questions={}, asks=0, notes=())
        ),
        "an organization": END_FORM.view(form_of(Noun.ORGANIZATION, "lbp", "Limestone Bend Partnership")),
        "a group": END_FORM.view(form_of(Noun.GROUP, "steering", "Steering Committee")),
        "what came of it": ended_message(ENDED),
        "what came of it: at once": ended_message(
            replace(ENDED, last_day=TODAY - timedelta(days=1), moved=(), lowered=())
        ),
        "it is there again": ended_message(replace(ENDED, last_day=None)),
        "what has ended": ended_list_message(EndedList(lines=(LINE, LINE), today=TODAY)),
        "nothing has ended": ended_list_message(EndedList(lines=(), today=TODAY)),
    }
    check_golden("ends.txt", script(scenes))


def test_it_fits_at_any_length() -> None:
    many = tuple(Hung("action", f"A-{number}", LONG) for number in range(40))
    questions = {kind: replace(one, things=many) for kind, one in FORM.questions.items()}
    script(
        {
            "form": END_FORM.view(replace(FORM, name=LONG, questions=questions, notes=(LONG[:2000],) * 3)),
            "ended": ended_message(replace(ENDED, name=LONG, moved=(LONG,) * 6)),
            "list": ended_list_message(EndedList(lines=(replace(LINE, name=LONG),) * 60, today=TODAY)),
        }
    )
