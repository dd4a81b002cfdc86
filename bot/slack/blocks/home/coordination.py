"""What only coordinators see in Home: how to start, the week, what needs a hand, and the way to everything that runs
the week. Their place in Home is in `page`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.coalition import Task
from bot.domain.digests import ToForward
from bot.domain.home import Coordination, HomePage
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import first_needed_by, plural
from bot.slack.blocks import kit
from bot.slack.blocks.asks import screening_blocks
from bot.slack.blocks.coalition import checklist_title, state_buttons, state_words, task_lines
from bot.slack.blocks.digests import close_digests_block
from bot.slack.blocks.home.deliveries import delivery_blocks
from bot.slack.blocks.nouns import noun_buttons
from bot.slack.blocks.pages import PAGE, headed, paged
from bot.slack.blocks.people import link_request_block, person_block, to_link, without_mail
from bot.slack.identifiers import Action
from bot.slack.message import Block
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed, listed_some

PEOPLE = "people"
REQUESTS = "requests"
ASKS = "asks"
TASKS = "tasks"
_MOST_NAMES = 6


def start_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Where nothing goes out, that comes first, with the way to start it: of a draft also what it doesn't have yet."""
    coordination = page.coordination
    if coordination is not None and coordination.state != CoalitionState.LIVE:
        yield kit.header(page.coalition_name)
        yield kit.section(state_words(coordination, reader))
        yield kit.actions(*state_buttons(coordination, is_main=not page.open_checkins))
        if coordination.state == CoalitionState.DRAFT and not coordination.in_setup:
            # Half of it stands in the setup's forms, which become the coalition at their end.
            yield from _tasks(coordination.tasks, at)


def week_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """Who has answered, and what waits."""
    if page.coordination is None:
        return
    lines = list(_week(page.coordination, at, reader))
    if lines:
        yield kit.header("This week")
        yield from lines


def hands_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """What did not or can't arrive, and only a person can mend."""
    hands = list(_hands(page.coordination, at, reader)) if page.coordination is not None else []
    if hands:
        yield kit.header("Needs a hand")
        yield from hands


def coalition_part(page: HomePage, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """The way to everything that runs the week."""
    coordination = page.coordination
    if coordination is None:
        return
    yield kit.header("Run the week")
    if coordination.state == CoalitionState.LIVE:
        yield kit.section(f"{bold(page.coalition_name)}\n{state_words(coordination, reader)}")
    yield kit.actions(*noun_buttons(page))
    if coordination.state == CoalitionState.LIVE:
        # Else how it stands is said on top.
        yield kit.actions(*state_buttons(coordination, is_main=not page.open_checkins))
    if coordination.state != CoalitionState.DRAFT:
        yield from _tasks(coordination.tasks, at)


def _week(coordination: Coordination, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    state, counts = coordination.round, coordination.counts
    if state is not None:
        words = f"{state.answered} of {state.asked} answered"
        if state.without:
            words += f" · {len(state.without)} without an update: {own(listed_some(state.without, 6))}"
        if state.closes_at is not None:
            words += reader.token(state.closes_at, " · closed " if state.is_closed else " · closes ")
        yield kit.line(words, "Status", Action.GO_STATUS, value=f"checkin status {state.cadence}")
    asks = [block for ask in coordination.asks for block in screening_blocks(ask, primary=False)[0]]
    yield from paged(asks, ASKS, at, each=2)
    if coordination.close is not None:
        yield close_digests_block(coordination.close, reader)
    if counts.decisions:
        first = first_needed_by(counts.first_by, reader.today, counts.decisions)
        yield kit.line(
            f"{plural(counts.decisions, 'decision waits', 'decisions wait')} for an answer{first}",
            "Decisions",
            Action.GO_WAITING,
            value="decision log needed",
            label="See the decisions",
        )
    if counts.overdue:
        yield kit.line(
            f"{plural(counts.overdue, 'overdue action')} in {plural(counts.organizations, 'organization')}",
            "See list",
            Action.SEE_OVERDUE,
            label="See the list of overdue actions",
        )
    if counts.not_reported:
        yield kit.line(
            f"{counts.not_reported} of {counts.figures} figures not reported",
            "See",
            Action.FIGURES_ALL,
            label="See all figures",
        )


def _tasks(tasks: Sequence[Task], at: dict[str, int]) -> Iterator[Block]:
    """What the coalition doesn't have yet, each with the way to add it."""
    yield from headed(checklist_title(tasks), task_lines(tasks), TASKS, at)


def _hands(coordination: Coordination, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    """What only a person can mend, each with the mend."""
    yield from delivery_blocks(coordination, at, reader)
    requests = [link_request_block(one) for one in coordination.link_requests]
    yield from paged(requests, REQUESTS, at)
    yield from paged([person_block(one) for one in to_link(coordination.outside_slack)], PEOPLE, at)
    if coordination.series:
        yield kit.line(_series(coordination.series), "See", Action.FIGURES_ALL, label="See all figures")
    for why, names in without_mail(coordination.outside_slack).items():
        told = listed(names) if len(names) <= PAGE else listed_some(names, 6)
        yield kit.line(
            f"{own(told)}: {own(why)}, so they get nothing from me. {_by_hand(coordination.to_forward, names, reader)}",
            "Pass it on",
            Action.DIGEST_FORWARD,
            label="Pass on the digest",
        )


def _by_hand(page: ToForward | None, names: Sequence[str], reader: Clock) -> str:
    """What there is to do for these, or who of them has it already."""
    done = [one.name for one in page.done if one.name in names] if page is not None else []
    if page is None or page.published_at is None or not done:
        return "You can pass the digest on to them."
    waiting = [one.name for one in page.readers if one.passed_on is None and one.name in names]
    day, has_it = reader.day_of(page.published_at), listed_some(list(dict.fromkeys(done)), _MOST_NAMES)
    words = f"The digest of {day} was passed on to {own(has_it)}"
    if not waiting:
        return f"{words}."
    wait = "waits" if len(set(waiting)) == 1 else "wait"
    return f"{words}; {own(listed_some(list(dict.fromkeys(waiting)), _MOST_NAMES))} still {wait} for it."


def _series(troubles: Sequence[tuple[str, str]]) -> str:
    """Figures whose series can't be read, in one line: the first one with why."""
    name, why = troubles[0]
    words = f"No figures come from the series of {bold(cut(name, 150))}: {own(cut(why, 300))}"
    return f"{words} {len(troubles) - 1} more of them can't be read." if len(troubles) > 1 else words
