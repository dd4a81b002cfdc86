"""Check-ins in a direct message: asked, reminded, stood in for, answered, closed. The form is in `forms`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.checkins import Answer, PromptItem, Said, update_on
from bot.domain.rights import THE_COORDINATORS
from bot.domain.wording import WEEKDAYS, marked, status
from bot.slack.blocks import kit
from bot.slack.blocks.bundles import BundleReader, number_word
from bot.slack.blocks.worded import in_sections
from bot.slack.identifiers import Action
from bot.slack.limits import OUR_BUTTON
from bot.slack.message import Block
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, cut, own, quote
from bot.slack.names import first_name, listed

MOST_KEPT = 300  # characters of each answer that was written too late; the form holds all of it
CAME_TRUE = {"yes": "came true", "in_part": "came true in part", "not_yet": "not yet"}


def checkin_item(item: PromptItem, reader: BundleReader) -> tuple[Iterator[Block], str]:
    """One priority's check-in in the state that it is in, as blocks and as plain words."""
    one = _Item(item, reader)
    return one.blocks(), one.text()


def checkin_lines(items: tuple[PromptItem, ...], reader: Clock) -> tuple[Block, ...]:
    """Open check-ins as a list, each with its button; the first one's is the main one."""
    return tuple(
        kit.line(
            f"{own(item.heading)}{_for_whom(item)}, open {reader.token(item.closes_at, 'until ')}",
            "Edit" if item.state == "answered" else "Answer",
            Action.ANSWER,
            value=encode(item.subject_id),
            primary=number == 0 and item.state == "open",
            label=f"Answer: {item.priority_name if item.sets_standing else item.heading}",
        )
        for number, item in enumerate(items)
    )


def read_by(item_readers: tuple[str, ...], day: str | None) -> str:
    """Who reads an update, and when: "Read by #lb-access and the Steering Committee on Wed Nov 25"."""
    return f"Read by {own(listed(item_readers))}{f' on {day}' if day else ''}"


def said_blocks(said: tuple[Said, ...]) -> Iterator[Block]:
    """Questions with their answers, whole."""
    return in_sections([said_line(one) for one in said])


def said_line(one: Said, most: int | None = None) -> str:
    """A question with its answer in markup, the answer cut to so many characters."""
    words = one.words if most is None else cut(one.words, most)
    return f"{bold(one.label)} {quote(words) if one.is_text else own(words)}"


def _for_whom(item: PromptItem) -> str:
    return f" for {own(item.owner_name)}" if item.kind == "delegate" else ""


