"""Mail: what goes to somebody becomes a letter in words and HTML, and a server takes it, says no, or nobody knows.

A way out beside Slack's. Who gets what, and when, is decided where it is decided for Slack.
"""

from __future__ import annotations

from bot.mail.bounces import Bounces, Box, bounce_box
from bot.mail.letters import CalendarPart, Letter, Picture, letter_of
from bot.mail.mailer import Mailer
from bot.mail.servers import MailServer, mail_server, sender_of
