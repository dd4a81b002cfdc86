"""The digest in Slack: the words of the screens, within every limit, and telling each reader only theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digest_pages import count_words
from bot.domain.digest_parts import Digest
from bot.slack.blocks.digests import (
    channel_edition,
    channel_post,
    funder_edition,
    reply_post,
    roll_up,
    roll_up_post,
)
from bot.slack.limits import problems
from bot.slack.message import Message
from bot.slack.mrkdwn import unescape
from tests.builders import at
from tests.slack import digest_cases as cases
from tests.slack.digest_cases import USUAL_SLOT, WEDNESDAY
from tests.slack.readable import check_golden, dump

TOKENS = re.compile(r"<!date\^\d+\^[^|<>]*\|[^|<>]*>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")

WEEK = cases.the_week()
FIRST = cases.first_week()
QUIET = cases.quiet_week()
HUGE = cases.huge()
EVERY = {
    "week": WEEK,
    "first-week": FIRST,
    "quiet-week": QUIET,
    "one-priority": cases.one_priority(),
    "empty-start": cases.empty_start(),
    "huge": HUGE,
}


def leadership(digest: Digest, *, amounts: bool = True) -> tuple[Message, ...]:
    moved_from = USUAL_SLOT if digest.moment == WEDNESDAY else None
    return roll_up(
        digest, audience_may_see_amounts=amounts, late_since=None, posted_at=digest.moment, moved_from=moved_from
    )


def dumped(messages: tuple[Message, ...]) -> str:
    return "\n".join(dump(message) for message in messages)


def words_of(message: Message) -> int:
    return count_words(unescape(message.text))


@pytest.mark.parametrize("name", EVERY)
def test_the_roll_up_is_that_of_the_golden_file(name: str) -> None:
    check_golden(f"digest-roll-up-{name}.txt", dumped(leadership(EVERY[name])))


def test_a_channels_editions_are_those_of_the_golden_file() -> None:
    editions = tuple(message for part in WEEK.priorities for message in channel_edition(WEEK, part.id))
    check_golden("digest-channels-week.txt", dumped(editions))


def test_a_funders_edition_is_that_of_the_golden_file() -> None:
    check_golden("digest-funder-week.txt", dumped(funder_edition(WEEK, "next-rung")))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("amounts", [True, False])
def test_every_message_fits_slack_and_its_own_length(name: str, amounts: bool) -> None:
    digest = EVERY[name]
    messages = leadership(digest, amounts=amounts)
    assert len(messages) == len(digest.priorities) + 2
    for message in messages:
        assert problems(message) == []
    assert words_of(messages[0]) <= 350
    for message in messages[1:-1]:
        assert words_of(message) <= 140
    for part in digest.priorities:
        (channel,) = channel_edition(digest, part.id)
        assert problems(channel) == []
        assert words_of(channel) <= 180


def test_the_sample_weeks_main_message_has_the_words_of_the_screen() -> None:
    messages = leadership(WEEK)
    assert words_of(messages[0]) == 323
    assert len(messages) == 6


def test_what_the_main_message_cuts_stands_whole_in_the_closing_reply() -> None:
    messages = leadership(HUGE)
    main, last = dump(messages[0]), dump(messages[-1])
    assert re.search(r"Needed from you, \d+ of 42", main)
    assert "Needed from you, all 42" in last
    for number in range(30):
        assert f"D-{number}, by" in last


def test_cutting_spares_standing_ask_and_dates() -> None:
    part = HUGE.priorities[0]
    text = leadership(HUGE)[1].text
    assert part.ask is not None
    assert part.ask.text in text
    assert "off track" in text
    assert "…" in text
    assert "days overdue (Nov 22)" in text or "due Nov 22" in text
    assert "Cut to fit" in text


def test_cutting_starts_with_other_figures_then_match_and_report() -> None:
    supplier = next(part for part in WEEK.priorities if part.id == "talent-pathways")
    number = WEEK.priorities.index(supplier)

    def text_with(moved: str) -> str:
        parts = tuple(replace(part, moved=moved) if part is supplier else part for part in WEEK.priorities)
        return leadership(replace(WEEK, priorities=parts))[number + 1].text

    fits = text_with("It moved.")
    without_others = text_with("word " * 8)
    without_details = text_with("word " * 26)
    cut = text_with("word " * 60)
    assert "no new figure since" in fits
    assert "next report" in fits
    assert "no new figure since" not in without_others
    assert "next report" in without_others
    assert "next report" not in without_details
    assert "…" not in without_details
    assert "…" in cut


def test_nobody_is_named() -> None:
    names = [part.owner_name for part in WEEK.priorities]
    stewards = [metric.steward_name for part in WEEK.priorities for metric in part.metrics]
    for messages in (leadership(WEEK), leadership(FIRST), channel_edition(WEEK, "family-access")):
        for message in messages:
            for name in (*names, *stewards):
                assert name not in message.text


def test_a_late_digest_says_so_first() -> None:
    (main, *_) = roll_up(WEEK, audience_may_see_amounts=True, late_since=WEDNESDAY, posted_at=at("2026-11-25T09:10"))
    assert dump(main).splitlines()[1].startswith("C  Posted 9:10 AM instead of 7:30 AM · Week of Nov 23")
    assert main.blocks[1]["elements"][0]["text"].count("{time}|") == 2


def test_a_digest_that_is_late_by_days_names_them() -> None:
    (main, *_) = roll_up(WEEK, audience_may_see_amounts=True, late_since=WEDNESDAY, posted_at=at("2026-11-27T09:10"))
    assert "Posted Fri Nov 27, 9:10 AM instead of Wed Nov 25, 7:30 AM" in main.text
    (channel,) = channel_edition(WEEK, "family-access", late_since=WEDNESDAY, posted_at=at("2026-11-25T09:10"))
    assert "Posted 9:10 AM instead of 7:30 AM" in channel.text


def test_an_unmoved_digest_names_only_its_week() -> None:
    (main, *_) = roll_up(WEEK, audience_may_see_amounts=True, late_since=None, posted_at=WEDNESDAY)
    assert dump(main).splitlines()[1].startswith("C  Week of Nov 23 · Read by ")


def test_without_amounts_no_money_and_no_pipeline_is_told() -> None:
    for messages in (
        leadership(WEEK, amounts=False),
        *(channel_edition(WEEK, part.id) for part in WEEK.priorities),
    ):
        for message in messages:
            assert "$" not in message.text
            assert "applied for" not in message.text
            assert "in talks" not in message.text
            assert "match" not in message.text
    assert "2 of 3 sources secured; next report Jul 31, 2027" in channel_edition(WEEK, "family-access")[0].text


def test_a_recommendation_for_deciders_is_told_nowhere() -> None:
    for message in (*leadership(WEEK), *channel_edition(WEEK, "family-access"), *funder_edition(WEEK, "next-rung")):
        assert "bridge" not in message.text


def test_a_channel_reads_other_groups_decisions_by_id_and_date() -> None:
    text = channel_edition(WEEK, "talent-pathways")[0].text
    assert "Waiting with the Steering Committee: D-2, by Fri Dec 11" in text
    assert "spring marketing to instructor" not in text


def test_a_channel_reads_its_own_groups_decisions_by_title() -> None:
    part = next(one for one in WEEK.priorities if one.id == "family-access")
    own = tuple(
        replace(one, decider="wg-access", decider_name="Family Access Working Group") for one in part.decisions_needed
    )
    parts = tuple(replace(one, decisions_needed=own) if one is part else one for one in WEEK.priorities)
    text = channel_edition(replace(WEEK, priorities=parts), "family-access")[0].text
    assert "Waiting with the Family Access Working Group: D-1, by Fri Dec 4, Pay for a contract fire" in text


def test_an_unknown_priority_is_refused() -> None:
    with pytest.raises(KeyError):
        channel_edition(WEEK, "nothing")


def test_a_funder_sees_no_other_funders_amounts() -> None:
    halvorsen = funder_edition(WEEK, "halvorsen")[0].text
    assert "Your grant: Halvorsen core support, $900,000" in halvorsen
    assert "$1,500,000" not in halvorsen
    observer = funder_edition(WEEK, "kessler-friends", organization_name="Friends")[0].text
    assert "$" not in observer
    assert "Read by Friends." in observer


@dataclass(frozen=True, kw_only=True)
class Post:
    digest: Digest
    priority: str | None
    channel: str = "lb-steering"
    amounts: bool = True
    posted_at: datetime = WEDNESDAY
    late_since: datetime | None = None
    moved_from: datetime | None = USUAL_SLOT


def test_each_post_of_a_delivery_is_its_part_of_the_digest() -> None:
    whole = leadership(WEEK)
    assert roll_up_post(Post(digest=WEEK, priority=None)) == whole[0]
    for number, part in enumerate(WEEK.priorities):
        assert reply_post(Post(digest=WEEK, priority=part.id)) == whole[number + 1]
        (edition,) = channel_edition(WEEK, part.id)
        assert channel_post(Post(digest=WEEK, priority=part.id)) == edition
    assert reply_post(Post(digest=WEEK, priority=None)) == whole[-1]


def test_a_roll_up_in_another_channel_names_its_readers() -> None:
    main = roll_up_post(Post(digest=WEEK, priority=None, channel="lb-open", amounts=False))
    assert "Read by #lb-open" in main.text


@pytest.mark.parametrize("name", EVERY)
def test_the_text_alternative_says_everything_without_marks(name: str) -> None:
    for message in leadership(EVERY[name]):
        said = dump(message).split("\nAlt: ")[0]
        bare = re.sub(r"[*🔴🟡🟢⚪🔵•]", "", said)
        # Only the closing reply of a huge coalition is longer than a text may be.
        for word in [] if message.text.endswith("…") else bare.split():
            if re.search(r"\w", word) and word not in "HSC":
                assert word in unescape(message.text)
        assert not re.search("[🔴🟡🟢⚪🔵]", message.text)


def markup_is_ours(text: str) -> bool:
    """Whether nothing but date tokens and escaped characters is markup."""
    bare = ENTITY.sub("", TOKENS.sub("", text))
    return not re.search("[<>&]", bare)


def texts_of(message: Message) -> list[str]:
    found = [message.text]
    for block in message.blocks:
        if block["type"] == "section":
            found.append(block["text"]["text"])
        elif block["type"] == "context":
            found.extend(element["text"] for element in block["elements"])
    return found


ANY_TEXT = st.text(st.characters(), min_size=1, max_size=300)
HOSTILE = st.sampled_from(
    [
        "<!channel>",
        "&" * 300,
        "```",
        "*bold*\n> quote",
        "a\u2028b",
        "<" * 200 + ">",
        "\u202eabc",
        "|^<!date^1^x|y>",
        "*",
    ]
)


@settings(max_examples=30, deadline=None)
@given(words=ANY_TEXT | HOSTILE)
def test_no_text_of_people_breaks_a_limit_or_the_markup(words: str) -> None:
    digest = cases.huge(words, priorities=3, actions=20)
    for amounts in (True, False):
        for message in leadership(digest, amounts=amounts):
            _check(message)
    for part in digest.priorities:
        for message in channel_edition(digest, part.id):
            _check(message)
    for message in funder_edition(digest, "other", organization_name=words):
        _check(message)


def _check(message: Message) -> None:
    assert problems(message) == []
    for text in texts_of(message):
        assert markup_is_ours(text)
        assert "```" not in text
        assert "\u202e" not in text
        text.encode()


def test_a_quiet_week_says_so_in_few_words() -> None:
    main, *replies, _ = leadership(QUIET)
    assert "A quiet week. No standing, figure or decision changed" in main.text
    assert "Needed from you" not in main.text
    assert "Changed since" not in main.text
    assert all("\n" not in reply.text and "unchanged since Nov 25" in reply.text for reply in replies)
