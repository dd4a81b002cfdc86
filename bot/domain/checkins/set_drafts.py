"""A question set that somebody makes or edits: its simple choices, what may become of each question, and what is wrong.

Pure. Nothing is saved before the whole set is; what rules read of a question (its id and its type) stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.checkins.answers_in_words import KNOWN, PRIVATE_NOTE
from bot.domain.checkins.questions import YES_OR_NO
from bot.domain.checkins.standing_roles import ASSESSMENT
from bot.domain.people import is_about_priorities
from bot.domain.record import Question, QuestionSet, Record
from bot.domain.required_if import parse
from bot.domain.typed import Mistakes, mark_of, new_key
from bot.domain.vocabularies import READ_IN_DIGEST, AnswerReaders, PickerSource, QuestionType, words
from bot.domain.wording import cut, one_line, status
from bot.errors import UserError

MOST_TITLE, MOST_LABEL, MOST_QUESTIONS, MOST_MINUTES = 24, 300, 10, 600
MOST_OPTIONS, MOST_OPTION, MOST_STEPS, LONGEST_TEXT = 100, 75, 100, 3000
USUAL_LENGTH = 300
ALWAYS, NEVER, ONLY_IF = "always", "never", "only_if"
NO_CHANGE, ANONYMOUS, NOTE = "no_change", "anonymous", "note"
_RESERVED = frozenset({*KNOWN, PRIVATE_NOTE, "or", "question_set", "cadence", "round", "priority", "member", "by"})
_ALSO_RESERVED = frozenset({"on_behalf_of", "answered_at", "no_change", "sets_standing", "answers"})
_PICKER = f"{QuestionType.ITEM_PICKER}:"
NOTE_QUESTION = Question(
    id=PRIVATE_NOTE, type="text", label="Anything for the coordinator only? (not published)", max_length=USUAL_LENGTH
)
TYPES: Mapping[str, str] = {
    QuestionType.TEXT: "Words",
    QuestionType.CHOICE: "One of several choices",
    QuestionType.CHOICES: "Several choices",
    QuestionType.YES_NO: "Yes or no",
    QuestionType.SCALE: "A step on a scale",
    QuestionType.NUMBER: "A number",
    QuestionType.DATE: "A day",
    f"{_PICKER}{PickerSource.MEMBERS}": "A member",
    f"{_PICKER}{PickerSource.ORGANIZATIONS}": "An organization",
    f"{_PICKER}{PickerSource.GROUPS}": "A group",
    f"{_PICKER}{PickerSource.ORGANIZATIONS_AND_GROUPS}": "An organization or a group",
    f"{_PICKER}{PickerSource.PRIORITIES}": "A priority",
    f"{_PICKER}{PickerSource.ACTIONS}": "An action",
    f"{_PICKER}{PickerSource.METRICS}": "A figure",
}
"""What may be asked for, with its words: a type, and of a picker its source."""
CHOOSING = frozenset({QuestionType.CHOICE, QuestionType.CHOICES})
COUNTING = frozenset({QuestionType.SCALE, QuestionType.NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDraft:
    """A question set as somebody has it in hand. `id` is the one that is changed; None adds one.

    `seen` is a mark of the set as it was when it was taken in hand; "" where nothing is compared.
    """

    id: str | None = None
    title: str = ""
    minutes: int = 2
    readers: AnswerReaders = AnswerReaders.STEERING
    allow_no_change: bool = False
    anonymous: bool = False
    per_item: str | None = None
    questions: tuple[Question, ...] = ()
    note: Question | None = None  # the last box, for the coordinators only
    seen: str = ""

    @property
    def words_only(self) -> bool:
        """Whether only its words can be changed here: rules read each of its questions."""
        return self.per_item is not None or any(one.type == QuestionType.ACTION_LIST for one in self.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEntry:
    """What was entered of a set beside its questions. `more` are of NO_CHANGE, ANONYMOUS and NOTE."""

    title: str
    minutes: int
    readers: str | None = None  # of AnswerReaders; None where the form doesn't ask
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEntry:
    """What was entered of one question. `kind` is one of TYPES; None where that can't be chosen.

    `options` are lines; `conditions` are parts of a `required_if`, of which any is enough.
    """

    label: str
    kind: str | None = None
    options: str | None = None
    least: int | None = None
    greatest: int | None = None
    longest: int | None = None
    required: str = NEVER
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that a question may depend on: part of a `required_if`, and its words below its question's."""

    term: str
    words: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a question may depend on of an earlier one."""

    question: str  # its words
    offered: tuple[Condition, ...]


def draft_of_set(questions: QuestionSet) -> SetDraft:
    """A set in hand, to be changed."""
    note = next((one for one in questions.questions if one.id == PRIVATE_NOTE), None)
    return SetDraft(
        id=questions.id,
        title=questions.title,
        minutes=questions.minutes,
        readers=questions.readers,
        allow_no_change=questions.allow_no_change,
        anonymous=questions.anonymous,
        per_item=questions.per_item,
        questions=tuple(one for one in questions.questions if one.id != PRIVATE_NOTE),
        note=note,
        seen=mark_of_set(questions),
    )


def mark_of_set(questions: QuestionSet) -> str:
    """A mark of what a set asks and how: another one once somebody has changed it."""
    asked = replace(questions, version=1, earlier=(), extra={})
    return mark_of(repr(asked))


def copy_of_set(questions: QuestionSet) -> SetDraft:
    """A new set that begins as another one."""
    title = cut(f"Copy of {one_line(questions.title)}", MOST_TITLE)
    return replace(draft_of_set(questions), id=None, title=title, seen="")


def set_of(draft: SetDraft, before: QuestionSet | None, key: str) -> QuestionSet:
    """The set that a draft makes, of the one before where there is one; `key` is the id of a new one."""
    base = before or QuestionSet(id=key, title=draft.title, per_item=draft.per_item)
    return replace(
        base,
        title=draft.title,
        minutes=draft.minutes,
        readers=draft.readers,
        allow_no_change=draft.allow_no_change,
        anonymous=draft.anonymous,
        questions=(*draft.questions, *((draft.note,) if draft.note is not None else ())),
    )


def asked_by(record: Record, key: str | None) -> tuple[str, ...]:
    """The names of the check-ins that ask a set."""
    return tuple(one.name for one in record.cadences if key is not None and one.question_set == key)


def with_entry(draft: SetDraft, entry: SetEntry) -> SetDraft:
    """The draft with what was entered beside its questions."""
    note = (draft.note or NOTE_QUESTION) if NOTE in entry.more else None
    readers = AnswerReaders(entry.readers) if entry.readers in words(AnswerReaders) else draft.readers
    changed = replace(draft, title=one_line(entry.title), minutes=entry.minutes, readers=readers)
    if draft.words_only:
        return changed
    return replace(changed, allow_no_change=NO_CHANGE in entry.more, anonymous=ANONYMOUS in entry.more, note=note)


def set_mistakes(draft: SetDraft, record: Record) -> dict[str, str]:
    """What has to be mended before a set can be saved: field → sentence."""
    found: dict[str, str] = {}
    others = [one for one in record.question_sets if one.id != draft.id]
    if not draft.title:
        found["title"] = "Give it a title, such as Monthly look back."
    elif len(draft.title) > MOST_TITLE:
        found["title"] = f"Shorten this to {MOST_TITLE} characters; it has {len(draft.title)}."
    elif any(one.title.casefold() == draft.title.casefold() for one in others):
        found["title"] = "There are other questions of this title. Choose another one."
    elif not draft.questions:
        found["title"] = "Add a question first: it asks nothing yet."
    if not 0 <= draft.minutes <= MOST_MINUTES:
        found["minutes"] = f"Give 0 to {MOST_MINUTES} minutes."
    asking = [one for one in record.cadences if draft.id is not None and one.question_set == draft.id]
    feeding = next((one for one in asking if one.feeds is not None and is_about_priorities(record, one)), None)
    before = next((one for one in record.question_sets if one.id == draft.id), None)
    if feeding is not None and before is not None and _assesses(before.questions):
        name = one_line(feeding.name)
        if not _assesses(draft.questions):
            found.setdefault("title", f"“{name}” tells the digest how priorities stand, and that is not asked anymore.")
        elif draft.readers not in READ_IN_DIGEST:
            found["readers"] = (
                f"“{name}” says how priorities stand, which the digest tells. Choose its readers, or everybody."
            )
    if asking and before is not None and draft.anonymous != before.anonymous:
        how = "by name" if draft.anonymous else "without names"
        found["more"] = f"“{one_line(asking[0].name)}” asks this {how}. Copy these questions, and make the copy so."
    elif draft.anonymous and draft.note is not None:
        found["more"] = "A box for the coordinators would say who wrote. Take one of the two."
    return found


def _assesses(questions: Iterable[Question]) -> bool:
    return any(one.id == ASSESSMENT for one in questions)


def find_question(draft: SetDraft, key: str) -> Question:
    """One of a draft's questions. Raises UserError for one that is gone."""
    found = next((one for one in draft.questions if one.id == key), None)
    if found is None:
        raise UserError("This question isn't there anymore.")
    return found


