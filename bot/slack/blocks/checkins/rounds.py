"""A check-in's card, its round's status, and what became of asking again, closing, pausing, moving and the like."""

from __future__ import annotations

from bot.domain.checkins import (
    AskedAgain,
    CheckinCard,
    CheckinChange,
    RoundStatus,
    StandInAsked,
    StatusLine,
    TookPart,
    update_on,
)
from bot.domain.vocabularies import SummaryPlace
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.checkins.checkins import checkin_lines, said_line
from bot.slack.blocks.checkins.owed_messages import owed_lines
from bot.slack.blocks.checkins.own_answers import answers_blocks, result_buttons, summary_blocks
from bot.slack.blocks.checkins.private_notes import notes_blocks, notes_text
from bot.slack.blocks.last_days import end_buttons, last_day_words
from bot.slack.blocks.menus import ways_menu
from bot.slack.blocks.outbox import elsewhere
from bot.slack.blocks.worded import in_sections
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import RoundKey, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own, unmark
from bot.slack.names import first_name, listed, listed_some

MOST_MINE = 5
MOST_WAITING = 12
MOST_NAMES = 12
_TOLD = {SummaryPlace.CHANNEL: "in the group's channel", SummaryPlace.READERS: "to each of its readers"}
MOST_SAID = 200  # characters of each answer


def checkin_card(card: CheckinCard) -> Message:
    """One check-in with the buttons that this person may use."""
    reader = Clock(card.zone, card.now)
    lines = [f"{bold(card.name)} · {own(card.rhythm)}"]
    if card.title:
        minutes = f", {plural(card.minutes, 'minute')}" if card.minutes else ""
        lines.append(f"{own(card.title)}{minutes}{f' · read by {own(card.readers)}' if card.readers else ''}")
    if card.paused_at is not None:
        lines.append(f"{reader.token(card.paused_at, 'Paused since ')}. Nobody is asked until it is resumed.")
    ends = last_day_words(card.end, reader.today)
    lines += [f"{ends}."] if ends else []
    if card.open_until is not None:
        counted = f": {card.answered} of {card.asked} answered" if card.may_run else ""
        if counted and card.is_anonymous:
            counted = f": {took_part(card.answered, card.asked)}"
        lines.append(f"{reader.token(card.open_until, 'Open until ')}{counted}.")
    if card.next_at is not None:
        lines.append(f"{reader.token(card.next_at, 'Next: ')}.")
    if card.summary is not None:
        lines.append(f"What was answered is told {_TOLD[card.summary]} once a round has closed.")
    blocks: list[Block] = [kit.section("\n".join(lines))]
    blocks += checkin_lines(card.mine[:MOST_MINE], reader)
    if len(card.mine) > MOST_MINE:
        blocks.append(kit.context(f"{MOST_MINE} of {len(card.mine)} · type “answer” for all"))
    if card.answers is not None:
        blocks += answers_blocks(card.answers, reader)
    if card.result is not None:
        blocks += summary_blocks(card.result)
        blocks += kit.row(*result_buttons(card.result))
    buttons = _card_buttons(card)
    blocks += kit.row(*buttons)
    plain = [unmark(line) for line in lines]
    text = " ".join(line if line.endswith(".") else f"{line}." for line in plain)
    return Message.of(text, *blocks)


def took_part(answered: int, asked: int) -> str:
    """How many have, of those who were asked."""
    return f"{answered} of {asked} took part"


def status_message(status: RoundStatus) -> Message:
    """Who has answered and who hasn't; for coordinators only, which the last line says. Of an anonymous round it is how
    many."""
    if status.took_part is not None:
        return _pulse_status(status, status.took_part)
    reader = Clock(status.zone, status.now)
    head = f"{bold(status.name)}{_state(status, reader)}"
    blocks: list[Block] = [kit.section(head)]
    texts = [f"{unmark(head).removesuffix('.')}."]
    if status.answered:
        shown = ["*Answered*"]
        for line in status.answered[:MOST_NAMES]:
            shown.append(_answered(line, reader))
            shown += [f"    {said_line(one, MOST_SAID)}" for one in line.said]
        if len(status.answered) > MOST_NAMES:
            shown.append(f"and {len(status.answered) - MOST_NAMES} more")
        blocks += in_sections(shown)
        texts.append(f"Answered: {listed([line.priority_name for line in status.answered])}.")
    blocks += notes_blocks(status.notes, reader)
    texts += [notes_text(status.notes)] if status.notes else []
    if status.waiting:
        blocks.append(kit.section("*No answer yet*" if status.state == "open" else "*Without an answer*"))
        for line in status.waiting[:MOST_WAITING]:
            blocks.append(_waiting(line, reader, is_open=status.state == "open"))
        if len(status.waiting) > MOST_WAITING:
            blocks.append(kit.context(f"{MOST_WAITING} of {len(status.waiting)}"))
        names = [
            line.owner_name if line.is_own else f"{line.priority_name} ({line.owner_name})" for line in status.waiting
        ]
        texts.append(f"No answer: {listed(names)}.")
    notes = ["Seen by coordinators only."]
    if any(len(one.words) > MOST_SAID for line in status.answered for one in line.said):
        where = "among its answers" if any(line.is_own for line in status.lines) else "on the priority's card"
        notes.append(f"What is cut here stands whole {where}.")
    if status.asked_again_at is not None:
        by = f" by {own(status.asked_again_by)}" if status.asked_again_by else ""
        notes.insert(0, f"Asked again{by}{reader.token(status.asked_again_at, ', ')}.")
    blocks.append(kit.context(" ".join(notes)))
    buttons = _status_buttons(status)
    blocks += kit.row(*buttons)
    return fit(Message.of(" ".join(texts), *blocks))[0]


