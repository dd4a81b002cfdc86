"""Decisions on screen: the post, a card, an item, lists, read back, and what became of one. Forms are in
`forms`; the sentences about rules and counts in `words`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.decisions import (
    MOST_OPTIONS,
    DecisionCard,
    DecisionChange,
    DecisionList,
    DecisionOutcome,
    DecisionReadBack,
    WaitingDecision,
)
from bot.domain.vocabularies import DecisionStatus
from bot.domain.wording import day, may_hold_amount, near_day, needed_by, plural, with_article
from bot.slack import limits
from bot.slack.blocks import kit, numbered
from bot.slack.blocks.decisions.words import (
    about_line,
    answer_words,
    count_line,
    ended_lines,
    own_lines,
    result_line,
    rule_line,
    said_by,
    voice_lines,
)
from bot.slack.blocks.menu import unknown_message
from bot.slack.blocks.outbox import elsewhere, sent_words
from bot.slack.blocks.worded import worded, words_of
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import Ballot, OptionKey, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed, listed_some

TITLE = "Decision"
ADD_HINT = "Pay for an inspector by Dec 4 in family-access: County reserve / Wait"
OPTION_BUTTONS = (
    Action.DECISION_OPTION_1,
    Action.DECISION_OPTION_2,
    Action.DECISION_OPTION_3,
    Action.DECISION_OPTION_4,
    Action.DECISION_OPTION_5,
)
_MOST_TITLE = 150
_MOST_ASKED = 8


def decision_post(card: DecisionCard) -> Message:
    """A decision where its group talks: no button is the main one, and who said what is not in it."""
    if not card.is_needed:
        return worded(
            [
                kit.section("\n".join(ended_lines(card))),
                kit.actions(_act("Open", Action.OPEN_DECISION, card), _act("History", Action.DECISION_HISTORY, card)),
            ]
        )
    blocks = [kit.section("\n".join(_head(card))), kit.context(rule_line(card))]
    blocks += [kit.actions(*_choices(card)), kit.context(count_line(card))]
    return worded(blocks, more=f"Choices: {listed([*card.options, 'abstain', 'object', 'talk first'], last='or')}.")


def card_message(card: DecisionCard) -> Message:
    """One decision with what this reader may do about it."""
    return worded(list(card_blocks(card)))


def card_view(card: DecisionCard, done: DecisionChange | None = None) -> View:
    """The same as a modal; `done` is what has just become of it."""
    return numbered.card_view(TITLE, card_blocks(card), kit.section(became(done)) if done is not None else None)


def card_blocks(card: DecisionCard) -> Iterator[Block]:
    if card.is_needed:
        yield kit.section("\n".join(_head(card)))
        yield kit.context(rule_line(card))
        if _post_words(card):
            yield kit.context(_post_words(card))
        if card.own:
            yield kit.actions(*_choices(card))
        yield kit.context(count_line(card))
    else:
        yield kit.section("\n".join(ended_lines(card)))
    lines = voice_lines(card.voices)
    if lines:
        yield kit.section(lines)
    yield from numbered.kept_to(card.kept_to)
    buttons = []
    if card.others and card.is_needed:
        for_somebody = f"Answer {card.id} for somebody"
        buttons.append(kit.button("Answer for somebody", Action.DECISION_ANSWER, value=card.id, label=for_somebody))
    buttons += _record(card)
    if card.may_set_aside and card.status == DecisionStatus.DEFERRED:
        buttons.append(_act("Ask again", Action.REOPEN_DECISION, card))
    if card.is_needed:
        buttons += _go_on(card, "Ask them again")
    sight = [numbered.who_sees(card.id, card.title)] if card.may_set_aside else []
    yield kit.actions(*buttons, *_aside(card), _act("History", Action.DECISION_HISTORY, card), *sight)


def decision_item(card: DecisionCard, _reader: Clock) -> tuple[Iterable[Block], str]:
    """A decision in somebody's message: with [Answer] while a voice of theirs is missing, [Change] where a coordinator
    gave it."""
    if not card.is_needed:
        blocks = [kit.section("\n".join(ended_lines(card)))]
        return blocks, words_of(blocks)
    lines = [bold(f"Decision {card.id}: {cut(card.title or '', _MOST_TITLE)}"), about_line(card)]
    lines += own_lines(card)
    if card.is_settled:
        blocks = [kit.section("\n".join(lines))]
        return blocks, words_of(blocks)
    is_written_down = all(one.has_answered for one in card.own)
    answer = _answer(card, "Change" if is_written_down else "Answer")
    blocks = [kit.section("\n".join(lines)), kit.actions(answer), kit.context(count_line(card))]
    return blocks, words_of(blocks)


def waiting_item(waiting: WaitingDecision, _reader: Clock) -> tuple[Iterable[Block], str]:
    """A decision in the message of whoever brings it to its end, since its day has passed or its rule is met."""
    card = waiting.card
    if waiting.is_settled:
        if not card.is_needed:
            blocks = [kit.section("\n".join(ended_lines(card)))]
        else:
            head = bold(f"Decision {card.id}, {_by(card)}: {cut(card.title or '', _MOST_TITLE)}")
            blocks = [kit.section(f"{head}\n{count_line(card)}. Nothing to do.")]
        return blocks, words_of(blocks)
    head = bold(f"{card.id}, {_by(card)}: {cut(card.title or 'its title is for those who decide', _MOST_TITLE)}")
    said = count_line(card)
    if card.title is not None:
        said += f"\n{result_line(card)}"
    buttons = [
        *_record(card, primary=card.count.result is not None),
        *_go_on(card),
        *_aside(card),
        _act("Open", Action.OPEN_DECISION, card),
    ]
    blocks = [kit.section(f"{head}\n{said}"), kit.actions(*buttons)]
    return blocks, words_of(blocks)


def outcome_post(outcome: DecisionOutcome) -> Message:
    """How a decision ended, where a channel was told that it waits."""
    card = outcome.card
    open_it = kit.actions(_act("Open", Action.OPEN_DECISION, card))
    if outcome.to_deciders:
        return replace(worded([kit.section("\n".join(ended_lines(card))), open_it]), broadcast=True)
    shows = outcome.amounts or not may_hold_amount(card.title or "")
    title = cut(card.title or "", _MOST_TITLE) if outcome.in_roll_up and shows else ""
    by = f" by {own(with_article(card.decider_name))}" if card.is_decided else ""
    on = f" on {day(card.decided_on, card.today)}" if card.is_decided and card.decided_on else ""
    words = {"decided": "decided", "deferred": "put off", "withdrawn": "taken back"}.get(card.status, card.status)
    result = card.outcome if card.is_decided and card.outcome else ""
    told = f": {own(result)}" if result and (outcome.amounts or not may_hold_amount(result)) else ""
    about = " · ".join(one for one in (own(title), own(card.priority_name or "")) if one)
    lines = [bold(f"{card.id} {words}{on}{by}{told}"), *([about] if about else [])]
    return worded([kit.section("\n".join(lines)), open_it])


def answered_message(change: DecisionChange) -> Message:
    """What was recorded for a voice, and the way to change it."""
    voice = change.voice.voice if change.voice is not None else None
    return worded([kit.section(became(change)), kit.actions(_answer(change.card, "Change", voice))])


def change_message(change: DecisionChange) -> Message:
    if change.what == "answered":
        return answered_message(change)
    return worded([kit.section(became(change)), kit.actions(_act("Open", Action.OPEN_DECISION, change.card))])


def became(change: DecisionChange) -> str:
    """What became of it, in markup."""
    card = change.card
    if change.what == "answered" and change.voice is not None:
        words = f"Recorded for {own(change.voice.voice_name)}: {answer_words(change.voice)}{said_by(change.voice)}."
        if change.before is not None:
            words += f" It replaces {answer_words(change.before)}{said_by(change.before)}."
        left = [own(one.voice_name) for one in card.own if one.choice is None]
        if left:
            words += f" You can answer for {listed(left)} too."
        return f"{words} You can change it until the decision is recorded."
    if change.what == "proposed":
        group = own(with_article(card.decider_name))
        where = f"{group[:1].upper()}{group[1:]} is asked" if card.count.voices else "Nobody has a voice in it yet"
        by = f", by {near_day(card.needed_by, card.today)}" if card.needed_by else ""
        words = f"{'Already proposed' if change.already else 'Proposed'} as {own(card.id)}. {where}{by}."
        return f"{words} {_post_words(card)}".strip()
    if change.what == "needed":
        return f"{own(card.id)} is {'already open' if change.already else 'open again'}, {_by(card)}."
    if change.what == "asked":
        if change.already:
            return "They were asked today already. You can ask them again tomorrow."
        if not change.asked and not change.elsewhere:
            return "Nobody is left to ask: every voice that can be reached has answered."
        told = [f"Asked again: {own(listed_some(list(change.asked), _MOST_ASKED))}."] if change.asked else []
        if change.elsewhere:
            told.append(elsewhere(change.elsewhere, Clock("UTC", change.elsewhere[0].at), may_mend=card.may_mend))
        return " ".join(told)
    if change.what == "moved":
        return f"{own(card.id)} is needed {_by(card)} now. Its reminders go by that day."
    if change.what == "agenda":
        on = near_day(card.needed_by, card.today) if card.needed_by else "the next meeting"
        return f"{own(card.id)} is {'already ' if change.already else ''}on the agenda of {on}, and needed by then."
    return "\n".join(ended_lines(card, already=change.already))


def unknown_list_message(said: str, nearest: str) -> Message:
    """A list that is not known, and which was probably meant."""
    hint = "Type an id, words of a title, a state such as “decided”, a priority or a group."
    return unknown_message(said, f"decision log {nearest}" if nearest else None, shown=nearest or None, hint=hint)


def read_back_message(back: DecisionReadBack) -> Message:
    """The decision as it would be proposed."""
    by = f"needed by {near_day(back.needed_by, back.today)}" if back.needed_by else "no date set"
    where = f"decided by {own(with_article(back.decider_name))}" if back.decider_name else "nobody decides yet"
    title = bold(cut(back.title, _MOST_TITLE)) or "*(nothing to decide yet)*"
    lines = [title, f"{own(back.priority_name or 'The whole coalition')} · {where} · {by}"]
    lines.append(f"*Options:* {' / '.join(own(one) for one in back.options)}")
    note = f"It goes to #{own(back.channel)} once you propose it." if back.channel else "Its members are asked then."
    add = ("Propose", Action.PROPOSE_DRAFT)
    notes = ["Not proposed yet.", note]
    return numbered.read_back_message(back, "\n".join(lines), notes, add, Action.CHANGE_DECISION_DRAFT)


def add_hint_message() -> Message:
    """Where no form can be opened by itself."""
    words = f"Type “decision add” and what is to be decided, such as “decision add {ADD_HINT}”, or press the button."
    return worded([kit.section(words), kit.actions(kit.button("Propose a decision", Action.NEW_DECISION))])


def decision_line(card: DecisionCard) -> Block:
    """One decision in a list, with [Answer] where it waits for this reader."""
    first = f"{bold(f'{card.id}, {_by(card)}')} · {own(card.decider_name)}"
    title = own(cut(card.title, _MOST_TITLE)) if card.title else "Its title is for those who decide"
    about = f" ({own(card.priority_name)})" if card.priority_name else ""
    waits = any(not one.has_answered for one in card.own) and card.is_needed
    button = _answer(card) if waits else _act("Open", Action.OPEN_DECISION, card)
    said = own_lines(card, most=2) if card.is_needed else []
    return kit.section("\n".join([first, f"{title}{about}", *said]), accessory=button)


def _post_words(card: DecisionCard) -> str:
    """Where its group's post is, unless that is there or on its way."""
    if card.post is None or card.post.goes_at_once:
        return ""
    return f"Its post: {sent_words(card.post, Clock('UTC', card.post.at), may_mend=card.may_mend)}"


