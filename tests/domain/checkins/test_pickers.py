"""What may be picked as an answer: of people and groups all, of the rest what whoever answers may see."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.checkins import found_in, may_pick, name_of_picked, pickable
from bot.domain.record import Record
from bot.domain.rights import standing_of
from bot.domain.vocabularies import PickerSource
from tests.tables import on_each


def offered(record: Record, member: str, source: PickerSource) -> list[str]:
    [one] = [one for one in record.members if one.id == member]
    return [known.id for known in pickable(record, standing_of(record, one), member, source)]


def may(record: Record, member: str, source: PickerSource, key: str) -> bool:
    [one] = [one for one in record.members if one.id == member]
    return may_pick(record, standing_of(record, one), member, source, key)


@on_each("source", PickerSource)
def test_coordinators_may_pick_whatever_there_is(sample: Record, source: PickerSource) -> None:
    every = {
        PickerSource.MEMBERS: len(sample.members),
        PickerSource.ORGANIZATIONS: len(sample.organizations),
        PickerSource.GROUPS: len(sample.groups),
        PickerSource.ORGANIZATIONS_AND_GROUPS: len(sample.organizations) + len(sample.groups),
        PickerSource.PRIORITIES: len(sample.priorities),
        PickerSource.METRICS: 1 + sum(len(one.metrics) for one in sample.priorities),
        PickerSource.ACTIONS: sum(one.status not in ("done", "cancelled") for one in sample.actions),
    }
    assert len(offered(sample, "omar", source)) == every[source]


def test_others_pick_of_what_they_may_see(sample: Record) -> None:
    # Without her role she sits in one working group, and is steward of one of its figures.
    sample = replace(
        sample, members=tuple(replace(one, roles=()) if one.id == "renata" else one for one in sample.members)
    )
    quality = next(one for one in sample.priorities if one.id == "job-quality")
    assert offered(sample, "renata", PickerSource.PRIORITIES) == ["job-quality"]
    star = sample.coalition.north_star
    assert star is not None
    assert star.metric is not None
    assert offered(sample, "renata", PickerSource.METRICS) == [star.metric.id, *(one.id for one in quality.metrics)]
    seen = offered(sample, "renata", PickerSource.ACTIONS)
    actions = {one.id: one for one in sample.actions}
    assert seen
    assert {actions[key].priority for key in seen} == {"job-quality"}
    assert not may(sample, "renata", PickerSource.ACTIONS, "A-101")
    assert len(offered(sample, "renata", PickerSource.MEMBERS)) == len(sample.members)


def test_an_action_that_was_picked_stays_an_answer_once_it_is_done(sample: Record) -> None:
    assert "A-105" not in offered(sample, "omar", PickerSource.ACTIONS)
    assert may(sample, "omar", PickerSource.ACTIONS, "A-105")
    assert name_of_picked(sample, PickerSource.ACTIONS, "A-105") == "Run the first wage record match (A-105)"


def test_a_name_is_that_of_its_source(sample: Record) -> None:
    same = replace(sample, priorities=(replace(sample.priorities[0], id="helen"), *sample.priorities[1:]))
    assert name_of_picked(same, PickerSource.PRIORITIES, "helen") == "Talent pathways"
    assert name_of_picked(same, PickerSource.MEMBERS, "helen").startswith("Helen")
    assert name_of_picked(same, PickerSource.METRICS, "helen") == "helen"


def test_what_begins_with_the_words_comes_first(sample: Record) -> None:
    [omar] = [one for one in sample.members if one.id == "omar"]
    known = pickable(sample, standing_of(sample, omar), "omar", PickerSource.ACTIONS)
    assert [one.id for one in found_in(known, "a-102")] == ["A-102"]
    names = [one.name for one in found_in(known, "book")]
    assert names[0].startswith("Book")
    assert len(found_in(known, "")) == len(known)
