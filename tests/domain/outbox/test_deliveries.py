"""When a delivery may reach somebody, what travels together, and what the late rules say. All of it pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outbox import (
    CHECKINS,
    SATURDAY,
    Item,
    Kind,
    Receiver,
    delivery_key,
    late_rule,
    may_travel_together,
    sendable_at,
)
from tests.tables import on_each

ZONE = ZoneInfo("America/Chicago")


def at(text: str) -> datetime:
    """A day and time of November 2026 in Chicago, as "24 09:00"."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE).astimezone(UTC)


def receiver(*blocked: int, zone: str = "America/Chicago", quiet: tuple[int, int] = (20, 7)) -> Receiver:
    return Receiver(
        zone=zone,
        quiet_from=time(quiet[0]),
        quiet_to=time(quiet[1]),
        blocked_days=frozenset(date(2026, 11, one) for one in blocked),
    )


@on_each(
    ("due", "until", "expected"),
    [
        ("24 09:00", "26 12:00", "24 09:00"),
        ("24 07:00", "26 12:00", "24 07:00"),  # quiet hours end at seven
        ("24 06:59", "26 12:00", "24 07:00"),
        ("24 19:59", "26 12:00", "24 19:59"),
        ("24 20:00", "26 12:00", "25 07:00"),  # and begin at eight
        ("24 23:30", "26 12:00", "25 07:00"),
        ("25 00:00", "26 12:00", "25 07:00"),
        ("25 03:00", "25 07:01", "25 07:00"),
        # What would end inside quiet hours goes by half past seven in the evening before.
        ("24 21:00", "25 06:00", "24 19:30"),
        ("25 03:00", "25 07:00", "24 19:30"),
        ("24 21:00", "24 22:00", "24 19:30"),
        ("26 12:00", "26 12:00", None),
        ("24 23:00", None, "25 07:00"),
    ],
)
def test_quiet_hours(due: str, until: str | None, expected: str | None) -> None:
    found = sendable_at(at(due), receiver(), not_before=at("24 09:00"), until=at(until) if until else None)
    assert found == (at(expected) if expected else None)


def test_nothing_goes_out_before_it_opened() -> None:
    """It opens at eleven in the evening and closes at six, so the evening before is no way out."""
    assert sendable_at(at("24 23:00"), receiver(), not_before=at("24 23:00"), until=at("25 06:00")) is None


@on_each(
    ("due", "blocked", "until", "expected"),
    [
        ("24 09:00", (24,), "26 12:00", "25 09:00"),  # the same wall time of the next day that is open
        ("24 09:00", (24, 25), "26 12:00", "26 09:00"),
        ("24 09:00", (24, 25, 26), "26 12:00", "23 09:00"),  # later it would be of no use, and it was known
        ("24 09:00", (23, 25), "26 12:00", "24 09:00"),
        ("24 21:00", (24,), "26 12:00", "26 07:00"),  # the next evening is quiet too
        ("24 21:00", (25,), "26 12:00", "26 07:00"),  # the morning after is a closed day
        ("24 21:00", (25,), "25 23:00", "24 19:30"),
        ("25 03:00", (24,), "25 06:00", None),  # the evening before is a closed day
        ("24 09:00", (24,), None, "25 09:00"),
    ],
)
def test_closed_and_away_days(due: str, blocked: tuple[int, ...], until: str | None, expected: str | None) -> None:
    found = sendable_at(
        at(due), receiver(*blocked), not_before=at("23 00:00"), until=at(until) if until is not None else None
    )
    assert found == (at(expected) if expected else None)


@on_each(
    ("due", "known", "until", "expected"),
    [
        ("28 09:00", "20 09:00", None, "27 09:00"),  # a Saturday: the working day before
        ("29 09:00", "20 09:00", None, "27 09:00"),
        ("28 09:00", "27 09:00", None, "27 09:00"),
        ("28 09:00", "27 09:01", None, "30 09:00"),  # not known by then: on the next one
        ("28 09:00", "28 09:00", "29 00:00", None),
        ("27 21:00", "27 21:00", None, "30 07:00"),  # the quiet hours of Friday end on Saturday
        ("27 21:00", "27 09:00", None, "27 19:30"),
        ("28 03:00", "20 09:00", None, "27 07:00"),
        ("29 22:00", "29 22:00", None, "30 07:00"),
        ("28 13:00", "28 13:00", "30 07:30", "30 07:00"),  # Monday's morning, where its same hour is too late
    ],
)
def test_weekends(due: str, known: str, until: str | None, expected: str | None) -> None:
    limit = at(until) if until is not None else None
    found = sendable_at(at(due), receiver(), not_before=at(known), until=limit)
    assert found == (at(expected) if expected else None)


def test_the_working_day_before_a_weekend_is_no_closed_day() -> None:
    assert sendable_at(at("28 09:00"), receiver(26, 27), not_before=at("20 09:00"), until=None) == at("25 09:00")
    assert sendable_at(at("27 09:00"), receiver(27), not_before=at("27 09:00"), until=None) == at("30 09:00")


@pytest.mark.parametrize("how", [{"on_weekends": True}, {"is_chain": True}])
def test_a_cadence_of_the_weekend_and_an_open_rounds_chain_keep_their_time(how: dict[str, bool]) -> None:
    found = sendable_at(at("28 09:00"), receiver(), not_before=at("20 09:00"), until=at("29 12:00"), **how)
    assert found == at("28 09:00")


def test_a_chain_is_never_ahead_of_its_round() -> None:
    """Nobody is asked to stand in before the owner has had their time."""
    closed, until = receiver(26), at("26 18:00")
    assert sendable_at(at("26 09:00"), closed, not_before=at("24 09:00"), until=until, is_chain=True) is None


