"""What is worked out part by part, and carried over from record to record, is what a plain look at everything gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.actions import next_id, next_id_in
from bot.domain.asks import OUTCOMES, SENT, open_asks, sent_asks, told_asks
from bot.domain.checkins import StandingRoles, count_silent_rounds, histories
from bot.domain.digests import compose, to_data, to_published
from bot.domain.known import known_at
from bot.domain.metrics import current_readings, known_readings
from bot.domain.record import (
    GROUPED_BY,
    ActionItem,
    ActionMove,
    Ask,
    Directory,
    Metric,
    Reading,
    Record,
    Response,
    Round,
    Section,
    action_parts,
    current_actions,
    find_action,
    find_actions,
    find_answer,
    grouped,
    once,
    open_actions,
    restricted_actions,
)
from bot.domain.record.sections import in_order
from bot.domain.rhythm import occurrences_between, to_utc, window
from bot.domain.vocabularies import AskState
from tests.builders import (
    NOON,
    TODAY,
    action,
    away,
    cadence,
    group,
    live_round,
    member,
    metric,
    priority,
    published,
    question_set,
    reading,
    record,
    response,
)
from tests.examples import examples

PRIORITIES = ("p1", "p2")
DAYS = st.integers(-70, 3).map(lambda days: TODAY + timedelta(days=days))
ROUNDS = st.integers(-9, 0).map(lambda weeks: TODAY + timedelta(days=1, weeks=weeks))
MOMENTS = st.one_of(st.just(NOON), st.integers(-60 * 24, 24).map(lambda hours: NOON + timedelta(hours=hours)))

BASE = record(
    members=[member(), member("bo", delegate="ana", away=(away("2026-10-20", "2026-10-28"),))],
    groups=[group()],
    priorities=[priority("p1", assessment_on="2026-10-01"), priority("p2", owner="bo")],
    cadences=[
        cadence("weekly", feeds="digest"),
        cadence("monthly", question_set="deep"),
        cadence("digest", kind="digest", question_set=None, audience=None),
    ],
    question_sets=[question_set("update", "assessment"), question_set("deep", "assessment")],
    first_imported_at=NOON - timedelta(days=40),
)


@st.composite
def answers(draw: st.DrawFn) -> Response:
    said_on = draw(ROUNDS)
    is_live = draw(st.booleans())
    return response(
        said_on.isoformat(),
        draw(st.sampled_from(["on_track", "at_risk", None])),
        draw(st.sampled_from([3, 7, None])),
        priority=draw(st.sampled_from(PRIORITIES)),
        cadence=draw(st.sampled_from(["weekly", "weekly", "monthly"])),
        on_behalf_of=draw(st.sampled_from([None, "bo"])),
        no_change=draw(st.booleans()),
        ask=draw(st.sampled_from([None, "Help", "Money"])),
        ask_from=draw(st.sampled_from([None, "acme"])),
        answered_at=NOON + timedelta(days=(said_on - TODAY).days, hours=draw(st.integers(0, 50))) if is_live else None,
        sets_standing=draw(st.sampled_from([None, True, False])),
    )


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    return live_round(
        draw(ROUNDS).isoformat(),
        priority=draw(st.sampled_from(PRIORITIES)),
        cadence=draw(st.sampled_from(["weekly", "weekly", "monthly"])),
        asked=draw(st.booleans()),
        sets_standing=draw(st.sampled_from([None, True, False])),
    )


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    moments = st.one_of(st.none(), MOMENTS)
    return Ask(
        cadence=draw(st.sampled_from(["weekly", "monthly"])),
        round=draw(ROUNDS),
        priority=draw(st.sampled_from(PRIORITIES)),
        text=draw(st.sampled_from(["Help", "Money"])),
        asked=draw(st.sampled_from([None, "acme"])),
        state=draw(
            st.sampled_from(
                [AskState.WAITING, AskState.SENT, AskState.ANSWERED, AskState.CAME_THROUGH, AskState.WITHDRAWN]
            )
        ),
        row_id=draw(st.integers(1, 99)),
        answered_at=draw(moments),
        ended_at=draw(moments),
    )


@st.composite
def actions(draw: st.DrawFn) -> ActionItem:
    status = draw(st.sampled_from(["not_started", "blocked", "done", "done", "cancelled"]))
    created = draw(DAYS)
    moves = draw(st.lists(DAYS.map(lambda on: ActionMove(on=on, to=TODAY)), max_size=2))
    return action(
        f"A-{draw(st.integers(1, 999))}",
        draw(DAYS).isoformat(),
        status=status,
        created=created,
        completed=draw(DAYS) if status == "done" else None,
        priority=draw(st.sampled_from([*PRIORITIES, None])),
        waiting_on=draw(st.sampled_from([None, "other"])),
        visibility=draw(st.sampled_from(["everybody", "everybody", "coordinators"])),
        moves=tuple(moves),
    )


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    ended = TODAY - timedelta(days=draw(st.sampled_from([50, 40, 30, 5])))
    recorded = draw(st.one_of(st.none(), st.integers(0, 9).map(lambda days: ended + timedelta(days=days))))
    return reading(ended.isoformat(), draw(st.sampled_from([1, 2, Decimal("2.5")])), recorded_on=recorded)


ITEMS: dict[str, st.SearchStrategy[Any]] = {
    "responses": answers(),
    "rounds": rounds(),
    "asks": asks(),
    "actions": actions(),
}


@dataclass
class Story:
    """A coalition's history twice: in parts that follow each change, and as plain tuples."""

    held: dict[str, dict[tuple[Any, int], Any]]
    metric: Metric
    parts: Record

    @classmethod
    def of(cls, items: Mapping[str, list[Any]], figures: list[Reading]) -> Story:
        held = {
            name: dict(sorted((_place(name, n, one), one) for n, one in enumerate(of))) for name, of in items.items()
        }
        sections: dict[str, Any] = {
            name: Section.put_together(of.values(), GROUPED_BY[name], grouped(of.items(), GROUPED_BY[name]))
            for name, of in held.items()
        }
        own = metric("m1", *figures)
        return cls(held, own, _with_metric(replace(BASE, **sections), own))

    @property
    def plain(self) -> Record:
        """The same without any part, and with nothing worked out before."""
        own = replace(self.metric)
        return _with_metric(replace(BASE, **_all_of(self.held)), own)

    def change(self, name: str, number: int, item: Any) -> None:
        """One item in the place of another one, gone (None) or added."""
        held = self.held[name]
        there = next((place for place in held if place[-1] == number), None)
        gone = [(there, held[there])] if there is not None else []
        come = [] if item is None else [(_place(name, number, item), item)]
        after = {place: one for place, one in held.items() if place != there} | dict(come)
        self.held[name] = _in_order(after)
        section = getattr(self.parts, name).following(self.held[name].values(), gone, come)
        self.parts = replace(self.parts, **{name: section})

    def record_figure(self, figure: Reading) -> None:
        self.metric = replace(self.metric, readings=(*self.metric.readings, figure))
        self.parts = _with_metric(self.parts, self.metric)