def _head(card: DecisionCard) -> Iterator[str]:
    title = f"Decision {card.id}: {card.title}" if card.title else f"Decision {card.id}"
    yield bold(cut(title, _MOST_TITLE + 20))
    yield about_line(card)
    # Proposed because of an issue, its reason is the issue's title unless somebody wrote another.
    if card.why and (card.issue is None or card.why != card.issue.name):
        yield f"*Why:* {own(card.why)}"
    if any(len(one) > limits.OUR_BUTTON for one in card.options) or len(card.options) > MOST_OPTIONS:
        yield f"*Options:* {' / '.join(own(one) for one in card.options)}"
    if card.recommended:
        yield f"*Recommended:* {own(card.recommended)}"
    if card.issue is not None:
        yield f"*Because of:* {own(card.issue.name)} ({own(card.issue.id)})"


def _choices(card: DecisionCard) -> Iterator[kit.Element]:
    """A button for each option, then those that every decision has. None leans to a side."""
    if len(card.options) > MOST_OPTIONS:
        yield _answer(card)
        return
    for number, (option, action) in enumerate(zip(card.options, OPTION_BUTTONS, strict=False)):
        yield kit.button(option, action, value=encode(OptionKey(card.id, number)), label=f"{card.id}: {option}")
    yield _act("Abstain", Action.DECISION_ABSTAIN, card)
    yield _act("Object", Action.DECISION_OBJECT, card)
    yield _act("Talk first", Action.DECISION_TALK, card)


