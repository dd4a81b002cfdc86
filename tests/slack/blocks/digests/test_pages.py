"""The digest in Slack: the words of the screens, within every limit, and telling each reader only theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digests import EVERYTHING, NOTHING, Digest, DigestPost
from bot.domain.digests.pages import count_words
from bot.slack.blocks.digests import channel_post, reply_post, roll_up_post
from bot.slack.blocks.digests.digests import channel_edition, funder_edition, roll_up
from bot.slack.message import Message
from bot.slack.mrkdwn import unescape
from tests.builders import at
from tests.examples import examples
from tests.slack import digest_cases as cases
from tests.slack.digest_cases import USUAL_SLOT, WEDNESDAY
from tests.slack.readable import check_golden, dump
from tests.slack.refusals import problems
from tests.tables import on_each

TOKENS = re.compile(r"<!date\^\d+\^[^|<>]*\|[^|<>]*>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")

WEEK = cases.the_week()
FIRST = cases.first_week()
QUIET = cases.quiet_week()
HUGE = cases.huge()
POST = DigestPost(digest=WEEK, sight=EVERYTHING, posted_at=WEDNESDAY)
EVERY = {
    "week": WEEK,
    "first-week": FIRST,
    "quiet-week": QUIET,
    "one-priority": cases.one_priority(),
    "empty-start": cases.empty_start(),
    "huge": HUGE,
}


def leadership(digest: Digest, *, amounts: bool = True, whole: bool = False) -> tuple[Message, ...]:
    moved_from = USUAL_SLOT if digest.moment == WEDNESDAY else None
    sight = EVERYTHING if amounts else NOTHING
    return roll_up(DigestPost(digest=digest, sight=sight, posted_at=digest.moment, moved_from=moved_from), whole=whole)


def dumped(messages: tuple[Message, ...]) -> str:
    return "\n".join(dump(message) for message in messages)


def words_of(message: Message) -> int:
    return count_words(unescape(message.text))


@on_each("name", EVERY)
def test_the_roll_up_is_that_of_the_golden_file(name: str) -> None:
    check_golden(f"digest-roll-up-{name}.txt", dumped(leadership(EVERY[name])))


def test_a_channels_editions_are_those_of_the_golden_file() -> None:
    editions = tuple(message for part in WEEK.priorities for message in channel_edition(WEEK, part.id))
    check_golden("digest-channels-week.txt", dumped(editions))


def test_a_funders_edition_is_that_of_the_golden_file() -> None:
    check_golden("digest-funder-week.txt", dumped(funder_edition(WEEK, "next-rung")))


@on_each("name", EVERY)
@on_each("amounts", [True, False])
def test_every_message_fits_slack_and_its_own_length(name: str, amounts: bool) -> None:
    digest = EVERY[name]
    messages = leadership(digest, amounts=amounts)
    assert len(messages) == len(digest.priorities) + 2
    for message in messages:
        assert problems(message) == []
    assert words_of(messages[0]) <= 350
    for message in messages[1:]:
        assert words_of(message) <= 140
    for part in digest.priorities:
        (channel,) = channel_edition(digest, part.id)
        assert problems(channel) == []
        assert words_of(channel) <= 180


def test_the_sample_weeks_main_message_has_the_words_of_the_screen() -> None:
    messages = leadership(WEEK)
    assert words_of(messages[0]) <= 350
    assert len(messages) == 6


def test_what_the_main_message_cuts_stands_whole_where_it_is_read_and_not_in_the_thread() -> None:
    posted, read = leadership(HUGE), leadership(HUGE, whole=True)
    main, last = dump(posted[0]), dump(read[-1])
    assert re.search(r"Needed from you, \d+ of 42", main)
    assert "Needed from you" not in dump(posted[-1])
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
    (main, *_) = roll_up(replace(POST, late_since=WEDNESDAY, posted_at=at("2026-11-25T09:10")))
    assert dump(main).splitlines()[1].startswith("C  Posted 9:10 AM instead of 7:30 AM · Week of Nov 23")
    assert main.blocks[1]["elements"][0]["text"].count("{time}|") == 2


def test_a_digest_that_is_late_by_days_names_them() -> None:
    (main, *_) = roll_up(replace(POST, late_since=WEDNESDAY, posted_at=at("2026-11-27T09:10")))
    assert "Posted Fri Nov 27, 9:10 AM instead of Wed Nov 25, 7:30 AM" in main.text
    (channel,) = channel_edition(WEEK, "family-access", late_since=WEDNESDAY, posted_at=at("2026-11-25T09:10"))
    assert "Posted 9:10 AM instead of 7:30 AM" in channel.text


def test_an_unmoved_digest_names_only_its_week() -> None:
    (main, *_) = roll_up(POST)
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
    assert "Waiting with the Family Access Working Group: D-1, by Fri Dec 4, 0 of 7 answered, Pay for a" in text


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


def post(**fields: Any) -> DigestPost:
    """As a delivery carries it, moved and in the steering committee's channel."""
    usual: dict[str, Any] = {"channel": "lb-steering", "moved_from": USUAL_SLOT}
    return replace(POST, **(usual | fields))


