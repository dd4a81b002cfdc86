"""Sentences about decisions: the group's rule, the count, an answer, and how a decision ended. No layout here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.decisions import ABSTAIN, OBJECT, OPTION, DecisionCard, VoiceLine
from bot.domain.wording import cut, day, near_day, needed_by, plural, with_article
from bot.slack.mrkdwn import bold, own, quote
from bot.slack.names import listed, listed_some

_MOST_TITLE = 150
_MOST_LINES = 2000  # characters of who said what
_MOST_MISSING = 8
_MOST_OWN = 4
_PREPOSITIONS = ("from ", "at ", "in ", "by ", "after ", "on ", "during ")


def about_line(card: DecisionCard) -> str:
    """What it is about, who brought it up, and by when it is needed."""
    parts = [own(card.priority_name or "The whole coalition")]
    if card.proposed_by:
        parts.append(f"proposed by {own(card.proposed_by)}")
    parts.append(needed_by(card.needed_by, card.today, "needed by"))
    return " · ".join(parts)


def rule_line(card: DecisionCard) -> str:
    """How the group decides, how many are needed, and when it meets next."""
    sentences = [_rule(card)]
    if card.count.rule != "chair":
        sentences.append(f"{card.count.needed} of {_voices(card)} needed, one voice each.")
    if card.changes_something and card.options:
        sentences.append(f"“{own(card.options[0])}” makes the change.")
    if card.next_meeting is not None:
        meets = f"The next meeting is {near_day(card.next_meeting, card.today)}"
        is_later = card.needed_by is not None and card.next_meeting > card.needed_by
        sentences.append(f"{meets}, so answers are collected here." if is_later else f"{meets}.")
    return " ".join(sentences)


def count_line(card: DecisionCard) -> str:
    """How many have answered; who they are stands on the card of those who may see it."""
    have = "has" if 1 in (card.count.voices, card.count.answered) else "have"
    parts = [f"{card.count.answered} of {_voices(card)} {have} answered"]
    if card.count.objections:
        parts.append(f"{plural(card.count.objections, 'objection')}")
    if card.count.talks:
        parts.append(f"{card.count.talks} would talk first")
    return " · ".join(parts)


def tally_line(card: DecisionCard) -> str:
    """What the answers came to: "6 of 7 organizations answered: 5 for, 1 abstained."."""
    count = card.count
    if not count.answered:
        return f"0 of {_voices(card)} answered."
    parts = [f"{count.votes(card.outcome)} for"] if count.votes(card.outcome) else []
    parts += [f"{votes} for “{own(option)}”" for option, votes in count.tally if votes and option != card.outcome]
    parts += [f"{count.abstained} abstained"] if count.abstained else []
    parts += [f"{count.objections} objected"] if count.objections else []
    said = f": {', '.join(parts)}" if parts and card.title else ""
    return f"{count.answered} of {_voices(card)} answered{said}."


def result_line(card: DecisionCard) -> str:
    """What the group's rule makes of the answers so far."""
    count = card.count
    if count.result is not None:
        return f"The answers come to *{own(count.result)}*."
    missing = max(count.needed - count.answered, 0)
    because = {
        "quorum": f"{plural(missing, 'more answer is', 'more answers are')} needed",
        "nobody": "everyone who answered abstained",
        "objection": "an objection stands",
        "split": "the answers differ",
        "talk": "somebody would talk first",
        "short": "no option has enough",
        "chair": "the chair has not chosen an option",
    }
    return f"The answers don't decide it: {because[count.why]}."


def answer_words(line: VoiceLine) -> str:
    """What a voice says."""
    if line.choice == OPTION:
        return own(line.option or "")
    return {ABSTAIN: "abstains", OBJECT: "objects", None: "not answered yet"}.get(line.choice, "talk first")


def own_lines(card: DecisionCard, most: int = _MOST_OWN) -> list[str]:
    """What is recorded for the reader's voices, why they are asked once more where one of several has answered, and
    for whom they are asked at all where no voice is their own."""
    given = [one for one in card.own if one.choice is not None]
    lines = [f"Recorded for {own(one.voice_name)}: {answer_words(one)}{said_by(one)}." for one in given]
    only_stands_in = all(one.on_behalf_of_name for one in card.own)
    for one in card.own if card.is_needed and (given or only_stands_in) else ():
        if one.choice is None:
            why = f"you stand in for {own(one.on_behalf_of_name)}" if one.on_behalf_of_name else "it is your own"
            lines.append(f"You are asked{' once more' if given else ''} for {own(one.voice_name)}: {why}.")
    # Hardly anybody has more than two voices; a list of many decisions has to fit all the same.
    left = f"{most} of {len(lines)} · the rest is on its card"
    return lines if len(lines) <= most else [*lines[:most], left]


