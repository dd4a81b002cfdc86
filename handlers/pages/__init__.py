"""Pages in a browser for those who aren't in Slack: the same buttons and forms, pressed by a link instead of in Slack.

What is shown is what Slack would show, and what is pressed goes to the same listeners, so that a button or form needs
nothing of its own to work here.
"""

from __future__ import annotations

from handlers.pages.answering import Answering
from handlers.pages.application import AnswerPages
from handlers.pages.calendars import CalendarPages
from handlers.pages.stopping import Stopping

__all__ = ["AnswerPages", "Answering", "CalendarPages", "Stopping"]