class _Item:
    """One item of a message, as blocks and as plain words."""

    def __init__(self, item: PromptItem, reader: BundleReader) -> None:
        self._item = item
        self._reader = reader
        self._name = bold(item.priority_name)
        self._title = bold(item.heading)
        self._update = update_on(bold(item.priority_name), is_own=item.is_own)
        self._stands_in = item.kind == "delegate"

    def blocks(self) -> Iterator[Block]:
        item = self._item
        if item.is_anonymous and item.state != "open":
            yield kit.section(f"{self._title}\n{self._taken_part()}")
        elif item.state == "open":
            asked = {"ask": self._asked, "delegate": self._asked_to_stand_in}
            yield from asked.get(item.kind, self._reminded)()
        elif self._stands_in and (item.answer is None or item.answer.by != self._reader.receiver):
            yield kit.section(self._nothing_to_do())
        elif item.answer is not None:
            yield from self._answered(item.answer)
        else:
            yield kit.section(f"{self._title}\n{self._closed_without()}")
        yield from self._kept()

    def _kept(self) -> Iterator[Block]:
        """What the reader wrote too late: it is theirs to send, whatever has been said since."""
        item = self._item
        if not item.kept or item.kept_at is None:
            return
        where = "Edit" if item.state == "answered" and item.answer is not None else "Answer"
        then = " It waits for the next round." if item.state == "closed" else f" {where} opens with it."
        head = f"*{self._reader.token(item.kept_at, 'You wrote this ')}; it isn't sent.*{then}"
        yield from in_sections([head, *(said_line(one, MOST_KEPT) for one in item.kept)])

    def text(self) -> str:
        """Plain words, not escaped."""
        kept = f" {self._kept_text()}" if self._item.kept else ""
        return f"{self._text()}{kept}"

    def _taken_part(self, *, plain: bool = False) -> str:
        """What somebody reads of an anonymous round that asks nothing of them any more."""
        item, reader = self._item, self._reader
        if item.state == "answered":
            closes = _at(reader, item.closes_at, "What all said comes after the round has closed, ", plain)
            return f"You took part. Thank you. {closes}."
        words = [f"{_at(reader, item.closes_at, 'The round closed ', plain)}."]
        if item.next_opens_at is not None:
            words.append(f"{_at(reader, item.next_opens_at, 'Next: ', plain)}.")
        return " ".join(words)

    def _kept_text(self) -> str:
        return f"What you wrote for it isn't sent: {'; '.join(one.plain for one in self._item.kept)}."

    def _text(self) -> str:
        item = self._item
        until = self._reader.words(item.closes_at)
        name = item.priority_name
        if item.is_anonymous and item.state != "open":
            return f"{name}: {self._taken_part(plain=True)}"
        if item.state == "open":
            if item.kind == "delegate" and item.stand_in_declined:
                return f"Not this time: noted. The {item.update} is open until {until}."
            if item.kind == "delegate":
                return f"Could you stand in for {item.owner_name}? The {item.update} is open until {until}."
            if item.kind == "again":
                who = item.asked_again_by or "A coordinator"
                return f"{who} asks once more: your {item.update} is open until {until}."
            if item.kind == "reminder":
                shown = item.last_on is not None and item.sets_standing
                without = f" Without it the digest shows your last one, of {self._last_day()}." if shown else ""
                return f"Your {item.update} is open until {until}.{without}"
            return f"Your {item.update} is open until {until}."
        if self._stands_in and (item.answer is None or item.answer.by != self._reader.receiver):
            return self._nothing_to_do(plain=True)
        if item.answer is None:
            return f"{name}: {self._closed_without(plain=True)}"
        said = ", ".join(_said(item.answer))
        if not item.sets_standing:
            said = "; ".join(one.plain for one in item.answer.more)
        whose = f"Your {item.update} is in" if item.answer.by == item.owner else f"The {item.update} is in"
        if item.answer.by != item.owner and not self._stands_in:
            whose = f"{item.answer.by_name} answered for you on {name}"
        edit = f"You can edit it until {until}." if item.state == "answered" else "The round is closed."
        return f"{whose}{f': {said}' if said else ''}. {edit}"

    def _asked(self) -> Iterator[Block]:
        item = self._item
        last = "" if item.is_own else "This is the first one."
        if item.last_on is not None:
            stood = [marked(item.last_assessment)] if item.last_assessment else []
            stood += [f"confidence {item.last_confidence} of 10"] if item.last_confidence is not None else []
            last = f"Last time, {self._last_day()}: {', '.join(stood) or 'answered'}."
        words = f"{self._title}\nOpen {self._reader.token(item.closes_at, 'until ')}. {last}".rstrip()
        yield kit.section(f"{words}\n{own(item.whose_word)}" if item.whose_word is not None else words)
        yield self._open_buttons(f"No change since {self._last_day()}")
        also = f" · {self._stand_in_too()}" if self._is_handed_over else ""
        yield kit.context(f"{self._read_by()}{also}")

    def _reminded(self) -> Iterator[Block]:
        item = self._item
        whose = f"{own(first_name(self._reader.receiver_name))}, your" if self._reader.is_alone else "Your"
        enough = (
            f" {number_word(item.minutes).capitalize()} {'minute is' if item.minutes == 1 else 'minutes is'} enough."
        )
        yield kit.section(
            f"{whose} {self._update} is open {self._reader.token(item.closes_at, 'until ')}."
            f"{enough if item.minutes else ''}"
        )
        if (
            item.digest_at is not None
            and item.last_on is not None
            and item.last_assessment is not None
            and item.sets_standing
        ):
            confidence = f", confidence {item.last_confidence} of 10" if item.last_confidence is not None else ""
            yield kit.section(
                f"Without it the digest says: {marked(item.last_assessment)}, "
                f"last assessed {self._last_day()}{confidence}."
            )
        yield self._open_buttons("No change", offers_stand_in=True)
        why = "The only reminder this round."
        if item.kind == "again":
            why = f"{own(item.asked_again_by)} asks once more." if item.asked_again_by else "Asked once more."
        if self._is_handed_over:
            why += f" {self._stand_in_too()}."
        yield kit.context(why)

    def _asked_to_stand_in(self) -> Iterator[Block]:
        item = self._item
        owner = own(item.owner_name)
        could = f"{own(first_name(self._reader.receiver_name))}, could" if self._reader.is_alone else "Could"
        until = self._reader.token(item.closes_at, "until ")
        first = f"{could} you stand in for {owner}? The {self._update} is open {until}."
        if item.stand_in_declined:
            first = f"{self._title} for {owner}\nNot this time: noted. Should that change, it is open {until}."
        yield kit.section(first)
        answer = kit.button(
            f"Answer for {first_name(item.owner_name)}",
            Action.ANSWER,
            value=encode(item.subject_id),
            primary=self._reader.may_be_primary and not item.stand_in_declined,
            label=f"Answer for {item.owner_name}: {item.priority_name}",
        )
        not_now = kit.button(
            "Not this time", Action.DECLINE_STAND_IN, value=encode(item.subject_id), about=item.priority_name
        )
        yield kit.actions(*([answer] if item.stand_in_declined else [answer, not_now]))
        yield kit.context(f"{owner} named you as stand-in and can change what you say. {self._read_by()}.")

    def _stand_in_too(self) -> str:
        name = own(self._item.delegate_name or "")
        return f"{name} can't this time" if self._item.stand_in_declined else f"{name} is asked too"

    @property
    def _is_handed_over(self) -> bool:
        return self._item.stand_in_asked_at is not None and self._item.delegate_name is not None

    def _open_buttons(self, no_change: str, *, offers_stand_in: bool = False) -> Block:
        item = self._item
        value = encode(item.subject_id)
        answer = kit.button(
            "Answer", Action.ANSWER, value=value, primary=self._reader.may_be_primary, about=item.priority_name
        )
        buttons = [answer]
        if item.may_repeat:
            buttons.append(kit.button(no_change, Action.NO_CHANGE, value=value, about=item.priority_name))
        if offers_stand_in and item.delegate_name is not None and not self._is_handed_over:
            buttons.append(
                kit.button(
                    _ask_label(item.delegate_name),
                    Action.ASK_STAND_IN,
                    value=value,
                    label=f"Ask {item.delegate_name} to give it: {item.priority_name}",
                )
            )
        buttons.append(kit.button("I'm away", Action.AWAY))
        return kit.actions(*buttons)

    def _answered(self, answer: Answer) -> Iterator[Block]:
        item = self._item
        yield kit.section(self._answered_line(answer))
        if not item.sets_standing:
            yield from said_blocks(answer.more)
        else:
            yield from self._standing_said(answer)
        if item.state == "closed":
            yield kit.context(self._closed_with_answer())
            return
        by_another = answer.by != self._reader.receiver
        note = (
            " · your note to the coordinators is not shown here" if answer.has_private_note and not by_another else ""
        )
        own_first = " · Your own answer goes before this one." if by_another else ""
        yield kit.context(f"{self._read_by()}{note}{own_first}")
        yield kit.actions(
            kit.button(
                "Change it" if by_another else "Edit",
                Action.ANSWER,
                value=encode(item.subject_id),
                primary=by_another and self._reader.may_be_primary,
                label=f"{'Change' if by_another else 'Edit'} the update: {item.priority_name}",
            )
        )

    def _standing_said(self, answer: Answer) -> Iterator[Block]:
        """What was said of how the priority stands, in the weekly questions' own places, and what else was asked."""
        item = self._item
        fields = []
        if answer.assessment:
            fields.append(f"*Stands* {marked(answer.assessment)}")
        if answer.confidence is not None:
            fields.append(f"*Confidence* {_confidence(answer)}")
        if fields:
            yield kit.section(fields=fields)
        lines = [
            f"*{label}:* {own(words)}"
            for label, words in (("Changed", answer.moved), ("In the way", answer.blocker))
            if words
        ]
        if answer.ask:
            whom = own(answer.ask_from_name) if answer.ask_from_name else "whoever can help"
            goes = self._reader.token(item.closes_at, ", goes out ") if item.state != "closed" else ""
            lines.append(f"*Ask:* {whom}{goes}: {quote(answer.ask)}")
        if answer.next:
            lines.append(f"*By next week:* {own(answer.next)}")
        if answer.came_true in CAME_TRUE:
            lines.append(f"*Promised last time:* {CAME_TRUE[answer.came_true]}")
        if lines:
            yield kit.section("\n".join(lines))
        yield from said_blocks(answer.more)

    def _answered_line(self, answer: Answer) -> str:
        item, reader = self._item, self._reader
        at = answer.edited_at or answer.answered_at
        if self._stands_in:
            can = f" {own(first_name(item.owner_name))} can change it " if item.state == "answered" else ""
            until = f"{reader.token(item.closes_at, 'until ')}." if can else ""
            recorded = f"Thank you. Recorded as {own(answer.by_name)} for {own(item.owner_name)}."
            return f"{self._title}\n{recorded}{can}{until}"
        if answer.by != item.owner:
            sent = "edited " if answer.edited_at is not None else "sent "
            when = f", {reader.token(at, sent)}" if at is not None else ""
            return f"{self._title}\n{bold(f'{answer.by_name} answered for you')}{when}."
        if answer.no_change:
            since = f" since {self._last_day()}" if item.last_on is not None else ""
            what = f"no change{since}, sent"
        else:
            what = "edited" if answer.edited_at is not None else "sent"
        thanks = " Thank you." if self._reader.is_alone and item.state == "answered" else ""
        when = reader.token(at, f"{what} ") if at is not None else what
        return f"{self._title} · {when}.{thanks}"

    def _closed_with_answer(self) -> str:
        item = self._item
        words = ["Closed."]
        if item.digest_at is not None and item.sets_standing:
            words.append(f"It's in {WEEKDAYS[self._reader.local(item.digest_at).weekday()]}'s digest.")
        # The next round asks the owner: a stand-in hears of it only when they are needed.
        if item.next_opens_at is not None and not self._stands_in:
            lead = "Next: " if item.is_own else "Next update: "
            words.append(f"{self._reader.token(item.next_opens_at, lead)}.")
        return " ".join(words)

    def _closed_without(self, *, plain: bool = False) -> str:
        item, reader = self._item, self._reader
        words = [f"{_at(reader, item.closes_at, 'The round closed ', plain)}."]
        if item.last_on is not None and item.sets_standing:
            words.append(f"The digest shows your update of {self._last_day()}.")
        if item.next_opens_at is not None:
            words.append(f"{_at(reader, item.next_opens_at, 'Next: ', plain)}.")
        return " ".join(words)

    def _nothing_to_do(self, *, plain: bool = False) -> str:
        """What a stand-in reads once there is nothing left to do."""
        item = self._item
        if item.answer is None:
            return f"{_at(self._reader, item.closes_at, 'The round closed ', plain)}. Nothing to do."
        who = first_name(item.owner_name)
        if item.answer.by != item.owner:
            who = f"{item.answer.by_name} has answered for {who}"
            return f"{who if plain else own(who)}. Nothing to do."
        return f"{who if plain else own(who)} has answered. Nothing to do."

    def _read_by(self) -> str:
        if self._item.is_anonymous:
            return "Anonymous: nobody's name is kept. Everybody reads what all said, counted, after the close"
        digest_at = self._item.digest_at
        if not self._item.readers:
            return f"Read by {THE_COORDINATORS} only"
        if self._item.is_own:
            return f"{read_by(self._item.readers, None)}, and by {THE_COORDINATORS}"
        if not self._item.sets_standing:
            return f"{read_by(self._item.readers, None)} on the priority's card"
        return read_by(self._item.readers, self._reader.day_of(digest_at) if digest_at is not None else None)

    def _last_day(self) -> str:
        return self._reader.day(self._item.last_on) if self._item.last_on is not None else ""


def _ask_label(name: str) -> str:
    """The whole name where it fits on a button."""
    words = f"Ask {name}"
    return words if len(words) <= OUR_BUTTON else f"Ask {first_name(name)}"


def _at(reader: Clock, moment: datetime, lead: str, plain: bool) -> str:
    return f"{lead}{reader.dated(moment)}" if plain else reader.token(moment, lead)


def _said(answer: Answer) -> Iterator[str]:
    if answer.assessment:
        yield status(answer.assessment)
    if answer.confidence is not None:
        yield f"confidence {answer.confidence} of 10"


def _confidence(answer: Answer) -> str:
    words = f"{answer.confidence} of 10"
    if answer.confidence_before is None:
        return words
    if answer.confidence_before == answer.confidence:
        return f"{words}, unchanged"
    return f"{words}, was {answer.confidence_before}"
