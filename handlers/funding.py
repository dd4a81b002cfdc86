"""Funding: what one sees of it, a source, a priority's money; sources added, updated and allocated; reports sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.form_answers import Mistakes
from bot.domain.funding_forms import FundingSaved, ReportForm
from bot.domain.funding_pages import UnknownFunding
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.funding import (
    card_message,
    decode_money,
    list_message,
    overview_message,
    saved_message,
    told_view,
    unknown_funding_message,
)
from bot.slack.blocks.funding_forms import (
    ADD_TITLE,
    ALLOCATE_TITLE,
    REPORT_TITLE,
    UPDATE_TITLE,
    allocation_view,
    decode_form,
    report_view,
    source_view,
)
from bot.slack.blocks.history import TITLE as HISTORY_TITLE
from bot.slack.blocks.history import history_message, history_view
from bot.slack.blocks.menu import mistyped
from bot.slack.forms import read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import OUT_OF_DATE, decode_page
from handlers.context import Call
from handlers.errors import show_mistakes
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

VERBS = ("list", "add", "update", "allocate", "history", "help")


async def show_mine(call: Call) -> None:
    """The money that this person sees, by priority, and the reports that come due."""
    await _answer(call, overview_message(await call.services.funding.overview(await call.actor())))


async def show_all(call: Call) -> None:
    """Every source that this person sees anything of."""
    await _answer(call, list_message(await call.services.funding.sources(await call.actor())))


async def show_card(call: Call, typed: str) -> None:
    """The card of a source, or a priority's money."""
    try:
        await call.reply(card_message(await call.services.funding.find(await call.actor(), typed)))
    except UnknownFunding as unknown:
        meant = mistyped("funding", VERBS, typed)
        await call.reply(meant or unknown_funding_message(unknown.message, unknown.suggestion))


async def open_card(call: Call) -> None:
    """[Open], [Funding] and [Yes]."""
    kind, key = decode_money(_value(call))
    try:
        card = await call.services.funding.card(await call.actor(), kind, key)
    except UnknownFunding as unknown:
        await _answer(call, unknown_funding_message(unknown.message, unknown.suggestion))
        return
    await _answer(call, card_message(card))


async def add(call: Call) -> None:
    """Opens the form of a new source."""

    async def read() -> View:
        return source_view(await call.services.funding_changes.form(await call.actor()))

    await _open(call, ADD_TITLE, read)


async def update_named(call: Call, typed: str) -> None:
    """`/funding update X`; a funder sets the report date of its own grant."""

    async def read() -> View:
        form = await call.services.funding_changes.update_form(await call.actor(), typed)
        return report_view(form) if isinstance(form, ReportForm) else source_view(form)

    await _open(call, UPDATE_TITLE, read)


async def update(call: Call) -> None:
    """[Update]."""
    await update_named(call, _value(call))


async def allocate_named(call: Call, typed: str) -> None:
    """`/funding allocate X`."""

    async def read() -> View:
        return allocation_view(await call.services.funding_changes.allocation_form(await call.actor(), typed))

    await _open(call, ALLOCATE_TITLE, read)


async def allocate(call: Call) -> None:
    """[Allocate]."""
    await allocate_named(call, _value(call))


async def report(call: Call) -> None:
    """[Report sent] and [Report date]."""

    async def read() -> View:
        return report_view(await call.services.funding_changes.report_form(await call.actor(), _value(call)))

    await _open(call, REPORT_TITLE, read)


def say_which(verb: str) -> Callable[[Call], Awaitable[None]]:
    """A verb without a name."""

    async def say(_call: Call) -> None:
        raise UserError(f"Which source? Type its name too: “funding {verb} NAME”. “funding list” shows them all.")

    return say


async def submit_source(call: Call) -> None:
    """The form of a source was sent."""
    source, opened = decode_form(str(call.view.get("private_metadata") or ""))
    actor, service = await call.actor(), call.services.funding_changes
    answers = read_answers(call.view["state"]["values"])
    if source is None:
        await _settle(call, lambda: service.add(actor, _key(call), answers))
    else:
        await _settle(call, lambda: service.update(actor, _key(call), source, opened, answers))


