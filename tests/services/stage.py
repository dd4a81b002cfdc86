"""A coalition on stage: one in a database, with a calendar that stands still until a test moves it.

What tests ask again and again is asked here: acting as somebody, what is planned for whom, sending without a Slack.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.clock import FixedCalendar
from bot.domain.checkins import NO_CHANGE, NOTE, SetAbout, SetEntry
from bot.domain.decisions import NewDecision
from bot.domain.digests import ForwardKey
from bot.domain.people import SeenAccount, SeenChannel, Workspace
from bot.domain.record import Record
from bot.domain.rights import standing_of
from bot.domain.vocabularies import HELD_TOGETHER
from bot.errors import Busy
from bot.services import Services
from bot.services.access import Actor, clock, operator, person
from bot.services.people.account_links import link_account
from bot.services.sending import Claimed
from bot.store.canvases import CanvasRow
from bot.store.checkins import MemberAnswerRow, PrivateNoteRow, RoundRow, RoundSubjectRow
from bot.store.meetings import AgendaPointRow, AttendanceRow, MeetingNotesRow
from bot.store.outbox import DeliveryItemRow, DeliveryRow
from bot.store.people import MemberRow
from bot.store.priorities import PriorityRow
from bot.store.rhythm import CadenceRow
from bot.store.standings import part_of_member
from tests.services.sample_pulse import tell_pulse

T = TypeVar("T")
ZONE = ZoneInfo("America/Chicago")
TEAM = "T0TEST"


async def when_free(act: Callable[[], Awaitable[T]]) -> T:
    """What comes of it. Whoever has waited too long for somebody else comes again, as at the next tick."""
    while True:
        with suppress(Busy):
            return await act()


class Seen(NamedTuple):
    """A delivery as a test reads it: to a member's id or "#channel", due on the coalition's clock."""

    to: str
    kind: str
    items: tuple[str, ...]
    due: str
    state: str
    reason: str | None


async def rest_meetings(services: Services, coalition_id: int, *also: str, resume: bool = False) -> None:
    """Pauses every meeting, and every cadence of the kinds named beside; with "preview" owners get none. Or resumes."""
    now = services.calendar.now()
    async with services.database.write(operator(coalition_id).author(now)) as session:
        for row in await session.scalars(
            select(CadenceRow).where(
                CadenceRow.coalition_id == coalition_id, CadenceRow.kind.in_([*HELD_TOGETHER, *also])
            )
        ):
            row.paused_at = None if resume else now
        if "preview" in also:
            for row in await session.scalars(select(CadenceRow).where(CadenceRow.coalition_id == coalition_id)):
                row.owner_preview_at = None


@dataclass
class Stage:
    """One coalition of `services`, under a calendar that the test sets."""

    services: Services
    calendar: FixedCalendar
    coalition_id: int

    @classmethod
    async def with_record(cls, services: Services, calendar: FixedCalendar, record: Record, **how: Any) -> Stage:
        """Imports a record into the services' database."""
        result = await services.coalitions.import_record(record, **how)
        assert result.coalition_id is not None
        return cls(services, calendar, result.coalition_id)

    @property
    def operator(self) -> Actor:
        return operator(self.coalition_id)

    def at(self, text: str) -> datetime:
        """Sets the calendar to a wall time such as "2026-11-23T09:00" on the coalition's clock."""
        self.calendar.set(datetime.fromisoformat(text).replace(tzinfo=ZONE))
        return self.calendar.now()

    async def record(self, moment: datetime | None = None) -> Record:
        return await self.services.coalitions.record(self.operator, moment)

    async def actor(self, key: str) -> Actor:
        """This member, acting in Slack."""
        async with self.services.database.read() as session:
            own = await part_of_member(session, self.coalition_id, key)
        assert own is not None, key
        return person(
            self.coalition_id, standing_of(*own.on(self.calendar.now().astimezone(ZONE).date())), key, own.member_id
        )

    async def link(self, *keys: str) -> None:
        """Gives members Slack accounts named after them; without names, everybody who can have one. As
        `people.link` does, for all of them in one transaction."""
        of_all = select(MemberRow).where(MemberRow.coalition_id == self.coalition_id).order_by(MemberRow.id)
        async with self.services.people.writing(self.operator, "people.link", also_ended=True) as tx:
            for member in (await tx.session.scalars(of_all)).all():
                if member.key in keys or (not keys and member.access != "email_only"):
                    await link_account(tx, member, TEAM, f"U{member.key.upper()}{self.coalition_id}", "command")

    async def join_channels(self, *left_out: str) -> None:
        """The bot is in every channel of the coalition but those named."""
        record = await self.record()
        names = {group.channel for group in record.groups if group.channel}
        names |= {priority.channel for priority in record.priorities if priority.channel}
        await self.services.people.sync_channels(
            clock(self.coalition_id),
            [
                SeenChannel(channel_id=f"C{name.upper()}", name=name, is_private=True, is_external=False)
                for name in sorted(names - set(left_out))
            ],
        )

    async def go_live(self, *, meetings: bool = False) -> None:
        """Starts. Meetings rest unless a test is about them: their agendas and reminders would stand in every week."""
        if not meetings:
            await rest_meetings(self.services, self.coalition_id)
        await self.services.coalitions.go_live(self.operator)

    async def deliveries(self, *kinds: str, to: str | None = None) -> list[Seen]:
        """What was planned, by time and receiver."""
        async with self.services.database.read() as session:
            members: dict[int | None, str] = {
                row.id: row.key
                for row in await session.scalars(select(MemberRow).where(MemberRow.coalition_id == self.coalition_id))
            }
            items: dict[int, list[str]] = {}
            for delivery_id, kind, topic, about in await session.execute(
                select(
                    DeliveryItemRow.delivery_id,
                    DeliveryItemRow.kind,
                    func.coalesce(PriorityRow.key, MemberRow.key),
                    DeliveryItemRow.about,
                )
                .outerjoin(RoundSubjectRow, RoundSubjectRow.id == DeliveryItemRow.round_subject_id)
                .outerjoin(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
                .outerjoin(MemberRow, MemberRow.id == RoundSubjectRow.member_id)
                .order_by(DeliveryItemRow.position)
            ):
                items.setdefault(delivery_id, []).append(f"{kind} {topic or about.strip()}")
            rows = await session.scalars(
                select(DeliveryRow)
                .where(DeliveryRow.coalition_id == self.coalition_id)
                .order_by(DeliveryRow.due_at, DeliveryRow.id)
            )
            found = [
                Seen(
                    members.get(row.member_id) or f"#{row.channel}",
                    row.kind if row.operation == "post" else f"{row.kind} {row.operation}",
                    tuple(items.get(row.id, ())),
                    row.due_at.astimezone(ZONE).strftime("%a %b %d %H:%M"),
                    row.state,
                    row.reason,
                )
                for row in rows
            ]
        return [one for one in found if (not kinds or one.kind in kinds) and (to is None or one.to == to)]

    async def row(self, delivery_id: int) -> DeliveryRow:
        async with self.services.database.read() as session:
            return await session.get_one(DeliveryRow, delivery_id)

    async def send(self, *claimed: Claimed) -> None:
        """Each of these arrives, under a timestamp of its own."""
        for one in claimed:
            channel = one.channel_id or f"D{one.user_id}"
            if one.user_id is not None and one.team_id is not None and one.channel_id is None:
                await self.services.deliveries.keep_dm(one.team_id, one.user_id, one.id, channel)
            await self.services.deliveries.sent(one.id, one.attempt, channel, one.ts or f"{one.id}.000100", one.version)

    async def settle(self) -> list[Claimed]:
        """Plans, closes and sends whatever is due at this moment, until nothing is left; returns what was sent."""
        sent: list[Claimed] = []
        await self.services.pulses.write_down()
        await self.services.rhythm.plan()
        await self.services.rhythm.close()
        while claimed := await self.services.deliveries.claim():
            await self.send(*claimed)
            sent += claimed
        return sent

    async def subject(self, priority: str) -> RoundSubjectRow:
        """The newest round's subject of a priority."""
        async with self.services.database.read() as session:
            row = await session.scalar(
                select(RoundSubjectRow)
                .join(PriorityRow, PriorityRow.id == RoundSubjectRow.priority_id)
                .where(RoundSubjectRow.coalition_id == self.coalition_id, PriorityRow.key == priority)
                .order_by(RoundSubjectRow.opens_at.desc())
                .limit(1)
            )
        assert row is not None, f"no round about {priority}"
        return row

    async def answer(self, key: str, priority: str, form: str = "view-1", **values: str) -> Any:
        """This member answers the newest round about a priority; every required question has an answer."""
        usual = {"assessment": "on_track", "confidence": "7", "moved": "Moved.", "next": "Next."}
        subject = await self.subject(priority)
        return await self.services.checkins.submit(await self.actor(key), form, subject.id, usual | values)


def account(
    key: str, *, email: str | None = None, timezone: str | None = None, deactivated: bool = False
) -> SeenAccount:
    """A Slack account as the workspace shows it."""
    return SeenAccount(
        team_id=TEAM, user_id=f"U{key.upper()}", name=key, email=email, timezone=timezone, deactivated=deactivated
    )


WORKSPACE = Workspace(team_id=TEAM, name="Test", enterprise_id=None, bot_user_id="UBOT")


async def play_until_digest(*stages: Stage) -> None:
    """A live week up to its digest: asked, answered once with an ask, closed, published, one message held."""
    for stage in stages:
        await stage.link()
        await stage.join_channels()
        await stage.go_live()
    for moment in ("2026-11-23T08:35", "2026-11-23T09:00"):
        stages[0].at(moment)
        await stages[0].settle()
    for stage in stages:
        await stage.answer(
            "imani",
            "family-access",
            form=f"view-{stage.coalition_id}",
            assessment="at_risk",
            blocker="Rent.",
            ask="An inspector.",
            ask_from="harrow-county",
            for_coordinator="Between us.",
        )
        await stage.services.letters.send(
            await stage.actor("omar"), f"letter-{stage.coalition_id}", ["grant"], "Is there anything new?"
        )
        await stage.answer("omar", "supplier-growth", form=f"behalf-{stage.coalition_id}")
    for moment in ("2026-11-24T10:00", "2026-11-24T15:05"):
        stages[0].at(moment)
        await stages[0].settle()
    for stage in stages:
        await stage.answer("tom", "job-quality", form=f"late-{stage.coalition_id}")  # too late: kept as a draft
    stages[0].at("2026-11-25T07:31")
    await stages[0].settle()


async def use_the_rest(*stages: Stage) -> None:
    """What people do besides their check-ins after that week, so that every table holds something of theirs."""
    for stage in stages:
        services, imani, omar = stage.services, await stage.actor("imani"), await stage.actor("omar")
        token = f"rest-{stage.coalition_id}"
        decided = NewDecision(
            title="Pay for evening teaching",
            decider="steering",
            options=("Pay", "Wait"),
            needed_by=date(2026, 12, 15),
            issue="I-2",
        )
        await services.decisions.propose(omar, token, decided)
        async with services.database.read() as session:
            notes = select(PrivateNoteRow.id).where(PrivateNoteRow.coalition_id == stage.coalition_id)
            note = await session.scalar(notes)
        assert note is not None
        await services.private_notes.see(omar, note)
        await services.decisions.respond(await stage.actor("marcus"), "D-1", "talk")
        await services.issues.put_on_agenda(omar, "I-1")
        await services.digests.subscribe(omar, "roll_up:", True)
        await services.digests.add_context(imani, "family-access", date(2026, 11, 30), "Two inspectors were named.")
        page = await services.digests.to_forward(omar)
        reader = page.readers[0]
        await services.digests.note_passed_on(omar, ForwardKey(page.digest, reader.member, reader.edition.key))
        asked = await services.digests.ask_to_send(omar)
        await services.digests.send(omar, asked.token)
        lead, weekly = await stage.actor("dana"), SetAbout("weekly-priority")
        asked_anew = SetEntry(title="Weekly update", minutes=3, more=(NO_CHANGE, NOTE))
        await services.question_sets.save(lead, token, weekly, asked_anew)
        await _keep_canvas(stage)
        await _meet(stage)
        await _answer_for_themselves(stage)
        await tell_pulse(services, stage.coalition_id)


async def _keep_canvas(stage: Stage) -> None:
    """Slack said no to a canvas."""
    now = stage.calendar.now()
    async with stage.services.database.write(coalition_id=stage.coalition_id) as session:
        priority_id = await session.scalar(select(func.min(PriorityRow.id)))
        row = CanvasRow(coalition_id=stage.coalition_id, priority_id=priority_id, team_id="T1", channel_id="C1")
        row.state, row.changed_at = "no_canvases", now
        session.add(row)


async def _answer_for_themselves(stage: Stage) -> None:
    """A check-in asked Imani for herself, who answered with a note to the coordinators."""
    now = stage.calendar.now()
    async with stage.services.database.write((await stage.actor("imani")).author(now)) as session:
        of, imani = {"coalition_id": stage.coalition_id}, await stage.actor("imani")
        cadence_id = await session.scalar(
            select(CadenceRow.id).where(
                CadenceRow.coalition_id == stage.coalition_id, CadenceRow.key == "weekly-checkin"
            )
        )
        opened = RoundRow(**of, cadence_id=cadence_id, slot=datetime(2026, 11, 10, 9), day=now.date(), planned_at=now)  # noqa: DTZ001
        session.add(opened)
        await session.flush()
        asked = {"member_id": imani.member_id, "owner_id": imani.member_id}
        session.add(
            RoundSubjectRow(
                **of, **asked, round_id=opened.id, opens_at=now - timedelta(hours=1), closes_at=now, closed_at=now
            )
        )
        answer = MemberAnswerRow(
            **of,
            cadence_id=cadence_id,
            round=opened.day,
            member_id=imani.member_id,
            by_id=imani.member_id,
            answers={"fix": "Fewer slides.", "for_coordinator": "Between us."},
            no_change=False,
            answered_at=now,
        )
        session.add(answer)
        await session.flush()
        note = PrivateNoteRow(
            **of, member_answer_id=answer.id, author_id=imani.member_id, text="Between us.", written_at=now
        )
        session.add(note)


async def _meet(stage: Stage) -> None:
    """A meeting of the steering group took place, and one of its members had said that they would come."""
    now = stage.calendar.now()
    async with stage.services.database.write((await stage.actor("omar")).author(now)) as session:
        point = await session.scalar(select(AgendaPointRow).where(AgendaPointRow.coalition_id == stage.coalition_id))
        assert point is not None
        of_meeting = {"coalition_id": stage.coalition_id, "cadence_id": point.cadence_id, "slot": point.slot}
        session.add(AttendanceRow(**of_meeting, member_id=point.added_by_id, answer="coming"))
        session.add(MeetingNotesRow(**of_meeting, by_id=point.added_by_id, posted_at=now))
