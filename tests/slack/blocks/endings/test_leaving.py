"""Somebody who leaves, on screen: the form, what came of it, and what others are told. Words in a golden file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.endings import Erased, FormerMember, FormerMembers, HandedOver, LeavingForm, Left
from bot.domain.record import Held, Holdings, holdings_of
from bot.domain.typed import Known
from bot.slack.blocks.endings import (
    LEAVING_FORM,
    erased_message,
    former_message,
    handed_over_item,
    left_message,
    takes_part_message,
)
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape
from tests.builders import day
from tests.sample import sample_record
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

TODAY = day("2026-11-23")
FORM = LeavingForm(
    id="grant",
    name="Grant Okafor",
    organization="Bend Area Chamber",
    today=TODAY,
    last_day=None,
    holdings=holdings_of(sample_record(), "grant"),
    suggested=Known("marcus", "Marcus Teal"),
)
LEFT = Left(
    id="grant",
    name="Grant Okafor",
    last_day=day("2026-11-30"),
    today=TODAY,
    taken=(
        ("Marcus Teal", ("Supplier and small-firm growth", "Draft the loan pool term sheet")),
        ("Omar Castellanos", ("Small manufacturers given adoption help",)),
    ),
    quorums=(("Steering Committee", 4),),
)
OVER = HandedOver(
    name="Grant Okafor",
    organization="Bend Area Chamber",
    last_day=day("2026-11-30"),
    priorities=("Supplier and small-firm growth",),
    chairs=("Supplier Growth Working Group",),
    figures=("Small manufacturers given adoption help",),
    work=("Draft the loan pool term sheet",),
    principals=("Lorna Pruitt",),
)
MANY = tuple(Held(f"A-{number}", LONG) for number in range(40))


def told(news: HandedOver) -> Message:
    blocks, words = handed_over_item(news, Clock("America/Chicago", MONDAY))
    return Message(text=escape(words), blocks=tuple(blocks))


def former(count: int) -> FormerMembers:
    one = FormerMember(id="grant", name="Grant Okafor", organization="Bend Area Chamber", last_day=day("2025-11-30"))
    return FormerMembers(lines=(one,) * count, today=TODAY)


def test_leaving() -> None:
    scenes: dict[str, Message | View] = {
        "the form": LEAVING_FORM.view(FORM),
        "the form: nothing is theirs": LEAVING_FORM.view(replace(FORM, holdings=Holdings(), suggested=None)),
        "the form: once more": LEAVING_FORM.view(replace(FORM, last_day=day("2026-12-31"), holdings=Holdings())),
        "what came of it": left_message(LEFT),
        "what came of it: at once, and nothing was theirs": left_message(
            replace(LEFT, last_day=TODAY - timedelta(days=1), taken=(), quorums=(("Steering Committee", None),))
        ),
        "told: what is theirs now": told(OVER),
        "told: by now others have it": told(
            replace(OVER, priorities=(), chairs=(), figures=(), work=(), principals=())
        ),
        "told: who takes part again": told(replace(OVER, last_day=None)),
        "those who left": former_message(former(2)),
        "nobody left": former_message(former(0)),
        "erased": erased_message(Erased(pseudonym="former-7f3a21", places={"members": 1, "digests": 3})),
        "takes part again": takes_part_message("Grant Okafor"),
    }
    check_golden("endings.txt", script(scenes))


def test_all_that_is_theirs_is_named() -> None:
    held = tuple(Held(f"A-{number}", f"({number}) {LONG}") for number in range(40))
    form = LEAVING_FORM.view(
        replace(FORM, holdings=Holdings(priorities=held, chairs=held, figures=held, issues=held, principals=held))
    )
    said = str(form.blocks)
    assert [said.count(f"({number}) ") for number in range(40)] == [5] * 40
    assert "coalition export" not in said


def test_it_fits_at_any_length() -> None:
    held = Holdings(priorities=MANY, chairs=MANY, figures=MANY, actions=MANY, principals=MANY)
    names = tuple(one.name for one in MANY)
    over = replace(OVER, priorities=names, chairs=names, figures=names, work=names, principals=names)
    script(
        {
            "form": LEAVING_FORM.view(replace(FORM, name=LONG, organization=LONG, holdings=held)),
            "left": left_message(replace(LEFT, name=LONG, taken=tuple((LONG, names) for _ in range(5)))),
            "told": told(over),
            "former": former_message(former(100)),
        }
    )
