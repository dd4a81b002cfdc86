"""The end of a coalition on screen: words in a golden file, and limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.domain.digests import EVERYTHING, DigestPost, compose
from bot.domain.endings import CoalitionEnd, EndedList
from bot.domain.record import Record
from bot.sandbox.forms import elements
from bot.slack.blocks.digests import roll_up_post
from bot.slack.blocks.digests.digests import channel_edition, funder_edition, roll_up
from bot.slack.blocks.endings import (
    END_COALITION_FORM,
    coalition_end_item,
    coalition_ended_message,
    ended_list_message,
)
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

TODAY = MONDAY.date()
END = CoalitionEnd(
    name="Limestone Bend <Compact>",
    key="limestone-bend",
    last_day=None,
    today=TODAY,
    state="live",
    zone="America/Chicago",
    now=MONDAY,
    channels=("lb-steering",),
    digest_hour=time(7, 30),
    rounds=1,
    asks=2,
    actions=14,
    decisions=3,
    issues=1,
    planned=4,
)
SAVED = replace(END, last_day=TODAY + timedelta(days=11))
QUIET = replace(END, state="paused", channels=(), digest_hour=None, rounds=0, asks=0, actions=0, decisions=0, issues=0)
# What leads to cards, lists and past digests.
READS = {Action.DIGEST_PAST, Action.FIGURES_ALL, Action.OPEN_DECISION, Action.OPEN_ASK, Action.MORE}


def item(end: CoalitionEnd) -> Message:
    blocks, words = coalition_end_item(end, Clock("America/Chicago", MONDAY))
    return Message(text=words, blocks=tuple(blocks))


def post_of_last(sample: Record) -> DigestPost:
    ends = replace(sample, coalition=replace(sample.coalition, ended=TODAY))
    digest = compose(ends, MONDAY)
    digest = replace(digest, asks=tuple(replace(one, row_id=7) for one in digest.asks))
    return DigestPost(digest=digest, channel="lb-steering", sight=EVERYTHING, posted_at=MONDAY)


def last_digest(sample: Record) -> Message:
    return roll_up_post(post_of_last(sample))


def test_words(sample: Record) -> None:
    some = EndedList(lines=(), today=TODAY, coalition=END.name, coalition_ends=TODAY, may_end_coalition=True)
    check_golden(
        "coalition-ends.txt",
        script(
            {
                "the form": END_COALITION_FORM.view(END),
                "the form of one that is paused, with nothing open": END_COALITION_FORM.view(QUIET),
                "saved": coalition_ended_message(SAVED),
                "it is over": coalition_ended_message(replace(END, last_day=TODAY - timedelta(days=3))),
                "it goes on after all": coalition_ended_message(END),
                "it is brought back": coalition_ended_message(replace(END, was_over=True)),
                "told to coordinators": item(replace(END, last_day=TODAY)),
                "among what has ended": ended_list_message(some),
                "the list before": ended_list_message(EndedList(lines=(), today=TODAY, may_end_coalition=True)),
                "the last digest": last_digest(sample),
            }
        ),
    )


def test_nothing_is_answered_or_added_from_the_last_digest(sample: Record) -> None:
    """It is read after the end too, when a press could only be refused."""
    post = post_of_last(sample)
    messages = [*roll_up(post, whole=True)]
    for part in post.digest.priorities:
        messages += channel_edition(post.digest, part.id)
    messages += funder_edition(post.digest, "halvorsen")
    pressed = {each["action_id"] for one in messages for _, each in elements(list(one.blocks))}
    assert pressed == READS
    before = replace(post, digest=replace(post.digest, farewell=None))
    messages = [*roll_up(before), *channel_edition(before.digest, before.digest.priorities[0].id)]
    there = {each["action_id"] for one in messages for _, each in elements(list(one.blocks))}
    assert there - READS == {Action.DECISION_ANSWER, Action.NEW_ACTION, Action.FIGURE_UPDATE}


def test_it_fits_at_any_length() -> None:
    many = replace(SAVED, name=LONG[:150], channels=(LONG[:80],) * 20)
    script({"form": END_COALITION_FORM.view(many), "saved": coalition_ended_message(many), "told": item(many)})
