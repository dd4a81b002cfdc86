"""Question sets: the list, a card, the form of a set in hand with its questions, that of one question, and a look at
the form as people will get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.checkins import (
    ALWAYS,
    ANONYMOUS,
    CHOOSING,
    COUNTING,
    MOST_LABEL,
    MOST_QUESTIONS,
    MOST_TITLE,
    NEVER,
    NO_CHANGE,
    NOTE,
    ONLY_IF,
    TYPES,
    QuestionEntry,
    QuestionForm,
    SetCard,
    SetDraft,
    SetEntry,
    SetForm,
    SetLine,
    SetPreview,
    conditions_for,
    is_built_in,
    need_of,
    question_summary,
    terms_of,
)
from bot.domain.rights import READERS_OF_ANSWERS
from bot.domain.vocabularies import QuestionType
from bot.domain.wording import plural, sentence
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.checkins.forms import checkin_view
from bot.slack.blocks.menus import more
from bot.slack.blocks.worded import in_sections
from bot.slack.forms import AGAIN, NOTICE, Choice, Field, Form, Keeps, Number, Text, Ticks, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message, View
from bot.slack.metadata import QuestionOpened, encode
from bot.slack.mrkdwn import bold, cut, own
from bot.slack.names import listed, listed_some

SETS_TITLE, SET_TITLE = "Questions", "Questions"
QUESTION_TITLE = "One question"
MOST_SETS, MOST_ASKING, MOST_SHOWN = 40, 3, 40
_WHOLE = "Enter a whole number."
_ANONYMOUS = "Nobody's name is kept with an answer; results show from five answers up."
_NEEDS = {ALWAYS: "Yes", NEVER: "No", ONLY_IF: "Only if an answer above is …"}
_BUILT_IN = (
    "The digest and how the priority stands are read from this answer, so what it asks for stays. Its words can change."
)
_FILLED_IN = "{next_outcome} and {due} become the priority's next outcome and its day."
_OF_ITEMS = (
    "These are asked for each action, figure or meeting, and what is answered is kept there, so only words can change."
)


def sets_message(sets: Sequence[SetLine]) -> Message:
    """All of them, each with its card."""
    head = plural(len(sets), "set of questions", "sets of questions") if sets else "No questions yet."
    blocks: list[Block] = [kit.section(bold(head))]
    for one in sets[:MOST_SETS]:
        button = kit.button("Open", Action.OPEN_QUESTIONS, value=one.id, about=one.title)
        blocks.append(kit.section(f"{bold(one.title)}\n{own(_line(one))}", accessory=button))
    if len(sets) > MOST_SETS:
        blocks.append(kit.context(f"{MOST_SETS} of {len(sets)} · “checkin questions” with a title shows the others"))
    blocks.append(kit.actions(kit.button("Add questions", Action.ADD_QUESTIONS)))
    names = f": {listed([one.title for one in sets[:MOST_SETS]])}." if sets else ""
    return Message.of(f"{head}{names}" if sets else head, *blocks)


def _line(one: SetLine) -> str:
    minutes = f", {plural(one.minutes, 'minute')}" if one.minutes else ""
    asked = f"asked by {listed_some(one.asked_by, MOST_ASKING)}" if one.asked_by else "asked by no check-in"
    return f"{plural(one.questions, 'question')}{minutes} · {asked}{' · anonymous' if one.anonymous else ''}"


def set_message(card: SetCard) -> Message:
    """One set with what it asks, and what can be done with it."""
    draft = card.draft
    lines = [bold(draft.title)]
    facts = [plural(draft.minutes, "minute")] if draft.minutes else []
    if draft.per_item is None and not draft.anonymous:
        facts.append(f"read by {READERS_OF_ANSWERS[draft.readers]}")
    facts += ["anonymous"] if draft.anonymous else []
    facts += ["“no change” may be answered"] if draft.allow_no_change else []
    lines += [own(sentence(" · ".join(facts)))] if facts else []
    lines.append(own(_asked_by(card.asked_by)))
    lines += [_OF_ITEMS] if draft.words_only else []
    lines += [f"Version {card.version}: earlier rounds keep the questions that they asked."] if card.version > 1 else []
    blocks: list[Block] = [kit.section(own(card.said))] if card.said else []
    blocks.append(kit.section("\n".join(lines)))
    blocks += _questions(draft)
    buttons = [kit.button("Edit", Action.EDIT_QUESTIONS, value=card.id)]
    if not draft.words_only:
        buttons.append(kit.button("Preview", Action.PREVIEW_QUESTIONS, value=card.id))
        buttons.append(kit.button("Copy", Action.COPY_QUESTIONS, value=card.id))
    buttons.append(kit.button("All questions", Action.QUESTION_SETS))
    blocks.append(kit.actions(*buttons))
    asks = plural(len(draft.questions), "question")
    text = f"{draft.title}: {asks}. {_asked_by(card.asked_by)}"
    return Message.of(f"{card.said} {text}" if card.said else text, *blocks)


def _asked_by(names: Sequence[str]) -> str:
    if not names:
        return "No check-in asks this."
    return f"Asked by {listed_some(names, MOST_ASKING)}."


def _questions(draft: SetDraft) -> list[Block]:
    """Each question with what it asks for."""
    lines = [
        f"{number}. {bold(one.label)}\n{own(question_summary(one, draft.questions[: number - 1]))}"
        for number, one in enumerate(draft.questions, 1)
    ]
    blocks = list(in_sections(lines))
    if draft.note is not None:
        blocks.append(kit.section(f"{bold(draft.note.label)}\nA last box, for the coordinators only"))
    return blocks


def _heads(form: SetForm) -> list[Block]:
    """What is so of a set in hand."""
    blocks: list[Block] = []
    if form.notice:
        blocks.append(kit.section(own(form.notice)))
    if form.asked_by:
        names = listed_some(form.asked_by, MOST_ASKING)
        blocks.append(kit.context(f"Asked by {own(names)}. A round that is open finishes as it began."))
    if form.draft.words_only:
        blocks.append(kit.context(_OF_ITEMS))
    if form.is_stale:
        blocks.append(kit.context("Somebody has changed these questions since. Start over to see them."))
    if form.is_kept:
        blocks.append(kit.context(AGAIN))
        blocks.append(kit.actions(kit.button("Start over", Action.START_QUESTIONS_OVER)))
    return blocks


def _list(form: SetForm) -> list[Block]:
    """The questions of a set in hand, each with its menu."""
    draft = form.draft
    blocks: list[Block] = [kit.divider()]
    last = len(draft.questions) - 1
    for number, one in enumerate(draft.questions[:MOST_SHOWN]):
        buttons = [kit.button("Edit", Action.EDIT_QUESTION, value=one.id)]
        if not draft.words_only:
            buttons += [kit.button("Move up", Action.QUESTION_UP, value=one.id)] if number else []
            buttons += [kit.button("Move down", Action.QUESTION_DOWN, value=one.id)] if number < last else []
            buttons.append(kit.button("Take out", Action.TAKE_QUESTION_OUT, value=one.id))
        words = f"{number + 1}. {bold(one.label)}\n{own(question_summary(one, draft.questions[:number]))}"
        blocks.append(kit.section(cut(words, limits.TEXT), accessory=more(*buttons)))
    if not draft.questions:
        blocks.append(kit.section("It asks nothing yet."))
    if not draft.words_only:
        buttons = []
        if len(draft.questions) < MOST_QUESTIONS:
            buttons.append(kit.button("Add a question", Action.ADD_QUESTION))
        else:
            blocks.append(kit.context(f"{MOST_QUESTIONS} questions fit."))
        buttons += [kit.button("Preview", Action.TRY_QUESTIONS)] if draft.questions else []
        blocks += kit.row(*buttons)
    return blocks


def _readers(form: SetForm) -> list[kit.Element]:
    return [kit.option(sentence(words), readers.value) for readers, words in READERS_OF_ANSWERS.items()]


def _more(form: SetForm) -> list[kit.Element]:
    return [
        kit.option("“No change” may be answered", NO_CHANGE, description="At most twice running."),
        kit.option("A last box for the coordinators only", NOTE, description="Nobody else reads it."),
        kit.option("Anonymous", ANONYMOUS, description=_ANONYMOUS),
    ]


def _ticked(form: SetForm) -> tuple[str, ...]:
    draft = form.draft
    found = {NO_CHANGE: draft.allow_no_change, NOTE: draft.note is not None, ANONYMOUS: draft.anonymous}
    return tuple(name for name, is_so in found.items() if is_so)


def _is_free(form: SetForm) -> bool:
    return not form.draft.words_only


SET_FORM: Form[SetForm, SetEntry] = Form(
    SetEntry, Submission.QUESTION_SET, SET_TITLE, "Save",
    lambda form: _heads(form),
    Text("title", "Title", MOST_TITLE, placeholder="Monthly look back", action=Action.KEEP_WORDS, dispatch=True),
    Number("minutes", "Minutes that it takes", decimals=False, missing=_WHOLE),
    Choice("readers", "Who reads the answers", _readers, when=_is_free,
        hint="Coordinators always do. Where it says how priorities stand, the digest's readers have to."),
    Ticks("more", "Also", _more, shows=_ticked, optional=True, when=_is_free),
    lambda form: _list(form),
    note(NOTICE),
    values=lambda form: form.draft,
    carries=lambda form: form.about,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Depends(Field[QuestionForm]):
    """Answers to earlier questions, each below its question."""

    def element(self, form: QuestionForm, value: object) -> kit.Element:
        now = form.question.required_if if form.question is not None else None
        groups, chosen, wanted = [], [], set(terms_of(now))
        room = limits.OPTIONS
        for of in conditions_for(form.earlier, now):
            options = [
                kit.option(cut(one.words, limits.OPTION_TEXT), one.term)
                for one in of.offered
                if len(one.term) <= limits.OPTION_VALUE
            ][:room]
            room -= len(options)
            chosen += [one for one in options if one["value"] in wanted]
            if options:
                groups.append({"label": kit.plain(of.question, limits.OPTION_TEXT), "options": options})
        return kit.element(
            "multi_static_select", self.action, "Choose answers", option_groups=groups, initial_options=chosen or None
        )


def _kind(form: QuestionForm) -> list[Block | Field[QuestionForm]]:
    """What is asked for; where that stays as it is, why."""
    if form.draft.words_only:
        return [kit.context(_OF_ITEMS)]
    if form.question is not None and is_built_in(form.question):
        return [kit.context(f"{own(TYPES[form.kind])}. {_BUILT_IN}")]
    return []


def _label(form: QuestionForm) -> str:
    return form.question.label if form.question is not None else ""


def _is_fixed(form: QuestionForm) -> bool:
    return form.draft.words_only or (form.question is not None and is_built_in(form.question))


QUESTION_FORM: Form[QuestionForm, QuestionEntry] = Form(
    QuestionEntry, Submission.QUESTION, QUESTION_TITLE, "Keep",
    lambda form: _kind(form),
    Choice("kind", "What is asked for", TYPES, when=lambda form: not _is_fixed(form), shows=lambda form: form.kind,
        action=Action.QUESTION_KIND, dispatch=True),
    Text("label", "Question", MOST_LABEL, shows=lambda form: form.question.label if form.question else None,
        hint=lambda form: _FILLED_IN if "{" in _label(form) else None),
    Text("options", "Choices", limits.INPUT_LENGTH, multiline=True, placeholder="One a line",
        when=lambda form: not _is_fixed(form) and form.kind in CHOOSING,
        shows=lambda form: "\n".join(form.question.options) if form.question else None),
    Number("least", "Least", decimals=False, optional=True, missing=_WHOLE,
        when=lambda form: not _is_fixed(form) and form.kind in COUNTING,
        shows=lambda form: form.question.min if form.question else None,
        hint=lambda form: "Empty: 1." if form.kind == QuestionType.SCALE else "Empty: any number."),
    Number("greatest", "Greatest", decimals=False, optional=True, missing=_WHOLE,
        when=lambda form: not _is_fixed(form) and form.kind in COUNTING,
        shows=lambda form: form.question.max if form.question else None,
        hint=lambda form: "Empty: 5." if form.kind == QuestionType.SCALE else "Empty: any number."),
    Number("longest", "Longest answer (characters)", decimals=False, optional=True, missing=_WHOLE,
        when=lambda form: not _is_fixed(form) and form.kind == QuestionType.TEXT,
        shows=lambda form: form.question.max_length if form.question else None, hint="Empty: 300."),
    Choice("required", "Does it need an answer?",
        lambda form: [kit.option(words, one) for one, words in _NEEDS.items() if form.earlier or one != ONLY_IF],
        radio=True, shows=lambda form: need_of(form.question), when=lambda form: not form.draft.words_only),
    _Depends("conditions", "Only if", optional=True, hint="Any of these is enough.",
        when=lambda form: bool(form.earlier) and not form.draft.words_only),
    carries=lambda form: QuestionOpened.of(form.about, form.question.id if form.question is not None else None),
    keeps=Keeps(by(QuestionOpened, "key", "copied", "question")),
)  # fmt: skip


def preview_view(preview: SetPreview) -> View:
    """The form as people get it; sent, it says what they would have to mend, and nothing else."""
    view = checkin_view(preview.form)
    return replace(
        view,
        callback_id=Submission.QUESTIONS_PREVIEW,
        submit="Try it",
        metadata=encode(preview.about),
    )


def tried_view(title: str) -> View:
    """What was entered in a preview would be taken."""
    return View(
        title=cut(title, limits.VIEW_TITLE),
        close="Close",
        blocks=(kit.section("This would be taken. It was a preview: nothing was sent, and nothing is kept."),),
    )
