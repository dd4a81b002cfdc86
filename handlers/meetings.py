"""Meetings: mine, a card, who comes, moving and skipping, scheduling and editing, and calendar files. Agendas and notes
are in `agendas`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.domain.meetings import (
    ChangeLine,
    MeetingCard,
    MeetingChange,
    MeetingList,
    MeetingRef,
    UnknownMeeting,
    split_change,
)
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.errors import UserError
from bot.files.calendar_ics import calendar_as_ics
from bot.services.access import refusal
from bot.slack.blocks import kit
from bot.slack.blocks.meetings import (
    CHANGE_TITLES,
    EDIT_TITLE,
    FEEDS_TITLE,
    MOVE_MEETING_FORM,
    PLAN_FORM,
    PLAN_TITLE,
    SKIP_MEETING_FORM,
    SUBSTITUTE_FORM,
    TITLE,
    Seat,
    became,
    card_message,
    card_view,
    change_form_view,
    change_message,
    feeds_view,
    list_message,
    message_of,
    plan_preview_view,
    unknown_meeting_message,
)
from bot.slack.blocks.menu import mistyped
from bot.slack.files import give_file
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import MeetingChangeOpened, MeetingOpened, MeetingPage, OccurrenceOpened, decode, decode_meeting
from bot.slack.moments import Clock
from handlers import agendas, packs
from handlers.context import Call, NeedsPress
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.presses import shows, tells

VERBS = ("add", "schedule", "edit", "agenda", "pack", "notes", "skip", "move", "calendar", "list", "help")
MOST_DAY_WORDS = 6  # behind a meeting's name


async def show_mine(call: Call) -> None:
    """The next occurrence of each of the person's own meetings."""
    found = await call.services.meetings.mine(await call.actor())
    await call.reply(list_message(found, has_feeds=call.services.calendar_feeds.are_made))


# Of every meeting that they may see.
show_every = tells(lambda services: services.meetings.every, list_message)


async def turn_list(call: Call) -> None:
    """Another page or list, in its place."""
    at = call.pressed(MeetingPage)
    service, actor = call.services.meetings, await call.actor()
    found = await (service.mine(actor, at.page) if at.scope == "mine" else service.every(actor, at.page))
    feeds = call.services.calendar_feeds.are_made
    await call.answer(list_message(found, has_feeds=feeds), "Meetings")


async def show(call: Call, typed: str) -> None:
    """One meeting by its name, its id or its group."""
    if asks_for_every(typed, "meeting"):
        await show_every(call)
        return
    found = await call.services.meetings.find(await call.actor(), typed)
    if isinstance(found, UnknownMeeting):
        meant = mistyped("meeting", VERBS, typed) if " " in typed or found.nearest is None else None
        if meant is not None:
            await call.reply(meant)
            return
    await _show_found(call, found)


async def _show_found(call: Call, found: MeetingCard | MeetingList | UnknownMeeting, verb: str = "") -> None:
    if isinstance(found, UnknownMeeting):
        await call.reply(unknown_meeting_message(found, verb))
    elif isinstance(found, MeetingList):
        await call.reply(list_message(found))
    else:
        await call.reply(card_message(found))


async def open_card(call: Call) -> None:
    key = decode_meeting(call.value)
    await call.open(TITLE)
    await call.show(card_view(await call.services.meetings.show(await call.actor(), key)))


async def _answer(call: Call, answer: str) -> None:
    """[I'll be there] and [Can't come]."""
    ref = call.pressed(MeetingRef)
    change = await call.services.meetings.answer(await call.actor(), ref, answer)
    await _tell(call, change)


async def ask_substitute(call: Call) -> None:
    """[Send a substitute]: who goes."""
    ref = call.pressed(MeetingRef)
    await call.open(SUBSTITUTE_FORM.title)
    card = await call.services.meetings.show(await call.actor(), ref.cadence)
    line = next((one for one in (card.line, *card.upcoming) if one is not None and one.ref == ref), None)
    if line is None:
        raise UserError("That meeting is over, or it isn't held anymore. Type “meetings” to see yours.")
    await call.show(SUBSTITUTE_FORM.view(Seat(line, Clock(card.reader_zone, card.now))))


