"""The forms of decisions: a new one, an answer, what was decided, putting off or taking back, and asking again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.decisions import (
    ABSTAIN,
    MOST_NOTE,
    MOST_OUTCOME,
    MOST_REASON,
    MOST_TITLE,
    MOST_WHY,
    OBJECT,
    OPTION,
    TALK,
    DecisionCard,
    DecisionForm,
    NewDecision,
    VoiceLine,
)
from bot.domain.vocabularies import DecisionStatus
from bot.domain.wording import near_day
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.decisions.words import about_line, count_line, own_lines, readers_line, result_line, voice_lines
from bot.slack.forms import (
    PRIORITY,
    VISIBILITY,
    Choice,
    Day,
    Form,
    Keeps,
    Text,
    about,
    about_whole,
    by,
    each,
    named_options,
    note,
)
from bot.slack.identifiers import Submission
from bot.slack.message import Block, View
from bot.slack.metadata import DecisionDayOpened, NewDecisionOpened
from bot.slack.mrkdwn import bold, own
from bot.slack.names import listed

OTHER_WORDS = "*"
OWN_AUTHORITY, DELEGATED = "own", "delegated"
MOST_OPTIONS_TEXT = 400
_FOR_DECIDERS = "One of the options, as written above. Only those who decide see it, where they answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What the form of an answer is opened with: whose answer it is, and what is chosen."""

    card: DecisionCard
    line: VoiceLine | None
    picked: str | None

    @property
    def voices(self) -> Sequence[VoiceLine]:
        return (*self.card.own, *self.card.others)

    @property
    def asks_for_whom(self) -> bool:
        return len(self.voices) > 1 or bool(self.card.others)

    @property
    def recommended(self) -> str | None:
        return self.card.recommended or self.card.recommended_to_deciders


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotAnswer:
    """What is answered, and for whom."""

    voice: str | None
    choice: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was decided: the number of an option, or other words."""

    outcome: str
    outcome_words: str
    note: str
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Putting off or taking back, and why."""

    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeededBy:
    """By when it is needed."""

    needed_by: date | None


NEW_DECISION_FORM: Form[DecisionForm, NewDecision] = Form(
    NewDecision, Submission.NEW_DECISION, "Propose a decision", "Propose",
    note("Posted in the channel of the group that decides; where only some may see it and others read along there, "
         "each member is asked instead. Read by that group and the coordinators."),
    each(lambda form: form.problems),
    Text("title", "What is to be decided?", MOST_TITLE),
    Choice("decider", "Who decides?", lambda form: named_options(form.deciders)),
    Day("needed_by", "Needed by", hint=lambda form: _meets(form.next_meeting, form.today), optional=True),
    PRIORITY,
    Text("options", "Options, one a line", MOST_OPTIONS_TEXT, multiline=True,
        shows=lambda form: "\n".join(form.options) or "Agree\nKeep things as they are",
        hint="Two to five. Abstain, Object and Talk first are always there."),
    Text("why", "Why now?", MOST_WHY, multiline=True, optional=True),
    Text("recommended", "What do you recommend?", MOST_TITLE,
        hint=_FOR_DECIDERS, optional=True),
    VISIBILITY,
    carries=lambda form: NewDecisionOpened(form.token, form.issue),
    keeps=Keeps(by(NewDecisionOpened, "issue"), is_new=True),
)  # fmt: skip
BALLOT_FORM: Form[Ballot, BallotAnswer] = Form(
    BallotAnswer, Submission.BALLOT, "Answer a decision", "Send",
    note(lambda ballot: readers_line(ballot.card)),
    about(lambda ballot: _title_lines(ballot.card)),
    about(lambda ballot: f"*Recommended:* {own(ballot.recommended)}" if ballot.recommended else ""),
    lambda ballot: _said(ballot),
    Choice(
        "voice",
        "For",
        lambda ballot: [kit.option(one.voice_name, one.voice) for one in ballot.voices],
        # Nobody's answer is written down for somebody by leaving a menu as it was.
        shows=lambda ballot: ballot.line and ballot.line.voice,
        when=lambda ballot: ballot.asks_for_whom,
        hint=lambda ballot: "It is kept as theirs, by you, and they can change it." if ballot.card.others else None,
    ),
    Choice("choice", "Your answer",
        lambda ballot: [kit.option(text, value) for text, value in ballot_options(ballot.card)], radio=True,
        shows=lambda ballot: ballot.picked),
    Text("reason", "One sentence", MOST_REASON, multiline=True,
        hint="Needed with Object: what stands against it? With Talk first you may say about what.", optional=True),
    values=lambda ballot: ballot.line,
    carries=lambda ballot: ballot.card.id,
    keeps=Keeps(about_whole, belongs_to="voice"),
)  # fmt: skip
RECORD_FORM: Form[DecisionCard, Recorded] = Form(
    Recorded, Submission.RECORD_DECISION, "Record a decision", "Record",
    note(lambda card: _where_recorded(card)),
    about(lambda card: _title_lines(card)),
    about(lambda card: f"{count_line(card)}. {result_line(card)}"),
    about(lambda card: voice_lines(card.voices)),
    lambda card: _makes_the_change(card),
    Choice("outcome", "What was decided?", lambda card: _outcomes(card), shows=lambda card: _result(card)),
    Text("outcome_words", "In other words", MOST_OUTCOME, optional=True),
    Text("note", "Where was it decided?", MOST_NOTE,
        hint="Needed where the answers come to something else: “from Lorna Pruitt's e-mail of Dec 9”.",
        optional=True),
    Choice("authority", "On whose authority?", {OWN_AUTHORITY: "The group's own", DELEGATED: "Delegated by steering"},
        otherwise=0, when=lambda card: card.is_working_group),
    values=lambda _card: None,
    carries=lambda card: card.id,
    keeps=Keeps(about_whole),
)  # fmt: skip
ASIDE_FORM: Form[DecisionCard, Aside] = Form(
    Aside, Submission.SET_ASIDE, "Put off or take back", "Save",
    note("Read by everyone who reads the decision."),
    about(lambda card: _title_lines(card)),
    Choice("status", "What happens to it?", lambda card: _ways_aside(card), radio=True,
        shows=lambda card: "withdrawn" if card.has_passed else None, otherwise=0),
    Text("reason", "Why?", MOST_NOTE, multiline=True),
    values=lambda _card: None,
    carries=lambda card: card.id,
    keeps=Keeps(about_whole),
)  # fmt: skip
REOPEN_FORM: Form[DecisionCard, NeededBy] = Form(
    NeededBy, Submission.REOPEN_DECISION, "Ask again", "Ask again",
    note("The post shows its buttons again; answers that are there stay."),
    about(lambda card: _title_lines(card)),
    Day("needed_by", "Needed by",
        shows=lambda card: card.needed_by if card.needed_by is not None and card.needed_by >= card.today else None,
        optional=True),
    carries=lambda card: card.id,
)  # fmt: skip
DATE_FORM: Form[DecisionCard, NeededBy] = Form(
    NeededBy, Submission.DECISION_DATE, "New date", "Save",
    note("Those without an answer are reminded two days before, and on the day."),
    about(lambda card: f"{_title_lines(card)}\n{count_line(card)}"),
    Day("needed_by", "Needed by", shows=lambda card: None if card.has_passed else card.needed_by,
        hint=lambda card: _meets(card.next_meeting, card.today)),
    carries=lambda card: DecisionDayOpened(card.id, card.needed_by),
)  # fmt: skip


