"""Home: what a person owes, and for coordinators what needs a hand. Read in one go; how it looks is not here."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.domain.briefs import overdue
from bot.domain.coalition import checklist
from bot.domain.digests import Digest, compose_seen, editions_of
from bot.domain.home import Coordination, HomePage, Me, Overview, OwnPriority, WeekCounts
from bot.domain.people import zone_of_member
from bot.domain.plan import head_of
from bot.domain.record import Priority, Record
from bot.domain.rights import Right, may_read_summary, readers_of_actions, readers_of_notes, readers_of_update
from bot.services import asks as ask_rows
from bot.services import issues as issue_news
from bot.services import meetings
from bot.services.access import Actor, Service, UseCase, helper_in
from bot.services.actions import may_create, read_view
from bot.services.checkins import own_readers, reads_notes, unseen_by
from bot.services.coalition import open_step
from bot.services.decisions import cards_to_end, read_decisions, waiting_cards
from bot.services.digests import close_digests, latest_digest, waiting_to_forward
from bot.services.funding import due_reports
from bot.services.home.rounds import newest_round, next_checkin, open_checkins
from bot.services.metrics import due_figures, may_record_any
from bot.services.people import members_outside_slack, waiting_requests
from bot.services.series import open_proposals, series_troubles
from bot.services.undelivered import read_undelivered
from bot.store.coalition import CoalitionRow
from bot.store.people import SlackAccountRow, coalition_of_team
from bot.store.record import read_record


class Home(Service):
    """Answers what a person sees first."""

    async def page(self, actor: Actor, *, whole: bool = False) -> HomePage:
        """What is open for this person; with what needs a hand where they coordinate.

        `whole`: with what Home alone shows beyond that: asks to look at, and the overview, which takes a digest to be
        composed.
        """
        async with self.reading(actor, "home.page") as tx:
            coalition = await tx.session.get_one(CoalitionRow, actor.coalition_id)
            member = next(item for item in tx.record.members if item.id == actor.key)
            zone = zone_of_member(tx.record, member.id)
            page = HomePage(
                name=member.name,
                zone=zone,
                now=tx.now,
                coalition_name=tx.record.coalition.name,
                open_checkins=await open_checkins(tx),
                next_opens_at=await next_checkin(tx) if coalition.is_live else None,
                actions=(await read_view(tx)).own_open(),
                may_add_actions=may_create(actor.standing),
                due_figures=due_figures(actor, tx.record, tx.now),
                proposed=await open_proposals(tx, actor.key),
                due_reports=due_reports(tx.record, actor, tx.now),
                may_record=may_record_any(actor),
                reads_priorities=actor.standing.may_anywhere(Right.READ_PRIORITY),
                reads_funding=actor.standing.may_anywhere(Right.READ_FUNDING),
                ended=tx.record.coalition.ended if tx.record.coalition.is_over(tx.today) else None,
                reads_digests=bool(editions_of(tx.record, actor.standing, member)),
                coordination=await read_coordination(tx, coalition, zone)
                if actor.standing.may(Right.MANAGE_MEMBERS)
                else None,
            )
            asks = await ask_rows.home_lines(tx)
            decisions = await read_decisions(tx, actor)
            page = replace(
                page,
                decisions=waiting_cards(decisions),
                to_end=cards_to_end(decisions, actor),
                asks=asks.to_answer,
                own_asks=asks.own,
            )
            if not whole:
                return page
            digest = compose_seen(tx.record, tx.now)
            if page.coordination is not None:
                undelivered = await read_undelivered(tx, zone)
                coordination = replace(
                    page.coordination,
                    asks=asks.to_decide,
                    notes=await unseen_by(tx, member.id, tx.record.first_imported_at)
                    if reads_notes(actor.standing)
                    else (),
                    counts=_week_counts(digest),
                    close=await close_digests(tx) if coalition.is_live else None,
                    tasks=checklist(tx.record),
                    undelivered=undelivered,
                    held=undelivered.notices,
                )
                page = replace(page, coordination=coordination)
            return replace(page, overview=await _overview(tx, digest))

    async def me(self, actor: Actor) -> Me:
        """Who this person is to the coalition, and who reads what they say."""
        async with self.reading(actor, "home.me") as tx:
            account_zone = await tx.session.scalar(
                select(SlackAccountRow.timezone).where(SlackAccountRow.member_id == actor.member_id)
            )
        member = next(item for item in tx.record.members if item.id == actor.key)
        names = {item.id: item.name for item in tx.record.members}
        principals = [item for item in tx.record.members if item.delegate == member.id]
        principal_ids = {item.id for item in principals}
        return Me(
            name=member.name,
            organization=next(
                item.name for item in tx.record.everything.organizations if item.id == member.organization
            ),
            zone=zone_of_member(tx.record, member.id),
            zone_known=member.timezone is not None or account_zone is not None,
            stand_in=names.get(member.delegate or ""),
            stands_in_for=tuple(item.name for item in principals),
            priorities=tuple(_own(tx.record, item) for item in tx.record.priorities if item.owner == member.id),
            covered=tuple(_own(tx.record, item) for item in tx.record.priorities if item.owner in principal_ids),
            own_checkins=tuple(OwnPriority(name=name, readers=who) for name, who in own_readers(tx.record, member.id)),
            private_readers=readers_of_notes(tx.record),
            action_readers=readers_of_actions(tx.record, actor.key or ""),
            coalition_name=tx.record.coalition.name,
            now=self.calendar.now(),
        )

    async def coordinator_of(self, workspace_team: str, *, configures: bool = False) -> str | None:
        """Who can help somebody whom the bot doesn't know, or who may not: the first coordinator of this workspace's
        coalition, or who may configure it."""
        async with self.database.read() as session:
            coalition_id = await coalition_of_team(session, workspace_team)
            if coalition_id is None:
                return None
            record = await read_record(session, coalition_id)
        return helper_in(record, configures=configures)


async def _overview(tx: UseCase, digest: Digest) -> Overview:
    own = {item.id for item in tx.record.priorities if item.owner == tx.actor.key}
    reads_roll_up = tx.actor.standing.may(Right.READ_ROLL_UP)
    latest = await latest_digest(tx) if reads_roll_up else None
    return Overview(
        priorities=tuple(part for part in digest.priorities if part.id in own),
        standings=digest.priorities if reads_roll_up else (),
        opens=frozenset(part.id for part in digest.priorities if may_read_summary(tx.actor.standing, part.id)),
        issues=await issue_news.home_lines(tx),
        meetings=await meetings.home_lines(tx),
        digest=latest,
        plan=head_of(tx.record, digest) if reads_roll_up else None,
        may_propose=tx.actor.standing.may_anywhere(Right.PROPOSE_DECISION),
        may_raise=tx.actor.standing.may_anywhere(Right.RAISE_ISSUE),
    )


def _week_counts(digest: Digest) -> WeekCounts:
    count, organizations = overdue(digest)
    dates = [one.needed_by for one in digest.decisions_needed if one.needed_by is not None]
    return WeekCounts(
        decisions=len(digest.decisions_needed),
        first_by=min(dates, default=None),
        overdue=count,
        organizations=organizations,
        not_reported=digest.figures_not_reported,
        figures=digest.figures_total,
    )


def _own(record: Record, priority: Priority) -> OwnPriority:
    return OwnPriority(name=priority.name, readers=readers_of_update(record, priority))


async def read_coordination(tx: UseCase, coalition: CoalitionRow, zone: str) -> Coordination:
    """The round, held messages, and people without an account."""
    outside = await members_outside_slack(tx)
    by_hand = any(not one.may_be_linked for one in outside)
    return Coordination(
        state=coalition.state,
        paused_at=coalition.paused_at,
        live_at=coalition.live_at,
        ended=tx.record.coalition.ended,
        may_configure=tx.actor.standing.may(Right.CONFIGURE),
        in_setup=coalition.is_draft and await open_step(tx) is not None,
        round=await newest_round(tx),
        held=(),
        outside_slack=outside,
        to_forward=await waiting_to_forward(tx, zone) if by_hand else None,
        link_requests=await waiting_requests(tx),
        series=await series_troubles(tx),
    )