def _place(name: str, number: int, item: Any) -> tuple[Any, ...]:
    return (item.opens_at, number) if name == "rounds" else (number,)


def _all_of(held: dict[str, dict[Any, Any]]) -> dict[str, Any]:
    return {name: tuple(of.values()) for name, of in held.items()}


def _in_order(held: dict[Any, Any]) -> dict[Any, Any]:
    return dict(sorted(held.items(), key=lambda pair: pair[0]))


def _with_metric(known: Record, own: Metric) -> Record:
    return replace(known, priorities=(replace(known.priorities[0], metrics=(own,)), *known.priorities[1:]))


STORIES = st.builds(
    Story.of,
    st.fixed_dictionaries(
        {name: st.lists(items, min_size=8 * (name == "rounds"), max_size=16) for name, items in ITEMS.items()}
    ),
    st.lists(readings(), max_size=8),
)
CHANGES = st.lists(
    st.one_of(
        *(
            st.tuples(st.just(name), st.integers(0, 14), st.one_of(st.none(), items, items))
            for name, items in ITEMS.items()
        ),
        st.tuples(st.just("figure"), st.just(0), readings()),
    ),
    max_size=4,
)
BEFORE = NOON - timedelta(days=10)


def lived(story: Story, changes: Iterable[tuple[str, int, Any]], moment: datetime) -> Iterable[Story]:
    """The story before and after each change, with everything asked in between."""
    yield story
    for name, number, item in changes:
        compose(story.parts, moment)
        if name == "figure":
            story.record_figure(item)
        else:
            story.change(name, number, item)
        yield story


