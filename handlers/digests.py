"""Digests: what somebody gets, previews, past ones as they were, copies by direct message, and sending one by hand."""

from __future__ import annotations

from functools import partial

from bot.domain.digests import Edition, Overview, Query, SendQuestion
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks import kit
from bot.slack.blocks.digests import (
    CONTEXT_FORM,
    MOVE_DIGEST_FORM,
    PAST_TITLE,
    TITLE,
    context_saved_view,
    copies_message,
    left_out_message,
    move_digest_view,
    moved_view,
    outcome_message,
    overview_message,
    past_message,
    question_message,
    reading_message,
    reading_view,
)
from bot.slack.blocks.meetings import message_of
from bot.slack.blocks.menu import mistyped, unknown_message
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import CopiesWanted, DatesOpened, OwnPartKey, OwnPartOpened, RoundKey, decode
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

VERBS = ("preview", "history", "subscribe", "unsubscribe", "send", "forward", "move", "help")


async def overview(call: Call) -> None:
    """What this person gets, and the latest one."""
    page = await call.services.digests.overview(await call.actor())
    await call.ack()
    place = page.latest.place if page.latest is not None else None
    await call.reply(overview_message(page, await call.permalink(*place) if place is not None else None))


async def preview(call: Call) -> None:
    """The widest edition that this person may read, as it would be now."""
    await _show(call, Query())


async def preview_of(call: Call, typed: str) -> None:
    if call.can_open:
        await call.open(TITLE)
    found = await call.services.digests.find_edition(await call.actor(), typed)
    if isinstance(found, Edition):
        await _show(call, Query(edition=found.key))
    else:
        await call.reply(unknown_message(typed, f"digest preview {found.id}", shown=found.name))


async def show_typed(call: Call, typed: str) -> None:
    """Anything typed after the noun: a word that was meant otherwise, else an edition."""
    meant = mistyped("digest", VERBS, typed)
    await (call.reply(meant) if meant is not None else preview_of(call, typed))


async def _show(call: Call, query: Query) -> None:
    """Opens a modal where one can be opened; else the edition is a message that only they see."""
    if call.can_open:
        await call.open(TITLE)
        await call.show(reading_view(await call.services.digests.read(await call.actor(), query)))
    else:
        await call.reply(reading_message(await call.services.digests.read(await call.actor(), query)))


async def open_one(call: Call) -> None:
    """[Open]: a digest as it was published."""
    await _show(call, call.pressed(Query))


async def choose_edition(call: Call) -> None:
    """Another edition of the same digest, in its place."""
    await _turn(call, decode(Query, (call.action.get("selected_option") or {}).get("value")))


async def turn(call: Call) -> None:
    """Another page of the edition, in its place."""
    await _turn(call, call.pressed(Query))


async def _turn(call: Call, query: Query) -> None:
    reading = await call.services.digests.read(await call.actor(), query)
    if call.is_in_modal:
        await call.change_view(reading_view(reading))
    else:
        await call.reply(reading_message(reading), replace=True)


async def past(call: Call) -> None:
    """The digests that went out: as a modal where it was asked for by a button, else as an answer."""
    if call.body.get("actions"):
        await call.open(PAST_TITLE)
    message = past_message(await call.services.digests.past(await call.actor()))
    await (call.show(message.view(PAST_TITLE)) if call.body.get("actions") else call.reply(message))


async def turn_past(call: Call) -> None:
    """Another page of them, in its place."""
    page = await call.services.digests.past(await call.actor(), call.pressed(int))
    await call.answer(past_message(page), PAST_TITLE)


async def copies(call: Call) -> None:
    """The editions that may come by direct message."""
    await call.reply(copies_message(await call.services.digests.overview(await call.actor())))


async def _choose(call: Call, typed: str, *, active: bool) -> None:
    """ "digest subscribe talent", "digest unsubscribe talent"."""
    actor = await call.actor()
    found = await call.services.digests.find_edition(actor, typed)
    if not isinstance(found, Edition):
        verb = "subscribe" if active else "unsubscribe"
        await call.reply(unknown_message(typed, f"digest {verb} {found.id}", shown=found.name))
        return
    page = await call.services.digests.subscribe(actor, found.key, active)
    await call.reply(copies_message(page, _said(page, found.key, active=active)))


async def choose_copies(call: Call) -> None:
    """[Send me copies] or [Stop copies]."""
    copies = call.pressed(CopiesWanted)
    page = await call.services.digests.subscribe(await call.actor(), copies.edition, copies.wanted)
    await call.reply(copies_message(page, _said(page, copies.edition, active=copies.wanted)), replace=True)


def _said(page: Overview, edition: str, *, active: bool) -> str:
    one = next((copy.edition for copy in page.copies if copy.edition.key == edition), None)
    name = (one.name if one is not None else "") or "The roll-up"
    return f"{name} comes to you from the next digest on." if active else f"{name} isn't sent to you anymore."


