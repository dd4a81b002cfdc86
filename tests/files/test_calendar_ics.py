"""Calendar files, read by another library than the one that writes them: the same dates as our own rules give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ical.calendar_stream import IcsCalendarStream

from bot.domain.meetings import CalendarFile, event_of, meetings
from bot.domain.record import Cadence, Move, Record
from bot.domain.rhythm import occurrences_between, to_utc
from bot.files.calendar_ics import calendar_as_ics
from tests.builders import meeting
from tests.slack.readable import check_golden
from tests.tables import on_each

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
THROUGH = datetime(2027, 11, 23, 13, tzinfo=UTC)


def written(*cadences: Cadence, sequence: int = 0) -> str:
    events = (event_of("limestone-bend", cadence, THROUGH, sequence) for cadence in cadences)
    file = CalendarFile(
        name="Good Jobs Compact",
        events=tuple(event for event in events if event is not None),
        made_at=NOW,
        through=THROUGH.replace(tzinfo=None),
    )
    return calendar_as_ics(file).decode()


def read(text: str) -> list[tuple[str, datetime, timedelta]]:
    """What another program shows of the twelve months: name, moment (UTC) and duration, in order."""
    calendar = IcsCalendarStream.calendar_from_ics(text)
    found = []
    for event in calendar.timeline_tz(ZoneInfo("America/Chicago")).included(NOW, THROUGH):
        assert isinstance(event.start, datetime)
        found.append((event.summary or "", event.start.astimezone(UTC), event.computed_duration))
    return sorted(found)


def ours(*cadences: Cadence) -> list[tuple[str, datetime, timedelta]]:
    return sorted(
        (cadence.name, moment, timedelta(minutes=cadence.duration_minutes or 60))
        for cadence in cadences
        for _occurrence, moment in occurrences_between(cadence, NOW, THROUGH)
    )


def test_the_samples_meetings_are_the_same_for_a_year(sample: Record) -> None:
    every = meetings(sample)
    assert len(every) == 10
    text = written(*every)
    assert read(text) == ours(*every)
    assert len(ours(*every)) > 75
    # The stocktake that moved away from Thanksgiving is there once, on the day that it moved to.
    stocktakes = [start for name, start, _length in read(text) if name == "Monthly priority stocktake"]
    assert stocktakes[0] == datetime(2026, 12, 1, 19, tzinfo=UTC)
    check_golden("calendar-limestone-bend.ics", text.replace("\r\n", "\n"))


@on_each("zone", ["America/Chicago", "America/New_York", "Europe/Berlin", "America/Phoenix", "Australia/Sydney", "UTC"])
@on_each(
    ("dtstart", "rule"),
    [
        ("2026-01-05T10:00", "FREQ=WEEKLY;BYDAY=MO"),
        ("2026-01-05T10:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"),
        ("2026-01-14T14:00", "FREQ=MONTHLY;BYDAY=2WE"),
        ("2026-01-30T12:00", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR"),
        ("2026-01-31T12:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("2026-05-12T09:00", "FREQ=YEARLY;BYMONTH=5,10;BYDAY=2TU"),
        ("2026-01-05T10:00", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270301"),
        ("2026-11-30T10:00", "FREQ=WEEKLY;BYDAY=MO;COUNT=5"),
        ("2027-01-04T10:00", "FREQ=DAILY;COUNT=1"),
    ],
)
def test_every_kind_of_rule_on_every_zone(zone: str, dtstart: str, rule: str) -> None:
    cadence = meeting(dtstart=dtstart, timezone=zone, rrule=rule)
    assert read(written(cadence)) == ours(cadence) != []


def test_skipped_and_moved_occurrences() -> None:
    def slot(text: str) -> datetime:
        return datetime.fromisoformat(text)

    cadence = meeting(
        timezone="America/New_York",
        exdates=(slot("2026-12-21T10:00"), slot("2026-12-22T10:00")),
        moves=(
            Move(original=slot("2026-12-28T10:00"), to=slot("2026-12-29T15:30")),
            Move(original=slot("2027-01-04T10:00"), to=slot("2027-01-11T09:00")),  # a week later, beside the next one
            Move(original=slot("2027-01-05T10:00"), to=slot("2027-01-06T10:00")),  # not a slot of the rule
        ),
    )
    text = written(cadence, sequence=3)
    found = read(text)
    assert found == ours(cadence)
    starts = [start for _name, start, _length in found]
    assert to_utc(slot("2026-12-29T15:30"), "America/New_York") in starts
    assert to_utc(slot("2026-12-21T10:00"), "America/New_York") not in starts
    assert text.count("SEQUENCE:3") == text.count("BEGIN:VEVENT") == 3
    assert text.count("UID:sync@limestone-bend.backbeat") == 3
    assert "RECURRENCE-ID;TZID=America/New_York:20261228T100000" in text
    assert "EXDATE;TZID=America/New_York:20261221T100000" in text
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_a_change_keeps_the_id_and_what_is_over_is_left_out() -> None:
    cadence = meeting()
    changed = replace(
        cadence, name="Another name", rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=datetime.fromisoformat("2026-01-06T11:00")
    )
    assert "UID:sync@limestone-bend.backbeat" in written(changed, sequence=1)
    assert "BEGIN:VEVENT" not in written(meeting(dtstart="2028-01-03T10:00"))


def test_people_s_words_are_escaped() -> None:
    text = written(meeting(name="Budget; part 1, and\\more"))
    assert "SUMMARY:Budget\\; part 1\\, and\\\\more" in text
    assert read(text)[0][0] == "Budget; part 1, and\\more"


def test_the_files_lines_are_as_long_as_the_format_allows(sample: Record) -> None:
    lines = written(*meetings(sample)).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
