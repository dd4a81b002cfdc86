"""How the rhythm of a coalition is, on screen: for its coordinators, who can help. It says what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.health import Health, Sent, Share
from bot.domain.people import OutsideSlack, out_of_reach
from bot.domain.wording import cut, day, plural
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.canvases import health_words
from bot.slack.identifiers import Action
from bot.slack.message import Message
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape, own, unmark
from bot.slack.names import listed

TITLE = "Health"
_NAMED = 5
_LONGEST = 80


def health_message(health: Health) -> Message:
    """Everything on one page, with the ways to what can be mended."""
    reader = Clock(health.zone, health.now)
    lines = [
        f"*Messages this week:* {sent_words(health.sent)}",
        f"*Out of reach:* {_unreached(out_of_reach(health.outside_slack))}",
        f"*Figures:* {_figures(health, reader.today)}",
        f"*Targets:* {_targets(health, reader.today)}",
        f"*Updates:* {_silent(health, reader.today)}",
        f"*Canvases:* {health_words(health.canvases)}",
        *([f"*Series:* {_series(health.series)}"] if health.series else []),
        f"*Last backup:* {backup_words(health.backup_at, reader)}",
    ]
    now, before = health.now_kept, health.before
    kept = [
        "*The last four weeks, beside the four before*",
        f"• Updates given: {_share(now.answered)}, before {_share(before.answered)}",
        f"• Figures up to date: {_share(now.fresh)}, before {_share(before.fresh)}",
        f"• Actions closed by their day: {_share(now.on_time)}, before {_share(before.on_time)}",
    ]
    words, told = "\n".join(lines), "\n".join(kept)
    # A section each, where together they would be more than one holds.
    shown = [words] if len(words) <= limits.TEXT else lines
    buttons = [
        kit.button("What did not arrive", Action.DELIVERIES),
        kit.button("Link people", Action.LINK_PEOPLE) if health.outside_slack else None,
        kit.button("Canvases", Action.CANVASES),
        kit.button("Week ahead", Action.WEEK),
    ]
    text = escape(unmark(f"{words}\n{told}").replace("\n", ". "))
    return Message(
        text=cut(text, limits.MESSAGE_TEXT),
        blocks=(
            *map(kit.section, shown),
            kit.section(told),
            kit.actions(*(one for one in buttons if one is not None)),
            kit.context("Seen by you and the other coordinators."),
        ),
    )


def sent_words(sent: Sent) -> str:
    """Counts of the week; what is none goes unsaid, but for what was sent."""
    parts = [
        f"{sent.sent} sent",
        f"{sent.late} more than an hour late" if sent.late else "",
        f"{sent.lost} not arrived ({_reasons(sent)})" if sent.lost else "",
        f"{sent.held} held" if sent.held else "",
        f"{sent.waiting} waiting" if sent.waiting else "",
    ]
    return ", ".join(part for part in parts if part)


def backup_words(at: datetime | None, reader: Clock) -> str:
    if at is None:
        return "none on record; whoever runs me makes one with `backbeat backup FILE`"
    return reader.dated(at)


def _reasons(sent: Sent) -> str:
    told = [f"{count}: {own(cut(reason, _LONGEST))}" for reason, count in sent.missed[:_NAMED]]
    return f"{'; '.join(told)}{_more(len(sent.missed))}"


def _unreached(found: Sequence[OutsideSlack]) -> str:
    if not found:
        return "nobody"
    by_why: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_why[one.trouble.why].append(one.name)
    return "; ".join(f"{own(_some(names))} ({own(why)})" for why, names in by_why.items())


def _figures(health: Health, today: date) -> str:
    if not health.stale:
        return f"all {health.figures} up to date" if health.figures else "none yet"
    told = [_named(one.name, one.steward, one.since, today) for one in health.stale[:_NAMED]]
    return f"{len(health.stale)} of {health.figures} not reported: {'; '.join(told)}{_more(len(health.stale))}"


def _targets(health: Health, today: date) -> str:
    if not health.passed:
        return "none passed without a new one"
    told = [f"{own(cut(one.name, _LONGEST))} ({day(one.day, today)})" for one in health.passed[:_NAMED]]
    return f"{len(health.passed)} passed without a new one: {'; '.join(told)}{_more(len(health.passed))}"


def _series(troubles: Sequence[tuple[str, str]]) -> str:
    told = [f"{own(cut(name, _LONGEST))}: {own(cut(why, 200))}" for name, why in troubles[:_NAMED]]
    count = plural(len(troubles), "figure can't be fetched", "figures can't be fetched")
    return f"{count}. {' '.join(told)}{_more(len(troubles))}"


def _silent(health: Health, today: date) -> str:
    if not health.silent:
        return "no priority without one for two rounds"
    told = [_named(one.name, one.owner, one.since, today) for one in health.silent[:_NAMED]]
    count = f"{len(health.silent)} of {plural(health.priorities, 'priority', 'priorities')} without one for two rounds"
    return f"{count}: {'; '.join(told)}{_more(len(health.silent))}"


def _named(name: str, whose: str, since: date | None, today: date) -> str:
    last = f"none since {day(since, today)}" if since is not None else "none yet"
    return f"{own(cut(name, _LONGEST))} ({own(whose)}, {last})"


def _some(names: Sequence[str]) -> str:
    return f"{listed(names[:_NAMED])}{_more(len(names))}"


def _more(count: int) -> str:
    return f" and {count - _NAMED} more" if count > _NAMED else ""


def _share(share: Share) -> str:
    return f"{share.good} of {share.of}" if share.of else "none due"