def _pulse_status(status: RoundStatus, counted: TookPart) -> Message:
    """How many have taken part in an anonymous round."""
    reader = Clock(status.zone, status.now)
    following = f" {reader.token(status.next_at, 'Next: ')}." if status.next_at is not None else ""
    head = bold(status.name)
    if status.state == "none" or status.closes_at is None:
        head += f" · no round has opened yet.{following}"
    else:
        until = reader.token(status.closes_at, "open until " if status.state == "open" else "closed ")
        count = took_part(counted.answered, counted.asked)
        head += f" · {until} · {count}.{following if status.state != 'open' else ''}"
    lines = [head]
    if status.state == "open" and counted.not_reached:
        lines.append(f"{plural(counted.not_reached, 'person has', 'people have')} no message about it yet.")
    who = "It is anonymous: nobody can see who has taken part, or who said what."
    reminded = " Whoever hasn't is reminded once, by itself." if status.state == "open" else ""
    buttons = [kit.button("Preview", Action.CHECKIN_PREVIEW, value=status.id)]
    if status.state == "open":
        then = "Whoever hasn't taken part can't anymore, and it can't be opened again."
        buttons.insert(0, _close_button(status.id, then))
    return Message.of(
        unmark(" ".join(lines)),
        kit.section("\n".join(lines)),
        kit.context(f"{who}{reminded}"),
        *kit.row(*buttons),
    )


def asked_again_message(asked: AskedAgain) -> Message:
    """Who was asked once more; before that, the question whether to, and whom."""
    reader = Clock(asked.zone, asked.now)
    if asked.repeated and asked.before_at is not None:
        who = own(asked.before_by) if asked.before_by else "A coordinator"
        names = own(listed_some([one.name for one in asked.waiting], MOST_NAMES))
        words = f"{who} asked again about {bold(asked.name)}{reader.token(asked.before_at, ', ')}. Ask once more?"
        said = f"It would go to {names}." if asked.waiting else "Everybody has answered meanwhile."
        return Message.of(unmark(f"{words} {said}"), kit.section(words), kit.context(said), _whom(asked, primary=False))
    if asked.repeated:
        names = own(listed_some([one.name for one in asked.waiting], MOST_NAMES))
        words = f"Ask {names} once more about {bold(asked.name)}?"
        return Message.of(
            unmark(f"{words} Nobody has been asked again yet."),
            kit.section(words),
            kit.context("Each gets one more message. Nobody has been asked again yet."),
            _whom(asked, primary=True),
        )
    answered = f"{asked.answered} {'has' if asked.answered == 1 else 'have'} answered."
    if asked.asked:
        lines = [f"*Asked again:* {own(listed_some(asked.asked, MOST_NAMES))}. {answered}"]
    elif asked.elsewhere:
        lines = [f"*Asked again,* and nobody has it yet. {answered}"]
    elif asked.not_reached:
        lines = [f"Nobody was asked. {answered}"]
    else:
        lines = ["Everybody has answered, so nobody was asked."]
    if asked.elsewhere:
        lines.append(elsewhere(asked.elsewhere, reader, may_mend=True))
    if asked.not_reached:
        names = own(listed_some(asked.not_reached, MOST_NAMES))
        lines.append(f"*Owner and stand-in are away:* {names}. You can answer for them.")
    text = "\n".join(lines)
    return Message.of(
        unmark(text).replace("\n", " "),
        kit.section(text),
        kit.actions(kit.button("Status", Action.CHECKIN_STATUS, value=asked.id)),
    )


