"""Funding: what one sees of it, a source, a priority's money; sources added, updated and allocated; reports sent."""

from __future__ import annotations

from bot.domain.funding import ReportForm, SourceForm, UnknownFunding
from bot.domain.rights import Right
from bot.domain.typed import asks_for_every
from bot.slack.blocks.funding import (
    ADD_TITLE,
    ALLOCATION_FORM,
    REPORT_FORM,
    SOURCE_FORM,
    TITLE,
    UPDATE_TITLE,
    card_message,
    list_message,
    overview_message,
    saved_message,
    unknown_funding_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Message, View
from bot.slack.metadata import Marked, MoneyKey, decode
from handlers.cards import say_which, show_stored
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.named import Named
from handlers.presses import by_value, shows


def _unknown(unknown: UnknownFunding, _line: str = "") -> Message:
    return unknown_funding_message(unknown.message, unknown.suggestion)


def _update_view(form: SourceForm | ReportForm) -> View:
    """A funder sets the report date of its own grant."""
    return REPORT_FORM.view(form) if isinstance(form, ReportForm) else SOURCE_FORM.view(form)


FUNDING = Named(
    noun="funding",
    verbs=("list", "add", "update", "allocate", "history", "help"),
    unknown=UnknownFunding,
    ask=_unknown,
    history=lambda services: services.funding.history,
    history_button=Action.FUNDING_HISTORY,
    whole={},
)
add = shows(ADD_TITLE, lambda services: services.funding_changes.form, SOURCE_FORM.view)
update = FUNDING.opens(UPDATE_TITLE, "update", lambda services: services.funding_changes.update_form, _update_view)
allocate = FUNDING.opens(
    ALLOCATION_FORM.title, "allocate", lambda services: services.funding_changes.allocation_form, ALLOCATION_FORM.view
)
report = FUNDING.opens(
    REPORT_FORM.title, "report", lambda services: services.funding_changes.report_form, REPORT_FORM.view
)


async def show_mine(call: Call) -> None:
    """The money that this person sees, by priority, and the reports that come due."""
    await call.answer(overview_message(await call.services.funding.overview(await call.actor())), TITLE)


async def show_all(call: Call) -> None:
    """Every source that this person sees anything of."""
    await call.answer(list_message(await call.services.funding.sources(await call.actor())), TITLE)


async def show_card(call: Call, typed: str) -> None:
    """The card of a source, or a priority's money."""
    if asks_for_every(typed, "funding"):
        await show_all(call)
        return
    try:
        await call.reply(card_message(await call.services.funding.find(await call.actor(), typed)))
    except UnknownFunding as unknown:
        await call.reply(FUNDING.question(unknown, typed))


async def open_card(call: Call) -> None:
    """[Open], [Funding] and [Yes]."""
    money = call.pressed(MoneyKey)
    try:
        shown = card_message(await call.services.funding.card(await call.actor(), money.kind, money.key))
    except UnknownFunding as unknown:
        shown = _unknown(unknown)
    await call.answer(shown, TITLE)


async def submit_source(call: Call) -> None:
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = SOURCE_FORM.read(call.values)
    if form.id is None:
        saved = await service.add(actor, call.form_key, answers)
    else:
        saved = await service.update(actor, call.form_key, form.id, form.marks, answers)
    await show_stored(call, saved_message(saved), TITLE)


async def submit_allocation(call: Call) -> None:
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = ALLOCATION_FORM.read(call.values)
    saved = await service.allocate(actor, call.form_key, decode(str, form.id), form.marks, answers)
    await show_stored(call, saved_message(saved), TITLE)


async def submit_report(call: Call) -> None:
    form = call.about(Marked)
    actor, service = await call.actor(), call.services.funding_changes
    answers = REPORT_FORM.read(call.values)
    saved = await service.report(actor, call.form_key, decode(str, form.id), form.marks, answers)
    await show_stored(call, saved_message(saved), TITLE)


LISTENERS = Listeners(
    noun="funding",
    actions={
        Action.FUNDING_OVERVIEW: show_mine,
        Action.FUNDING_LIST: show_all,
        Action.FUNDING_CARD: open_card,
        Action.FUNDING_ADD: add,
        Action.FUNDING_UPDATE: by_value(update),
        Action.FUNDING_ALLOCATE: by_value(allocate),
        Action.FUNDING_REPORT: by_value(report),
        Action.FUNDING_HISTORY: FUNDING.turn_history,
    },
    submissions={
        Submission.FUNDING_SOURCE: submit_source,
        Submission.FUNDING_ALLOCATION: submit_allocation,
        Submission.FUNDING_REPORT: submit_report,
    },
    lines=(
        Line(
            "",
            "what is secured, needed and due, or of the source or priority that you name",
            show_mine,
            words=("funding",),
            takes=show_card,
            usage="[NAME]",
        ),
        Line("list", "every source that you may read", show_all, Right.READ_FUNDING),
        Line("add", "enter a source", add, Right.CHANGE_FUNDING, opens_modal=True, synonyms=("new",)),
        Line(
            "update",
            "a source's status, amount, dates and report",
            say_which("funding", "source", "update"),
            Right.SET_REPORT_DATE,
            takes=update,
            usage="NAME",
            synonyms=("edit",),
        ),
        Line(
            "allocate",
            "what a source gives to which priority or group",
            say_which("funding", "source", "allocate"),
            Right.CHANGE_FUNDING,
            takes=allocate,
            usage="NAME",
        ),
        Line(
            "history",
            "who changed what of a source, and when",
            say_which("funding", "source", "history"),
            Right.READ_FUNDING,
            takes=FUNDING.history_named,
            usage="NAME",
        ),
    ),
)
