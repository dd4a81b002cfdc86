"""The forms of decisions: a new one, an answer, what was decided, putting off or taking back, and asking again."""

from __future__ import annotations

from bot.domain.decisions import ABSTAIN, OBJECT, OPTION, TALK, DecisionCard, DecisionForm, VoiceLine
from bot.domain.typed import Known
from bot.domain.wording import near_day
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.decisions.words import about_line, count_line, own_lines, readers_line, result_line, voice_lines
from bot.slack.forms import keeping
from bot.slack.identifiers import Entry, Submission
from bot.slack.message import Block, View
from bot.slack.metadata import DecisionDayOpened, NewDecisionOpened, encode, encode_question
from bot.slack.mrkdwn import bold, own

NEW_TITLE = "Propose a decision"
BALLOT_TITLE = "Answer a decision"
RECORD_TITLE = "Record a decision"
ASIDE_TITLE = "Put off or take back"
REOPEN_TITLE = "Ask again"
DATE_TITLE = "New date"
WHOLE_COALITION = "*"
OTHER_WORDS = "*"
OWN_AUTHORITY, DELEGATED = "own", "delegated"
MOST_TITLE = 150
MOST_OPTIONS_TEXT = 400
MOST_WHY = 300
MOST_REASON = 300
MOST_NOTE = 200
MOST_OUTCOME = 150


@keeping
def decision_form_view(form: DecisionForm, issue: str | None = None) -> View:
    """The form of a new decision, filled in as far as it is known."""
    return View(
        title=NEW_TITLE,
        callback_id=Submission.NEW_DECISION,
        submit="Propose",
        close="Close",
        metadata=encode(NewDecisionOpened(form.token, issue)),
        blocks=(
            kit.context("Posted in the channel of the group that decides. Read by it and the coordinators."),
            *(kit.section(own(words)) for words in form.problems),
            _text("title", "What is to be decided?", form.title, MOST_TITLE),
            kit.input_block("Who decides?", _chosen_of(form.deciders, form.decider), encode_question("decider")),
            kit.input_block(
                "Needed by",
                kit.datepicker(Entry.VALUE, initial=form.needed_by),
                encode_question("needed_by"),
                hint=f"The group's next meeting: {near_day(form.next_meeting, form.today)}."
                if form.next_meeting is not None
                else None,
                optional=True,
            ),
            kit.input_block("Priority", _priorities(form), encode_question("priority")),
            _text(
                "options",
                "Options, one a line",
                "\n".join(form.options) or "Agree\nKeep things as they are",
                MOST_OPTIONS_TEXT,
                multiline=True,
                hint="Two to five. Abstain, Object and Talk first are always there.",
            ),
            _text("why", "Why now?", form.why, MOST_WHY, multiline=True, optional=True),
            _text(
                "recommended",
                "What do you recommend?",
                "",
                MOST_TITLE,
                optional=True,
                hint="One of the options, as written above. Only those who decide see it, where they answer.",
            ),
        ),
    )


@keeping
def ballot_view(card: DecisionCard, chosen: str | None = None, voice: str | None = None) -> View:
    """An answer for a voice of the reader's own, or for one that told a coordinator.

    `chosen` is preselected: an option's number, abstain, object, talk. `voice` is the one that answers; without it the
    first of the reader's own that has not answered, or the first where a choice has been made already.
    """
    voices = (*card.own, *card.others)
    line = _answering(card, chosen, voice)
    options = [kit.option(text, value) for text, value in ballot_options(card)]
    picked = chosen or (_given(card, line) if line is not None else None)
    initial = next((one for one in options if one["value"] == picked), None)
    choice: kit.Element
    if len(options) > limits.FEW_OPTIONS:
        choice = kit.static_select(Entry.VALUE, options[: limits.OPTIONS], initial=initial)
    else:
        choice = kit.radio_buttons(Entry.VALUE, options, initial=initial)
    blocks: list[Block] = [kit.context(readers_line(card)), kit.section(_title_lines(card))]
    recommended = card.recommended or card.recommended_to_deciders
    if recommended:
        blocks.append(kit.section(f"*Recommended:* {own(recommended)}"))
    said = own_lines(card)
    if said:
        blocks.append(kit.context("\n".join(said)))
    if len(voices) > 1 or card.others:
        named = [kit.option(one.voice_name, one.voice) for one in voices[: limits.OPTIONS]]
        # Nobody's answer is written down for somebody by leaving a menu as it was.
        preset = next((one for one in named if line is not None and one["value"] == line.voice), None)
        blocks.append(
            kit.input_block(
                "For",
                kit.static_select(Entry.VALUE, named, initial=preset),
                encode_question("voice"),
                hint="It is kept as theirs, by you, and they can change it." if card.others else None,
            )
        )
    elif not said:
        behalf = f", for {own(voices[0].on_behalf_of_name)}" if voices[0].on_behalf_of_name else ""
        blocks.append(kit.context(f"You answer for {own(voices[0].voice_name)}{behalf}."))
    blocks += [
        kit.input_block("Your answer", choice, encode_question("choice")),
        _text(
            "reason",
            "One sentence",
            (line.reason or "") if line is not None else "",
            MOST_REASON,
            multiline=True,
            optional=True,
            hint="Needed with Object: what stands against it? With Talk first you may say about what.",
        ),
    ]
    return View(
        title=BALLOT_TITLE,
        callback_id=Submission.BALLOT,
        submit="Send",
        close="Close",
        metadata=card.id,
        blocks=tuple(blocks),
    )


