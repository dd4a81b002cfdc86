"""The coordinators' brief before a digest: each thing that needs a hand, with its buttons."""

from __future__ import annotations

from bot.domain.asks import UNDECIDED
from bot.domain.briefs import Brief, Difference, Missing, Silent
from bot.domain.decisions import DecisionCard
from bot.domain.wording import computed, cut, figure, needed_by, plural, status
from bot.slack.blocks import kit
from bot.slack.blocks.asks import screening_blocks
from bot.slack.blocks.checkins import notes_blocks
from bot.slack.blocks.decisions import count_line, ended_lines, result_line
from bot.slack.blocks.sending import cut_off_words, held_message, undelivered_line
from bot.slack.blocks.week import ask_pause_button
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import first_name, listed

# So many of one sort are shown; a message holds fifty blocks.
MOST = 5
MOST_NAMED = 5
MOST_TITLE = 150


def brief_message(brief: Brief) -> Message:
    """The brief in one coordinator's direct message, and what it becomes."""
    reader = Clock(brief.zone, brief.now)
    head = _head(brief, reader)
    counts = [
        f"{plural(brief.sent, 'message')} sent",
        f"{brief.late} more than an hour late" if brief.late else "",
        f"{brief.lost} not arrived" if brief.lost else "",
        f"{brief.held_count} held",
    ]
    backup = (
        f"Last backup: {reader.day_of(brief.backup_at)}." if brief.backup_at is not None else "No backup on record."
    )
    week = f"This week: {', '.join(one for one in counts if one)}. {backup}"
    if brief.passed:
        week += f" {plural(brief.passed, 'target')} passed without a new one: type “coalition health”."
    if brief.is_quiet:
        return Message.of(f"{head} {week}", kit.section(f"{head} {week}"))
    blocks: list[Block] = [kit.section(head)]
    blocks += _asks(brief)
    blocks += notes_blocks(brief.notes, reader)
    blocks += _silent(brief, reader)
    for notice in brief.held[:MOST]:
        blocks += held_message(notice).blocks
    blocks += _more(len(brief.held), "messages")
    blocks += [_decision(one) for one in brief.decisions[:MOST]]
    blocks += _more(len(brief.decisions), "decisions")
    blocks += _undelivered(brief, reader)
    blocks += [_difference(one, reader, brief.receiver) for one in brief.differences[:MOST]]
    blocks += _more(len(brief.differences), "differences")
    if brief.missing:
        blocks.append(_missing(brief, reader))
    if brief.overdue:
        blocks.append(
            kit.line(_overdue(brief), "See list", Action.SEE_OVERDUE, label="See the list of overdue actions")
        )
    last = [kit.button("Preview digest", Action.DIGEST_PREVIEW)]
    if brief.may_pause:
        last.append(ask_pause_button())
    blocks.append(kit.actions(*last))
    blocks.append(kit.context(f"{week} Everything {'else ' if brief.things else ''}is quiet."))
    return fit(Message.of(_alt(brief, reader), *blocks))[0]


def _digest_words(brief: Brief, reader: Clock) -> str:
    """ "tomorrow's digest", "today's digest", "Friday's digest"."""
    if brief.digest_at is None:
        return "the next digest"
    ahead = (reader.local(brief.digest_at).date() - reader.today).days
    if ahead in {0, 1}:
        return "tomorrow's digest" if ahead else "today's digest"
    return f"the digest of {reader.day_of(brief.digest_at)}"


def _head(brief: Brief, reader: Clock) -> str:
    before = f"Before {_digest_words(brief, reader)}:"
    if brief.things:
        return f"{before} {plural(brief.things, 'thing')}, about {plural(brief.minutes, 'minute')}."
    return f"{before} nothing needs a hand."


def _asks(brief: Brief) -> list[Block]:
    blocks: list[Block] = []
    has_primary = False
    for card in brief.asks[:MOST]:
        part, _words = screening_blocks(card, primary=not has_primary)
        has_primary = has_primary or (card.state in UNDECIDED and card.asked_name is not None)
        blocks += part
    return [*blocks, *_more(len(brief.asks), "asks")]


def _silent(brief: Brief, reader: Clock) -> list[Block]:
    blocks: list[Block] = []
    for one in brief.silent[:MOST]:
        blocks.append(kit.section(_silent_words(one, reader)))
        if one.answered_by_name is None:
            first = first_name(one.owner_name)
            own_one = one.owner == brief.receiver
            give = kit.button(
                "Answer" if own_one else _with("Answer for", first),
                Action.ANSWER_FOR,
                value=encode(one.subject_id),
                label=f"Answer for {one.owner_name}: {one.priority_name}",
            )
            write = kit.button(
                _with("Write to", first), Action.WRITE_TO, value=one.owner, label=f"Write to {one.owner_name}"
            )
            blocks.append(kit.actions(give) if own_one else kit.actions(give, write))
    return [*blocks, *_more(len(brief.silent), "priorities")]


def _silent_words(one: Silent, reader: Clock) -> str:
    if one.answered_by_name is not None:
        return f"{bold(one.priority_name)}: updated by {own(one.answered_by_name)}."
    since = f"no update since {reader.day(one.last_on)}" if one.last_on is not None else "no update yet"
    was = "was" if len(one.asked) == 1 else "were"
    asked = f" {own(listed(one.asked))} {was} asked." if one.asked else " Nobody could be asked."
    return f"{bold(one.priority_name)}: {since}.{asked}"


