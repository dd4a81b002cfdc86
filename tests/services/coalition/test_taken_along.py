"""What goes along in a file: a copy reads as its original does, goes on as it would have, and says nothing twice.

Ten days with everything in them, exported in the middle of a round and brought into an empty database under the same
clock, where both live on side by side. `python -m tests.services.coalition.test_taken_along` lives on for two weeks.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import FixedCalendar, SystemElapsedTime
from bot.domain.coalition_file import check, to_file
from bot.domain.outbox import State
from bot.domain.people import Workspace
from bot.files import dump_coalition_file, load_coalition_file
from bot.log import configure_logging
from bot.services import Services
from bot.store import schema
from bot.store.database import Database, database_url
from bot.store.outbox import DeliveryRow
from bot.store.people import WorkspaceRow
from tests.conftest import MONDAY_SEVEN, Beginnings
from tests.examples import part
from tests.services.coalition.lived_along import (
    READERS,
    brought_into,
    exported,
    lived,
    loaded,
    moved_in,
    screens,
    settle,
    until,
    whole,
)
from tests.services.coalition.test_imports import content_of
from tests.services.lived import once
from tests.services.stage import TEAM, Stage
from tests.tables import on_each

# The rest of the open round, its close with what follows, a brief and previews; in a whole run a digest too. Two weeks
# go by command.
DAYS = part("2026-12-03T15:05", "2026-12-04T13:05")
READING = part(READERS[:2], READERS)
TWO_WEEKS = "2026-12-16T10:05"


@pytest.fixture
async def stage(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("lived_along", lived) as found:
        yield found


@pytest.fixture
async def copy(stage: Stage, database: Database) -> Stage:
    here = Services(database, stage.calendar, SystemElapsedTime())
    return await _brought_into(here, stage.calendar, await exported(stage))


@once
async def _brought_into(services: Services, calendar: FixedCalendar, text: str) -> Stage:
    return await brought_into(services.database, text, calendar)


# When each went live, and how often a meeting was changed since it was made here: what is of each alone.
# From the beginning of its line: tried from each place of a long line, this takes longer than the days that are lived.
_OWN = re.compile(r"^.*Live since .*|SEQUENCE:\d+", re.MULTILINE)


async def compare(stage: Stage, copy: Stage, end: str) -> int:
    """Raises AssertionError where the two differ; how many messages went out by the end."""
    text = await exported(stage)
    assert await exported(copy) == text
    await moved_in(copy)
    ours, theirs = await screens(stage, READING), await screens(copy, READING)
    assert ours.keys() == theirs.keys()
    for name, shown in ours.items():
        assert _OWN.sub("", theirs[name]) == _OWN.sub("", shown), name
    # Calendars leave aside what was changed less often than what they have.
    here, there = ([int(n) for n in re.findall(r"SEQUENCE:(\d+)", one["calendar"])] for one in (ours, theirs))
    assert max(here) > 0
    assert all(later >= count for count, later in zip(here, there, strict=True))
    heard, repeated = await until([stage, copy], end)
    assert sorted(repeated) == sorted(heard)
    # A list may say the same a week later; nobody hears it twice on a day.
    posts = [(one.at.date(), one.to, one.words) for one in heard if one.operation == "post"]
    assert len(set(posts)) == len(posts)
    return len(heard)


@pytest.mark.in_part
async def test_a_copy_reads_and_goes_on_as_its_original(stage: Stage, copy: Stage) -> None:
    assert await compare(stage, copy, DAYS) > part(30, 60)


async def test_everything_is_in_it(stage: Stage) -> None:
    """So that no part of the comparison is about nothing."""
    record = await stage.services.coalitions.whole(stage.operator)
    along = record.along
    assert along is not None
    assert all(getattr(along, name) for name in along.__dataclass_fields__), along
    assert sum(one.published_at is not None for one in along.digests) >= 2
    kinds = {one.kind for one in along.messages}
    assert {"prompts", "digest_roll_up", "digest_reply", "owner_preview", "pack", "agenda", "decision"} <= kinds
    items = {item.kind for one in along.messages for item in one.items}
    assert {"ask", "reminder", "delegate", "money_ends", "figure", "action_list", "help_wanted", "ask_news"} <= items
    states = {one.state for one in along.messages}
    assert {State.SENT, State.PLANNED, State.DROPPED, State.MISSED} <= states
    choices = {answer.choice for one in record.decisions for answer in one.answers}
    assert choices >= {"object", "option", "abstain", "talk"}
    assert any(one.asked_at is not None and one.closed_at is None for one in along.round_steps), "a round is open"
    assert any(one.did for one in record.pulses)


async def test_the_same_file_again_changes_nothing(stage: Stage, copy: Stage) -> None:
    """Neither in its original, also where the file is preferred, nor in a copy."""
    record = loaded(await exported(stage))
    for one, prefer_file in ((stage, True), (copy, False)):
        before = await content_of(one.services)
        result = await one.services.coalitions.import_record(record, prefer_file=prefer_file)
        assert result.differences == ()
        after = await content_of(one.services)
        del before["imported_files"], after["imported_files"]
        assert after == before


async def test_a_file_changes_no_voice_and_brings_those_of_new_decisions(stage: Stage) -> None:
    record = await stage.services.coalitions.whole(stage.operator)
    known = next(one for one in record.decisions if one.id == "D-1")
    said = known.answers[0]
    new = replace(known, id="D-90", title="Another one", answers=(said,))
    changed = replace(known, answers=(replace(said, choice="abstain", option=None, reason=None), *known.answers[1:]))
    decisions = (*(changed if one.id == "D-1" else one for one in record.decisions), new)
    await stage.services.coalitions.import_record(replace(record, decisions=decisions), prefer_file=True)
    after = {one.id: one.answers for one in (await stage.record()).decisions}
    assert after["D-1"] == known.answers
    assert after["D-90"] == (said,)


async def test_messages_are_changed_where_they_stand_in_their_own_workspace_only(
    stage: Stage, copy: Stage, database: Database
) -> None:
    there = await _standing(stage)
    assert there
    for team, expected in ((TEAM, there), ("T0OTHER", set())):
        assert await _standing(copy) == there
        workspace = Workspace(team_id=team, name="Test", enterprise_id=None, bot_user_id="UBOT")
        await copy.services.people.bind_workspace(workspace, None)
        assert await _standing(copy) == expected
        async with database.write() as session:
            for row in await session.scalars(select(WorkspaceRow)):
                await session.delete(row)


async def _standing(stage: Stage) -> set[tuple[str | None, str | None]]:
    async with stage.services.database.read() as session:
        rows = await session.execute(
            select(DeliveryRow.channel_id, DeliveryRow.ts).where(
                DeliveryRow.ts.is_not(None), DeliveryRow.operation == "post", DeliveryRow.kind.not_in(["letter"])
            )
        )
        return {(row.channel_id, row.ts) for row in rows}


async def test_a_copy_beside_its_original_is_one_of_its_own(stage: Stage) -> None:
    """Under another id in the same database: no key of a message is in its way. What may have arrived waits for a
    person there: nobody can look for it from another coalition, and it must never come twice."""
    async with stage.services.database.write() as session:
        row = await session.scalar(select(DeliveryRow).where(DeliveryRow.state == State.PLANNED).limit(1))
        assert row is not None
        row.state = State.AMBIGUOUS
    record = await whole(stage)
    result = await stage.services.coalitions.import_record(record, as_key="second")
    assert result.coalition_id is not None
    async with stage.services.database.read() as session:
        count = select(func.count(DeliveryRow.id)).where(DeliveryRow.operation == "post")
        assert await session.scalar(count.where(DeliveryRow.coalition_id == result.coalition_id)) == len(
            record.along.messages if record.along is not None else ()
        )
    copy = Stage(stage.services, stage.calendar, result.coalition_id)
    held = [one for one in await copy.deliveries() if one.state == State.HELD]
    assert [one.reason for one in held] == ["it may have arrived before this coalition was exported"]


async def test_what_comes_due_until_a_copy_is_started_is_late(copy: Stage) -> None:
    """As after a downtime: Friday's digest is sent when somebody starts it, and says so; the round that ran out
    meanwhile is closed with all that follows, and nobody is asked about it any more."""
    copy.at("2026-12-04T10:00")
    await moved_in(copy)
    heard = await settle(copy)
    [digest] = [one for one in await copy.deliveries("digest_roll_up") if one.due == "Fri Dec 04 07:30"]
    assert digest.state == State.SENT
    [said] = [one.words for one in heard if one.kind == "digest_roll_up"]
    assert "Posted" in said
    assert "instead of" in said
    assert not [one.words for one in heard if "could you stand in for" in one.words]
    along = (await copy.services.coalitions.whole(copy.operator)).along
    assert along is not None
    assert all(one.closed_at is not None for one in along.round_steps if one.day == date(2026, 12, 1))
    assert [one.text for one in along.asks] == ["An inspector.", "Two rooms."]


async def test_nothing_private_goes_along(stage: Stage) -> None:
    """Letters, drafts, keys of forms, tokens and accounts are in no file; who took part in a pulse neither."""
    text = await exported(stage)
    for private in ("Is there anything new?", '"UIMANI1"', "took_part", "submission", "token", '"letter"', ": letter"):
        assert private not in text, private


def _file(**changes: Any) -> dict[str, Any]:
    """The least file with one of each, changed."""
    moment = "2026-11-24T15:00:00+00:00"
    of_round = {"cadence": "weekly", "round": "2026-11-24", "priority": "p1"}
    data: dict[str, Any] = {
        "schema_version": 1,
        "imported_at": moment,
        "coalition": {"id": "c", "name": "C", "timezone": "America/Chicago"},
        "organizations": [{"id": "o1", "name": "One", "sector": "public"}],
        "members": [{"id": "ana", "name": "Ana", "organization": "o1"}],
        "groups": [{"id": "g1", "name": "Steering", "kind": "steering_committee", "members": ["ana"]}],
        "priorities": [{"id": "p1", "name": "First", "owner": "ana"}],
        "cadences": [
            {
                **{"id": "weekly", "kind": "checkin", "name": "Weekly", "timezone": "America/Chicago"},
                **{"dtstart": "2026-01-06T09:00:00", "rrule": "FREQ=WEEKLY;BYDAY=TU", "audience": "priority_owners"},
                "question_set": "q",
            }
        ],
        "question_sets": [{"id": "q", "title": "Q", "questions": [{"id": "ask", "type": "text", "label": "Ask?"}]}],
        "checkins": [{**of_round, "by": "ana", "answered_at": moment, "ask": "A room.", "ask_from": "o1"}],
        "rounds": [{**of_round, "opens_at": moment, "closes_at": "2026-11-26T15:00:00+00:00", "asked": True}],
        "decisions": [
            {
                **{"id": "D-1", "title": "A or B", "priority": None, "decider": "g1", "status": "needed"},
                "options": ["A", "B"],
                "answers": [{"voice": "o1", "choice": "option", "option": "A", "by": "ana", "answered_at": moment}],
            }
        ],
        "asks": [{**of_round, "text": "A room.", "asked": "o1", "state": "sent", "made_at": moment}],
        "round_steps": [{**of_round, "slot": "2026-11-24T09:00:00", "planned_at": moment, "owner": "ana"}],
        "digests": [{"cadence": "weekly", "slot": "2026-11-27T07:30:00", "due_at": moment}],
        "messages": [
            {
                **{"kind": "prompts", "to": "ana", "state": "sent", "planned_at": moment, "due_at": moment},
                "items": [{"kind": "ask", "about": "weekly/2026-11-24/p1"}],
            }
        ],
    }
    for path, value in changes.items():
        *steps, last = path.split("__")
        holder: Any = data
        for step in steps:
            holder = holder[int(step)] if step.isdigit() else holder[step]
        holder[int(last) if last.isdigit() else last] = value
    return data


def test_the_least_file_with_all_of_it_is_taken() -> None:
    record, problems = check(_file())
    assert problems == []
    assert record is not None
    again, _ = check(to_file(record))
    assert again == record


@on_each(
    ("path", "value", "said"),
    [
        ("decisions__0__answers__0__voice", "o2", "is “o2”, and no organization or member has this id"),
        ("decisions__0__answers__0__by", "anna", "is “anna”, and no member has this id. Did you mean “ana”?"),
        ("decisions__0__answers__0__option", "C", "is “C”, which is none of the options"),
        ("decisions__0__answers__0__choice", "abstain", "is given, and the choice is abstain. Leave it out"),
        ("asks__0__round", "2026-11-17", "no check-in of that round is about “p1”"),
        ("asks__0__state", "sending", "is “sending”. Write one of: waiting, held, sent"),
        ("round_steps__0__round", "2026-11-17", "`rounds` has none of that day about this"),
        ("round_steps__0__owner", "bea", "is “bea”, and no member has this id"),
        ("messages__0__items__0__about", "weekly/2026-11-17/p1", "`round_steps` has nothing of this. Did you mean"),
        ("messages__0__kind", "mail", "is “mail”. Write one of: prompts"),
        ("messages__0__channel", "here", "a message goes to one of the two"),
        ("messages__0__thread_of", 1, "is 1, and this is message 1. Write the place of one before"),
        ("digests__0__cadence", "daily", "is “daily”, and no cadence has this id"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(path: str, value: Any, said: str) -> None:
    record, problems = check(_file(**{path: value}))
    assert record is None
    assert any(said in one.message for one in problems), problems


def test_what_stands_twice_is_named() -> None:
    for key in ("asks", "round_steps", "digests"):
        data = _file()
        data[key].append(data[key][0])
        _, problems = check(data)
        [one] = problems
        assert one.message == f"`{key}[1]` stands there already, as `{key}[0]`. Keep one of the two."
    data = _file()
    data["decisions"][0]["answers"].append(data["decisions"][0]["answers"][0])
    _, problems = check(data)
    assert "answers in `decisions[0].answers[0]` already. Keep one of the two." in problems[0].message


def test_a_mistake_in_a_document_is_told_by_its_line() -> None:
    record, _ = check(_file())
    assert record is not None
    text = dump_coalition_file(record)
    number = next(n for n, line in enumerate(text.splitlines(), start=1) if '"kind": "prompts"' in line)
    [problem] = load_coalition_file(text.replace('"kind": "prompts"', '"kind": "mail"')).problems
    assert problem.line == number
    for broken, said in (
        (text.replace('{"messages": [', '{"messages": {', 1), "This document is no JSON"),
        (text + '---\n{"coalition": []}\n', "“coalition” is no list"),
        (text + '---\n{"messages": 4}\n', "“messages” is no list"),
    ):
        [problem] = load_coalition_file(broken).problems
        assert said in problem.message


async def _for_two_weeks() -> int:
    """The long form. Raises AssertionError where the two differ."""
    with tempfile.TemporaryDirectory(prefix="backbeat-along-") as folder:
        calendar, databases = FixedCalendar(MONDAY_SEVEN), []
        for name in ("original", "copy"):
            url = database_url(f"sqlite:///{folder}/{name}.db")
            await asyncio.to_thread(schema.migrate, url)
            databases.append(Database(url))
        stage = await lived(Services(databases[0], calendar, SystemElapsedTime()), calendar)
        copy = await brought_into(databases[1], await exported(stage), calendar)
        found = await compare(stage, copy, TWO_WEEKS)
        for one in databases:
            await one.close()
        return found


if __name__ == "__main__":
    configure_logging("WARNING")
    print(f"{asyncio.run(_for_two_weeks())} messages in two weeks, the same in both")
