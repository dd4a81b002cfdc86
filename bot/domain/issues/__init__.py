"""Issues: raised, taken to a group, resolved or parked. Values and rules, pure."""

from __future__ import annotations

from bot.domain.issues.changes import (
    correct,
    escalate,
    first_mistake,
    owner_of,
    park,
    raise_issue,
    read_note,
    reopen,
    require_open,
    resolve,
    tidied,
)
from bot.domain.issues.pages import (
    MOST_IMPACT,
    MOST_NOTE,
    MOST_TITLE,
    Escalation,
    IssueCard,
    IssueChange,
    IssueDecision,
    IssueForm,
    IssueList,
    IssueQuery,
    IssueReadBack,
    NewIssue,
)
from bot.domain.issues.standing import IssueLine, describe, escalated, next_id, oldest, read_id
