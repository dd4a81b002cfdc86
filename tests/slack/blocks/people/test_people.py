"""People on screen: members, roles and stand-ins, what they are told of it, and the forms of a setup. Words in golden
files; limits at none, one, the usual few and too many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.coalition import (
    MOST_ORGANIZATIONS,
    MOST_PEOPLE,
    MOST_PRIORITIES,
    Found,
    OrganizationChoice,
    PriorityChoice,
    SetupPage,
    Task,
)
from bot.domain.people import (
    AccountGone,
    AccountId,
    AccountMoved,
    DigestByHand,
    LinkRequest,
    MemberCard,
    MemberLine,
    MemberList,
    NewRoles,
    SeenAccount,
    StandsIn,
    Unlinked,
)
from bot.domain.rhythm import Rhythm
from bot.domain.typed import Known
from bot.slack.blocks.coalition import checklist_blocks, reading_view, setup_view
from bot.slack.blocks.people import (
    ADD_MEMBER_FORM,
    EDIT_MEMBER_FORM,
    ROLES_FORM,
    STAND_IN_FORM,
    account_gone_item,
    account_moved_message,
    link_request_item,
    member_list_message,
    member_message,
    roles_item,
    stands_in_item,
)
from bot.slack.message import Block, Message, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import escape
from tests.slack.readable import check_golden
from tests.slack.screens import LONG, MONDAY, script

CLOCK = Clock("America/Chicago", MONDAY)


def told(shown: tuple[Iterable[Block], str]) -> Message:
    blocks, words = shown
    return Message(text=escape(words), blocks=tuple(blocks))


def moved(**fields: Any) -> AccountMoved:
    usual: dict[str, Any] = {
        "member": "Grant Okafor",
        "coalition": "River Forks",
        "by": "Dana Whitlock",
        "helpers": ("Dana Whitlock", "Omar Castellanos"),
        "moved_at": MONDAY,
        "is_new": False,
        "zone": "America/Chicago",
    }
    return AccountMoved(**(usual | fields))


def line(number: int = 0, name: str = "Grant Okafor") -> MemberLine:
    return MemberLine(
        id=f"m{number}",
        name=name,
        organization="Bend Area Chamber",
        roles=("Steering", "owns Supplier and small-firm growth"),
        account="linked",
        no_messages_about=("figures", "meetings"),
    )


CARD = MemberCard(
    id="grant",
    name="Grant Okafor",
    organization=Known(id="bend-chamber", name="Bend Area Chamber"),
    email="grant.okafor@bendchamber.example",
    access="multi_channel_guest",
    timezone="America/Chicago",
    stand_in=Known(id="marcus", name="Marcus Teal"),
    stands_in_for=(),
    roles=("Steering", "owns Supplier and small-firm growth"),
    held=("steering_member",),
    co_chairs=(),
    priorities=(Known(id="job-quality", name="Job quality"), Known(id="family-access", name="Child care")),
    account="linked",
    today=date(2026, 11, 23),
    may_edit=True,
    may_give_roles=True,
    is_self=False,
)
OWN = replace(CARD, may_edit=False, may_give_roles=False, is_self=True, stand_in=None, stands_in_for=("Lorna Pruitt",))
FULL = replace(
    CARD,
    name=LONG[:80],
    organization=Known(id="x", name=LONG[:80]),
    stands_in_for=tuple(f"Person {n}" for n in range(100)),
    priorities=tuple(Known(id=f"p{n}", name=LONG[:80]) for n in range(120)),
)


def members(count: int) -> MemberList:
    lines = tuple(line(n, LONG[:80] if count > 8 else "Grant Okafor") for n in range(min(count, 8)))
    return MemberList(lines=lines, start=0, total=count, organizations=min(count, 9), may_give_roles=True)


def test_members() -> None:
    scenes: dict[str, Message | View] = {
        "no members": member_list_message(members(0)),
        "one member": member_list_message(members(1)),
        "a card for a coordinator": member_message(CARD),
        "who is about to leave": member_message(replace(CARD, roles=(), stand_in=None, ended=date(2026, 11, 30))),
        "who has left": member_message(replace(CARD, roles=(), stand_in=None, ended=date(2026, 11, 20))),
        "who gets mail with links": member_message(
            replace(CARD, access="email_only", account="email_only", reads_mail=True)
        ),
        "whose mail comes back": member_message(
            replace(CARD, access="email_only", account="email_only", mail_comes_back=True)
        ),
        "who got the digest by hand": member_message(
            replace(
                CARD,
                access="email_only",
                account="email_only",
                digest=DigestByHand(of=date(2026, 11, 20), by="Omar <Castellanos>", on=date(2026, 11, 23)),
            )
        ),
        "the same in a modal, just saved": member_message(CARD, "Saved.").view("Member"),
        "one's own card": member_message(replace(OWN, no_messages_about=("actions", "answers"))),
        "adding somebody": ADD_MEMBER_FORM.view(None),
        "changing somebody": EDIT_MEMBER_FORM.view(CARD),
        "roles": ROLES_FORM.view(CARD),
        "roles without a priority": ROLES_FORM.view(replace(CARD, priorities=())),
        "one's own stand-in": STAND_IN_FORM.view(OWN),
        "somebody's stand-in": STAND_IN_FORM.view(CARD),
        "told: stands in": told(
            stands_in_item(
                StandsIn(principal="Imani Rhodes", priorities=("Child care",), helper="Dana Whitlock"), CLOCK
            )
        ),
        "told: roles": told(roles_item(NewRoles(coalition="River Forks", roles=("Staff",), helper="Dana"), CLOCK)),
        "told: no roles": told(roles_item(NewRoles(coalition="River Forks", roles=(), helper=None), CLOCK)),
        "told: an account is gone": told(account_gone_item(gone(), CLOCK)),
        "told: somebody asks to be linked": told(link_request_item(request(), CLOCK)),
        "told: somebody asks, and everybody has an account": told(link_request_item(request(unlinked=()), CLOCK)),
        "told: somebody is linked": told(link_request_item(request(linked_to="Tom Delacroix"), CLOCK)),
        "told: nobody to go to": told(account_gone_item(gone(taken_by=None, owns=()), CLOCK)),
        "told: the account from now on": account_moved_message(moved(is_new=True)),
        "told: the account until now": account_moved_message(moved()),
        "told: whoever asked to be linked": account_moved_message(moved(is_new=True, is_first=True)),
        "told: at the command line": account_moved_message(moved(by=None, helpers=())),
    }
    check_golden("members.txt", script(scenes))
    script(
        {"a hundred": member_list_message(members(100)), "long": member_message(FULL), "many": ROLES_FORM.view(FULL)}
    )


def request(**fields: Any) -> LinkRequest:
    tom = Unlinked(member="tom", name="Tom Delacroix", organization="Kessler Drive Systems")
    given: dict[str, Any] = {"account": AccountId("U0TOM"), "unlinked": (tom,), **fields}
    return LinkRequest(**given)


def gone(**fields: object) -> AccountGone:
    usual: dict[str, object] = {
        "id": "grant",
        "name": "Grant Okafor",
        "organization": "Bend Area Chamber",
        "actions": 2,
        "taken_by": "Marcus Teal",
        "owns": ("Supplier and small-firm growth",),
    }
    return AccountGone(**{**usual, **fields})  # type: ignore[arg-type]


def found(number: int) -> Found:
    account = SeenAccount(
        team_id="T1",
        user_id=f"U{number}",
        name=f"Person {number}",
        email=None,
        timezone=None,
        deactivated=False,
    )
    return Found(account=account, channels=("lb-access",) if number else ())


def people(count: int) -> SetupPage:
    everybody = tuple(found(n) for n in range(count))
    return SetupPage(
        step=3,
        found=everybody,
        channel_count=2,
        ticked=frozenset(one.account.user_id for one in everybody),
        owners=(("U0", "Person 0"),) if count else (),
    )


def test_setup() -> None:
    choice = PriorityChoice(name="Child care", owner="U0IMANI", channel="C1")
    rows = SetupPage(step=2, choices=(choice, PriorityChoice()))
    scenes: dict[str, Message | View] = {
        "step 1": setup_view(SetupPage(step=1, timezone="America/Chicago", organization="River Partnership")),
        "step 1, nothing known": setup_view(SetupPage(step=1)),
        "step 2": setup_view(SetupPage(step=2)),
        "step 2, two priorities": setup_view(rows),
        "step 2, not in a channel": setup_view(
            replace(rows, problems=("I'm not in the channel of “Child care” yet.",))
        ),
        "step 2, saved": reading_view(2),
        "step 3, nobody found": setup_view(people(0)),
        "step 3, one person": setup_view(people(1)),
        "step 3": setup_view(people(12)),
        "step 4": setup_view(
            SetupPage(
                step=4,
                organizations=(
                    OrganizationChoice(key="T9", people=("Yolanda Briggs",)),
                    OrganizationChoice(
                        key="crossroads.example",
                        people=("Imani", "Luis", "Gita", "Ben"),
                        name="Crossroads",
                        is_suggested=True,
                    ),
                ),
            )
        ),
        "step 5": setup_view(SetupPage(step=5, timezone="America/Chicago", rhythm=Rhythm(), rhythm_channel="C9")),
        "a file without a rhythm": setup_view(
            SetupPage(step=5, timezone="America/Chicago", lacks=frozenset({"checkin", "digest"}))
        ),
        "a file without a check-in": setup_view(
            SetupPage(step=5, timezone="America/Chicago", lacks=frozenset({"checkin"}))
        ),
        "what is missing": Message(
            text="What is missing",
            blocks=tuple(checklist_blocks((Task("The weekly rhythm", "/coalition setup", True), TASK))),
        ),
    }
    check_golden("setup.txt", script(scenes))
    many = tuple(PriorityChoice(name=LONG[:80]) for _ in range(MOST_PRIORITIES))
    most = (OrganizationChoice(key="k", people=(LONG,) * 9, name=LONG[:80]),) * MOST_ORGANIZATIONS
    script({"many organizations": setup_view(SetupPage(step=4, organizations=most))})
    script(
        {"many priorities": setup_view(SetupPage(step=2, choices=many)), "many people": setup_view(people(MOST_PEOPLE))}
    )
    assert checklist_blocks((replace(TASK, done=True),)) == []


TASK = Task("Funding", "/funding add", False)
