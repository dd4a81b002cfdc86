"""Decisions: who decides by which rule, and what was decided. Values and rules, pure."""

from __future__ import annotations

from bot.domain.decisions.changes import (
    ProposedChange,
    answer,
    answer_of,
    correct,
    defer,
    first_mistake,
    is_in_favor,
    move,
    note_down,
    propose,
    read_outcome,
    read_reason,
    read_why,
    record_outcome,
    reopen,
    require_needed,
    reword,
    strike,
    take_back,
    tidied,
)
from bot.domain.decisions.chases import (
    A_DAY,
    PLANNED_AHEAD,
    Reminder,
    WaitingDecision,
    count_of,
    decisions_of_the_week,
    group_of,
    is_near,
    its_own,
    morning_of,
    recorders,
    reminders,
    voters,
)
from bot.domain.decisions.deciding import (
    ABSTAIN,
    OBJECT,
    OPTION,
    TALK,
    Count,
    OwnVoice,
    Seat,
    count,
    is_delegated,
    may_record,
    seats_of,
    voices_for,
)
from bot.domain.decisions.groups_in_lines import match_group, take_group, take_near_group
from bot.domain.decisions.line import (
    DecisionDraft,
    IssueDraft,
    parse_decision_line,
    parse_issue_line,
    split_new_date,
)
from bot.domain.decisions.pages import (
    MOST_NOTE,
    MOST_OPTIONS,
    MOST_OUTCOME,
    MOST_REASON,
    MOST_TITLE,
    MOST_WHY,
    DecisionCard,
    DecisionChange,
    DecisionForm,
    DecisionList,
    DecisionOutcome,
    DecisionQuery,
    DecisionReadBack,
    NewDecision,
    VoiceLine,
)
from bot.domain.decisions.standing import DecisionLine, made, needed, next_id, read_id
