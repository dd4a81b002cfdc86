"""Digests: composed once for their readers, told page by page. Values and rules, pure."""

from __future__ import annotations

from bot.domain.digests.composing import compose, compose_seen
from bot.domain.digests.data import dumps, to_data, to_published
from bot.domain.digests.editions import channel_page, funder_page
from bot.domain.digests.forwarding import ByHand, Forwarding, ForwardKey, ToForward
from bot.domain.digests.owner_previews import (
    MOST_CONTEXT,
    ContextForm,
    OwnerPreview,
    named_actions,
    parts_of_previews,
    preview_at,
    receivers_of_previews,
)
from bot.domain.digests.pages import FigureRow, Line, Page, Part, Span, bold, line, own, said
from bot.domain.digests.parts import NOT_REPORTED, AskLine, Digest, OutcomeLine, PriorityPart
from bot.domain.digests.reading import (
    EVERYTHING,
    FUNDER,
    NOTHING,
    PAGE,
    PRIORITY,
    ROLL_UP,
    SOON_AFTER,
    Copy,
    DigestLeftOut,
    DigestMoved,
    DigestPost,
    Edition,
    FeedingRound,
    Overview,
    PassedOn,
    PastDigests,
    Published,
    Query,
    Reading,
    SendOutcome,
    SendQuestion,
    Sight,
    TwoDigests,
    as_seen,
    editions_of,
    sight_of,
    week_of_day,
)
from bot.domain.digests.replies import listed, reply, summary_lines, up_to_actions
from bot.domain.digests.roll_up import READ_BY, late_words, opening_sentence, roll_up_pages, week_words
from bot.domain.digests.week_picture import WeekChart, WeekRow, chart_of_week
from bot.domain.digests.wording import (
    blocker_line,
    decision_title,
    funding_line,
    latest_words,
    named,
    not_reported,
    numbers_say,
    other_metrics,
    outcome_due,
    owner_says,
    priority_line,
)
