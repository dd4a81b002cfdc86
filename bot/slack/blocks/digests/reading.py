"""Digests that one person looks at: what they get, one edition as a preview or as it was, past ones, sending one.

What is posted is in `digests`; here its blocks are shown without their buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.digests import (
    FUNDER,
    PRIORITY,
    ROLL_UP,
    Copy,
    DigestPost,
    Edition,
    Overview,
    PastDigests,
    Published,
    Query,
    Reading,
    SendOutcome,
    SendQuestion,
)
from bot.domain.outbox import Where, Whereabouts
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import ASSESSMENT_MARKS, part_of, plural
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.digests.digests import edition_messages
from bot.slack.blocks.digests.moves import close_digests_block
from bot.slack.blocks.digests.passed_on import passed_on_line
from bot.slack.blocks.outbox import elsewhere, state_words, trouble_for
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import CopiesWanted, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed, listed_some

TITLE = "Digest"
PAST_TITLE = "Past digests"
MOST_BLOCKS = 40
MOST_CHARACTERS = 9000
MOST_COPIES = 20


def overview_message(page: Overview, link: str | None = None) -> Message:
    """What this person gets, when the next one goes out, and the latest one; `link` leads to it in Slack."""
    reader = Clock(page.zone, page.now)
    lines = [f"{_edition(edition)} in #{own(channel)}" for edition, channel in page.channels]
    if page.previews:
        there = _where_it_is(page.preview, page, reader)
        lines.append(f"Your part, {own(listed_some(page.previews, 3))}, the working day before{there}")
    lines += [
        f"{_edition(one.edition)} by direct message{_where_it_is(one.delivery, page, reader)}"
        for one in page.copies
        if one.is_subscribed
    ]
    got = "\n".join(f"• {line}" for line in lines) or "None comes to you by itself. You can read it here."
    blocks = [kit.section(f"*Digests you get*\n{got}"), kit.section("\n".join(_when(page, reader, link)))]
    if page.close is not None:
        blocks.append(close_digests_block(page.close, reader))
    buttons = [kit.button("Preview", Action.DIGEST_PREVIEW)]
    if page.latest is not None:
        buttons.append(kit.button("Open the latest", Action.DIGEST_OPEN, value=encode(Query(page.latest.id))))
        buttons.append(kit.button("Past digests", Action.DIGEST_PAST))
    if page.copies:
        buttons.append(kit.button("Copies to me", Action.DIGEST_COPIES))
    if page.may_send:
        buttons.append(kit.button("Send now", Action.DIGEST_ASK))
        buttons.append(kit.button("Move one", Action.MOVE_DIGEST))
    return _message([*blocks, kit.actions(*buttons)])


def copies_message(page: Overview, said: str | None = None) -> Message:
    """The editions that may come by direct message, each with its button; `said` is what has just changed."""
    blocks: list[Block] = [kit.section(own(said))] if said else []
    blocks.append(kit.section("*Copies by direct message*, sent when the digest goes out"))
    shown = page.copies[:MOST_COPIES]
    blocks += [kit.section(_copy_words(one), accessory=_copy_button(one)) for one in shown]
    if not shown:
        blocks.append(kit.section("There is nothing for you to choose here."))
    if len(page.copies) > len(shown):
        blocks.append(
            kit.context(f"{len(shown)} of {len(page.copies)} · for the others type “digest subscribe PRIORITY”")
        )
    return _message(blocks)


def reading_blocks(reading: Reading) -> tuple[Block, ...]:
    """One page of one edition, with what it is, the other editions and the other pages."""
    reader = Clock(reading.zone, reading.now)
    pages = _pages(reading)
    number = min(reading.query.page, len(pages) - 1)
    blocks = [kit.context(_what_it_is(reading, reader))]
    if len(reading.editions) > 1:
        blocks.append(kit.section("*Edition*", accessory=_editions_menu(reading)))
    blocks.append(kit.divider())
    blocks += pages[number]
    if len(pages) > 1:
        following = number + 1 if number + 1 < len(pages) else 0
        words = "Next page" if following else "First page"
        blocks.append(kit.context(f"Page {number + 1} of {len(pages)}"))
        turn = replace(reading.query, page=following)
        blocks.append(kit.actions(kit.button(words, Action.DIGEST_TURN, value=encode(turn))))
    return tuple(blocks)


def reading_view(reading: Reading) -> View:
    """The same as a modal."""
    title = "Digest preview" if reading.query.digest is None else TITLE
    return View(title=title, close="Close", blocks=reading_blocks(reading))


def reading_message(reading: Reading) -> Message:
    """The same as a message, where no modal can be opened."""
    blocks = reading_blocks(reading)
    words = limits.text_of(blocks)
    for mark in ASSESSMENT_MARKS.values():
        words = words.replace(f"{mark} ", "")
    return limits.fit(Message.of(words, *blocks))[0]


def past_message(page: PastDigests) -> Message:
    """A page of the digests that went out, each with its button."""
    if not page.digests:
        return _message([kit.section("No digest has gone out yet."), kit.actions(_preview_button())])
    reader = Clock(page.zone, page.now)
    blocks: list[Block] = [kit.section(bold(f"{plural(page.total, 'digest')} so far"))]
    for one in page.digests:
        by = f" · sent by {own(one.sent_by_name)}" if one.sent_by_name else ""
        label = f"Open the digest of {reader.dated(one.published_at)}"
        button = kit.button("Open", Action.DIGEST_OPEN, value=encode(Query(one.id)), label=label)
        told = f"\n{passed_on_line(one.passed_on, reader)}" if one.passed_on else ""
        blocks.append(kit.section(f"{_moment(reader, one)}{by}{told}", accessory=button))
    left = page.total - page.start - len(page.digests)
    if page.total > len(page.digests):
        blocks.append(kit.context(part_of(page.start, len(page.digests), page.total)))
        words, number = (f"Next {min(left, len(page.digests))}", page.page + 1) if left else ("Newest", 0)
        blocks.append(kit.actions(kit.button(words, Action.DIGEST_PAST_TURN, value=str(number))))
    return _message(blocks)


def question_message(asked: SendQuestion) -> Message:
    """What sending a digest now would mean, with the button that does it."""
    reader = Clock(asked.zone, asked.now)
    if asked.what == "none":
        return _message([kit.section("No digest is set up, so there is nothing to send.")])
    if asked.what == "off":
        words = f"The coalition {_stands(asked.state)}, so nothing is sent. A preview works all the same."
        return _message([kit.section(words), kit.actions(_preview_button())])
    if asked.what == "planned":
        due = asked.regular_at or asked.now
        if due > asked.now:
            words = f"{bold(asked.name)} {reader.token(due, 'goes out by itself ')}. There is nothing to do."
        else:
            why = f" It waits: {own(asked.waiting)}." if asked.waiting else ""
            words = f"{bold(asked.name)} is on its way.{why}"
        return _message([kit.section(words), kit.actions(_preview_button())])
    where = _where(asked.channels, asked.copies)
    if asked.what == "again":
        out = reader.token(asked.published_at or asked.now, "This week's digest went out ")
        by = f", sent by {own(asked.sent_by_name)}" if asked.sent_by_name else ""
        first = f"*{out}*{by}. Post it again with what is known now?\nIt goes to {where}; the first one stays."
        words = "Post again"
    elif asked.what == "early":
        by_itself = reader.token(asked.regular_at or asked.now, "It goes out by itself ")
        first = (
            f"*Send this week's digest now?* {by_itself}; sent now, it isn't posted again then.\nIt goes to {where}."
        )
        words = "Send now"
    else:
        usual = reader.token(asked.regular_at, " The next one goes out ") + "." if asked.regular_at else ""
        first = f"*Post a digest now?* None is planned for this week.{usual}\nIt goes to {where}."
        words = "Send now"
    blocks: list[Block] = [kit.section(first)]
    if asked.open_updates:
        count = plural(len(asked.open_updates), "update")
        names = own(listed_some(asked.open_updates, 4))
        blocks.append(kit.context(f"{count} can be given until the round closes: {names}."))
    blocks.append(kit.actions(kit.button(words, Action.DIGEST_SEND, value=asked.token), _preview_button()))
    return _message(blocks)


def outcome_message(done: SendOutcome) -> Message:
    """What became of it."""
    reader = Clock(done.zone, done.now)
    where = _where(done.channels, done.copies, to_priorities=done.to_priorities)
    if done.already and done.sent_at is not None:
        who = f"{own(done.sent_by_name)} had it sent" if done.sent_by_name else "You had it sent"
        words = f"{who}{reader.token(done.sent_at, ', ')}. It is sent once."
    else:
        words = f"Sent. It's on its way to {where}." if where else "The digest is made, and nobody has it yet."
        if done.elsewhere:
            words += f" {elsewhere(done.elsewhere, reader, may_mend=True)}"
        if done.regular_at is not None:
            words += f" {reader.token(done.regular_at, 'The one of ')} isn't posted again."
    return _message([kit.section(words), kit.actions(kit.button("Past digests", Action.DIGEST_PAST))])


def _pages(reading: Reading) -> list[tuple[Block, ...]]:
    """The edition's posts, without buttons, on as few pages as hold them; only a post of more than a page is split."""
    published = DigestPost(
        digest=reading.digest,
        sight=reading.sight,
        posted_at=reading.published_at or reading.now,
        late_since=reading.late_since,
        moved_from=reading.moved_from,
        copy=reading.edition,
    )
    messages = edition_messages(published, whole=True)
    pages: list[list[Block]] = [[]]
    for number, message in enumerate(messages):
        label = [kit.context(f"Reply {number} of {len(messages) - 1}")] if number else []
        post = [*label, *_without_buttons(message.blocks)]
        for start in range(0, len(post), MOST_BLOCKS):
            part = post[start : start + MOST_BLOCKS]
            if pages[-1] and not _has_room(pages[-1], part):
                pages.append([])
            pages[-1] += part
    return [tuple(page) for page in pages]