@settings(max_examples=examples(30), deadline=None)
@given(story=STORIES, changes=CHANGES, moment=MOMENTS, told=st.booleans())
def test_a_digest_is_the_same_with_and_without_what_was_worked_out_before(
    story: Story, changes: list[tuple[str, int, Any]], moment: datetime, told: bool
) -> None:
    last = [published(BEFORE, to_published(compose(story.parts, BEFORE)))] if told else []
    for one in lived(story, changes, moment):
        parts, plain = (replace(known, published=tuple(last)) for known in (one.parts, one.plain))
        assert parts == plain
        assert compose(parts, moment) == compose(plain, moment)
        assert to_data(compose(parts, moment)) == to_data(compose(plain, moment))
        assert to_published(compose(parts, moment)) == to_published(compose(plain, moment))


@settings(max_examples=examples(30), deadline=None)
@given(story=STORIES, changes=CHANGES, moment=MOMENTS)
def test_what_is_read_by_name_is_what_a_plain_look_at_everything_gives(
    story: Story, changes: list[tuple[str, int, Any]], moment: datetime
) -> None:
    for one in lived(story, changes, moment):
        parts, plain = known_at(one.parts, moment), known_at(one.plain, moment)
        assert (parts.responses, parts.actions, parts.rounds) == (plain.responses, plain.actions, plain.rounds)
        assert parts.priorities == plain.priorities
        for known in (one.parts, one.plain, parts, plain):
            agrees_with_a_plain_look(known, moment)


@settings(max_examples=examples(30), deadline=None)
@given(story=STORIES, new=st.lists(readings(), min_size=1, max_size=4))
def test_figures_that_the_last_digest_told_need_no_second_look(story: Story, new: list[Reading]) -> None:
    changes = [("figure", 0, one) for one in new]
    content = to_published(compose(story.parts, BEFORE))
    # Where the last digest knew of one more figure, the others are compared with care, one by one.
    figures = {key: {**of, "1999-12-31": 0} for key, of in content["state"]["figures"].items()}
    careful = {**content, "state": {**content["state"], "figures": figures}}
    for one in lived(story, changes, NOON):
        quick, slow = (compose(replace(one.parts, published=(published(BEFORE, x),)), NOON) for x in (content, careful))
        assert (quick.recorded, quick.changed) == (slow.recorded, slow.changed)
        told = quick.priorities[0].metrics[0] if quick.priorities[0].id == "p1" else quick.priorities[1].metrics[0]
        assert [x.period_end for x in told.figures] == sorted({x.period_end for x in counting_on(one.metric, TODAY)})
        assert sum(x.count for x in told.figures) == len(counting_on(one.metric, TODAY))


def test_what_ended_lately_is_found_without_a_look_at_the_years_before() -> None:
    ends = [TODAY - timedelta(days=28 * number) for number in range(60)]
    ended = [action(f"A-{number}", status="done", created=end, completed=end) for number, end in enumerate(ends)]
    actions = (*reversed(ended), action("A-100", visibility="coordinators"))
    by = GROUPED_BY["actions"]
    known = replace(BASE, actions=Section.put_together(actions, by, grouped(enumerate(actions), by)))
    assert find_action(known, "a-0") == ended[0]
    parts = action_parts(known)
    assert [part[0].id for part in parts if part.found] == ["A-100", "A-0"]
    assert find_action(known, "A-59") == ended[59]
    assert restricted_actions(known) == (actions[-1],)
    assert restricted_actions(known) is restricted_actions(known)


