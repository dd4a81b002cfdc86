"""Which figures a digest tells as news, each once, and where they stand when they are many."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.digests import Digest, compose, line, roll_up_pages, to_published
from bot.domain.digests.figures import news_of
from bot.domain.packing import pack, unpack
from bot.domain.record import Metric, Reading, Record
from tests import builders as make
from tests.builders import at, reading, record

FRIDAY = at("2026-11-20T07:30")
NEXT = at("2026-11-25T07:30")
JUNE = reading("2026-06-30", 40, recorded_on="2026-07-10")


def with_metrics(*metrics: Metric) -> Record:
    return record(priorities=[make.priority(metrics=metrics)])


def with_readings(*readings: Reading) -> Record:
    """One priority whose headline figure comes every half-year and stays on track."""
    return with_metrics(make.metric("m1", *readings, frequency="semiannual"))


def after(then: Record, now: Record, moment: datetime = NEXT) -> Digest:
    published = make.published(FRIDAY, to_published(compose(then, FRIDAY)))
    return compose(replace(now, published=(published,)), moment)


def pages(digest: Digest) -> list[str]:
    return [page.plain for page in roll_up_pages(digest, amounts=True, occasion=line("Week"))]


def changed(digest: Digest) -> list[str]:
    """The lines of the main message that tell of figures."""
    return [one for one in pages(digest)[0].splitlines() if "Metric" in one and one.startswith("•")]


def test_a_restated_figure_stands_once() -> None:
    restated = after(
        with_readings(JUNE), with_readings(JUNE, reading("2026-06-30", 44, recorded_on="2026-11-22", note="Two late."))
    )
    assert changed(restated) == ["• Restated: Metric m1, Jun 30: 40 → 44 people"]


def test_a_restatement_that_turns_the_status_is_told_with_it() -> None:
    restated = after(with_readings(JUNE), with_readings(JUNE, reading("2026-06-30", 5, recorded_on="2026-11-22")))
    assert changed(restated) == ["• Numbers: Metric m1, on track → off track, restated 40 → 5 people (as of Jun 30)"]


def test_a_figure_of_an_earlier_period_is_told_as_well() -> None:
    late = reading("2026-03-31", 30, recorded_on="2026-11-22")
    digest = after(with_readings(JUNE), with_readings(late, JUNE))
    assert changed(digest) == ["• New figure: Metric m1, 30 people (as of Mar 31)"]
    assert "Mar 31 recorded: 30" in pages(digest)[1]


def test_a_figure_that_was_confirmed_is_told() -> None:
    final = reading("2026-06-30", 40, recorded_on="2026-11-22", quality="final")
    assert changed(after(with_readings(JUNE), with_readings(JUNE, final))) == [
        "• Confirmed: Metric m1, 40 people (as of Jun 30)"
    ]


def test_a_figure_of_the_digests_own_day_stands_in_one_digest() -> None:
    """Recorded before the digest it is in that one, and in no other; recorded afterwards, in the next one."""
    morning = reading("2026-09-30", 60, recorded_on="2026-11-20")
    assert changed(after(with_readings(JUNE, morning), with_readings(JUNE, morning))) == []
    assert changed(after(with_readings(JUNE), with_readings(JUNE, morning))) == [
        "• New figure: Metric m1, 60 people (as of Sep 30)"
    ]


def test_the_first_digest_tells_what_was_recorded_since_the_import() -> None:
    side = make.metric("m2", reading("2026-09-30", 60, recorded_on="2026-11-24"))
    imported = make.metric("m1", reading("2026-09-30", 60, recorded_on="2026-10-24"))
    digest = compose(replace(with_metrics(imported, side), first_imported_at=at("2026-11-23T07:00")), NEXT)
    assert changed(digest) == ["• New figure: Metric m2, 60 people (as of Sep 30)"]
    assert "Metric m2: 60 (Sep 30), target 100." in pages(digest)[1]


def test_the_first_digest_of_a_coalition_without_a_file_tells_all_that_was_recorded() -> None:
    digest = compose(with_readings(reading("2026-09-30", 60, recorded_on="2026-11-24")), NEXT)
    assert changed(digest) == ["• New figure: Metric m1, 60 people (as of Sep 30)"]


def test_more_than_five_are_counted_and_stand_in_the_replies() -> None:
    then = [make.metric(f"m{number}", JUNE, frequency="semiannual") for number in range(6)]
    new = reading("2026-09-30", 60, recorded_on="2026-11-22")
    now = [replace(one, readings=(*one.readings, new)) for one in then]
    main, reply, *_ = pages(after(with_metrics(*then), with_metrics(*now)))
    assert "• 6 figures recorded: each stands with its priority" in main
    assert "New figure" not in main
    for number in range(6):
        assert f"Metric m{number}: " in reply
    five = after(with_metrics(*then), with_metrics(*now[:5], then[5]))
    assert len(changed(five)) == 5


def test_what_a_reply_has_no_room_for_is_counted() -> None:
    names = {"name": " ".join(["Metric"] * 15)}
    then = [make.metric(f"m{number}", JUNE, frequency="semiannual", **names) for number in range(9)]
    new = reading("2026-09-30", 60, recorded_on="2026-11-22")
    now = [replace(one, readings=(*one.readings, new)) for one in then]
    reply = pages(after(with_metrics(*then), with_metrics(*now)))[1]
    assert "of 8 recorded figures shown. /priority shows all." in reply


def test_a_digest_that_was_stored_before_figures_were_kept_tells_what_it_told_then() -> None:
    new = reading("2026-09-30", 60, recorded_on="2026-11-22")
    digest = after(with_readings(JUNE), with_readings(JUNE, new))
    stored = {name: value for name, value in pack(digest).items() if name != "recorded"}
    before = unpack(Digest, stored)
    assert before.recorded is None
    assert news_of(before) == news_of(digest)
    assert pages(before) == pages(digest)