def ballot_view(card: DecisionCard, chosen: str | None = None, voice: str | None = None) -> View:
    """An answer for a voice of the reader's own, or for one that told a coordinator.

    `chosen` is preselected: an option's number, abstain, object, talk. `voice` is the one that answers; without it the
    first of the reader's own that has not answered, or the first where a choice has been made already.
    """
    line = _answering(card, chosen, voice)
    picked = chosen or (_given(card, line) if line is not None else None)
    return BALLOT_FORM.view(Ballot(card=card, line=line, picked=picked))


def _where_recorded(card: DecisionCard) -> str:
    """Where it is told how it was decided."""
    if card.kept_to:
        return f"Told to {own(listed(card.kept_to))}. It stays out of the digest."
    return "Posted in the group's channel, and in the next digest."


def _said(ballot: Ballot) -> Iterator[Block]:
    """What is recorded for the reader's voices, or for whom they answer where that is one only."""
    said = own_lines(ballot.card)
    if said:
        yield kit.context("\n".join(said))
    elif not ballot.asks_for_whom:
        one = ballot.voices[0]
        behalf = f", for {own(one.on_behalf_of_name)}" if one.on_behalf_of_name else ""
        yield kit.context(f"You answer for {own(one.voice_name)}{behalf}.")


def _makes_the_change(card: DecisionCard) -> Iterator[Block]:
    if card.changes_something and card.options:
        yield kit.context(f"“{own(card.options[0])}” makes the change at once.")


def ballot_options(card: DecisionCard) -> list[tuple[str, str]]:
    """What can be answered: its words and its value, an option's number first."""
    numbered = [(option, str(number)) for number, option in enumerate(card.options)]
    return [*numbered, ("Abstain", ABSTAIN), ("Object", OBJECT), ("Talk first", TALK)]


def _meets(on: date | None, today: date) -> str | None:
    return f"The group's next meeting: {near_day(on, today)}." if on is not None else None


def _outcomes(card: DecisionCard) -> list[kit.Element]:
    options = [kit.option(text, str(number)) for number, text in enumerate(card.options[: limits.OPTIONS - 1])]
    return [*options, kit.option("In other words, below", OTHER_WORDS)]


def _result(card: DecisionCard) -> str | None:
    """The number of the option that the answers come to."""
    return str(card.options.index(card.count.result)) if card.count.result in card.options else None


def _ways_aside(card: DecisionCard) -> list[kit.Element]:
    put_off = kit.option("Put it off", "deferred", description="It can be asked again later.")
    take_back = kit.option("Take it back", "withdrawn", description="Nobody is asked anymore.")
    return [take_back] if card.status == DecisionStatus.DEFERRED else [put_off, take_back]


def _answering(card: DecisionCard, chosen: str | None, voice: str | None) -> VoiceLine | None:
    """The voice that the form opens for; None where a coordinator has to say whose answer it is."""
    if voice is not None:
        return next((one for one in (*card.own, *card.others) if one.voice == voice), None)
    missing = next((one for one in card.own if one.choice is None), None)
    first = card.own[0] if card.own else None
    return first if chosen is not None else missing or first


def _given(card: DecisionCard, line: VoiceLine) -> str | None:
    """The value of what a voice has said so far."""
    if line.choice == OPTION:
        return str(card.options.index(line.option)) if line.option in card.options else None
    return line.choice


def _title_lines(card: DecisionCard) -> str:
    title = f"Decision {card.id}: {card.title}" if card.title else f"Decision {card.id}"
    lines = [bold(title[: MOST_TITLE + 20]), about_line(card)]
    if card.why:
        lines.append(f"*Why:* {own(card.why)}")
    return "\n".join(lines)
