"""A session that is kept to one coalition knows nothing of another one, by whatever query and whatever key."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from bot.store.base import OfCoalition
from bot.store.checkins import DraftRow
from bot.store.organizations import OrganizationRow
from bot.store.people import MemberRow
from bot.store.tables import METADATA
from tests.services.stage import Stage

pytestmark = pytest.mark.usefixtures("one_after_the_other")

SERVICES = Path(__file__).parents[3] / "bot" / "services"
# What the program does by itself for every coalition, or before it knows which one is meant; a service and method.
OF_ALL = {
    "checkins.pulses.write_down",
    "coalition.coalitions.all",
    "coalition.coalitions._import",
    "coalition.coalitions.last_moment",
    "sending.contents.read",
    "sending.envelopes.of",
    "sending.bounces.is_its_turn",  # one mailbox for all of them
    "sending.bounces.note",  # whose mail it is about follows from its key
    "sending.deliveries._claim_together",
    "sending.deliveries._leave_claim",
    "sending.deliveries.due_coalitions",
    "sending.due.is_anything_due",
    "sending.deliveries.failed",
    "sending.deliveries.not_taken",
    "sending.deliveries.is_settled",
    "people.answer_links._opened",
    "people.answer_links.ask_to_sign_in",
    "installations.end",
    "installations.every",
    "installations.keep",
    "installations.of_team",
    "installations.refreshed",
    "installations.reseal",
    "installations.states",
    "installations.take_refresh",
    "installations.versions",
    "people.people.known_workspace",
    "sending.deliveries.rest_where_not_installed",
    "sending.deliveries.keep_dm",
    "sending.turns.may_post",
    "sending.arrivals._record",
    "sending.turns._renew",
    "sending.deliveries.sent",
    "sending.deliveries.stumbled",
    "sending.deliveries.tell_of_clock",  # of the machine, which all coalitions share
    "sending.deliveries.wait",
    "sending.deliveries.wake_waiting",
    "home.overview.coordinator_of",
    "series.looks.due",
    "sending.queue.numbers",  # for whoever runs the program
    "sending.forgetting._is_its_turn",  # a day has one turn
    "sending.forgetting.forget",
    "sending.inbox.answered",
    "sending.inbox.first_time",
    "sending.inbox.forget_old",
    "sending.inbox.keep_answering",
    "sending.inbox.note_home",
    "sending.inbox.take_owed",
    "sending.inbox.was_home",
    "sending.recoveries._is_any",
    "sending.recoveries._note",
    "sending.recoveries.doubts",
    "sending.recoveries.end",
    "sending.recoveries.looked",
    "sending.runs.begin",  # of the database, which all coalitions share
    "sending.runs.mark",
    "people.link_requests.ask",
    "people.people.actor_of",
    "people.people.bind_workspace",
    "people.people.coalition_of",
    "outbox.pictures.find",
    "outbox.pictures.forget",
    "outbox.pictures.keep",
    "week.rehearsals._found",  # on a copy that holds one coalition
    "week.rehearsals._show_anew",
    "rhythm.rhythm._live_coalitions",
    "rhythm.rhythm._has_due",
    "rhythm.rhythm._plan",
    "rhythm.rhythm._refresh",
    "rhythm.rhythm.close",
    "rhythm.rhythm.is_settled",
    "rhythm.rhythm.next_due",
    "coalition.setup.begin",
    "coalition.setup.keep_names",  # there is no coalition before the first step is sent
    "coalition.setup.name_admin",
    "coalition.setup.name_coalition",
    "sending.unclear_posts.due",
    "sending.unclear_posts.expire_leases",
    "sending.unclear_posts.found",
    "sending.unclear_posts.hold",
    "sending.unclear_posts.look_later",
    "sending.unclear_posts.not_found",
    "sending.unclear_posts.not_sent",
}


async def test_no_key_and_no_query_finds_a_row_of_another_coalition(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    database = any_sample.services.database
    async with database.read() as session:
        members = (await session.scalars(select(MemberRow).order_by(MemberRow.id))).all()
    theirs = [row for row in members if row.coalition_id == other.coalition_id]
    assert 0 < len(theirs) < len(members)
    for coalition_id in (other.coalition_id, any_sample.coalition_id, other.coalition_id):
        async with database.read(coalition_id) as session:
            assert {row.coalition_id for row in await session.scalars(select(MemberRow))} == {coalition_id}
    async with database.read(any_sample.coalition_id) as session:
        for row in theirs:
            assert await session.get(MemberRow, row.id) is None
        assert await session.scalar(select(MemberRow.name).where(MemberRow.id == theirs[0].id)) is None
        assert await session.scalar(select(func.count(MemberRow.id))) == len(members) - len(theirs)
        again = aliased(MemberRow)
        joined = select(OrganizationRow, again).join(again, again.organization_id == OrganizationRow.id)
        found = {row.coalition_id for pair in await session.execute(joined) for row in pair}
        assert found == {any_sample.coalition_id}
        outer = select(func.count(again.id)).select_from(OrganizationRow).outerjoin(again, again.id == theirs[0].id)
        assert await session.scalar(outer) == 0
        inner = select(func.count(OrganizationRow.id)).where(
            OrganizationRow.id.in_(select(MemberRow.organization_id).where(MemberRow.id == theirs[0].id))
        )
        assert await session.scalar(inner) == 0


async def test_nothing_of_another_coalition_is_changed(any_two: tuple[Stage, Stage]) -> None:
    any_sample, other = any_two
    database, actor = any_sample.services.database, await any_sample.actor("omar")
    now = any_sample.calendar.now()
    async with database.read() as session:
        theirs = await session.scalar(select(MemberRow).where(MemberRow.coalition_id == other.coalition_id).limit(1))
        assert theirs is not None
    async with database.write() as session:
        draft = DraftRow(coalition_id=other.coalition_id, member_id=theirs.id, subject="kept", values={}, saved_at=now)
        session.add(draft)
    async with database.write(actor.author(now)) as session:
        assert await session.get(DraftRow, draft.id) is None
        for change in (delete(DraftRow), update(DraftRow).values(subject="taken")):
            assert (await session.execute(change.where(DraftRow.id == draft.id))).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="a row of drafts of another coalition"):
        async with database.write(actor.author(now)) as session:
            session.add(
                DraftRow(coalition_id=other.coalition_id, member_id=theirs.id, subject="x", values={}, saved_at=now)
            )


def _below(kind: type) -> set[type]:
    return {kind}.union(*map(_below, kind.__subclasses__()))


def test_every_table_that_has_a_coalition_is_kept_to_it() -> None:
    mapped = {one.__tablename__ for one in _below(OfCoalition) if hasattr(one, "__tablename__")}
    with_coalition = {table.name for table in METADATA.tables.values() if "coalition_id" in table.columns}
    # A setup begins before there is a coalition, so its workspace is its key, which only Slack says. The log of changes
    # holds numbers of rows only, is read by the record's own statements and outlives what it names.
    assert with_coalition - mapped == {"setups", "record_changes"}


def test_whoever_acts_for_somebody_keeps_to_their_coalition() -> None:
    """By reading the services: a session without a coalition is the program's own, and those are listed."""
    unscoped = set()
    for path in SERVICES.rglob("*.py"):
        module = ".".join(path.relative_to(SERVICES).with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.AsyncFunctionDef):
                named = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
                for call in ast.walk(function):
                    if _opens_for_all(call):
                        assert "actor" not in named, f"{module}.{function.name} has an actor and forgets whose"
                        unscoped.add(f"{module}.{function.name}")
    assert unscoped - OF_ALL == set()


def _opens_for_all(node: ast.AST) -> bool:
    """Whether this opens a session that knows every coalition's rows."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    ways = {"read", "write", "ask", "change", "change_each"}
    if node.func.attr not in ways or not ast.unparse(node.func.value).endswith("database"):
        return False
    given = [ast.unparse(one) for one in (*node.args, *(keyword.value for keyword in node.keywords))]
    return not any("actor" in one or one == "author" for one in given)