def _record(card: DecisionCard, *, primary: bool = False) -> list[kit.Element]:
    if not card.may_record or not card.is_undecided:
        return []
    return [_act("Record", Action.RECORD_DECISION, card, primary=primary)]


def _go_on(card: DecisionCard, ask: str = "Ask again") -> list[kit.Element]:
    """What whoever goes on with a decision that waits may do, besides recording and taking it back."""
    if not card.may_chase:
        return []
    buttons = []
    if card.count.answered < card.count.voices:
        buttons.append(_act(ask, Action.ASK_VOICES_AGAIN, card))
    buttons.append(_act("New date", Action.DECISION_NEW_DATE, card))
    if card.has_passed and card.has_meeting:
        words = "Take to the next meeting"
        buttons.append(_act(words, Action.DECISION_TO_MEETING, card))
    return buttons


def _aside(card: DecisionCard) -> list[kit.Element]:
    if not card.may_set_aside or not card.is_undecided:
        return []
    words = "Take back" if card.status == DecisionStatus.DEFERRED or card.has_passed else "Put off or take back"
    return [_act(words, Action.SET_DECISION_ASIDE, card)]


def _by(card: DecisionCard) -> str:
    if card.is_decided and card.decided_on is not None:
        return f"decided {near_day(card.decided_on, card.today)}"
    if not card.is_needed:
        return {"deferred": "put off", "withdrawn": "taken back"}.get(card.status, card.status)
    return needed_by(card.needed_by, card.today)


