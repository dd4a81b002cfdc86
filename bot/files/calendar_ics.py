"""Calendar files: meetings as iCalendar (RFC 5545), with zones, skipped and moved occurrences."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vRecur

from bot.domain.meetings import CalendarEvent, CalendarFile

_SPARE = timedelta(days=2 * 366)
PRODUCT = "-//Backbeat//Meetings//EN"


def calendar_as_ics(file: CalendarFile) -> bytes:
    """The file's bytes: one event a meeting, one more for each moved occurrence, and every zone that they use."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", file.name)
    for event in file.events:
        calendar.add_component(_series(event, file.made_at))
        for slot, to in event.moves:
            calendar.add_component(_moved(event, slot, to, file.made_at))
    first = min((event.starts.date() for event in file.events), default=file.through.date()).replace(month=1, day=1)
    # Only the years that are in the file; a zone's whole history would be most of it.
    last = file.through.date().replace(month=1, day=1) + _SPARE
    # In the order of their names, so that the same meetings are the same bytes; and before the events that use them.
    missing = sorted(calendar.get_missing_tzids())
    calendar.subcomponents[:0] = [Timezone.from_tzid(zone, first_date=first, last_date=last) for zone in missing]
    written: bytes = calendar.to_ical()
    return written


def _series(event: CalendarEvent, made_at: datetime) -> Event:
    zone = ZoneInfo(event.zone)
    series = _event(event, event.starts, made_at)
    rule = vRecur.from_ical(event.rule)
    rule["UNTIL"] = [event.until]
    series.add("rrule", rule)
    if event.skipped:
        series.add("exdate", [slot.replace(tzinfo=zone) for slot in event.skipped])
    return series


def _moved(event: CalendarEvent, slot: datetime, to: datetime, made_at: datetime) -> Event:
    moved = _event(event, to, made_at)
    moved.add("recurrence-id", slot.replace(tzinfo=ZoneInfo(event.zone)))
    return moved


def _event(event: CalendarEvent, starts: datetime, made_at: datetime) -> Event:
    found = Event()
    found.add("uid", event.uid)
    found.add("dtstamp", made_at)
    found.add("sequence", event.sequence)
    found.add("summary", event.name)
    found.add("dtstart", starts.replace(tzinfo=ZoneInfo(event.zone)))
    found.add("duration", timedelta(minutes=event.minutes))
    return found