def ballot_options(card: DecisionCard) -> list[tuple[str, str]]:
    """What can be answered: its words and its value, an option's number first."""
    numbered = [(option, str(number)) for number, option in enumerate(card.options)]
    return [*numbered, ("Abstain", ABSTAIN), ("Object", OBJECT), ("Talk first", TALK)]


@keeping
def record_view(card: DecisionCard) -> View:
    """What was decided, with what the answers come to."""
    options = [kit.option(text, str(number)) for number, text in enumerate(card.options[: limits.OPTIONS - 1])]
    options.append(kit.option("In other words, below", OTHER_WORDS))
    result = card.count.result
    initial = options[card.options.index(result)] if result in card.options[: limits.OPTIONS - 1] else None
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
    blocks += [
        kit.input_block(
            "What was decided?", kit.static_select(Entry.VALUE, options, initial=initial), encode_question("outcome")
        ),
        _text("outcome_words", "In other words", "", MOST_OUTCOME, optional=True),
        _text(
            "note",
            "Where was it decided?",
            "",
            MOST_NOTE,
            optional=True,
            hint="Needed where the answers come to something else: “from Lorna Pruitt's e-mail of Dec 9”.",
        ),
    ]
    if card.is_working_group:
        authority = [
            kit.option("The group's own", OWN_AUTHORITY),
            kit.option("Delegated by steering", DELEGATED),
        ]
        element = kit.static_select(Entry.VALUE, authority, initial=authority[0])
        blocks.append(kit.input_block("On whose authority?", element, encode_question("authority")))
    return View(
        title=RECORD_TITLE,
        callback_id=Submission.RECORD_DECISION,
        submit="Record",
        close="Close",
        metadata=card.id,
        blocks=tuple(blocks),
    )


@keeping
def aside_view(card: DecisionCard) -> View:
    """Putting a decision off or taking it back, with the reason."""
    put_off = kit.option("Put it off", "deferred", description="It can be asked again later.")
    take_back = kit.option("Take it back", "withdrawn", description="Nobody is asked anymore.")
    options = [take_back] if card.status == "deferred" else [put_off, take_back]
    return View(
        title=ASIDE_TITLE,
        callback_id=Submission.SET_ASIDE,
        submit="Save",
        close="Close",
        metadata=card.id,
        blocks=(
            kit.context("Read by everyone who reads the decision."),
            kit.section(_title_lines(card)),
            kit.input_block(
                "What happens to it?",
                kit.radio_buttons(Entry.VALUE, options, initial=options[-1] if card.has_passed else options[0]),
                encode_question("status"),
            ),
            _text("reason", "Why?", "", MOST_NOTE, multiline=True),
        ),
    )


def reopen_view(card: DecisionCard) -> View:
    """Asking again, with a new day where the old one has passed."""
    day = card.needed_by if card.needed_by is not None and card.needed_by >= card.today else None
    return View(
        title=REOPEN_TITLE,
        callback_id=Submission.REOPEN_DECISION,
        submit="Ask again",
        close="Close",
        metadata=card.id,
        blocks=(
            kit.context("The post shows its buttons again; answers that are there stay."),
            kit.section(_title_lines(card)),
            kit.input_block(
                "Needed by", kit.datepicker(Entry.VALUE, initial=day), encode_question("needed_by"), optional=True
            ),
        ),
    )


def date_view(card: DecisionCard) -> View:
    """Another day for a decision that waits."""
    day = card.needed_by if card.needed_by is not None and not card.has_passed else None
    return View(
        title=DATE_TITLE,
        callback_id=Submission.DECISION_DATE,
        submit="Save",
        close="Close",
        metadata=encode(DecisionDayOpened(card.id, card.needed_by)),
        blocks=(
            kit.context("Those without an answer are reminded two days before, and on the day."),
            kit.section(f"{_title_lines(card)}\n{count_line(card)}"),
            kit.input_block(
                "Needed by",
                kit.datepicker(Entry.VALUE, initial=day),
                encode_question("needed_by"),
                hint=f"The group's next meeting: {near_day(card.next_meeting, card.today)}."
                if card.next_meeting is not None
                else None,
            ),
        ),
    )


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


def _text(
    question: str,
    label: str,
    initial: str,
    most: int,
    *,
    multiline: bool = False,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    element = kit.plain_text_input(Entry.VALUE, max_length=most, initial=initial[:most], multiline=multiline)
    return kit.input_block(label, element, encode_question(question), optional=optional, hint=hint)


def _chosen_of(known: tuple[Known, ...], chosen: str) -> kit.Element:
    options = [kit.option(one.name, one.id) for one in known[: limits.OPTIONS]]
    initial = next((one for one in options if one["value"] == chosen), None)
    return kit.static_select(Entry.VALUE, options, initial=initial)


def _priorities(form: DecisionForm) -> kit.Element:
    options = [kit.option(one.name, one.id) for one in form.priorities[: limits.OPTIONS - 1]]
    options.append(kit.option("The whole coalition", WHOLE_COALITION))
    chosen = next((one for one in options if one["value"] == form.priority), options[-1])
    return kit.static_select(Entry.VALUE, options, initial=chosen)