def _decision(card: DecisionCard) -> Block:
    """A decision that is due soon, past its day or ready to be recorded, with the way to it."""
    open_it = kit.button("Open", Action.OPEN_DECISION, value=card.id, about=card.id)
    if not card.is_needed:
        return kit.section("\n".join(ended_lines(card)), accessory=open_it)
    head = bold(f"{card.id}, {needed_by(card.needed_by, card.today)}")
    title = f": {own(cut(card.title, MOST_TITLE))}" if card.title is not None else ""
    words = f"{head}{title}\n{count_line(card)}"
    if card.count.result is not None:
        words += f". {result_line(card)}"
    return kit.section(words, accessory=open_it)


def _undelivered(brief: Brief, reader: Clock) -> list[Block]:
    """Channels that take no posts, and the way to all that did not arrive."""
    if brief.undelivered is None:
        return []
    cut_off = brief.undelivered.cut_off
    blocks = [kit.section(cut_off_words(one, reader)) for one in cut_off[:MOST]]
    blocks += _more(len(cut_off), "channels")
    line = undelivered_line(brief.undelivered)
    return [*blocks, line] if line is not None else blocks


def _difference(one: Difference, reader: Clock, receiver: str) -> Block:
    name = own(one.owner_name)
    whose = f"{name} says" if one.is_owners_word else f"said for {name}:"
    says = f"{whose} {status(one.assessment)}, numbers say {status(one.status)}"
    words = f"{bold(one.priority_name)}: {says}"
    if one.latest is not None and one.latest.value is not None:
        words += f": {own(figure(one.latest.value, one.unit))} (as of {reader.day(one.latest.period_end)})"
        if one.expected is not None:
            words += f", {own(computed(one.expected, one.unit))} expected"
    if one.owner == receiver:
        return kit.section(f"{words}.")
    button = kit.button(
        _with("Write to", first_name(one.owner_name)),
        Action.WRITE_TO,
        value=one.owner,
        label=f"Write to {one.owner_name} about {one.priority_name}",
    )
    return kit.section(f"{words}.", accessory=button)


def _missing(brief: Brief, reader: Clock) -> Block:
    head = bold(f"{len(brief.missing)} of {plural(brief.figures, 'figure')}:")
    named = [_missing_words(one, reader) for one in brief.missing[:MOST_NAMED]]
    if len(brief.missing) > MOST_NAMED:
        named.append(f"and {len(brief.missing) - MOST_NAMED} more.")
    words = f"{head} {' '.join(named)}"
    if brief.asked_for_by is not None and brief.asked_for_at is not None:
        asked = f"Asked for by {own(brief.asked_for_by)}{reader.token(brief.asked_for_at, ', ')}."
        return kit.section(f"{words}\n{asked}")
    stewards = {one.steward: one.steward_name for one in brief.missing if one.steward != brief.receiver}
    if not stewards:
        return kit.section(words)
    verb = "gets" if len(stewards) == 1 else "get"
    question = kit.confirm(
        "Ask for the figures?",
        f"{listed(list(stewards.values())[:MOST_NAMED])} {verb} a message in your name."
        if len(stewards) <= MOST_NAMED
        else f"{len(stewards)} people get a message in your name.",
        "Ask",
        "Not now",
    )
    button = kit.button("Ask for them", Action.ASK_FOR_FIGURES, value=encode(brief.round_id), confirm=question)
    return kit.section(words, accessory=button)


def _missing_words(one: Missing, reader: Clock) -> str:
    since = f"none since {reader.day(one.since)}" if one.since is not None else "none yet"
    return f"{own(one.metric_name)} ({own(one.steward_name)}), {since}."


def _overdue(brief: Brief) -> str:
    return f"{bold(plural(brief.overdue, 'overdue action'))} in {plural(brief.overdue_organizations, 'organization')}"


def _with(verb: str, name: str) -> str:
    """A button that names somebody, where a button is wide enough for it."""
    words = f"{verb} {name}"
    return words if len(words) <= 24 else f"{verb} the owner"


def _more(count: int, what: str) -> list[Block]:
    return [kit.context(f"{MOST} of {count} {what}; the rest is in Home.")] if count > MOST else []


def _alt(brief: Brief, reader: Clock) -> str:
    before = f"Before {_digest_words(brief, reader)}:"
    asks = sum(card.state in UNDECIDED for card in brief.asks)
    notes = sum(note.waits for note in brief.notes)
    silent = sum(one.answered_by_name is None for one in brief.silent)
    held = sum(notice.waits for notice in brief.held)
    decisions = sum(one.is_needed for one in brief.decisions)
    counted = [
        plural(asks, "ask") if asks else "",
        plural(notes, "note to you", "notes to you") if notes else "",
        f"{plural(silent, 'priority', 'priorities')} without an update" if silent else "",
        f"{plural(held, 'held message')}" if held else "",
        plural(decisions, "decision") if decisions else "",
        *_undelivered_counted(brief),
        plural(len(brief.differences), "difference") if brief.differences else "",
        plural(len(brief.missing), "figure") if brief.missing else "",
        plural(brief.overdue, "overdue action") if brief.overdue else "",
    ]
    named = ", ".join(words for words in counted if words)
    return f"{before} {named or 'nothing needs a hand'}."


def _undelivered_counted(brief: Brief) -> list[str]:
    found = brief.undelivered
    if found is None:
        return []
    channels = plural(len(found.cut_off), "channel") + " without posts" if found.cut_off else ""
    return [channels, f"{plural(found.count, 'message')} not arrived" if found.count else ""]
