"""An action item in one line: "Book 24 firm assessments @marcus by 26 Nov in supplier-growth".

`by` counts only before a day, `in` only before a known priority, the last match wins, the rest is the title. What
looks like a day, a person or a place and can't be read for certain is a problem or a doubt, never just a part of the
title beside a default. Who and what is known is given; nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.typed import (
    Doubt,
    Known,
    Problem,
    TypedLine,
    left_part,
    say_what_is_left,
    take_day,
    take_owner,
    take_place,
)


@dataclass(frozen=True, slots=True)
class ActionLineContext:
    """Who and what a line can name. `accounts` leads from a Slack user id to a member's id; `me` is who writes;
    `channels` from a channel's name to its priority.

    With `takes_day` False, "by" and a day stay in the title; with `takes_owner` False, people do.
    """

    members: tuple[Known, ...] = ()
    priorities: tuple[Known, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    me: str | None = None
    channels: Mapping[str, str] = field(default_factory=dict)
    takes_day: bool = True
    takes_owner: bool = True

    @property
    def names(self) -> dict[str, str]:
        """The name of each priority's channel, by its id."""
        return {priority: channel for channel, priority in self.channels.items()}


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """What a line says. `taken` are the words that are not in the title, in the order of the line."""

    title: str
    owner: str | None = None
    due: date | None = None
    priority: str | None = None
    is_whole_coalition: bool = False
    problems: tuple[Problem, ...] = ()
    taken: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def parse_action_line(text: str, known: ActionLineContext, today: date) -> ActionDraft:
    """Takes a line apart; never raises. Days are read as of `today`."""
    draft = take_apart(text, known, today)
    said = (*draft.problems, *draft.doubts)
    place = "" if draft.is_whole_coalition else draft.priority
    left = say_what_is_left(
        draft.title,
        day=left_part("due", "the day", draft.due, said),
        person=left_part("owner", "the owner", draft.owner, said),
        places=(left_part("priority", "the priority", place, said, known.priorities, known.names),),
        members=known.members,
    )
    return replace(draft, doubts=(*draft.doubts, *left))


def take_apart(text: str, known: ActionLineContext, today: date) -> ActionDraft:
    """What a line says, without a last look at its title: for nouns that have other parts than an action."""
    line = TypedLine(text)
    due = take_day(line, today) if known.takes_day else None
    priority = take_place(line, known.priorities, known.channels)
    owner = take_owner(line, known.members, known.accounts, known.me) if known.takes_owner else None
    return ActionDraft(
        title=line.title(),
        owner=owner,
        due=due,
        priority=priority or None,
        is_whole_coalition=priority == "",
        problems=tuple(line.problems),
        taken=tuple(line.taken()),
        doubts=tuple(line.doubts),
    )
