"""Acts of people of two workspaces, chosen at random, many with what belongs to the other coalition; and whether
anything of the other one was touched, told or spoken to. One process, one database, a small Slack for each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.clock import FixedCalendar
from bot.demo import user_id_of
from bot.domain.record import Record
from bot.sandbox import Person, Sandbox
from bot.sandbox.core import BOT_USER_ID, VERIFICATION_TOKEN
from bot.sandbox.forms import FIELDS, SEVERAL, elements
from bot.sandbox.people import Refused
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import Message
from bot.services.access import operator
from bot.slack.identifiers import Search
from bot.store.tables import METADATA
from handlers.context import Edge
from tests.conftest import MONDAY_SEVEN
from tests.handlers.installing.stage import DEMO, RIVER, Installed, installed
from tests.handlers.stage import CONNECTED
from tests.handlers.test_every_command import ROWS
from tests.marked import marked
from tests.schedules.stage import at

JSON = dict[str, Any]

KEYS = {DEMO: "limestone-bend", RIVER: "river-forks"}
# Behind each word of a coalition.
MARKS = {DEMO: "◇", RIVER: "◆"}
OTHER = {DEMO: RIVER, RIVER: DEMO}
# River's lead has an account that nobody has in the other workspace, where it is connected: a stranger there.
VISITOR = "U0VISITOR"
# Each is somebody in both workspaces, by the same id; Yolanda and Tom are connected from elsewhere in both.
MEMBERS = ("dana", "omar", "omar", "imani", "marcus", "priya", "lorna", "grant", "yolanda", "tom", "helen", "ben")
# What only River has by its id, since the sample is in both.
ONLY_RIVERS = (
    "add Ask the landlords again @marcus by Fri in supplier",
    "add Count the seats @marcus by Fri in supplier",
    "add Write to the college @marcus by Fri in supplier",
)
# What opens a form, with something about a thing in it.
FORMS = (
    ("omar", "/action", "edit A-101"),
    ("omar", "/priority", "edit supplier"),
    ("omar", "/metric", "update placed"),
    ("imani", "/decision", "add"),
    ("omar", "/meeting", "notes"),
    ("omar", "/coalition", "members"),
    ("imani", "/checkin", ""),
)
_NUMBERED = re.compile(r"\b[ADI]-\d+\b")


@dataclass
class Pool:
    """What stood in a workspace before somebody: anybody of the other one may hand it back, made up."""

    pressed: dict[str, tuple[JSON, JSON]] = field(default_factory=dict)
    forms: dict[str, JSON] = field(default_factory=dict)

    def take(self, blocks: list[JSON]) -> None:
        for block, element in elements(blocks):
            self.pressed.setdefault(json.dumps([element["action_id"], element.get("value")]), (block, element))

    def take_form(self, view: JSON) -> None:
        self.forms.setdefault(f"{view['callback_id']} {view['private_metadata']}", view)


@dataclass
class Crossing:
    """Two workspaces under random acts. `faults` is what crossed, a line each."""

    stage: Installed
    database: sqlite3.Connection
    chance: random.Random
    ids: Mapping[str, int]  # of the coalitions, by key
    pools: dict[str, Pool] = field(default_factory=lambda: {DEMO: Pool(), RIVER: Pool()})
    faults: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    _read: dict[str, tuple[int | None, dict[str, tuple[str, ...]]]] = field(default_factory=dict)

    @property
    def edge(self) -> Edge:
        # What listeners share is nobody else's, so it is asked for by the one that holds it.
        owed: Any = self.stage.bot.heartbeat.answer_owed
        edge: Edge = owed.__self__._edge
        return edge

    async def begin(self) -> None:
        """Both live on an open Monday."""
        stage = self.stage
        for team_id in (DEMO, RIVER):
            await stage.install(team_id)
            await stage.move_in(team_id, KEYS[team_id])
            await stage.go_live(team_id)
        workspace = stage.sandbox(RIVER).workspace
        workspace.add_user("visitor", id=VISITOR, real_name="Vic Visitor ◆")
        stage.sandbox(DEMO).workspace.add_user(
            "visitor", id=VISITOR, real_name="Vic Visitor ◆", kind="connected", team_id=RIVER, team_name="River"
        )
        for channel in stage.sandbox(DEMO).workspace.channels.values():
            if channel.is_ext_shared:
                channel.members.append(VISITOR)
        await stage.bot.services.people.link(stage.operator(RIVER), "dana", RIVER, VISITOR, by="command")
        for team_id in (DEMO, RIVER):
            for member in CONNECTED:
                user = stage.person(team_id, member).user
                await stage.bot.services.people.link(
                    operator(stage.coalition_id(team_id)), member, user.team_id, user.id, by="command"
                )
        stage.calendar.set(at("11-23 09:00"))
        await stage.bot.settle()
        for line in ONLY_RIVERS:
            assert (await stage.person(RIVER, "omar").command("/action", line)).ok
        for team_id in (DEMO, RIVER):
            for member in ("omar", "imani", "yolanda"):
                await stage.person(team_id, member).open_home()
            await self.rest()
            for member, command, words in FORMS:
                person = stage.person(team_id, member)
                assert (await person.command(command, words)).ok
                await self.rest()
                self._remember(team_id, person)
            for member in ("omar", "imani", "yolanda"):
                self._remember(team_id, stage.person(team_id, member))

    async def rest(self) -> None:
        """Waits until nothing is under way, and everything due is done."""
        for _ in range(2):
            for team_id in (DEMO, RIVER):
                await self.stage.sandbox(team_id).settled()
            await self.edge.drain(limit=60)
            if reading := [one for one in asyncio.all_tasks() if one.get_name() == "directory"]:
                await asyncio.wait(reading, timeout=5)
        # Nothing is planned, since the calendar stands still: what was set off is sent by every lane.
        await self.stage.bot.heartbeat._dispatcher.run()

    def person(self, team_id: str) -> Person:
        ids = [user_id_of(one) for one in MEMBERS] + [VISITOR]
        return self.stage.sandbox(team_id).person(self.chance.choice(ids))

    async def act(self, team_id: str) -> None:
        """One act in this workspace, and a look at whether the other one noticed."""
        there = OTHER[team_id]
        before, own = self.fingerprint(there), self.fingerprint(team_id)
        n, n_there = self._wire(team_id), self._wire(there)
        name, act = self.chance.choice(ACTS)
        person = self.person(team_id)
        # What Slack's client doesn't let anybody do is no act.
        with contextlib.suppress(Refused, LookupError):
            await act(self, team_id, person)
        await self.rest()
        self.look(f"{name} by {person.id} in {team_id}", team_id, n, n_there, before)
        changed = [table for table, rows in self.fingerprint(team_id).items() if own[table] != rows]
        self.happened[name] += 1
        self.happened["changed something of one's own"] += bool(changed)
        self._remember(team_id, person)

    def look(self, what: str, team_id: str, n: int, n_there: int, before: dict[str, tuple[str, ...]]) -> None:
        """Compares everything of the other coalition with how it was, and reads what was said meanwhile."""
        there = OTHER[team_id]
        after = self.fingerprint(there)
        for table in before:
            if before[table] != after[table]:
                new = next((one for one in after[table] if one not in set(before[table])), "less than before")
                self.faults.append(f"{what} changed {table} of {there}: {new}")
        spoken = self.stage.sandbox(there).wire.after(n_there)
        self.faults += [f"{what} spoke to {there}: {one['name']} {one['request']}" for one in spoken]
        for one in self.stage.sandbox(team_id).wire.after(n):
            said = json.dumps(one["request" if one["direction"] == "in" else "response"], ensure_ascii=False)
            if MARKS[there] in said:
                here = said.index(MARKS[there])
                self.faults.append(f"{what} told of {there}: {one['name']} …{said[max(0, here - 80) : here + 20]}")
            self.happened["answers read"] += 1
            self.happened["something went wrong"] += "Something went wrong" in said
        for served in self.stage.bot.workspaces:
            core = self.stage.sandbox(served.team_id)._core
            if served.client.token != core.bot_token or served.coalition_id != self.ids[KEYS[served.team_id]]:
                self.faults.append(f"after {what}, {served.team_id} is served as somebody else")

    def fingerprint(self, team_id: str) -> dict[str, tuple[str, ...]]:
        """Every row of the coalition that lives there, and of the workspace, as the database holds it."""
        # It is another number once anybody else has committed anything.
        version = self.database.execute("PRAGMA data_version").fetchone()[0]
        if self._read.get(team_id, (None, {}))[0] != version:
            self._read[team_id] = version, self._read_rows(team_id)
        return self._read[team_id][1]

    def _read_rows(self, team_id: str) -> dict[str, tuple[str, ...]]:
        coalition_id, found = self.ids[KEYS[team_id]], {}
        for table in METADATA.sorted_tables:
            for column, value in (("coalition_id", coalition_id), ("team_id", team_id)):
                if column in table.c:
                    rows = self.database.execute(f"SELECT * FROM {table.name} WHERE {column} = ?", (value,))
                    found[f"{table.name} by {column}"] = tuple(map(repr, rows))
        rows = self.database.execute("SELECT * FROM coalitions WHERE id = ?", (coalition_id,))
        return found | {"coalitions": tuple(map(repr, rows))}

    async def go_away_and_come_back(self, team_id: str) -> None:
        """The app is removed there, people go on in both, and it is installed again."""
        there = OTHER[team_id]
        before, n, n_there = self.fingerprint(there), self._wire(team_id), self._wire(there)
        self.stage.town.uninstall(team_id)
        await self.stage.sandbox(team_id).settled()
        await self.stage.sandbox(team_id).until(lambda: self.stage.bot.workspaces.of_workspace(None, team_id) is None)
        await self.rest()
        self.look(f"uninstalling {team_id}", team_id, n, n_there, before)
        for _ in range(3):
            await self._act_while_away(team_id)
            await self.act(there)
        before, n, n_there = self.fingerprint(there), self._wire(team_id), self._wire(there)
        await self.stage.install(team_id)
        await self.stage.bot.refresh_directory(team_id)
        await self.rest()
        self.look(f"installing {team_id} again", team_id, n, n_there, before)
        assert self.stage.bot.workspaces.of_workspace(None, team_id) is not None
        self.happened["uninstalled and installed again"] += 1

    async def _act_while_away(self, team_id: str) -> None:
        """Slack sends nothing for a workspace without the app; should it do so, nothing becomes of it."""
        sandbox = self.stage.sandbox(team_id)
        own, there = self.fingerprint(team_id), self.fingerprint(OTHER[team_id])
        n, n_there = self._wire(team_id), self._wire(OTHER[team_id])
        sandbox._core.is_installed = True
        try:
            await sandbox.person(user_id_of("omar")).command("/action", "done A-101")
            await press_theirs(self, team_id, sandbox.person(user_id_of("omar")))
            await self.rest()
        finally:
            sandbox._core.is_installed = False
        self.look(f"acting in {team_id} without the app", team_id, n, n_there, there)
        if own != self.fingerprint(team_id):
            self.faults.append(f"acting in {team_id} without the app changed something there")
        if calls := [one["name"] for one in sandbox.wire.after(n) if one["direction"] == "in"]:
            self.faults.append(f"acting in {team_id} without the app was answered: {calls}")

    def _wire(self, team_id: str) -> int:
        entries = self.stage.sandbox(team_id).wire.after()
        return int(entries[-1]["n"]) if entries else 0

    def _remember(self, team_id: str, person: Person) -> None:
        pool, sandbox = self.pools[team_id], self.stage.sandbox(team_id)
        for view in (*person.modals, *filter(None, [person.home()])):
            pool.take(view.blocks)
            if not view.is_home and "submit" in view.body:
                pool.take_form(sandbox._backend.views.view_json(view))
        for message in (*person.dm()[-3:], *person.ephemerals[-2:]):
            pool.take(message.blocks or [])


def text_for(crossing: Crossing, person: Person) -> tuple[Person, str, str]:
    """(who, noun, words) that may be typed, mostly by whoever would; now and then of what only the other side has."""
    noun = crossing.chance.choice([*ROWS])
    row, sandbox = crossing.chance.choice(ROWS[noun]), person._backend.core.workspace
    words = row.text
    if crossing.chance.random() < 0.4:
        words = _NUMBERED.sub(lambda found: found[0][:2] + str(crossing.chance.randint(100, 125)), words)
    if crossing.chance.random() < 0.7 and user_id_of(row.who) in sandbox.users:
        person = Person(person._backend, person._people, person._interactions, person._submissions, user_id_of(row.who))
    return person, noun, words


async def type_a_command(crossing: Crossing, team_id: str, person: Person) -> None:
    del team_id
    person, noun, words = text_for(crossing, person)
    await person.command(f"/{noun}" if noun not in {"menu", "help"} else "/backbeat", words)


async def add_an_action(crossing: Crossing, team_id: str, person: Person) -> None:
    """What surely changes something here, with an id that both coalitions will have for something of their own."""
    del person
    words = f"add Ask again {crossing.chance.randrange(10**6)} @marcus by Fri in supplier"
    await crossing.stage.person(team_id, "omar").command("/action", words)


async def write_to_the_bot(crossing: Crossing, team_id: str, person: Person) -> None:
    del team_id
    person, noun, words = text_for(crossing, person)
    await person.says(f"{noun} {words}" if crossing.chance.random() < 0.7 else words)


async def mention_the_bot(crossing: Crossing, team_id: str, person: Person) -> None:
    channels = [
        one.name
        for one in crossing.stage.sandbox(team_id).workspace.channels.values()
        if person.id in one.members and one.kind != "im"
    ]
    if channels:
        _, noun, words = text_for(crossing, person)
        await person.says(f"<@{BOT_USER_ID}> {noun} {words}", crossing.chance.choice(channels))


async def open_home(crossing: Crossing, team_id: str, person: Person) -> None:
    del crossing, team_id
    await person.open_home()


async def press_own(crossing: Crossing, team_id: str, person: Person) -> None:
    """What stands before them."""
    del team_id
    views = [*person.modals[-1:], *filter(None, [person.home()])]
    places: list[View | Message] = [*views, *person.dm()[-3:], *person.ephemerals[-2:]]
    found = [
        (where, block, element)
        for where in places
        for block, element in elements(where.blocks or [])
        if element["type"] == "button" and "url" not in element
    ]
    if found:
        where, block, element = crossing.chance.choice(found)
        with contextlib.suppress(LookupError):
            await person.press(where, element["action_id"])
        del block


async def submit_own(crossing: Crossing, team_id: str, person: Person) -> None:
    if person.modal is None:
        await type_a_command(crossing, team_id, person)
        await crossing.rest()
    if person.modal is not None and "submit" in person.modal.body:
        await person.submit()


async def press_theirs(crossing: Crossing, team_id: str, person: Person) -> None:
    """A button or menu of the other workspace, as if it had stood here: in a message, in Home or in a modal."""
    chance, pool = crossing.chance, crossing.pools[OTHER[team_id]]
    if not pool.pressed:
        return
    sandbox = crossing.stage.sandbox(team_id)
    block, element = chance.choice([*pool.pressed.values()])
    action: JSON = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": sandbox._core.clock.next_ts(),
        **_chosen(crossing, team_id, element),
    }
    payload = _envelope(sandbox, person, "block_actions") | {"actions": [action]}
    where = chance.choice(("message", "home", "modal"))
    if where == "message":
        im = person.im
        message: JSON = {"ts": sandbox._core.clock.next_ts(), "text": "", **sandbox._core.app_json()}
        payload |= {
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": im.id},
            "channel": {"id": im.id, "name": "directmessage"},
            "message": message,
            "response_url": _response_url(sandbox, person, im.id, message["ts"]),
        }
    else:
        view = _view_here(crossing, team_id, person, is_home=where == "home")
        payload |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    await _send(crossing, team_id, payload)


async def submit_theirs(crossing: Crossing, team_id: str, person: Person) -> None:
    """A form of the other workspace, as if it had been opened here, with what stood in it."""
    if crossing.pools[OTHER[team_id]].forms:
        sandbox = crossing.stage.sandbox(team_id)
        view = _view_here(crossing, team_id, person)
        await _send(crossing, team_id, _envelope(sandbox, person, "view_submission") | {"view": view})


async def search(crossing: Crossing, team_id: str, person: Person) -> None:
    """A letter typed into a search, in a form of the other workspace."""
    if crossing.pools[OTHER[team_id]].forms:
        sandbox = crossing.stage.sandbox(team_id)
        view = _view_here(crossing, team_id, person)
        payload = _envelope(sandbox, person, "block_suggestion") | {
            "action_id": crossing.chance.choice([*Search]).value,
            "block_id": "anything",
            "value": crossing.chance.choice("aeorst"),
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
        }
        await _send(crossing, team_id, payload, kind="options")


async def make_up_an_event(crossing: Crossing, team_id: str, person: Person) -> None:
    """Something happens here with ids that mean somebody, or something, over there as well."""
    sandbox = crossing.stage.sandbox(team_id)
    core, chance = sandbox._core, crossing.chance
    there = crossing.stage.sandbox(OTHER[team_id])
    channel = chance.choice([one.id for one in there.workspace.channels.values()])
    here = [one.id for one in sandbox.workspace.channels.values() if {person.id, BOT_USER_ID} <= {*one.members}]
    ts, im, own = core.clock.next_ts(), person.im.id, chance.choice([*here, person.im.id])
    event = chance.choice(
        (
            {"type": "user_change", "user": core.user_json(sandbox.workspace.users[person.id]), "event_ts": ts},
            {"type": "member_joined_channel", "user": BOT_USER_ID, "channel": channel, "team": OTHER[team_id]},
            {"type": "channel_rename", "channel": {"id": channel, "name": "elsewhere", "created": 0}},
            {"type": "app_mention", "user": person.id, "text": "action list", "channel": own, "ts": ts},
            {"type": "app_mention", "user": person.id, "text": "metric list", "channel": own, "ts": ts},
            {"type": "app_home_opened", "user": person.id, "channel": im, "tab": "home", "event_ts": ts},
            {"type": "message", "channel_type": "im", "channel": im, "user": person.id, "text": "menu", "ts": ts},
        )
    )
    name = "message.im" if event["type"] == "message" else str(event["type"])
    # Slack tells where it happened beside whose installation hears of it; in shared channels these are two.
    payload = sandbox._delivery._callback(event, ext_shared=True)
    if chance.random() < 0.7:
        payload["team_id"] = OTHER[team_id]
    if chance.random() < 0.5:
        event["user_team"] = person.user.team_id
    crossing.happened[f"event {name}"] += 1
    sandbox._delivery._start(payload)


Act = Callable[[Crossing, str, Person], Awaitable[None]]
ACTS: tuple[tuple[str, Act], ...] = tuple(
    (name, act)
    for count, name, act in (
        (3, "a command", type_a_command),
        (2, "an action added", add_an_action),
        (2, "words to the bot", write_to_the_bot),
        (1, "a mention", mention_the_bot),
        (1, "a look at Home", open_home),
        (3, "a press", press_own),
        (1, "a form", submit_own),
        (6, "a press of theirs", press_theirs),
        (5, "a form of theirs", submit_theirs),
        (1, "a search in theirs", search),
        (4, "an event", make_up_an_event),
    )
    for _ in range(count)
)


def _envelope(sandbox: Sandbox, person: Person, kind: str) -> JSON:
    return sandbox.interactions._envelope(person.user, kind)


def _response_url(sandbox: Sandbox, person: Person, channel: str, ts: str) -> str:
    return sandbox.interactions._responses.address(ResponseUrl(channel, person.id, message_ts=ts))


def _view_here(crossing: Crossing, team_id: str, person: Person, *, is_home: bool = False) -> JSON:
    """A form of the other workspace's, with what stood in it, as if this one's app had shown it."""
    sandbox, forms = crossing.stage.sandbox(team_id), [*crossing.pools[OTHER[team_id]].forms.values()]
    body: JSON = {"type": "modal", "blocks": [], "title": {"type": "plain_text", "text": "A form"}}
    if not forms or is_home:
        shown = sandbox._backend.views.view_json(sandbox._backend.views.open(person.id, body))
        return shown | {"type": "home"} if is_home else shown
    theirs = _bare(crossing.chance.choice(forms), team_id)
    body |= {key: theirs[key] for key in ("blocks", "callback_id", "private_metadata", "title", "submit")}
    view = sandbox._backend.views.open(person.id, body)
    view.drafts = theirs["state"]["values"]
    return sandbox._backend.views.view_json(view)


def _chosen(crossing: Crossing, team_id: str, element: JSON) -> JSON:
    """What somebody chooses in it."""
    chance, kind = crossing.chance, element["type"]
    if kind == "button":
        return {"value": element["value"]} if "value" in element else {}
    if kind in {"static_select", "radio_buttons", "overflow"}:
        options = [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]
        return {"selected_option": chance.choice(options)}
    if kind in {"users_select", "multi_users_select"}:
        user = chance.choice([*crossing.stage.sandbox(team_id).workspace.users])
        return {"selected_user": user} if kind == "users_select" else {"selected_users": [user]}
    name = FIELDS[kind][0]
    return {name: [] if kind in SEVERAL else element.get(FIELDS[kind][1])}


def _bare(payload: JSON, team_id: str) -> JSON:
    """The same without a word of the other coalition: what comes back has such words from nowhere else."""
    bare: JSON = json.loads(json.dumps(payload, ensure_ascii=False).replace(f" {MARKS[OTHER[team_id]]}", ""))
    return bare


async def _send(crossing: Crossing, team_id: str, payload: JSON, kind: str = "interactions") -> None:
    bare = {**_bare(payload, team_id), "token": VERIFICATION_TOKEN}
    await crossing.stage.sandbox(team_id)._delivery.request(kind, bare)


@asynccontextmanager
async def crossing_of(file: Path, sample: Record, seed: int) -> AsyncIterator[Crossing]:
    """Both coalitions on this migrated database, live, with nothing under way."""
    quiet: dict[str, Any] = {"tick_housekeeping": 10_000.0, "tick_plan": 10_000.0, "presses_per_minute": 0}
    async with installed(f"sqlite:///{file}", sample, FixedCalendar(MONDAY_SEVEN), **quiet) as stage:
        for team_id, key in KEYS.items():
            record = marked(sample, MARKS[team_id])
            record = replace(record, coalition=replace(record.coalition, id=key))
            await stage.bot.services.coalitions.import_record(record, as_key=key)
        ids = {one.key: one.id for one in await stage.bot.services.coalitions.all()}
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            crossing = Crossing(stage, database, random.Random(seed), ids)
            await crossing.begin()
            yield crossing
