"""Calendars at secret addresses, as two calendar libraries read them over real HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp
import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from bot.domain.meetings import MeetingCard
from bot.errors import UserError
from bot.services.access import Actor
from handlers.pages.calendars import OFTEN
from tests.handlers.pages.conftest import Answered
from tests.services.stage import rest_meetings

STOCKTAKE = "Monthly priority stocktake"
CENTRAL = ZoneInfo("America/Chicago")


async def read(url: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as reply:
        return reply.status, await reply.text(), reply.headers


async def with_meetings(answered: Answered) -> Actor:
    """Grant, in a coalition whose meetings go on."""
    await rest_meetings(answered.stage.services, answered.stage.coalition_id, resume=True)
    return await answered.stage.actor("grant")


def starts(text: str, name: str) -> dict[str, list[datetime]]:
    """When an event of this name begins between Nov 30 and Dec 20, by library."""
    begin, end = datetime(2026, 11, 30, tzinfo=CENTRAL), datetime(2026, 12, 20, tzinfo=CENTRAL)
    found = IcsCalendarStream.calendar_from_ics(text)
    one = [
        event.start.astimezone(CENTRAL)
        for event in found.timeline_tz(CENTRAL).overlapping(begin, end)
        if event.summary == name and isinstance(event.start, datetime)
    ]
    parsed = icalendar.Calendar.from_ical(text)
    moved = [
        event.start
        for event in parsed.walk("VEVENT")
        if isinstance(event, icalendar.Event) and "recurrence-id" in event and str(event["summary"]) == name
    ]
    return {"ical": one, "icalendar": sorted(at for at in moved if isinstance(at, datetime))}


async def test_a_calendar_is_read_again_and_again_and_follows_what_is_moved(answered: Answered) -> None:
    grant = await with_meetings(answered)
    services = answered.stage.services
    feeds = await services.calendar_feeds.addresses(grant)
    assert feeds.own.endswith(".ics")
    status, text, headers = await read(feeds.own)
    assert status == 200
    assert headers["content-type"] == "text/calendar; charset=utf-8"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert starts(text, STOCKTAKE)["ical"] == [datetime(2026, 12, 1, 13, 0, tzinfo=CENTRAL)]
    # A program that has it already gets nothing anew …
    tag = str(headers["etag"])
    assert (await read(feeds.own, **{"If-None-Match": tag}))[0] == 304
    # … until something changes, and then the same event, under a higher number.
    omar = await answered.stage.actor("omar")
    uid, sequence = _event(text, STOCKTAKE)
    await move(answered, omar)
    status, text, headers = await read(feeds.own, **{"If-None-Match": tag})
    assert status == 200
    assert starts(text, STOCKTAKE)["ical"] == [datetime(2026, 12, 3, 10, 0, tzinfo=CENTRAL)]
    assert datetime(2026, 12, 3, 10, 0, tzinfo=CENTRAL) in starts(text, STOCKTAKE)["icalendar"]
    again, higher = _event(text, STOCKTAKE)
    assert (again, higher > sequence) == (uid, True)


async def move(answered: Answered, omar: Actor) -> None:
    """Moves December's stocktake to Thursday at ten."""
    meetings = answered.stage.services.meetings
    card = await meetings.show(omar, "stocktake")
    assert isinstance(card, MeetingCard)
    assert card.line is not None
    await meetings.move(omar, card.line.ref, datetime.fromisoformat("2026-12-03T10:00"))


def _event(text: str, name: str) -> tuple[str, int]:
    found = [one for one in icalendar.Calendar.from_ical(text).walk("VEVENT") if str(one["summary"]) == name]
    return str(found[0]["uid"]), max(int(str(one["sequence"])) for one in found)