async def submit_substitute(call: Call) -> None:
    ref = call.about(OccurrenceOpened).ref
    member = SUBSTITUTE_FORM.read(call.values)
    change = await call.services.meetings.send_substitute(await call.actor(), ref, member)
    await _show_change(call, change)


async def _open_change(call: Call, what: str) -> None:
    ref = call.pressed(MeetingRef)
    await call.open(CHANGE_TITLES[what])
    form = await call.services.meetings.change_form(await call.actor(), ref.cadence, what, ref)
    await call.show(change_form_view(form))


async def _change_typed(call: Call, typed: str, what: str) -> None:
    """ "meeting move talent", "meeting skip talent": the form of what was named; where no form can be opened, the card
    with its buttons."""
    if call.can_open:
        await call.open(CHANGE_TITLES[what])
    found, said = await _named_change(call, typed, what)
    if isinstance(found, MeetingCard) and not call.can_open and said != ChangeLine(name=typed):
        raise NeedsPress
    if not isinstance(found, MeetingCard) or not call.can_open:
        await _show_found(call, found, what)
        return
    form = await call.services.meetings.change_form(await call.actor(), found.meeting.id, what, said=said)
    await call.show(change_form_view(form))


async def _named_change(
    call: Call, typed: str, what: str
) -> tuple[MeetingCard | MeetingList | UnknownMeeting, ChangeLine]:
    """The meeting that a change is about, and what was typed of its day: "talent to Fri", "talent on Dec 9"."""
    actor, meetings = await call.actor(), call.services.meetings
    said = split_change(typed)
    found = await meetings.find(actor, said.name)
    if isinstance(found, MeetingCard):
        return found, said
    words = typed.split()
    for count in range(len(words) - 1, max(0, len(words) - MOST_DAY_WORDS), -1):
        shorter = await meetings.find(actor, " ".join(words[:count]).removesuffix(" on"))
        if isinstance(shorter, MeetingCard):
            day = " ".join(words[count:]).removeprefix("on ").removeprefix("to ")
            name = " ".join(words[:count])
            return shorter, ChangeLine(name=name, **({"to": day} if what == "move" else {"former": day}))
    return found, said


async def submit_move(call: Call) -> None:
    """Stores the new time; the modal says who hears of it, or first what it would overlap with."""
    form = call.about(MeetingChangeOpened)
    said = MOVE_MEETING_FORM.read(call.values)
    chosen, to = decode(MeetingRef, said.which), said.moment
    actor, meetings = await call.actor(), call.services.meetings
    change = await meetings.move(actor, chosen, to, form.seen if chosen == form.ref else None, asks=form.told != to)
    if change.clashes:
        again = await meetings.change_form(actor, chosen.cadence, "move", chosen)
        await call.become(change_form_view(replace(again, to=to, clashes=change.clashes)))
        return
    await _show_change(call, change)


async def submit_skip(call: Call) -> None:
    """Skips the chosen one; the modal says who hears of it."""
    form = call.about(MeetingChangeOpened)
    chosen = decode(MeetingRef, SKIP_MEETING_FORM.read(call.values))
    change = await call.services.meetings.skip(await call.actor(), chosen, form.seen if chosen == form.ref else None)
    await _show_change(call, change)


async def open_plan(call: Call, line: str = "") -> None:
    """Opens the form of a new meeting, filled with what was typed; where none can be opened, says how."""
    if not call.can_open and line:
        raise NeedsPress
    if not call.can_open:
        if not (await call.actor()).standing.may_anywhere(Right.MANAGE_MEETING):
            raise refusal(Right.MANAGE_MEETING)
        words = "Press Schedule a meeting for the form; it shows the dates before anything is saved."
        await call.reply(message_of([kit.section(words), kit.actions(kit.button(PLAN_TITLE, Action.NEW_MEETING))]))
        return
    await call.open(PLAN_TITLE)
    actor, plans = await call.actor(), call.services.meeting_plans
    form = await plans.form(actor, line=line)
    if form.is_complete:
        # What was said whole is shown as it would be; [Back] leads to the form.
        await call.show(plan_preview_view(await plans.preview(actor, form.token, form.plan)))
    else:
        await call.show(PLAN_FORM.view(form))


