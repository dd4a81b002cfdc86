"""The check-in's form, in every state that a person can find it in. Messages about check-ins are in `checkins`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain.checkins import (
    FEWEST,
    YES_OR_NO,
    AnsweredBy,
    CheckinForm,
    Earlier,
    FormQuestion,
    as_day,
    as_number,
    chosen_in,
    update_on,
)
from bot.domain.metrics import MetricStanding
from bot.domain.rights import THE_COORDINATORS
from bot.domain.typed import Known
from bot.domain.vocabularies import PickerSource, QuestionType
from bot.domain.wording import ASSESSMENT_MARKS, computed, figure, period, status
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import number_word
from bot.slack.blocks.checkins.checkins import said_line
from bot.slack.forms import Choice, Day, Field, Find, Number, Text, Ticks, fixed
from bot.slack.forms.filling import with_entered
from bot.slack.identifiers import Action, Entry, Search, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import AnswerOpened, encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, fitted, own, quote
from bot.slack.names import first_name, listed

CAME_TRUE = "came_true"
KEPT_ON_CLOSE = (
    "If you close this, it is kept for you, except words typed last. Press Enter in their field to keep those too."
)
PREVIEW = "A preview, with a priority for example: nothing is sent and nothing is kept."
NOT_KEPT_ON_CLOSE = "Nothing of this is kept when you close it before sending."
ANSWERED, SEND_AGAIN = "answered_meanwhile", "send_again"
MOST_MEANWHILE = 200  # characters of each answer that somebody else gave meanwhile
SEARCHES: Mapping[str, tuple[Search, str]] = {
    PickerSource.MEMBERS: (Search.ANSWER_MEMBER, "Type a name"),
    PickerSource.ORGANIZATIONS: (Search.ANSWER_ORGANIZATION, "Type an organization"),
    PickerSource.GROUPS: (Search.ANSWER_GROUP, "Type a group"),
    PickerSource.ORGANIZATIONS_AND_GROUPS: (Search.PROVIDER, "Organization or group"),
    PickerSource.PRIORITIES: (Search.ANSWER_PRIORITY, "Type a priority"),
    PickerSource.METRICS: (Search.ANSWER_METRIC, "Type a figure"),
    PickerSource.ACTIONS: (Search.ANSWER_ACTION, "Type an action or its id"),
}
"""What searches a question's source, and what stands in its field at first."""
_CAME_TRUE_ANSWERS = {"yes": "Yes", "in_part": "In part", "not_yet": "Not yet"}


def checkin_view(form: CheckinForm) -> View:
    """The form to fill in; once the round is over, what to do instead."""
    reader = Clock(form.zone, form.now)
    if form.is_anonymous and form.state == "answered":
        return took_part_view(form.title, reader, closes_at=form.closes_at, already=True)
    if form.state == "closed":
        return closed_view(
            form.title,
            reader,
            closed_at=form.closes_at,
            next_opens_at=form.next_opens_at,
            coordinator=form.coordinator,
            words_kept=False,
        )
    if form.state == "preview":
        blocks = [kit.context(PREVIEW), *_heads(form, reader)]
    elif form.state == "ahead" and form.next_opens_at is not None:
        opens = reader.token(form.next_opens_at, "The round opens ")
        blocks = [kit.context(f"{opens}. What you send now is kept for it and counts from then.")]
    else:
        blocks = _heads(form, reader)
    if form.kept_at is not None:
        blocks.append(kit.context(f"{reader.token(form.kept_at, 'What you wrote ')} is filled in. It isn't sent yet."))
    if not form.is_own or form.for_name is not None:
        blocks.append(kit.section(_standing(form, reader)))
    if form.whose_word is not None:
        blocks.append(kit.context(own(form.whose_word)))
    if form.earlier is not None and form.earlier.promise is not None:
        blocks.append(_came_true(form.came_true, keeps=_keeps(form)))
    blocks += [_question(question, form, reader) for question in form.questions]
    blocks.append(kit.context(KEPT_ON_CLOSE if _keeps(form) else NOT_KEPT_ON_CLOSE))
    return View(
        title=_title(form.title),
        callback_id=_submission(form),
        submit="Send",
        close="Close",
        metadata=encode(AnswerOpened(form.subject_id, form.answer)) if form.ahead is None else encode(form.ahead),
        blocks=tuple(blocks),
    )


def _submission(form: CheckinForm) -> Submission:
    if form.is_anonymous:
        return Submission.PULSE
    return Submission.CHECKIN if form.ahead is None else Submission.CHECKIN_AHEAD


