"""The screens that people read, rendered from what services tell one person, and the buttons on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bot.domain.plan import Plan
from bot.services.access import Actor
from bot.slack.blocks import asks, issues, menu, packs, plan
from bot.slack.blocks.actions import items as action_items
from bot.slack.blocks.checkins import lists as checkin_lists
from bot.slack.blocks.checkins import rounds as checkin_rounds
from bot.slack.blocks.coalition import card as coalitions
from bot.slack.blocks.coalition import north_star
from bot.slack.blocks.decisions import decisions
from bot.slack.blocks.digests import reading as digest_reading
from bot.slack.blocks.funding import funding
from bot.slack.blocks.home import page as home
from bot.slack.blocks.meetings import agendas, meetings
from bot.slack.blocks.metrics import metrics
from bot.slack.blocks.organizations import groups, organizations
from bot.slack.blocks.people import members
from bot.slack.blocks.priorities import forms as priority_forms
from bot.slack.blocks.priorities import priorities
from bot.slack.message import Message, View
from tests.services.rights_stage import OWN, Scene, own_action
from tests.services.rights_table import OUR_MEETING, STEERINGS

Screen = Callable[[Scene, Actor], Awaitable[Message | View]]


def screen(read: Callable[[Scene, Actor], Awaitable[Any]], render: Callable[[Any], Message | View]) -> Screen:
    async def shown(scene: Scene, actor: Actor) -> Message | View:
        return render(await read(scene, actor))

    return shown


def _money_in_plan(shown: Plan) -> Message:
    """The last page of the plan, which is that of the money where its reader sees any."""
    return plan.plan_message(shown, 99)


# Where it is the same for every reader, so that a button is there for each who may press it. Lists and Home choose, and
# what is one's own is another thing for each.
ABOUT_ONE_THING = (
    "action",
    "the group's decision",
    "steering's decision",
    "issue",
    "steering's issue",
    "ask",
    "sent ask",
    "check-in",
    "round",
    "figure",
    "another figure",
    "the north star's figure",
    "priority",
    "outcomes",
    "source",
    "a funder's grant",
    "money",
    "meeting",
    "steering's meeting",
    "agenda",
    "organization",
    "group",
    "north star",
)
SCREENS: dict[str, Screen] = {
    "home": screen(lambda s, a: s.services.home.page(a, whole=True), home.home_view),
    "coalition": screen(lambda s, a: s.services.home.page(a), coalitions.coalition_message),
    "menu": screen(lambda s, a: s.services.home.page(a), lambda page: menu.menu_message(page, ("help",))),
    "actions": screen(lambda s, a: s.services.action_items.find(a, "overdue"), action_items.list_message),
    "action": screen(lambda s, a: s.services.action_items.show(a, "A-301"), action_items.card_message),
    "own action": screen(
        lambda s, a: s.services.action_items.show(a, own_action(str(a.key))), action_items.card_message
    ),
    "asked action": screen(lambda s, a: s.services.action_items.show(a, s.asked), action_items.card_message),
    "decisions": screen(lambda s, a: s.services.decisions.find(a, "log"), decisions.list_message),
    "my decisions": screen(lambda s, a: s.services.decisions.find(a, "mine"), decisions.list_message),
    "the group's decision": screen(lambda s, a: s.services.decisions.show(a, "D-6"), decisions.card_message),
    "steering's decision": screen(lambda s, a: s.services.decisions.show(a, "D-1"), decisions.card_message),
    "issues": screen(lambda s, a: s.services.issues.find(a, "all"), issues.list_message),
    "my issues": screen(lambda s, a: s.services.issues.find(a, "mine"), issues.list_message),
    "issue": screen(lambda s, a: s.services.issues.show(a, "I-4"), issues.card_message),
    "steering's issue": screen(lambda s, a: s.services.issues.show(a, "I-1"), issues.card_message),
    "ask": screen(lambda s, a: s.services.asks.show(a, s.ask), asks.ask_message),
    "sent ask": screen(lambda s, a: s.services.asks.show(a, s.sent_ask), asks.ask_message),
    "my check-ins": screen(lambda s, a: s.services.checkins.mine(a), checkin_lists.my_checkins_message),
    "check-in": screen(lambda s, a: s.services.checkin_cadences.show(a, "weekly"), checkin_rounds.checkin_card),
    "round": screen(lambda s, a: s.services.checkin_rounds.status(a, "weekly"), checkin_rounds.status_message),
    "figures": screen(lambda s, a: s.services.metrics.mine(a, everything=True), metrics.list_message),
    "my figures": screen(lambda s, a: s.services.metrics.mine(a), metrics.list_message),
    "figure": screen(lambda s, a: s.services.metrics.card(a, "fa-quality"), metrics.card_message),
    "another figure": screen(lambda s, a: s.services.metrics.card(a, "fa-seats"), metrics.card_message),
    "the north star's figure": screen(lambda s, a: s.services.metrics.card(a, "ns-good-jobs"), metrics.card_message),
    "priorities": screen(lambda s, a: s.services.priorities.mine(a, everything=True), priorities.list_message),
    "my priorities": screen(lambda s, a: s.services.priorities.mine(a), priorities.list_message),
    "priority": screen(lambda s, a: s.services.priorities.card(a, OWN), priorities.card_message),
    "outcomes": screen(lambda s, a: s.services.priority_plans.outcomes(a, OWN), priority_forms.outcomes_view),
    "funding": screen(lambda s, a: s.services.funding.overview(a), funding.overview_message),
    "sources": screen(lambda s, a: s.services.funding.sources(a), funding.list_message),
    "source": screen(lambda s, a: s.services.funding.card(a, "source", "F-3"), funding.card_message),
    "a funder's grant": screen(lambda s, a: s.services.funding.card(a, "source", "F-8"), funding.card_message),
    "money": screen(lambda s, a: s.services.funding.card(a, "priority", OWN), funding.card_message),
    "meetings": screen(lambda s, a: s.services.meetings.every(a), meetings.list_message),
    "my meetings": screen(lambda s, a: s.services.meetings.mine(a), meetings.list_message),
    "meeting": screen(lambda s, a: s.services.meetings.show(a, "wg-access-monthly"), meetings.card_message),
    "steering's meeting": screen(lambda s, a: s.services.meetings.show(a, "steering-quarterly"), meetings.card_message),
    "agenda": screen(lambda s, a: s.services.agendas.show(a, OUR_MEETING), agendas.agenda_message),
    "pack": screen(lambda s, a: s.services.packs.show(a, STEERINGS), packs.pack_message),
    "a pack that is posted": screen(lambda s, a: s.services.packs.show(a, STEERINGS), packs.pack_post),
    "digests": screen(lambda s, a: s.services.digests.overview(a), digest_reading.overview_message),
    "past digests": screen(lambda s, a: s.services.digests.past(a), digest_reading.past_message),
    "members": screen(lambda s, a: s.services.members.page(a), members.member_list_message),
    "member": screen(lambda s, a: s.services.members.card(a), members.member_message),
    "organizations": screen(lambda s, a: s.services.organizations.page(a), organizations.organization_list_message),
    "organization": screen(
        lambda s, a: s.services.organizations.card(a, "Kessler"), organizations.organization_message
    ),
    "groups": screen(lambda s, a: s.services.groups.page(a), groups.group_list_message),
    "group": screen(lambda s, a: s.services.groups.card(a, "wg-access"), groups.group_message),
    "plan": screen(lambda s, a: s.services.plans.page(a), plan.plan_message),
    "money in the plan": screen(lambda s, a: s.services.plans.page(a), _money_in_plan),
    "north star": screen(lambda s, a: s.services.north_stars.card(a), north_star.north_star_message),
}


def buttons_of(shown: Message | View) -> Iterator[tuple[str, str]]:
    """(action, value) of everything on a screen that can be pressed."""
    for block in shown.blocks:
        for element in (*block.get("elements", ()), *filter(None, (block.get("accessory"),))):
            if element.get("type") == "button":
                yield str(element["action_id"]), str(element.get("value") or "")