def test_each_post_of_a_delivery_is_its_part_of_the_digest() -> None:
    whole = leadership(WEEK)
    assert roll_up_post(post()) == whole[0]
    for number, part in enumerate(WEEK.priorities):
        assert reply_post(post(priority=part.id)) == whole[number + 1]
        (edition,) = channel_edition(WEEK, part.id)
        assert channel_post(post(priority=part.id)) == edition
    assert reply_post(post()) == whole[-1]


def test_a_roll_up_in_another_channel_names_its_readers() -> None:
    main = roll_up_post(post(channel="lb-open", sight=NOTHING))
    assert "Read by #lb-open" in main.text


@on_each("name", EVERY)
def test_the_text_alternative_says_everything_without_marks(name: str) -> None:
    for message in leadership(EVERY[name]):
        said = dump(message).split("\nAlt: ")[0]
        bare = re.sub(r"[*🔴🟡🟢⚪🔵•]", "", re.sub(r"(?m)^A  .*$|‹[^›]*›", "", said))
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


@settings(max_examples=examples(20), deadline=None)
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


def test_short_words_and_long_names_make_no_longer_messages() -> None:
    digest = cases.huge("our new working plans", priorities=3, actions=20)
    made = tuple(
        replace(one, decided_on=digest.today, outcome=one.title, chosen=True, delegated=True)
        for one in digest.decisions_needed
    )
    waits = tuple(replace(one, waiting_on_name=one.title) for one in digest.waits)
    main, *replies = leadership(replace(digest, decisions_made=made, waits=waits))
    assert words_of(main) <= 350
    assert main.text.endswith("What is cut here is whole under Past digests")
    assert [words_of(one) for one in replies] == [one for one in map(words_of, replies) if one <= 140]
    assert "Decided, 1 of 30:" in replies[-1].text


def test_a_decision_among_options_says_which_one() -> None:
    made = (replace(WEEK.decisions_made[0], outcome="Keep the plan", chosen=True),)
    assert (
        "Spend $18,000 on a mock interview day: Keep the plan (Talent pathways)"
        in leadership(replace(WEEK, decisions_made=made))[-1].text
    )


def test_a_quiet_week_says_so_in_few_words() -> None:
    main, *replies, _ = leadership(QUIET)
    assert "A quiet week. No standing, figure or decision changed" in main.text
    assert "Needed from you" not in main.text
    assert "Changed since" not in main.text
    assert all("\n" not in reply.text and "unchanged since Nov 25" in reply.text for reply in replies)


