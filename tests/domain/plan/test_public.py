"""The public page holds what is marked and nothing else: no other thing, no person, no amount, no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.plan import public_plan
from bot.domain.record import Record
from bot.domain.record import record as values
from bot.files.plan_html import public_as_html
from tests import builders
from tests.domain.plan import cases
from tests.examples import examples

MARKS = st.booleans()
# Numbers that stand nowhere else: amounts of funding, and a value that too few reported.
AMOUNT, NEED, WITHHELD = 987654321, 876543219, 765432198


def planted(marks: Iterator[bool]) -> tuple[Record, dict[str, bool]]:
    """A coalition in which every text is a word of its own, and which of those words may be public."""
    may: dict[str, bool] = {}

    def word(name: str, *, public: bool = False) -> str:
        may[f"zq{name}zq"] = public
        return f"zq{name}zq"

    is_star, is_figure = next(marks), next(marks)
    star_metric = builders.metric(
        "star",
        builders.reading(value=50),
        name=word("starfigure", public=is_figure),
        public=is_figure,
        definition=word("definition"),
        source=word("source"),
    )
    star = values.NorthStar(
        statement=word("statement", public=is_star),
        metric=star_metric,
        public=is_star,
        yearly_goals=(builders.dated(4815162342, "2027-12-31"),),
        extra={"remark": word("starextra")},
    )
    may["4,815,162,342"] = is_star and is_figure
    priorities = []
    for number in range(3):
        is_public = next(marks)
        outcomes = []
        for each in range(2):
            is_marked = next(marks)
            name = word(f"outcome{number}o{each}", public=is_marked)
            outcome = builders.outcome(f"o{number}{each}", (date(2026, 6, 30) + timedelta(days=200 * each)).isoformat())
            outcomes.append(
                replace(outcome, name=name, public=is_marked, extra={"evidence": word(f"proof{number}{each}")})
            )
        metrics = []
        for each in range(2):
            is_marked = next(marks)
            shown = 1000003 + 1000 * number + each
            few = each == 1
            reading = builders.reading(
                value=WITHHELD if few else shown, reporters=2 if few else None, note=word(f"note{number}{each}")
            )
            metrics.append(
                builders.metric(
                    f"m{number}{each}",
                    reading,
                    name=word(f"metric{number}m{each}", public=is_marked),
                    public=is_marked,
                    target=builders.dated(2000000, "2027-12-31"),
                    unit="usd" if number else "people",
                    confidential_below_n=5 if few else None,
                    definition=word(f"meaning{number}{each}"),
                )
            )
            if not few:
                may[f"{shown:,}"] = is_marked
        priorities.append(
            builders.priority(
                f"p{number}",
                name=word(f"priority{number}", public=is_public),
                goal=word(f"goal{number}", public=is_public),
                public=is_public,
                outcomes=tuple(outcomes),
                metrics=tuple(metrics),
                need=builders.need(NEED),
                channel=word(f"channel{number}"),
                extra={"remark": word(f"extra{number}")},
            )
        )
    answer = builders.response(
        "2026-11-17",
        "off_track",
        3,
        priority="p0",
        moved=word("moved"),
        blocker=word("blocker"),
        ask=word("ask"),
        ask_from="acme",
        next=word("next"),
        extra={"for_coordinator": word("private")},
    )
    record = builders.record(
        coalition=values.Coalition(
            id="test", name="The coalition", timezone="America/Chicago", north_star=star, short_name=word("short")
        ),
        organizations=[builders.organization(name=word("organization"))],
        members=[builders.member(name=word("person"), email=f"{word('mail')}@a.example", title=word("title"))],
        groups=[builders.group(name=word("group"))],
        priorities=priorities,
        responses=[answer],
        actions=[builders.action(title=word("action"), priority="p0")],
        issues=[builders.issue(title=word("issue"), priority="p0", status="escalated", escalated_to="steering")],
        decisions=[builders.decision(title=word("decision"), priority="p0", why=word("why"))],
        funding_sources=[
            builders.source("F-1", {"p0": AMOUNT, "steering": 1}, name=word("fund"), funder=word("funder"))
        ],
    )
    return record, may


@given(st.lists(MARKS, min_size=17, max_size=17))
@settings(max_examples=examples(25), deadline=None)
def test_what_is_marked_is_there_and_nothing_else(marks: list[bool]) -> None:
    record, may = planted(iter(marks))
    page = public_as_html(public_plan(*cases.known_and_digest(record)))
    assert {word for word, public in may.items() if public} == {word for word in may if word in page}
    for number in (AMOUNT, NEED, WITHHELD):
        assert f"{number:,}" not in page
        assert str(number) not in page
    assert ("off track" in page) is False  # how it stands is an answer
    assert ("Nothing is marked public yet" in page) is (True not in marks)


def test_what_too_few_reported_is_called_withheld() -> None:
    record, _may = planted(iter([True] * 17))
    page = public_as_html(public_plan(*cases.known_and_digest(record)))
    assert page.count("withheld, too few reported (Sep 30, 2026)") == 3


def test_every_figure_has_its_day_with_the_year() -> None:
    plan = public_plan(*cases.known_and_digest(cases.marked()))
    assert plan.star is not None
    assert plan.star.words == "58,000 (Dec 31, 2024) → 58,900 (Dec 31, 2025) → target 70,000 by Dec 31, 2032"
    assert plan.other_figures[0].words == "60 (Jun 30, 2025) → 134 (Sep 30, 2026) → target 220 by Dec 31, 2026"
    assert [one.words for one in plan.priorities[1].outcomes] == [
        "reached Oct 19, 2026",
        "due Feb 28, 2027",
        "due Sep 30, 2027",
    ]
    assert plan.other_outcomes[0].words == "was due Sep 30, 2026"


def test_a_figure_of_a_priority_that_is_not_public_stands_without_its_name() -> None:
    record = cases.marked()
    page = public_as_html(public_plan(*cases.known_and_digest(record)))
    assert "Beyond these" in page
    assert record.priorities[2].name not in page


def test_goals_need_their_figure() -> None:
    record = cases.marked()
    star = record.coalition.north_star
    assert star is not None
    assert star.metric is not None
    hidden = replace(star, metric=replace(star.metric, public=False))
    record = replace(record, coalition=replace(record.coalition, north_star=hidden))
    plan = public_plan(*cases.known_and_digest(record))
    assert (plan.star, plan.goals) == (None, ())
    bare = replace(record.coalition, north_star=replace(star, metric=None))
    known, digest = cases.known_and_digest(replace(record, coalition=bare))
    assert public_plan(known, digest).goals[0] == "59,700 by Dec 31, 2026"


def test_marks_say_nothing_of_what_is_marked_later() -> None:
    """Of a priority that is public, what was added since is not, until somebody marks it."""
    record = cases.marked()
    first = record.priorities[0]
    added = replace(
        first, outcomes=(*first.outcomes, builders.outcome("new")), metrics=(*first.metrics, builders.metric("new"))
    )
    record = replace(record, priorities=(added, *record.priorities[1:]))
    page = public_as_html(public_plan(*cases.known_and_digest(record)))
    assert "Outcome new" not in page
    assert "Metric new" not in page


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    page = public_as_html(public_plan(*cases.known_and_digest(cases.marked())))
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "<script" not in page


def test_what_people_wrote_is_text() -> None:
    record = cases.marked()
    star = record.coalition.north_star
    assert star is not None
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"
    record = replace(
        record,
        coalition=replace(record.coalition, name=attack, north_star=replace(star, statement=attack)),
        priorities=(replace(record.priorities[0], name=attack, goal=attack), *record.priorities[1:]),
    )
    page = public_as_html(public_plan(*cases.known_and_digest(record)))
    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "49" not in page.replace("149", "")
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5  # title, heading, statement, name, goal


def test_amounts_of_a_metric_are_its_own() -> None:
    record = builders.record(
        priorities=[
            builders.priority(
                public=True,
                metrics=(builders.metric("m", builders.reading(value=Decimal(3100000)), unit="usd", public=True),),
            )
        ]
    )
    assert "$3,100,000 (Sep 30, 2026)" in public_as_html(public_plan(*cases.known_and_digest(record)))
