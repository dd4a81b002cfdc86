"""Meetings on screen: a list, a card, what became of an answer or a change, and what a person's message says of them.
Agendas, notes and forms have modules of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.domain.meetings import (
    AGENDA,
    DECLINED,
    MOVED,
    PACK,
    SEAT,
    SKIPPED,
    Feeds,
    MeetingCard,
    MeetingChange,
    MeetingItem,
    MeetingLine,
    MeetingList,
    UnknownMeeting,
)
from bot.domain.rhythm import to_utc
from bot.domain.wording import clock, duration, full_day, near_day, part_of, plural, zone_name
from bot.slack.blocks import kit
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.menu import unknown_message
from bot.slack.identifiers import Action
from bot.slack.limits import MESSAGE_TEXT, TEXT
from bot.slack.message import Block, Message, View
from bot.slack.metadata import MeetingPage, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, escape, own, unmark
from bot.slack.names import listed_some

TITLE = "Meeting"
MOST_NAMES = 12
FEEDS_TITLE = "Subscribe"
MOST_FEEDS = 40


def list_message(found: MeetingList, *, has_feeds: bool = False) -> Message:
    """A page of meetings, each with its button; `has_feeds`: calendars can be subscribed to."""
    reader = Clock(found.reader_zone, found.now)
    if not found.lines:
        words = "You have no meetings coming up." if found.scope == "mine" else "No meeting is planned."
        return message_of([kit.section(words), *_foot(found, has_feeds)])
    heading = {
        "mine": "Your next meeting" if found.total == 1 else f"Your next {plural(found.total, 'meeting')}",
        "all": f"{plural(found.total, 'meeting')} ahead",
    }.get(found.scope, f"{plural(found.total, 'meeting')} could be meant")
    blocks = [kit.section(bold(heading))]
    for line in found.lines:
        words = f"{bold(line.name)}\n{when(line, reader)}{_said(line)}"
        open_it = kit.button("Open", Action.OPEN_MEETING, value=line.ref.cadence, about=line.name)
        blocks.append(kit.section(words, accessory=open_it))
    if found.total > len(found.lines):
        blocks.append(kit.context(part_of(found.start, len(found.lines), found.total)))
    return message_of([*blocks, *_foot(found, has_feeds)])


def _foot(found: MeetingList, has_feeds: bool) -> Iterator[Block]:
    buttons = []
    if found.total > len(found.lines) and found.scope in {"mine", "all"}:
        left = found.total - found.start - len(found.lines)
        words, page = (f"Next {min(left, 5)}", found.page + 1) if left else ("First", 0)
        buttons.append(kit.button(words, Action.TURN_MEETINGS, value=encode(MeetingPage(found.scope, page))))
    if found.scope == "mine":
        buttons.append(kit.button("All meetings", Action.MEETINGS_MINE, value=encode(MeetingPage("all", 0))))
        if found.lines:
            buttons.append(kit.button("Calendar file", Action.CALENDAR_FILE))
        if has_feeds:
            buttons.append(kit.button("Subscribe", Action.CALENDAR_FEED, label="Subscribe to your meetings' calendar"))
    if found.may_add:
        buttons.append(kit.button("Schedule a meeting", Action.NEW_MEETING))
    yield from kit.row(*buttons)


def feeds_view(feeds: Feeds, *, are_new: bool = False) -> View:
    """The addresses of somebody's calendars, to be put into the program that they use."""
    sure = kit.confirm(
        "New addresses?",
        "The addresses that you have now open nothing anymore, in every program that uses them.",
        "New addresses",
        "Not now",
    )
    lead = "These are new; what you subscribed to before is read no more. " if are_new else ""
    groups = [f"*{own(one.name)}*\n`{one.address}`" for one in feeds.groups]
    return View(
        title=FEEDS_TITLE,
        close="Close",
        blocks=(
            kit.section(
                f"{lead}Copy an address into your calendar program: in Google Calendar *Other calendars › From URL*, "
                "in Outlook *Add calendar › Subscribe from web*, in Apple's *New Calendar Subscription*. Moved and "
                "skipped meetings follow by themselves, in some programs only after a day."
            ),
            kit.section(f"*My meetings*\n`{feeds.own}`"),
            *map(kit.section, groups[:MOST_FEEDS]),
            kit.context("Whoever has an address can read these meetings' names and times. Keep it to yourself."),
            *_mailing(feeds),
            kit.actions(kit.button("New addresses", Action.NEW_FEEDS, confirm=sure)),
        ),
    )


def _mailing(feeds: Feeds) -> list[Block]:
    """The way to hear of changes at once, where mail is sent."""
    if feeds.are_changes_mailed is None:
        return []
    if feeds.are_changes_mailed:
        words = "Moved and skipped meetings are mailed to you at once too, as invitations for your calendar."
        return [kit.line(words, "Stop these mails", Action.MAIL_NO_CHANGES)]
    words = "To have moved and skipped meetings in your calendar at once, let me mail you an invitation for each."
    return [kit.line(words, "Mail me changes", Action.MAIL_CHANGES)]


