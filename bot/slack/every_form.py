"""Every form that is declared by a table of its fields, by where the tables stand."""

from __future__ import annotations

from typing import Never

from bot.slack.blocks import (
    actions,
    asks,
    checkins,
    coalition,
    decisions,
    digests,
    endings,
    funding,
    issues,
    meetings,
    metrics,
    organizations,
    people,
    priorities,
    visibility,
)
from bot.slack.forms import Form

_NOUNS = (
    *(actions, asks, checkins, coalition, decisions, digests, endings, funding),
    *(issues, meetings, metrics, organizations, people, priorities, visibility),
)
FORMS: tuple[Form[Never, object], ...] = tuple(
    one for noun in _NOUNS for one in vars(noun).values() if isinstance(one, Form)
)
