"""Setting up without a database: who may, what each step makes of the record, and that the result is a valid file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.domain.checkins import sending_state
from bot.domain.coalition import (
    OrganizationChoice,
    checklist,
    first_record,
    may_set_up,
    mistakes_of,
    organizations_of,
    with_account,
    with_groups,
    with_missing_rhythm,
    with_priorities,
    with_rhythm,
    with_stand_ins,
)
from bot.domain.coalition_file import check, to_file
from bot.domain.people import SeenAccount
from bot.domain.record import Record
from bot.domain.rhythm import QUESTION_SETS, Rhythm, rhythm_around, rhythm_of
from bot.domain.typed import key_for
from tests.builders import NOON, cadence, meeting, record
from tests.services.small import friday
from tests.tables import on_each

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)  # Tuesday, 10:00 AM in Chicago


def account(name: str = "Dana Whitlock", email: str | None = "dana@lbp.example", **fields: object) -> SeenAccount:
    usual: dict[str, object] = {"team_id": "T1", "user_id": f"U{name}", "timezone": None, "deactivated": False}
    return SeenAccount(name=name, email=email, **{**usual, **fields})  # type: ignore[arg-type]


@on_each(
    ("seen", "may"),
    [
        (account(is_admin=True), True),
        (account(), False),
        (account(email="Named@lbp.example"), True),
        (account(is_admin=True, is_guest=True), False),
        (account(is_admin=True, is_external=True), False),
        (account(is_admin=True, deactivated=True), False),
        (account(email="named@lbp.example", is_guest=True), False),
        (account(email=None), False),
    ],
)
def test_who_may_set_up(seen: SeenAccount, may: bool) -> None:
    assert may_set_up(seen, {"named@lbp.example"}) is may


def test_keys_are_short_plain_and_of_their_own() -> None:
    assert key_for("José Ñandú", (), "x") == "jose-nandu"
    assert key_for("Dana", ["dana", "Dana-2"], "x") == "dana-3"
    assert key_for("中文", (), "member") == "member"
    assert key_for("Coalition", (), "x") == "coalition-2", "which stands for the whole"


CHOSEN = {
    "crossroads.example": OrganizationChoice(key="crossroads.example", name="Crossroads", sector="nonprofit"),
    "T1": OrganizationChoice(key="T1", name="Kessler", sector="private"),
}


def built() -> Record:
    dana = account()
    record = first_record(
        "River Forks", "America/Chicago", "River Partnership", "nonprofit", dana, ["river-forks"], NOW
    )
    known: dict[str, str] = {dana.user_id: "dana"}
    for one in (
        account("Omar Castellanos", "omar@lbp.example"),
        account("Imani Rhodes", "imani@crossroads.example", is_guest=True),
        account("Luis Ferrer", "luis@crossroads.example"),
        account("Tom Delacroix", None, is_external=True),
        account("Gita Rao", "gita@gmail.com"),
    ):
        record, known[one.user_id] = with_account(record, one, known, dana, CHOSEN)
    record = with_priorities(record, [("Child care", "imani", "lb-access"), ("Jobs", "tom", "lb-jobs")])
    record = with_groups(record, {"lb-access": ["imani", "luis"], "lb-jobs": ["gita"]})
    record = with_stand_ins(record, {"imani": "luis"})
    return with_rhythm(record, Rhythm(channel="lb-steering"), NOW)


def test_the_steps_make_a_file_that_is_valid() -> None:
    record = built()
    assert check(to_file(record)) == (record, [])
    assert record.coalition.id == "river-forks-2"
    assert {one.id: one.organization for one in record.members} == {
        "dana": "river-partnership",
        "omar": "river-partnership",
        "imani": "crossroads",
        "luis": "crossroads",
        "tom": "kessler",
        "gita": "river-partnership",
    }
    assert [group.members for group in record.groups] == [("imani", "luis"), ("tom", "gita")]
    assert rhythm_of(record) == Rhythm(channel="lb-steering")


def test_organizations_are_told_apart_and_nothing_of_them_is_made_up() -> None:
    people = [
        account("Imani Rhodes", "imani@crossroads-alliance.example"),
        account("Luis Ferrer", "luis@crossroads-alliance.example"),
        account("Tom Delacroix", None, is_external=True),
        account("Omar Castellanos", "omar@lbp.example"),
    ]
    found = organizations_of(people, account(), {"T1": ["Kessler", "private"]})
    assert [(one.people, one.name, one.sector) for one in found] == [
        (("Imani Rhodes", "Luis Ferrer"), "Crossroads Alliance", None),
        (("Tom Delacroix",), "Kessler", "private"),
    ]
    # Only what was read from an address is called so.
    assert [one.is_suggested for one in found] == [True, False]
    assert mistakes_of(found, 80) == {"sector_0": "Choose its sector."}
    assert "organization_0" in mistakes_of(organizations_of(people[2:3], account(), {}), 80)


def test_a_step_that_was_gone_back_to_changes_what_is_there() -> None:
    record = built()
    again = with_groups(with_priorities(record, [("Care", "luis", "lb-access")]), {})
    assert [(one.id, one.name, one.owner) for one in again.priorities] == [
        ("child-care", "Care", "luis"),
        ("jobs", "Jobs", "tom"),
    ]
    assert set(again.groups[0].members) == {"imani", "luis"}
    assert again.groups[0].chair == "luis"
    assert len(with_rhythm(again, Rhythm(ask_day=0), NOW).cadences) == 3


def test_the_first_dates_are_still_ahead() -> None:
    starts = {one.id: one.dtstart for one in built().cadences}
    assert starts["weekly-checkin"].isoformat() == "2026-12-01T09:00:00", "today's nine o'clock is over"
    assert starts["weekly-digest"].isoformat() == "2026-11-27T07:30:00"
    assert starts["action-nudge"].isoformat() == "2026-11-30T08:30:00"


def test_questions_are_the_samples(sample: Record) -> None:
    theirs = {one.id: one for one in sample.question_sets}
    for one in QUESTION_SETS:
        assert replace(theirs[one.id], extra={}) == replace(one, extra={})


@on_each(
    ("rhythm", "hours"),
    [
        (Rhythm(), 51),
        (Rhythm(digest_day=0), 75),  # Monday's digest: closed at noon on Friday
        (Rhythm(ask_day=0, digest_day=2), 27),
        (Rhythm(ask_day=4, digest_day=3), 123),
        (Rhythm(ask_day=3, ask_at=time(9)), 3),
        (Rhythm(ask_day=4, ask_at=time(9)), 147),  # the Friday after
    ],
)
def test_answers_close_at_noon_on_the_working_day_before(rhythm: Rhythm, hours: int) -> None:
    assert rhythm.closes_after_hours == hours
    assert (rhythm.problem is None) is (hours >= 6)


def test_what_is_there_and_what_is_missing(sample: Record) -> None:
    assert [task.done for task in checklist(built())] == [True, True, True, False, False, False, False, False]
    assert all(task.done for task in checklist(sample))


@pytest.mark.parametrize(
    ("kept", "closes_after", "feeds"),
    [
        (set(), 27, {"weekly-checkin": "weekly-digest", "weekly-digest": None}),
        ({"digest"}, 75, {"friday": None, "weekly-checkin": "friday"}),
        ({"checkin"}, 51, {"weekly": "weekly-digest", "weekly-digest": None}),
        ({"checkin", "digest"}, 51, {"friday": None, "weekly": None}),
    ],
)
def test_only_what_a_file_lacks_of_the_rhythm_is_added(
    kept: set[str], closes_after: int, feeds: dict[str, str | None]
) -> None:
    there = tuple(one for one in (friday(), cadence("weekly")) if one.kind in kept)
    before = record(cadences=there, question_sets=[])
    rhythm = rhythm_around(before, Rhythm(ask_day=0, digest_day=2))
    after = with_missing_rhythm(before, rhythm, NOON)
    assert {one.id: one.feeds for one in after.cadences} == feeds
    assert [replace(one, feeds=None) for one in after.cadences[: len(there)]] == list(there)
    assert next(one.closes_after_hours for one in after.cadences if one.kind == "checkin") == closes_after
    assert all(task.done for task in checklist(after) if task.what == "The weekly rhythm")
    assert [one.id for one in after.question_sets] == ([] if "checkin" in kept else ["weekly-priority"])


def test_a_meetings_id_stays_the_meetings() -> None:
    before = record(cadences=(meeting("weekly-digest"),))
    after = with_missing_rhythm(before, Rhythm(), NOON)
    assert after.cadences[0] == before.cadences[0]
    assert len({one.id for one in after.cadences}) == 3


def test_what_resuming_would_send(sample: Record) -> None:
    zone = "America/Chicago"
    paused = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

    def at(now: datetime) -> tuple[int, int, int]:
        state = sending_state(sample, "paused", paused, zone, now)
        return len(state.asks), state.lapsed, len(state.digests)

    assert at(datetime(2026, 11, 23, 14, 45, tzinfo=UTC)) == (0, 0, 0)
    assert at(datetime(2026, 11, 23, 16, tzinfo=UTC)) == (3, 0, 0), "asked at nine, and open; Eastern was asked before"
    assert at(datetime(2026, 11, 25, 14, tzinfo=UTC)) == (0, 3, 1), "closed, and the digest came due"
    assert at(datetime(2026, 12, 1, 16, tzinfo=UTC)) == (4, 3, 1), "the newest only"
    assert sending_state(sample, "live", paused, zone, NOW).asks == ()
