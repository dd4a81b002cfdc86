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
from bot.slack.metadata import MoneyKey
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
    thing="source",
    title=TITLE,
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
        Submission.FUNDING_SOURCE: FUNDING.stores(
            SOURCE_FORM,
            saved_message,
            lambda services: services.funding_changes.update,
            lambda services: services.funding_changes.add,
        ),
        Submission.FUNDING_ALLOCATION: FUNDING.stores(
            ALLOCATION_FORM, saved_message, lambda services: services.funding_changes.allocate
        ),
        Submission.FUNDING_REPORT: FUNDING.stores(
            REPORT_FORM, saved_message, lambda services: services.funding_changes.report
        ),
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
        FUNDING.line(
            "update", "a source's status, amount, dates and report", update, Right.SET_REPORT_DATE, synonyms=("edit",)
        ),
        FUNDING.line("allocate", "what a source gives to which priority or group", allocate, Right.CHANGE_FUNDING),
        FUNDING.history_line("who changed what of a source, and when", Right.READ_FUNDING),
    ),
)
