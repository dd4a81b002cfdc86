"""Agendas and notes of meetings: reading one, adding a point, and writing notes that are checked before they are
posted."""

from __future__ import annotations

from bot.domain.meetings import MeetingRef, UnknownMeeting
from bot.slack.blocks import kit
from bot.slack.blocks.meetings import (
    NOTES_FORM,
    POINT_FORM,
    agenda_message,
    message_of,
    notes_check_view,
    notes_saved_view,
    unknown_meeting_message,
)
from bot.slack.identifiers import Action
from bot.slack.metadata import OccurrenceOpened, encode
from handlers.context import Call
from handlers.home import refresh_home
from handlers.presses import opens


async def show_agenda(call: Call, typed: str) -> None:
    """The agenda of the next meeting that was named."""
    found = await call.services.agendas.find(await call.actor(), typed)
    if isinstance(found, UnknownMeeting):
        await call.reply(unknown_meeting_message(found, "agenda"))
    else:
        await call.reply(agenda_message(found))


open_agenda = opens("Agenda", MeetingRef, lambda services: services.agendas.show, agenda_message)
ask_point = opens(POINT_FORM.title, MeetingRef, lambda services: services.agendas.point_form, POINT_FORM.view)


async def submit_point(call: Call) -> None:
    """Stores the point; the modal becomes the agenda with it."""
    form = call.about(OccurrenceOpened)
    text = POINT_FORM.read(call.values)
    agenda = await call.services.agendas.add_point(await call.actor(), form.ref, text, form.token)
    await call.settle(agenda_message(agenda).view("Agenda"))


async def write_notes_typed(call: Call, typed: str) -> None:
    """ "meeting notes talent"; where no form can be opened, the button that does."""
    if call.can_open:
        await call.open(NOTES_FORM.title)
    found = await call.services.meeting_notes.find(await call.actor(), typed)
    if isinstance(found, UnknownMeeting):
        await call.reply(unknown_meeting_message(found, "notes"))
    elif call.can_open:
        await call.show(NOTES_FORM.view(found))
    else:
        button = kit.button("Write notes", Action.WRITE_NOTES, value=encode(found.ref))
        await call.reply(message_of([kit.section("Press Write notes for the form."), kit.actions(button)]))


write_notes = opens(NOTES_FORM.title, MeetingRef, lambda services: services.meeting_notes.form, NOTES_FORM.view)


async def change_notes(call: Call) -> None:
    """[Back] from the lines as they were understood to the form."""
    token = call.pressed(str)
    await call.change_view(NOTES_FORM.view(await call.services.meeting_notes.again(await call.actor(), token)))


async def submit_notes(call: Call) -> None:
    """Shows the lines as they were understood; nothing is posted yet."""
    form = call.about(OccurrenceOpened)
    typed = NOTES_FORM.read(call.values)
    check = await call.services.meeting_notes.check(await call.actor(), form.token, form.ref, typed, form.version)
    await call.become(notes_check_view(check))


async def submit_checked(call: Call) -> None:
    """Posts the notes; the modal says what became of them."""
    token = call.about(OccurrenceOpened).token
    saved = await call.services.meeting_notes.post(await call.actor(), token)
    # Where somebody else was faster, what was written stays below, with its way back to the form.
    then = "push" if saved.others is not None else "update"
    await call.ack(response_action=then, view=dict(notes_saved_view(saved).payload()))
    await refresh_home(call)
