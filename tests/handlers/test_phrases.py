"""The words of buttons, typed: each label does what its button does, so do the same words in other forms, and thanks,
"ok" and "stop" are understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack.blocks.home import home_view
from bot.slack.blocks.menu import menu_message
from bot.slack.blocks.nouns import FOR_COORDINATORS
from bot.slack.identifiers import Action
from handlers import ACTIONS, messages
from handlers.listeners import Line
from handlers.messages import GO
from tests.handlers.stage import Stage, words
from tests.tables import on_each

# Several buttons of this name stand beside one thing each, which no word alone names; [Refresh] is about the screen.
ABOUT_ONE_THING = {
    "Open",
    "Answer",
    "Respond",
    "Update",
    "See",
    "See list",
    "Status",
    "Done",
    "Decisions",
    "Check again",
}
ABOUT_THE_SCREEN = {"Refresh", "Next", "Show menu"}
# What the button opens at once and the words list: with one check-in alone it is the same.
# A noun alone is one's own of it; its button in a coordinator's Home is everybody's.
NOUNS = {text for text, _action, _typed in FOR_COORDINATORS} | {"My settings"}
LISTED = {Action.ANSWER_OPEN: "checkin", Action.ALL_ACTIONS: "action", Action.ASK_PAUSE: "coalition pause"}


def buttons_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every button somewhere in blocks."""
    if isinstance(value, dict):
        if value.get("type") == "button":
            yield value
        for item in value.values():
            yield from buttons_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from buttons_of(item)


def line_of(typed: str) -> Line | None:
    said = messages._normal(typed)
    return messages._line(said, None) or messages._meant(said, None)


@on_each("who", ["yolanda", "omar", "dana", "priya", "marcus", "grant", "luis", "ben"])
async def test_every_label_typed_does_what_its_button_does(live: Stage, who: str) -> None:
    page = await live.services.home.page(await live.actor(who), whole=True)
    wrong = []
    for button in [*buttons_of(menu_message(page, []).blocks), *buttons_of(home_view(page).blocks)]:
        label, action = button["text"]["text"], Action(button["action_id"])
        if label.split(" (")[0] in ABOUT_ONE_THING | ABOUT_THE_SCREEN or button.get("value", "").startswith("{"):
            continue
        line = line_of(label)
        wanted = line_of(button["value"]) if action in GO else None
        if label in NOUNS:
            is_right = line is not None and line.noun == button["value"].split()[0]
        elif action in LISTED:
            is_right = line is not None and line.text == LISTED[action]
        elif wanted is not None:
            is_right = line is wanted
        else:
            is_right = line is not None and line.run == ACTIONS[action]
        if not is_right:
            wrong.append((label, action.value, line.text if line else None))
    assert not wrong, wrong


@on_each(
    ("typed", "line"),
    [
        ("update a number", "metric update"),
        ("Update a number", "metric update"),
        ("update number", "metric update"),
        ("update a figure", "metric update"),
        ("Update my figures", "metric update"),
        ("I want to update a number please", "metric update"),
        ("enter a number", "metric update"),
        ("record a figure", "metric update"),
        ("report a number", "metric update"),
        ("add action", "action add"),
        ("Add an action", "action add"),
        ("add a new action", "action add"),
        ("new action", "action add"),
        ("create an action item", "action add"),
        ("make a task", "action add"),
        ("answer check-in", "checkin"),
        ("Answer check-in (1)", "checkin"),
        ("answer the check-in", "checkin"),
        ("answer my check in", "checkin"),
        ("answer my checkins", "checkin"),
        ("do my check-in", "checkin"),
        ("my actions", "action"),
        ("My actions (3)", "action"),
        ("show my actions", "action"),
        ("I’m away", "checkin away"),
        ("im away", "checkin away"),
        ("I am away", "checkin away"),
        ("I'm back", "checkin back"),
        ("ask the coordinator", "coalition ask"),
        ("ask the coordinators", "coalition ask"),
        ("Ask a coordinator", "coalition ask"),
        ("contact the coordinator", "coalition ask"),
        ("message the coordinators", "coalition ask"),
        ("ask a question", "coalition ask"),
        ("propose a decision", "decision add"),
        ("raise an issue", "issue add"),
        ("link people", "coalition link"),
        ("week ahead", "coalition week"),
        ("the week ahead", "coalition week"),
        ("my settings", "coalition settings"),
        ("show my settings", "coalition settings"),
        ("schedule a meeting", "meeting add"),
        ("preview digest", "digest preview"),
        ("show the menu", "menu"),
        ("Help", "help"),
    ],
)
def test_the_same_in_other_words(typed: str, line: str) -> None:
    found = line_of(typed)
    assert found is not None
    assert found.text == line


async def _told(live: Stage, who: str, text: str) -> str:
    person = live.person(who)
    before = len(person.dm())
    await person.says(text)
    await person.until(lambda: len(person.dm()) > before + 1)
    return words(person.dm()[-1])


async def test_menu_words_typed_make_nothing_and_send_nothing(live: Stage) -> None:
    """What is a button's label is no title, no figure's name and no letter."""
    assert "Type “add” and what will be done" in await _told(live, "yolanda", "add action")
    assert "One press opens it." in await _told(live, "yolanda", "update a number")
    assert "Write “ask” and your words" in await _told(live, "yolanda", "ask the coordinator")
    assert "Update: Talent pathways" in await _told(live, "yolanda", "answer check-in")
    before = len(live.person("omar").dm())
    await live.settle()
    assert len(live.person("omar").dm()) == before
    grant = live.person("grant")
    await grant.command("/metric", "update a number")
    await grant.until(lambda: grant.modal is not None and "Latest value" in words(grant.modal))


async def test_thanks_ok_and_stop_are_understood(live: Stage) -> None:
    for thanks in ("thanks", "Thank you!", "thx", "Great, thanks!", "cheers 🙏"):
        assert "You're welcome, Yolanda. 1 check-in is open." in await _told(live, "yolanda", thanks)
    for fine in ("ok", "OK!", "got it", "sounds good", "👍 ok"):
        assert "Good. 1 check-in is open." in await _told(live, "yolanda", fine)
    for enough in ("stop", "STOP", "unsubscribe", "stop messaging me", "opt-out", "leave me alone!"):
        said = await _told(live, "yolanda", enough)
        assert "Nothing has changed yet." in said
        assert "My settings\nI'm away\nAsk the coordinator" in said
    assert "Pause all sending" in await _told(live, "omar", "stop")
    assert "No days away are noted" in await _told(live, "yolanda", "away")
    settings = await live.services.own_settings.page(await live.actor("yolanda"))
    assert not settings.no_messages_about
