"""A change by one statement is a transaction by itself, on both databases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.checkins import DraftRow
from bot.store.people import MemberRow
from tests.services.stage import Stage
from tests.statements import counted

CHANGE = (
    update(DraftRow)
    .where(DraftRow.subject.in_(bindparam("of", expanding=True)))
    .values(subject=bindparam("to"))
    .returning(DraftRow.id)
    .execution_options(synchronize_session=False)
)


@pytest.fixture
async def stage(any_sample: Stage) -> Stage:
    """One person's drafts; no two may have the same subject."""
    now = any_sample.calendar.now()
    async with any_sample.services.database.write() as session:
        member_id = await session.scalar(select(MemberRow.id).order_by(MemberRow.id).limit(1))
        for subject in ("first", "second"):
            draft = DraftRow(member_id=member_id, subject=subject, values={}, saved_at=now)
            draft.coalition_id = any_sample.coalition_id
            session.add(draft)
    return any_sample


async def subjects(stage: Stage) -> Sequence[str]:
    async with stage.services.database.read() as session:
        return (await session.scalars(select(DraftRow.subject).order_by(DraftRow.id))).all()


async def test_it_is_committed_by_one_statement(stage: Stage) -> None:
    database = stage.services.database
    with counted(database) as statements:
        assert len(await database.change(CHANGE, {"of": ["first"], "to": "changed"})) == 1
    assert len(statements) == 1, statements.told()
    assert await subjects(stage) == ["changed", "second"]


async def test_it_changes_nothing_where_it_goes_wrong_in_the_middle(stage: Stage) -> None:
    with pytest.raises(IntegrityError):
        await stage.services.database.change(CHANGE, {"of": ["first", "second"], "to": "both"})
    assert await subjects(stage) == ["first", "second"]


async def test_what_comes_after_it_has_a_transaction_again(stage: Stage) -> None:
    database = stage.services.database
    await database.change(CHANGE, {"of": ["first"], "to": "changed"})
    async with database.write() as session:
        await session.execute(CHANGE, {"of": ["second"], "to": "taken back"})
        await session.rollback()
    assert await subjects(stage) == ["changed", "second"]


async def test_audited_rows_are_not_changed_past_their_trail(stage: Stage) -> None:
    database = stage.services.database
    with pytest.raises(RuntimeError, match="members is audited"):
        await database.change(update(MemberRow).values(name="Nobody").returning(MemberRow.id), {})
    async with database.read() as session:
        assert await session.scalar(select(MemberRow.id).where(MemberRow.name == "Nobody")) is None
