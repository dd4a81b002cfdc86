"""The sample coalition tells what its own notes expect, and its digest is the golden file's, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from bot.domain.digests import Digest, compose, dumps, to_data
from bot.domain.digests.data import loads
from bot.domain.known import known_at
from bot.files import sample_text
from tests.sample import sample_record
from tests.tables import on_each

GOLDEN = Path(__file__).parents[2] / "golden" / "digest-limestone-bend.json"


class _MomentsAsText(SafeConstructor):
    """Text is wanted for the moment, so that its offset is read by the standard library."""


# Constructors stand on the class: added to the library's own, every later reader in this process had text for dates.
_MomentsAsText.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def read_notes() -> dict[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _MomentsAsText
    text = sample_text()
    # They stand at the end. Each worker reads them when it collects, and reading all of the file takes a while.
    notes: dict[str, Any] = yaml.load(text[text.index("\ndemo_notes:") :])["demo_notes"]
    return notes


NOTES = read_notes()
EXPECTED: dict[str, Any] = NOTES["expected"]
MOMENT = datetime.fromisoformat(NOTES["at"])
RECORD = sample_record()
DIGEST = compose(RECORD, MOMENT)
DATA = to_data(DIGEST)


def metrics(digest: Digest) -> list[Any]:
    star = [digest.north_star] if digest.north_star else []
    by_id = {metric.id: metric for part in digest.priorities for metric in part.metrics}
    return star + [by_id[metric.id] for priority in RECORD.priorities for metric in priority.metrics]


def parts(digest: Digest) -> list[Any]:
    """The priorities in file order, as the notes list them."""
    by_id = {part.id: part for part in digest.priorities}
    return [by_id[priority.id] for priority in RECORD.priorities]


def actions(choice: Callable[[Any], Any], digest: Digest) -> list[str]:
    found = {
        line.id
        for part in (*digest.priorities, None)
        for line in choice(part.actions if part else digest.coalition_actions)
    }
    return [action.id for action in RECORD.actions if action.id in found]


def plans(wanted: Callable[[Any], bool]) -> list[str]:
    star = RECORD.coalition.north_star
    every = ([star.metric] if star and star.metric else []) + [
        metric for priority in RECORD.priorities for metric in priority.metrics
    ]
    return [metric.id for metric in every if wanted(metric)]


TOLD: dict[str, Callable[[Digest], Any]] = {
    "week": lambda digest: digest.week,
    "actions_total": lambda digest: len(known_at(RECORD, MOMENT).actions),
    "actions_done_ever": lambda digest: sum(one.status == "done" for one in known_at(RECORD, MOMENT).actions),
    "actions_cancelled": lambda digest: sum(one.status == "cancelled" for one in known_at(RECORD, MOMENT).actions),
    "actions_overdue": lambda digest: actions(lambda part: part.overdue, digest),
    "actions_blocked": lambda digest: actions(lambda part: part.blocked, digest),
    "decisions_needed": lambda digest: [line.id for line in digest.decisions_needed],
    "metric_status": lambda digest: {metric.id: metric.status for metric in metrics(digest)},
    "metrics_without_reading": lambda digest: list(digest.metrics_without_reading),
    "stale_metrics": lambda digest: list(digest.stale_metrics),
    "restated": lambda digest: [metric.id for metric in digest.restated],
    "disagrees": lambda digest: [part.id for part in parts(digest) if part.disagrees],
    "cross_organization_waits": lambda digest: [wait.action for wait in digest.waits],
    "silent_owners": lambda digest: list(digest.silent_owners),
    "confidence_falling": lambda digest: [part.id for part in parts(digest) if part.confidence.falling],
    "answered_by_delegate": lambda digest: [part.id for part in parts(digest) if part.standing.on_behalf_of],
    "outcomes_past_due": lambda digest: [
        line.id for part in parts(digest) for line in part.outcomes if line.days_overdue
    ],
    "need_not_set": lambda digest: [part.id for part in parts(digest) if part.funding.need is None],
    "moved_occurrences": lambda digest: [cadence.id for cadence in RECORD.cadences if cadence.moves],
    "lower_is_better": lambda digest: plans(lambda metric: metric.direction == "decrease"),
    "zero_baseline": lambda digest: plans(lambda metric: metric.baseline is not None and metric.baseline.value == 0),
}


def test_every_expected_key_has_a_check() -> None:
    """A key that somebody adds to the notes fails here until the domain is asked for it."""
    assert set(EXPECTED) == set(TOLD)


@on_each("key", list(EXPECTED))
def test_the_digest_tells_what_the_notes_expect(key: str) -> None:
    assert TOLD[key](DIGEST) == EXPECTED[key]


@on_each("key", [key for key in EXPECTED if key in DATA])
def test_the_json_tells_what_the_notes_expect(key: str) -> None:
    told = DATA[key]
    if told and isinstance(told[0], dict):
        told = [item["id"] for item in told]
    assert told == EXPECTED[key]


def test_the_json_is_asked_for_every_key_it_shares_with_the_notes() -> None:
    shared = {"week", "decisions_needed", "metrics_without_reading", "stale_metrics", "cross_organization_waits"}
    assert {key for key in EXPECTED if key in DATA} == shared | {"silent_owners"}


def test_the_json_tells_metric_status_disagreement_and_falls_within_the_priorities() -> None:
    told = {metric["id"]: metric["status"] for priority in DATA["priorities"] for metric in priority["metrics"]}
    told[DATA["north_star"]["id"]] = DATA["north_star"]["status"]
    assert told == EXPECTED["metric_status"]
    for key, choice in (
        ("disagrees", lambda one: one["disagrees"]),
        ("confidence_falling", lambda one: one["confidence"]["falling"]),
        ("answered_by_delegate", lambda one: one["standing"]["on_behalf_of"]),
        ("need_not_set", lambda one: one["funding"]["need"] is None),
    ):
        assert {one["id"] for one in DATA["priorities"] if choice(one)} == set(EXPECTED[key])
    overdue = {action for one in DATA["priorities"] for action in one["actions"]["overdue"]}
    assert overdue | set(DATA["coalition_actions"]["overdue"]) == set(EXPECTED["actions_overdue"])


def test_every_overdue_action_of_the_sample_is_open() -> None:
    by_id = {action.id: action for action in RECORD.actions}
    assert all(by_id[action_id].is_open for action_id in EXPECTED["actions_overdue"])


def test_the_sample_digest_is_the_golden_one() -> None:
    text = dumps(DATA)
    if os.environ.get("BACKBEAT_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text.encode() == GOLDEN.read_bytes()


def test_the_golden_digest_reads_back_as_the_same_bytes() -> None:
    text = GOLDEN.read_text(encoding="utf-8")
    assert dumps(loads(text)) == text