def is_built_in(question: Question) -> bool:
    """Whether rules read it by its id, so that its type stays."""
    return question.id in KNOWN


def kind_of(question: Question) -> str:
    """Its entry of TYPES."""
    return f"{_PICKER}{question.source}" if question.type == QuestionType.ITEM_PICKER else question.type


def with_question(draft: SetDraft, key: str | None, entry: QuestionEntry) -> SetDraft:
    """The draft with a question as it was entered: in the place of the one with this id, or at the end.

    Raises Mistakes by field; UserError where no more fit.
    """
    before = find_question(draft, key) if key is not None else None
    if before is None and (draft.words_only or len(draft.questions) >= MOST_QUESTIONS):
        raise UserError(f"At most {MOST_QUESTIONS} questions fit. Take one out first.")
    place = draft.questions.index(before) if before is not None else len(draft.questions)
    question = _entered(draft, before, entry, draft.questions[:place])
    changed = replace(draft, questions=(*draft.questions[:place], question, *draft.questions[place + 1 :]))
    broken = _broken(changed.questions)
    if broken is not None:
        raise Mistakes({"options": f"{quoted(broken)} is needed only for a choice that is not there anymore."})
    return changed


def _entered(draft: SetDraft, before: Question | None, entry: QuestionEntry, earlier: tuple[Question, ...]) -> Question:
    errors: dict[str, str] = {}
    label = one_line(entry.label)
    if not label:
        errors["label"] = "Write the question."
    elif len(label) > MOST_LABEL:
        errors["label"] = f"Shorten this to {MOST_LABEL} characters; it has {len(label)}."
    if before is not None and draft.words_only:
        _require(errors)
        return replace(before, label=label)
    fixed = before is not None and is_built_in(before)
    if before is not None and fixed:
        question = replace(before, label=label)
    else:
        kind, _, source = (entry.kind or "").partition(":")
        if entry.kind not in TYPES:
            errors["kind"] = "Choose what is asked for."
        question = Question(
            id=before.id if before is not None else _new_id(label, draft),
            type=kind,
            label=label,
            source=source or None,
            extra=before.extra if before is not None else {},
        )
        if before is not None and before.type == kind:
            question = replace(question, label_without_outcome=before.label_without_outcome)
        question = _with_bounds(question, entry, errors)
    question = _with_need(question, entry, conditions_for(earlier, before.required_if if before else None), errors)
    _require(errors)
    return question


