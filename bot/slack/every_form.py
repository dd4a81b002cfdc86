"""Every form that is declared by a table of its fields, by where the table stands."""

from __future__ import annotations

from typing import Never

from bot.slack.blocks.coalition import NORTH_STAR_FORM
from bot.slack.blocks.funding import ALLOCATION_FORM, REPORT_FORM, SOURCE_FORM
from bot.slack.blocks.issues import CLOSE_ISSUE_FORM, ESCALATION_FORM, NEW_ISSUE_FORM
from bot.slack.blocks.metrics import FIGURE_FORM, METRIC_FORM, SHORT_METRIC_FORM, TARGET_FORM
from bot.slack.blocks.organizations import GROUP_FORM, ORGANIZATION_FORM
from bot.slack.blocks.people import (
    ADD_MEMBER_FORM,
    AWAY_FORM,
    EDIT_MEMBER_FORM,
    LETTER_FORM,
    NOTE_FORM,
    ROLES_FORM,
    SETTINGS_FORM,
    STAND_IN_FORM,
)
from bot.slack.blocks.priorities import OUTCOME_FORM, PRIORITY_FORM
from bot.slack.forms import Form

FORMS: tuple[Form[Never, object], ...] = (
    CLOSE_ISSUE_FORM,
    ESCALATION_FORM,
    NEW_ISSUE_FORM,
    ADD_MEMBER_FORM,
    AWAY_FORM,
    EDIT_MEMBER_FORM,
    LETTER_FORM,
    NOTE_FORM,
    ROLES_FORM,
    SETTINGS_FORM,
    STAND_IN_FORM,
    NORTH_STAR_FORM,
    SOURCE_FORM,
    ALLOCATION_FORM,
    REPORT_FORM,
    PRIORITY_FORM,
    OUTCOME_FORM,
    FIGURE_FORM,
    METRIC_FORM,
    SHORT_METRIC_FORM,
    TARGET_FORM,
    GROUP_FORM,
    ORGANIZATION_FORM,
)
