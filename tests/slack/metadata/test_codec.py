"""What travels through Slack comes back as it was, from any version, and what no version made is told apart.

Every kind of value is tried by reflection. `earlier.py` holds what each version has written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from pydantic.fields import FieldInfo

from bot.domain.checkins import Upcoming, UpcomingRounds
from bot.domain.digests import Query
from bot.domain.meetings import MeetingRef
from bot.domain.typed import marks_of
from bot.errors import UserError
from bot.slack import limits
from bot.slack.identifiers import Action, Submission
from bot.slack.kept_words import form_name
from bot.slack.metadata import (
    OUT_OF_DATE,
    OUT_OF_DATE_FORM,
    SHAPES,
    AccountLink,
    AnswerOpened,
    DatesOpened,
    IssueCloseOpened,
    ItemPage,
    ListPages,
    Marked,
    MeetingPage,
    OutcomeOpened,
    OwnPartOpened,
    decode,
    decode_meeting,
    decode_member,
    decode_question,
    encode,
    encode_member,
    encode_question,
    encode_way,
    seen_dates,
    shown_pages,
)
from tests.examples import examples
from tests.slack.metadata.earlier import EARLIER, LINK, NEXT, NINE
from tests.tables import on_each

KINDS = sorted(SHAPES, key=lambda kind: kind.__name__)
LONGEST_ID = "a" * 64  # what a coalition's file may have
OWN_LENGTH = {"link": LINK, "account": "U0123456789"}
# What stands in options of menus, which hold less than buttons; some in menus that stand for buttons.
IN_OPTIONS = {
    AccountLink: limits.OPTION_VALUE,
    MeetingRef: limits.OPTION_VALUE,
    Query: limits.OPTION_VALUE - len(encode_way(Action.DIGEST_EDITION, "")),
}
# What was told of other text before there was one codec.
OF_FORMS = {AnswerOpened, Marked, OutcomeOpened, OwnPartOpened}
FOREIGN = [
    "",
    "x",
    "7",
    "[]",
    "{",
    "{}",
    "null",
    '{"x":1}',
    '{"v":99,"id":"a"}',
    '{"v":-1}',
    '{"v":"1"}',
    '["a"]',
    '"a"',
]


def rows() -> Iterator[tuple[type, int, str, Any]]:
    for kind, versions in EARLIER.items():
        for version, texts in versions.items():
            for text, value in texts.items():
                yield kind, version, text, value


def newest(kind: type) -> int:
    return len(SHAPES[kind].earlier) if kind in SHAPES else 0


@on_each("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_version_of_every_kind_has_examples(kind: type) -> None:
    assert set(EARLIER[kind]) == set(range(newest(kind) + 1))
    assert all(EARLIER[kind].values())


@on_each(("kind", "version", "text", "value"), [*rows()])
def test_what_any_version_wrote_is_read(kind: type, version: int, text: str, value: Any) -> None:
    assert decode(kind, text) == value
    assert type(decode(kind, text)) is kind


@on_each(("kind", "version", "text", "value"), [row for row in rows() if row[1] == newest(row[0])])
def test_a_shape_that_changes_is_a_new_version(kind: type, version: int, text: str, value: Any) -> None:
    assert encode(value) == text, "raise the version by a reader of the one before, and add examples of the new one"


# Made once: what characters there are takes long to say.
KNOWN: Mapping[Any, SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=20),
    int: st.integers(0, 2**53),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(),
    NoneType: st.none(),
    MeetingRef: st.builds(
        MeetingRef,
        st.text("abc-.", min_size=1),
        st.datetimes().map(lambda moment: moment.replace(second=0, microsecond=0)),
    ),
}


def values_of(hint: Any) -> SearchStrategy[Any]:
    """Any value that a field with this hint may hold; another hint has no place in what travels."""
    if get_origin(hint) is Annotated:
        hint, *about = get_args(hint)
        patterns = [one.metadata[0].pattern for one in about if isinstance(one, FieldInfo)]
        return st.from_regex(patterns[0], fullmatch=True) if patterns else values_of(hint)
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of(*map(values_of, get_args(hint)))
    if get_origin(hint) is not None and issubclass(get_origin(hint), Mapping):
        return st.dictionaries(*map(values_of, get_args(hint)), max_size=3)
    return KNOWN[hint]


@cache
def instances(kind: type) -> SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: values_of(hint) for name, hint in hints.items()})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_every_value_comes_back(kind: type, data: DataObject) -> None:
    value = data.draw(instances(kind))
    text = encode(value)
    assert decode(kind, text) == value
    assert text.startswith(f'{{"v":{newest(kind)}')


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=examples(25), deadline=None)
@given(text=st.text(max_size=30) | st.sampled_from(FOREIGN))
def test_other_text_is_told_kindly_or_read(kind: type, text: str) -> None:
    told = OUT_OF_DATE_FORM if kind in OF_FORMS else OUT_OF_DATE
    found: object
    try:
        found = decode(kind, text)
    except UserError as refused:
        found = refused
    assert type(found) is kind or str(found) == told


@on_each("kind", [kind for kind in KINDS if kind is not ListPages], ids=lambda kind: kind.__name__)
@on_each("text", ["", "[]", "{", '{"x":1}', '{"v":99}', '{"v":1,"page":-1}', '{"v":1,"other":1}'])
def test_foreign_text_is_out_of_date(kind: type, text: str) -> None:
    with pytest.raises(UserError, match="Copy what you wrote" if kind in OF_FORMS else "older message"):
        decode(kind, text)


@on_each("kind", [*KINDS, MeetingRef], ids=lambda kind: kind.__name__)
def test_every_value_fits_into_slack(kind: type) -> None:
    hints = get_type_hints(kind, include_extras=True)
    text = encode(kind(**{name: OWN_LENGTH.get(name) or _long(hint) for name, hint in hints.items()}))
    assert len(text) <= min(limits.BUTTON_VALUE, limits.PRIVATE_METADATA)
    assert len(text) <= IN_OPTIONS.get(kind, limits.BUTTON_VALUE)


def _long(hint: Any) -> Any:
    """A value about as long as they get."""
    if get_origin(hint) is Annotated:
        return _long(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        return _long(get_args(hint)[0])
    if get_origin(hint) is not None:
        key, value = map(_long, get_args(hint))
        if isinstance(key, datetime):
            return {key.replace(day=day): value for day in range(1, 31)}
        return {f"some_field_of_a_form_{number}": 99 if value == 10**9 else "4755bd1b" for number in range(30)}
    moment = datetime.fromisoformat("2026-12-01T09:30")
    known = {
        str: LONGEST_ID,
        int: 10**9,
        bool: False,
        date: moment.date(),
        datetime: moment,
        MeetingRef: MeetingRef(LONGEST_ID, moment),
    }
    return known[hint]


@pytest.mark.parametrize("key", [0, 1, 987654321])
def test_numbers_come_back(key: int) -> None:
    assert decode(int, encode(key)) == key


@on_each("value", [None, "", "x", "-1", "1.5", "²", "1 2", "1_0", " 1"])
def test_what_is_no_number_is_out_of_date(value: str | None) -> None:
    with pytest.raises(UserError, match="older message"):
        decode(int, value)


@pytest.mark.parametrize("value", [None, ""])
def test_no_id_is_out_of_date(value: str | None) -> None:
    with pytest.raises(UserError, match="older message"):
        decode(str, value)


@on_each("value", [None, "", "x", "|2026-12-01", "a|soon", "a|2026-12-01T09:00+01:00"])
def test_what_is_no_occurrence_is_out_of_date(value: str | None) -> None:
    if value == "|2026-12-01":
        assert decode(MeetingRef, value).cadence == ""
        return
    with pytest.raises(UserError, match="older message"):
        decode(MeetingRef, value)


def test_a_meeting_is_named_by_itself_or_by_an_occurrence() -> None:
    assert decode_meeting("steering-monthly") == "steering-monthly"
    assert decode_meeting("steering-monthly|2026-12-01T09:30") == "steering-monthly"


@on_each("text", ["", "[]", "{}", '{"subject":"7"}', "7", '{"v":1,"subject":-7}'])
def test_foreign_forms_are_refused_kindly(text: str) -> None:
    with pytest.raises(UserError, match="Copy what you wrote"):
        decode(AnswerOpened, text)


def test_moments_are_wall_times() -> None:
    with pytest.raises(UserError):
        decode(DatesOpened, '{"v":1,"cadence":"a","seen":{"2026-12-01T09:00":"2026-12-01T09:00Z"}}')


def test_pages_come_back_without_first_ones() -> None:
    assert decode(ListPages, encode(shown_pages({"people": 2, "held": 0}))) == ListPages({"people": 2})


@on_each("value", [None, "", "x", "[]", '{"people":-1}', '{"people":"2"}', '{"v":1,"at":{"people":-1}}'])
def test_foreign_pages_are_the_first_ones(value: str | None) -> None:
    assert decode(ListPages, value) == ListPages()


@pytest.mark.parametrize(
    ("kind", "text"),
    [(IssueCloseOpened, '{"v":1,"issue":"I-2","what":"reopen"}'), (MeetingPage, '{"v":1,"scope":"everyone","page":0}')],
)
def test_a_word_that_no_version_had_is_out_of_date(kind: type, text: str) -> None:
    with pytest.raises(UserError, match="older message"):
        decode(kind, text)


def test_a_form_that_moves_carries_when_each_date_was_to_come() -> None:
    moved, kept = Upcoming(slot=NINE, local=NEXT, is_moved=True), Upcoming(slot=NEXT, local=NEXT, is_moved=False)
    rounds = UpcomingRounds(id="weekly", name="Weekly", dates=(moved, kept), today=NINE.date())
    assert seen_dates(rounds) == DatesOpened("weekly", {NINE: NEXT, NEXT: NEXT})


def test_an_item_alone_is_its_first_page() -> None:
    assert decode(ItemPage, "A-101") == ItemPage("A-101", 0)


def test_marks_hold_no_values() -> None:
    assert "tram" not in encode(Marked("tom", marks_of({"goal": "A tram by 2030"})))


def test_blocks_come_back() -> None:
    assert decode_question(encode_question("moved")) == "moved"
    assert decode_question("member:tom") is None
    assert decode_member(encode_member("tom")) == "tom"
    with pytest.raises(UserError):
        decode_member("question:moved")


# What is kept of a form is kept under these names, so words of before an update come back in the form of after it.
KEPT = [
    (Submission.CHECKIN_DRAFT, '{"cadence":"weekly","seen":"9f"}', "check_in_draft:weekly", False),
    (Submission.CHECKIN_DRAFT, '{"cadence":null}', "check_in_draft:", True),
    (Submission.METRIC_PLAN, '{"metric":"fa-seats","marks":{"goal":"6b86b273"}}', "metric_plan:fa-seats", False),
    (Submission.METRIC_PLAN, '{"metric":null,"marks":{}}', "metric_plan:", True),
    (Submission.PRIORITY_PLAN, '{"priority":"talent","outcome":null,"marks":{}}', "priority_plan:talent", False),
    (Submission.OUTCOME, '{"priority":"talent","outcome":"tp-1","marks":{}}', "outcome:talent|tp-1", False),
    (Submission.OUTCOME, '{"priority":"talent","outcome":null,"marks":{}}', "outcome:talent|", True),
    (Submission.NEW_ACTION, "t0k3n", "new_action_form:", True),
    (Submission.NEW_ACTION, f'{{"token":"t0k3n","link":"{LINK}"}}', f"new_action_form:{LINK}", True),
    (Submission.CHANGE_ACTION, '{"action":"A-1","what":"move","marks":{}}', "change_action_form:A-1|move", False),
    (
        Submission.DIGEST_CONTEXT,
        '{"id":"2026-11-23|talent","marks":{"text":"4755bd1b"}}',
        "digest_context_form:2026-11-23|talent",
        False,
    ),
    (Submission.EDIT_ASK, "7", "edit_ask:7", False),
    (Submission.LETTER, "tom", "letter:tom", True),
    (Submission.LETTER, "note 7", "letter:note 7", True),
    (Submission.MEMBER_EDIT, '{"id":"tom","marks":{}}', "member_edit_form:tom", False),
    (Submission.GROUP, '{"id":null,"marks":{}}', "group_form:", True),
    (Submission.NEW_DECISION, '{"token":"t"}', "new_decision_form:", True),
    (Submission.NEW_DECISION, '{"token":"t","issue":"I-2"}', "new_decision_form:I-2", True),
    (Submission.BALLOT, "D-2", "ballot_form:D-2", False),
    (
        Submission.CLOSE_ISSUE,
        '{"issue":"I-2","what":"resolve"}',
        'close_issue_form:{"issue":"I-2","what":"resolve"}',
        False,
    ),
    (Submission.MEETING_PLAN, '{"token":"t","meeting":"monthly","seen":"m"}', "meeting_plan:monthly", False),
    (
        Submission.MEETING_POINT,
        '{"token":"t","ref":"monthly|2026-12-01T09:30","version":0}',
        "meeting_point_form:monthly|2026-12-01T09:30",
        True,
    ),
    (
        Submission.MEETING_NOTES,
        '{"token":"t","ref":"monthly|2026-12-01T09:30","version":3}',
        "meeting_notes_form:monthly|2026-12-01T09:30",
        False,
    ),
    (Submission.FUNDING_SOURCE, '{"source":"F-1","marks":{}}', "funding_source_form:F-1", False),
    (Submission.FUNDING_SOURCE, '{"source":null,"marks":{}}', "funding_source_form:", True),
]


@on_each(("form", "metadata", "name", "is_new"), KEPT)
def test_words_stay_kept_under_their_name(form: Submission, metadata: str, name: str, is_new: bool) -> None:
    found = form_name(form, metadata)
    assert found is not None
    assert (found.name, found.is_new) == (name, is_new)