def _whom(asked: AskedAgain, *, primary: bool) -> Block:
    """The yes for all of them, and where they are several a menu with each of them alone."""
    is_one = len(asked.waiting) < 2
    everybody = kit.button(
        "Ask once more" if is_one else "Ask all of them",
        Action.ASK_ONCE_MORE,
        value=asked.said or asked.id,
        primary=primary,
    )
    one_by_one = [(f"Only {one.name}", Action.ASK_ONCE_MORE, f"{asked.id} @{one.id}") for one in asked.waiting]
    return kit.actions(
        everybody,
        kit.button("Status", Action.CHECKIN_STATUS, value=asked.id),
        *(() if is_one else (ways_menu(one_by_one),)),
    )


def change_message(change: CheckinChange) -> Message:
    """What a check-in is now, and how to take it back."""
    text = _changed(change, Clock(change.zone, change.now))
    buttons = _change_buttons(change)
    blocks: list[Block] = [kit.section(text)]
    blocks += kit.row(*buttons)
    return Message.of(unmark(text).replace("\n", " "), *blocks)


def handed_over_message(asked: StandInAsked) -> Message:
    """The stand-in is asked."""
    reader = Clock(asked.zone, asked.now)
    stand_in, update = own(asked.stand_in_name), update_on(own(asked.priority_name), is_own=asked.is_own)
    if asked.trouble is not None:
        name = own(asked.priority_name)
        text = f"I can't reach {stand_in}: {own(asked.trouble.why)}. A coordinator can help with {name}."
    elif asked.already:
        text = f"{stand_in} was already asked for your {update}."
    else:
        text = f"{stand_in} is asked for your {update}, open {reader.token(asked.closes_at, 'until ')}."
    text += " Your own answer goes first, whenever you give it."
    return Message.of(unmark(text), kit.section(text))


def pause_button(checkin: str, name: str) -> kit.Element:
    """Leads to what a pause would keep back, where it can be made."""
    return kit.button("Pause", Action.ASK_PAUSE_CHECKIN, value=checkin, about=name)


def _card_buttons(card: CheckinCard) -> list[kit.Element]:
    buttons = []
    if card.may_run:
        if card.has_rounds:
            buttons.append(kit.button("Status", Action.CHECKIN_STATUS, value=card.id))
        buttons.append(kit.button("Preview", Action.CHECKIN_PREVIEW, value=card.id))
    if card.may_configure:
        buttons.append(kit.button("Edit", Action.EDIT_CHECKIN, value=card.id))
        if card.paused_at is None:
            buttons.append(pause_button(card.id, card.name))
        else:
            buttons.append(kit.button("Resume", Action.RESUME_CHECKIN, value=card.id))
    return [*buttons, *end_buttons(card.end, card.name)]


def _state(status: RoundStatus, reader: Clock) -> str:
    count = f"{len(status.answered)} of {len(status.lines)} answered"
    if status.state == "open" and status.closes_at is not None:
        return f" · {reader.token(status.closes_at, 'open until ')} · {count}"
    following = f" {reader.token(status.next_at, 'Next: ')}." if status.next_at is not None else ""
    if status.state == "closed" and status.closes_at is not None:
        return f" · {reader.token(status.closes_at, 'closed ')} · {count}.{following}"
    return f" · no round has opened yet.{following}"


def _answered(line: StatusLine, reader: Clock) -> str:
    when = reader.token(line.answered_at, ", ") if line.answered_at is not None else ""
    by = own(line.answered_by or "")
    whom = f" for {own(line.owner_name)}" if line.by_another else ""
    same = " · no change" if line.is_no_change else ""
    about = "" if line.is_own else f"{own(line.priority_name)} · "
    return f"• {about}{by}{whom}{when}{same}"


def _waiting(line: StatusLine, reader: Clock, *, is_open: bool) -> Block:
    # Where somebody is asked for themselves, their name stands above.
    who, sep = ("", "") if line.is_own else (own(line.owner_name), ", ")
    if line.is_away:
        state = f"{sep}away"
    elif line.asked_at is not None:
        state = reader.token(line.asked_at, f"{sep}asked ")
    elif line.trouble is not None:
        state = f"{sep}not reached: {own(line.trouble)}"
    else:
        state = f"{sep}not asked yet"
    parts = [who + state]
    if line.stand_in_name is not None:
        asked = reader.token(line.stand_in_asked_at, " asked ") if line.stand_in_asked_at else ""
        declined = ", not this time" if line.stand_in_declined else ""
        parts.append(f"stand-in {own(line.stand_in_name)}{asked}{declined}")
    button = None
    if is_open:
        first = first_name(line.owner_name)
        button = kit.button(
            f"Answer for {first}",
            Action.ANSWER,
            value=encode(line.subject_id),
            label=f"Answer for {line.owner_name}"
            if line.is_own
            else f"Answer for {line.owner_name}: {line.priority_name}",
        )
    return kit.section(f"{bold(line.priority_name)}\n{' · '.join(parts)}", accessory=button)


