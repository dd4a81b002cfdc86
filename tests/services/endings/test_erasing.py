"""A person is erased: nothing of them is left in any table or file, what they said of the work stays, the past differs
only there, and it is on record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Executable, select, text
from sqlalchemy.exc import DBAPIError

from bot.clock import FixedCalendar
from bot.domain.coalition_file import check
from bot.domain.digests import dumps, to_data
from bot.domain.endings import FORMER_NAME, Leaving
from bot.errors import Refused, UserError
from bot.services import Services
from bot.services.access import Actor
from bot.store.audit import AuditEntryRow
from bot.store.checkins import DraftRow, PrivateNoteRow
from bot.store.outbox import DeliveryRow
from bot.store.people import ErasureRow, LetterRow, MemberRow
from bot.store.tables import METADATA
from tests.conftest import Beginnings
from tests.examples import on
from tests.services.lived import a_week_and_the_rest
from tests.services.stage import Stage

LAST = date(2026, 11, 27)
TO_LUIS = Leaving(last_day=LAST, priorities="luis", figures="luis", work="luis", chairs="luis", stand_in="luis")
# Her id stands in her name, her address and her account, so that one word finds all of them.
HER = "imani"
SECRET = "Between us."


async def erase(stage: Stage, key: str = HER, by: str | None = None) -> str:
    actor: Actor = await stage.actor(by) if by is not None else stage.operator
    return (await stage.services.erasures.erase(actor, key)).pseudonym


async def lived(services: Services, calendar: FixedCalendar) -> Stage:
    """A week with her in it, after which she left."""
    stage = await a_week_and_the_rest(services, calendar)
    imani, omar = await stage.actor(HER), await stage.actor("omar")
    await stage.services.letters.send(imani, "from-her", ["omar"], "A word between us two.")
    await stage.services.letters.send(omar, "to-her", [HER], "Thank you, Imani Rhodes.")
    await stage.services.absences.add(imani, "away", date(2026, 12, 21), date(2026, 12, 22))
    await stage.answer("tom", "job-quality", form="named", moved="Imani Rhodes came by.")
    await stage.services.leavings.leave(omar, HER, {}, TO_LUIS)
    stage.at("2026-12-01T09:00")
    return stage


@pytest.fixture
async def any_left(any_beginnings: Beginnings) -> AsyncIterator[Stage]:
    """After that week, on both databases."""
    async with any_beginnings.after("imani_left", lived) as stage:
        yield stage


@pytest.fixture
async def left(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("imani_left", lived) as stage:
        yield stage


async def and_erased(services: Services, calendar: FixedCalendar) -> Stage:
    """And by a lead who erased her, after Luis took her name and Omar had written to Tom too."""
    stage = await lived(services, calendar)
    async with stage.services.database.write(stage.operator.author(calendar.now())) as session:
        luis = await session.scalar(select(MemberRow).filter_by(key="luis"))
        assert luis is not None
        luis.name = "Imani Rhodes"
    await stage.services.letters.send(await stage.actor("omar"), "other", ["tom"], "Only for Tom.")
    await erase(stage, by="dana")
    return stage


@pytest.fixture
async def erased(sqlite_beginnings: Beginnings) -> AsyncIterator[Stage]:
    async with sqlite_beginnings.after("imani_erased", and_erased) as stage:
        yield stage


async def pseudonym_of(erased: Stage) -> str:
    """Whose the only erasing was."""
    async with erased.services.database.read() as session:
        of = select(MemberRow.key).join(ErasureRow, ErasureRow.member_id == MemberRow.id)
        return (await session.scalars(of)).one()


async def every_text(stage: Stage) -> list[tuple[str, str, str]]:
    """Every text of every table, as it is stored."""
    found = []
    async with stage.services.database.read() as session:
        for table in METADATA.sorted_tables:
            for row in (await session.execute(text(f'select * from "{table.name}"'))).mappings():
                found += [(table.name, column, str(value)) for column, value in row.items() if value is not None]
    return found


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


async def digest(stage: Stage, moment: datetime) -> str:
    """As `backbeat digest --as-of` prints it."""
    return dumps(to_data(await stage.services.digests.compose(stage.operator, moment)))


REFUSED: tuple[dict[str, Any], ...] = ({"row_id": 70000}, {"operation": "looked"}, {"table_name": "nothing"})


async def refused(stage: Stage, *statements: Executable) -> None:
    """The last of these can't be done, by whatever program."""

    async def run() -> None:
        async with stage.services.database.write() as session:
            for one in statements:
                await (await session.connection()).execute(one)

    with pytest.raises(DBAPIError, match="append-only"):
        await run()


@pytest.mark.in_part
@on("sqlite", "any_beginnings")
async def test_nothing_of_a_person_is_left_in_any_table_or_file(any_left: Stage) -> None:
    before = await every_text(any_left)
    assert len([one for one in before if HER in one[2].casefold()]) > 10
    assert any(SECRET in one[2] for one in before)
    pseudonym = await erase(any_left)
    assert [one for one in await every_text(any_left) if HER in one[2].casefold()] == []
    assert [one for one in await every_text(any_left) if SECRET in one[2] or "between us two" in one[2]] == []
    async with any_left.services.database.read() as session:
        hers = select(DeliveryRow.channel_id, DeliveryRow.state).join(MemberRow, MemberRow.id == DeliveryRow.member_id)
        found = (await session.execute(hers.where(MemberRow.key == pseudonym))).all()
    assert found
    assert {row.channel_id for row in found} == {None}, "no update goes where she was"
    assert "planned" not in {row.state for row in found}
    file = await any_left.services.coalitions.export(any_left.operator)
    assert [one for one in strings(file) if HER in one.casefold()] == []
    assert {one["id"]: one["name"] for one in file["members"]}[pseudonym] == FORMER_NAME
    again, problems = check(file)
    assert problems == []
    assert again is not None