def took_part_view(title: str, reader: Clock, *, closes_at: datetime, already: bool) -> View:
    """An anonymous answer is in, and is nobody's any more."""
    lines = ["You have taken part already, once for each round." if already else "*Thank you.* Your answer is in."]
    lines.append("Nobody can see that it is yours, so it can't be shown to you again or changed.")
    lines.append(f"What all said comes {reader.token(closes_at, 'after the round has closed, ')}.")
    later = "The message that asked you may still ask for some minutes: that you took part is noted apart, and later."
    notes = () if already else (kit.context(later),)
    return View(title=_title(title), close="Close", blocks=(kit.section("\n".join(lines)), *notes))


def _heads(form: CheckinForm, reader: Clock) -> list[Block]:
    """Who reads it; of an anonymous one what becomes of an answer, before anything is asked."""
    if not form.is_anonymous:
        return [kit.context(_readers(form, reader))]
    told = f"in {own(form.told_in)}" if form.told_in is not None else "to everybody who is asked"
    closes = (
        reader.token(form.closes_at, "When the round closes, ") if form.state != "preview" else "When the round closes"
    )
    return [
        kit.section(
            f"*Your name is not kept with your answer.* {closes}, all answers are counted question by question and "
            f"told {told}; everybody in the coalition may read that. Fewer than {number_word(FEWEST)} answers are "
            "deleted unread."
        ),
        kit.context(
            "Once sent it can't be changed: nobody can find it again. What you write is shown word for word, in mixed "
            "order, so leave out what would name you. Until the close, whoever runs the database could read answers "
            "without names, and could guess at their order."
        ),
    ]


def answered_view(
    view: Mapping[str, Any], reader: Clock, answer: AnsweredBy, *, for_name: str | None, metadata: str
) -> dict[str, Any]:
    """The form that was sent, with what somebody else answered meanwhile on top; what was entered stays in it."""
    by = f"{own(answer.by_name)} answered{f' for {own(for_name)}' if for_name else ''} meanwhile"
    said = [status(answer.assessment)] if answer.assessment else []
    said += [f"confidence {answer.confidence} of 10"] if answer.confidence is not None else []
    head = f"*{reader.token(answer.at, f'{by}, ')}{':' if said else '.'}*"
    lines = [f"{head} {', '.join(said)}." if said else head]
    lines += [quote(one) for one in (answer.moved, answer.blocker) if one]
    lines += [said_line(one, MOST_MEANWHILE) for one in answer.more]
    notice = kit.section(fitted(lines), block_id=ANSWERED)
    then = kit.context(
        "Nothing of yours is sent yet. Press Send to put it in that answer's place.", block_id=SEND_AGAIN
    )
    entered = (view.get("state") or {}).get("values") or {}
    form = [
        with_entered(block, entered) for block in view["blocks"] if block.get("block_id") not in {ANSWERED, SEND_AGAIN}
    ]
    kept = ("type", "title", "submit", "close", "callback_id", "notify_on_close")
    return {name: view[name] for name in kept if view.get(name) is not None} | {
        "private_metadata": metadata,
        "blocks": [notice, then, *form],
    }


def opening_view(title: str) -> View:
    """What is shown at once, while the rest is being read."""
    return View(title=_title(title), close="Close", blocks=(kit.context("Opening …"),))


def closed_view(
    title: str,
    reader: Clock,
    *,
    closed_at: datetime,
    next_opens_at: datetime | None,
    coordinator: str | None,
    words_kept: bool,
) -> View:
    """The round is over. `words_kept`: the person had written something, which waits for the next one."""
    words = f"This {reader.token(closed_at, 'round closed ')}."
    if words_kept:
        kept_for = f" for {reader.day_of(next_opens_at)}" if next_opens_at is not None else " for the next one"
        words += f" Your words are kept{kept_for}."
    elif next_opens_at is not None:
        words += f" {reader.token(next_opens_at, 'Your next update opens ')}."
    return View(title=_title(title), close="Close", blocks=(kit.section(words), *_help(coordinator)))


def kept_view(
    title: str, reader: Clock, *, priority_name: str, opens_at: datetime, for_name: str | None, is_own: bool = False
) -> View:
    """The answer waits for its round."""
    whose = f"{own(for_name)}'s" if for_name is not None else "Your"
    words = (
        f"*Kept.* {whose} {update_on(own(priority_name), is_own=is_own)} {reader.token(opens_at, 'counts from ')}. "
        "It can be changed until that round closes: type “answer”."
    )
    return View(title=_title(title), close="Close", blocks=(kit.section(words),))


