"""Issues: raising in one line or a form, taking one to a group, its agenda, resolving, parking, and lists."""

from __future__ import annotations

from functools import partial

from bot.domain.issues import IssueCard, IssueChange, IssueQuery, read_id
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.issues import (
    CLOSE_ISSUE_FORM,
    CLOSE_TITLES,
    ESCALATION_FORM,
    NEW_ISSUE_FORM,
    TITLE,
    Closing,
    add_hint_message,
    card_message,
    card_view,
    change_message,
    escalation_message,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import EscalationKey, IssueCloseOpened, Marked, decode
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.numbered import Numbered
from handlers.presses import by_button

ISSUES: Numbered[IssueCard] = Numbered(
    noun="issue",
    letter="I",
    verbs=("add", "raise", "escalate", "resolve", "park", "history", "list", "help"),
    read_id=read_id,
    query=IssueQuery,
    service=lambda services: services.issues,
    title=TITLE,
    card_message=card_message,
    card_view=card_view,
    list_message=list_message,
    change_message=change_message,
    otherwise=lambda said, nearest, *_: unknown_list_message(said, nearest),
    history=lambda services: services.histories.issue,
    history_button=Action.ISSUE_HISTORY,
    new_title=NEW_ISSUE_FORM.title,
    form_view=NEW_ISSUE_FORM.view,
    add_hint_message=add_hint_message,
    read_back_message=read_back_message,
    opens_unclear=False,
)


async def submit_new(call: Call) -> None:
    """Stores the form; the modal says what became of it."""
    new = NEW_ISSUE_FORM.read(call.values)
    token = call.about(str)
    await ISSUES.form_became(call, await call.services.issues.add(await call.actor(), token, new))


async def escalate_typed(call: Call, typed: str) -> None:
    """ "issue escalate I-1 to steering"; without a group the form opens."""
    named, _, group = typed.partition(" to ")
    key, rest = await _id_and_rest(call, named)
    group = group.strip() or rest
    if group:
        found = await call.services.issues.escalation(await call.actor(), key, group)
        if found.chosen == found.escalated_to:
            await ISSUES.tell(call, await call.services.issues.escalate(await call.actor(), key, group))
        else:
            await call.reply(escalation_message(found))
    elif call.can_open:
        await _open_escalation(call, key)
    else:
        raise UserError(f"Add the group, such as “issue escalate {key} to steering”.")


async def escalate_now(call: Call) -> None:
    """[Escalate] below a typed escalation that was read back."""
    chosen = call.pressed(EscalationKey)
    await ISSUES.tell(call, await call.services.issues.escalate(await call.actor(), chosen.issue, chosen.group))


async def submit_escalation(call: Call) -> None:
    group = ESCALATION_FORM.read(call.values)
    form = call.about(Marked)
    change = await call.services.issues.escalate(await call.actor(), decode(str, form.id), group, form.marks)
    await ISSUES.form_became(call, change)


async def submit_close(call: Call) -> None:
    """Stores how an issue was resolved, or why it is parked."""
    note = CLOSE_ISSUE_FORM.read(call.values)
    form = call.about(IssueCloseOpened)
    await ISSUES.form_became(call, await _close(call, form.issue, form.what, note))


async def _close_typed(call: Call, typed: str, what: str) -> None:
    """ "issue resolve I-1 The county hired one", "issue park I-1 Until the budget is through"."""
    key, words = await _id_and_rest(call, typed)
    if words:
        await ISSUES.tell(call, await _close(call, key, what, words))
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
    await call.show(CLOSE_ISSUE_FORM.view(Closing(card, what)) if card.is_open else card_view(card))


async def _open_escalation(call: Call, key: str) -> None:
    await call.open(ESCALATION_FORM.title)
    await call.show(ESCALATION_FORM.view(await call.services.issues.escalation(await call.actor(), key)))


async def _id_and_rest(call: Call, typed: str) -> tuple[str, str]:
    """The issue, by its id or by words of its title, and what stands behind the id, or behind a colon."""
    first, _, rest = typed.strip().partition(" ")
    key = read_id(first.rstrip(":"))
    if key is not None:
        return key, rest.strip()
    named, _, rest = typed.partition(":")
    return (await call.services.issues.show(await call.actor(), named.strip())).id, rest.strip()


LISTENERS = Listeners(
    noun="issue",
    actions={
        Action.NEW_ISSUE: ISSUES.open_form,
        Action.RAISE_DRAFT: ISSUES.press(lambda services: services.issues.add),
        Action.CHANGE_ISSUE_DRAFT: ISSUES.change_draft,
        Action.MY_ISSUES: ISSUES.lists("mine"),
        Action.TURN_ISSUES: ISSUES.turn_list,
        Action.OPEN_ISSUE: ISSUES.open_card,
        Action.ISSUE_HISTORY: ISSUES.turn_history,
        Action.ESCALATE_ISSUE: by_button(_open_escalation),
        Action.ESCALATE_NOW: escalate_now,
        Action.ISSUE_AGENDA: ISSUES.press(lambda services: services.issues.put_on_agenda),
        Action.RESOLVE_ISSUE: by_button(_open_close, "resolve"),
        Action.PARK_ISSUE: by_button(_open_close, "park"),
        Action.REOPEN_ISSUE: ISSUES.press(lambda services: services.issues.reopen),
    },
    submissions={
        Submission.NEW_ISSUE: submit_new,
        Submission.ESCALATE_ISSUE: submit_escalation,
        Submission.CLOSE_ISSUE: submit_close,
    },
    lines=(
        Line(
            "",
            "your open issues, or the one that you name",
            ISSUES.lists("mine"),
            words=("my issues", "issues", "issue"),
            takes=ISSUES.show,
            usage="[I-1]",
        ),
        Line(
            "add",
            "raise one; without more, a form opens",
            ISSUES.open_form,
            Right.RAISE_ISSUE,
            takes=ISSUES.add,
            usage="[WHAT in PRIORITY: WHAT IT HOLDS UP]",
            synonyms=("raise", "new"),
        ),
        ISSUES.line("escalate", "take one to a group", escalate_typed, Right.ESCALATE_ISSUE, usage="I-1 [to GROUP]"),
        ISSUES.line("resolve", "close one", partial(_close_typed, what="resolve"), usage="I-1 [HOW]"),
        ISSUES.line("park", "set one aside", partial(_close_typed, what="park"), usage="I-1 [WHY]"),
        ISSUES.line("history", "who changed what of one, and when", ISSUES.show_history, wanted="all"),
        ISSUES.line(
            "list",
            "one list of issues",
            ISSUES.show_list,
            wanted="all",
            usage="[mine | open | escalated | resolved | parked | PRIORITY | GROUP]",
        ),
    ),
    finds=ISSUES.show_named,
)