def _require(errors: Mapping[str, str]) -> None:
    if errors:
        raise Mistakes(errors)


def _new_id(label: str, draft: SetDraft) -> str:
    taken = {one.id for one in draft.questions} | _RESERVED | _ALSO_RESERVED
    key = new_key(label, taken, "question")
    # A condition's question begins with a letter.
    return key if key[:1].isalpha() else new_key(f"q-{label}", taken, "question")


def _with_bounds(question: Question, entry: QuestionEntry, errors: dict[str, str]) -> Question:
    if question.type in CHOOSING:
        options = tuple(dict.fromkeys(one for line in (entry.options or "").splitlines() if (one := one_line(line))))
        long = next((one for one in options if len(one) > MOST_OPTION), None)
        if len(options) < 2:
            errors["options"] = "Write at least two choices, one a line."
        elif len(options) > MOST_OPTIONS:
            errors["options"] = f"{MOST_OPTIONS} choices fit; here are {len(options)}."
        elif long is not None:
            errors["options"] = f"Shorten “{cut(long, 30)}” to {MOST_OPTION} characters."
        return replace(question, options=options)
    if question.type in COUNTING:
        least, greatest = entry.least, entry.greatest
        if question.type == QuestionType.SCALE:
            least, greatest = 1 if least is None else least, 5 if greatest is None else greatest
            if greatest - least >= MOST_STEPS:
                errors["greatest"] = f"A scale has {MOST_STEPS} steps at most. Lower it."
        if least is not None and greatest is not None and least >= greatest:
            errors["greatest"] = f"Enter more than {least}."
        return replace(question, min=least, max=greatest)
    if question.type == QuestionType.TEXT:
        longest = USUAL_LENGTH if entry.longest is None else entry.longest
        if not 1 <= longest <= LONGEST_TEXT:
            errors["longest"] = f"Enter 1 to {LONGEST_TEXT}."
        return replace(question, max_length=longest)
    return question


def _with_need(
    question: Question, entry: QuestionEntry, offered: Iterable[Conditions], errors: dict[str, str]
) -> Question:
    """With when it must be answered."""
    if entry.required != ONLY_IF:
        if entry.conditions:
            errors["conditions"] = "Choose “Only if …” above, or take these out."
        return replace(question, required=entry.required == ALWAYS, required_if=None)
    terms = {one.term for of in offered for one in of.offered}
    if not entry.conditions:
        errors["conditions"] = "Choose at least one answer on which it depends."
    elif not set(entry.conditions) <= terms:
        errors["conditions"] = "One of these isn't there anymore. Choose again."
    return replace(question, required=False, required_if=" or ".join(entry.conditions) or None)


