"""What did not arrive on screen: where a message is, alarms, the list. Words in golden files, limits at too many."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.outbox import BY_EMAIL_ONLY, NOT_LINKED, Item, Kind, Trouble, Where, Whereabouts, cut_off
from bot.domain.sending import (
    ITEM_WORDS,
    KIND_WORDS,
    Alarm,
    BackAgain,
    CutOff,
    HeldNotice,
    Receiver,
    UndeliveredLine,
    WaitingPost,
)
from bot.slack.blocks import kit
from bot.slack.blocks.outbox import sent_words, state_words
from bot.slack.blocks.sending import alarm_message, undelivered_message
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.readable import check_golden
from tests.slack.screens import CLOSE, LONG, cut_off_channel, held, not_reached, script, undelivered, where

READER = Clock("America/Chicago", CLOSE)
ROLL_UP = WaitingPost("the weekly digest", CLOSE)
ARCHIVED = cut_off_channel("lb-steering", trouble=cut_off(is_archived=True), waiting=(ROLL_UP, ROLL_UP, ROLL_UP))
LOST = cut_off_channel(following=WaitingPost("the priority's digest", CLOSE + timedelta(days=1)))
TROUBLES = {
    Where.CANNOT_ARRIVE: NOT_LINKED,
    Where.MISSED: Trouble("the reminder could not be sent before its round closed"),
    Where.REFUSED: Trouble("Slack doesn't take the layout of this message"),
    Where.UNCLEAR: Trouble("Slack did not answer"),
}
BACK = BackAgain(
    channel="lb-steering",
    posts=(
        ("the weekly digest", where(Where.MISSED, trouble=Trouble("the next digest came due before this one"))),
        ("the weekly digest", where(Where.ARRIVED)),
    ),
)


def alarm(*notices: HeldNotice, channels: tuple[CutOff, ...] = (), back: tuple[BackAgain, ...] = ()) -> Message:
    return alarm_message(Alarm(held=notices, cut_off=channels, back=back, zone="America/Chicago", now=CLOSE))


def every_place() -> Message:
    """Each place that a message can be in, as a sentence and as a fragment."""
    found: list[Whereabouts] = [where(place, trouble=TROUBLES.get(place)) for place in Where]
    return Message(
        text="Every place",
        blocks=tuple(
            kit.section(f"{one.where}: {sent_words(one, READER)}\n{state_words(one, READER)}") for one in found
        ),
    )


def test_words() -> None:
    refused = [held(delivery_id=n, to=f"Person {n}", state="failed", reason="Slack refused it") for n in range(7)]
    missed = where(Where.MISSED, trouble=TROUBLES[Where.MISSED])
    late = UndeliveredLine(what="the check-in on Job quality", whereabouts=missed)
    unclear = UndeliveredLine(
        what="the owner's preview", whereabouts=where(Where.UNCLEAR), notice=held(to="Tom Delacroix")
    )
    scenes: dict[str, Message | View] = {
        "where a message is": every_place(),
        "one is held": alarm(held()),
        "several at once": alarm(held(), held(delivery_id=2, to="Tom Delacroix"), *refused, channels=(ARCHIVED, LOST)),
        "a channel that is lost": alarm(channels=(LOST,)),
        "one post waits": alarm(channels=(cut_off_channel("lb-steering", waiting=(ROLL_UP,)),)),
        "a decision's post waits": alarm(
            channels=(
                cut_off_channel("lb-steering", waiting=(WaitingPost("a decision's post", CLOSE, is_digest=False),)),
                cut_off_channel("lb-talent", waiting=(ROLL_UP, WaitingPost("a post", CLOSE, is_digest=False))),
            )
        ),
        "a channel that is back": alarm(back=(BACK,)),
        "back before anything was due": alarm(back=(BackAgain(channel="lb-talent", posts=()),)),
        "the list, empty": undelivered_message(undelivered()),
        "the list": undelivered_message(
            undelivered(
                Receiver(
                    name="#lb-steering",
                    member=None,
                    organization=None,
                    lines=(UndeliveredLine(what="the weekly digest", whereabouts=where(Where.CANNOT_ARRIVE)),),
                    cut_off=ARCHIVED,
                ),
                not_reached(lines=2),
                not_reached(2, name="Lorna Pruitt", trouble=BY_EMAIL_ONLY, may_be_linked=False),
            )
        ),
        "the list, late and held": undelivered_message(
            undelivered(
                Receiver(
                    name="Tom Delacroix",
                    member="tom",
                    organization="Bend Works",
                    lines=(late, unclear),
                )
            )
        ),
        "nothing was due": undelivered_message(
            undelivered(Receiver(name="#lb-suppliers", member=None, organization=None, lines=(), cut_off=LOST))
        ),
    }
    check_golden("undelivered.txt", script(scenes))


def test_whatever_is_sent_has_a_name() -> None:
    assert set(KIND_WORDS) == set(Kind) - {Kind.HELD_NOTICE}, "what tells of others is told of to nobody"
    assert set(ITEM_WORDS) == set(Item)


def test_too_many_fit() -> None:
    many = tuple(not_reached(n, lines=60, name=LONG[:60]) for n in range(200))
    script(
        {
            "the first page": undelivered_message(undelivered(*many)),
            "the last page": undelivered_message(undelivered(*many), 99),
            "an alarm": alarm(
                *(held(delivery_id=n, reason=LONG) for n in range(100)),
                channels=tuple(cut_off_channel(f"c{n}", waiting=(ROLL_UP,) * 40) for n in range(50)),
            ),
        }
    )
