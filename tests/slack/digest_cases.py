"""Digests to render: the sample's week and its first one, a quiet week, one priority, an empty start, a huge one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from bot.domain.digests import Digest, compose, to_published
from bot.domain.record import Record
from tests import builders as make
from tests.builders import at
from tests.domain.digests.test_week import live_week
from tests.sample import sample_record

WEDNESDAY = at("2026-11-25T07:30")
USUAL_SLOT = at("2026-11-27T07:30")
LONG_WORDS = "considerable improvements throughout neighboring counties require further preparation"


def the_week() -> Digest:
    return compose(live_week(), WEDNESDAY)


def first_week() -> Digest:
    """A fresh import of the sample, before anybody answered: what the demo posts."""
    return compose(replace(sample_record(), first_imported_at=at("2026-11-23T07:00")), WEDNESDAY)


def quiet_week() -> Digest:
    """Nothing is needed and nothing changed since Wednesday; the answers re-affirm what stood."""
    base = replace(
        live_week(),
        decisions=(),
        responses=tuple(replace(one, ask=None, moved=None, came_true=None) for one in live_week().responses),
        asks=(),
        rounds=(),
    )
    then = make.published(WEDNESDAY, to_published(compose(base, WEDNESDAY)))
    return compose(replace(base, published=(then,)), at("2026-11-27T07:30"))


def one_priority() -> Digest:
    """The smallest coalition that is in use: no money, no decision, no meeting."""
    record = make.record(
        priorities=[make.priority(metrics=(make.metric("m1", make.reading("2026-09-30", 40)),))],
        responses=[make.response("17", confidence=None)],
    )
    return compose(record, make.NOON)


def empty_start() -> Digest:
    """A coalition that was just set up: priorities and owners, no figure and no answer."""
    record = make.record(
        members=[make.member("ana"), make.member("bo"), make.member("cy")],
        priorities=[
            make.priority("p1"),
            make.priority("p2", owner="bo"),
            make.priority("p3", owner="cy"),
            make.priority("p4", owner="ana"),
        ],
    )
    return compose(record, make.NOON)


@lru_cache(maxsize=4)
def huge(words: str = LONG_WORDS, *, priorities: int = 12, actions: int = 500) -> Digest:
    """12 priorities, 40 metrics, 500 actions, 30 decisions, every text long; everything changed since Friday."""
    ids = [f"p{number}" for number in range(priorities)]
    then = _huge(ids, words, actions, changed=False)
    friday = at("2026-11-20T07:30")
    published = make.published(friday, to_published(compose(then, friday)))
    return compose(replace(_huge(ids, words, actions, changed=True), published=(published,)), WEDNESDAY)


def _huge(ids: list[str], words: str, actions: int, *, changed: bool) -> Record:
    # Without a word of its own a title would be refused; with one, the texts of a test stay exactly as given.
    long = " ".join([words] * 8)[:300] or "x"
    title = " ".join([words] * 4)[:150] or "x"
    assessments = ("off_track", "at_risk", "on_track")
    responses = [
        make.response(
            "17",
            assessments[(number + changed) % 3],
            3 if changed else 5,
            priority=priority,
            moved=long,
            blocker=long,
            ask=long,
            ask_from="other" if number % 2 else "steering",
            next=long,
            came_true=("yes", "in_part", "not_yet")[number % 3],
        )
        for number, priority in enumerate(ids)
    ]
    earlier = [replace(one, round=make.day("10"), confidence=6) for one in responses]
    return make.record(
        organizations=[make.organization("acme"), make.organization("other", name=f"Other {title}"[:100])],
        members=[make.member(), make.member("bo", organization="other")],
        priorities=[_priority(number, priority, title, changed) for number, priority in enumerate(ids)],
        responses=[*earlier, *responses],
        actions=[
            make.action(
                f"A-{number}",
                f"2026-{10 + number % 3}-{number % 28 + 1:02}",
                title=title,
                priority=ids[number % len(ids)],
                owner="bo" if number % 2 else "ana",
                waiting_on="acme" if number % 2 else None,
                status="blocked" if number % 5 == 0 else "in_progress",
                blocked_reason=long if number % 5 == 0 else None,
            )
            for number in range(actions)
        ],
        issues=[
            make.issue(
                f"I-{number}",
                title=title,
                priority=priority,
                status="escalated" if changed else "open",
                escalated_to="steering" if changed else None,
            )
            for number, priority in enumerate(ids)
        ],
        decisions=[
            make.decision(f"D-{number}", title=title, priority=ids[number % len(ids)], needed_by="2026-12-04")
            for number in range(30)
        ],
        funding_sources=[
            make.source(
                f"F-{priority}",
                {priority: 1234567890},
                name=title,
                status=("active", "applied", "prospect")[number % 3],
                match_required=make.need(1000000).amount,
                report=make.report("2027-01-30"),
            )
            for number, priority in enumerate(ids)
        ],
        cadences=[make.cadence(), *(make.meeting(f"sync{number}", name=title) for number in range(20))],
    )


def _priority(number: int, priority: str, title: str, changed: bool) -> Any:
    count = 4 if number < 4 else 3
    readings = [make.reading("2026-09-30", 30 if changed else 70)]
    metrics = tuple(
        make.metric(
            f"{priority}-m{index}",
            *readings,
            name=f"Metric {index} {title}"[:100],
            unit=("people", "percent", "usd")[index % 3],
        )
        for index in range(count)
    )
    return make.priority(
        priority,
        name=f"Priority {number} {title}"[:100],
        metrics=metrics,
        outcomes=(replace(make.outcome(f"{priority}-o", "2026-11-22"), name=title),),
        need=make.need(9876543210),
        channel=f"channel-{number}",
        working_group="steering",
    )
