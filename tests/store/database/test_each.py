"""One statement changes many rows, each to values of its own, and says which; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Boolean, Float, Integer, String, Update, case, select, update

from bot.store.checkins import DraftRow
from bot.store.database import Each, Value
from bot.store.people import MemberRow
from tests.services.stage import Stage
from tests.statements import counted

NOW = datetime(2026, 11, 24, 7, 30, 0, 123456, tzinfo=UTC)


def renaming(value: Value) -> Update:
    hurried = case((value("is_late"), value("late")), else_=value("subject"))
    return update(DraftRow).where(DraftRow.saved_at < value("before")).values(subject=hurried, saved_at=value("now"))


RENAMING = Each(
    DraftRow.id,
    {
        "of": Integer(),
        "subject": String(),
        "late": String(),
        "is_late": Boolean(),
        "before": DraftRow.saved_at.type,
        "now": DraftRow.saved_at.type,
        "unused": Float(),
    },
    renaming,
)


@pytest.fixture
async def stage(any_sample: Stage) -> Stage:
    """Five drafts, saved a minute apart."""
    async with any_sample.services.database.write() as session:
        member_id = await session.scalar(select(MemberRow.id).order_by(MemberRow.id).limit(1))
        for number in range(5):
            saved_at = NOW + timedelta(minutes=number)
            draft = DraftRow(member_id=member_id, subject=f"no. {number}", values={}, saved_at=saved_at)
            draft.coalition_id = any_sample.coalition_id
            session.add(draft)
    return any_sample


async def drafts(stage: Stage) -> Sequence[tuple[int, str, datetime]]:
    async with stage.services.database.read() as session:
        found = await session.execute(select(DraftRow.id, DraftRow.subject, DraftRow.saved_at).order_by(DraftRow.id))
        return [(one.id, one.subject, one.saved_at) for one in found]


def of(key: int, subject: str, **values: object) -> dict[str, object]:
    later = NOW + timedelta(hours=1)
    usual = {"late": "late", "is_late": False, "before": NOW + timedelta(minutes=2), "now": later, "unused": None}
    return {"of": key, "subject": subject, **usual, **values}


async def test_each_row_gets_its_own_values(stage: Stage) -> None:
    """Those that it may not change, by a moment to the microsecond, and one that is not there, are said."""
    ids = [key for key, _, _ in await drafts(stage)]
    database = stage.services.database
    others = NOW + timedelta(days=1, microseconds=7)
    about = [
        of(ids[3], "too new"),
        of(ids[1], "the second, \"quoted\" and 'quoted': ä"),
        of(10**6, "nobody's"),
        of(ids[0], "the first", is_late=True, now=others, unused=1.5),
        of(ids[2], "just saved", before=NOW + timedelta(minutes=2, microseconds=1)),
    ]
    with counted(database) as statements:
        assert await database.change_each(RENAMING, about) == [False, True, False, True, True]
    assert len(statements) == 1, statements.told()
    later = NOW + timedelta(hours=1)
    assert [row[1:] for row in await drafts(stage)] == [
        ("late", others),
        ("the second, \"quoted\" and 'quoted': ä", later),
        ("just saved", later),
        ("no. 3", NOW + timedelta(minutes=3)),
        ("no. 4", NOW + timedelta(minutes=4)),
    ]


async def test_several_about_one_row_take_their_turns(stage: Stage) -> None:
    [key, *_rest] = [key for key, _, _ in await drafts(stage)]
    about = [of(key, "first"), of(key, "second"), of(key, "third", before=NOW + timedelta(hours=2))]
    assert await stage.services.database.change_each(RENAMING, about) == [True, False, True]
    assert (await drafts(stage))[0][1] == "third"


async def test_audited_rows_are_refused(stage: Stage) -> None:
    each = Each(MemberRow.id, {"of": Integer()}, lambda value: update(MemberRow).values(name="Nobody"))
    with pytest.raises(RuntimeError, match="members is audited"):
        await stage.services.database.change_each(each, [{"of": 1}])
