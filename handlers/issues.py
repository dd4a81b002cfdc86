"""Issues: raising in one line or a form, taking one to a group, its agenda, resolving, parking, and lists."""

from __future__ import annotations

import re
from typing import Any

from bot.domain.issue_pages import IssueChange, IssueQuery, NewIssue
from bot.domain.issues import read_id
from bot.domain.rights import Right
from bot.domain.titles import NotTitled
from bot.errors import UserError
from bot.slack.action_metadata import decode_key
from bot.slack.blocks.issues import (
    CLOSE_TITLES,
    ESCALATE_TITLE,
    NEW_TITLE,
    TITLE,
    WHOLE_COALITION,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    close_view,
    escalation_view,
    issue_form_view,
    list_message,
    list_view,
    read_back_message,
    unknown_list_message,
)
from bot.slack.blocks.menu import nearest, unknown_message
from bot.slack.decision_metadata import decode_close, decode_query
from bot.slack.forms import read_answers
from bot.slack.identifiers import Action, Submission
from bot.slack.message import View
from bot.slack.metadata import decode_marked
from handlers.context import Call
from handlers.errors import keep_form
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners

VERBS = ("add", "raise", "escalate", "resolve", "park", "list", "help")
MOST_MEANT = 500  # characters that a button can carry back
_ID = re.compile("[Ii]-[0-9]+")


async def show_mine(call: Call) -> None:
    """The open issues that this person owns, raised, or is asked about."""
    await show_list(call, "mine")


async def show_all(call: Call) -> None:
    """Every open issue that this person may see."""
    await show_list(call, "all")


async def show_list(call: Call, wanted: str) -> None:
    """A list by what was typed, else the issue in whose title these words are."""
    actor, service = await call.actor(), call.services.issues
    found = await service.find(actor, wanted)
    if not isinstance(found, str):
        await call.reply(list_message(found))
        return
    try:
        await call.reply(card_message(await service.show(actor, wanted)))
    except NotTitled:
        await call.reply(unknown_list_message(wanted, found))


async def turn_list(call: Call) -> None:
    """Another page of the list, in its place."""
    kind, about, page = decode_query(call.action.get("value"))
    found = await call.services.issues.find(await call.actor(), IssueQuery(kind=kind, id=about, page=page))
    if isinstance(found, str):
        return
    if call.is_in_modal:
        await call.change_view(list_view(found))
    else:
        await call.reply(list_message(found), replace=True)


async def show(call: Call, typed: str) -> None:
    """One issue by its id; anything else that was typed is a list, or a word that was meant otherwise."""
    key = read_id(typed)
    if key is not None:
        await call.reply(card_message(await call.services.issues.show(await call.actor(), key)))
        return
    first, _, rest = typed.partition(" ")
    verb = nearest(first, VERBS)
    if verb is None or len(typed) > MOST_MEANT:
        await show_list(call, typed)
        return
    try:
        # “parking” is an issue about parking before it is a slip for “park”.
        await call.reply(card_message(await call.services.issues.show(await call.actor(), typed)))
    except NotTitled:
        await call.reply(unknown_message(typed, f"issue {verb} {rest}".strip()))


async def show_named(call: Call, typed: str) -> bool:
    """The issue whose id alone was written to the bot; False where it is no issue's id."""
    if _ID.fullmatch(typed.strip()) is None:
        return False
    await show(call, typed)
    return True


async def open_card(call: Call) -> None:
    """One issue as a modal."""
    key = decode_key(call.action.get("value"))
    await call.open(TITLE)
    await call.show(card_view(await call.services.issues.show(await call.actor(), key)))


async def add(call: Call, line: str) -> None:
    """Reads a line back."""
    await call.reply(read_back_message(await call.services.issues.read_back(await call.actor(), line, _channel(call))))


async def open_form(call: Call) -> None:
    """Opens an empty form; where none can be opened, says how."""
    if not call.can_open:
        await call.reply(add_hint_message())
        return
    await call.open(NEW_TITLE)
    form = await call.services.issues.form(await call.actor(), channel_id=_channel(call))
    await call.show(issue_form_view(form))


