"""Meetings: their dates, agendas and notes. Values and rules, pure."""

from __future__ import annotations

from bot.domain.meetings.agendas import (
    Agenda,
    FigureLine,
    IssueLine,
    NeededLine,
    PointLine,
    Reads,
    StocktakeLine,
    Stocktakes,
    compose_agenda,
    day_before,
)
from bot.domain.meetings.calendar_events import CalendarEvent, CalendarFile, FeedAddress, Feeds, event_of
from bot.domain.meetings.changes import (
    carry_over,
    read_point,
    reword_point,
    take_away,
    take_notes,
)
from bot.domain.meetings.clashes import find_clashes
from bot.domain.meetings.duties import agenda_at, due_sittings, next_duty, remind_at, remind_from
from bot.domain.meetings.line import ChangeLine, MeetingDraft, parse_meeting_line, read_moment, split_change
from bot.domain.meetings.notes import (
    MOST_ACTIONS,
    MOST_DECIDED,
    MOST_PARKED,
    CheckedAction,
    NotedAction,
    NotedLine,
    NotesCheck,
    NotesForm,
    NotesInput,
    NotesPost,
    NotesSaved,
    pair,
    read_actions,
    read_lines,
)
from bot.domain.meetings.pages import (
    AGENDA,
    DECLINED,
    MOST_POINT,
    MOVED,
    NEWS,
    PACK,
    PAGE,
    SEAT,
    SKIPPED,
    TODAY,
    ChangeForm,
    MeetingCard,
    MeetingChange,
    MeetingClash,
    MeetingItem,
    MeetingLine,
    MeetingList,
    PlanForm,
    PlanPreview,
    PointForm,
    UnknownMeeting,
    about_of,
    read_about,
)
from bot.domain.meetings.planned import (
    USUAL_MINUTES,
    MeetingRef,
    Sitting,
    agenda_days,
    attendees,
    current_sitting,
    find_meetings,
    group_of,
    has_pack,
    is_meeting,
    last_sitting,
    may_manage,
    may_manage_group,
    may_see,
    may_write_notes,
    meetings,
    next_of_group,
    next_sittings,
    priorities_of,
    sitting,
    skipped_sitting,
)
from bot.domain.meetings.plans import (
    EVERYBODY,
    MOST_NAME,
    MeetingPlan,
    mark_of_plan,
    plan_as_it_is,
    require_sound,
    with_plan,
)
from bot.domain.meetings.rules import KEEP, key_of
