"""Organizations, groups and the north star on screen. Words in golden files; limits at none, one, the usual few and
too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.coalition import NorthStarCard
from bot.domain.organizations import (
    GroupCard,
    GroupForm,
    GroupLine,
    GroupList,
    OrganizationCard,
    OrganizationForm,
    OrganizationLine,
    OrganizationList,
)
from bot.domain.organizations.pages import GroupPlan, OrganizationPlan
from bot.domain.typed import Known
from bot.slack.blocks.coalition import NORTH_STAR_FORM, north_star_message
from bot.slack.blocks.organizations import (
    GROUP_FORM,
    ORGANIZATION_FORM,
    group_list_message,
    group_message,
    organization_list_message,
    organization_message,
)
from bot.slack.message import Message, View
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, script

TODAY = date(2026, 11, 23)
CHAMBER = OrganizationLine(
    id="bend-chamber", name="Bend Area Chamber", sector="private", contacts=("Grant Okafor",), members=1
)
COUNTY = OrganizationLine(
    id="county", name="Harrow County", sector="public", contacts=("Lorna Pruitt", "Marcus Teal"), members=2
)
NEW = OrganizationLine(id="library", name="River Forks Library", sector="nonprofit", contacts=(), members=0)
FULL = OrganizationLine(
    id="full",
    name=LONG[:80],
    sector="philanthropic",
    contacts=tuple(f"{n} {LONG[:60]}" for n in range(20)),
    members=100,
)
COUNTY_CARD = OrganizationCard(
    line=COUNTY,
    ask_via=None,
    closed_days=(date(2026, 11, 26), date(2026, 12, 25)),
    closed_yearly=("01-01", "12-25"),
    may_edit=True,
    today=TODAY,
)
FULL_CARD = OrganizationCard(
    line=FULL,
    ask_via="coordinator",
    closed_days=tuple(TODAY + timedelta(days=number) for number in range(60)),
    may_edit=True,
    today=TODAY,
)
PLAN: OrganizationPlan = {
    "name": "Harrow County",
    "sector": "public",
    "contacts": ("lorna", "marcus"),
    "ask_via": "coordinator",
    "closed_days": (date(2026, 11, 26), date(2026, 12, 24), date(2026, 12, 25)),
    "closed_yearly": ("01-01", "12-25"),
}


def organizations(*lines: OrganizationLine, total: int | None = None, may_edit: bool = True) -> OrganizationList:
    return OrganizationList(lines=lines, start=0, total=len(lines) if total is None else total, may_edit=may_edit)


def test_organizations() -> None:
    contacts = (Known("lorna", "Lorna Pruitt"), Known("marcus", "Marcus Teal"))
    scenes: dict[str, Message | View] = {
        "none": organization_list_message(organizations()),
        "one, to read only": organization_list_message(organizations(CHAMBER, may_edit=False)),
        "a page": organization_list_message(organizations(CHAMBER, COUNTY, NEW, total=11)),
        "a card for a coordinator": organization_message(COUNTY_CARD),
        "just saved, in a modal": organization_message(COUNTY_CARD, "Saved.").view("Organization"),
        "asks go through the coordinators": organization_message(
            replace(COUNTY_CARD, ask_via="coordinator", closed_days=())
        ),
        "a card for everybody": organization_message(replace(COUNTY_CARD, may_edit=False)),
        "one without anybody": organization_message(replace(COUNTY_CARD, line=NEW, closed_days=())),
        "a new one": ORGANIZATION_FORM.view(OrganizationForm(id=None, plan={}, contacts=())),
        "changing one": ORGANIZATION_FORM.view(OrganizationForm(id="county", plan=PLAN, contacts=contacts)),
    }
    check_golden("organizations.txt", script(scenes))
    many = tuple(Known(f"m{number}", LONG[:75]) for number in range(20))
    full: OrganizationPlan = {**PLAN, "name": LONG[:80], "closed_days": FULL_CARD.closed_days}
    script(
        {
            "a hundred": organization_list_message(organizations(*[FULL] * 8, total=100)),
            "long": organization_message(FULL_CARD, LONG),
            "long, in a modal": organization_message(FULL_CARD, LONG).view("Organization"),
            "long form": ORGANIZATION_FORM.view(OrganizationForm(id="full", plan=full, contacts=many)),
        }
    )


TALENT = GroupLine(
    id="talent-group",
    name="Talent Working Group",
    kind="working_group",
    priority="Talent pathways",
    members=4,
    organizations=3,
    chair="Yolanda Briggs",
)
STEERING = GroupLine(
    id="steering",
    name="Steering Committee",
    kind="steering_committee",
    priority=None,
    members=1,
    organizations=1,
    chair=None,
)
TALENT_CARD = GroupCard(
    line=TALENT,
    seats=(
        ("Yolanda Briggs", "Three Creeks Workforce Board"),
        ("Helen Sato", "Bend River Community College"),
        ("Tom Delacroix", "Kessler Drive Systems"),
    ),
    cochair="Helen Sato",
    decision_rule="consensus",
    quorum=None,
    voices="organization",
    channel="lb-talent",
    may_edit=True,
)
FULL_LINE = replace(TALENT, name=LONG[:80], priority=LONG[:80], chair=LONG[:80], members=100, organizations=40)
FULL_GROUP = GroupCard(
    line=FULL_LINE,
    seats=tuple((LONG[:40], LONG[:40]) for _ in range(100)),
    cochair=LONG[:80],
    decision_rule="two_thirds",
    quorum=9,
    voices="person",
    channel="x" * 80,
    may_edit=True,
)
GROUP_PLAN: GroupPlan = {
    "name": "Talent Working Group",
    "kind": "working_group",
    "members": ("yolanda", "helen"),
    "chair": "yolanda",
    "decision_rule": "majority",
    "voices": "person",
    "quorum": 3,
    "channel": "lb-talent",
    "priority": "talent-pathways",
}


def groups(*lines: GroupLine, total: int | None = None, may_edit: bool = True) -> GroupList:
    return GroupList(lines=lines, start=0, total=len(lines) if total is None else total, may_edit=may_edit)


def test_groups() -> None:
    yolanda, helen = Known("yolanda", "Yolanda Briggs"), Known("helen", "Helen Sato")
    priorities = (Known("talent-pathways", "Talent pathways"), Known("job-quality", "Job quality"))
    plain = replace(TALENT_CARD, line=STEERING, seats=(), cochair=None, quorum=5, channel=None)
    form = GroupForm(id="talent-group", plan=GROUP_PLAN, members=(yolanda, helen), chair=yolanda, priorities=priorities)
    scenes: dict[str, Message | View] = {
        "none": group_list_message(groups()),
        "one, to read only": group_list_message(groups(TALENT, may_edit=False)),
        "a page": group_list_message(groups(STEERING, TALENT, total=9)),
        "a card for a coordinator": group_message(TALENT_CARD),
        "just saved, in a modal": group_message(TALENT_CARD, "Saved.").view("Group"),
        "a card for everybody, nobody in it": group_message(replace(plain, may_edit=False)),
        "a new one": GROUP_FORM.view(GroupForm(id=None, plan={}, members=(), chair=None, priorities=())),
        "changing one": GROUP_FORM.view(form),
    }
    check_golden("groups.txt", script(scenes))
    many = tuple(Known(f"m{number}", LONG[:75]) for number in range(100))
    full = replace(form, members=many, chair=many[0], priorities=many * 2)
    script(
        {
            "a hundred": group_list_message(groups(*[FULL_LINE] * 8, total=100)),
            "long": group_message(FULL_GROUP, LONG),
            "long, in a modal": group_message(FULL_GROUP, LONG).view("Group"),
            "long form": GROUP_FORM.view(full),
        }
    )


def test_the_north_star() -> None:
    star = NorthStarCard(
        statement="By 2030 six in ten working families earn the local living wage.",
        metric=("ns-living-wage", "Frontline workers earning the local living wage"),
        may_edit=True,
    )
    goals = ((Decimal("48.5"), date(2027, 12, 31)), (Decimal(52), date(2028, 6, 30)))
    planned = replace(star, goals=goals, unit="percent", public=True)
    none = NorthStarCard(statement=None, metric=None, may_edit=True)
    scenes: dict[str, Message | View] = {
        "none": north_star_message(none),
        "none, to read only": north_star_message(replace(none, may_edit=False)),
        "with its figure": north_star_message(star),
        "without a figure": north_star_message(replace(star, metric=None)),
        "without a figure, to read only": north_star_message(replace(star, metric=None, may_edit=False)),
        "just saved, in a modal": north_star_message(star, "Saved.").view("North star"),
        "the form, empty": NORTH_STAR_FORM.view(none),
        "the form": NORTH_STAR_FORM.view(star),
        "with goals, public": north_star_message(planned),
        "the form, with goals": NORTH_STAR_FORM.view(planned),
    }
    check_golden("north-star.txt", script(scenes))
    full = replace(star, statement=LONG[:300], metric=("m" * 40, LONG[:120]), goals=goals * 15)
    script({"long": north_star_message(full, LONG), "long form": NORTH_STAR_FORM.view(full)})
