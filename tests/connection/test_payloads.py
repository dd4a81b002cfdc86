"""What Slack sends passes, and whatever passes can be taken by Bolt; anything else is answered and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest

from bot.clock import FixedCalendar
from bot.connection.payloads import Malformed, check, kind_of
from bot.connection.traffic import Refusal
from bot.domain.record import Record
from tests.connection.stage import connected
from tests.examples import examples, part
from tests.http.slack import COMMAND, EVENT, FORM, PRESS
from tests.tables import on_each

SAMPLES = Path(__file__).parent.parent / "sandbox" / "samples"
TYPES = {
    "BlockAction": "block_actions",
    "MessageShortcut": "message_action",
    "ViewClosed": "view_closed",
    "ViewSubmission": "view_submission",
}


def samples() -> dict[str, dict[str, Any]]:
    """Slack's own samples of payloads, whose texts are empty there; ids have something in them here."""
    found = {}
    for path in sorted(SAMPLES.glob("*Payload.json")):
        payload = json.loads(path.read_text(encoding="utf-8"))
        name = path.stem.removesuffix("Payload")
        if name == "SlashCommand":
            payload |= {"command": "/action", "user_id": "U1"}
        elif name in TYPES:
            payload["type"] = TYPES[name]
            payload["user"]["id"] = "U1"
            payload["callback_id"] = "c"
            for view in [payload["view"]] if payload.get("view") else []:
                view |= {"id": "V1", "type": "modal"}
            for action in payload.get("actions", []):
                action |= {"action_id": "a", "type": "button"}
        else:
            payload |= {"type": "event_callback", "event_id": "Ev1"}
            payload["event"]["type"] = "message"
        found[name] = payload
    return found


@on_each("name", samples())
def test_slacks_own_samples_pass(name: str) -> None:
    payload = samples()[name]
    assert check(payload) is payload
    assert kind_of(payload) != "other" or name == "ViewClosed"


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.just([{}]),
    st.just({"id": None}),
    st.just([None]),
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*before, key)
        yield from paths(below, (*before, key))


@pytest.mark.in_part
@settings(max_examples=examples(part(20, 100)), deadline=None)
@given(st.data())
def test_whatever_passes_can_be_taken_by_bolt(data: st.DataObject) -> None:
    every = [EVENT, PRESS, FORM, COMMAND, *samples().values()]
    payload = json.loads(json.dumps(data.draw(st.sampled_from(every))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(paths(payload)) or [("type",)]))
        at = payload
        for key in way:
            at = at[key]
        if data.draw(st.booleans()) and isinstance(at, dict):
            at.pop(last, None)
        else:
            # What is drawn later may change it, and another example draws it again.
            at[last] = deepcopy(data.draw(JUNK))
    try:
        check(payload)
    except Malformed:
        return
    AsyncBoltRequest(body=payload, mode="socket_mode")


MALFORMED: dict[str, Any] = {
    "nothing": {},
    "another type": {"type": "other"},
    "a press of nothing": {**PRESS, "actions": []},
    "a form without a view": {**FORM, "view": None},
    "a NUL": {**PRESS, "more": "a\0b"},
    "a command by nobody": {**COMMAND, "user_id": 1},
    "words": "hello",
}


async def test_over_the_socket_it_is_taken_and_counted(
    sqlite_sample_url: str, sample: Record, calendar: FixedCalendar
) -> None:
    async with connected("socket", sqlite_sample_url, sample, calendar) as slack:
        sockets = slack.sandbox._delivery.sockets
        for name, payload in MALFORMED.items():
            wrapped = payload if isinstance(payload, dict) else {"text": payload}
            came = await sockets.send("interactive", wrapped, accepts_response=True, timeout=5.0, retry=None)
            assert came is None, name
        unheard = {**PRESS, "actions": [{"action_id": "of_another_age", "type": "button", "block_id": "b"}]}
        assert await sockets.send("interactive", unheard, accepts_response=True, timeout=5.0, retry=None) is None
        assert slack.bot.traffic.refused == {Refusal.SHAPE: len(MALFORMED), Refusal.NO_LISTENER: 1}
        marcus = slack.person("marcus")
        assert (await marcus.command("/action", "A-101")).ok, "the others are still answered"
