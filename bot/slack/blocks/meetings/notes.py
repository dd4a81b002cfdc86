"""Meeting notes on screen: the form, the lines as they were understood, and the post below the agenda."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.meetings import (
    MOST_ACTIONS,
    MOST_DECIDED,
    MOST_PARKED,
    CheckedAction,
    NotesCheck,
    NotesForm,
    NotesInput,
    NotesPost,
    NotesSaved,
)
from bot.domain.wording import day, full_day, near_day, plural
from bot.slack.blocks import kit
from bot.slack.blocks.meetings.meetings import MOST_NAMES, headed, message_of
from bot.slack.blocks.outbox import sent_words
from bot.slack.forms import FindSeveral, Form, Keeps, Text, about, by, note
from bot.slack.identifiers import Action, Search, Submission
from bot.slack.limits import TEXT
from bot.slack.message import Block, Message, View
from bot.slack.metadata import OccurrenceOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed, listed_some

CHECK_TITLE = "Check the notes"
DONE_TITLE = "Notes"
MOST_SHOWN = 100  # characters of a title where many stand in one list


NOTES_FORM: Form[NotesForm, NotesInput] = Form(
    NotesInput, Submission.MEETING_NOTES, "Close the meeting", "Check",
    note(lambda form: f"Read by {own(listed(form.readers))}."),
    about(lambda form: f"{bold(form.name)}, {full_day(form.local.date(), form.today)}"),
    FindSeveral("present", "Who was present?", Search.MEMBER),
    Text("decided", "What was decided?", MOST_DECIDED, multiline=True, hint="One decision a line.", optional=True),
    lambda form: _added(form),
    Text("actions", lambda form: f"{'More actions: who' if form.added else 'Who'} delivers what by when?",
        MOST_ACTIONS, multiline=True,
        hint=lambda form: f"One a line, such as “Send privacy wording @{form.example} by Dec 14”.", optional=True),
    Text("parked", "What goes to the next meeting or upward?", MOST_PARKED, multiline=True, hint="One point a line.",
        optional=True),
    carries=lambda form: OccurrenceOpened(form.token, form.ref, form.version),
    keeps=Keeps(by(OccurrenceOpened, "key"), then=Submission.MEETING_NOTES_POST),
)  # fmt: skip


def _added(form: NotesForm) -> Iterator[Block]:
    """The actions that were made of these notes before."""
    if form.added:
        words = "\n".join(f"• {own(cut(one.name, MOST_SHOWN))} ({own(one.id)})" for one in form.added[:20])
        yield kit.section(f"*Already added. Change them where they are listed:*\n{words}"[:TEXT])


def notes_check_view(check: NotesCheck) -> View:
    """Each line as it was understood, before anything is posted."""
    reader = Clock(check.reader_zone, check.now)
    blocks: list[Block] = [
        kit.section(f"{bold(check.name)}, {day(check.local.date(), check.today)}"),
        kit.section(f"*Present:* {_present(check)}"),
    ]
    if check.decided:
        kept = "" if check.records_decisions else " (kept in the notes only; no group decides here)"
        blocks.append(headed(f"*Decided:*{kept}", [own(line) for line in check.decided]))
    if check.actions:
        blocks.append(headed("*Actions:*", [_action(one, check) for one in check.actions]))
    if check.parked:
        to = f", for {reader.day_of(check.next_at)}" if check.next_at is not None else ""
        blocks.append(headed(f"*Parked{to}:*", [own(line) for line in check.parked]))
    if not (check.decided or check.actions or check.parked):
        blocks.append(kit.section("No decision, action or parked point."))
    blocks.append(kit.context(_goes(check)))
    blocks.append(kit.actions(kit.button("Back", Action.CHANGE_NOTES, value=check.token)))
    return View(
        title=CHECK_TITLE,
        callback_id=Submission.MEETING_NOTES_POST,
        submit="Post" if check.channel else "Save",
        close="Close",
        metadata=encode(OccurrenceOpened(check.token, check.ref)),
        blocks=tuple(blocks),
    )


def notes_post(post: NotesPost) -> Message:
    """The post below the agenda."""
    return replace(message_of(_post(post)), broadcast=True)


def notes_saved_view(saved: NotesSaved) -> View:
    """What became of the notes, for whoever wrote them."""
    post = saved.post
    reader = Clock(saved.reader_zone, post.now)
    name = f"*{own(post.name)}, {day(post.local.date(), post.today)}*"
    if saved.others is not None and saved.posted_at is not None:
        changed = f"{own(saved.others)}{reader.token(saved.posted_at, ' changed these notes ')}"
        words = f"{name}\n{changed}. Nothing of yours was posted. Your text is kept below: close this and press Back."
        blocks: list[Block] = [kit.section(words), kit.divider(), *_post(post)]
        return View(title=DONE_TITLE, close="Close", blocks=tuple(blocks))
    where = f" in #{own(saved.channel)}" if saved.channel else ""
    verb = "Changed" if post.edited_at is not None else "Posted" if saved.channel else "Saved"
    added = f" {plural(saved.added, 'action')} added." if saved.added else ""
    if saved.delivery is not None and not saved.delivery.goes_at_once:
        # In the record, and not in the channel.
        where, verb = "", "Saved"
        added += f" {sent_words(saved.delivery, reader, may_mend=saved.may_mend)}"
    words = f"{name}\n{'Already ' if saved.already else ''}{verb.lower() if saved.already else verb}{where}.{added}"
    return View(title=DONE_TITLE, close="Close", blocks=(kit.section(words), kit.divider(), *_post(post)))


def _post(post: NotesPost) -> Iterator[Block]:
    yield kit.header(f"Notes: {post.name}, {day(post.local.date(), post.today)}")
    yield kit.section(f"*Present:* {post.organizations} of {plural(post.of_organizations, 'organization')}")
    if post.decided:
        yield headed("*Decided:*", [own(line) for line in post.decided])
    if post.actions:
        yield headed(
            "*Actions:*",
            [
                f"{own(cut(one.title, MOST_SHOWN))} ({own(one.organization_name)}), "
                f"{near_day(one.due, post.today)}, {own(one.id)}"
                for one in post.actions
            ],
        )
    if post.parked:
        yield headed("*Parked:*", [own(line) for line in post.parked])
    if not (post.decided or post.actions or post.parked):
        yield kit.section("No decision, action or parked point.")
    if post.edited_at is not None:
        own_clock = Clock(post.zone, post.now)
        yield kit.context(f"edited {own_clock.dated(post.edited_at)}")
    yield kit.actions(kit.button("Edit notes", Action.WRITE_NOTES, value=encode(post.ref)))


def _action(action: CheckedAction, check: NotesCheck) -> str:
    where = f" · {own(action.priority_name)}" if action.priority_name else " · The whole coalition"
    whose = f"{own(action.owner_name)} ({own(action.organization_name)})"
    asked = " · asked first" if action.is_asked else ""
    details = f"{whose} · {near_day(action.due, check.today)}{where}{asked}"
    return f"{own(cut(action.title, MOST_SHOWN))}\n   {details}"


def _present(check: NotesCheck) -> str:
    if not check.present:
        return "nobody"
    names = own(listed_some(check.present, MOST_NAMES))
    return f"{names}. {check.organizations} of {plural(check.of_organizations, 'organization')}."


def _goes(check: NotesCheck) -> str:
    if check.channel is None:
        return "Not saved yet. The group has no channel, so the notes stay with the meeting and are posted nowhere."
    verb = "Changes the notes in" if check.is_edit else "Goes to"
    return f"Not posted yet. {verb} #{own(check.channel)}, with organizations in place of names."