async def edit_typed(call: Call, typed: str) -> None:
    if call.can_open:
        await call.open(EDIT_TITLE)
    found = await call.services.meetings.find(await call.actor(), typed)
    if not isinstance(found, MeetingCard) or not call.can_open:
        await _show_found(call, found, "edit")
        return
    await call.show(PLAN_FORM.view(await call.services.meeting_plans.form(await call.actor(), key=found.meeting.id)))


async def open_edit(call: Call) -> None:
    key = decode_meeting(call.value)
    await call.open(EDIT_TITLE)
    await call.show(PLAN_FORM.view(await call.services.meeting_plans.form(await call.actor(), key=key)))


async def change_plan(call: Call) -> None:
    """[Back] from the dates to the form."""
    token = call.pressed(str)
    form = await call.services.meeting_plans.form(await call.actor(), token=token)
    await call.change_view(PLAN_FORM.view(form))


async def submit_plan(call: Call) -> None:
    """Shows the dates and who would receive what; nothing is saved yet."""
    opened = call.about(MeetingOpened)
    plan = PLAN_FORM.read(call.values, cadence=opened.meeting, seen=opened.seen)
    preview = await call.services.meeting_plans.preview(await call.actor(), opened.token, plan)
    await call.become(plan_preview_view(preview))


async def submit_saved(call: Call) -> None:
    """Saves what was shown; the modal becomes the meeting's card."""
    token = call.about(MeetingOpened).token
    card = await call.services.meeting_plans.save(await call.actor(), token)
    await call.become(card_view(card, f"Saved. Type “meeting {card.meeting.id}” to see it again."))
    await refresh_home(call)


async def send_calendar(call: Call, typed: str = "") -> None:
    """The person's meetings, or the one that is named or of the button, as a file in the direct message."""
    file = await call.services.calendars.mine(await call.actor(), typed or call.carried(Action.CALENDAR_FILE))
    if not file.events:
        await call.reply(message_of([kit.section("You are invited to no meeting in the next twelve months.")]))
        return
    count = f"{len(file.events)} {'meeting' if len(file.events) == 1 else 'meetings'}"
    words = f"Your calendar file is on its way to our direct message: {count}, twelve months ahead."
    await call.reply(message_of([kit.section(words)]))
    name = f"{file.events[0].uid.partition('@')[0] if len(file.events) == 1 else 'meetings'}.ics"
    comment = f"{count} for your calendar. Open the file to add them; skipped and moved dates are in it."
    title = f"{file.name}: {count}"
    await give_file(call.client, call.user_id, name, calendar_as_ics(file), comment, title=title)


async def renew_feeds(call: Call) -> None:
    """[New addresses], where one fell into other hands: the earlier ones, and links in mails, open nothing anymore."""
    actor = await call.actor()
    await call.services.answer_links.call_back(actor, actor.key or "")
    await call.change_view(feeds_view(await call.services.calendar_feeds.addresses(actor), are_new=True))


async def mail_changes(call: Call) -> None:
    """[Mail me changes] and [Stop these mails]."""
    actor, feeds = await call.actor(), call.services.calendar_feeds
    await feeds.mail_changes(actor, call.action.get("action_id") == Action.MAIL_CHANGES)
    await call.change_view(feeds_view(await feeds.addresses(actor)))


async def show_named(call: Call, typed: str) -> bool:
    """The meeting whose whole id or name was written to the bot; False where it is none."""
    found = await call.services.meetings.find(await call.actor(), typed)
    named = " ".join(typed.casefold().split())
    if not isinstance(found, MeetingCard) or named not in {found.meeting.id.casefold(), found.meeting.name.casefold()}:
        return False
    await call.reply(card_message(found))
    return True


async def _tell(call: Call, change: MeetingChange) -> None:
    """What became of an answer, where it was given: a card shows it, a message of several people's words stays."""
    if call.is_in_modal:
        await call.change_view(await _card_with(call, change))
    else:
        await call.reply(change_message(change))
    await refresh_home(call)


