"""Issues: raised, taken to a group, resolved or parked. Use cases, and steps for other services."""

from __future__ import annotations

from bot.services.issues.issues import Issues
from bot.services.issues.news import announce as announce_issue
from bot.services.issues.news import home_lines, read_post
from bot.services.issues.views import ISSUE, read_issues
