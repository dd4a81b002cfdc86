"""Meetings: their dates, agendas and notes. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.meetings.agenda_points import add_point_for_group
from bot.services.meetings.agendas import Agendas, read_agenda_post
from bot.services.meetings.calendars import Calendars
from bot.services.meetings.feeds import PATH as CALENDAR_PATH
from bot.services.meetings.feeds import CalendarFeeds
from bot.services.meetings.meetings import Meetings, home_lines
from bot.services.meetings.news import read_invitation, read_meeting_item
from bot.services.meetings.notes import MeetingNotes
from bot.services.meetings.notes_views import read_notes_post
from bot.services.meetings.planning import plan_meeting, refresh_agenda
from bot.services.meetings.plans import MeetingPlans
from bot.services.meetings.views import known_cadence, known_sitting, meetings_now, unknown_meeting
