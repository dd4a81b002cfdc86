"""Action items: who does what by when, and on whom it waits. Values and rules, pure."""

from __future__ import annotations

from bot.domain.actions.bundles import (
    MOST_LISTED,
    ActionAnswer,
    ActionRequest,
    ListedAction,
    OwnActions,
    ThirdMove,
    answer_about,
    due_about,
    list_about,
    read_answer_about,
    read_due_about,
    read_list_about,
)
from bot.domain.actions.forms import (
    MOST_IN_FORM,
    NEW_DUE,
    PER_PAGE,
    STATUS,
    ActionQuestions,
    ActionsForm,
    Entered,
    FormAction,
    SavedForm,
    as_shown,
    by_action,
    field_of,
    is_touched,
    mistakes_in,
    page_of,
    questions_about_actions,
)
from bot.domain.actions.items import (
    ActionLine,
    ActionsPart,
    WaitLine,
    carrier,
    describe,
    is_link,
    is_open,
    is_overdue,
    next_id,
    read_id,
    summarize,
    waits,
)
from bot.domain.actions.line import ActionDraft, ActionLineContext, parse_action_line
from bot.domain.actions.move_line import moves_by_id, read_move, split_move
from bot.domain.actions.moves import (
    HELP_ASKED,
    RENEWED,
    answer_of,
    answer_words,
    answered,
    asks_about,
    imported,
    is_asked,
    joined,
    moved_to,
    moves_words,
    ordinal,
    reason_of,
    wants_reason,
)
from bot.domain.actions.pages import (
    PAGE,
    ActionCard,
    ActionChange,
    ActionForm,
    ActionList,
    ListQuery,
    NewAction,
    ReadBack,
    UnknownList,
    shown_of,
)
