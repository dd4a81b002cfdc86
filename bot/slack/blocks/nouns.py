"""The way to everything that commands do: a button for each noun, and for what a coalition consists of. Each says what
would be typed for it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.home import HomePage
from bot.slack.blocks import kit
from bot.slack.identifiers import Action

# Each noun's own list. Coordinators begin with everybody's.
FOR_COORDINATORS = (
    ("Check-ins", Action.GO_CHECKINS, "checkin"),
    ("Actions", Action.GO_ACTIONS, "action list overdue"),
    ("Figures", Action.GO_FIGURES, "metric list"),
    ("Priorities", Action.GO_PRIORITIES, "priority list"),
    ("Meetings", Action.GO_MEETINGS, "meeting list"),
    ("Decisions", Action.GO_DECISIONS, "decision log"),
    ("Issues", Action.GO_ISSUES, "issue list"),
    ("Funding", Action.GO_FUNDING, "funding"),
    ("Digest", Action.GO_DIGEST, "digest"),
    ("Coalition", Action.GO_COALITION, "coalition"),
)
# What a coalition consists of, with its file and its changes.
OF_COALITION = (
    ("Members", Action.GO_MEMBERS, "coalition members"),
    ("Organizations", Action.GO_ORGANIZATIONS, "coalition organizations"),
    ("Groups", Action.GO_GROUPS, "coalition groups"),
    ("Rhythm", Action.GO_RHYTHM, "coalition rhythm"),
    ("North star", Action.GO_NORTH_STAR, "coalition northstar"),
    ("Import", Action.GO_IMPORT, "coalition import"),
    ("Export", Action.GO_EXPORT, "coalition export"),
    ("Changes", Action.GO_CHANGES, "coalition audit"),
    ("Deliveries", Action.GO_DELIVERIES, "coalition deliveries"),
    ("Health", Action.GO_HEALTH, "coalition health"),
)
_OF_COORDINATORS = {
    Action.GO_MEMBERS,
    Action.GO_RHYTHM,
    Action.GO_IMPORT,
    Action.GO_EXPORT,
    Action.GO_CHANGES,
    Action.GO_DELIVERIES,
    Action.GO_HEALTH,
}
OF_ONES_OWN = {Action.GO_ACTIONS: "action", Action.GO_MEETINGS: "meeting"}
OF_PRIORITIES = {Action.GO_CHECKINS, Action.GO_ACTIONS, Action.GO_FIGURES, Action.GO_PRIORITIES, Action.GO_ISSUES}


def noun_buttons(page: HomePage) -> Iterator[kit.Element]:
    """A button for each noun of which this person may read anything."""
    for text, action, typed in FOR_COORDINATORS:
        if action in OF_PRIORITIES and not page.reads_priorities:
            continue
        if action == Action.GO_FUNDING and not page.reads_funding:
            continue
        if action == Action.GO_DIGEST and not page.reads_digests:
            continue
        own = None if page.coordination is not None else OF_ONES_OWN.get(action)
        yield kit.button(text, action, value=own or typed)


def coalition_buttons(page: HomePage) -> Iterator[kit.Element]:
    """What a coalition consists of, and for coordinators its file and its changes."""
    coordination = page.coordination
    for text, action, typed in OF_COALITION:
        if action in _OF_COORDINATORS and coordination is None:
            continue
        if action == Action.GO_IMPORT and coordination is not None and not coordination.may_configure:
            continue
        yield kit.button(text, action, value=typed)