@on_each(
    ("zone", "due", "expected"),
    [
        ("America/New_York", "24 06:00", "24 06:00"),  # seven there
        ("America/New_York", "24 05:59", "24 06:00"),
        ("America/New_York", "24 19:00", "25 06:00"),  # eight in the evening there
        ("Europe/Berlin", "24 10:00", "24 10:00"),
        ("Europe/Berlin", "24 14:00", "25 00:00"),  # nine in the evening there
        ("Asia/Kolkata", "24 09:00", "24 19:30"),
    ],
)
def test_quiet_hours_run_on_the_receivers_clock(zone: str, due: str, expected: str) -> None:
    found = sendable_at(at(due), receiver(zone=zone), not_before=at("23 00:00"), until=at("27 12:00"))
    assert found == at(expected)


@on_each(
    ("quiet", "due", "expected"),
    [
        ((0, 0), "24 03:00", "24 03:00"),  # none at all
        ((12, 13), "24 12:30", "24 13:00"),  # a siesta
        ((12, 13), "24 03:00", "24 03:00"),
        ((12, 13), "24 13:00", "24 13:00"),
        ((0, 7), "24 00:00", "24 07:00"),
        ((22, 0), "24 23:00", "25 00:00"),
    ],
)
def test_other_quiet_hours(quiet: tuple[int, int], due: str, expected: str) -> None:
    assert sendable_at(at(due), receiver(quiet=quiet), not_before=at("23 00:00"), until=None) == at(expected)


def test_quiet_hours_at_the_change_of_clocks() -> None:
    """In the night in which clocks go back, quiet hours end at seven by the new clock."""
    due = datetime(2026, 10, 31, 22, tzinfo=ZONE)
    found = sendable_at(due.astimezone(UTC), receiver(), not_before=due, until=None, on_weekends=True)
    assert found == datetime(2026, 11, 1, 7, tzinfo=ZONE)
    assert found is not None
    assert found - due.astimezone(UTC) == timedelta(hours=10)


def test_a_year_of_closed_days_is_no_endless_loop() -> None:
    days = frozenset(date(2026, 11, 24) + timedelta(days=n) for n in range(400))
    found = sendable_at(
        at("24 09:00"), Receiver("America/Chicago", blocked_days=days), not_before=at("24 09:00"), until=None
    )
    assert found is not None


moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: at("01 00:00") + timedelta(minutes=minutes))


@given(
    due=moments,
    zone=st.sampled_from(["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "UTC"]),
    hours=st.integers(1, 168),
    blocked=st.frozensets(st.dates(date(2026, 11, 1), date(2027, 11, 5)), max_size=5),
)
def test_nobody_is_written_to_at_a_wrong_hour(due: datetime, zone: str, hours: int, blocked: frozenset[date]) -> None:
    until = due + timedelta(hours=hours)
    found = sendable_at(due, Receiver(zone, blocked_days=blocked), not_before=due, until=until)
    if found is not None:
        local = found.astimezone(ZoneInfo(zone))
        assert time(7) <= local.time() < time(20)
        assert local.date() not in blocked
        assert local.weekday() < SATURDAY
        assert due <= found < until


@on_each(
    ("first", "last", "due", "together"),
    [
        ("24 09:00", "24 09:00", "24 09:30", True),
        ("24 09:00", "24 09:00", "24 09:31", False),
        ("24 09:00", "24 09:00", "24 08:30", True),
        ("24 09:00", "24 09:00", "24 08:29", False),
        ("24 09:00", "24 09:20", "24 08:50", True),
        ("24 09:00", "24 09:20", "24 08:49", False),
        ("24 09:00", "24 09:20", "24 09:31", False),
        ("24 09:00", "24 09:30", "24 09:15", True),
    ],
)
def test_what_travels_together(first: str, last: str, due: str, together: bool) -> None:
    assert may_travel_together(at(first), at(last), at(due)) is together


@pytest.mark.parametrize("item", [*sorted(CHECKINS), None])
def test_a_prompt_is_sent_only_while_its_window_is_open(item: Item | None) -> None:
    close = at("26 12:00")
    assert late_rule(Kind.PROMPTS, item, close - timedelta(microseconds=1), close).send
    too_late = late_rule(Kind.PROMPTS, item, close, close)
    assert not too_late.send
    assert too_late.reason.endswith("could not be sent before its round closed")


@pytest.mark.parametrize("kind", [Kind.ROLL_UP, Kind.REPLY, Kind.CHANNEL_EDITION, Kind.HELD_NOTICE])
def test_what_has_no_window_is_sent_however_late(kind: Kind) -> None:
    assert late_rule(kind, None, at("30 12:00"), None).send


def test_keys_are_the_same_for_the_same_and_differ_for_what_differs() -> None:
    parts = ("limestone-bend", Kind.PROMPTS, "weekly-checkin", "2026-11-24T09:00", "imani", Item.ASK, 7)
    assert delivery_key(*parts) == delivery_key(*parts)
    seen = {delivery_key(*parts)}
    for number in range(len(parts)):
        seen.add(delivery_key(*parts[:number], "other", *parts[number + 1 :]))
    seen |= {delivery_key("a", "bc"), delivery_key("ab", "c"), delivery_key("a", "", "bc"), delivery_key("a", None)}
    assert len(seen) == len(parts) + 5
    assert all(len(key) == 32 and key.isalnum() for key in seen)
    assert "imani" not in delivery_key(*parts)