def unknown_meeting_message(found: UnknownMeeting, verb: str = "") -> Message:
    """A meeting that is not known, and which was probably meant."""
    if found.nearest is None:
        return unknown_message(found.said, None, hint="Type a meeting's name or its group; “meetings” shows yours.")
    words = f"meeting {verb} {found.nearest.id}".replace("  ", " ")
    return unknown_message(found.said, words, shown=found.nearest.name)


def card_message(card: MeetingCard, lead: str | None = None) -> Message:
    """One meeting with what this reader may do about it; `lead` is what has just become of it."""
    blocks = [*([kit.section(lead), kit.divider()] if lead else []), *_card(card)]
    return message_of(blocks)


def card_view(card: MeetingCard, lead: str | None = None) -> View:
    """The same as a modal."""
    return View(title=TITLE, close="Close", blocks=card_message(card, lead).blocks)


def _card(card: MeetingCard) -> Iterator[Block]:
    reader = Clock(card.reader_zone, card.now)
    lines = [bold(card.meeting.name), own(_capital(card.rhythm))]
    if card.line is not None:
        lines.append(f"*{'Now' if card.line.has_begun else 'Next'}:* {when(card.line, reader)}")
        if card.line.moved_from is not None:
            lines.append(moved_words(card.line, reader))
        if _said(card.line):
            lines.append(_capital(_said(card.line).removeprefix(" · ")))
    yield kit.section("\n".join(lines))
    rest = card.upcoming[1:] if card.line is not None and not card.line.has_begun else card.upcoming
    if rest:
        days = [(full_day(reader.local(line.starts_at).date(), reader.today), line.moved_from) for line in rest]
        yield kit.section(f"*Then:* {' · '.join(f'{day} (moved)' if moved else day for day, moved in days)}")
    elif card.line is None:
        yield kit.section("No date is set.")
    yield kit.context(_capital(" · ".join(_around(card, reader))))
    buttons = list(_own_buttons(card.line)) if card.line is not None else []
    if card.line is not None:
        buttons.append(kit.button("Agenda", Action.MEETING_AGENDA, value=encode(card.line.ref)))
    if card.line is not None and card.has_pack:
        buttons.append(kit.button("Pack", Action.READ_PACK, value=encode(card.line.ref)))
    if card.notes_of is not None:
        buttons.append(kit.button("Write notes", Action.WRITE_NOTES, value=encode(card.notes_of)))
    buttons.append(kit.button("Calendar file", Action.CALENDAR_FILE, value=card.meeting.id))
    yield kit.actions(*buttons)
    if card.may_manage:
        changes = []
        if card.upcoming:
            first = encode(card.upcoming[0].ref)
            changes += [
                kit.button("Move one", Action.MOVE_MEETING, value=first),
                kit.button("Skip one", Action.SKIP_MEETING, value=first),
            ]
        edit = kit.button("Edit", Action.EDIT_MEETING, value=card.meeting.id)
        yield kit.actions(*changes, edit, *end_buttons(card.end, card.meeting.name))


def _around(card: MeetingCard, reader: Clock) -> Iterator[str]:
    if card.group_name:
        yield f"{own(card.group_name)}{f', #{own(card.channel)}' if card.channel else ''}"
    yield own(listed_some(card.attendees, MOST_NAMES)) if card.attendees else "nobody is invited yet"
    if card.coming or card.not_coming:
        cant = f", {card.not_coming} can't" if card.not_coming else ""
        yield f"{card.coming} of {len(card.attendees)} will come{cant}"
    if card.agenda_at is not None and card.agenda_at > card.now:
        yield f"agenda on {reader.day_of(card.agenda_at)}"
    ends = last_day_words(card.end, reader.today)
    if ends is not None:
        yield ends


def change_message(change: MeetingChange) -> Message:
    """What became of it, where it was asked for."""
    reader = Clock(change.reader_zone, change.now)
    buttons = []
    if change.what in {"coming", "not_coming", "substitute"} and not change.line.has_begun:
        buttons += list(_own_buttons(change.line))
    buttons.append(kit.button("Open", Action.OPEN_MEETING, value=change.line.ref.cadence))
    return message_of([kit.section(became(change, reader)), kit.actions(*buttons)])