async def test_a_group_s_calendar_holds_its_meetings_only(answered: Answered) -> None:
    grant = await with_meetings(answered)
    feeds = await answered.stage.services.calendar_feeds.addresses(grant)
    names = {one.name for one in feeds.groups}
    assert "Supplier Growth Working Group" in names
    address = next(one.address for one in feeds.groups if one.name == "Supplier Growth Working Group")
    _status, text, _headers = await read(address)
    found = {str(one["summary"]) for one in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    assert found == {"Supplier growth working group"}


async def test_an_address_that_is_none_or_was_called_back_says_so(answered: Answered) -> None:
    grant = await with_meetings(answered)
    services = answered.stage.services
    address = (await services.calendar_feeds.addresses(grant)).own
    for broken in (address.replace("/calendar/", "/calendar/x"), address[:-20] + ".ics"):
        status, text, _headers = await read(broken)
        assert (status, "can't be read" in text) == (410, True)
        assert "BEGIN" not in text
    assert grant.key is not None
    await services.answer_links.call_back(grant, grant.key)
    assert (await read(address))[0] == 410
    answered.stage.calendar.set(datetime.fromisoformat("2026-11-23T07:00:01-06:00"))
    assert (await read((await services.calendar_feeds.addresses(grant)).own))[0] == 200


async def test_somebody_who_leaves_a_group_reads_its_calendar_no_more(answered: Answered) -> None:
    grant = await with_meetings(answered)
    services = answered.stage.services
    with pytest.raises(UserError, match="not in this group"):
        await services.calendar_feeds.file(grant, "wg-talent")


async def test_reading_changes_nothing_and_too_often_is_refused(answered: Answered) -> None:
    grant = await with_meetings(answered)
    address = (await answered.stage.services.calendar_feeds.addresses(grant)).own
    seen = [hashlib.sha256((await read(address))[1].encode()).hexdigest() for _ in range(OFTEN)]
    assert len(set(seen)) == 1
    assert (await read(address))[0] == 429


async def test_a_moved_and_a_skipped_meeting_come_by_mail_as_changes_of_the_same_event(answered: Answered) -> None:
    await answered.by_mail("grant")
    grant = await with_meetings(answered)
    omar = await answered.stage.actor("omar")
    feed = (await read((await answered.stage.services.calendar_feeds.addresses(grant)).own))[1]
    uid, sequence = _event(feed, STOCKTAKE)
    await move(answered, omar)
    await answered.stage.go("11-23 12:00")
    moved = _invitation(answered)
    assert (moved["method"], moved["uid"], moved["status"]) == ("REQUEST", uid, "CONFIRMED")
    assert moved["starts"] == datetime(2026, 12, 3, 10, 0, tzinfo=CENTRAL)
    assert moved["of"] == datetime(2026, 11, 26, 13, 0, tzinfo=CENTRAL)
    assert int(str(moved["sequence"])) > sequence
    assert moved["organizer"] == "mailto:dana.whitlock@lbp.example"
    meetings = answered.stage.services.meetings
    card = await meetings.show(omar, "stocktake")
    assert isinstance(card, MeetingCard)
    assert card.line is not None
    await meetings.skip(omar, card.line.ref)
    answered.stage.set("11-24 12:00")
    await answered.stage.settle()
    skipped = _invitation(answered)
    assert (skipped["method"], skipped["uid"], skipped["status"]) == ("CANCEL", uid, "CANCELLED")
    assert skipped["of"] == moved["of"]
    assert int(str(skipped["sequence"])) > int(str(moved["sequence"]))


async def test_who_reads_in_slack_and_asks_for_it_gets_changes_by_mail_too(answered: Answered) -> None:
    grant = await with_meetings(answered)
    omar, services = await answered.stage.actor("omar"), answered.stage.services
    (address,) = [one.email for one in (await answered.stage.record()).members if one.id == "grant"]
    assert address is not None
    feeds = services.calendar_feeds
    assert (await feeds.addresses(grant)).are_changes_mailed is False
    await move(answered, omar)
    await answered.stage.go("11-23 12:00")
    assert not answered.box.to(address), "nobody is mailed who didn't ask"
    told = len(answered.stage.dm("grant"))
    assert told
    await feeds.mail_changes(grant, True)
    assert (await feeds.addresses(grant)).are_changes_mailed is True
    meetings = services.meetings
    card = await meetings.show(omar, "stocktake")
    assert isinstance(card, MeetingCard)
    assert card.line is not None
    await meetings.skip(omar, card.line.ref)
    await answered.stage.go("11-24 12:00")
    assert len(answered.box.to(address)) == 1
    assert _invitation(answered, address)["method"] == "CANCEL"
    assert len(answered.stage.dm("grant")) > told, "and in Slack as before"
    await feeds.mail_changes(grant, False)
    assert (await feeds.addresses(grant)).are_changes_mailed is False


async def test_who_reads_by_mail_gets_a_change_once(answered: Answered) -> None:
    """Slack takes nothing to them, so the news itself comes with the invitation."""
    grant = await with_meetings(answered)
    omar, services = await answered.stage.actor("omar"), answered.stage.services
    (address,) = [one.email for one in (await answered.stage.record()).members if one.id == "grant"]
    assert address is not None
    await services.calendar_feeds.mail_changes(grant, True)
    answered.stage.sandbox.workspace.users["U0GRANT"].no_direct_messages = True
    await answered.stage.go("11-23 12:00")
    before = len(answered.box.to(address))
    await move(answered, omar)
    await answered.stage.go("11-24 12:00")
    invited = [
        mail
        for mail in answered.box.to(address)[before:]
        if any(part.get_content_type() == "text/calendar" for part in mail.walk())
    ]
    assert len(invited) == 1


def _invitation(answered: Answered, address: str = "grant@mail.example") -> dict[str, object]:
    """What the newest mail with a calendar's part says, as both libraries read it."""
    parts = [
        part for mail in answered.box.to(address) for part in mail.walk() if part.get_content_type() == "text/calendar"
    ]
    text = str(parts[-1].get_content())
    parsed = icalendar.Calendar.from_ical(text)
    (event,) = parsed.walk("VEVENT")
    (other,) = IcsCalendarStream.calendar_from_ics(text).events
    assert isinstance(event, icalendar.Event)
    assert (other.uid, other.sequence) == (str(event["uid"]), int(str(event["sequence"])))
    assert parts[-1].get_param("method") == str(parsed["method"])
    return {
        "method": str(parsed["method"]),
        "uid": str(event["uid"]),
        "status": str(event["status"]),
        "starts": event.start,
        "of": getattr(event["recurrence-id"], "dt", None),
        "sequence": event["sequence"],
        "organizer": str(event["organizer"]),
    }