def decision_asked_view(title: str, decision: str) -> View:
    """A stocktake is in, and what it asks to be decided is `decision`; "" where whoever answered may not propose it."""
    if not decision:
        words = (
            "*It's in.* Decisions are proposed by owners, steering and the coordinators; one of them can take it up."
        )
        return View(title=_title(title), close="Close", blocks=(kit.section(words),))
    words = f"*It's in.* The decision that you ask for is {own(decision)}, proposed to steering. Look at it there."
    button = kit.button("Open the decision", Action.OPEN_DECISION, value=decision, label=f"Open: {decision}")
    return View(title=_title(title), close="Close", blocks=(kit.section(words), kit.actions(button)))


def _help(coordinator: str | None) -> list[Block]:
    """Whom to write to where something can't wait."""
    if coordinator is None:
        return []
    button = kit.button(
        f"Write to {first_name(coordinator)}", Action.WRITE_TO_COORDINATORS, label=f"Write to {coordinator}"
    )
    return [kit.context(f"{own(coordinator)} can help before then."), kit.actions(button)]


def closed_text(reader: Clock, closed_at: datetime, next_opens_at: datetime | None, coordinator: str | None) -> str:
    """The same as one sentence in markup, for a button of an old message."""
    words = [f"This {reader.token(closed_at, 'round closed ')}."]
    if next_opens_at is not None:
        words.append(f"{reader.token(next_opens_at, 'Your next update opens ')}.")
    if coordinator is not None:
        words.append(f"{own(coordinator)} can help before then.")
    return " ".join(words)


def _title(title: str) -> str:
    return cut(title, limits.VIEW_TITLE)


def _readers(form: CheckinForm, reader: Clock) -> str:
    if not form.readers:
        return f"Read by {THE_COORDINATORS} only."
    if form.is_own:
        return f"Read by {own(listed(form.readers))}, and by {THE_COORDINATORS}."
    where = f" on {reader.day_of(form.digest_at)}" if form.digest_at is not None else ""
    if not form.sets_standing:
        where = " on the priority's card"
    return f"Read by {own(listed(form.readers))}{where}, and by the coordinators from now."


def _standing(form: CheckinForm, reader: Clock) -> str:
    lines = [bold(form.priority_name)]
    if form.for_name is not None:
        lines[0] += f", for {own(form.for_name)}"
    if form.headline is not None:
        lines.append(own(_numbers_say(form.headline, reader.today)))
    if form.earlier is not None and form.earlier.promise is not None:
        lines.append(f"{_who_said(form.earlier, reader)}: {quote(form.earlier.promise)}")
    return "\n".join(lines)


def _who_said(earlier: Earlier, reader: Clock) -> str:
    """ "Last week you said", "On Nov 3 Luis said for you"."""
    when = "Last week" if earlier.is_last_week else f"On {reader.day(earlier.on)}"
    whom = "you" if earlier.is_for_reader else own(first_name(earlier.for_name)) if earlier.for_name else None
    said = f"{when} {'you' if earlier.by is None else own(first_name(earlier.by))} said"
    return f"{said} for {whom}" if whom is not None else said


def _numbers_say(standing: MetricStanding, today: date) -> str:
    metric, latest = standing.metric, standing.latest
    if latest is None:
        return f"{metric.name}: no figure yet."
    if standing.value is None:
        return f"Numbers say {status(standing.status)}; the figure is withheld because few reported."
    covered = period(latest.period_start, latest.period_end, today)
    quality = ", provisional" if latest.quality == "provisional" else ""
    words = f"Numbers say {status(standing.status)}: {figure(standing.value, metric.unit)} ({covered}{quality})"
    if standing.expected is not None and metric.direction != "maintain":
        words += f", {computed(standing.expected, metric.unit)} expected"
    return f"{words}."


def _keeps(form: CheckinForm) -> bool:
    """Whether what stands in the form is kept at each choice and each Enter, so that closing it loses little: Slack
    tells nothing of what was typed when a form is closed, but all of it when something is chosen. Of an anonymous set
    nothing is kept by person."""
    return not form.is_anonymous and form.state != "preview"


def _came_true(said: str | None, *, keeps: bool) -> Block:
    action = Action.KEEP_WORDS if keeps else Entry.VALUE
    field: Field[object] = Choice(
        CAME_TRUE,
        "Did that come true?",
        _CAME_TRUE_ANSWERS,
        radio=True,
        shows=fixed(said or ""),
        optional=True,
        action=action,
        dispatch=keeps,
    )
    return field.block(None, None)


