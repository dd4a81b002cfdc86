"""People: members, their accounts, and words between them. Tables, rows, and who has which account."""

from __future__ import annotations

from bot.store.people.erasures import ErasureRow, forget_accounts, rewrite_rows, take_away_rows
from bot.store.people.letters import LetterRow
from bot.store.people.lookups import (
    accounts_by_member,
    coalition_of_team,
    keys_by_account,
    linked_accounts,
    member_of_account,
    members_with_accounts,
    team_of,
    with_accounts,
)
from bot.store.people.members import AwayRow, MemberRow, RoleRow
from bot.store.people.owed_words import OwedWordsRow
from bot.store.people.slack_accounts import InboxEventRow, SettingRow, SlackAccountRow, SlackChannelRow, WorkspaceRow