async def change_draft(call: Call) -> None:
    """Opens the form with a line that was read back."""
    token = decode_key(call.action.get("value"))
    await call.open(NEW_TITLE)
    await call.show(issue_form_view(await call.services.issues.form(await call.actor(), token)))


async def raise_draft(call: Call) -> None:
    """[Raise] below a line that was read back."""
    token = decode_key(call.action.get("value"))
    await _tell(call, await call.services.issues.add(await call.actor(), token))


async def submit_new(call: Call) -> None:
    """Stores the form; the modal says what became of it."""
    answers = read_answers(call.view["state"]["values"])
    priority = answers.get("priority")
    new = NewIssue(
        title=answers.get("title") or "",
        priority=priority if priority != WHOLE_COALITION else None,
        impact=answers.get("impact"),
        owner=answers.get("owner"),
    )
    token = decode_key(str(call.view.get("private_metadata") or ""))
    await _shown(call, await call.services.issues.add(await call.actor(), token, new))


async def escalate_typed(call: Call, typed: str) -> None:
    """ "issue escalate I-1 to steering"; without a group the form opens."""
    named, _, group = typed.partition(" to ")
    key, rest = await _id_and_rest(call, named)
    group = group.strip() or rest
    if group:
        await _tell(call, await call.services.issues.escalate(await call.actor(), key, group))
    elif call.can_open:
        await _open_escalation(call, key)
    else:
        raise UserError(f"Add the group, such as “issue escalate {key} to steering”.")


async def open_escalation(call: Call) -> None:
    await _open_escalation(call, decode_key(call.action.get("value")))


async def submit_escalation(call: Call) -> None:
    answers = read_answers(call.view["state"]["values"])
    key, opened = decode_marked(str(call.view.get("private_metadata") or ""))
    change = await call.services.issues.escalate(
        await call.actor(), decode_key(key), answers.get("group") or "", opened
    )
    await _shown(call, change)


async def put_on_agenda(call: Call) -> None:
    key = decode_key(call.action.get("value"))
    change = await call.services.issues.put_on_agenda(await call.actor(), key)
    await _tell(call, change)


async def resolve_typed(call: Call, typed: str) -> None:
    """ "issue resolve I-1 The county hired one"."""
    await _close_typed(call, typed, "resolve")


async def park_typed(call: Call, typed: str) -> None:
    """ "issue park I-1 Until the budget is through"."""
    await _close_typed(call, typed, "park")


async def open_resolve(call: Call) -> None:
    await _open_close(call, decode_key(call.action.get("value")), "resolve")


async def open_park(call: Call) -> None:
    await _open_close(call, decode_key(call.action.get("value")), "park")


async def submit_close(call: Call) -> None:
    """Stores how an issue was resolved, or why it is parked."""
    answers = read_answers(call.view["state"]["values"])
    key, what = decode_close(str(call.view.get("private_metadata") or ""))
    await _shown(call, await _close(call, key, what, answers.get("note") or ""))


async def reopen(call: Call) -> None:
    key = decode_key(call.action.get("value"))
    await _tell(call, await call.services.issues.reopen(await call.actor(), key))


async def _close_typed(call: Call, typed: str, what: str) -> None:
    key, words = await _id_and_rest(call, typed)
    if words:
        await _tell(call, await _close(call, key, what, words))
    elif call.can_open:
        await _open_close(call, key, what)
    else:
        raise UserError(f"Add one sentence, such as “issue {what} {key} The county hired one”.")


async def _close(call: Call, key: str, what: str, words: str) -> IssueChange:
    service, actor = call.services.issues, await call.actor()
    return await (service.resolve if what == "resolve" else service.park)(actor, key, words)


