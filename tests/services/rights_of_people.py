"""Part 7 as calls, of the coalition and its people; and what is no person's act, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from bot.domain.canvases import CanvasNote, CanvasState, CanvasTask, LastWords
from bot.domain.coalition import PriorityChoice
from bot.domain.endings import NOWHERE, CoalitionEnding, Ending, Leaving
from bot.domain.histories import RecordsQuery
from bot.domain.outbox import Kind
from bot.domain.people import SeenChannel
from bot.domain.rhythm import Rhythm
from bot.services.access import Actor
from bot.store.outbox import DeliveryRow
from bot.store.people import MemberRow, SlackAccountRow
from tests.services.rights_stage import Scene, be_in_setup
from tests.services.rights_table import (
    COORDINATORS,
    EVERYBODY,
    GROUP,
    LEAD,
    NOBODY,
    PERSON,
    SOON,
    Acts,
    act,
    coordinators,
    everybody,
    lead,
    leads,
)
from tests.services.stage import TEAM, account

NOTHING_MADE = CanvasNote(state=CanvasState.NEW)


def task_of(actor: Actor) -> CanvasTask:
    """A canvas that nobody made yet."""
    return CanvasTask(
        row_id=None,
        coalition_id=actor.coalition_id,
        priority="family-access",
        name="",
        channel="lb-access",
        channel_id="C1",
        state=CanvasState.NEW,
        canvas_id=None,
        title=None,
        written=None,
        seen=(),
        tries=0,
        beside=False,
        rest=0.0,
        says=LastWords(name="", why=""),
        ours=frozenset(),
    )


CHOICE = PriorityChoice(name="Broadband", owner="UANA", channel="CNEW")
CHANNEL = SeenChannel(channel_id="CNEW", name="broadband", is_private=False, is_external=False)
ANA = account("ana")
LEAVES = Leaving(
    last_day=date(2027, 1, 31), priorities="grant", chairs="grant", figures="grant", work="grant", stand_in="grant"
)


ENDS = Ending(last_day=date(2027, 1, 31), work=NOWHERE, money=NOWHERE)


async def _erase(scene: Scene, actor: Actor) -> object:
    """Somebody who has left."""
    yesterday = replace(LEAVES, last_day=scene.now.date() - timedelta(days=2))
    await scene.services.leavings.leave(lead(scene), "otto", {}, yesterday)
    return await scene.services.erasures.erase(actor, "otto")


async def _own_message(scene: Scene, actor: Actor) -> object:
    """What somebody got by mail, opened on a page."""
    async with scene.services.database.write() as session:
        row = DeliveryRow(
            coalition_id=actor.coalition_id,
            key=f"own-{actor.member_id}",
            kind=Kind.PROMPTS,
            member_id=actor.member_id,
            planned_at=scene.now,
            due_at=scene.now,
        )
        session.add(row)
        await session.flush()
        delivery_id = row.id
    return await scene.services.contents.as_now(actor, delivery_id)


async def _find_ended(scene: Scene, actor: Actor) -> object:
    await scene.services.ends.end(lead(scene), "priority:job-quality", {}, ENDS)
    return await scene.services.ends.find_ended(actor, "priority job")


async def _page(scene: Scene, actor: Actor) -> object:
    await be_in_setup(scene, 2)
    return await scene.services.setup.page(actor, 2)


async def _choose_priorities(scene: Scene, actor: Actor) -> None:
    await be_in_setup(scene, 2)
    await scene.services.setup.choose_priorities(actor, [CHOICE])


async def _add_priorities(scene: Scene, actor: Actor) -> object:
    await be_in_setup(scene, 2)
    await scene.services.setup.choose_priorities(lead(scene), [CHOICE])
    return await scene.services.setup.add_priorities(actor, [ANA], [CHANNEL], {"CNEW": ["UANA"]})


async def _add_people(scene: Scene, actor: Actor) -> object:
    await be_in_setup(scene, 3)
    return await scene.services.setup.add_people(actor, [], {})


async def _set_rhythm(scene: Scene, actor: Actor) -> None:
    await be_in_setup(scene, 5)
    await scene.services.setup.set_rhythm(actor, Rhythm(), None)


async def _name_organizations(scene: Scene, actor: Actor) -> object:
    await be_in_setup(scene, 4)
    return await scene.services.setup.name_organizations(actor, [])


async def _keep(scene: Scene, actor: Actor) -> None:
    await be_in_setup(scene, 2)
    await scene.services.setup.keep(actor, choices=[CHOICE])


async def _cancel_days(scene: Scene, actor: Actor) -> object:
    page = await scene.services.absences.add(actor, "form", date(2026, 12, 21), date(2026, 12, 22))
    return await scene.services.absences.cancel(actor, page.spans[0].id)


async def _link_first(scene: Scene, actor: Actor, key: str = "grant") -> object:
    now = scene.now
    async with scene.services.database.write(scene.stage.operator.author(now)) as session:
        member = select(MemberRow.id).where(MemberRow.key == key).scalar_subquery()
        for row in await session.scalars(select(SlackAccountRow).where(SlackAccountRow.member_id == member)):
            await session.delete(row)
    return await scene.services.people.link(actor, key, TEAM, "UNEW", by="coordinator")


async def _link_lead(scene: Scene, actor: Actor) -> object:
    return await _link_first(scene, actor, "dana")


COALITION: Acts = {
    "coalitions.export": coordinators(lambda s, a: s.services.coalitions.export(a)),
    "coalitions.whole": coordinators(lambda s, a: s.services.coalitions.whole(a)),
    "coalitions.record": coordinators(lambda s, a: s.services.coalitions.record(a)),
    "coalitions.today": everybody(lambda s, a: s.services.coalitions.today(a)),
    "coalitions.go_live": leads(lambda s, a: s.services.coalitions.go_live(a)),
    "coalitions.pause": leads(lambda s, a: s.services.coalitions.pause(a)),
    "coalitions.resume": leads(lambda s, a: s.services.coalitions.resume(a)),
    "coalitions.sending": leads(lambda s, a: s.services.coalitions.sending(a)),
    "coalitions.add_admin": leads(lambda s, a: s.services.coalitions.add_admin(a, "priya.raman@lbp.example")),
    "coalitions.import_file": leads(lambda s, a: s.services.coalitions.import_file(a, s.record, dry_run=True)),
    "audit.page": coordinators(lambda s, a: s.services.audit.page(a, "")),
    "setup.page": leads(_page),
    "setup.choose_priorities": leads(_choose_priorities),
    "setup.add_priorities": leads(_add_priorities),
    "setup.add_people": leads(_add_people),
    "setup.name_organizations": leads(_name_organizations),
    "setup.keep": leads(_keep),
    "setup.set_rhythm": leads(_set_rhythm),
    "setup.checklist": coordinators(lambda s, a: s.services.setup.checklist(a)),
    "coalition_particulars.form": leads(lambda s, a: s.services.coalition_particulars.form(a)),
    "coalition_particulars.edit": leads(
        lambda s, a: s.services.coalition_particulars.edit(a, {}, {"name": "The Bend", "locale": "de-DE"})
    ),
    "north_stars.card": everybody(lambda s, a: s.services.north_stars.card(a)),
    "north_stars.form": leads(lambda s, a: s.services.north_stars.form(a)),
    "north_stars.edit": leads(lambda s, a: s.services.north_stars.edit(a, {}, {"statement": "More good jobs."})),
}

PEOPLE: Acts = {
    "members.page": coordinators(lambda s, a: s.services.members.page(a)),
    "members.card": (
        act(EVERYBODY, lambda s, a: s.services.members.card(a), "one's own"),
        act(COORDINATORS, lambda s, a: s.services.members.card(a, "grant"), "somebody else's"),
    ),
    # Names are everybody's: who does something, and whom to ask.
    "members.find": everybody(lambda s, a: s.services.members.find(a, "Grant")),
    "members.search": everybody(lambda s, a: s.services.members.search(a, "")),
    "members.add": coordinators(lambda s, a: s.services.members.add(a, "form", PERSON)),
    "members.edit": coordinators(
        lambda s, a: s.services.members.edit(a, "grant", {}, replace(PERSON, name="G. Okafor"))
    ),
    "members.set_stand_in": (
        act(EVERYBODY, lambda s, a: s.services.members.set_stand_in(a, str(a.key), {}, "grant"), "one's own"),
        act(COORDINATORS, lambda s, a: s.services.members.set_stand_in(a, "grant", {}, "otto"), "somebody else's"),
    ),
    "answer_links.call_back": (
        act(EVERYBODY, lambda s, a: s.services.answer_links.call_back(a, str(a.key)), "one's own"),
        act(COORDINATORS, lambda s, a: s.services.answer_links.call_back(a, "grant"), "somebody else's"),
    ),
    "contents.as_now": everybody(_own_message),
    "public_records.collect": coordinators(lambda s, a: s.services.public_records.collect(a, RecordsQuery())),
    "own_data.export": everybody(lambda s, a: s.services.own_data.export(a)),
    "leavings.form": coordinators(lambda s, a: s.services.leavings.form(a, "otto")),
    "leavings.leave": coordinators(lambda s, a: s.services.leavings.leave(a, "otto", {}, LEAVES)),
    "leavings.take_part_again": coordinators(lambda s, a: s.services.leavings.take_part_again(a, "otto")),
    "erasures.form": leads(lambda s, a: s.services.erasures.form(a, "grant")),
    "erasures.erase": leads(_erase),
    "leavings.former": coordinators(lambda s, a: s.services.leavings.former(a)),
    "ends.find": coordinators(lambda s, a: s.services.ends.find(a, "priority talent")),
    "ends.find_ended": coordinators(_find_ended),
    "ends.form": coordinators(lambda s, a: s.services.ends.form(a, "priority:job-quality")),
    "ends.end": coordinators(lambda s, a: s.services.ends.end(a, "priority:job-quality", {}, ENDS)),
    "ends.reopen": coordinators(lambda s, a: s.services.ends.reopen(a, "priority:job-quality")),
    "coalition_ends.form": leads(lambda s, a: s.services.coalition_ends.form(a)),
    "coalition_ends.end": leads(
        lambda s, a: s.services.coalition_ends.end(a, {}, CoalitionEnding(last_day=date(2027, 1, 29)))
    ),
    "coalition_ends.reopen": leads(lambda s, a: s.services.coalition_ends.reopen(a)),
    "coalition_ends.is_meant": everybody(lambda s, a: s.services.coalition_ends.is_meant(a, "coalition")),
    "ends.recurring": coordinators(lambda s, a: s.services.ends.recurring(a)),
    "ends.ended": everybody(lambda s, a: s.services.ends.ended(a)),
    "members.mail_works": coordinators(lambda s, a: s.services.members.mail_works(a, "grant")),
    "members.set_roles": leads(lambda s, a: s.services.members.set_roles(a, "grant", {}, ["steering_member"], [])),
    "organizations.search": everybody(lambda s, a: s.services.organizations.search(a, "")),
    "organizations.page": everybody(lambda s, a: s.services.organizations.page(a)),
    "organizations.card": everybody(lambda s, a: s.services.organizations.card(a, "Kessler")),
    "organizations.form": coordinators(lambda s, a: s.services.organizations.form(a)),
    "organizations.add": coordinators(
        lambda s, a: s.services.organizations.add(a, "new", {"name": "Riders", "sector": "nonprofit"}, [])
    ),
    "organizations.edit": coordinators(
        lambda s, a: s.services.organizations.edit(a, "kessler", {}, {"name": "Kessler", "sector": "private"}, ["tom"])
    ),
    "groups.page": everybody(lambda s, a: s.services.groups.page(a)),
    "groups.card": everybody(lambda s, a: s.services.groups.card(a, "wg-access")),
    # Seats and chairs give rights, as roles do.
    "groups.form": leads(lambda s, a: s.services.groups.form(a)),
    "groups.add": leads(lambda s, a: s.services.groups.add(a, "new", GROUP, ["otto"])),
    "groups.edit": leads(lambda s, a: s.services.groups.edit(a, "wg-access", {}, GROUP, ["luis"])),
    # Whoever acts by an account has its member's rights, so another one is given by those who give rights.
    "people.link": (
        act(COORDINATORS, _link_first, "an account, where there is none"),
        act(LEAD, lambda s, a: s.services.people.link(a, "grant", TEAM, "UNEW", by="coordinator"), "another one"),
        act(LEAD, _link_lead, "the first one of somebody who may configure"),
    ),
    "people.outside_slack": coordinators(lambda s, a: s.services.people.outside_slack(a)),
    "people.missing_channels": coordinators(lambda s, a: s.services.people.missing_channels(a)),
    "people.cut_off_channels": coordinators(lambda s, a: s.services.people.cut_off_channels(a)),
    "people.has_workspace": coordinators(lambda s, a: s.services.people.has_workspace(a)),
    "people.narrowing": coordinators(lambda s, a: s.services.people.narrowing(a)),
    # What Slack says about accounts and channels, nobody can say in its place.
    "canvases.mark": (act(NOBODY, lambda s, a: s.services.canvases.mark(a)),),
    "canvases.tasks": (act(NOBODY, lambda s, a: s.services.canvases.tasks(a, "T1")),),
    "canvases.take": (act(NOBODY, lambda s, a: s.services.canvases.take(a, "T1", task_of(a))),),
    "canvases.note": (act(NOBODY, lambda s, a: s.services.canvases.note(a, task_of(a), NOTHING_MADE)),),
    "people.sync_accounts": (act(NOBODY, lambda s, a: s.services.people.sync_accounts(a, [])),),
    "people.lost_channels": (act(NOBODY, lambda s, a: s.services.people.lost_channels(a, [])),),
    "people.sync_channels": (act(NOBODY, lambda s, a: s.services.people.sync_channels(a, [])),),
    "home.page": everybody(lambda s, a: s.services.home.page(a, whole=True)),
    "home.me": everybody(lambda s, a: s.services.home.me(a)),
    "first_contacts.confirm": everybody(lambda s, a: s.services.first_contacts.confirm(a)),
    "absences.page": everybody(lambda s, a: s.services.absences.page(a)),
    "absences.read": everybody(lambda s, a: s.services.absences.read(a, "Dec 21 to Dec 22")),
    "absences.add": everybody(lambda s, a: s.services.absences.add(a, "form", SOON, SOON)),
    "absences.come_back": everybody(lambda s, a: s.services.absences.come_back(a)),
    "absences.cancel": everybody(_cancel_days),
    "own_settings.page": everybody(lambda s, a: s.services.own_settings.page(a)),
    "own_settings.search_zones": everybody(lambda s, a: s.services.own_settings.search_zones(a, "Chic")),
    "own_settings.want": everybody(lambda s, a: s.services.own_settings.want(a, "actions", wanted=False)),
    "own_settings.save": everybody(
        lambda s, a: s.services.own_settings.save(a, {}, zone=None, ask_at=time(9), stand_in="grant")
    ),
}

COALITION_AND_PEOPLE: Acts = {**COALITION, **PEOPLE}

_PROGRAM = "the program asks, before it knows who acts"
_START = "at start or on the command line, by whoever runs the program"
_SETUP = "by a Slack account before there is a member; the workspace's owners and admins, as tests of setup show"
_CLOCK = "the clock does what is due"
_INSTALLING = "a browser that comes back from Slack, Slack itself, or whoever runs the program"
_SENDING = "a delivery on its way; no person names one"
_PICTURES = "files of the sending side, without words"
# What takes no actor, since no person does it.
NO_ACT_OF_A_PERSON: dict[str, str] = {
    "coalitions.all": _PROGRAM,
    "coalitions.find": _START,
    "coalitions.last_moment": _START,
    "coalitions.import_record": _START,
    "people.actor_of": _PROGRAM,
    "people.coalition_of": _PROGRAM,
    "link_requests.ask": "by a Slack account that belongs to no member yet",
    "people.bind_workspace": _START,
    "home.coordinator_of": "for somebody whom the program doesn't know: the name of who can help",
    "inbox.answered": _PROGRAM,
    "inbox.first_time": _PROGRAM,
    "inbox.forget_old": _CLOCK,
    "forgetting.forget": _CLOCK,
    "inbox.keep_answering": _CLOCK,
    "inbox.note_home": _PROGRAM,
    "inbox.take_owed": _CLOCK,
    "inbox.was_home": _PROGRAM,
    "setup.name_admin": _START,
    "setup.begin": _SETUP,
    "setup.name_coalition": _SETUP,
    "setup.keep_names": _SETUP,
    "series_looks.due": _CLOCK,
    "series_looks.claim": _CLOCK,
    "series_looks.settle": _CLOCK,
    "rhythm.plan": _CLOCK,
    "pulses.write_down": _CLOCK,
    "rhythm.close": _CLOCK,
    "rhythm.is_settled": _CLOCK,
    "rhythm.next_due": _CLOCK,
    "contents.content": _SENDING,
    "contents.read": _SENDING,
    "answer_links.open": "whoever holds the link is the member that it was made for",
    "answer_links.mine": "whoever a browser was signed in as",
    "answer_links.open_sign_in": "whoever holds the link is the member that it was made for",
    "answer_links.ask_to_sign_in": "whoever knows an address; what is found goes there, and to nobody else",
    "answer_links.open_stop": "whoever holds the link is the member that it was made for",
    "answer_links.open_choices": "whoever holds the link is the member that it was made for",
    "answer_links.choices_address": _SENDING,
    "bounces.is_its_turn": _CLOCK,
    "bounces.note": "anybody's word; what it does, coordinators see and undo",
    "answer_links.sign_in_address": _SENDING,
    "answer_links.stop_address": _SENDING,
    "answer_links.address_of": _SENDING,
    "calendar_feeds.read": "whoever holds an address is the member that it was made for",
    "envelopes.of": _SENDING,
    "pictures.find": _PICTURES,
    "pictures.keep": _PICTURES,
    "pictures.forget": _PICTURES,
    **dict.fromkeys(
        (
            "installations.keep",
            "installations.every",
            "installations.of_team",
            "installations.versions",
            "installations.end",
            "installations.take_refresh",
            "installations.refreshed",
            "installations.reseal",
            "installations.states",
        ),
        _INSTALLING,
    ),
    "people.known_workspace": _START,
    "runs.begin": _START,
    "runs.mark": _CLOCK,
    **dict.fromkeys((f"recoveries.{name}" for name in ("doubts", "looked", "cleared", "hold", "end")), _SENDING),
    **dict.fromkeys(
        (
            "deliveries.rest_where_not_installed",
            "deliveries.due_coalitions",
            "deliveries.count_processes",
            "deliveries.claim",
            "deliveries.sent",
            "deliveries.unclear",
            "deliveries.later",
            "deliveries.wait",
            "deliveries.give_back",
            "deliveries.failed",
            "deliveries.not_taken",
            "deliveries.dropped",
            "deliveries.stumbled",
            "deliveries.may_post",
            "deliveries.keep_dm",
            "unclear_posts.expire_leases",
            "unclear_posts.due",
            "unclear_posts.found",
            "unclear_posts.not_found",
            "unclear_posts.not_sent",
            "unclear_posts.look_later",
            "unclear_posts.hold",
            "deliveries.wake_waiting",
            "deliveries.is_settled",
            "deliveries.tell_of_clock",
            "queue.numbers",
        ),
        _SENDING,
    ),
}