async def submit_allocation(call: Call) -> None:
    """What a source gives to whom was sent."""
    source, opened = decode_form(str(call.view.get("private_metadata") or ""))
    if source is None:
        raise UserError(OUT_OF_DATE)
    actor, service = await call.actor(), call.services.funding_changes
    answers = read_answers(call.view["state"]["values"])
    await _settle(call, lambda: service.allocate(actor, _key(call), source, opened, answers))


async def submit_report(call: Call) -> None:
    """The form of a report was sent."""
    source, opened = decode_form(str(call.view.get("private_metadata") or ""))
    if source is None:
        raise UserError(OUT_OF_DATE)
    actor, service = await call.actor(), call.services.funding_changes
    answers = read_answers(call.view["state"]["values"])
    await _settle(call, lambda: service.report(actor, _key(call), source, opened, answers))


async def history_named(call: Call, typed: str) -> None:
    """`/funding history X`."""
    try:
        found = await call.services.funding.history(await call.actor(), typed)
    except UnknownFunding as unknown:
        await call.reply(unknown_funding_message(unknown.message, unknown.suggestion))
        return
    await call.reply(history_message(found, Action.FUNDING_HISTORY))


async def history(call: Call) -> None:
    """[History], and [Older] and [Newer] in it."""
    source, page = decode_page(_value(call))
    is_turning = call.is_in_modal and _value(call).startswith("{")
    if not is_turning:
        await call.open(HISTORY_TITLE)
    found = await call.services.funding.history(await call.actor(), source, page)
    view = history_view(found, Action.FUNDING_HISTORY)
    await (call.change_view(view) if is_turning else call.show(view))


async def _open(call: Call, title: str, read: Callable[[], Awaitable[View]]) -> None:
    await call.open(title)
    try:
        await call.show(await read())
    except UnknownFunding as unknown:
        await call.reply(unknown_funding_message(unknown.message, unknown.suggestion))


async def _settle(call: Call, store: Callable[[], Awaitable[FundingSaved]]) -> None:
    """Stores a form; the modal says what became of it."""
    try:
        saved = await store()
    except Mistakes as mistakes:
        await show_mistakes(call, mistakes.errors)
        return
    call.services.deliveries.on_change()
    await call.ack(response_action="update", view=dict(told_view(saved_message(saved)).payload()))
    await refresh_home(call)


async def _answer(call: Call, message: Message) -> None:
    """In place of what was pressed: in its form, or instead of its message."""
    if call.is_in_modal:
        await call.change_view(told_view(message))
    else:
        await call.reply(message, replace=bool(call.body.get("actions")))


def _key(call: Call) -> str:
    return f"{call.team_id}:{call.view['id']}:{call.view['callback_id']}"


def _value(call: Call) -> str:
    return str(call.action.get("value") or "")


LISTENERS = Listeners(
    actions={
        Action.FUNDING_OVERVIEW: show_mine,
        Action.FUNDING_LIST: show_all,
        Action.FUNDING_CARD: open_card,
        Action.FUNDING_ADD: add,
        Action.FUNDING_UPDATE: update,
        Action.FUNDING_ALLOCATE: allocate,
        Action.FUNDING_REPORT: report,
        Action.FUNDING_HISTORY: history,
    },
    submissions={
        Submission.FUNDING_SOURCE: submit_source,
        Submission.FUNDING_ALLOCATION: submit_allocation,
        Submission.FUNDING_REPORT: submit_report,
    },
    lines=(
        Line(
            "funding",
            "",
            "what is secured, needed and due, or of the source or priority that you name",
            show_mine,
            words=("funding",),
            takes=show_card,
            usage="[NAME]",
        ),
        Line("funding", "list", "every source that you may read", show_all, Right.READ_FUNDING),
        Line("funding", "add", "enter a source", add, Right.CHANGE_FUNDING, opens_modal=True, synonyms=("new",)),
        Line(
            "funding",
            "update",
            "a source's status, amount, dates and report",
            say_which("update"),
            Right.SET_REPORT_DATE,
            takes=update_named,
            usage="NAME",
            synonyms=("edit",),
        ),
        Line(
            "funding",
            "allocate",
            "what a source gives to which priority or group",
            say_which("allocate"),
            Right.CHANGE_FUNDING,
            takes=allocate_named,
            usage="NAME",
        ),
        Line(
            "funding",
            "history",
            "who changed what of a source, and when",
            say_which("history"),
            Right.READ_FUNDING,
            takes=history_named,
            usage="NAME",
        ),
    ),
)
