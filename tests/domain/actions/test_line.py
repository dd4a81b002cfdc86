"""An action item in one line: what each way of writing it becomes, and that no word is ever lost."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import ActionDraft, ActionLineContext, parse_action_line
from bot.domain.typed import Known, match_known, read_day
from bot.errors import UserError
from tests.examples import examples
from tests.tables import on_each

TODAY = date(2026, 11, 24)  # a Tuesday
KNOWN = ActionLineContext(
    members=(
        Known("marcus", "Marcus Teal"),
        Known("grant", "Grant Okafor"),
        Known("maria", "Maria Lopez"),
        Known("h-sato", "Helen Sato"),
        Known("jo", "Jo"),
    ),
    priorities=(
        Known("supplier-growth", "Supplier and small-firm growth"),
        Known("talent-pathways", "Talent pathways"),
        Known("family-access", "Child care and commute access"),
        Known("job-quality", "Job quality"),
        Known("job-retention", "Job retention"),
    ),
    accounts={"U0MARCUS": "marcus"},
    me="h-sato",
)
SUPPLIER, TALENT, FAMILY, QUALITY = "supplier-growth", "talent-pathways", "family-access", "job-quality"


def nov(day: int) -> date:
    return date(2026, 11, day)


def dec(day: int) -> date:
    return date(2026, 12, day)


Row = tuple[str, str, str | None, date | None, str | None]
LINES: list[Row] = [
    # the example of the grammar
    (
        "Book 24 firm assessments @marcus by 26 Nov in supplier-growth",
        "Book 24 firm assessments",
        "marcus",
        nov(26),
        SUPPLIER,
    ),
    # nothing but a title
    ("Book a room", "Book a room", None, None, None),
    ("", "", None, None, None),
    ("   ", "", None, None, None),
    ("by", "by", None, None, None),
    ("in", "in", None, None, None),
    ("@", "@", None, None, None),
    # order does not matter
    ("@marcus Book a room by Fri in job-quality", "Book a room", "marcus", nov(27), QUALITY),
    ("in job-quality by Fri @marcus Book a room", "Book a room", "marcus", nov(27), QUALITY),
    ("by Fri Book a room", "Book a room", None, nov(27), None),
    # days
    ("Call by Nov 26", "Call", None, nov(26), None),
    ("Call by nov 26", "Call", None, nov(26), None),
    ("Call by November 26", "Call", None, nov(26), None),
    ("Call by 26 November", "Call", None, nov(26), None),
    ("Call by Nov 26th", "Call", None, nov(26), None),
    ("Call by Nov 26, 2027", "Call", None, date(2027, 11, 26), None),
    ("Call by 26 Nov 2027", "Call", None, date(2027, 11, 26), None),
    ("Call by 2026-11-26", "Call", None, nov(26), None),
    ("Call by 11/26", "Call", None, nov(26), None),
    ("Call by 11/26/27", "Call", None, date(2027, 11, 26), None),
    ("Call by 11/26/2026.", "Call", None, nov(26), None),
    ("Call by today", "Call", None, TODAY, None),
    ("Call by tomorrow", "Call", None, nov(25), None),
    ("Call by yesterday", "Call", None, nov(23), None),
    ("Call by in 3 days", "Call", None, nov(27), None),
    ("Call by in two weeks", "Call", None, dec(8), None),
    ("Call by Mon", "Call", None, nov(30), None),
    ("Call by Tue", "Call", None, dec(1), None),
    ("Call by Wednesday", "Call", None, nov(25), None),
    ("Call by next Mon", "Call", None, nov(30), None),
    ("Call by next Fri", "Call", None, dec(4), None),
    ("Call by Fri Dec 4", "Call", None, dec(4), None),
    ("Call by Nov 24", "Call", None, TODAY, None),
    ("Call by Nov 23", "Call", None, date(2027, 11, 23), None),
    ("Call by Feb 29", "Call", None, date(2028, 2, 29), None),
    ("Call BY FRI", "Call", None, nov(27), None),
    # `by` only before a day, and the last one counts
    ("Drive by the site by Fri", "Drive by the site", None, nov(27), None),
    ("Stop by Nov 26 by Dec 4", "Stop by Nov 26", None, dec(4), None),
    ("Get it signed by the mayor", "Get it signed by the mayor", None, None, None),
    ("Walk by noon", "Walk", None, TODAY, None),
    ("Finish the course in 3 days", "Finish the course", None, nov(27), None),
    ("Talk about May", "Talk about May", None, None, None),
    ("Order by Mar", "Order", None, date(2027, 3, 31), None),
    # priorities
    ("Call in supplier-growth", "Call", None, None, SUPPLIER),
    ("Call in supplier growth", "Call", None, None, SUPPLIER),
    ("Call in supplier", "Call", None, None, SUPPLIER),
    ("Call in Supplier and small-firm growth", "Call", None, None, SUPPLIER),
    ("Call in TALENT", "Call", None, None, TALENT),
    ("Call in child care", "Call", None, None, FAMILY),
    ("Call in job", "Call", None, None, None),
    ("Call in su", "Call in su", None, None, None),
    ("Train staff in child care centers", "Train staff in child care centers", None, None, None),
    ("Meet in town in talent", "Meet in town", None, None, TALENT),
    ("Call in talent in job quality", "Call in talent", None, None, QUALITY),
    ("Call in talent by Fri", "Call", None, nov(27), TALENT),
    ("Hold a session in talent pathways for parents", "Hold a session for parents", None, None, TALENT),
    ("Write a letter in the whole coalition", "Write a letter", None, None, None),
    ("Call in Job quality.", "Call", None, None, QUALITY),
    # owners
    ("Call @marcus", "Call", "marcus", None, None),
    ("Call @Marcus Teal", "Call", "marcus", None, None),
    ("Call @Teal", "Call", "marcus", None, None),
    ("Call @marcus.teal", "Call", "marcus", None, None),
    ("Call @GRANT, please", "Call please", "grant", None, None),
    ("Call <@U0MARCUS>", "Call", "marcus", None, None),
    ("Call <@U0MARCUS|marcus> by Fri", "Call", "marcus", nov(27), None),
    ("Call <@U0NOBODY>", "Call <@U0NOBODY>", None, None, None),
    ("Call @nobody", "Call @nobody", None, None, None),
    ("Call @mar", "Call @mar", None, None, None),
    ("Call @me by Fri", "Call", "h-sato", nov(27), None),
    ("Ask @grant about it @marcus", "Ask @grant about it", "marcus", None, None),
    ("Write to a@b.example", "Write to a@b.example", None, None, None),
    # owners written out
    ("Book a room Marcus Teal by Fri", "Book a room", "marcus", nov(27), None),
    ("Book a room for Marcus Teal", "Book a room", "marcus", None, None),
    ("Call Marcus Teal by Fri", "Call Marcus Teal", None, nov(27), None),
    ("Write to Marcus Teal", "Write to Marcus Teal", None, None, None),
    ("Send the form to Marcus Teal by Fri", "Send the form to Marcus Teal", None, nov(27), None),
    ("Marcus Teal", "Marcus Teal", None, None, None),
    ("Ask marcus", "Ask marcus", None, None, None),
]


@on_each(("text", "title", "owner", "due", "priority"), LINES)
def test_becomes(text: str, title: str, owner: str | None, due: date | None, priority: str | None) -> None:
    draft = parse_action_line(text, KNOWN, TODAY)
    assert (draft.title, draft.owner, draft.due, draft.priority) == (title, owner, due, priority)


def test_the_whole_coalition_is_no_missing_priority() -> None:
    assert parse_action_line("Call in the whole coalition", KNOWN, TODAY).is_whole_coalition
    assert not parse_action_line("Call", KNOWN, TODAY).is_whole_coalition


@on_each(
    ("typed", "said"),
    [
        ("Nov 31", "November has 30 days. Try “Nov 30” or “Mon”."),
        ("31 Nov", "November has 30 days. Try “Nov 30” or “Mon”."),
        ("11/31", "November has 30 days. Try “Nov 30” or “Mon”."),
        ("2026-11-31", "November has 30 days. Try “Nov 30” or “Mon”."),
        ("Feb 30", "February has 28 days. Try “Feb 28” or “Mon”."),
        ("Feb 29, 2027", "February has 28 days. Try “Feb 28, 2027” or “Mon”."),
        ("Nov 0", "Months begin with day 1. Try “Nov 1” or “Mon”."),
        ("26/11", "A year has 12 months. Try “Nov 26” or “Mon”."),
        ("2026-13-45", "A year has 12 months. Try “Nov 26” or “Mon”."),
        ("0000-11-26", "I can't read the year. Try “Nov 26” or “Mon”."),
        ("Fri Dec 5", "Dec 5 is a Saturday. Try “Dec 5” or “Fri”."),
    ],
)
def test_days_that_do_not_exist(typed: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read_day(typed, TODAY)
    assert caught.value.message == said
    draft = parse_action_line(f"Call the college by {typed} @marcus", KNOWN, TODAY)
    assert (draft.title, draft.due, draft.owner) == ("Call the college", None, "marcus")
    assert [(one.field, one.words) for one in draft.problems] == [("due", said)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Call @nobody", "I don't know “@nobody”. Choose somebody from the list."),
        ("Call @mar", "“@mar” could be Marcus Teal or Maria Lopez. Choose one from the list."),
        ("Call <@U0NOBODY>", "I don't know that person yet. Choose somebody from the list."),
    ],
)
def test_owners_that_are_not_clear(line: str, said: str) -> None:
    draft = parse_action_line(line, KNOWN, TODAY)
    assert [(one.field, one.words) for one in draft.problems] == [("owner", said)]


def test_the_last_day_of_the_calendar_is_no_crash() -> None:
    assert parse_action_line("Call by in 999 weeks", KNOWN, date(9999, 12, 31)).due is None


def test_names_are_found_by_any_of_their_words() -> None:
    assert [one.id for one in match_known("okaf", KNOWN.members)] == ["grant"]
    assert [one.id for one in match_known("job", KNOWN.priorities)] == ["job-quality", "job-retention"]
    assert match_known("", KNOWN.members) == []


WORDS = (
    "by in for to @marcus @ma @ <@U0MARCUS> <@U1> Fri Nov 26 31 26, 2027 0 11/26 13/13 99 supplier-growth talent job "
    "the whole coalition next Mon Marcus Teal today days weeks 3 Feb 29 0000-00-00 — call ¾ ² ٣ "
    "(Grant [talent] (Fri) 26) page(s), / ->"
)
PIECES = st.sampled_from(WORDS.split())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


@settings(max_examples=examples(25), deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map(" ".join)), st.dates())
def test_no_word_is_lost_whatever_is_typed(text: str, today: date) -> None:
    draft: ActionDraft = parse_action_line(text, KNOWN, today)
    # Marks and brackets go with what they parted or held; words stay.
    assert _words(draft.title) + _words(" ".join(draft.taken)) == _words(text)
    assert draft.taken or draft.title == " ".join(text.split())


@settings(max_examples=examples(25), deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=6).map(" ".join)), st.dates())
def test_a_day_is_read_or_refused_with_a_sentence(text: str, today: date) -> None:
    with contextlib.suppress(UserError):
        found = read_day(text, today)
        assert found is None or isinstance(found, date)