async def test_what_was_said_about_a_priority_stays(left: Stage, erased: Stage) -> None:
    before = [one for one in (await left.record()).responses if HER in (one.by, one.on_behalf_of)]
    assert before
    pseudonym = await pseudonym_of(erased)
    after = [one for one in (await erased.record()).responses if pseudonym in (one.by, one.on_behalf_of)]
    assert [(one.round, one.moved, one.blocker, one.ask) for one in after] == [
        (one.round, one.moved, one.blocker, one.ask) for one in before
    ]


async def test_the_past_differs_only_there(left: Stage, erased: Stage) -> None:
    moment = datetime.fromisoformat("2026-11-25T13:00:00+00:00")
    before = await digest(left, moment)
    assert f'"{HER}"' in before
    pseudonym = await pseudonym_of(erased)
    assert await digest(erased, moment) == before.replace(f'"{HER}"', f'"{pseudonym}"')


async def test_others_keep_theirs(left: Stage) -> None:
    """A word that is somebody's id and an ordinary one is told apart: "grant" is an instrument of funding too."""
    await left.services.leavings.leave(
        await left.actor("omar"),
        "grant",
        {},
        Leaving(last_day=LAST, priorities="marcus", figures="marcus", work="marcus", chairs="marcus"),
    )
    before = await left.services.coalitions.export(left.operator)
    pseudonym = await erase(left, "grant")
    after = await left.services.coalitions.export(left.operator)
    assert [one.get("instrument") for one in after["funding_sources"]] == [
        one.get("instrument") for one in before["funding_sources"]
    ]
    others = [one for one in before["members"] if one["id"] != "grant"]
    assert [one for one in after["members"] if one["id"] != pseudonym] == others
    assert [one["id"] for one in before["members"]].index("grant") == [one["id"] for one in after["members"]].index(
        pseudonym
    )
    async with left.services.database.read() as session:
        names = (await session.scalars(select(MemberRow.name))).all()
    assert "Imani Rhodes" in names


async def test_private_words_go_and_others_stay(erased: Stage) -> None:
    async with erased.services.database.read() as session:
        letters = (await session.scalars(select(LetterRow.text))).all()
        notes = (await session.scalars(select(PrivateNoteRow))).all()
        drafts = (await session.scalars(select(DraftRow))).all()
    assert sorted(letters) == ["Is there anything new?", "Only for Tom."]
    assert notes == []
    assert drafts, "Tom's, which came too late"


async def test_it_records_itself(erased: Stage) -> None:
    async with erased.services.database.read() as session:
        [row] = (await session.scalars(select(ErasureRow))).all()
        [entry] = (await session.scalars(select(AuditEntryRow).filter_by(table_name="erasures"))).all()
    assert row.ended_at == erased.calendar.now()
    assert entry.operation == "insert"
    page = await erased.services.audit.page(await erased.actor("dana"), "")
    assert any("Erasing of a person" in line for one in page.entries for line in one.lines)


@pytest.fixture
async def any_gone(any_sample: Stage) -> Stage:
    """The draft, which she has left, on both databases."""
    await any_sample.services.leavings.leave(await any_sample.actor("omar"), HER, {}, TO_LUIS)
    any_sample.at("2026-12-01T09:00")
    return any_sample


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_the_trail_refuses_every_other_rewrite(any_gone: Stage) -> None:
    await erase(any_gone)
    entries, changes = METADATA.tables["audit_entries"], METADATA.tables["changes"]
    for values in REFUSED:
        await refused(any_gone, entries.update().values(values))
    await refused(any_gone, entries.update().values(new={}))
    await refused(any_gone, entries.delete())
    await refused(any_gone, changes.update().values(path="slack"))


async def test_an_erasing_under_way_lets_words_through_and_nothing_else(any_gone: Stage) -> None:
    entries, erasures = METADATA.tables["audit_entries"], METADATA.tables["erasures"]
    async with any_gone.services.database.read() as session:
        member_id = await session.scalar(select(MemberRow.id).limit(1))
    begun = {"member_id": member_id, "coalition_id": any_gone.coalition_id, "began_at": any_gone.calendar.now()}
    begin = erasures.insert().values(begun)
    for values in REFUSED:
        await refused(any_gone, begin, entries.update().values(values))
    await refused(any_gone, begin, entries.delete())
    await refused(any_gone, begin, METADATA.tables["changes"].update().values(path="slack"))
    async with any_gone.services.database.write() as session:
        connection = await session.connection()
        await connection.execute(begin)
        await connection.execute(entries.update().values(new={}))
        await session.rollback()


async def test_who_takes_part_is_not_erased(stage: Stage) -> None:
    stage.at("2026-11-23T09:00")
    with pytest.raises(UserError, match="First hand over what is theirs: “coalition leave imani”"):
        await erase(stage)
    await stage.services.leavings.leave(await stage.actor("omar"), HER, {}, TO_LUIS)
    with pytest.raises(UserError, match=r"takes part until Fri Nov 27\. Erase them after that"):
        await erase(stage)
    stage.at("2026-11-28T09:00")
    with pytest.raises(Refused, match="for the leads and admins"):
        await erase(stage, by="priya")
    await erase(stage, by="omar")


async def test_twice_is_told(erased: Stage) -> None:
    with pytest.raises(UserError, match="can't find this member anymore"):
        await erase(erased)


async def test_somebody_of_the_same_name_keeps_it(erased: Stage) -> None:
    names = {one.id: one.name for one in (await erased.record()).members}
    assert names["luis"] == "Imani Rhodes"
    assert FORMER_NAME in names.values()