def _has_room(page: Sequence[Block], more: Sequence[Block]) -> bool:
    blocks = [*page, *more]
    return len(blocks) <= MOST_BLOCKS and len(limits.text_of(blocks)) <= MOST_CHARACTERS


def _without_buttons(blocks: Iterable[Block]) -> list[Block]:
    return [
        {key: value for key, value in block.items() if key != "accessory"}
        for block in blocks
        if block["type"] != "actions"
    ]


def _what_it_is(reading: Reading, reader: Clock) -> str:
    if reading.published_at is not None:
        token = reader.token(reading.published_at, "As it was published ")
        return f"{token}. Amounts are shown by your right to see them."
    when = reader.token(reading.next_at, " It goes out ") + "." if reading.next_at is not None else ""
    return f"A preview: nothing is sent by it.{when} This is how it would read now."


def _editions_menu(reading: Reading) -> kit.Element:
    options = [
        kit.option(edition_name(one), encode(Query(reading.query.digest, one.key)))
        for one in reading.editions[: limits.OPTIONS]
    ]
    index = next((n for n, one in enumerate(reading.editions) if one.key == reading.edition.key), 0)
    initial = options[index] if index < len(options) else None
    return kit.static_select(Action.DIGEST_EDITION, options, initial=initial, placeholder="Choose an edition")


