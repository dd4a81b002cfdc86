"""One's own parts of Home: what I owe, what waits for me, what I may begin, my issues and meetings. Their place is
in `page`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.decisions import DecisionCard
from bot.domain.home import HomePage
from bot.domain.wording import needed_by, with_article
from bot.slack.blocks import kit
from bot.slack.blocks.actions import action_lines
from bot.slack.blocks.asks import own_ask_blocks
from bot.slack.blocks.checkins import checkin_lines
from bot.slack.blocks.decisions import count_line, own_lines, result_line
from bot.slack.blocks.funding import due_report_blocks
from bot.slack.blocks.meetings import when
from bot.slack.blocks.menu import nothing_waits
from bot.slack.blocks.metrics import due_figure_blocks, proposed_blocks
from bot.slack.blocks.pages import headed, paged
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own

OWED = "owed"
PROPOSED = "proposed"
WAITS = "waits"
ASKED = "asked"
ISSUES = "issues"
MEETINGS = "meetings"
MOST_TITLE = 300


def owed_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    owed = [*checkin_lines(page.open_checkins, reader), *action_lines(page.actions)]
    owed += due_figure_blocks(page.due_figures, reader.today)
    owed += due_report_blocks(page.due_reports, reader.today)
    proposed = [block for news in page.proposed for block in proposed_blocks(news)]
    yield kit.header("What I owe")
    yield from paged(proposed, PROPOSED, at, each=2)
    if owed:
        yield from paged(owed, OWED, at)
        if sum(card.accepted for card in page.actions) > 1:
            yield kit.actions(kit.button("All actions in one form", Action.ALL_ACTIONS))
    elif page.decisions or page.to_end or page.asks or proposed:
        yield kit.section("No update, action or figure of yours is open.")
    else:
        yield kit.section(nothing_waits(page))


def waits_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Decisions and asks that somebody else waits for."""
    lines: list[Block] = []
    for decision in page.decisions:
        by = needed_by(decision.needed_by, reader.today)
        title = own(cut(decision.title, MOST_TITLE)) if decision.title is not None else "about its priority"
        lines.append(
            kit.line(
                "\n".join([f"{bold(f'{decision.id}, {by}')}: {title}", count_line(decision), *own_lines(decision)]),
                "Answer",
                Action.DECISION_ANSWER,
                value=decision.id,
                primary=not (page.open_checkins or lines),
                about=decision.id,
            )
        )
    lines += [_to_end(one) for one in page.to_end]
    for ask in page.asks:
        lines.append(
            kit.line(
                f"{bold(f'Ask from {ask.priority_name}')}\n“{own(cut(ask.text, MOST_TITLE))}”",
                "Respond",
                Action.OPEN_ASK,
                value=encode(ask.ask_id),
                about=ask.priority_name,
            )
        )
    yield from headed("Waits for me", lines, WAITS, at)


def _to_end(card: DecisionCard) -> Block:
    """A decision that this reader records or goes on with."""
    title = own(cut(card.title, MOST_TITLE)) if card.title is not None else "about its priority"
    lines = [f"{bold(f'{card.id}, {needed_by(card.needed_by, card.today)}')}: {title}", count_line(card)]
    is_ready = card.count.result is not None and card.may_record
    if is_ready:
        lines.append(result_line(card))
    action, words = (Action.RECORD_DECISION, "Record") if is_ready else (Action.OPEN_DECISION, "Open")
    button = kit.button(words, action, value=card.id, about=card.id)
    return kit.section("\n".join(lines), accessory=button)


def asked_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """What this person asked others for, until they say what came of it."""
    yield from headed("What I asked for", own_ask_blocks(page.own_asks), ASKED, at)


def buttons_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """What this person may begin."""
    buttons = []
    if page.may_add_actions:
        buttons.append(kit.button("Add action", Action.NEW_ACTION))
    if page.may_record:
        buttons.append(kit.button("Update a figure", Action.FIGURE_UPDATE))
    if page.overview is not None and page.overview.may_propose:
        buttons.append(kit.button("Propose a decision", Action.NEW_DECISION))
    if page.overview is not None and page.overview.may_raise:
        buttons.append(kit.button("Raise an issue", Action.NEW_ISSUE))
    buttons.append(kit.button("I'm away", Action.AWAY))
    if page.coordination is None:
        buttons.append(kit.button("Ask the coordinator", Action.WRITE_TO_COORDINATORS))
    yield kit.actions(*buttons)


def issues_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    issues = [
        kit.line(
            f"{own(cut(issue.title, MOST_TITLE))} ({issue.id}) · "
            + (f"with {own(with_article(issue.escalated_to_name))}" if issue.escalated_to_name is not None else "open"),
            "Open",
            Action.OPEN_ISSUE,
            value=issue.id,
            about=issue.title,
        )
        for issue in (page.overview.issues if page.overview is not None else ())
    ]
    yield from headed("Issues I look after", issues, ISSUES, at)


def meetings_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    meetings = [
        kit.line(
            f"{bold(one.name)}\n{when(one, reader)}", "Open", Action.OPEN_MEETING, value=one.ref.cadence, about=one.name
        )
        for one in (page.overview.meetings if page.overview is not None else ())
    ]
    yield from headed("Next meetings", meetings, MEETINGS, at)
