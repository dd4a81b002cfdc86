"""What becomes of an action by each change, and which changes are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import actions
from bot.domain.actions import Entered, NewAction
from bot.domain.record import ActionItem, Member
from bot.domain.vocabularies import ActionStatus
from bot.errors import UserError
from tests import builders as make
from tests.builders import day, record
from tests.examples import examples
from tests.tables import on_each

TODAY = day("23")
OWN = make.action(due="2026-12-01")
DONE = replace(OWN, status=ActionStatus.DONE, completed=day("20"))
CANCELLED = replace(OWN, status=ActionStatus.CANCELLED)
BLOCKED = replace(OWN, status=ActionStatus.BLOCKED, blocked_reason="Legal is closed")
ASKED = replace(OWN, accepted=False)
ANA, BEN = make.member("ana"), make.member("ben", organization="lbp")
MOVED_THRICE = actions.move(
    actions.move(actions.move(OWN, day("27"), "a", TODAY), day("28"), "b", TODAY), day("29"), "c", TODAY
)

Change = Callable[[ActionItem], ActionItem]
CHANGES: dict[str, Change] = {
    "complete": lambda one: actions.complete(one, TODAY),
    "start": actions.start,
    "not started": lambda one: actions.start(one, ActionStatus.NOT_STARTED),
    "cancel": actions.cancel,
    "block": lambda one: actions.block(one, "Legal is closed", None, TODAY),
    "block and move": lambda one: actions.block(one, "The hall is taken", day("26"), TODAY),
    "move": lambda one: actions.move(one, day("25"), "Snow", TODAY),
    "renew": actions.renew,
    "get help": actions.get_help,
    "accept": actions.accept,
    "offer": lambda one: actions.offer(one, day("30"), None, TODAY),
}


def said(change: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(UserError) as caught:
        change()
    return caught.value.message, caught.value.field


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=12), st.sampled_from([OWN, ASKED, BLOCKED, DONE, CANCELLED]))
def test_whatever_happens_an_action_stays_sound(names: list[str], action: ActionItem) -> None:
    for name in names:
        before = action
        try:
            action = CHANGES[name](before)
        except UserError:
            continue
        assert CHANGES[name](action) == action, "what is so already is left as it is"
        assert (action.completed is not None) == (action.status == "done")
        assert action.status == "cancelled" or (action.blocked_reason is not None) == (action.status == "blocked")
        assert action.status != "done" or (action.accepted and action.blocked_reason is None)
        is_move = action.due != before.due and name != "offer"
        assert len(action.moves) == len(before.moves) + is_move, "each move counts once, and nothing else does"
        if is_move:
            assert (action.moves[-1].before, action.moves[-1].to, action.moves[-1].on) == (
                before.due,
                action.due,
                TODAY,
            )
        assert (action.id, action.title, action.owner, action.created) == (OWN.id, OWN.title, OWN.owner, OWN.created)


@on_each("action", [DONE, CANCELLED])
@on_each("name", ["block", "move", "renew", "get help"])
def test_a_closed_one_refuses(action: ActionItem, name: str) -> None:
    message = f"A-1 is {action.status}. Open it and press Reopen first."
    assert said(lambda: CHANGES[name](action)) == (message, None)


def test_done_is_done_on_its_day_and_opened_again_without_it() -> None:
    assert actions.complete(BLOCKED, TODAY) == replace(OWN, status=ActionStatus.DONE, completed=TODAY)
    assert actions.complete(ASKED, TODAY).accepted, "whoever does it has said yes"
    assert actions.complete(DONE, TODAY) == DONE
    assert actions.start(DONE) == replace(OWN, status=ActionStatus.IN_PROGRESS)
    assert actions.start(BLOCKED, ActionStatus.NOT_STARTED) == OWN
    assert actions.cancel(DONE) == CANCELLED
    assert actions.cancel(BLOCKED).blocked_reason == "Legal is closed"


def test_blocked_needs_a_reason_and_may_bring_a_new_date() -> None:
    assert actions.block(OWN, "Legal is closed", None, TODAY) == BLOCKED
    moved = actions.block(OWN, "Legal is closed", day("26"), TODAY)
    assert (moved.due, moved.status, moved.moves[-1].reason) == (day("26"), "blocked", "Legal is closed")
    assert said(lambda: actions.block(OWN, None, None, TODAY)) == (
        "Add one sentence on what it waits for.",
        "reason",
    )


def test_a_move_may_need_a_reason_and_never_goes_into_the_past() -> None:
    assert actions.move(OWN, OWN.due, None, TODAY, wants_reason=True) == OWN
    assert said(lambda: actions.move(OWN, day("25"), None, TODAY, wants_reason=True)) == (
        "Add one sentence on why it moves.",
        "reason",
    )
    passed = ("That day has passed. Choose today or a later day.", "due")
    for change in (
        lambda: actions.move(OWN, day("22"), "Snow", TODAY),
        lambda: actions.block(OWN, "Snow", day("22"), TODAY),
        lambda: actions.offer(ASKED, day("22"), None, TODAY),
    ):
        assert said(change) == passed
    late = replace(ASKED, due=day("20"))
    assert actions.offer(late, late.due, None, TODAY).accepted, "it was due then anyway"


def test_the_third_move_is_answered_once() -> None:
    assert len(MOVED_THRICE.moves) == 3
    assert [one.answer for one in actions.renew(MOVED_THRICE).moves] == [None, None, "renewed"]
    assert [one.answer for one in actions.get_help(MOVED_THRICE).moves] == [None, None, "help_asked"]
    for answered in (actions.renew(MOVED_THRICE), OWN):
        assert said(lambda one=answered: actions.get_help(one)) == (  # type: ignore[misc]
            "Nothing to answer: A-1 has its date. Open it to see how it stands.",
            None,
        )


def test_a_yes_for_another_date_is_no_move_and_tells_what_was_asked() -> None:
    offered = actions.offer(ASKED, day("30"), "after the audit", TODAY)
    assert (offered.accepted, offered.due, offered.moves) == (True, day("30"), ())
    assert offered.note == "Asked for Dec 1: after the audit"
    assert actions.offer(ASKED, day("30"), None, TODAY).note == "Asked for Dec 1"
    assert actions.was_offered(offered)
    assert not actions.was_offered(actions.accept(ASKED))


def test_handed_back_it_belongs_to_whoever_asked() -> None:
    declined = actions.decline(replace(ASKED, organization="acme"), BEN, "Acme")
    assert (declined.owner, declined.organization, declined.accepted) == ("ben", "lbp", True)
    assert declined.note == "Handed back by Acme"
    assert actions.was_declined(declined)
    assert not actions.was_declined(ASKED)


@pytest.mark.parametrize(
    ("after", "was_accepted", "is_accepted"),
    [(make.member("cy"), True, True), (make.member("cy"), False, False), (BEN, True, False)],
)
def test_handed_on_to_another_organization_it_is_asked_for(
    after: Member, was_accepted: bool, is_accepted: bool
) -> None:
    handed = actions.hand_on(replace(OWN, accepted=was_accepted), ANA, after)
    assert (handed.owner, handed.accepted) == (after.id, is_accepted)


def test_a_new_one_of_another_organization_waits_for_a_yes() -> None:
    new = NewAction(title="Call", owner="ana", due=day("30"), priority="p1", waiting_on="lbp", deliverable="A note")
    made = actions.add("A-7", new, ANA, BEN, TODAY, "slack")
    assert made == ActionItem(
        id="A-7",
        title="Call",
        owner="ana",
        due=day("30"),
        created=TODAY,
        priority="p1",
        organization="acme",
        deliverable="A note",
        waiting_on="lbp",
        accepted=False,
        source="slack",
    )
    assert actions.add("A-7", new, ANA, ANA, TODAY, None).accepted
    assert actions.add("A-7", new, ANA, None, TODAY, None).accepted, "added for nobody in particular"


def test_a_corrected_form_asks_anew_only_whom_it_names_anew() -> None:
    made = actions.add("A-7", NewAction(title="Call Ben", owner="ben", due=day("30")), BEN, ANA, TODAY, None)
    corrected = actions.correct(replace(OWN, note="kept"), made)
    assert (corrected.title, corrected.owner, corrected.due, corrected.organization) == (
        "Call Ben",
        "ben",
        day("30"),
        "lbp",
    )
    assert (corrected.id, corrected.created, corrected.note, corrected.accepted) == ("A-1", OWN.created, "kept", False)
    same_owner = actions.add("A-7", NewAction(title="Call", owner="ana", due=day("30")), ANA, BEN, TODAY, None)
    assert actions.correct(OWN, same_owner).accepted


def test_taken_back_it_is_cancelled_and_says_so() -> None:
    assert actions.take_back(OWN) == replace(CANCELLED, note="Taken back right after it was added")
    assert not actions.take_back(OWN).is_open


@on_each(
    ("entered", "wanted"),
    [
        (Entered(status="done"), actions.complete(OWN, TODAY)),
        (Entered(status="blocked", reason=" Snow\n"), actions.block(OWN, "Snow", None, TODAY)),
        (Entered(status="not_started", new_due="2026-11-25", reason="Snow"), CHANGES["move"](OWN)),
        (Entered(status="in_progress", new_due="2026-11-25", reason="Snow"), actions.start(CHANGES["move"](OWN))),
        (Entered(status="in_progress", new_due="2026-12-01"), actions.start(OWN)),
        (Entered(), OWN),
    ],
)
def test_the_form_of_several_does_what_single_presses_do(entered: Entered, wanted: ActionItem) -> None:
    assert actions.enter(OWN, entered, TODAY, wants_reason=True) == wanted


@on_each(
    ("fields", "field", "begins"),
    [
        ({"title": ""}, "title", "Write what will be done"),
        ({"title": "a" * 151}, "title", "This has 151 characters. 150 fit; the rest can go below."),
        ({"deliverable": "a" * 151}, "deliverable", "This has 151 characters. 150 fit."),
        ({"owner": "zoe"}, "owner", "Choose who will do it."),
        ({"due": day("22")}, "due", "That day has passed."),
        ({"priority": "p9"}, "priority", "I can't find this priority anymore."),
        ({"waiting_on": "zzz"}, "waiting_on", "I can't find this organization anymore."),
    ],
)
def test_the_first_mistake_of_a_new_one(fields: dict[str, object], field: str, begins: str) -> None:
    new = NewAction(title="Call", owner="ana", due=TODAY)
    assert actions.first_mistake(record(), new, TODAY) is None
    found = actions.first_mistake(record(), replace(new, **fields), TODAY)  # type: ignore[arg-type]
    assert found is not None
    assert (found.field, found.message.startswith(begins)) == (field, True)


def test_a_reason_is_one_line_of_200_characters() -> None:
    assert actions.read_reason(" a\n b ") == "a b"
    assert actions.read_reason(" ") is None
    assert actions.read_reason("a" * 200) == "a" * 200
    assert said(lambda: actions.read_reason("a" * 201)) == ("This has 201 characters. 200 fit.", "reason")