def _answer(card: DecisionCard, text: str = "Answer", voice: str | None = None) -> kit.Element:
    value = encode(Ballot(card.id, voice)) if voice is not None else card.id
    return kit.button(text, Action.DECISION_ANSWER, value=value, about=card.id)


def _act(text: str, action: Action, card: DecisionCard, *, primary: bool = False) -> kit.Element:
    """Named by the id: not everybody who reads it sees its title."""
    return numbered.act(text, action, card.id, card.id, primary=primary)


def _heading(found: DecisionList) -> str:
    kind, total = found.query.kind, plural(found.total, "decision")
    if kind == "mine":
        if found.waiting:
            return f"{plural(found.waiting, 'decision waits', 'decisions wait')} for you"
        return f"{total} of your groups"
    if kind == "status":
        words = {"needed": "needed", "decided": "made", "deferred": "put off", "withdrawn": "taken back"}
        return f"{total} {words.get(found.query.id, '')}".strip()
    return f"{total}: {found.name}" if found.name else total


def _nothing(found: DecisionList) -> str:
    if found.query.kind == "mine":
        return "No decision waits for you or your groups. Type “decision log” for those that were made."
    where = "that you can see" if found.sight else "here"
    return f"No decisions {where}{f': {own(found.name)}' if found.name else ''}."


LISTS: numbered.Lists[DecisionList] = numbered.Lists(
    heading=_heading,
    nothing=_nothing,
    lines=lambda found: map(decision_line, found.cards),
    turn=Action.TURN_DECISIONS,
    add=kit.button("Propose a decision", Action.NEW_DECISION),
    others="No decision waits for you or your groups. These are the others:",
)
list_message = LISTS.message
