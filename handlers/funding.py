"""Funding: what one sees of it, a source, a priority's money; sources added, updated and allocated; reports sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.domain.funding import ReportForm, UnknownFunding
from bot.domain.histories import ItemHistory
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.slack.blocks.funding import (
    ADD_TITLE,
    ALLOCATE_TITLE,
    ALLOCATION_FORM,
    REPORT_FORM,
    REPORT_TITLE,
    SOURCE_FORM,
    UPDATE_TITLE,
    allocation_view,
    card_message,
    list_message,
    overview_message,
    report_view,
    saved_message,
    source_view,
    told_view,
    unknown_funding_message,
)
from bot.slack.blocks.histories import history_message
from bot.slack.blocks.menu import mistyped
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import Marked, MoneyKey, decode
from handlers.cards import answer_in_place, say_which, show_history, store_form
from handlers.context import Call
from handlers.listeners import Line, Listeners

VERBS = ("list", "add", "update", "allocate", "history", "help")


async def show_mine(call: Call) -> None:
    """The money that this person sees, by priority, and the reports that come due."""
    await answer_in_place(call, overview_message(await call.services.funding.overview(await call.actor())), told_view)


async def show_all(call: Call) -> None:
    """Every source that this person sees anything of."""
    await answer_in_place(call, list_message(await call.services.funding.sources(await call.actor())), told_view)


async def show_card(call: Call, typed: str) -> None:
    """The card of a source, or a priority's money."""
    if asks_for_every(typed, "funding"):
        await show_all(call)
        return
    try:
        await call.reply(card_message(await call.services.funding.find(await call.actor(), typed)))
    except UnknownFunding as unknown:
        meant = mistyped("funding", VERBS, typed)
        await call.reply(meant or unknown_funding_message(unknown.message, unknown.suggestion))


async def open_card(call: Call) -> None:
    """[Open], [Funding] and [Yes]."""
    money = call.pressed(MoneyKey)
    try:
        card = await call.services.funding.card(await call.actor(), money.kind, money.key)
    except UnknownFunding as unknown:
        await answer_in_place(call, unknown_funding_message(unknown.message, unknown.suggestion), told_view)
        return
    await answer_in_place(call, card_message(card), told_view)


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
    await update_named(call, call.value)


async def allocate_named(call: Call, typed: str) -> None:
    """`/funding allocate X`."""

    async def read() -> View:
        return allocation_view(await call.services.funding_changes.allocation_form(await call.actor(), typed))

    await _open(call, ALLOCATE_TITLE, read)


async def allocate(call: Call) -> None:
    """[Allocate]."""
    await allocate_named(call, call.value)


async def report(call: Call) -> None:
    """[Report sent] and [Report date]."""

    async def read() -> View:
        return report_view(await call.services.funding_changes.report_form(await call.actor(), call.value))

    await _open(call, REPORT_TITLE, read)


async def submit_source(call: Call) -> None:
    """The form of a source was sent."""
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = SOURCE_FORM.read(call.values)
    if form.id is None:
        await store_form(call, lambda: service.add(actor, call.form_key, answers), saved_message, told_view)
    else:
        changed = partial(service.update, actor, call.form_key, form.id, form.marks, answers)
        await store_form(call, changed, saved_message, told_view)


async def submit_allocation(call: Call) -> None:
    """What a source gives to whom was sent."""
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = ALLOCATION_FORM.read(call.values)
    given = partial(service.allocate, actor, call.form_key, decode(str, form.id), form.marks, answers)
    await store_form(call, given, saved_message, told_view)


async def submit_report(call: Call) -> None:
    """The form of a report was sent."""
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = REPORT_FORM.read(call.values)
    reported = partial(service.report, actor, call.form_key, decode(str, form.id), form.marks, answers)
    await store_form(call, reported, saved_message, told_view)


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

    async def read(item: str, page: int) -> ItemHistory:
        return await call.services.funding.history(await call.actor(), item, page)

    await show_history(call, read, Action.FUNDING_HISTORY)


async def _open(call: Call, title: str, read: Callable[[], Awaitable[View]]) -> None:
    await call.open(title)
    try:
        await call.show(await read())
    except UnknownFunding as unknown:
        await call.reply(unknown_funding_message(unknown.message, unknown.suggestion))


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
            say_which("funding", "source", "update"),
            Right.SET_REPORT_DATE,
            takes=update_named,
            usage="NAME",
            synonyms=("edit",),
        ),
        Line(
            "funding",
            "allocate",
            "what a source gives to which priority or group",
            say_which("funding", "source", "allocate"),
            Right.CHANGE_FUNDING,
            takes=allocate_named,
            usage="NAME",
        ),
        Line(
            "funding",
            "history",
            "who changed what of a source, and when",
            say_which("funding", "source", "history"),
            Right.READ_FUNDING,
            takes=history_named,
            usage="NAME",
        ),
    ),
)