async def _card_with(call: Call, change: MeetingChange) -> View:
    """The card, with what has just become of it."""
    card = await call.services.meetings.show(await call.actor(), change.line.ref.cadence)
    return card_view(card, became(change, Clock(change.reader_zone, change.now)))


async def _show_change(call: Call, change: MeetingChange) -> None:
    """What became of a form: the card that it stood on shows it, else the modal becomes it."""
    if call.view.get("previous_view_id"):
        await call.ack()
        await call.settle(await _card_with(call, change))
    else:
        await call.become(change_message(change).view(TITLE))
    await refresh_home(call)


SKIP, MOVE = partial(_change_typed, what="skip"), partial(_change_typed, what="move")
LISTENERS = Listeners(
    noun="meeting",
    actions={
        Action.MEETINGS_MINE: turn_list,
        Action.TURN_MEETINGS: turn_list,
        Action.OPEN_MEETING: open_card,
        Action.NEW_MEETING: open_plan,
        Action.EDIT_MEETING: open_edit,
        Action.CHANGE_PLAN: change_plan,
        Action.MEETING_COMING: partial(_answer, answer="coming"),
        Action.MEETING_NOT_COMING: partial(_answer, answer="not_coming"),
        Action.MEETING_SEND: ask_substitute,
        Action.MEETING_AGENDA: agendas.open_agenda,
        Action.READ_PACK: packs.read,
        Action.PACK_TURN: packs.turn,
        Action.PACK_BACK: packs.turn,
        Action.ADD_POINT: agendas.ask_point,
        Action.MOVE_MEETING: partial(_open_change, what="move"),
        Action.SKIP_MEETING: partial(_open_change, what="skip"),
        Action.WRITE_NOTES: agendas.write_notes,
        Action.CHANGE_NOTES: agendas.change_notes,
        Action.CALENDAR_FILE: send_calendar,
        Action.CALENDAR_FEED: shows(FEEDS_TITLE, lambda services: services.calendar_feeds.addresses, feeds_view),
        Action.NEW_FEEDS: renew_feeds,
        Action.MAIL_CHANGES: mail_changes,
        Action.MAIL_NO_CHANGES: mail_changes,
    },
    submissions={
        Submission.MEETING_PLAN: submit_plan,
        Submission.MEETING_SAVE: submit_saved,
        Submission.MEETING_MOVE: submit_move,
        Submission.MEETING_SKIP: submit_skip,
        Submission.MEETING_SUBSTITUTE: submit_substitute,
        Submission.MEETING_POINT: agendas.submit_point,
        Submission.MEETING_NOTES: agendas.submit_notes,
        Submission.MEETING_NOTES_POST: agendas.submit_checked,
    },
    lines=(
        Line(
            "",
            "your next meetings, or the one that you name",
            show_mine,
            words=("my meetings", "meetings", "meeting"),
            takes=show,
            usage="[NAME]",
        ),
        Line("list", "every meeting that you may see", show_every),
        Line(
            "add",
            "a new meeting; the form shows the dates before it is saved",
            open_plan,
            Right.MANAGE_MEETING,
            takes=open_plan,
            usage="[NAME]",
            synonyms=("schedule",),
        ),
        Line(
            "edit",
            "change one's name, group, day, time or rhythm",
            show_every,
            Right.MANAGE_MEETING,
            takes=edit_typed,
            usage="NAME",
        ),
        Line("agenda", "what stands on its next agenda", show_mine, takes=agendas.show_agenda, usage="NAME"),
        Line(
            "pack",
            "what there is to read before its next one, where steering or funders meet",
            show_mine,
            takes=packs.show_typed,
            usage="NAME",
        ),
        Line(
            "notes",
            "write or edit its notes",
            show_mine,
            Right.WRITE_NOTES,
            takes=agendas.write_notes_typed,
            usage="NAME",
        ),
        Line("skip", "leave one out", show_every, Right.MANAGE_MEETING, takes=SKIP, usage="NAME"),
        Line("move", "another time, once", show_every, Right.MANAGE_MEETING, takes=MOVE, usage="NAME"),
        Line(
            "calendar", "your meetings as a file for your calendar", send_calendar, takes=send_calendar, usage="[NAME]"
        ),
    ),
    finds=show_named,
)
