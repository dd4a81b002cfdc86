"""The plan as a page for the browser and for paper: one file that asks for nothing else, readable on a phone.

Whatever people wrote is escaped by the template's language; numbers and dates come worded from the domain.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain import wording
from bot.domain.plan import (
    HORIZONS,
    NO_AMOUNTS,
    NO_STAR,
    TITLE,
    WHEN_PAID,
    WITH_YEAR,
    MoneyChart,
    Plan,
    PublicPlan,
    figure_words,
    funding_words,
    goal_of,
    ledger_words,
    money_in_short,
    outcome_words,
    pool_words,
    readable_words,
    rounded,
    says_words,
    stands_words,
)
from bot.files.html_pages import inline_png, template

# What the template says in the plan's own words.
_WORDS = {
    **{"HORIZONS": HORIZONS, "NO_AMOUNTS": NO_AMOUNTS, "NO_STAR": NO_STAR, "TITLE": TITLE, "WHEN_PAID": WHEN_PAID},
    **{
        one.__name__: one
        for one in (
            *(figure_words, funding_words, goal_of, ledger_words, money_in_short, outcome_words, pool_words),
            *(readable_words, rounded, says_words, stands_words),
        )
    },
}


def plan_as_html(plan: Plan, picture: tuple[MoneyChart, bytes] | None = None) -> str:
    """Return the plan as a page. `picture` is that of its money, as PNG, with what it shows in words."""
    page = template("plan").render(
        plan=plan,
        words=_WORDS,
        wording=wording,
        today=WITH_YEAR,
        as_of=as_of(plan.moment),
        picture=inline_png(picture[1]) if picture is not None else None,
        chart=picture[0] if picture is not None else None,
    )
    return wording.once_stopped(page)


def public_as_html(plan: PublicPlan) -> str:
    """Return the public page."""
    return wording.once_stopped(template("public").render(plan=plan, as_of=as_of(plan.moment)))


def as_of(moment: datetime) -> str:
    """Return the day that a page speaks of: "November 23, 2026"."""
    return wording.date_in_words(moment.date())
