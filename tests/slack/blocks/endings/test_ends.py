"""Something ends, on screen: the form, what came of it, and the list. Words in a golden file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from bot.domain.endings import (
    WITH_IT,
    Ended,
    EndedLine,
    EndedList,
    EndForm,
    Recurring,
    RecurringLine,
    questions_of,
)
from bot.domain.endings.ends import Question
from bot.domain.record import EndOf, Hanging, Hung, Noun
from bot.domain.typed import Known
from bot.slack.blocks.endings import END_FORM, ended_list_message, ended_message, recurring_message
from bot.slack.message import Message, View
from tests.builders import day
from tests.sample import sample_record
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

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
LABELS = ("Members", "Is to decide", "Issues with it", "Open work", "Check-ins and meetings", "Money for it")
DIGEST = RecurringLine(
    called="digest",
    name="Friday <digest>",
    rhythm="Fridays, 7:30 AM",
    next_at=MONDAY + timedelta(days=4),
    paused_at=None,
    end=EndOf("cadence:weekly-digest", None, may_end=True),
)
NUDGE = replace(
    DIGEST,
    called="reminder",
    name="Monday nudge",
    rhythm="on Mondays, 8:30 AM",
    next_at=None,
    end=EndOf("cadence:action-nudge", TODAY, may_end=True),
)
PAUSED = replace(
    DIGEST, called="meeting", name="Talks", paused_at=MONDAY, end=EndOf("cadence:talks", None, may_end=False)
)
RECURRING = Recurring(lines=(DIGEST, NUDGE, PAUSED), start=0, total=3, ended=0, zone="America/Chicago", now=MONDAY)
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
        "what comes round": recurring_message(RECURRING),
        "what comes round: the second page, and something has ended": recurring_message(
            replace(RECURRING, start=10, total=13, ended=2)
        ),
        "nothing comes round": recurring_message(replace(RECURRING, lines=(), total=0)),
        "nothing has ended": ended_list_message(EndedList(lines=(), today=TODAY)),
    }
    check_golden("ends.txt", script(scenes))


def hung(count: int, name: str = LONG) -> EndForm:
    """The form of something on which so much hangs, of each kind that there is."""
    question = Question(
        things=tuple(Hung("action", f"A-{number}", f"{number} {name}") for number in range(count)),
        others=tuple(Known(f"p-{number}", LONG) for number in range(150)),
        ways={WITH_IT: "Is closed"},
    )
    return replace(FORM, name=LONG, questions=dict.fromkeys(Hanging, question), notes=(LONG[:2000],) * 3)


def named(view: View) -> set[int]:
    """Which of them the form names, each kind by itself the same."""
    kinds: list[str] = []
    for block in view.blocks:
        words = block["text"]["text"] if block["type"] == "section" else ""
        if any(words.startswith(f"*{label}:*") for label in LABELS):
            kinds.append(words.partition(":* ")[2])
        elif kinds and block["type"] == "section" and words[:1].isdigit():
            kinds[-1] += f"; {words}"
    found = {frozenset(int(one.split()[0]) for one in kind.split("; ") if one[0].isdigit()) for kind in kinds}
    assert len(kinds) == len(Hanging)
    [same] = found
    return set(same)


def test_all_that_is_handed_over_is_named() -> None:
    """Nobody confirms what they cannot see: 40 of each kind at once, of the greatest length."""
    assert named(END_FORM.view(hung(40))) == set(range(40))
    view = END_FORM.view(hung(1))
    assert "99 of 150 are listed." in str(view.blocks)


def test_above_what_a_view_takes_the_rest_is_counted() -> None:
    form = END_FORM.view(hung(900))
    there = named(form)
    assert there == set(range(len(there)))
    assert f"; and {900 - len(there)} more, which “coalition export” lists" in str(form.blocks)
    assert len(json.dumps(form.payload())) < 250_000
    assert len(form.blocks) < 100
    wide = END_FORM.view(hung(900, "\U0001f3ed" * 80))
    assert len(json.dumps(wide.payload())) < 250_000


def test_it_fits_at_any_length() -> None:
    script(
        {
            "form": END_FORM.view(hung(40)),
            "many": END_FORM.view(hung(900)),
            "recurring": recurring_message(
                replace(RECURRING, lines=(replace(NUDGE, name=LONG),) * 10, total=99, ended=9)
            ),
            "ended": ended_message(replace(ENDED, name=LONG, moved=(LONG,) * 6)),
            "list": ended_list_message(EndedList(lines=(replace(LINE, name=LONG),) * 60, today=TODAY)),
        }
    )
