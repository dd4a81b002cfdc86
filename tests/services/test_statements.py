"""How many statements it takes to read Home, every list and every card: as many for a coalition twice as large."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.digests import Query
from bot.domain.record import Record
from bot.services import Services
from bot.services.access import Actor
from bot.store.outbox import DeliveryRow
from tests.examples import one_in
from tests.growth import grow
from tests.services.stage import Stage
from tests.statements import counted

Read = Callable[[Services, Actor], Awaitable[Any]]

# Nothing that is read for a person takes more than this.
MOST = 60
READS: dict[str, Read] = {
    "home": lambda services, actor: services.home.page(actor, whole=True),
    "menu": lambda services, actor: services.home.page(actor),
    "me": lambda services, actor: services.home.me(actor),
    "my check-ins": lambda services, actor: services.checkins.mine(actor),
    "a check-in": lambda services, actor: services.checkin_cadences.show(actor, "weekly-checkin"),
    "days away": lambda services, actor: services.absences.page(actor),
    "my actions": lambda services, actor: services.action_items.find(actor, "mine"),
    "an action": lambda services, actor: services.action_items.show(actor, "A-102"),
    "an action's form": lambda services, actor: services.action_items.form(actor),
    "my actions' form": lambda services, actor: services.own_actions.open(actor),
    "members for a search": lambda services, actor: services.action_items.search_members(actor, "o"),
    "organizations for a search": lambda services, actor: services.action_items.search_organizations(actor, "o"),
    "my figures": lambda services, actor: services.metrics.mine(actor),
    "all figures": lambda services, actor: services.metrics.mine(actor, everything=True),
    "a figure": lambda services, actor: services.metrics.card(actor, "tp-placed"),
    "a figure's form": lambda services, actor: services.metrics.form(actor),
    "a figure's history": lambda services, actor: services.metric_plans.history(actor, "tp-placed"),
    "my priorities": lambda services, actor: services.priorities.mine(actor),
    "all priorities": lambda services, actor: services.priorities.mine(actor, everything=True),
    "a priority": lambda services, actor: services.priorities.card(actor, "talent-pathways"),
    "a priority's history": lambda services, actor: services.priorities.history(actor, "talent-pathways"),
    "my decisions": lambda services, actor: services.decisions.find(actor, "mine"),
    "all decisions": lambda services, actor: services.decisions.find(actor, "all"),
    "a decision": lambda services, actor: services.decisions.show(actor, "D-1"),
    "a decision's form": lambda services, actor: services.decisions.form(actor),
    "my issues": lambda services, actor: services.issues.find(actor, "mine"),
    "all issues": lambda services, actor: services.issues.find(actor, "all"),
    "an issue": lambda services, actor: services.issues.show(actor, "I-2"),
    "an issue's form": lambda services, actor: services.issues.form(actor),
    "my meetings": lambda services, actor: services.meetings.mine(actor),
    "all meetings": lambda services, actor: services.meetings.every(actor),
    "a meeting": lambda services, actor: services.meetings.show(actor, "wg-talent-monthly"),
    "an agenda": lambda services, actor: services.agendas.find(actor, "wg-talent-monthly"),
    "my calendar": lambda services, actor: services.calendars.mine(actor),
    "my digests": lambda services, actor: services.digests.overview(actor),
    "past digests": lambda services, actor: services.digests.past(actor),
    "my settings": lambda services, actor: services.own_settings.page(actor),
    "a member": lambda services, actor: services.members.card(actor),
}
# What differs by what somebody is in the coalition.
OWN = {name: READS[name] for name in ("home", "menu", "my check-ins", "my decisions", "my issues")}
FOR_COORDINATORS: dict[str, Read] = {
    "a check-in's status": lambda services, actor: services.checkin_rounds.status(actor, "weekly-checkin"),
    "a check-in's next dates": lambda services, actor: services.checkin_cadences.preview(actor, "weekly-checkin"),
    "another's check-ins": lambda services, actor: services.checkins.of_member(actor, "yolanda"),
    "overdue actions": lambda services, actor: services.action_items.find(actor, "overdue"),
    "funding": lambda services, actor: services.funding.overview(actor),
    "funding sources": lambda services, actor: services.funding.sources(actor),
    "a funding source": lambda services, actor: services.funding.find(actor, "F-1"),
    "an action's history": lambda services, actor: services.histories.action(actor, "A-101"),
    "an issue's history": lambda services, actor: services.histories.issue(actor, "I-1"),
    "a decision's history": lambda services, actor: services.histories.decision(actor, "D-1"),
    "a funding source's history": lambda services, actor: services.funding.history(actor, "F-1"),
    "the digest now": lambda services, actor: services.digests.read(actor, Query()),
    "members": lambda services, actor: services.members.page(actor),
    "organizations": lambda services, actor: services.organizations.page(actor),
    "an organization": lambda services, actor: services.organizations.card(actor, "lbp"),
    "groups": lambda services, actor: services.groups.page(actor),
    "a group": lambda services, actor: services.groups.card(actor, "steering"),
    "people to link": lambda services, actor: services.people.outside_slack(actor),
    "who changed what": lambda services, actor: services.audit.page(actor, ""),
    "what is set up": lambda services, actor: services.setup.checklist(actor),
    # Not among those of the suite: it lives through a week.
    "the week ahead": lambda services, actor: services.week.preview(actor),
    "sending": lambda services, actor: services.coalitions.sending(actor),
}


async def _count(stage: Stage) -> dict[str, int]:
    found = {}
    for who, reads in (("yolanda", READS), ("marcus", OWN), ("omar", OWN | FOR_COORDINATORS)):
        actor = await stage.actor(who)
        # What happens to be kept of the record already is no measure.
        await stage.services.home.page(actor, whole=True)
        for name, read in one_in(3, [*reads.items()]):
            with counted(stage.services.database) as statements:
                await read(stage.services, actor)
            found[f"{name}, {who}"] = len(statements)
    return found


@pytest.mark.in_part
async def test_reading_takes_as_many_statements_for_twice_as_much(used: Stage, sample: Record) -> None:
    used.at("2026-12-01T11:00")
    await used.settle()
    async with used.services.database.write() as session:
        sent = await session.scalar(select(DeliveryRow).where(DeliveryRow.member_id.is_not(None)).limit(1))
        assert sent is not None
        sent.state = "held"
    once = await _count(used)
    await grow(used.services, used.coalition_id, sample, 2)
    often = await _count(used)
    assert {name: (once[name], count) for name, count in often.items() if count > once[name]} == {}
    assert {name: count for name, count in often.items() if count > MOST} == {}