def became(change: MeetingChange, reader: Clock) -> str:
    """What became of it, in markup."""
    line = change.line
    already = " already" if change.already else ""
    if change.what == "coming":
        return f"{bold(line.name)}: you{already} said that you'll be there{_at(line, reader)}."
    if change.what == "not_coming":
        told = " Whoever asked you to go knows." if change.told else ""
        return f"{bold(line.name)}: you{already} said that you can't come{_at(line, reader)}.{told}"
    if change.what == "substitute":
        name = own(line.substitute_name or "Somebody")
        return f"{bold(line.name)}: {name} is{already} asked to go in your place{_at(line, reader)}."
    told = f" {plural(change.told, 'person', 'people')} will hear of it." if change.told else ""
    if change.what == "skipped":
        following = (
            f" {reader.token(change.next_at, 'Next: ')}." if change.next_at is not None else " No other date is set."
        )
        carried = f" {plural(change.carried, 'point')} went along to it." if change.carried else ""
        day = near_day(line.starts_at.astimezone(ZoneInfo(line.zone)).date(), reader.today)
        skipped = f"no meeting on {day}{already and ' (already skipped)'}"
        return f"{bold(line.name)}: {skipped}.{told}{following}{carried}{_along(change, reader)}"
    if line.moved_from is None and change.already:
        return f"{bold(line.name)}: nothing is moved. It was already at this time{_at(line, reader)}."
    if line.moved_from is None:
        return f"{bold(line.name)} is back at its own time{_at(line, reader)}.{told}{_along(change, reader)}"
    lead = "already moved" if change.already else "moved"
    return f"{bold(line.name)}: {moved_words(line, reader, lead=lead)}.{told}{_along(change, reader)}"


def _along(change: MeetingChange, reader: Clock) -> str:
    """What becomes of the rounds that lead to the meeting, as sentences."""
    found = ""
    for one in change.rounds:
        opens = f"opens {near_day(one.opens.date(), reader.today)}, {clock(one.opens)}"
        if change.what == "skipped":
            found += f" {bold(one.name)} {opens} all the same; “checkin skip” leaves it out."
        else:
            found += f" {bold(one.name)} goes along and {opens}."
    return found


def meeting_item(item: MeetingItem, reader: Clock) -> tuple[list[Block], str]:
    """What a person's message says of an occurrence: blocks, and the same in plain words."""
    words = _item_words(item, reader)
    blocks = [kit.section(words)]
    buttons = list(_item_buttons(item))
    if buttons and not item.is_settled:
        blocks.append(kit.actions(*buttons))
    return blocks, _sentence(unmark(words))


def _item_words(item: MeetingItem, reader: Clock) -> str:
    line = item.line
    name = bold(line.name)
    if item.what == SKIPPED:
        day = near_day(line.starts_at.astimezone(ZoneInfo(line.zone)).date(), reader.today)
        return f"{name}: no meeting on {day}."
    if item.what == MOVED:
        return f"{name}: {moved_words(line, reader, lead='moved')}, {_length(line, reader)}."
    if item.what == AGENDA:
        where = f" It's in #{own(item.channel)}." if item.channel else " “Agenda” opens it here."
        return f"{name}: {when(line, reader)}. The agenda is open for points.{where}"
    if item.what == PACK:
        where = f" and in #{own(item.channel)}" if item.channel else ""
        return f"{name}: {when(line, reader)}. What there is to read before it is here{where}."
    if item.what == SEAT:
        asker = own(item.person or "Somebody")
        return f"{name}: {asker} asks whether you can go in their place{when(line, reader, ', ')}.{_answered(line)}"
    if item.what == DECLINED:
        if item.person is None:
            return f"{name}: your place is settled{when(line, reader, ', ')}."
        return f"{name}: {own(item.person)} can't go in your place{when(line, reader, ', ')}."
    if line.has_begun:
        return f"{name} was at {clock(reader.local(line.starts_at))}, {duration(line.minutes)}.{_answered(line)}"
    return f"{name} {_today(line, reader)}, {_length(line, reader)}{_said(line)}"


def _today(line: MeetingLine, reader: Clock) -> str:
    """ "today at 2:00 PM"; on the evening before, the day."""
    local = reader.local(line.starts_at)
    if local.date() == reader.today:
        return f"today at {clock(local)}"
    return f"{near_day(local.date(), reader.today)} at {clock(local)}"


def _item_buttons(item: MeetingItem) -> Iterator[kit.Element]:
    ref = encode(item.line.ref)
    if item.what == PACK:
        yield kit.button("Read the pack", Action.READ_PACK, value=ref)
    if item.what in {AGENDA, MOVED, PACK}:
        yield kit.button("Agenda", Action.MEETING_AGENDA, value=ref)
        if item.what in {AGENDA, PACK}:
            yield kit.button("Add a point", Action.ADD_POINT, value=ref)
        return
    if item.what == SKIPPED:
        return
    if item.what == SEAT:
        yield kit.button("I'll be there", Action.MEETING_COMING, value=ref)
        yield kit.button("Can't come", Action.MEETING_NOT_COMING, value=ref)
    else:
        yield from _own_buttons(item.line)
    yield kit.button("Agenda", Action.MEETING_AGENDA, value=ref)


