"""Who reads an update: those of the priority's channel, those who steer, and whoever is where the roll-up is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.record import Record
from bot.domain.rights import (
    may_read_answers,
    readers_of_roll_up,
    readers_of_update,
    readers_on_card,
    standing_of,
)
from bot.domain.vocabularies import AnswerReaders


def posted_in(record: Record, *channels: str, **changed: object) -> Record:
    """The record with its digest in these channels."""
    return replace(
        record,
        cadences=tuple(
            replace(one, channels=channels, **changed) if one.kind == "digest" else one  # type: ignore[arg-type]
            for one in record.cadences
        ),
    )


def test_a_leadership_channel_that_is_no_groups_is_named_among_the_readers(sample: Record) -> None:
    talent = sample.priorities[0]
    steering = "the Steering Committee"
    assert readers_of_update(sample, talent) == ("#lb-talent", steering)
    # A coalition that was just set up has a channel for its leadership, and no group yet.
    new = posted_in(replace(sample, groups=(), public_channels=frozenset({"all"})), "leaders", "all")
    assert readers_of_update(new, talent) == ("#lb-talent", "#leaders", "#all (public)")
    assert readers_of_roll_up(new) == ("#leaders", "#all (public)", "the coordinators")
    assert readers_of_update(posted_in(sample, "lb-steering", "lb-funders"), talent) == (
        "#lb-talent", "#lb-funders", steering,
    )  # fmt: skip
    assert readers_of_update(posted_in(sample, "lb-talent", "lb-backbone"), talent) == ("#lb-talent", steering)


def test_where_no_digest_goes_nobody_reads_it(sample: Record) -> None:
    rests = posted_in(sample, "leaders", paused_at=datetime(2026, 11, 23, tzinfo=UTC))
    assert readers_of_update(rests, sample.priorities[0]) == ("#lb-talent", "the Steering Committee")


def test_who_reads_answers_is_who_was_named(sample: Record) -> None:
    """Whoever the words name reads them, and nobody else; the coordinators always do."""
    talent = sample.priorities[0]
    read = {
        readers: {one.id for one in sample.members if may_read_answers(standing_of(sample, one), readers, talent.id)}
        for readers in AnswerReaders
    }
    group = {key for one in sample.groups if one.id == talent.working_group for key in one.members}
    steering = {key for one in sample.groups if one.steers for key in one.members}
    stewards = {one.steward for one in talent.metrics}
    coordinators = {"dana", "omar", "priya"}
    assert read[AnswerReaders.COORDINATORS] == coordinators
    assert read[AnswerReaders.GROUP] == coordinators | group | {talent.owner} | stewards
    assert read[AnswerReaders.STEERING] == read[AnswerReaders.GROUP] | steering
    assert read[AnswerReaders.EVERYBODY] == {one.id for one in sample.members}
    said = {readers: readers_on_card(sample, talent, readers) for readers in AnswerReaders}
    assert said == {
        AnswerReaders.COORDINATORS: (),
        AnswerReaders.GROUP: ("the Talent Working Group",),
        AnswerReaders.STEERING: ("the Talent Working Group", "the Steering Committee"),
        AnswerReaders.EVERYBODY: ("everybody in the coalition",),
    }
