"""Decisions: proposing in one line or a form, answering by a press, recording, putting off, and lists."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from bot.domain.decisions import (
    ABSTAIN,
    OBJECT,
    OPTION,
    TALK,
    DecisionCard,
    DecisionChange,
    DecisionQuery,
    read_id,
    split_new_date,
)
from bot.domain.rights import Right
from bot.errors import UserError
from bot.slack.blocks.decisions import (
    ASIDE_FORM,
    BALLOT_FORM,
    DATE_FORM,
    DELEGATED,
    NEW_DECISION_FORM,
    OPTION_BUTTONS,
    OTHER_WORDS,
    RECORD_FORM,
    REOPEN_FORM,
    TITLE,
    add_hint_message,
    answered_message,
    ballot_options,
    ballot_view,
    card_message,
    card_view,
    change_message,
    list_message,
    read_back_message,
    unknown_list_message,
)
from bot.slack.blocks.issues import card_view as issue_card_view
from bot.slack.forms import Form
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import Ballot, DecisionDayOpened, NewDecisionOpened, OptionKey
from handlers.context import Call
from handlers.home import refresh_home
from handlers.listeners import Line, Listeners
from handlers.numbered import Numbered
from handlers.presses import by_button

AGAIN = re.compile("(?:ask |remind )?(?:them )?again|remind|nudge", re.IGNORECASE)
NEW_DATE = re.compile("(?:new date|move|to|until|by|postpone)\\b", re.IGNORECASE)
DecisionForm = Form[DecisionCard, Any]


DECISIONS: Numbered[DecisionCard] = Numbered(
    noun="decision",
    letter="D",
    verbs=("add", "propose", "answer", "record", "defer", "withdraw", "again", "move", "history", "log", "help"),
    read_id=read_id,
    query=DecisionQuery,
    service=lambda services: services.decisions,
    title=TITLE,
    card_message=card_message,
    card_view=card_view,
    list_message=list_message,
    change_message=change_message,
    otherwise=lambda said, nearest, *_: unknown_list_message(said, nearest),
    history=lambda services: services.histories.decision,
    history_button=Action.DECISION_HISTORY,
    new_title=NEW_DECISION_FORM.title,
    form_view=NEW_DECISION_FORM.view,
    add_hint_message=add_hint_message,
    read_back_message=read_back_message,
)


async def open_form_about_issue(call: Call) -> None:
    issue = call.pressed(str)
    await call.open(NEW_DECISION_FORM.title)
    actor = await call.actor()
    card = await call.services.issues.show(actor, issue)
    if not card.is_open:
        await call.show(issue_card_view(card))
        return
    await call.show(NEW_DECISION_FORM.view(await call.services.decisions.form(actor, issue=issue)))


async def submit_new(call: Call) -> None:
    """Stores the form; the modal says what became of it."""
    form = call.about(NewDecisionOpened)
    new = NEW_DECISION_FORM.read(call.values, issue=form.issue)
    await DECISIONS.form_became(call, await call.services.decisions.propose(await call.actor(), form.token, new))


async def open_ballot(call: Call) -> None:
    """The form in which one answers, with what is recommended to those who decide."""
    ballot = call.pressed(Ballot)
    await _open_ballot(call, ballot.decision, None, ballot.voice)


async def answer_typed(call: Call, typed: str) -> None:
    """ "decision answer D-1"."""
    key = await _typed_id(call, typed)
    if call.can_open:
        await _open_ballot(call, key, None)
    else:
        await call.reply(card_message(await call.services.decisions.ballot(await call.actor(), key)))


async def choose_option(call: Call) -> None:
    """One of a decision's options."""
    chosen = call.pressed(OptionKey)
    key, number = chosen.decision, chosen.option
    actor = await call.actor()
    card = await call.services.decisions.ballot(actor, key)
    if card.is_needed and number >= len(card.options):
        raise UserError(f"{key} has other options now. Open it again to see them.")
    option = card.options[number] if number < len(card.options) else None
    await _voted(call, await call.services.decisions.respond(actor, key, OPTION, option=option))


async def vote(call: Call, key: str, choice: str) -> None:
    """[Abstain] and [Talk first]."""
    await _voted(call, await call.services.decisions.respond(await call.actor(), key, choice))


async def submit_ballot(call: Call) -> None:
    """Stores an answer; the modal says what was recorded for whom."""
    said, key, actor = BALLOT_FORM.read(call.values), call.about(str), await call.actor()
    card, picked = await call.services.decisions.ballot(actor, key), said.choice
    if picked not in {value for _text, value in ballot_options(card)}:
        raise UserError("Choose an answer.", field="choice")
    is_option = picked.isdigit()
    change = await call.services.decisions.respond(
        actor,
        key,
        OPTION if is_option else picked,
        option=card.options[int(picked)] if is_option else None,
        reason=said.reason,
        voice=said.voice,
    )
    await DECISIONS.form_became(call, change)


