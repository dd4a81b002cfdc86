"""Question sets: the list and a card, making and editing one question by question, and a look at its form."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checkins import SetAbout, SetEntry, SetForm
from bot.domain.rights import Right
from bot.domain.typed import Mistakes
from bot.errors import UserError
from bot.services.access import Actor
from bot.slack.blocks.checkins import (
    QUESTION_FORM,
    QUESTION_TITLE,
    SET_FORM,
    SET_TITLE,
    SETS_TITLE,
    preview_view,
    set_message,
    sets_message,
    tried_view,
)
from bot.slack.forms import read_typed
from bot.slack.forms.filling import with_entered
from bot.slack.identifiers import Action, Submission
from bot.slack.metadata import QuestionOpened
from handlers.context import Call
from handlers.listeners import Line, Listeners
from handlers.presses import by_button

PREVIEW_TITLE = "Preview"


async def show_list(call: Call) -> None:
    """All of them."""
    await call.reply(sets_message(await call.services.question_sets.page(await call.actor())))


async def show_typed(call: Call, typed: str) -> None:
    """ "add", "edit NAME", or a name."""
    verb, _, name = typed.partition(" ")
    if verb.casefold() == "add" and not name:
        await add(call)
    elif verb.casefold() == "edit" and name:
        await _open(call, name.strip())
    else:
        await call.reply(set_message(await call.services.question_sets.show(await call.actor(), typed)))


async def back_to_list(call: Call) -> None:
    """[Questions], [All questions]: in a modal in the place of what is there."""
    await call.answer(sets_message(await call.services.question_sets.page(await call.actor())), SETS_TITLE)


async def open_card(call: Call, key: str) -> None:
    await call.answer(set_message(await call.services.question_sets.show(await call.actor(), key)), SET_TITLE)


async def add(call: Call) -> None:
    await _open(call, None)


async def edit(call: Call, key: str) -> None:
    await _open(call, key)


async def copy(call: Call, key: str) -> None:
    await _open(call, key, copied=True)


async def _open(call: Call, typed: str | None, *, copied: bool = False) -> None:
    """The form of a set in hand."""
    await call.open(SET_TITLE)
    form = await call.services.question_sets.form(await call.actor(), typed, copied=copied)
    await call.show(SET_FORM.view(form))


async def start_over(call: Call) -> None:
    """[Start over]: what was in hand is given up."""
    form = await call.services.question_sets.start_over(await call.actor(), call.about(SetAbout))
    await call.change_view(SET_FORM.view(form))


async def _in_hand(call: Call) -> tuple[Actor, SetAbout, SetEntry]:
    """Which set a press in its form is about, and what stands there. A number that is none counts as none."""
    actor, about = await call.actor(), call.about(SetAbout)
    try:
        return actor, about, SET_FORM.read(call.values)
    except UserError:
        title = read_typed(call.values).get("title") or ""
        return actor, about, SetEntry(title=title, minutes=0)


async def keep(call: Call) -> None:
    """Something was pressed or ended by Enter in the form: what stands in it is kept."""
    if str(call.action.get("action_id")) == Action.KEEP_WORDS:
        await call.services.question_sets.keep(*await _in_hand(call))


async def submit(call: Call) -> None:
    """Saves the set; the form becomes its card."""
    entry = SET_FORM.read(call.values)
    about = call.about(SetAbout)
    card = await call.services.question_sets.save(await call.actor(), call.form_key, about, entry)
    await call.become(set_message(card).view(SET_TITLE))


async def add_question(call: Call) -> None:
    """[Add a question], on top of the set's form."""
    await call.open(QUESTION_TITLE)
    form = await call.services.question_sets.question(*await _in_hand(call))
    await call.show(QUESTION_FORM.view(form, close="Back"))


