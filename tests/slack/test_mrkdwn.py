"""Slack's markup: what is escaped, cut and taken away again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import mrkdwn
from bot.slack.blocks import kit
from bot.slack.message import Message, View
from tests.tables import on_each


def test_exactly_three_characters_are_escaped() -> None:
    assert mrkdwn.escape("<a> & \"b\" 'c' *d*") == "&lt;a&gt; &amp; \"b\" 'c' *d*"


@settings(deadline=None)
@given(st.text())
def test_escaping_can_be_undone(text: str) -> None:
    escaped = mrkdwn.escape(text)
    assert mrkdwn.unescape(escaped) == text
    assert "<" not in escaped
    assert ">" not in escaped


@on_each(
    ("sent", "typed"),
    [
        ("Read <https://example.org/a?b=1&amp;c=2> by Fri", "Read https://example.org/a?b=1&c=2 by Fri"),
        ("See <http://example.org|example.org>", "See example.org"),
        ("About <https://example.org/loan|the loan>", "About the loan (https://example.org/loan)"),
        ("Write to <mailto:ana@example.org|ana@example.org>", "Write to ana@example.org"),
        ("Call <tel:+15550100|+1 555 0100>", "Call +1 555 0100"),
        ("In <#C1|lb-talent> and <#C2>", "In #lb-talent and <#C2>"),
        ("Hi <!channel>, <!here|here> and <!subteam^S1|@owners>", "Hi @channel, @here and @owners"),
        ("<@U0OMAR> &amp; R&amp;D &lt;5%, &lt;!channel&gt;", "<@U0OMAR> & R&D <5%, <!channel>"),
    ],
)
def test_what_slack_marked_reads_as_it_was_typed(sent: str, typed: str) -> None:
    assert mrkdwn.as_written(sent) == typed


def test_own_words_stay_on_one_line_and_open_no_code_block() -> None:
    assert mrkdwn.own(" a\n> b\t c\u2028d ") == "a &gt; b c d"
    assert "``" not in mrkdwn.own("`````")
    assert mrkdwn.own("a `b` c") == "a `b` c"


def test_bold_survives_an_asterisk_and_nothing() -> None:
    assert mrkdwn.bold("2 * 3 & 4") == "*2 ∗ 3 &amp; 4*"
    assert mrkdwn.bold("  ") == ""


def test_people_are_quoted() -> None:
    assert mrkdwn.quote("Yes <now>") == "“Yes &lt;now&gt;”"


@on_each(
    ("text", "most", "expected"),
    [
        ("word", 4, "word"),
        ("words", 4, "wor…"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one, two", 5, "one…"),
        ("x" * 10, 1, "…"),
    ],
)
def test_a_cut_is_marked_and_falls_between_words(text: str, most: int, expected: str) -> None:
    assert mrkdwn.cut(text, most) == expected


@settings(deadline=None)
@given(st.text(), st.integers(1, 50))
def test_a_cut_is_never_longer(text: str, most: int) -> None:
    assert len(mrkdwn.cut(text, most)) <= most


def test_a_moment_is_a_date_token() -> None:
    moment = datetime(2026, 11, 30, 16, tzinfo=UTC)
    token = mrkdwn.date_token(moment, "{time}", "10:00 <AM|PM>")
    assert token == "<!date^1796054400^{time}|10:00 &lt;AM/PM&gt;>"
    assert mrkdwn.unmark(f"*At:* {token} &amp; on") == "At: 10:00 <AM/PM> & on"


def test_stripping_keeps_a_lone_asterisk_and_a_links_words() -> None:
    assert mrkdwn.unmark("2 * 3, <https://x.example|here>") == "2 * 3, here"


@pytest.mark.parametrize(
    ("text", "disarmed"),
    [
        ("<!channel> and <!here|all>", "‹!channel> and ‹!here|all>"),
        ("<!subteam^S1>", "‹!subteam^S1>"),
        ("<!date^x^{time}|a>", "‹!date^x^{time}|a>"),
        ("<!date^17^{time}|9:00>", "<!date^17^{time}|9:00>"),
        ("&lt;!channel&gt; <@U1>", "&lt;!channel&gt; <@U1>"),
    ],
)
def test_a_call_is_taken_out_and_nothing_else(text: str, disarmed: str) -> None:
    assert mrkdwn.disarm(text) == disarmed
    assert len(disarmed) == len(text), "or it would no longer fit where it was measured"


def test_messages_and_views_are_disarmed_but_not_what_their_buttons_carry() -> None:
    blocks = (
        kit.section("<!here>", accessory=kit.button("<!here>", "a", value="<!here>")),
        kit.context("<!here>"),
        kit.image("<!here>", slack_file="F1", title="<!here>"),
    )
    for sent in (Message(text="<!here>", blocks=blocks).content(), View(title="T", blocks=blocks).payload()):
        section, context, image = sent["blocks"]
        shown = (section["text"], section["accessory"]["text"], context["elements"][0])
        assert {one["text"] for one in shown} == {image["alt_text"], sent.get("text", "‹!here>")} == {"‹!here>"}
        assert section["accessory"]["value"] == "<!here>"