def need_of(question: Question | None) -> str:
    """When a question must be answered, as it is chosen."""
    if question is None:
        return NEVER
    return ONLY_IF if question.required_if else ALWAYS if question.required else NEVER


def conditions_for(earlier: Iterable[Question], now: str | None = None) -> tuple[Conditions, ...]:
    """What a question may depend on: answers to those before it. What it depends on `now` stands among them."""
    found = [Conditions(one_line(one.label), tuple(_conditions_of(one))) for one in earlier]
    offered = {condition.term for one in found for condition in one.offered}
    own = tuple(Condition(term, term) for term in terms_of(now) if term not in offered)
    return (*found, *((Conditions("As it is now", own),) if own else ()))


def terms_of(required_if: str | None) -> tuple[str, ...]:
    """The parts of a condition, each as it is offered."""
    if required_if is None:
        return ()
    return tuple(
        one.question if one.operator is None else _term(one.question, one.operator, one.value or "")
        for one in parse(required_if).terms
    )


def _conditions_of(question: Question) -> Iterator[Condition]:
    options = {value: status(value) for value in question.options}
    if question.type == QuestionType.YES_NO:
        options = dict(YES_OR_NO)
    if question.type in CHOOSING or question.type == QuestionType.YES_NO:
        for value, words in options.items():
            if '"' not in value:
                yield Condition(_term(question.id, "==", value), f"is “{words}”")
        if len(options) > 2:
            for value, words in options.items():
                if '"' not in value:
                    yield Condition(_term(question.id, "!=", value), f"is not “{words}”")
    if question.type == QuestionType.SCALE and question.min is not None and question.max is not None:
        for step in range(question.min, min(question.max, question.min + 10) + 1):
            yield Condition(_term(question.id, "==", str(step)), f"is {step}")
    yield Condition(question.id, "is answered")


def _term(question: str, operator: str, value: str) -> str:
    is_plain = value.replace("_", "").replace("-", "").replace(".", "").isalnum() and value != "or"
    shown = value if is_plain else f'"{value}"'
    return f"{question} {operator} {shown}"


def moved_question(draft: SetDraft, key: str, step: int) -> SetDraft:
    """The draft with a question one place further up (-1) or down (1). Raises UserError where it has to stay."""
    place = draft.questions.index(find_question(draft, key))
    to = place + step
    if not 0 <= to < len(draft.questions):
        return draft
    order = list(draft.questions)
    order[place], order[to] = order[to], order[place]
    broken = _broken(order)
    if broken is not None:
        raise UserError(f"{quoted(broken)} is needed only if the other one is answered so, and stays below it.")
    return replace(draft, questions=tuple(order))


def without_question(draft: SetDraft, key: str) -> SetDraft:
    """The draft without a question. Raises UserError where another one depends on it."""
    question = find_question(draft, key)
    left = tuple(one for one in draft.questions if one.id != key)
    broken = _broken(left)
    if broken is not None:
        raise UserError(f"{quoted(broken)} is needed only by the answer to {quoted(question)}. Change that one first.")
    return replace(draft, questions=left)


def _broken(questions: Iterable[Question]) -> Question | None:
    """The first question that depends on something which doesn't stand above it, or can't be chosen there."""
    there: dict[str, Question] = {}
    for one in questions:
        for term in parse(one.required_if).terms if one.required_if else ():
            about = there.get(term.question)
            if about is None:
                return one
            can_be = about.options or (tuple(YES_OR_NO) if about.type == QuestionType.YES_NO else ())
            if term.value is not None and can_be and term.value not in can_be:
                return one
        there[one.id] = one
    return None


def quoted(question: Question) -> str:
    """A question's words, short, in quotes."""
    return f"“{cut(one_line(question.label), 40)}”"


def question_summary(question: Question, before: Iterable[Question]) -> str:
    """What a question asks for, and when it must be answered, as one line."""
    words = [TYPES.get(kind_of(question), "A list of actions")]
    if question.type in CHOOSING:
        shown = ", ".join(status(one) for one in question.options[:4])
        words.append(f"{shown} …" if len(question.options) > 4 else shown)
    elif question.type == QuestionType.SCALE:
        words.append(f"{question.min} to {question.max}")
    if question.required_if:
        called = {one.id: quoted(one) for one in before}
        offered = {
            condition.term: f"{called.get(term_question(condition.term), '')} {condition.words}"
            for of in conditions_for(before, question.required_if)
            for condition in of.offered
        }
        needed = " or ".join(offered.get(term, term).strip() for term in terms_of(question.required_if))
        words.append(f"needed if {needed}")
    else:
        words.append("always needed" if question.required else "may stay empty")
    return " · ".join(words)


def term_question(term: str) -> str:
    """The question that a part of a condition is about."""
    return term.partition(" ")[0]
