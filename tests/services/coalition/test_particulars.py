"""What the coalition is called and how it writes figures and dates: changed by its leads, live, and on record."""

from __future__ import annotations

import pytest

from bot.domain.coalition import plan_of_coalition
from bot.domain.digests import compose
from bot.domain.histories import AuditQuery
from bot.domain.typed import Mistakes, marks_of
from bot.errors import Refused
from bot.files.digest_text import as_text
from bot.slack.blocks.histories import audit_message
from tests.examples import on
from tests.services.reading import read
from tests.services.stage import Stage
from tests.tables import on_each


@pytest.mark.in_part
@on("postgres", "any_sample_url")
async def test_a_live_coalition_writes_otherwise_from_then_on(any_sample: Stage) -> None:
    stage = any_sample
    await stage.go_live()
    dana, particulars = await stage.actor("dana"), stage.services.coalition_particulars
    before = (await stage.record()).coalition
    shown = await particulars.form(dana)
    assert (shown.name, shown.locale, shown.written) == (before.name, "en-US", "1,234.5 · $1,235 · Nov 23, 2026")
    opened = marks_of(plan_of_coalition(before))
    answers = {"name": before.name, "short_name": before.short_name, "locale": "de-DE"}
    saved = await particulars.edit(dana, opened, answers)
    assert saved.written == "1.234,5 · 1.235\u00a0$ · 23. Nov. 2026"
    after = await stage.record()
    assert after.coalition.locale == "de-DE"
    assert (after.coalition.name, after.coalition.timezone) == (before.name, before.timezone)
    told = as_text(compose(after, stage.calendar.now()))
    assert "600.000\u00a0$" in told
    assert "$600,000" not in told
    page = await stage.services.audit.page(dana, AuditQuery())
    trail = read(audit_message(page))
    assert "Coalition, locale: en-US → de-DE" in trail
    assert page.entries[0].by == "Dana Whitlock"
    # Sent again, and by somebody whose form is older and who touched something else.
    assert await particulars.edit(dana, opened, answers) == saved
    omar = await stage.actor("omar")
    other = await particulars.edit(omar, opened, answers | {"name": "The Bend", "locale": "en-US"})
    assert (other.name, other.locale) == ("The Bend", "de-DE")
    with pytest.raises(Mistakes):
        await particulars.edit(omar, opened, answers | {"locale": "fr-CA"})


@on_each(
    ("field", "typed", "words"),
    [
        ("name", " ", "Write the coalition's name."),
        ("name", "N" * 81, "This has 81 characters. 80 fit."),
        ("locale", "klingon", "Choose how figures and dates are written: type a country."),
        ("locale", "de_DE", "Choose how figures and dates are written: type a country."),
        ("locale", None, "Choose how figures and dates are written: type a country."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(stage: Stage, field: str, typed: str | None, words: str) -> None:
    coalition = (await stage.record()).coalition
    answers = {"name": coalition.name, "short_name": None, "locale": coalition.locale} | {field: typed}
    with pytest.raises(Mistakes) as caught:
        await stage.services.coalition_particulars.edit(await stage.actor("dana"), {}, answers)
    assert caught.value.errors == {field: words}


async def test_whoever_is_no_lead_changes_nothing(stage: Stage) -> None:
    for who in ("priya", "grant", "lorna"):
        with pytest.raises(Refused):
            await stage.services.coalition_particulars.edit(
                await stage.actor(who), {}, {"name": "Mine", "locale": "de-DE"}
            )
    assert (await stage.record()).coalition.locale == "en-US"
