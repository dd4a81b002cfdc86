"""Keeps what stands in a form with each press in it, fills it in again, and forgets it once it is sent."""

from __future__ import annotations

from bot.slack.kept_words import is_sent_in_full, name_of_form, with_kept
from bot.slack.message import View
from handlers.context import Call


async def keep(call: Call) -> None:
    """After a press in a form that keeps its words."""
    form = _form(call)
    if form is not None:
        await call.services.form_words.keep(await call.actor(), form, _entered(call))


async def settle(call: Call) -> None:
    """After such a form was sent: it is done with, unless something has to be mended or a second form follows."""
    form = _form(call)
    if form is None or call.answered.get("response_action") in {"errors", "push"}:
        return
    if is_sent_in_full(str(call.view.get("callback_id"))):
        await call.services.form_words.drop(await call.actor(), form)
    else:
        await call.services.form_words.keep(await call.actor(), form, _entered(call))


async def fill(call: Call, view: View) -> View:
    """A form about to be shown, with what its reader had entered and not sent."""
    form = name_of_form(view.callback_id, view.metadata)
    actor = await call.actor_if_known() if form is not None else None
    if form is None or actor is None:
        return view
    entered = await call.services.form_words.kept(actor, form)
    return with_kept(view, entered) if entered else view


def _form(call: Call) -> str | None:
    return name_of_form(str(call.view.get("callback_id") or ""), str(call.view.get("private_metadata") or ""))


def _entered(call: Call) -> dict[str, object]:
    return dict((call.view.get("state") or {}).get("values") or {})
