"""The forms of decisions: a new one, an answer, what was decided, putting off or taking back, and asking again."""

from __future__ import annotations

from collections.abc import Sequence
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
from bot.slack.forms import PRIORITY, Choice, Day, Form, Keeps, Text, about_whole, by, named_options
from bot.slack.identifiers import Submission
from bot.slack.message import Block, View
from bot.slack.metadata import DecisionDayOpened, NewDecisionOpened, encode
from bot.slack.mrkdwn import bold, own

OTHER_WORDS = "*"
OWN_AUTHORITY, DELEGATED = "own", "delegated"
MOST_OPTIONS_TEXT = 400


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
    Text("title", "What is to be decided?", MOST_TITLE),
    Choice("decider", "Who decides?", lambda form: named_options(form.deciders)),
    Day("needed_by", "Needed by", hint=lambda form: _meets(form.next_meeting, form.today), optional=True),
    PRIORITY,
    Text("options", "Options, one a line", MOST_OPTIONS_TEXT, multiline=True,
        shows=lambda form: "\n".join(form.options) or "Agree\nKeep things as they are",
        hint="Two to five. Abstain, Object and Talk first are always there."),
    Text("why", "Why now?", MOST_WHY, multiline=True, optional=True),
    Text("recommended", "What do you recommend?", MOST_TITLE,
        hint="One of the options, as written above. Only those who decide see it, where they answer.", optional=True),
    keeps=Keeps(by(NewDecisionOpened, "issue"), is_new=True),
)  # fmt: skip
BALLOT_FORM: Form[Ballot, BallotAnswer] = Form(
    BallotAnswer, Submission.BALLOT, "Answer a decision", "Send",
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
    keeps=Keeps(about_whole, belongs_to="voice"),
)  # fmt: skip
RECORD_FORM: Form[DecisionCard, Recorded] = Form(
    Recorded, Submission.RECORD_DECISION, "Record a decision", "Record",
    Choice("outcome", "What was decided?", lambda card: _outcomes(card), shows=lambda card: _result(card)),
    Text("outcome_words", "In other words", MOST_OUTCOME, optional=True),
    Text("note", "Where was it decided?", MOST_NOTE,
        hint="Needed where the answers come to something else: “from Lorna Pruitt's e-mail of Dec 9”.",
        optional=True),
    Choice("authority", "On whose authority?", {OWN_AUTHORITY: "The group's own", DELEGATED: "Delegated by steering"},
        otherwise=0, when=lambda card: card.is_working_group),
    values=lambda _card: None,
    keeps=Keeps(about_whole),
)  # fmt: skip
ASIDE_FORM: Form[DecisionCard, Aside] = Form(
    Aside, Submission.SET_ASIDE, "Put off or take back", "Save",
    Choice("status", "What happens to it?", lambda card: _ways_aside(card), radio=True,
        shows=lambda card: "withdrawn" if card.has_passed else None, otherwise=0),
    Text("reason", "Why?", MOST_NOTE, multiline=True),
    values=lambda _card: None,
    keeps=Keeps(about_whole),
)  # fmt: skip
REOPEN_FORM: Form[DecisionCard, NeededBy] = Form(
    NeededBy, Submission.REOPEN_DECISION, "Ask again", "Ask again",
    Day("needed_by", "Needed by",
        shows=lambda card: card.needed_by if card.needed_by is not None and card.needed_by >= card.today else None,
        optional=True),
)  # fmt: skip
DATE_FORM: Form[DecisionCard, NeededBy] = Form(
    NeededBy, Submission.DECISION_DATE, "New date", "Save",
    Day("needed_by", "Needed by", shows=lambda card: None if card.has_passed else card.needed_by,
        hint=lambda card: _meets(card.next_meeting, card.today)),
)  # fmt: skip


def decision_form_view(form: DecisionForm, issue: str | None = None) -> View:
    """The form of a new decision, filled in as far as it is known."""
    return NEW_DECISION_FORM.view(
        form,
        kit.context("Posted in the channel of the group that decides. Read by it and the coordinators."),
        *(kit.section(own(words)) for words in form.problems),
        metadata=encode(NewDecisionOpened(form.token, issue)),
    )


def ballot_view(card: DecisionCard, chosen: str | None = None, voice: str | None = None) -> View:
    """An answer for a voice of the reader's own, or for one that told a coordinator.

    `chosen` is preselected: an option's number, abstain, object, talk. `voice` is the one that answers; without it the
    first of the reader's own that has not answered, or the first where a choice has been made already.
    """
    line = _answering(card, chosen, voice)
    ballot = Ballot(card=card, line=line, picked=chosen or (_given(card, line) if line is not None else None))
    blocks: list[Block] = [kit.context(readers_line(card)), kit.section(_title_lines(card))]
    recommended = card.recommended or card.recommended_to_deciders
    if recommended:
        blocks.append(kit.section(f"*Recommended:* {own(recommended)}"))
    said = own_lines(card)
    if said:
        blocks.append(kit.context("\n".join(said)))
    elif not ballot.asks_for_whom:
        one = ballot.voices[0]
        behalf = f", for {own(one.on_behalf_of_name)}" if one.on_behalf_of_name else ""
        blocks.append(kit.context(f"You answer for {own(one.voice_name)}{behalf}."))
    return BALLOT_FORM.view(ballot, *blocks, metadata=card.id)


def ballot_options(card: DecisionCard) -> list[tuple[str, str]]:
    """What can be answered: its words and its value, an option's number first."""
    numbered = [(option, str(number)) for number, option in enumerate(card.options)]
    return [*numbered, ("Abstain", ABSTAIN), ("Object", OBJECT), ("Talk first", TALK)]


def record_view(card: DecisionCard) -> View:
    """What was decided, with what the answers come to."""
    blocks: list[Block] = [
        kit.context("Posted in the group's channel, and in the next digest."),
        kit.section(_title_lines(card)),
        kit.section(f"{count_line(card)}. {result_line(card)}"),
    ]
    said = voice_lines(card.voices)
    if said:
        blocks.append(kit.section(said))
    if card.changes_something and card.options:
        blocks.append(kit.context(f"“{own(card.options[0])}” makes the change at once."))
    return RECORD_FORM.view(card, *blocks, metadata=card.id)


def aside_view(card: DecisionCard) -> View:
    """Putting a decision off or taking it back, with the reason."""
    first, title = kit.context("Read by everyone who reads the decision."), kit.section(_title_lines(card))
    return ASIDE_FORM.view(card, first, title, metadata=card.id)


def reopen_view(card: DecisionCard) -> View:
    """Asking again, with a new day where the old one has passed."""
    first = kit.context("The post shows its buttons again; answers that are there stay.")
    return REOPEN_FORM.view(card, first, kit.section(_title_lines(card)), metadata=card.id)


def date_view(card: DecisionCard) -> View:
    """Another day for a decision that waits."""
    first = kit.context("Those without an answer are reminded two days before, and on the day.")
    about = kit.section(f"{_title_lines(card)}\n{count_line(card)}")
    return DATE_FORM.view(card, first, about, metadata=encode(DecisionDayOpened(card.id, card.needed_by)))


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