def edition_name(edition: Edition) -> str:
    """An edition in plain words."""
    if edition.kind == ROLL_UP:
        return "Roll-up"
    if edition.kind == FUNDER:
        return f"Funder edition: {edition.name}"
    return edition.name


def _edition(edition: Edition) -> str:
    """An edition in markup, as it stands at the beginning of a line."""
    if edition.kind == PRIORITY:
        return own(edition.name)
    return "The roll-up" if edition.kind == ROLL_UP else "The funder edition"


def _copy_words(one: Copy) -> str:
    return f"{bold(edition_name(one.edition))} · {'comes to you' if one.is_subscribed else 'not sent to you'}"


def _copy_button(one: Copy) -> kit.Element:
    text = "Stop copies" if one.is_subscribed else "Send me copies"
    value = encode(CopiesWanted(one.edition.key, not one.is_subscribed))
    return kit.button(text, Action.DIGEST_SUBSCRIBE, value=value, about=edition_name(one.edition))


def _when(page: Overview, reader: Clock, link: str | None) -> list[str]:
    lines = []
    if page.state != CoalitionState.LIVE:
        lines.append(f"Nothing is sent while the coalition {_stands(page.state)}.")
    elif page.next_at is not None:
        lines.append(f"*Next:* {reader.token(page.next_at)}")
    else:
        lines.append("*Next:* none is set up")
    if page.latest is None:
        lines.append("*Latest:* none yet")
    else:
        there = f" · <{link}|See it in Slack>" if link else ""
        lines.append(f"*Latest:* {_moment(reader, page.latest)}{there}")
    return lines


def _stands(state: str) -> str:
    """ "is a draft"; of one that sends nothing."""
    return {CoalitionState.DRAFT: "is a draft", CoalitionState.ENDED: "is at its end"}.get(
        CoalitionState(state), f"is {state}"
    )


def _moment(reader: Clock, one: Published) -> str:
    return reader.token(one.published_at)


def _where_it_is(one: Whereabouts | None, page: Overview, reader: Clock) -> str:
    """Where the newest one is that somebody gets by themselves; what has arrived needs no word."""
    if one is None or one.where is Where.ARRIVED:
        return ""
    if one.where is Where.PLANNED:
        return f" ({state_words(one, reader)})"
    why = trouble_for(one.trouble, may_mend=page.may_mend) if one.where is Where.CANNOT_ARRIVE else None
    return f" ({reader.token(one.due_at, 'due ')}: {state_words(one, reader)}{f', {own(why.words)}' if why else ''})"


def _where(channels: Sequence[str], copies: int, *, to_priorities: bool = True) -> str:
    names = [f"#{own(name)}" for name in channels]
    people = [f"{plural(copies, 'person', 'people')} by direct message"] if copies else []
    return listed([*names, *(["the priorities' channels"] if to_priorities else []), *people])


def _preview_button() -> kit.Element:
    return kit.button("Preview", Action.DIGEST_PREVIEW)


def _message(blocks: list[Block]) -> Message:
    """Blocks with their words as the complete text."""
    return Message.of(cut(limits.text_of(blocks), 3000), *blocks)