def agrees_with_a_plain_look(known: Record, moment: datetime) -> None:
    """Each rule once more, in the plainest way, over all that there is."""
    today = moment.date()
    assert tuple(open_actions(known)) == tuple(x for x in known.actions if x.status not in {"done", "cancelled"})
    current = current_actions(known, today)
    assert list(current) == [x for x in known.actions if any(x is y for y in current)]
    assert all(any(x is y for y in current) for x in known.actions if x.is_open or (x.completed or date.min) >= today)
    for key in {x.id for x in known.actions}:
        assert find_action(known, key.lower()) in [x for x in known.actions if x.id == key]
    assert list(restricted_actions(known)) == [x for x in known.actions if x.visibility != "everybody"]
    keys = {x.id for x in known.actions[::2]}
    assert find_actions(known, keys) == [x for x in known.actions if x.id in keys]
    assert next_id_in(known) == next_id(x.id for x in known.actions)
    roles, directory = StandingRoles(known), Directory.of(known)
    for said in known.responses:
        about = (said.cadence, said.round, said.priority)
        same = [x for x in known.responses if (x.cadence, x.round, x.priority) == about]
        assert find_answer(known, said.cadence, said.round, said.priority) == same[0]
        assert roles.earlier(known.responses, said.cadence, said.priority, today) == earlier(known, said, today)
    told = histories(known.responses, roles)
    assert {key: list(of) for key, of in told.items() if of} == plain_histories(known, roles)
    assert count_silent_rounds(known, moment, directory, told) == silent(known, moment)
    sent = sent_asks(known)
    assert [sent(x) for x in known.responses] == [sent_plainly(known, x) for x in known.responses]
    latest = {x.id: told[x.id][-1] if told.get(x.id) else None for x in known.priorities}
    assert [x for x in open_asks(known, latest) if x in known.asks] == in_file_order(
        known, [x for x in known.asks if x.state == "sent"]
    )
    after = moment - timedelta(days=10)
    news = [x for x in known.asks if x.state in SENT and said_after(x, after)]
    assert told_asks(known, after) == in_file_order(known, news)
    own = known.priorities[0].metrics[0]
    counting = counting_on(own, today)
    assert sorted(map(str, known_readings(own, today))) == sorted(map(str, counting))
    assert [x.period_end for x in current_readings(own, today)] == sorted({x.period_end for x in counting})


def counting_on(own: Metric, today: date) -> list[Reading]:
    return [x for x in own.readings if (x.recorded_on or x.period_end) <= today]


def earlier(known: Record, said: Response, day: date) -> list[Response]:
    roles = StandingRoles(known)
    sets = roles.of_cadence(said.cadence)
    found = [
        x
        for x in known.responses
        if x.priority == said.priority and x.round < day and (roles.of(x) if sets else x.cadence == said.cadence)
    ]
    return sorted(found, key=lambda x: x.round)


def plain_histories(known: Record, roles: StandingRoles) -> dict[str, list[Response]]:
    """One answer a round: the last one that is the owner's own, else the last one; repeats filled in."""
    found: dict[str, list[Response]] = {}
    one_a_round: dict[tuple[str, str, date], Response] = {}
    for x in known.responses:
        if not roles.of(x):
            continue
        key = (x.priority, x.cadence, x.round)
        before = one_a_round.get(key)
        if before is None or not (before.on_behalf_of is None and x.on_behalf_of is not None):
            one_a_round[key] = x
    for x in sorted(one_a_round.values(), key=lambda x: (x.round, x.answered_at or NOON - timedelta(days=9999))):
        of = found.setdefault(x.priority, [])
        if of and x.no_change:
            x = replace(
                x,
                assessment=x.assessment or of[-1].assessment,
                confidence=of[-1].confidence if x.confidence is None else x.confidence,
            )
        of.append(x)
    return found