def _status_buttons(status: RoundStatus) -> list[kit.Element]:
    buttons = []
    if status.state == "open":
        if status.waiting:
            buttons.append(kit.button("Ask again", Action.ASK_AGAIN, value=status.id, primary=True))
        then = "Whoever hasn't answered can't anymore. You can open it again until the next one."
        buttons.append(_close_button(status.id, then))
    elif status.state == "closed":
        buttons.append(kit.button("Open again", Action.REOPEN_ROUND, value=status.id))
    buttons.append(kit.button("Preview", Action.CHECKIN_PREVIEW, value=status.id))
    return buttons


def _close_button(checkin: str, then: str) -> kit.Element:
    return kit.button(
        "Close now",
        Action.CLOSE_ROUND,
        value=checkin,
        danger=True,
        confirm=kit.confirm("Close this round now?", then, "Close now", "Not now", danger=True),
    )


def _changed(change: CheckinChange, reader: Clock) -> str:
    name = bold(change.name)
    following = f" {reader.token(change.next_at, 'Next: ')}." if change.next_at is not None else ""
    if change.what == "paused":
        since = reader.token(change.at, "was paused ") if change.already and change.at else "is paused"
        return f"{name} {since}. Nobody is asked or reminded until it is resumed."
    if change.what == "resumed":
        running = f"{name} {'is already running' if change.already else 'runs again'}."
        lines = owed_lines(change.owed, reader) if not change.already else []
        if not lines:
            return running + following
        return "\n".join([f"{running} Its open round goes on:", *lines, following.strip()])
    if change.what == "closed":
        count = f"{change.answered} of {change.asked} answered."
        if change.is_anonymous:
            count = f"{took_part(change.answered, change.asked)}."
        if change.already:
            before = reader.token(change.at, "the round has already closed, ") if change.at else "the round has closed"
            return f"{name}: {before}. {count}{following}"
        return f"{name} is closed. {count}{following}"
    if change.what == "reopened" and change.until is not None:
        still = "already open" if change.already else "open again"
        return (
            f"{name} is {still} {reader.token(change.until, 'until ')}. Nobody is written to by this; "
            "press Ask again for that."
        )
    if change.what == "skipped":
        return f"{name}: {_round_of(change, reader)} is {'already ' if change.already else ''}left out.{following}"
    if change.what == "moved":
        return _moved(change, reader)
    if change.what == "restored":
        usual = "is already as usual" if change.already else "is as usual again"
        return f"{name}: {_round_of(change, reader)} {usual}.{following}"
    return f"{name} is {'already ' if change.already else ''}{change.what}.{following}"


def _round_of(change: CheckinChange, reader: Clock) -> str:
    return reader.token(change.at, "the round of ") if change.at is not None else "the round"


def _moved(change: CheckinChange, reader: Clock) -> str:
    assert change.at is not None
    assert change.until is not None
    words = (
        f"{bold(change.name)} {'already ' if change.already else ''}{reader.token(change.at, 'opens ')} "
        f"and {reader.token(change.until, 'closes ')}."
    )
    if change.digest_at is None:
        return words
    digest = reader.token(change.digest_at, "The digest goes out ")
    if change.until > change.digest_at:
        return f"{words}\n{digest}, before it closes. Open it for fewer hours, or move the digest too."
    return f"{words}\n{digest} as planned."


def _change_buttons(change: CheckinChange) -> list[kit.Element]:
    value = change.id
    if change.what == "paused":
        return [kit.button("Resume", Action.RESUME_CHECKIN, value=value)]
    if change.what == "closed":
        again = [] if change.is_anonymous else [kit.button("Open again", Action.REOPEN_ROUND, value=value)]
        return [*again, kit.button("Status", Action.CHECKIN_STATUS, value=value)]
    if change.what == "reopened":
        return [
            kit.button("Ask again", Action.ASK_AGAIN, value=value),
            kit.button("Status", Action.CHECKIN_STATUS, value=value),
        ]
    buttons = [kit.button("Preview", Action.CHECKIN_PREVIEW, value=value)]
    if change.what in {"skipped", "moved"} and change.slot is not None:
        buttons.insert(0, kit.button("Undo", Action.RESTORE_ROUND, value=encode(RoundKey(value, change.slot))))
    return buttons