SCREEN = """\
H  Weekly digest: Limestone Bend Good Jobs Compact
C  Week of Nov 23, on Wednesday instead of Friday · Read by the Steering Committee and the backbone team
S  *1 of 4 priorities is called off track; the figures of 2 are. 2 decisions wait for the Steering Committee, the \
first by Fri Dec 4.*
   Residents holding a good job: 58,000 (Dec 31, 2024) → 58,900 (Dec 31, 2025), target 70,000 by Dec 31, 2032. 🔴 1 \
off track · 🟡 2 at risk · 🟢 1 on track   ‹overflow ( ) Residents holding a good job›
—
S  *Needed from you*
S  *D-1, by Fri Dec 4* · Steering Committee · 0 of 7 answered
   Pay for a contract fire inspector through January (Child care and commute access)   ‹Answer›★
S  *D-2, by Fri Dec 11* · Steering Committee · 0 of 7 answered
   Move $150,000 from spring marketing to instructor pay (Talent pathways)   ‹Answer›
S  *Ask to the Steering Committee* from Talent pathways, no date set
   “Approval to move money from spring marketing.”   ‹Respond›
S  *Ask to Harrow County Executive Office* from Child care and commute access, no date set
   “An inspector for two December visits.”   ‹Respond›
—
S  *Changed since Fri Nov 20*
   • Confidence fell: Child care and commute access, 3 → 2 of 10
   • Escalated: Evening teaching pay is below the private market (Talent pathways)
   • Promised and true: “Second candidate has an offer.” (Talent pathways) “The steering decision is on the table.” \
(Child care and commute access)
   • Promised, not yet: “Two more plans are published.” (Job quality)
   • No standing and no figure changed   ‹overflow ( ) Child care and commute access ( ) Evening teaching pay is \
below the private market ( ) Talent pathways ( ) Job quality›
—
S  🔴 *Child care and commute access* · *Said for the owner* off track (1 week), because “No inspector until \
January.” · *Numbers say* off track, 134 of 220 seats (as of Sep 30)   \
‹overflow ( ) Open priority ( ) Figures ( ) Actions ( ) Decisions›
S  🟡 *Talent pathways* · *Owner says* at risk (1 week), because “Evening pay is below the…” · *Numbers say* \
at risk, 196 of 240 people (as of Sep 30, provisional)   \
‹overflow ( ) Open priority ( ) Figures ( ) Actions ( ) Decisions›
S  🟡 *Supplier and small-firm growth* · *Owner says* at risk, last assessed Nov 3, three weeks ago · *Numbers say* \
at risk, 66 of 90 firms (as of Sep 30)   \
‹overflow ( ) Open priority ( ) Figures ( ) Actions ( ) Decisions›
S  🟢 *Job quality* · *Owner says* on track (3 weeks) · *Numbers say* off track, 22 of 40 employers (as of Sep 30) · \
*They disagree*   \
‹overflow ( ) Open priority ( ) Figures ( ) Actions ( ) Decisions›
C  2 of 13 figures not reported · More in the thread, 5 replies
A  [Past digests] [Figures]
"""

REPLIES = (
    "S  🔴 *Child care and commute access* · off track (1 week) · *Confidence* 2 of 10, was 3, falling",
    "Next outcome:* Three providers are licensed for evening and weekend care, 56 days overdue (Sep 30)",
    "Oldest: Get a fire inspection date for the east side provider (Harrow County Executive Office, 47 days): The",
    "$600,000 secured of $1,100,000 through Dec 31, 2027; gap $500,000; $1,600,000 applied for",
    "S  🟡 *Talent pathways* · at risk (1 week) · *Confidence* 6 of 10, was 5",
    " → 196 (Jul–Sep, provisional) → expected 215 → target 240 by Dec 31. Numbers say at risk.",
    "*Ask:* Steering Committee, “Approval to move money from spring marketing.”",
    "*Supplier and small-firm growth* · at risk, last assessed Nov 3, three weeks ago · *Confidence* then 6 of 10",
    "*Moved:* no update since Nov 3",
    "*In the way, Nov 3:* The banks ask for a guarantee before a term sheet.",
    "0 done, 1 due, 1 overdue: Draft the loan pool term sheet (Bend Area Chamber, 13 days), no reason given",
    "gap $2,300,000; $2,000,000 in talks; match $710,000 of $960,000; next report Jan 30, 2027",
    "S  🟢 *Job quality* · *Owner says* on track (3 weeks) · *Numbers say* off track (as of Sep 30) · "
    "*They disagree* · *Confidence* 8 of 10, unchanged",
    "→ 22 (Sep 30) → expected 32 → target 40 by Dec 31, unchanged.",
    "no figure yet, first due Sep 27",
    "$750,000 secured, need not set; first source ends Jun 30, 2027; next report Mar 31, 2027",
    "*Decided:* Spend $18,000 on a mock interview day (Talent pathways), Nov 18, delegated to the Talent Working Group",
)


def test_the_sample_weeks_main_message_is_the_screens() -> None:
    assert dump(leadership(WEEK)[0]).split("Alt: ")[0] == SCREEN


def test_the_sample_weeks_replies_say_what_the_screens_do() -> None:
    text = dumped(leadership(WEEK)[1:])
    for expected in REPLIES:
        assert expected in text


def test_the_words_stay_as_published_and_only_the_button_follows() -> None:
    before = roll_up_post(post())
    after = roll_up_post(post(decided=frozenset({"D-1"})))
    assert before.text == after.text
    assert (dump(before).count("‹Answer›★"), dump(before).count("‹Answer›")) == (1, 2)
    # The first one that still waits is the one most people came for.
    assert dump(after).replace("‹Answer›★", "‹Answer›").replace("‹Decided›", "‹Answer›★", 1) == dump(before)
    assert problems(after) == []