async def change_typed(call: Call, typed: str, form: DecisionForm) -> None:
    """ "decision record D-1", "decision defer D-1" and "decision withdraw D-1"; the form opens, where one can be."""
    key = await _typed_id(call, typed)
    if call.can_open:
        await _open(call, key, form)
    else:
        await call.reply(card_message(await call.services.decisions.show(await call.actor(), key)))


async def submit_record(call: Call) -> None:
    said, key, actor = RECORD_FORM.read(call.values), call.about(str), await call.actor()
    picked, own_words = said.outcome, said.outcome_words
    outcome = own_words
    if picked != OTHER_WORDS:
        if own_words:
            raise UserError("Choose “In other words, below”, or clear this line.", field="outcome_words")
        card = await call.services.decisions.show(actor, key)
        outcome = card.options[int(picked)] if picked.isdigit() and int(picked) < len(card.options) else ""
    elif not own_words:
        raise UserError("Write what was decided in a few words.", field="outcome_words")
    change = await call.services.decisions.record(
        actor,
        key,
        outcome,
        note=said.note,
        delegated=said.authority == DELEGATED,
    )
    await DECISIONS.form_became(call, change)


async def submit_set_aside(call: Call) -> None:
    aside, key = ASIDE_FORM.read(call.values), call.about(str)
    change = await call.services.decisions.set_aside(await call.actor(), key, aside.status, aside.reason)
    await DECISIONS.form_became(call, change)


async def submit_reopen(call: Call) -> None:
    day, key = REOPEN_FORM.read(call.values).needed_by, call.about(str)
    await DECISIONS.form_became(call, await call.services.decisions.reopen(await call.actor(), key, day))


async def date_typed(call: Call, typed: str) -> None:
    """ "decision move D-3 to Dec 11"; without a day the form opens."""
    what, words = split_new_date(typed)
    key = await _typed_id(call, what)
    if not words and call.can_open:
        await _open_date(call, key)
        return
    if not words:
        await call.reply(card_message(await call.services.decisions.show(await call.actor(), key)))
        return
    await _chased(call, await call.services.decision_chases.move(await call.actor(), key, words))


async def show_typed(call: Call, typed: str) -> None:
    """One that is named, or what is to be done with it behind its id: "D-3 again", "D-3 new date Dec 11"."""
    key, _, rest = typed.strip().partition(" ")
    if read_id(key) is not None and AGAIN.fullmatch(rest):
        await again_typed(call, key)
    elif read_id(key) is not None and NEW_DATE.match(rest):
        await date_typed(call, typed)
    else:
        await DECISIONS.show(call, typed)


async def _open_date(call: Call, key: str) -> None:
    await call.open(DATE_FORM.title)
    card = await call.services.decisions.show(await call.actor(), key, to="chase")
    await call.show(DATE_FORM.view(card) if card.is_needed else card_view(card))


async def submit_date(call: Call) -> None:
    form, day = call.about(DecisionDayOpened), DATE_FORM.read(call.values).needed_by
    change = await call.services.decision_chases.move(await call.actor(), form.decision, day, form.seen)
    await DECISIONS.form_became(call, change)


async def again_typed(call: Call, typed: str) -> None:
    """ "decision again D-3", and [Ask again]: those whose voice is missing get it in a message."""
    key = await _typed_id(call, typed)
    await _chased(call, await call.services.decision_chases.ask_again(await call.actor(), key))


async def _take_to_meeting(call: Call, key: str) -> None:
    await _chased(call, await call.services.decision_chases.take_to_meeting(await call.actor(), key))


async def _chased(call: Call, change: DecisionChange) -> None:
    """What became of one that waits; a message with its button changes by itself."""
    call.services.deliveries.on_change()
    if call.is_in_modal:
        await call.change_view(card_view(change.card, change))
    else:
        await call.reply(change_message(change))
    await refresh_home(call)


async def _open_ballot(call: Call, key: str, chosen: str | None, voice: str | None = None) -> None:
    await call.open(BALLOT_FORM.title)
    card = await call.services.decisions.ballot(await call.actor(), key)
    if not card.is_needed:
        await call.show(card_view(card))
        return
    await call.show(ballot_view(card, chosen, voice))