def _own_buttons(line: MeetingLine) -> Iterator[kit.Element]:
    """What an attendee can say, but for what they have said."""
    if not line.is_attendee:
        return
    ref = encode(line.ref)
    if line.answer != "coming":
        yield kit.button("I'll be there", Action.MEETING_COMING, value=ref)
    if line.answer != "not_coming":
        yield kit.button("Can't come", Action.MEETING_NOT_COMING, value=ref)
    if line.answer != "substitute" and not line.stands_in_for:
        yield kit.button("Send a substitute", Action.MEETING_SEND, value=ref)


def when(line: MeetingLine, reader: Clock, lead: str = "", *, for_all: bool = False) -> str:
    """When and how long, on everybody's own clock and on the meeting's where it is another one.

    `lead` are the words before it; `for_all`: it stands where others read it too, whose clocks nobody knows.
    """
    return f"{reader.token(line.starts_at, lead)}, {_length(line, reader, for_all=for_all)}"


def _length(line: MeetingLine, reader: Clock, *, for_all: bool = False) -> str:
    """How long, and the meeting's own clock: "75 minutes (2:00 PM Central)"."""
    mine, local = reader.local(line.starts_at), line.starts_at.astimezone(ZoneInfo(line.zone))
    if mine.utcoffset() == local.utcoffset() and not for_all:
        return duration(line.minutes)
    return f"{duration(line.minutes)} ({_home(line)})"


def moved_words(line: MeetingLine, reader: Clock, lead: str = "Moved") -> str:
    """ "Moved from Wed Dec 9 to Thu Dec 10, 2:00 PM"; on one day "Moved from 10:00 AM to today, 2:00 PM"."""
    assert line.moved_from is not None
    if line.moved_from.date() == line.starts_at.astimezone(ZoneInfo(line.zone)).date():
        before = reader.time_token(to_utc(line.moved_from, line.zone), f"{lead} from ")
        return before + reader.token(line.starts_at, " to ")
    return reader.token(line.starts_at, f"{lead} from {near_day(line.moved_from.date(), reader.today)} to ")


def _home(line: MeetingLine) -> str:
    """The meeting's own clock: "2:00 PM Central"."""
    local = line.starts_at.astimezone(ZoneInfo(line.zone))
    return f"{clock(local)} {zone_name(local)}"


def _at(line: MeetingLine, reader: Clock) -> str:
    """The moment within a sentence: ", today, 2:00 PM"."""
    return reader.token(line.starts_at, ", ")


def _said(line: MeetingLine) -> str:
    words = {"coming": "you'll be there", "not_coming": "you can't come"}.get(line.answer or "", "")
    if line.answer == "substitute":
        words = f"{own(line.substitute_name or 'Somebody')} is asked to go in your place"
    stands = f"in place of {own(listed_some(line.stands_in_for, 3))}" if line.stands_in_for else ""
    return "".join(f" · {one}" for one in (stands, words) if one)


def _answered(line: MeetingLine) -> str:
    words = {"coming": "You said you'll be there.", "not_coming": "You said you can't come."}.get(line.answer or "")
    return f" {words}" if words else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def headed(head: str, lines: Sequence[str], most: int | None = None, *, beside: bool = True) -> Block:
    """A heading with its lines, at most so many and as one section holds; `beside`: a single one stands on its line."""
    if len(lines) == 1 and beside:
        return kit.section(f"{head} {lines[0]}")
    shown = list(lines[:most])
    while True:
        more = [f"• {len(shown)} of {len(lines)} are shown"] if len(shown) < len(lines) else []
        text = "\n".join([head, *(f"• {line}" for line in shown), *more])
        if len(text) <= TEXT or not shown:
            return kit.section(text)
        shown.pop()


def message_of(blocks: Iterable[Block]) -> Message:
    """Blocks with their words as the complete text."""
    shown = tuple(blocks)
    texts = [block["text"]["text"] for block in shown if block["type"] in {"section", "header"}]
    texts += [part["text"] for block in shown if block["type"] == "context" for part in block["elements"]]
    return Message(text=_within(" ".join(_sentence(unmark(text)) for text in texts)), blocks=shown)


def _within(words: str) -> str:
    """Escaped, within the length that Slack takes; escaping makes it longer."""
    most = MESSAGE_TEXT
    while len(escape(cut(words, most))) > MESSAGE_TEXT:
        most -= 200
    return escape(cut(words, most))


def names_or_nobody(names: Sequence[str]) -> str:
    return own(listed_some(names, MOST_NAMES)) if names else "nobody"


def _sentence(words: str) -> str:
    joined = words.replace("\n", ". ")
    return joined if joined.endswith((".", "?", ":")) else f"{joined}."