def _question(question: FormQuestion, form: CheckinForm, reader: Clock) -> Block:
    keeps = _keeps(form) and question.type != QuestionType.ITEM_PICKER
    field = replace(
        _field(question, form, reader),
        hint=_hint(question, form, reader),
        # Slack's client can't know a condition: whether this one is needed is checked when the form is sent.
        optional=not question.required,
        action=Action.KEEP_WORDS if keeps else Entry.VALUE,
        # The form says below who looks at an ask first, by who is asked.
        dispatch=keeps or (question.id == "ask_from" and form.state != "preview"),
    )
    return field.block(None, None)


def _label(question: FormQuestion, reader: Clock) -> str:
    label = question.label
    if question.outcome_name is None or question.outcome_due is None:
        return question.label_without_outcome or label
    if question.outcome_due < reader.today:
        # "How likely is this by Sep 30" can't be said in November.
        label = label.replace("by {due}", "now, due {due}")
    return label.replace("{due}", reader.day(question.outcome_due)).replace("{next_outcome}", question.outcome_name)


def _hint(question: FormQuestion, form: CheckinForm, reader: Clock) -> str | None:
    if question.id == "for_coordinator":
        names = [first_name(name) for name in form.private_readers]
        return f"{listed(names)} {'read' if len(names) > 1 else 'reads'} this." if names else None
    if question.waiting:
        first = question.waiting[0]
        whom = f" to {first.asked_name}" if first.asked_name else ""
        more = f", and {len(question.waiting) - 1} more" if len(question.waiting) > 1 else ""
        said = f"Your ask{whom} of {reader.day(first.asked_on)}{more} has no answer yet and stays in the digest."
        return f"{said} You can withdraw it in Home. Write here what is new."
    if question.id == "ask_from":
        return f"They hear of it when the round closes, {reader.words(form.closes_at)}."
    if question.required_if == "assessment != on_track":
        return "Needed when it is at risk or off track."
    return None


def _last_time(question: FormQuestion, earlier: Earlier | None, reader: Clock) -> str | None:
    """ "Last week: 5", "Nov 3: 6"."""
    if question.last is None or earlier is None:
        return None
    return f"{'Last week' if earlier.is_last_week else reader.day(earlier.on)}: {question.last}"


def _field(question: FormQuestion, form: CheckinForm, reader: Clock) -> Field[object]:
    """The field of a question's kind, filled in."""
    name, label, initial = question.id, _label(question, reader), question.initial
    match question.type:
        case QuestionType.CHOICE:
            return Choice(name, label, _offered(question), radio=True, shows=fixed(initial or ""))
        case QuestionType.CHOICES:
            many = len(question.options) > limits.FEW_OPTIONS
            chosen = chosen_in(initial or "")
            return Ticks(
                name, label, _offered(question), shows=fixed(chosen), placeholder="Choose any" if many else None
            )
        case QuestionType.YES_NO:
            return Choice(name, label, YES_OR_NO, radio=True, shows=fixed(initial or ""))
        case QuestionType.SCALE:
            numbers = range(question.min or 0, (question.max if question.max is not None else 10) + 1)
            scale = {str(number): str(number) for number in numbers}
            last = _last_time(question, form.earlier, reader) or "Choose a number"
            return Choice(name, label, scale, shows=fixed(initial or ""), placeholder=last)
        case QuestionType.ITEM_PICKER:
            picked = Known(initial, question.initial_name or initial) if initial is not None else None
            search, typed = SEARCHES.get(question.source or "", SEARCHES[PickerSource.ORGANIZATIONS_AND_GROUPS])
            return Find(name, label, search, shows=fixed(picked), placeholder=typed)
        case QuestionType.NUMBER:
            return Number(name, label, shows=fixed(initial if as_number(initial or "") is not None else None))
        case QuestionType.DATE:
            return Day(name, label, shows=fixed(as_day(initial or "")))
    most = min(question.max_length or limits.INPUT_LENGTH, limits.INPUT_LENGTH)
    placeholder = "One or two sentences" if question.id == "moved" else None
    return Text(name, label, most, multiline=True, placeholder=placeholder, shows=fixed(initial))


def _offered(question: FormQuestion) -> dict[str, str]:
    return {value: _option_words(value) for value in question.options}


def _option_words(value: str) -> str:
    words = status(value)
    words = words[:1].upper() + words[1:]
    mark = ASSESSMENT_MARKS.get(value)
    return f"{mark} {words}" if mark else words
