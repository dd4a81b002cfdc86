"""Who reads an update: those of the priority's channel, those who steer, and whoever is where the roll-up is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.record import Record
from bot.domain.rights import readers_of_roll_up, readers_of_update


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
