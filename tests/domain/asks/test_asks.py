"""Asks: who looks first, who is asked, who may answer, and which of them a digest shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.asks import looks_first, may_answer, name_of, receiver_of, sent_asks
from bot.domain.digests import compose, line, roll_up_pages
from bot.domain.digests.parts import AskLine
from bot.domain.digests.wording import ask_answer
from bot.domain.record import Ask, Role
from bot.domain.vocabularies import AskState
from tests.builders import NOON, away, day, group, live_round, member, organization, record, response
from tests.tables import on_each

RECORD = record(
    organizations=(
        organization("acme", contacts=("ana", "ben")),
        organization("county", contacts=("lorna", "marcus"), ask_via="coordinator"),
        organization("fund", sector="philanthropic", contacts=("ada",)),
        organization("bank"),
        organization("empty"),
    ),
    members=(
        member("ana", away=(away("24", "26"),)),
        member("ben"),
        member("lorna", organization="county", access="email_only", delegate="marcus"),
        member("marcus", organization="county"),
        member("ada", organization="fund", access="email_only"),
        member("kit", organization="bank", roles=(Role(role="funder", scope="coalition"),)),
    ),
    groups=(
        group("steering", chair="lorna", members=("lorna", "ben")),
        group("funders", kind="funders", members=("ada",)),
        group("talent", kind="working_group", chair="ana", cochair="ben", members=("ana", "ben", "marcus")),
        group("loose", kind="working_group", members=("ben",)),
        group("nobody", kind="working_group"),
    ),
)


@on_each(
    ("asked", "looks"),
    [
        ("acme", False),
        ("county", True),  # wants a coordinator to ask
        ("fund", True),
        ("bank", True),  # one of its people is here as a funder
        ("steering", True),
        ("funders", True),
        ("talent", False),
        ("gone", True),
        (None, True),
    ],
)
def test_a_coordinator_looks_first_where_the_rule_says_so(asked: str | None, looks: bool) -> None:
    assert looks_first(RECORD, asked) is looks


@on_each(
    ("asked", "on", "receiver"),
    [
        ("acme", "23", "ana"),
        ("acme", "24", "ben"),  # Ana is away
        ("county", "23", "marcus"),  # the first contact reads e-mail only
        ("fund", "23", "ada"),  # nobody else is there
        ("bank", "23", "kit"),  # no contact is named
        ("empty", "23", None),
        ("steering", "23", "marcus"),  # the chair's stand-in
        ("talent", "23", "ana"),
        ("talent", "24", "ben"),
        ("loose", "23", "ben"),
        ("nobody", "23", None),
        (None, "23", None),
        ("gone", "23", None),
    ],
)
def test_the_first_contact_or_the_chair_is_asked(asked: str | None, on: str, receiver: str | None) -> None:
    found = receiver_of(RECORD, asked, day(on))
    assert (found.id if found is not None else None) == receiver


@on_each(
    ("asked", "who"),
    [
        ("acme", {"ana", "ben"}),
        ("county", {"lorna", "marcus"}),
        ("steering", {"lorna", "ben", "marcus"}),
        ("talent", {"ana", "ben", "marcus"}),
        ("gone", set()),
        (None, set()),
    ],
)
def test_those_of_the_organization_or_group_may_answer(asked: str | None, who: set[str]) -> None:
    assert {one.id for one in RECORD.members if may_answer(RECORD, asked, one.id)} == who
    assert not may_answer(RECORD, asked, None)


def test_names_are_those_of_organizations_and_groups() -> None:
    assert (name_of(RECORD, "acme"), name_of(RECORD, "talent"), name_of(RECORD, "gone"), name_of(RECORD, None)) == (
        "Acme",
        "Group talent",
        None,
        None,
    )


def ask(state: AskState | str, **fields: Any) -> Ask:
    usual: dict[str, Any] = {"text": "A room, please.", "asked": "acme"}
    return Ask(cadence="weekly", round=day("17"), priority="p1", state=AskState(state), **(usual | fields))


@on_each(
    ("asks", "rounds", "shown"),
    [
        ((), (), "A room."),  # imported: counts as sent
        ((), (live_round("17"),), None),  # nothing has gone out yet
        ((ask("waiting"),), (live_round("17"),), None),
        ((ask("held"),), (live_round("17"),), None),
        ((ask("withdrawn"),), (live_round("17"),), None),
        ((ask("sent"),), (live_round("17"),), "A room, please."),
        ((ask("answered", answer="talk"),), (live_round("17"),), "A room, please."),
    ],
)
def test_only_what_was_sent_is_published(asks: Any, rounds: Any, shown: str | None) -> None:
    given = response("17", ask="A room.", ask_from="acme")
    known = record(responses=(given,), asks=asks, rounds=rounds)
    found = sent_asks(known)(given)
    assert (found.text if found is not None else None) == shown
    # What was answered waits for nobody any more.
    waits = bool(shown) and all(one.state == "sent" for one in asks)
    assert [one.text for one in compose(known, NOON).asks] == ([shown] if waits else [])


def test_an_answer_without_an_ask_publishes_none() -> None:
    assert sent_asks(record())(response("17")) is None


@pytest.mark.parametrize(
    ("answer", "suggested", "words"),
    [
        (None, None, None),
        ("can_help", None, "answered: can help"),
        ("talk", None, "answered: will talk"),
        ("not_us", None, "answered: not them"),
        ("not_us", "Three Creeks Workforce Board", "answered: try Three Creeks Workforce Board"),
    ],
)
def test_the_digest_says_what_was_answered(answer: str | None, suggested: str | None, words: str | None) -> None:
    line = AskLine(
        priority="p1",
        priority_name="P",
        text="A room.",
        organization="acme",
        organization_name="Acme",
        asked_on=day("17"),
        answer=answer,
        suggested_name=suggested,
    )
    assert ask_answer(line) == words


def test_answered_asks_wait_for_nobody_and_say_so() -> None:
    known = record(
        responses=(response("17", ask="A room.", ask_from="acme"),),
        asks=(ask("answered", answer="can_help"),),
        rounds=(live_round("17"),),
    )
    pages = roll_up_pages(compose(known, NOON), amounts=False, occasion=line("Today"))
    said = "\n".join(page.plain for page in pages)
    assert "Ask to Acme from Priority p1" not in said
    assert "Ask: Acme, “A room, please.”, answered: can help" in said
    assert "“A room, please.”, answered: can help" in said
    assert "for an answer" not in said


def test_what_nobody_answered_is_listed_whatever_was_said_since() -> None:
    """Every sent ask of a priority, oldest first; of imported ones only that of the latest response."""
    first = response("10", ask="A van.", ask_from="acme")
    then = response("17", ask="A room.", ask_from="acme")
    assert [one.text for one in compose(record(responses=(first, then)), NOON).asks] == ["A room."]
    old, new = replace(ask("sent", text="A van."), round=day("10")), ask("sent")
    known = record(responses=(first, then, response("19")), asks=(new, old), rounds=(live_round("17"),))
    assert [one.text for one in compose(known, NOON).asks] == ["A van.", "A room, please."]
    for ended in ("answered", "came_through", "fell_through", "withdrawn"):
        over = replace(old, state=AskState(ended))
        assert [one.text for one in compose(replace(known, asks=(new, over)), NOON).asks] == ["A room, please."]
