"""A coalition of any size with one open check-in for each owner, for measuring. Nothing is measured here."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.clock import FixedCalendar
from bot.domain.people import Workspace
from bot.domain.record import Member, Priority, Record, Role
from bot.files import load_coalition_file, sample_text
from bot.opening import open_services
from bot.services import Services
from bot.services.access import operator
from bot.settings import read_settings
from bot.slack.identifiers import Entry, Submission
from bot.slack.metadata import AnswerOpened, encode, encode_question
from bot.store.checkins import RoundSubjectRow

LIVE = datetime.fromisoformat("2026-11-23T07:00:00-06:00")
OPEN = LIVE + timedelta(hours=2, minutes=1)
TEAM, BOT = "T0BENCH", "U0BENCHBOT"


@dataclass(frozen=True, slots=True)
class Form:
    """One owner's check-in, ready to be sent."""

    user_id: str
    subject_id: int

    def request(self, number: int) -> AsyncBoltRequest:
        """The submission as Slack sends it; `number` makes its view unique."""
        values = {
            "assessment": {"type": "radio_buttons", "selected_option": {"value": "at_risk"}},
            "confidence": {"type": "static_select", "selected_option": {"value": "6"}},
            "moved": {"type": "plain_text_input", "value": "The second offer is out."},
            "blocker": {"type": "plain_text_input", "value": "Evening pay is below the market."},
            "next": {"type": "plain_text_input", "value": "The contract is signed."},
        }
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "bench"},
            "user": {"id": self.user_id, "team_id": TEAM, "name": self.user_id},
            "view": {
                "id": f"V{self.user_id}{number}",
                "type": "modal",
                "callback_id": Submission.CHECKIN,
                "private_metadata": encode(AnswerOpened(self.subject_id)),
                "title": {"type": "plain_text", "text": "Weekly priority update"},
                "blocks": [],
                "previous_view_id": None,
                "state": {"values": {encode_question(name): {Entry.VALUE: value} for name, value in values.items()}},
            },
        }
        return AsyncBoltRequest(body=payload, mode="socket_mode")


def large_record(owners: int) -> Record:
    """The sample with `owners` more priorities, each with an owner of its own on the coalition's clock."""
    record = load_coalition_file(sample_text()).record
    assert record is not None
    names = [f"owner-{number:03}" for number in range(owners)]
    members = tuple(
        Member(
            id=name,
            name=f"Owner {name[-3:]}",
            organization="lbp",
            email=f"{name}@lbp.example",
            timezone="America/Chicago",
            roles=(Role(role="priority_owner", scope=f"priority-{name[-3:]}"),),
        )
        for name in names
    )
    priorities = tuple(Priority(id=f"priority-{name[-3:]}", name=f"Priority {name[-3:]}", owner=name) for name in names)
    return replace(record, members=(*record.members, *members), priorities=(*record.priorities, *priorities))


@asynccontextmanager
async def open_checkins(folder: Path, owners: int) -> AsyncIterator[tuple[Services, list[Form]]]:
    """Services on a fresh database in which every one of the owners has an open check-in."""
    calendar = FixedCalendar(LIVE)
    folder.mkdir(parents=True, exist_ok=True)
    async with services_of(folder / "bench.db", calendar) as services:
        result = await services.coalitions.import_record(large_record(owners))
        actor = operator(result.coalition_id or 0)
        await services.people.bind_workspace(
            Workspace(team_id=TEAM, name="bench", enterprise_id=None, bot_user_id=BOT), actor.coalition_id
        )
        for number in range(owners):
            key = f"owner-{number:03}"
            await services.people.link(actor, key, TEAM, _user(key), by="command")
        await services.coalitions.go_live(actor)
        await services.rhythm.plan()
        calendar.set(OPEN)
        await services.rhythm.plan()
        async with services.database.read() as session:
            rows = await session.scalars(select(RoundSubjectRow).order_by(RoundSubjectRow.id))
            subjects = list(rows)[-owners:]
        yield services, [Form(_user(f"owner-{number:03}"), subject.id) for number, subject in enumerate(subjects)]


@asynccontextmanager
async def services_of(database: Path, calendar: FixedCalendar | None = None) -> AsyncIterator[Services]:
    """Services on this file, usually at the moment in which the check-ins are open."""
    settings = read_settings(_env_file=None, database_url=f"sqlite:///{database}")
    async with open_services(settings, calendar or FixedCalendar(OPEN)) as services:
        yield services


def _user(key: str) -> str:
    return f"U0{key.upper().replace('-', '')}"


def bolt_app() -> AsyncApp:
    """A Bolt app that asks nobody who it is."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_id="B0BENCH", bot_user_id=BOT
        )

    return AsyncApp(
        name="bench",
        client=AsyncWebClient(token="xoxb-bench", base_url="http://127.0.0.1:9/api/"),
        authorize=authorize,
    )


def be_patient(app: AsyncApp) -> None:
    """Waits for each acknowledgement: on a loaded machine Bolt would give up after three seconds, as Slack does."""
    for listener in app._async_listeners:
        listener.ack_timeout = 120


async def acked(app: AsyncApp, request: AsyncBoltRequest) -> float:
    """Elapsed seconds from the arrival of a request to its ack."""
    began = time.perf_counter()
    response = await app.async_dispatch(request)
    assert response.status == 200, response.body
    return time.perf_counter() - began
