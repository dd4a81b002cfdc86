"""The small coalition with a check-in that asks a working group's members for themselves: Ana, Ben and Cal, Wednesdays
at nine on each one's clock. Ben stands in for Ana, Cal for Ben."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain.record import Record
from bot.domain.record import record as values
from bot.store.checkins import RoundRow, RoundSubjectRow
from bot.store.people import MemberRow
from bot.store.rhythm import CadenceRow
from tests.builders import cadence, group
from tests.services.small import friday, questions, small, weekly
from tests.services.stage import Stage

WORK = values.QuestionSet(
    id="work",
    title="How the group works",
    minutes=2,
    allow_no_change=True,
    questions=(
        values.Question(
            id="pace",
            type="choice",
            label="Is the pace right?",
            options=("too_slow", "right", "too_fast"),
            required=True,
        ),
        values.Question(id="use", type="scale", label="How useful were the meetings?", min=1, max=5),
        values.Question(id="better", type="text", label="What would make it better?", max_length=200),
        values.Question(id="for_coordinator", type="text", label="Anything for the coordinator only?"),
    ),
)
ANA = {"pace": "right", "use": "4", "better": "Shorter <agendas> & fewer slides.", "for_coordinator": "I may move."}
BEN = {"pace": "too_slow", "use": "2"}


def group_checkin(**fields: Any) -> values.Cadence:
    """Each Wednesday at nine."""
    usual: dict[str, Any] = {
        "name": "Group check-in",
        "audience": "wg",
        "question_set": "work",
        "rrule": "FREQ=WEEKLY;BYDAY=WE",
        "dtstart": cadence().dtstart.replace(day=7),
    }
    return cadence("group-checkin", **(usual | fields))


def with_group_checkin(*checkins: values.Cadence, **fields: Any) -> Record:
    """With the weekly check-in on priorities beside it."""
    usual: dict[str, Any] = {
        "groups": (
            group(channel="leaders", members=("ana", "ben")),
            group("wg", name="Working Group", kind="working_group", members=("ana", "ben", "cal"), channel="wg-room"),
        ),
        "cadences": (friday(), weekly(), *(checkins or (group_checkin(),))),
        "question_sets": (questions(), WORK),
    }
    return small(**(usual | fields))


async def own_subject(stage: Stage, member: str, checkin: str = "group-checkin") -> RoundSubjectRow:
    """What the newest round asks a member for themselves."""
    async with stage.services.database.read() as session:
        found = await session.scalar(
            select(RoundSubjectRow)
            .join(RoundRow, RoundRow.id == RoundSubjectRow.round_id)
            .join(CadenceRow, CadenceRow.id == RoundRow.cadence_id)
            .join(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
            .where(CadenceRow.coalition_id == stage.coalition_id, CadenceRow.key == checkin, MemberRow.key == member)
            .order_by(RoundSubjectRow.opens_at.desc())
            .limit(1)
        )
    assert found is not None, f"nothing asks {member}"
    return found


async def say(stage: Stage, of: str, said: dict[str, str], by: str | None = None, form: str = "view-1") -> Any:
    """Somebody answers for a member: that member, unless another one is named."""
    subject = await own_subject(stage, of)
    return await stage.services.checkins.submit(await stage.actor(by or of), f"{form}:{of}", subject.id, said)
