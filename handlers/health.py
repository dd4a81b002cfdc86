"""How things are, for coordinators: typed, or by its button."""

from __future__ import annotations

from bot.domain.rights import Right
from bot.slack.blocks.health import health_message
from handlers.listeners import Line, Listeners
from handlers.presses import tells

show = tells(lambda services: services.health_reports.page, health_message)
LISTENERS = Listeners(
    noun="coalition",
    lines=(
        Line(
            "health",
            "how the rhythm is: messages, people, figures, and the four weeks before",
            show,
            Right.RESOLVE_HELD,
            words=("health",),
        ),
    ),
)
