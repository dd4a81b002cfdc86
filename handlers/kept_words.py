"""Keeps what stands in a form with each press in it, fills it in again, and forgets it once it is sent."""

from __future__ import annotations

from bot.slack.identifiers import Submission
from bot.slack.kept_words import FormName, form_name, is_done_with, kept_of, with_kept
from bot.slack.message import View
from handlers.context import Call


async def keep(call: Call) -> None:
    """After a press in a form that keeps its words."""
    form = _form(call)
    if form is not None:
        await _keep(call, form)


async def settle(call: Call) -> None:
    """After such a form was sent: forgets its words, unless something has to be mended or a second form follows."""
    form = _form(call)
    if form is None or call.answered.get("response_action") in {"errors", "push"}:
        return
    then = call.answered.get("view") or {}
    if is_done_with(str(call.view.get("callback_id")), str(then.get("callback_id") or "")):
        await call.services.form_words.drop(await call.actor(), form.name)
    else:
        await _keep(call, form)


async def forget(call: Call, form: Submission, about: str) -> None:
    """After the button that saves what such a form showed first. `about` is the form's private_metadata."""
    name = form_name(form, about)
    if name is not None:
        await call.services.form_words.drop(await call.actor(), name.name)


async def fill(call: Call, view: View) -> View:
    """A form about to be shown, with what its reader had entered and not sent."""
    form = form_name(view.callback_id, view.metadata)
    actor = await call.actor_if_known() if form is not None else None
    if form is None or actor is None:
        return view
    async with call.edge.in_order(call.user_id):
        kept = await call.services.form_words.kept(actor, form.name)
    return with_kept(view, kept, form) if kept else view


async def _keep(call: Call, form: FormName) -> None:
    actor, words = await call.actor(), call.services.form_words
    before = await words.kept(actor, form.name) or {}
    entered = (call.view.get("state") or {}).get("values") or {}
    kept = kept_of(list(call.view.get("blocks") or []), entered, before, form)
    if kept:
        await words.keep(actor, form.name, kept)
    elif before:
        await words.drop(actor, form.name)


def _form(call: Call) -> FormName | None:
    return form_name(str(call.view.get("callback_id") or ""), str(call.view.get("private_metadata") or ""))
