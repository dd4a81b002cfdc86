"""Asks and letters on screen: every state as written down, to everybody who meets it, and within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.asks import AskCard, AskNews, HelpWanted, PriorityAsks
from bot.domain.outbox import BY_EMAIL_ONLY, NOT_LINKED, Where
from bot.domain.people import FIGURES, Letter, LetterForm, SignIn
from bot.domain.vocabularies import AskState
from bot.slack.blocks import kit
from bot.slack.blocks.asks import (
    EDIT_ASK_FORM,
    TRY_FORM,
    ask_message,
    ask_news_item,
    ask_view,
    help_wanted_item,
    priority_asks_view,
    reader_of,
    screening_blocks,
)
from bot.slack.blocks.people import (
    LETTER_FORM,
    figures_asked_message,
    letter_message,
    letter_sent_words,
    sign_in_message,
)
from bot.slack.message import Message, View
from bot.slack.mrkdwn import escape
from tests.slack.readable import check_golden
from tests.slack.refusals import problems
from tests.slack.screens import LONG, arrived, script, where
from tests.tables import on_each

FOUR = datetime(2026, 11, 24, 22, 12, tzinfo=UTC)  # 4:12 PM Central


def card(**fields: Any) -> AskCard:
    """The ask for an inspector, as it was sent to Marcus."""
    usual: dict[str, Any] = {
        "ask_id": 3,
        "text": "An inspector for two December visits.",
        "said": "An inspector for two December visits.",
        "edited": False,
        "asked": "harrow-county",
        "asked_name": "Harrow County Executive Office",
        "priority": "family-access",
        "priority_name": "Child care and commute access",
        "owner_name": "Imani Rhodes",
        "by_name": "Luis Ferrer",
        "by_another": True,
        "said_on": date(2026, 11, 24),
        "state": "sent",
        "decided_by_name": "Dana Whitlock",
        "decided_at": FOUR,
        "receiver_name": "Marcus Teal",
        "sent_at": FOUR,
        "answer": None,
        "suggested_name": None,
        "answered_by_name": None,
        "answered_at": None,
        "is_own_answer": False,
        "may_answer": True,
        "may_decide": False,
        "zone": "America/Chicago",
        "now": FOUR,
    }
    return AskCard(**(usual | fields))


def answered(answer: str, **fields: Any) -> AskCard:
    usual: dict[str, Any] = {"answered_by_name": "Marcus Teal", "answered_at": FOUR, "state": "answered"}
    return card(answer=answer, **(usual | fields))


WAITING = card(state="waiting", decided_by_name=None, decided_at=None, receiver_name=None, sent_at=None)
HELD = card(state="held", decided_by_name="Omar Castellanos", receiver_name=None, sent_at=None)
EDITED = card(edited=True, text="An inspector on Dec 8 and 9.")
STEERING = card(asked_name="Steering Committee", asked_is_group=True, state="waiting", decided_by_name=None)
OWN = card(by_name="Imani Rhodes", by_another=False)
CAME_THROUGH = replace(
    answered("can_help"), state=AskState.CAME_THROUGH, ended_by_name="Imani Rhodes", ended_at=FOUR, is_asker=True
)
WITHDRAWN = card(state="withdrawn", ended_by_name="Imani Rhodes", ended_at=FOUR, is_asker=True)
HUGE = card(
    text=LONG[:300], said=LONG[:300], edited=True, priority_name=LONG[:150], asked_name=LONG[:150], by_name=LONG[:100]
)


def wanted(one: AskCard) -> Message:
    blocks, sentence = help_wanted_item(HelpWanted(one), reader_of(one))
    return Message(text=escape(sentence), blocks=tuple(blocks))


def news(one: AskCard) -> Message:
    blocks, sentence = ask_news_item(AskNews(one), reader_of(one))
    return Message(text=escape(sentence), blocks=tuple(blocks))


def screened(one: AskCard) -> Message:
    blocks, _sentence = screening_blocks(one, primary=True)
    return Message(text="Before tomorrow's digest: 1 ask.", blocks=blocks)


def letter(**fields: Any) -> Letter:
    usual: dict[str, Any] = {
        "sender": "dana",
        "sender_name": "Dana Whitlock",
        "sender_organization": "Limestone Bend Partnership",
        "sender_account": "U0DANA",
        "receiver_name": "Grant Okafor",
        "text": "Is there anything new\nfrom the <banks>?",
        "about": "",
        "written_at": FOUR,
        "may_answer": True,
        "zone": "America/Chicago",
    }
    return Letter(**(usual | fields))


def letter_form(**fields: Any) -> LetterForm:
    usual: dict[str, Any] = {
        "sender_name": "Dana Whitlock",
        "receiver": "grant",
        "receiver_name": "Grant Okafor",
        "receiver_organization": "Bend Area Chamber",
        "reachable": True,
    }
    return LetterForm(**(usual | fields))


SCENES: dict[str, Message | View] = {
    "asked": wanted(card()),
    "asked of a group": wanted(card(asked_name="Steering Committee", asked_is_group=True)),
    "screening, a group": screened(STEERING),
    "asked by the owner": wanted(OWN),
    "asked, worded by a coordinator": wanted(EDITED),
    "can help": wanted(answered("can_help", is_own_answer=True)),
    "can help, said by somebody else": wanted(answered("can_help", answered_by_name="Lorna Pruitt")),
    "suggested": wanted(
        answered(
            "not_us",
            is_own_answer=True,
            suggested_name="Three Creeks Workforce Board",
            by_name="Imani Rhodes",
            by_another=False,
        )
    ),
    "suggested a group": wanted(
        answered("not_us", is_own_answer=True, suggested_name="Funders Table", suggested_is_group=True)
    ),
    "can't help": wanted(answered("not_us", is_own_answer=True)),
    "would like to talk": wanted(answered("talk", is_own_answer=True)),
    "taken back": wanted(card(state="withdrawn")),
    "news: held": news(HELD),
    "news: sent as worded": news(EDITED),
    "news: on its way": news(replace(EDITED, delivery=where(Where.ON_ITS_WAY))),
    "news: arrived": news(replace(EDITED, delivery=where(Where.ARRIVED))),
    "news: to somebody by e-mail": news(replace(EDITED, delivery=where(Where.CANNOT_ARRIVE, trouble=BY_EMAIL_ONLY))),
    "its card, for the owner, out of reach": ask_message(
        card(may_answer=False, delivery=where(Where.CANNOT_ARRIVE, trouble=NOT_LINKED))
    ),
    "its card, tomorrow": ask_message(card(may_answer=False, delivery=where(Where.PLANNED))),
    "a letter, sent": Message(
        text="Sent",
        blocks=(kit.section(letter_sent_words(arrived("Grant Okafor"), reader_of(card()), may_mend=False)),),
    ),
    "a letter, at night and out of reach": Message(
        text="Sent",
        blocks=(
            kit.section(
                letter_sent_words(
                    (
                        where(Where.PLANNED),
                        where(Where.CANNOT_ARRIVE, to="Lorna Pruitt", trouble=BY_EMAIL_ONLY),
                    ),
                    reader_of(card()),
                    may_mend=True,
                )
            ),
        ),
    ),
    "figures are asked for": figures_asked_message(
        (*arrived("Yolanda Briggs"), where(Where.CANNOT_ARRIVE, to="Priya Raman", trouble=NOT_LINKED)),
        reader_of(card()),
        may_mend=True,
    ),
    "a letter to somebody out of reach": LETTER_FORM.view(letter_form(trouble=NOT_LINKED)),
    "news: answered": news(answered("can_help")),
    "news: suggested": news(answered("not_us", suggested_name="Three Creeks Workforce Board")),
    "news: would like to talk": news(answered("talk")),
    "screening": screened(WAITING),
    "screening, held": screened(HELD),
    "screening, names nobody": screened(
        card(state="waiting", asked=None, asked_name=None, decided_by_name=None, decided_at=None)
    ),
    "screened, sent": screened(card()),
    "screened, answered": screened(answered("talk")),
    "screened, taken back": screened(card(state="withdrawn")),
    "looked up by somebody who isn't asked": ask_message(card(may_answer=False)),
    "looked up before it went out": ask_message(WAITING),
    "looked up in a modal": ask_view(card()),
    "news: answered, to whoever asked": news(answered("can_help", is_asker=True)),
    "news: it came through": news(CAME_THROUGH),
    "came through": wanted(CAME_THROUGH),
    "did not come through, without an answer": wanted(
        card(state="fell_through", ended_by_name="Imani Rhodes", ended_at=FOUR, is_asker=True)
    ),
    "looked up by whoever asked": ask_view(card(may_answer=False, is_asker=True)),
    "looked up by whoever asked, answered": ask_view(answered("can_help", may_answer=False, is_asker=True)),
    "looked up by whoever asked, before it went out": ask_view(replace(WAITING, is_asker=True)),
    "looked up, taken back": ask_view(WITHDRAWN),
    "what a priority asks for": priority_asks_view(
        PriorityAsks(
            "Child care and commute access",
            (card(), WAITING, HELD, answered("can_help"), STEERING),
            (CAME_THROUGH, WITHDRAWN),
        )
    ),
    "a priority that asks for nothing": priority_asks_view(PriorityAsks("Job quality", (), ())),
    "edit": EDIT_ASK_FORM.view(WAITING),
    "try another": TRY_FORM.view(card()),
}
LETTERS: dict[str, Message | View] = {
    "from a coordinator": letter_message(letter()),
    "asks for figures": letter_message(letter(about=FIGURES, text="Could you give the latest figure? Seats.")),
    "from somebody without an account": letter_message(letter(sender_account=None, may_answer=False)),
    "a link to one's own page": sign_in_message(
        SignIn(
            coalition_name="Limestone Bend Good Jobs Compact",
            zone="America/Chicago",
            now=datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
            until=datetime(2026, 11, 23, 15, 30, tzinfo=UTC),
        )
    ),
    "replies to a note": letter_message(letter(quoted="The chair wants out.")),
    "form": LETTER_FORM.view(letter_form()),
    "form, replies to a note": LETTER_FORM.view(letter_form(note_id=3, quoted="The chair wants out.")),
    "form, by e-mail only": LETTER_FORM.view(letter_form(receiver_name="Lorna Pruitt", reachable=False)),
}


def test_asks_are_as_written_down() -> None:
    check_golden("asks.txt", script(SCENES))


def test_letters_are_as_written_down() -> None:
    check_golden("letters.txt", script(LETTERS))


@on_each(
    "surface",
    [
        wanted(HUGE),
        news(HUGE),
        screened(HUGE),
        EDIT_ASK_FORM.view(HUGE),
        TRY_FORM.view(HUGE),
        ask_view(HUGE),
        ask_view(replace(HUGE, is_asker=True)),
        priority_asks_view(PriorityAsks(LONG[:150], (HUGE,) * 100, (HUGE,) * 5)),
        letter_message(letter(text="\n".join("x" * 3 for _ in range(250)), sender_name=LONG[:100])),
        letter_message(letter(text="&" * 1000)),
        LETTER_FORM.view(letter_form(receiver_name="A name that is far too long for a title", sender_name=LONG[:100])),
    ],
)
def test_the_longest_words_fit(surface: Message | View) -> None:
    assert not problems(surface)