async def ask_to_send(call: Call, *typed: str) -> None:
    """What sending one now would mean; of the digest that was named, if any."""
    await call.reply(question_message(await call.services.digests.ask_to_send(await call.actor(), *typed)))


async def send(call: Call) -> None:
    """[Send now] or [Post again], once."""
    token = call.action.get("value")
    if not token:
        raise UserError("This button is from an older message. Type “digest send” to see what is so now.")
    done = await call.services.digests.send(await call.actor(), str(token))
    message = question_message(done) if isinstance(done, SendQuestion) else outcome_message(done)
    await call.reply(message, replace=True)


async def move(call: Call, typed: str = "") -> None:
    """Asks which digest moves, and to when; where no form can be opened, says how."""
    if not call.can_open:
        await call.services.digest_moves.upcoming(await call.actor(), typed)
        words = "One press opens the form; nothing moves before you send it."
        button = kit.button(MOVE_DIGEST_FORM.title, Action.MOVE_DIGEST)
        await call.reply(message_of([kit.section(words), kit.actions(button)]))
        return
    await call.open(MOVE_DIGEST_FORM.title)
    await call.show(move_digest_view(await call.services.digest_moves.upcoming(await call.actor(), typed)))


async def submit_move(call: Call) -> None:
    """Moves the chosen one; the modal offers to move the round that feeds it."""
    form, said = call.about(DatesOpened), MOVE_DIGEST_FORM.read(call.values)
    seen = form.seen.get(said.slot)
    moved = await call.services.digest_moves.move(await call.actor(), form.cadence, said.slot, said.moment, seen)
    call.services.deliveries.on_change()
    await call.become(moved_view(moved))
    await refresh_home(call)


async def leave_out(call: Call) -> None:
    """[Leave out the next]: a late digest is followed too closely."""
    one = call.pressed(RoundKey)
    await call.open(TITLE)
    left = await call.services.digest_moves.leave_out(await call.actor(), one.cadence, one.slot)
    await call.reply(left_out_message(left))
    await refresh_home(call)


async def ask_context(call: Call) -> None:
    """[Add context] below somebody's part: the form for a short text."""
    part = call.pressed(OwnPartKey)
    await call.open(CONTEXT_FORM.title)
    form = await call.services.digests.context_form(await call.actor(), part.priority, part.week)
    await call.show(CONTEXT_FORM.view(form))


async def submit_context(call: Call) -> None:
    """Keeps the text; the preview shows it by itself."""
    form = call.about(OwnPartOpened)
    text = CONTEXT_FORM.read(call.values)
    saved = await call.services.digests.add_context(await call.actor(), form.priority, form.week, text, form.marks)
    await call.become(context_saved_view(saved))


LISTENERS = Listeners(
    noun="digest",
    actions={
        Action.DIGEST_OVERVIEW: overview,
        Action.DIGEST_PREVIEW: preview,
        Action.DIGEST_EDITION: choose_edition,
        Action.DIGEST_TURN: turn,
        Action.DIGEST_OPEN: open_one,
        Action.DIGEST_PAST: past,
        Action.DIGEST_PAST_TURN: turn_past,
        Action.DIGEST_COPIES: copies,
        Action.DIGEST_SUBSCRIBE: choose_copies,
        Action.DIGEST_ASK: ask_to_send,
        Action.DIGEST_SEND: send,
        Action.DIGEST_CONTEXT: ask_context,
        Action.MOVE_DIGEST: move,
        Action.LEAVE_OUT_DIGEST: leave_out,
    },
    submissions={Submission.DIGEST_CONTEXT: submit_context, Submission.MOVE_DIGEST: submit_move},
    lines=(
        Line("", "the digests you get, and the latest one", overview, words=("digest", "my digest"), takes=show_typed),
        Line(
            "preview",
            "how it would read now; nothing is sent",
            preview,
            takes=preview_of,
            usage="[PRIORITY]",
            synonyms=("show",),
        ),
        Line("history", "past digests, as they were published", past, synonyms=("past", "list")),
        Line("subscribe", "copies by direct message", copies, takes=partial(_choose, active=True), usage="[PRIORITY]"),
        Line("unsubscribe", "no more copies", copies, takes=partial(_choose, active=False), usage="[PRIORITY]"),
        Line(
            "send",
            "post it now, once it is confirmed",
            ask_to_send,
            Right.SEND_DIGEST,
            takes=ask_to_send,
            usage="[NAME]",
        ),
        Line(
            "move",
            "let one go out at another time",
            move,
            Right.SEND_DIGEST,
            takes=move,
            usage="[NAME]",
            opens_modal=True,
        ),
    ),
)