async def _open_close(call: Call, key: str, what: str) -> None:
    await call.open(CLOSE_TITLES[what])
    card = await call.services.issues.show(await call.actor(), key, to_change=True)
    await call.show(close_view(card, what) if card.is_open else card_view(card))


async def _open_escalation(call: Call, key: str) -> None:
    await call.open(ESCALATE_TITLE)
    await call.show(escalation_view(await call.services.issues.escalation(await call.actor(), key)))


async def _tell(call: Call, change: IssueChange) -> None:
    """What became of it, where it was asked for. A post in a channel changes by itself."""
    if call.is_in_modal:
        await call.change_view(card_view(change.card, change))
    else:
        await call.reply(change_message(change), replace=True)
    await refresh_home(call)


async def _shown(call: Call, change: IssueChange) -> None:
    """A submitted form says what became of it, in its place; a card below it shows it too."""
    below = call.view.get("previous_view_id")
    if change.differs:
        await keep_form(call, change_message(change))
    elif below:
        await call.ack()
        await call.client.views_update(view_id=str(below), view=dict(card_view(change.card, change).payload()))
    else:
        shown = View(title=TITLE, close="Close", blocks=change_message(change).blocks)
        await call.ack(response_action="update", view=dict(shown.payload()))
    await refresh_home(call)


async def _id_and_rest(call: Call, typed: str) -> tuple[str, str]:
    """The issue, by its id or by words of its title, and what stands behind the id, or behind a colon."""
    first, _, rest = typed.strip().partition(" ")
    key = read_id(first.rstrip(":"))
    if key is not None:
        return key, rest.strip()
    named, _, rest = typed.partition(":")
    return (await call.services.issues.show(await call.actor(), named.strip())).id, rest.strip()


def _channel(call: Call) -> str | None:
    """Where it was said, for the priority that is meant there."""
    channel: Any = call.body.get("channel_id") or call.event.get("channel") or call.body.get("channel")
    found = channel.get("id") if isinstance(channel, dict) else channel
    return found if isinstance(found, str) else None


LISTENERS = Listeners(
    actions={
        Action.NEW_ISSUE: open_form,
        Action.RAISE_DRAFT: raise_draft,
        Action.CHANGE_ISSUE_DRAFT: change_draft,
        Action.MY_ISSUES: show_mine,
        Action.TURN_ISSUES: turn_list,
        Action.OPEN_ISSUE: open_card,
        Action.ESCALATE_ISSUE: open_escalation,
        Action.ISSUE_AGENDA: put_on_agenda,
        Action.RESOLVE_ISSUE: open_resolve,
        Action.PARK_ISSUE: open_park,
        Action.REOPEN_ISSUE: reopen,
    },
    submissions={
        Submission.NEW_ISSUE: submit_new,
        Submission.ESCALATE_ISSUE: submit_escalation,
        Submission.CLOSE_ISSUE: submit_close,
    },
    lines=(
        Line(
            "issue",
            "",
            "your open issues, or the one that you name",
            show_mine,
            words=("my issues", "issues", "issue"),
            takes=show,
            usage="[I-1]",
        ),
        Line(
            "issue",
            "add",
            "raise one; without more, a form opens",
            open_form,
            Right.RAISE_ISSUE,
            takes=add,
            usage="[WHAT in PRIORITY: WHAT IT HOLDS UP]",
            synonyms=("raise", "new"),
        ),
        Line(
            "issue",
            "escalate",
            "take one to a group",
            show_mine,
            Right.ESCALATE_ISSUE,
            takes=escalate_typed,
            usage="I-1 [to GROUP]",
        ),
        Line("issue", "resolve", "close one", show_mine, takes=resolve_typed, usage="I-1 [HOW]"),
        Line("issue", "park", "set one aside", show_mine, takes=park_typed, usage="I-1 [WHY]"),
        Line(
            "issue",
            "list",
            "one list of issues",
            show_all,
            takes=show_list,
            usage="[mine | open | escalated | resolved | parked | PRIORITY | GROUP]",
        ),
    ),
    finds=show_named,
)
