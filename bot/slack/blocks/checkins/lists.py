"""A person's check-ins as a list: what is open, answered or not, and what can be answered before it opens."""

from __future__ import annotations

from bot.domain.checkins import MyCheckins, NextKey, NextRound, RunLine
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.checkins.checkins import checkin_lines
from bot.slack.identifiers import Action
from bot.slack.limits import fit
from bot.slack.message import Block, Message
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

LIST_TITLE = "Your check-ins"
MOST = 20


def my_checkins_message(mine: MyCheckins) -> Message:
    """Open ones first, then the next ones; for a coordinator those of somebody else."""
    reader = Clock(mine.zone, mine.now)
    blocks: list[Block] = []
    texts: list[str] = []
    if mine.for_name is not None:
        blocks.append(
            kit.section(
                f"*{own(mine.for_name)}*: an answer here is recorded as yours on their behalf, and they see it."
            )
        )
        texts.append(f"{mine.for_name}:")
    shown = mine.open[:MOST]
    blocks += checkin_lines(shown, reader)
    if len(mine.open) > len(shown):
        blocks.append(kit.context(f"{len(shown)} of {len(mine.open)} · answer these first"))
    waiting = [item for item in mine.open if item.state == "open"]
    if waiting:
        names = "; ".join(f"{item.priority_name}, until {reader.words(item.closes_at)}" for item in waiting[:MOST])
        texts.append(f"{plural(len(waiting), 'check-in is', 'check-ins are')} open: {names}.")
    elif mine.open:
        texts.append("Everything open is answered. It can be changed until it closes.")
    ahead = mine.ahead[: max(0, MOST - len(shown))]
    blocks += [_ahead(one, reader) for one in ahead]
    if not mine.open:
        texts.append(_nothing(mine, reader, plain=True))
        if not ahead and not mine.runs:
            blocks.append(kit.section(_nothing(mine, reader)))
    if mine.runs:
        if blocks:
            blocks.append(kit.divider())
        blocks.append(kit.section(bold(plural(len(mine.runs), "check-in"))))
        blocks += [_run(one, reader) for one in mine.runs[:MOST]]
        names = listed([one.name for one in mine.runs[:MOST]])
        texts.append(f"{plural(len(mine.runs), 'check-in runs', 'check-ins run')}: {names}.")
        if mine.may_add:
            questions = kit.button("Questions", Action.QUESTION_SETS)
            add = [kit.button("Add check-in", Action.ADD_CHECKIN), questions]
            if mine.offers_stocktake:
                add.append(
                    kit.button("Start the stocktake", Action.START_STOCKTAKE, label="Start the monthly stocktake")
                )
            blocks.append(kit.actions(*add))
    return fit(Message.of(" ".join(texts), *blocks))[0]


def _ahead(one: NextRound, reader: Clock) -> Block:
    state = "written, counts from" if one.is_written else "opens"
    return kit.line(
        f"Next {own(one.heading)}, {reader.token(one.opens_at, f'{state} ')}",
        "Change it" if one.is_written else "Answer early",
        Action.ANSWER_AHEAD,
        value=encode(NextKey(one.cadence, one.priority, one.slot)),
        label=f"{'Change' if one.is_written else 'Answer early'}: {one.priority_name}",
    )


def _run(one: RunLine, reader: Clock) -> Block:
    """One of the check-ins that somebody runs; its card has what can be done about it."""
    state = reader.token(one.paused_at, "paused since ") if one.paused_at is not None else "it has no date ahead"
    if one.paused_at is None and one.next_at is not None:
        state = reader.token(one.next_at, "next ")
    rhythm = one.rhythm[:1].upper() + one.rhythm[1:]
    button = kit.button("Open", Action.SAY, value=f"checkin {one.id}", about=one.name)
    return kit.section(f"{bold(one.name)}\n{own(rhythm)} · {state}", accessory=button)


def _nothing(mine: MyCheckins, reader: Clock, *, plain: bool = False) -> str:
    # Decisions, actions and figures may wait: this list is of check-ins only.
    waits = "No check-in is open for you." if mine.for_name is None else "No check-in is open."
    next_at = min((one.opens_at for one in mine.ahead), default=None)
    if next_at is None:
        return waits
    return f"{waits} {f'Next: {reader.dated(next_at)}' if plain else reader.token(next_at, 'Next: ')}."
