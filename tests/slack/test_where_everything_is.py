"""What is planned, held, missed or out of reach is called so on every screen that knows where a message is."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import re
from collections.abc import Callable
from importlib import import_module

import pytest

from bot import domain
from bot.domain.actions import ActionChange
from bot.domain.asks import PriorityAsks
from bot.domain.decisions import DecisionChange
from bot.domain.outbox import NOT_LINKED, Trouble, Where, Whereabouts
from bot.domain.sending import Alarm, BackAgain, UndeliveredLine
from bot.slack.blocks.actions import change_message as action_message
from bot.slack.blocks.asks import ask_view, priority_asks_view
from bot.slack.blocks.checkins import asked_again_message
from bot.slack.blocks.decisions import card_message, change_message
from bot.slack.blocks.digests import outcome_message, overview_message
from bot.slack.blocks.meetings import notes_saved_view
from bot.slack.blocks.people import figures_asked_message, note_sent_message
from bot.slack.blocks.sending import alarm_message, undelivered_message
from bot.slack.message import Message, View
from bot.slack.moments import Clock
from tests.slack.blocks import test_asks as asks
from tests.slack.blocks.actions import test_items as actions
from tests.slack.blocks.checkins import test_rounds as rounds
from tests.slack.blocks.decisions import test_decisions as decisions
from tests.slack.blocks.digests import test_reading as digests
from tests.slack.blocks.meetings import test_cards as meetings
from tests.slack.readable import dump
from tests.slack.screens import CLOSE, not_reached, undelivered, where
from tests.tables import on_each

READER = Clock("America/Chicago", CLOSE)
TROUBLES = {
    Where.CANNOT_ARRIVE: NOT_LINKED,
    Where.MISSED: Trouble("it could not be sent while it was of use"),
    Where.REFUSED: Trouble("Slack doesn't take the layout of this message"),
    Where.UNCLEAR: Trouble("Slack did not answer"),
}
# What has to stand there, whichever of both ways a screen words it.
SAYS = {
    Where.ARRIVED: "",
    Where.ON_ITS_WAY: "",
    Where.PLANNED: "goes (to|out)",
    Where.PAUSED: "once sending is resumed",
    Where.WAITS_IN_HOME: "waits in home",
    Where.CANNOT_ARRIVE: "doesn't reach|waits since",
    Where.UNCLEAR: "may have (reached|arrived)",
    Where.MISSED: "not sent",
    Where.REFUSED: "not sent",
    Where.NOT_NEEDED: "not needed any more",
}
# What nobody may read of a message that is not there.
CLAIMS = re.compile(r"(?<!not )\bsent (to|Tue|in)\b|\bwill be asked\b|Asked again:|\bPosted in\b|no answer yet", re.I)

Screen = Callable[[Whereabouts], Message | View]


def asked_of_them(one: Whereabouts) -> Message:
    """What a coordinator reads who had one person asked again."""
    there = (one.to,) if one.goes_at_once else ()
    return asked_again_message(rounds.again(asked=there, elsewhere=() if one.goes_at_once else (one,)))


def voices_asked(one: Whereabouts) -> Message:
    there = ("Harrow County",) if one.goes_at_once else ()
    elsewhere = () if one.goes_at_once else (one,)
    return change_message(DecisionChange(what="asked", card=decisions.PASSED, asked=there, elsewhere=elsewhere))


def in_the_list(one: Whereabouts) -> Message:
    line = UndeliveredLine(what="an ask", whereabouts=one)
    return undelivered_message(undelivered(dataclasses.replace(not_reached(), trouble=None, lines=(line,))))


def back_again(one: Whereabouts) -> Message:
    back = BackAgain(channel="lb-steering", posts=(("the weekly digest", one),))
    return alarm_message(Alarm(held=(), cut_off=(), back=(back,), zone="America/Chicago", now=CLOSE))


def copy_of_a_digest(one: Whereabouts) -> Message:
    copy = dataclasses.replace(digests.overview().copies[1], delivery=one)
    return overview_message(digests.overview(copies=(copy,)))


def sent_by_hand(one: Whereabouts) -> Message:
    there = ("lb-steering",) if one.goes_at_once else ()
    return outcome_message(digests.done(channels=there, elsewhere=() if one.goes_at_once else (one,)))


# Each value that says where a message is, with every screen that shows it.
SCREENS: dict[str, tuple[Screen, ...]] = {
    "ActionCard.delivery": (
        lambda one: action_message(
            ActionChange(what="added", card=actions.card(accepted=False, delivery=one), zone="America/Chicago")
        ),
    ),
    "AskCard.delivery": (
        lambda one: ask_view(asks.card(delivery=one, may_answer=False, is_asker=True)),
        lambda one: priority_asks_view(
            PriorityAsks(priority_name="Child care", waiting=(asks.card(delivery=one, is_asker=True),), over=())
        ),
    ),
    "AskedAgain.elsewhere": (asked_of_them,),
    "BackAgain.posts": (back_again,),
    "Copy.delivery": (copy_of_a_digest,),
    "DecisionCard.post": (
        lambda one: card_message(decisions.card(post=one)),
        lambda one: change_message(DecisionChange(what="proposed", card=decisions.card(post=one))),
    ),
    "DecisionChange.elsewhere": (voices_asked,),
    "NotesSaved.delivery": (lambda one: notes_saved_view(meetings.saved(1, delivery=one)),),
    "Overview.preview": (lambda one: overview_message(digests.overview(preview=one)),),
    "SendOutcome.elsewhere": (sent_by_hand,),
    "UndeliveredLine.whereabouts": (in_the_list,),
    # Read where they are shown.
    "letters": (
        lambda one: note_sent_message([one], READER, "Can we meet?", may_mend=False),
        lambda one: figures_asked_message([one], READER, may_mend=True),
    ),
}
CASES = [
    pytest.param(screen, place, id=f"{name}-{number}-{place}")
    for name, screens in SCREENS.items()
    for number, screen in enumerate(screens)
    for place in Where
]


def test_every_value_that_says_where_a_message_is_has_its_screens() -> None:
    found = set()
    for module in pkgutil.iter_modules(domain.__path__):
        for name, value in vars(import_module(f"{domain.__name__}.{module.name}")).items():
            if inspect.isclass(value) and dataclasses.is_dataclass(value) and value is not Whereabouts:
                found |= {f"{name}.{one.name}" for one in dataclasses.fields(value) if "Whereabouts" in str(one.type)}
    assert found == {name for name in SCREENS if "." in name}


@on_each(("screen", "place"), CASES)
def test_a_screen_says_where_it_is(screen: Screen, place: Where) -> None:
    trouble = TROUBLES.get(place)
    text = dump(screen(where(place, trouble=trouble)))
    assert re.search(SAYS[place], text, re.I), text
    if SAYS[place]:
        assert not CLAIMS.search(text), text
    if trouble is not None and place is not Where.UNCLEAR and "waits since" not in text:
        assert trouble.why in text
