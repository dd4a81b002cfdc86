"""Every form that is declared by a table of its fields, by where the table stands."""

from __future__ import annotations

from typing import Never

from bot.slack.blocks.coalition import NORTH_STAR_FORM
from bot.slack.blocks.issues import CLOSE_ISSUE_FORM, ESCALATION_FORM, NEW_ISSUE_FORM
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
)
