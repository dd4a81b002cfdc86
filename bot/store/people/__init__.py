"""People: members, their accounts, and words between them. Tables and rows."""

from __future__ import annotations

from bot.store.people.letters import LetterRow
from bot.store.people.members import AwayRow, MemberRow, RoleRow
from bot.store.people.slack_accounts import InboxEventRow, SettingRow, SlackAccountRow, SlackChannelRow, WorkspaceRow
