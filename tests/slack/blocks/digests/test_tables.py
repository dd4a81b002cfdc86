"""A priority's figures in a table: the same as in words, none that is withheld, within Slack's limits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.digests import EVERYTHING, Digest, DigestPost, FigureRow, Line, compose
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.charts import with_picture
from bot.slack.blocks.digests.digests import channel_edition, chart_of_post, roll_up
from bot.slack.blocks.digests.tables import figure_table
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import unescape
from tests import builders as make
from tests.builders import reading
from tests.slack.blocks.digests.test_pages import EVERY, WEEK
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.slack.second_opinion import ask
from tests.tables import on_each

NUMBER = re.compile(r"\d[\d,.]*\d|\d")


def posted(digest: Digest) -> tuple[Message, ...]:
    """Every message of a digest that has a table."""
    post = DigestPost(digest=digest, sight=EVERYTHING, posted_at=digest.moment)
    editions = [channel_edition(digest, part.id)[0] for part in digest.priorities]
    return tuple(one for one in (*roll_up(post), *editions) if one.tabled)


def table_of(message: Message) -> Block:
    [table] = [block for block in message.tabled if block["type"] == "data_table"]
    return table


def cells_of(message: Message) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in table_of(message)["rows"]]


def about(**fields: Any) -> Digest:
    metric = make.metric("m1", reading("2026-09-30", 50, reporters=2), **fields)
    return compose(make.record(priorities=[make.priority(metrics=(metric,))]), make.NOON)


def test_the_tables_of_a_week_are_those_of_the_golden_file() -> None:
    check_golden("digest-tables-week.txt", "\n".join(dump(one.with_table()) for one in posted(WEEK)))


@on_each("name", EVERY)
def test_every_message_with_a_table_fits_slack(name: str) -> None:
    for message in posted(EVERY[name]):
        assert problems(message.with_table()) == []
        ask(message.with_table())


def test_the_whole_week_has_a_table_for_each_priority_and_none_above() -> None:
    assert len(posted(WEEK)) == 2 * len(WEEK.priorities)
    post = DigestPost(digest=WEEK, sight=EVERYTHING, posted_at=WEEK.moment)
    main, *_, last = roll_up(post)
    assert (main.tabled, last.tabled) == ((), ())


@pytest.mark.parametrize("name", ["week", "first-week", "one-priority"])
def test_both_forms_say_the_same_figures(name: str) -> None:
    for message in posted(EVERY[name]):
        lines = {line.partition(":")[0]: line for line in unescape(message.text).splitlines()}
        _, *rows = cells_of(message)
        assert rows
        for figure, *cells in rows:
            line = lines[figure].casefold()
            for cell in cells:
                assert cell == "–" or all(piece.casefold() in line for piece in cell.split("; ")), (cell, line)
            in_cells = NUMBER.findall(" ".join(cells))
            assert sorted(in_cells) == sorted(NUMBER.findall(lines[figure].partition(":")[2]))


def test_what_is_no_figure_stays_in_words_and_once() -> None:
    for message in posted(WEEK):
        kept = limits.text_of(message.tabled)
        figures = {figure for figure, *_ in cells_of(message)}
        words = limits.text_of(message.blocks).splitlines()
        assert [line for line in words if line.partition(":")[0] not in figures] == kept.splitlines()
        pressed = [block.get("accessory") or block.get("elements") for block in message.blocks]
        assert [one for one in pressed if one] == [
            one for one in (block.get("accessory") or block.get("elements") for block in message.tabled) if one
        ]


def test_a_figure_of_too_few_is_in_neither_form() -> None:
    for message in posted(about(confidential_below_n=5)):
        assert cells_of(message)[1][2] == "Withheld, too few reported (Sep 30)"
        assert not re.search(r"\b50\b", str(message))
    assert re.search(r"\b50\b", str(posted(about())))


def test_columns_of_which_nothing_is_told_are_left_out() -> None:
    digest = compose(make.record(priorities=[make.priority(metrics=(make.metric("m1"),))]), make.NOON)
    assert [cells_of(one) for one in posted(digest)] == [
        [["Figure", "Latest"], ["Metric m1", "No figure yet, first due Apr 1"]]
    ] * 2


def test_a_name_that_looks_like_markup_stands_as_it_was_written() -> None:
    for message in posted(about(name="R&D <jobs> *new*")):
        assert cells_of(message)[1][0] == "R&D <jobs> *new*"


def test_what_is_more_than_slack_takes_stays_in_words() -> None:
    def lines(count: int, length: int) -> list[Line]:
        return [Line((), row=FigureRow(name="x" * length, latest="1"))] * count

    assert figure_table("A", lines(limits.TABLE_ROWS, 5)) is not None
    assert figure_table("A", lines(limits.TABLE_ROWS + 1, 5)) is None
    assert figure_table("A", lines(90, 120)) is None


def test_the_picture_follows_the_table_that_it_draws() -> None:
    post = DigestPost(digest=WEEK, sight=EVERYTHING, posted_at=WEEK.moment, priority=WEEK.priorities[0].id)
    chart = chart_of_post(post)
    assert chart is not None
    message = with_picture(posted(WEEK)[0], chart, "F1")
    assert [block["type"] for block in message.blocks] == ["section", "image"]
    assert [block["type"] for block in message.tabled] == ["section", "data_table", "image", "section"]
    plain = with_picture(replace(message, tabled=()), chart, "F1")
    assert plain.tabled == ()


def test_a_form_with_more_blocks_than_slack_takes_is_left_out() -> None:
    message = posted(WEEK)[0]
    full = replace(message, tabled=(*message.tabled, *[kit.divider()] * limits.MESSAGE_BLOCKS))
    [fitting] = limits.fit(full)
    assert (fitting.blocks, fitting.tabled) == (message.blocks, ())


def test_a_name_in_a_table_calls_nobody() -> None:
    metric = make.metric("m1", reading(), name="Jobs <!here>")
    record = make.record(priorities=[make.priority(name="Work <!channel>", metrics=(metric,))])
    for message in posted(compose(record, make.NOON)):
        assert "<!" in str(message.tabled)
        assert "<!" not in str(message.with_table().content()["blocks"])
