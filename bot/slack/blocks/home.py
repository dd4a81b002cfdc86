"""App Home, by role: what I owe, what waits for me, my priorities, meetings, the latest digest. What only coordinators
see is in `home_coordination`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.digest_reading import Query
from bot.domain.digest_wording import priority_line
from bot.domain.home import HomePage, LatestDigest, Overview
from bot.domain.wording import clock, near_day, with_article
from bot.slack.blocks import kit
from bot.slack.blocks.action_items import action_lines
from bot.slack.blocks.checkins import check_in_lines
from bot.slack.blocks.decision_words import own_lines
from bot.slack.blocks.digests import marked_up
from bot.slack.blocks.funding import due_report_blocks
from bot.slack.blocks.home_coordination import coordination_blocks
from bot.slack.blocks.home_nouns import noun_buttons
from bot.slack.blocks.meetings import when
from bot.slack.blocks.menu import nothing_waits
from bot.slack.blocks.metrics import due_figure_blocks
from bot.slack.blocks.pages import paged
from bot.slack.blocks.people import not_set_up_message, stranger_words
from bot.slack.digest_metadata import encode_query
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.metadata import encode_id, encode_pages
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own

OWED = "owed"
WAITS = "waits"
PRIORITIES = "priorities"
ISSUES = "issues"
MEETINGS = "meetings"
MOST_TITLE = 300


def home_view(page: HomePage, pages: Mapping[str, int] | None = None, *, note: str | None = None) -> View:
    """Everything that this person sees first. `pages` says which page of which list, for those past their first one.

    `note` is what just happened here, in plain words.
    """
    at = dict(pages or {})
    reader = Clock(page.zone, page.now)
    blocks: list[Block] = [kit.section(own(note))] if note is not None else []
    blocks += _owed(page, at, reader)
    blocks += _waits(page, at, reader)
    if page.overview is not None:
        blocks += _priorities(page.overview, at, reader)
    blocks.append(_own_buttons(page))
    if page.overview is not None:
        blocks += _overview(page.overview, at, reader)
    if page.coordination is not None:
        blocks += coordination_blocks(page, page.coordination, at, reader)
    else:
        blocks += [kit.header("Look up"), kit.actions(*noun_buttons(page))]
    blocks.append(kit.context(f"As of {clock(reader.local(page.now))}"))
    blocks.append(
        kit.actions(
            kit.button("Refresh", Action.REFRESH, value=encode_pages(at)),
            kit.button("My settings", Action.GO_SETTINGS, value="coalition me"),
            kit.button("Help", Action.GO_HELP, value="help"),
        )
    )
    return View(blocks=tuple(blocks))


def stranger_view(coordinator: str | None) -> View:
    """Home of somebody whom the bot doesn't know. Without a `coordinator` there may be no coalition yet."""
    if coordinator is None:
        return View(blocks=not_set_up_message().blocks)
    return View(blocks=(kit.section(own(stranger_words(coordinator))),))


def _owed(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    owed = [*check_in_lines(page.open_check_ins, reader), *action_lines(page.actions)]
    owed += due_figure_blocks(page.due_figures, reader.today)
    owed += due_report_blocks(page.due_reports, reader.today)
    yield kit.header("What I owe")
    if owed:
        yield from paged(owed, OWED, at)
        if sum(card.accepted for card in page.actions) > 1:
            yield kit.actions(kit.button("All actions in one form", Action.ALL_ACTIONS))
    elif page.decisions or page.asks:
        yield kit.section("No update, action or figure of yours is open.")
    else:
        yield kit.section(nothing_waits(page))


def _waits(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Decisions and asks that somebody else waits for."""
    lines: list[Block] = []
    for decision in page.decisions:
        by = f"by {near_day(decision.needed_by, reader.today)}" if decision.needed_by else "no date set"
        title = own(cut(decision.title, MOST_TITLE)) if decision.title is not None else "about its priority"
        lines.append(
            kit.section(
                "\n".join([f"{bold(f'{decision.id}, {by}')}: {title}", *own_lines(decision)]),
                accessory=kit.button(
                    "Answer",
                    Action.DECISION_ANSWER,
                    value=decision.id,
                    primary=not (page.open_check_ins or lines),
                    label=f"Answer: {decision.id}",
                ),
            )
        )
    for ask in page.asks:
        lines.append(
            kit.section(
                f"{bold(f'Ask from {ask.priority_name}')}\n“{own(cut(ask.text, MOST_TITLE))}”",
                accessory=kit.button(
                    "Respond", Action.OPEN_ASK, value=encode_id(ask.ask_id), label=f"Respond: {ask.priority_name}"
                ),
            )
        )
    if lines:
        yield kit.header("Waits for me")
        yield from paged(lines, WAITS, at)


def _overview(overview: Overview, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    issues = [
        kit.section(
            f"{own(cut(issue.title, MOST_TITLE))} ({issue.id}) · {_issue_state(issue.escalated_to_name)}",
            accessory=kit.button("Open", Action.OPEN_ISSUE, value=issue.id, label=f"Open: {issue.title}"),
        )
        for issue in overview.issues
    ]
    if issues:
        yield kit.header("Issues I look after")
        yield from paged(issues, ISSUES, at)
    meetings = [
        kit.section(
            f"{bold(one.name)}\n{when(one, reader)}",
            accessory=kit.button("Open", Action.OPEN_MEETING, value=one.ref.cadence, label=f"Open: {one.name}"),
        )
        for one in overview.meetings
    ]
    if meetings:
        yield kit.header("Next meetings")
        yield from paged(meetings, MEETINGS, at)
    if overview.digest is not None:
        yield from _digest(overview.digest, reader)


def _priorities(overview: Overview, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    lines = [
        kit.section(
            cut(marked_up(priority_line(part, reader.today)), 2900),
            accessory=kit.button("Open", Action.PRIORITY_CARD, value=part.id, label=f"Open: {part.name}"),
        )
        for part in overview.priorities
    ]
    if lines:
        yield kit.header("My priority" if len(lines) == 1 else "My priorities")
        yield from paged(lines, PRIORITIES, at)


def _own_buttons(page: HomePage) -> Block:
    """What this person may begin."""
    buttons = []
    if page.may_add_actions:
        buttons.append(kit.button("Add action", Action.NEW_ACTION))
    if page.may_record:
        buttons.append(kit.button("Update a number", Action.FIGURE_UPDATE))
    if page.overview is not None and page.overview.may_propose:
        buttons.append(kit.button("Propose a decision", Action.NEW_DECISION))
    if page.overview is not None and page.overview.may_raise:
        buttons.append(kit.button("Raise an issue", Action.NEW_ISSUE))
    buttons.append(kit.button("I'm away", Action.AWAY))
    if page.coordination is None:
        buttons.append(kit.button("Ask the coordinator", Action.WRITE_TO_COORDINATORS))
    return kit.actions(*buttons)


def _issue_state(group: str | None) -> str:
    return f"with {own(with_article(group))}" if group is not None else "open"


def _digest(digest: LatestDigest, reader: Clock) -> Iterator[Block]:
    yield kit.header(f"Latest digest, {near_day(reader.local(digest.published_at).date(), reader.today)}")
    yield kit.section(
        own(cut(digest.sentence, 600)),
        accessory=kit.button(
            "Open", Action.DIGEST_OPEN, value=encode_query(Query(digest.id)), label="Open the latest digest"
        ),
    )
