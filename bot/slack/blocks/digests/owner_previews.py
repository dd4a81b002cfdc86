"""The owner's preview on screen, and the form for what an owner adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.actions import ActionCard
from bot.domain.digests import MOST_CONTEXT, ContextForm, OwnerPreview, PriorityPart, Query
from bot.domain.typed import marks_of
from bot.domain.wording import WEEKDAYS, day, near_day, one_line, status
from bot.slack.blocks import kit
from bot.slack.blocks.digests.digests import reply_blocks
from bot.slack.forms import Form, Keeps, Text, about, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.limits import fit
from bot.slack.message import Block, Message, View
from bot.slack.metadata import OwnPartKey, OwnPartOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own, quote
from bot.slack.names import first_name, listed

# What one message has room for.
MOST_PARTS = 6
MOST_NAMED = 6
_MOST_TITLE = 150
CONTEXT_FORM: Form[ContextForm, str] = Form(
    str, Submission.DIGEST_CONTEXT, "Add context", "Save",
    note(lambda form: f"Read by {own(listed(form.readers))}, in the digest of the week of "
        f"{day(form.week, form.week)}."),
    about(lambda form: bold(form.priority_name)),
    Text("text", "What should readers know?", MOST_CONTEXT, multiline=True, placeholder="One or two sentences",
        hint="It stands in your part as “Context”. Leave it empty to take it out.", optional=True),
    carries=lambda form: OwnPartOpened(form.week, form.priority, marks_of({"text": form.text})),
    keeps=Keeps(by(OwnPartOpened, "week", "priority")),
)  # fmt: skip


def owner_preview_message(preview: OwnerPreview) -> Message:
    """What is told of somebody in the next digest; once it is out, where it is."""
    reader = Clock(preview.zone, preview.now)
    parts = [part for part in preview.digest.priorities if part.id in preview.parts]
    shown = parts[:MOST_PARTS]
    blocks = [_first(preview, reader)]
    for part in shown:
        blocks += reply_blocks(preview.digest, part, amounts=part.id in preview.amounts)
    if shown and preview.named:
        blocks.append(kit.divider())
    for card in preview.named[:MOST_NAMED]:
        label = "Also named" if shown else "Named"
        blocks += _named(label, card, is_out=preview.published_at is not None)
    if preview.published_at is None and preview.digest_at is not None and shown:
        blocks += list(_context_buttons([part for part in shown if part.id in preview.may_add], preview))
    for total, most in ((len(parts), MOST_PARTS), (len(preview.named), MOST_NAMED)):
        if total > most:
            blocks.append(kit.context(f"{most} of {total} · all of them are in /digest preview"))
    blocks.append(kit.context(_readers(preview)))
    if preview.changed_at is not None and preview.published_at is None:
        blocks.append(kit.context(reader.token(preview.changed_at, "Changed ")))
    return fit(Message.of(cut(_plain(preview, parts, reader), 3000), *blocks))[0]


def context_saved_view(form: ContextForm) -> View:
    words = f"Saved: {quote(form.text)}" if form.text else "Nothing is added. Your part stands as it is."
    return View(title=CONTEXT_FORM.title, close="Close", blocks=(kit.section(f"{bold(form.priority_name)}\n{words}"),))


def _first(preview: OwnerPreview, reader: Clock) -> Block:
    if preview.published_at is not None:
        button = None
        if preview.digest_id is not None:
            button = kit.button("Open the digest", Action.DIGEST_OPEN, value=encode(Query(preview.digest_id)))
        return kit.section(f"{reader.token(preview.published_at, 'Published ')}.", accessory=button)
    lead = f"{own(first_name(preview.receiver_name))}, {_what(preview)} {_which(preview, reader)}."
    if preview.stands_in_for:
        lead += f" {own(_away_words(preview))}"
    if preview.digest_at is None:
        return kit.section(f"{lead} It isn't planned anymore.")
    if _is_near(preview.digest_at, reader):
        # Slack writes the day of such a moment as "tomorrow", which the sentence before has said.
        return kit.section(f"{lead} {reader.time_token(preview.digest_at, 'It goes out at ')} either way.")
    return kit.section(f"{lead} {reader.token(preview.digest_at, 'It goes out ')} either way.")


def _away_words(preview: OwnerPreview) -> str:
    """For whom a stand-in sees it."""
    names = preview.stands_in_for
    return f"{listed(list(names))} {'is' if len(names) == 1 else 'are'} away and named you as stand-in."


def _what(preview: OwnerPreview) -> str:
    if preview.stands_in_for and preview.parts:
        return "this is a part of" if len(preview.parts) == 1 else f"these are {len(preview.parts)} parts of"
    if preview.parts:
        return "this is your part of" if len(preview.parts) == 1 else f"these are your {len(preview.parts)} parts of"
    count = len(preview.named)
    if preview.stands_in_for:
        return "one action is named in" if count == 1 else f"{count} actions are named in"
    return "one of your actions is named in" if count == 1 else f"{count} of your actions are named in"


def _which(preview: OwnerPreview, reader: Clock) -> str:
    """Whose digest, by its day on the reader's clock."""
    if preview.digest_at is None:
        return "the digest"
    on = reader.local(preview.digest_at).date()
    if not _is_near(preview.digest_at, reader):
        return f"{WEEKDAYS[on.weekday()]}'s digest"
    return "today's digest" if on == reader.today else "tomorrow's digest"


