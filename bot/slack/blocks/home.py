"""App Home, by role: what I owe, and for coordinators what needs a hand and the state of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.home import Coordination, HomePage
from bot.domain.wording import clock
from bot.slack.blocks import kit
from bot.slack.blocks.action_items import action_lines
from bot.slack.blocks.checkins import check_in_lines
from bot.slack.blocks.held import held_blocks
from bot.slack.blocks.menu import nothing_waits
from bot.slack.blocks.metrics import due_figure_blocks
from bot.slack.blocks.people import by_mail_only, person_block, stranger_words, to_link
from bot.slack.blocks.week import pause_button
from bot.slack.identifiers import Action
from bot.slack.message import Block, Message, View
from bot.slack.metadata import encode_pages
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, escape, own, unmark
from bot.slack.names import listed, listed_some

PAGE = 5
OWED = "owed"
HELD = "held"
CHANNELS = "channels"
PEOPLE = "people"


def home_view(page: HomePage, pages: Mapping[str, int] | None = None, *, note: str | None = None) -> View:
    """Everything that this person sees first. `pages` says which page of which list, for those past their first one.

    `note` is what just happened here, in plain words.
    """
    at = dict(pages or {})
    reader = Clock(page.zone, page.now)
    blocks: list[Block] = [kit.section(own(note))] if note is not None else []
    blocks.append(kit.header("What I owe"))
    owed = [*check_in_lines(page.open_check_ins, reader), *action_lines(page.actions)]
    owed += due_figure_blocks(page.due_figures, reader.today)
    if owed:
        blocks += _paged(owed, OWED, at)
    else:
        blocks.append(kit.section(nothing_waits(page)))
    if page.may_add_actions:
        blocks.append(kit.actions(kit.button("Add action", Action.NEW_ACTION)))
    if page.coordination is not None:
        blocks += _coordination(page, page.coordination, at, reader)
    blocks.append(kit.context(f"As of {clock(reader.local(page.now))}"))
    blocks.append(
        kit.actions(
            kit.button("Refresh", Action.REFRESH, value=encode_pages(at)),
            kit.button("Who sees what?", Action.WHO_SEES_WHAT),
        )
    )
    return View(blocks=tuple(blocks))


def stranger_view(coordinator: str | None) -> View:
    """Home of somebody whom the bot doesn't know."""
    return View(blocks=(kit.section(own(stranger_words(coordinator))),))


def coalition_message(page: HomePage) -> Message:
    """The coalition on one card, with what this person may do about it."""
    reader = Clock(page.zone, page.now)
    words = bold(page.coalition_name)
    if page.coordination is not None:
        words += f"\n{_state_words(page.coordination, reader)}"
    elif not page.open_check_ins:
        words += f"\n{nothing_waits(page)}"
    buttons = list(_state_buttons(page.coordination, is_main=True)) if page.coordination is not None else []
    if page.coordination is not None and to_link(page.coordination.unreachable):
        count = len(to_link(page.coordination.unreachable))
        buttons.append(kit.button(f"Link people ({count})", Action.LINK_PEOPLE))
    if page.open_check_ins:
        count = len(page.open_check_ins)
        has_primary = any(one.get("style") == "primary" for one in buttons)
        buttons.append(kit.button(f"Answer check-in ({count})", Action.ANSWER_OPEN, primary=not has_primary))
    blocks = [kit.section(words)]
    if buttons:
        blocks.append(kit.actions(*buttons))
    return Message(text=escape(unmark(words).replace("\n", ". ")), blocks=tuple(blocks))


def live_words(page: HomePage) -> str:
    """Since when it is live, in markup."""
    reader = Clock(page.zone, page.now)
    return _state_words(page.coordination, reader) if page.coordination is not None else ""


def _state_words(coordination: Coordination, reader: Clock) -> str:
    if coordination.state == "draft":
        return "Draft: nothing is sent until a coordinator presses Start."
    if coordination.state == "paused":
        return "Paused: nothing goes out until somebody resumes."
    if coordination.live_at is None:
        return "Live."
    return f"{reader.token(coordination.live_at, 'Live since ')}."


def _state_buttons(coordination: Coordination, *, is_main: bool) -> Iterator[kit.Element]:
    """`is_main`: nothing else on the surface is what most people come for."""
    if coordination.state == "draft":
        yield kit.button("See week one", Action.WEEK, primary=is_main and coordination.may_configure)
        return
    yield kit.button("Week ahead", Action.WEEK)
    if coordination.may_configure and coordination.state == "live":
        yield pause_button()
    elif coordination.may_configure:
        yield kit.button("Resume", Action.RESUME, primary=is_main)


def _coordination(page: HomePage, coordination: Coordination, at: dict[str, int], reader: Clock) -> Iterator[Block]:
    if coordination.round is not None:
        state = coordination.round
        words = f"{state.answered} of {state.asked} answered"
        if state.without:
            words += f" · {len(state.without)} without an update: {own(listed_some(state.without, 6))}"
        yield kit.header("This round")
        yield kit.section(words)
    hands = list(_hands(coordination, at))
    if hands:
        yield kit.header("Needs a hand")
        yield from hands
    yield kit.header("Run the week")
    yield kit.section(f"{bold(page.coalition_name)}\n{_state_words(coordination, reader)}")
    yield kit.actions(*_state_buttons(coordination, is_main=not page.open_check_ins))


def _hands(coordination: Coordination, at: dict[str, int]) -> Iterator[Block]:
    """What only a person can mend, each with the mend."""
    channels = [
        kit.section(
            f"#{own(name)}: I'm not in it. Invite me there with /invite @Backbeat.",
            accessory=kit.button(
                "Check again", Action.CHECK_CHANNELS, value=encode_pages(at), label=f"Check again: #{name}"
            ),
        )
        for name in coordination.missing_channels
    ]
    yield from _paged(channels, CHANNELS, at)
    held = [block for notice in coordination.held for block in held_blocks(notice)]
    yield from _paged(held, HELD, at, each=2)
    yield from _paged([person_block(one) for one in to_link(coordination.unreachable)], PEOPLE, at)
    mail = by_mail_only(coordination.unreachable)
    if mail:
        names = listed([one.name for one in mail]) if len(mail) <= PAGE else listed_some([one.name for one in mail], 6)
        yield kit.section(f"{own(names)}: by e-mail only, and e-mail isn't set up, so they get nothing from me.")


def _paged(blocks: Sequence[Block], name: str, at: dict[str, int], *, each: int = 1) -> Iterator[Block]:
    """Five things of a list, and the way to the next five. `each` is how many blocks a thing takes."""
    count = len(blocks) // each
    page = min(at.get(name, 0), max(0, (count - 1) // PAGE))
    start, end = page * PAGE, min((page + 1) * PAGE, count)
    yield from blocks[start * each : end * each]
    if count <= PAGE:
        return
    following = page + 1 if end < count else 0
    yield kit.context(f"{start + 1}–{end} of {count}")
    yield kit.actions(
        kit.button("Next" if following else "First", Action.TURN_PAGE, value=encode_pages({**at, name: following}))
    )