def said_by(line: VoiceLine) -> str:
    """Who said it: ", by Marcus Teal for Lorna Pruitt"; nothing where each person has a voice of their own."""
    if line.by_name is None or (line.is_own and not line.on_behalf_of_name):
        return ""
    behalf = f" for {own(line.on_behalf_of_name)}" if line.on_behalf_of_name else ""
    return f", by {own(line.by_name)}{behalf}"


def voice_lines(voices: Sequence[VoiceLine]) -> str:
    """Who said what and who has not answered yet, a line each, as many as one section holds."""
    given = [one for one in voices if one.choice is not None]
    lines: list[str] = []
    for one in given:
        because = f". {quote(one.reason)}" if one.reason else ""
        line = f"• {own(one.voice_name)}: {answer_words(one)}{said_by(one)}{because}"
        if sum(map(len, lines)) + len(lines) + len(line) > _MOST_LINES:
            lines.append(f"{len(lines)} of {len(given)}")
            return "\n".join(lines)
        lines.append(line)
    missing = [own(one.voice_name) for one in voices if one.choice is None]
    if given and missing:
        lines.append(f"Not answered yet: {listed_some(missing, _MOST_MISSING)}")
    return "\n".join(lines)


def ended_lines(card: DecisionCard, *, already: bool = False) -> list[str]:
    """How a decision ended, its title, what the answers came to, and who wrote it down."""
    # What notes say was decided is its own title.
    is_said = card.is_decided and card.title is not None and cut(card.outcome or "", _MOST_TITLE) == card.title
    title = f"{own(cut(card.title, _MOST_TITLE))}" if card.title and not is_said else ""
    about = [one for one in (title, own(card.priority_name or "")) if one]
    second = [" · ".join(about)] if about else []
    was = "was already " if already else ""
    if not card.is_decided:
        word = {"deferred": "put off", "withdrawn": "taken back"}.get(card.status, card.status)
        return [bold(f"{card.id} {was}{word}"), *second, *([f"*Why:* {own(card.note)}"] if card.note else [])]
    on = f" on {day(card.decided_on, card.today)}" if card.decided_on else ""
    first = bold(f"{card.id} {was}decided{on}: {card.outcome or ''}".rstrip(": "))
    # Without answers and without somebody who recorded it, it was not decided here: a file or a meeting's notes say so.
    sentences = [tally_line(card)] if card.count.answered or card.recorded_by_name else []
    if card.delegated:
        sentences.append("Decided under delegated authority.")
    if card.recorded_by_name or card.note:
        recorded = f"Recorded by {own(card.recorded_by_name)}" if card.recorded_by_name else "Decided"
        sentences.append(f"{recorded}{_source(card.note)}.")
    return [first, *second, *([" ".join(sentences)] if sentences else [])]


def readers_line(card: DecisionCard) -> str:
    """Who reads an answer."""
    readers = listed([with_article(card.decider_name), "the coordinators"])
    return f"Read by {own(readers)}. One voice for each {'person' if card.per_person else 'organization'}."


def _source(note: str | None) -> str:
    """Where it was decided, as it was written: "from Lorna Pruitt's e-mail of Dec 9"."""
    if not note:
        return ""
    words = note.rstrip(".")
    if words.casefold().startswith(_PREPOSITIONS):
        return f" {own(words[:1].lower() + words[1:])}"
    return f": {own(words)}"


def _rule(card: DecisionCard) -> str:
    if card.count.rule == "chair":
        return f"{own(card.chair_name or 'The chair')} decides as chair; the answers of others are advice."
    if card.count.rule == "majority":
        return "More than half of those answering."
    if card.count.rule == "consensus":
        return "Consensus: nobody objects, and those who choose choose the same."
    if card.needed_by is None:
        return "Consensus; two thirds of those answering once a date is set and has come."
    return f"Consensus; if an objection stands on {day(card.needed_by, card.today)}, two thirds of those answering."


def _voices(card: DecisionCard) -> str:
    return plural(card.count.voices, *(("person", "people") if card.per_person else ("organization", None)))