def _is_near(digest_at: datetime, reader: Clock) -> bool:
    return timedelta() <= reader.local(digest_at).date() - reader.today <= timedelta(days=1)


def _named(label: str, card: ActionCard, *, is_out: bool) -> Iterator[Block]:
    yield kit.section(f"*{label}:* {own(cut(card.title, _MOST_TITLE))} ({own(card.id)}), {_state(card)}")
    if is_out or not card.is_open or not card.may_change:
        return
    buttons = [("Done", Action.ACTION_DONE), ("New date", Action.ACTION_MOVE)]
    buttons.append(("Change the reason" if card.reason else "Add a reason", Action.ACTION_BLOCK))
    yield kit.actions(*(kit.button(text, action, value=card.id, about=card.title) for text, action in buttons))


def _state(card: ActionCard) -> str:
    """Where an action is, as its organization's."""
    whose = f"as {own(card.organization_name)}'s"
    if card.is_done and card.completed is not None:
        return f"done {near_day(card.completed, card.today)}"
    if not card.is_open:
        return status(card.status)
    reason = f": {own(card.reason)}" if card.reason else ""
    if card.days_overdue:
        return f"overdue since {day(card.due, card.today)}, {whose}{reason}"
    waits = f", waits for {own(card.waiting_on_name)}" if card.waiting_on_name else ""
    return f"due {near_day(card.due, card.today)}{waits}, {whose}{reason}"


def _context_buttons(parts: list[PriorityPart], preview: OwnerPreview) -> Iterator[Block]:
    for part in parts:
        text = "Change context" if part.context else "Add context"
        value = encode(OwnPartKey(preview.week, part.id))
        button = kit.button(text, Action.DIGEST_CONTEXT, value=value, about=part.name)
        if len(parts) == 1:
            yield kit.actions(button)
        else:
            yield kit.section(own(part.name), accessory=button)


def _readers(preview: OwnerPreview) -> str:
    groups = [own(name) for name in preview.leadership]
    words = f"Read by {listed([*groups, 'the coordinators'])}"
    if preview.channels:
        words += f"; without amounts by {listed([own(name) for name in preview.channels])}"
    return f"{words}."


def _plain(preview: OwnerPreview, parts: list[PriorityPart], reader: Clock) -> str:
    """All of it in sentences, for notifications and screen readers."""
    if preview.published_at is not None:
        first = f"Published {reader.dated(preview.published_at)}: "
    else:
        whose = "A part" if preview.stands_in_for else "Your part"
        first = f"{whose} of {_which(preview, reader)}: " if parts else ""
    told = []
    for part in parts:
        confidence = f", confidence {part.confidence.value} of 10" if part.confidence.value is not None else ""
        told.append(f"{one_line(part.name)}, {status(part.standing.assessment)}{confidence}")
    sentences = [f"{first}{'; '.join(told)}."] if told else [first.rstrip(": ") + "."] if first else []
    count = len(preview.named)
    if count:
        which = "" if parts else f" in {_which(preview, reader)}"
        lead = "One of your actions is named" if count == 1 else f"{count} of your actions are named"
        if preview.stands_in_for:
            lead = "One action is named" if count == 1 else f"{count} actions are named"
        states = [f"due {day(one.due, one.today)}" if one.is_open else status(one.status) for one in preview.named]
        named = [f"{one_line(one.title)}, {state}" for one, state in zip(preview.named, states, strict=True)]
        sentences.append(f"{lead}{which}: {'; '.join(named)}.")
    if preview.published_at is None and preview.stands_in_for:
        sentences.append(_away_words(preview))
    if preview.published_at is None and preview.digest_at is not None:
        sentences.append(f"It goes out {reader.dated(preview.digest_at)} either way.")
    return " ".join(sentences)