def silent(known: Record, moment: datetime) -> dict[str, int]:
    """Closed rounds after the newest answer: live ones, and those of the file's weeks that the rhythm tells."""
    roles, zone = StandingRoles(known), "America/Chicago"
    imported_at = min(known.first_imported_at or moment, moment)
    found = {}
    for one in known.priorities:
        answered_on = max((x.round for x in plain_histories(known, roles).get(one.id, [])), default=date.min)
        closed = {
            (x.cadence, x.day): x.asked and x.closes_at <= moment
            for x in known.rounds
            if x.priority == one.id and roles.of(x)
        }
        for asking in (x for x in known.cadences if x.audience == "priority_owners"):
            of_file = [x for x in known.responses if x.cadence == asking.id and x.answered_at is None and roles.of(x)]
            if not of_file:
                continue
            since = to_utc(datetime.combine(max(min(x.round for x in of_file), answered_on), time.min), zone)
            for occurrence, _ in occurrences_between(asking, since - timedelta(seconds=1), imported_at, zone):
                if window(asking, occurrence, zone).closes_at <= moment:
                    closed.setdefault((asking.id, occurrence.local.date()), True)
        own = next(x for x in known.members if x.id == one.owner)
        found[one.id] = sum(
            missable and day > answered_on and not any(x.start <= day <= x.end for x in own.away)
            for (_, day), missable in closed.items()
        )
    return found


def sent_plainly(known: Record, said: Response) -> Ask | None:
    about = (said.cadence, said.round, said.priority)
    asks = [x for x in known.asks if (x.cadence, x.round, x.priority) == about]
    if asks:
        return asks[-1] if asks[-1].state in SENT else None
    if not said.ask:
        return None
    if any((x.cadence, x.day, x.priority) == about for x in known.rounds):
        same = [
            x
            for x in known.asks
            if x.state in SENT and (x.priority, x.text, x.asked) == (said.priority, said.ask, said.ask_from)
        ]
        return same[-1] if same else None
    return Ask(
        cadence=said.cadence,
        round=said.round,
        priority=said.priority,
        text=said.ask,
        asked=said.ask_from,
        state=AskState.SENT,
    )


def said_after(ask: Ask, after: datetime) -> bool:
    moments = [ask.answered_at, ask.ended_at if ask.state in OUTCOMES else None]
    return any(x is not None and x > after for x in moments)


def in_file_order(known: Record, asks: list[Ask]) -> list[Ask]:
    order = [x.id for x in known.priorities]
    return sorted(asks, key=lambda x: (order.index(x.priority), x.round, x.row_id or 0))


def test_parts_that_hold_nothing_changed_stay_the_same_objects_with_all_that_was_worked_out_of_them() -> None:
    by = GROUPED_BY["responses"]
    said = {n: response(f"{n + 2}", priority=("p1", "p2")[n % 2]) for n in range(6)}
    before = Section.put_together(said.values(), by, grouped(said.items(), by))
    asked: list[str] = []

    def count(part: tuple[Response, ...]) -> int:
        asked.append(part[0].priority)
        return len(part)

    assert [once(count, part) for part in before.parts.values()] == [3, 3]
    other = response("9", "at_risk", priority="p1")
    after = before.following([said[0], other, *list(said.values())[2:]], [(1, said[1])], [(1, other)])
    assert after.parts["p1"] == (said[0], other, said[2], said[4])
    assert [once(count, part) for part in after.parts.values()] == [2, 4]
    assert asked == ["p1", "p2", "p2", "p1"]


def test_parts_are_told_in_the_order_of_their_section() -> None:
    items = {n: action(f"A-{n}", status="done" if n % 3 else "blocked", completed=TODAY) for n in range(7)}
    section = Section.put_together(items.values(), GROUPED_BY["actions"], grouped(items.items(), GROUPED_BY["actions"]))
    assert len(section.parts) == 2
    assert tuple(in_order(section.parts.values())) == section == tuple(items.values())