async def edit_question(call: Call) -> None:
    """Edit, in a question's menu."""
    key = call.pressed(str)
    await call.open(QUESTION_TITLE)
    actor, about, entry = await _in_hand(call)
    form = await call.services.question_sets.question(actor, about, entry, key)
    await call.show(QUESTION_FORM.view(form, close="Back"))


async def choose_kind(call: Call) -> None:
    """What is asked for was chosen: the form with the fields that it has, and what was entered already."""
    opened = call.about(QuestionOpened)
    kind = str((call.action.get("selected_option") or {}).get("value") or "")
    actor = await call.actor()
    form = await call.services.question_sets.question_as(actor, opened.about, opened.question, kind)
    view = QUESTION_FORM.view(form, close="Back")
    blocks = tuple(with_entered(block, call.values) for block in view.blocks)
    await call.change_view(replace(view, blocks=blocks))


async def submit_question(call: Call) -> None:
    """A question as it was entered, kept in the set's form below."""
    opened, entry = call.about(QuestionOpened), QUESTION_FORM.read(call.values)
    actor = await call.actor()
    form = await call.services.question_sets.put_question(actor, call.form_key, opened.about, opened.question, entry)
    await call.settle(SET_FORM.view(form))


async def move_up(call: Call, key: str) -> None:
    await _move(call, key, -1)


async def move_down(call: Call, key: str) -> None:
    await _move(call, key, 1)


async def _move(call: Call, key: str, step: int) -> None:
    await _show_again(call, await call.services.question_sets.move_question(*await _in_hand(call), key, step))


async def take_out(call: Call, key: str) -> None:
    await _show_again(call, await call.services.question_sets.take_out(*await _in_hand(call), key))


async def _show_again(call: Call, form: SetForm) -> None:
    await call.change_view(SET_FORM.view(form))


async def preview(call: Call, key: str) -> None:
    """The form of a set as it is saved."""
    await call.open(PREVIEW_TITLE)
    await call.show(preview_view(await call.services.question_sets.preview(await call.actor(), SetAbout(key))))


async def try_in_hand(call: Call) -> None:
    """The form of a set in hand, on top of its own."""
    await call.open(PREVIEW_TITLE)
    await call.show(preview_view(await call.services.question_sets.preview(*await _in_hand(call))))


async def submit_preview(call: Call) -> None:
    """What people would be asked to mend; else that nothing was."""
    about = call.about(SetAbout)
    errors = await call.services.question_sets.try_out(await call.actor(), about, read_typed(call.values))
    if errors:
        raise Mistakes(errors)
    await call.become(tried_view(str(call.view["title"]["text"])))


LISTENERS = Listeners(
    noun="checkin",
    actions={
        Action.QUESTION_SETS: back_to_list,
        Action.OPEN_QUESTIONS: by_button(open_card),
        Action.ADD_QUESTIONS: add,
        Action.EDIT_QUESTIONS: by_button(edit),
        Action.COPY_QUESTIONS: by_button(copy),
        Action.PREVIEW_QUESTIONS: by_button(preview),
        Action.TRY_QUESTIONS: try_in_hand,
        Action.START_QUESTIONS_OVER: start_over,
        Action.ADD_QUESTION: add_question,
        Action.EDIT_QUESTION: edit_question,
        Action.QUESTION_UP: by_button(move_up),
        Action.QUESTION_DOWN: by_button(move_down),
        Action.TAKE_QUESTION_OUT: by_button(take_out),
        Action.QUESTION_KIND: choose_kind,
    },
    submissions={
        Submission.QUESTION_SET: submit,
        Submission.QUESTION: submit_question,
        Submission.QUESTIONS_PREVIEW: submit_preview,
    },
    keeps={Submission.QUESTION_SET: keep},
    lines=(
        Line(
            "questions",
            "what check-ins ask, or the questions that you name",
            show_list,
            Right.CONFIGURE,
            takes=show_typed,
            usage="[NAME | add | edit NAME]",
            synonyms=("question", "question sets"),
        ),
    ),
)
