"""Calendar files: meetings as iCalendar (RFC 5545), with zones, skipped and moved occurrences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vRecur

from bot.domain.meetings import CalendarEvent, CalendarFile

_SPARE = timedelta(days=2 * 366)
READ_AGAIN = timedelta(hours=1)
PRODUCT = "-//Backbeat//Meetings//EN"


def calendar_as_ics(file: CalendarFile, *, is_read_again: bool = False) -> bytes:
    """The file's bytes: one event a meeting, one more for each moved occurrence, and every zone that they use.

    `is_read_again`: a program comes back for it, and is told how soon that is worth it.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", file.name)
    if is_read_again:
        # The first is RFC 7986, the second what programs read before it.
        calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
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


@dataclass(frozen=True, slots=True)
class Invitation:
    """One occurrence that was moved (REQUEST) or isn't held (CANCEL), as calendar programs take it from a mail."""

    method: str
    ics: bytes


def invitation_of(
    event: CalendarEvent, slot: datetime, *, organizer: tuple[str, str], attendee: tuple[str, str], made_at: datetime
) -> Invitation:
    """What became of an occurrence, by its `slot`; organizer and attendee are (name, address). It is the event of the
    calendar that can be subscribed to, under a number that is higher each time something changes."""
    to = dict(event.moves).get(slot)
    method = "CANCEL" if to is None else "REQUEST"
    found = _moved(event, slot, to if to is not None else slot, made_at)
    found.add("status", "CANCELLED" if to is None else "CONFIRMED")
    for name, (words, address) in (("organizer", organizer), ("attendee", attendee)):
        who = vCalAddress(f"mailto:{address}")
        who.params["CN"] = words
        if name == "attendee":
            # What is said about coming is said in the mail's own page.
            who.params["RSVP"] = "FALSE"
        found.add(name, who)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(found)
    first = min(slot, to or slot).date().replace(month=1, day=1)
    zones = [
        Timezone.from_tzid(zone, first_date=first, last_date=first + _SPARE) for zone in calendar.get_missing_tzids()
    ]
    calendar.subcomponents[:0] = zones
    written: bytes = calendar.to_ical()
    return Invitation(method, written)


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
