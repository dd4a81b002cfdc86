"""The plan as Markdown for the command line, in the words of the pages that Slack shows."""

from __future__ import annotations

from bot.domain import wording
from bot.domain.plan import Plan, plan_pages
from bot.files.digest_text import markdown_page


def plan_as_markdown(plan: Plan) -> str:
    """Return the plan as Markdown that ends with a line break."""
    pages = [markdown_page(page) for page in plan_pages(plan)]
    as_of = f"*As of {wording.date_in_words(plan.moment.date())}*"
    first, _, rest = pages[0].partition("\n\n")
    pages[0] = f"{first}\n\n{as_of}\n\n{rest}"
    return "\n\n---\n\n".join(pages) + "\n"