async def _open(call: Call, key: str, form: DecisionForm) -> None:
    """Opens a form about a decision; one that is settled shows how it ended."""
    await call.open(form.title)
    to = "record" if form is RECORD_FORM else "set_aside"
    card = await call.services.decisions.show(await call.actor(), key, to=to)
    await call.show(form.view(card) if card.is_undecided else card_view(card))


async def _voted(call: Call, change: DecisionChange) -> None:
    """What was recorded, to whoever answered; the post in the channel changes by itself."""
    if call.is_in_modal:
        await call.change_view(card_view(change.card, change))
    else:
        is_own = bool((call.body.get("container") or {}).get("is_ephemeral"))
        await call.reply(answered_message(change), replace=is_own)
    await refresh_home(call)


async def _typed_id(call: Call, typed: str) -> str:
    """The decision that was typed, by its id or by words of its title."""
    key = read_id(typed.split()[0]) if typed.split() else None
    return key or (await call.services.decisions.show(await call.actor(), typed)).id


_of_log = partial(DECISIONS.line, right=Right.PROPOSE_DECISION, wanted="log")
LISTENERS = Listeners(
    noun="decision",
    actions={
        Action.NEW_DECISION: DECISIONS.open_form,
        Action.PROPOSE_DRAFT: DECISIONS.press(lambda services: services.decisions.propose),
        Action.CHANGE_DECISION_DRAFT: DECISIONS.change_draft,
        Action.MY_DECISIONS: DECISIONS.lists("mine"),
        Action.TURN_DECISIONS: DECISIONS.turn_list,
        Action.OPEN_DECISION: DECISIONS.open_card,
        Action.DECISION_HISTORY: DECISIONS.turn_history,
        Action.DECISION_ANSWER: open_ballot,
        **dict.fromkeys(OPTION_BUTTONS, choose_option),
        Action.DECISION_ABSTAIN: by_button(vote, ABSTAIN),
        Action.DECISION_OBJECT: by_button(_open_ballot, OBJECT),  # with one sentence
        Action.DECISION_TALK: by_button(vote, TALK),
        Action.RECORD_DECISION: by_button(_open, RECORD_FORM),
        Action.SET_DECISION_ASIDE: by_button(_open, ASIDE_FORM),
        Action.REOPEN_DECISION: by_button(_open, REOPEN_FORM),
        Action.ASK_VOICES_AGAIN: by_button(again_typed),
        Action.DECISION_NEW_DATE: by_button(_open_date),
        Action.DECISION_TO_MEETING: by_button(_take_to_meeting),
        Action.ISSUE_DECISION: open_form_about_issue,
    },
    submissions={
        Submission.NEW_DECISION: submit_new,
        Submission.BALLOT: submit_ballot,
        Submission.RECORD_DECISION: submit_record,
        Submission.SET_ASIDE: submit_set_aside,
        Submission.REOPEN_DECISION: submit_reopen,
        Submission.DECISION_DATE: submit_date,
    },
    lines=(
        Line(
            "",
            "what waits for you, or the decision that you name",
            DECISIONS.lists("mine"),
            words=("my decisions", "decisions", "decision"),
            takes=show_typed,
            usage="[D-1]",
        ),
        Line(
            "add",
            "propose one; without more, a form opens",
            DECISIONS.open_form,
            Right.PROPOSE_DECISION,
            takes=DECISIONS.add,
            usage="[WHAT by DATE in PRIORITY for GROUP: OPTION / OPTION]",
            synonyms=("propose", "new"),
        ),
        DECISIONS.line("answer", "answer one for your organization", answer_typed, Right.RESPOND),
        _of_log(
            "record",
            "write down what was decided",
            partial(change_typed, form=RECORD_FORM),
            right=Right.RECORD_DECISION,
        ),
        _of_log(
            "defer", "put one off, or take it back", partial(change_typed, form=ASIDE_FORM), synonyms=("withdraw",)
        ),
        _of_log(
            "again", "ask those once more whose answer is missing", again_typed, synonyms=("ask", "nudge", "remind")
        ),
        _of_log(
            "move",
            "give one another day",
            date_typed,
            usage="D-1 to DATE",
            synonyms=("date", "postpone", "reschedule"),
        ),
        _of_log("history", "who changed what of one, and when", DECISIONS.show_history, right=Right.SEE_OWN),
        _of_log(
            "log",
            "all that were proposed and made",
            DECISIONS.show_list,
            right=Right.SEE_OWN,
            usage="[needed | decided | deferred | withdrawn | PRIORITY | GROUP]",
            synonyms=("list",),
        ),
    ),
    finds=DECISIONS.show_named,
)
