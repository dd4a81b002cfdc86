"""What stands in Slack's markup is read the same in a letter, and nothing of the markup itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.markup import Line, Part, Run, lines_of, parts_of
from bot.slack.blocks import kit
from bot.slack.mrkdwn import bold, date_token, own
from tests.tables import on_each


def runs(text: str) -> tuple[Run, ...]:
    (line,) = lines_of(kit.mrkdwn(text))
    return line.runs


@on_each(
    ("text", "expected"),
    [
        ("plain", (Run("plain"),)),
        ("*bold* and plain", (Run("bold", strong=True), Run(" and plain"))),
        ("_leaning_", (Run("leaning", emphasis=True),)),
        ("~gone~", (Run("gone", struck=True),)),
        ("`/action done`", (Run("/action done", code=True),)),
        ("a*b*c and snake_case_word", (Run("a*b*c and snake_case_word"),)),
        ("*both _ways_*", (Run("both ", strong=True), Run("ways", strong=True, emphasis=True))),
        ("&lt;b&gt; &amp;amp;", (Run("<b> &amp;"),)),
        ("<https://example.org/a?b=1&amp;c=2|the plan>", (Run("the plan", href="https://example.org/a?b=1&c=2"),)),
        ("<https://example.org>", (Run("https://example.org", href="https://example.org"),)),
        ("<javascript:alert(1)|press>", (Run("press"),)),
        ("<@U0ABC|Imani>", (Run("Imani"),)),
    ],
)
def test_a_line_is_read_with_its_looks(text: str, expected: tuple[Run, ...]) -> None:
    assert runs(text) == expected


def test_a_moment_is_read_in_words() -> None:
    moment = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    token = date_token(moment, "{date_short}, {time}", "Tue Dec 1, 1:00 PM Central")
    assert runs(f"*{token}* it is") == (Run("Tue Dec 1, 1:00 PM Central", strong=True), Run(" it is"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_what_people_wrote_arrives_as_they_wrote_it(words: str) -> None:
    """But for what Slack too would take for marks: `own` leaves those as they are."""
    bare = words.translate(dict.fromkeys(map(ord, "*_~`•>\u200b")))
    (line,) = lines_of(kit.mrkdwn(f"“{own(bare)}”"))
    assert line.runs == (Run(f"“{' '.join(bare.split())}”"),)


def test_a_text_to_be_copied_stands_as_it_is() -> None:
    assert parts_of([kit.preformatted("*One* <b>\n> two")]) == (Part("text", (Line.of("*One* <b>"), Line.of("> two"))),)


def test_blocks_are_parts_without_what_can_only_be_pressed() -> None:
    button = kit.button("Answer", "answer")
    blocks: list[dict[str, Any]] = [
        kit.divider(),
        kit.header("Weekly digest"),
        kit.section(f"{bold('Moved:')} two\n• first\n• second\n&gt; said", accessory=button),
        kit.divider(),
        kit.actions(button),
        kit.divider(),
        kit.section(fields=["*A*", "B"]),
        kit.context("read by all"),
        kit.image("a picture", slack_file="F1", title="Picture"),
        kit.divider(),
    ]
    assert parts_of(blocks) == (
        Part("heading", (Line((Run("Weekly digest"),)),)),
        Part(
            "text",
            (
                Line((Run("Moved:", strong=True), Run(" two"))),
                Line((Run("first"),), "bullet"),
                Line((Run("second"),), "bullet"),
                Line((Run("said"),), "quote"),
            ),
        ),
        Part("rule"),
        Part("text", (Line((Run("A", strong=True),)),)),
        Part("text", (Line((Run("B"),)),)),
        Part("quiet", (Line((Run("read by all"),)),)),
    )
