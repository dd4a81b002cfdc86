"""The digest for the command line: the Slack edition's words in its order, as text and as Markdown."""

from __future__ import annotations

import re

import pytest

from bot.domain.digests import EVERYTHING, Digest, DigestPost
from bot.files.digest_text import WIDTH, as_markdown, as_text
from bot.slack.blocks.digests.digests import roll_up
from bot.slack.mrkdwn import unescape
from tests.slack import digest_cases as cases
from tests.slack.digest_cases import WEDNESDAY
from tests.slack.readable import check_golden

EVERY = {
    "week": cases.the_week(),
    "first-week": cases.first_week(),
    "quiet-week": cases.quiet_week(),
    "empty-start": cases.empty_start(),
}


@pytest.mark.parametrize("name", EVERY)
def test_text_and_markdown_are_those_of_the_golden_files(name: str) -> None:
    check_golden(f"digest-{name}.txt", as_text(EVERY[name]))
    check_golden(f"digest-{name}.md", as_markdown(EVERY[name]))


def words_of(text: str) -> list[str]:
    # How much of a reason is told depends on the words that are left, of which each edition's first lines take others.
    return re.findall(r"\w+", re.sub(r", because “[^”]*”", "", text))


@pytest.mark.parametrize("name", EVERY)
def test_it_has_the_words_of_the_slack_edition_in_its_order(name: str) -> None:
    digest: Digest = EVERY[name]
    messages = roll_up(DigestPost(digest=digest, sight=EVERYTHING, posted_at=WEDNESDAY))
    slack = [line for message in messages for line in unescape(message.text).splitlines()]
    told = words_of(" ".join(line for line in slack if "Read by" not in line and "in the thread" not in line))
    text = [line for line in as_text(digest).splitlines() if " as of Wed" not in line and " as of Mon" not in line]
    kept = words_of(
        " ".join(line for line in text if "leadership edition" not in line and "priority below" not in line)
    )
    assert kept == told


@pytest.mark.parametrize("name", EVERY)
def test_no_line_of_text_is_wider_than_a_terminal(name: str) -> None:
    assert max(map(len, as_text(EVERY[name]).splitlines())) <= WIDTH


def test_marks_stand_in_markdown_only() -> None:
    assert "🔴" in as_markdown(EVERY["week"])
    assert not re.search("[🔴🟡🟢⚪🔵*]", as_text(EVERY["week"]))


def test_peoples_words_stay_text_in_markdown() -> None:
    text = as_markdown(cases.huge("[x](y) *b* <i> `c` # |", priorities=1, actions=1))
    assert "[x](y)" not in text
    assert "<i>" not in text
    assert r"\[x\](y) \*b\* \<i\> \`c\` \# \|" in text


def test_one_priority_can_be_printed_alone() -> None:
    text = as_text(EVERY["week"], "job-quality")
    assert text.startswith("Job quality\n===========\n\nWeek of Nov 23 · as of Wed Nov 25, 2026, 7:30 AM Central")
    assert "$750,000 secured" in text
    assert "Talent" not in text
    assert as_markdown(EVERY["week"], "job-quality").startswith("# Job quality\n")
    with pytest.raises(KeyError):
        as_text(EVERY["week"], "nothing")
