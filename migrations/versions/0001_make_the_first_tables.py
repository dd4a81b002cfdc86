"""Make every table of the first version, with the audit trail's triggers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("changes", "audit_entries")

TABLES = (
    "coalitions",
    "inbox_events",
    "settings",
    "changes",
    "imported_files",
    "organizations",
    "question_sets",
    "slack_channels",
    "submissions",
    "workspaces",
    "audit_entries",
    "closed_days",
    "members",
    "away",
    "contacts",
    "drafts",
    "funding_sources",
    "groups",
    "slack_accounts",
    "cadences",
    "group_members",
    "priorities",
    "allocations",
    "cadence_attendees",
    "decisions",
    "digests",
    "issues",
    "metrics",
    "moves",
    "outcomes",
    "responses",
    "roles",
    "rounds",
    "schedules",
    "action_items",
    "deliveries",
    "milestones",
    "prompts",
    "readings",
    "round_subjects",
    "delivery_items",
)


def _groups_to_priorities(sqlite: bool) -> list[Any]:
    """Groups and priorities point at each other: SQLite takes the key before its target exists, PostgreSQL after."""
    if not sqlite:
        return []
    return [
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_groups_coalition_id_priority_id"),
        )
    ]


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "coalitions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("north_star_statement", sa.Text(), nullable=True),
        sa.Column("north_star_extra", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("first_imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_change_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_from", sa.Text(), nullable=False),
        sa.Column("quiet_to", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("file_extra", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coalitions")),
        sa.UniqueConstraint("key", name=op.f("uq_coalitions_key")),
    )
    op.create_table(
        "inbox_events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox_events")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "changes",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_changes_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_changes_coalition_id_id")),
    )
    op.create_index(op.f("ix_changes_coalition_id"), "changes", ["coalition_id"], unique=False)
    op.create_table(
        "imported_files",
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_imported_files_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_files")),
    )
    op.create_index(op.f("ix_imported_files_coalition_id"), "imported_files", ["coalition_id"], unique=False)
    op.create_table(
        "organizations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("ask_via", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_organizations_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_organizations_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_organizations_coalition_id_key")),
    )
    op.create_index(op.f("ix_organizations_coalition_id"), "organizations", ["coalition_id"], unique=False)
    op.create_table(
        "question_sets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("allow_no_change", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("per_item", sa.Text(), nullable=True),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_question_sets_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_sets")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_question_sets_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_question_sets_coalition_id_key")),
    )
    op.create_index(op.f("ix_question_sets_coalition_id"), "question_sets", ["coalition_id"], unique=False)
    op.create_table(
        "slack_channels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=True),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_slack_channels_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_channels")),
        sa.UniqueConstraint("coalition_id", "name", name=op.f("uq_slack_channels_coalition_id_name")),
    )
    op.create_index(op.f("ix_slack_channels_coalition_id"), "slack_channels", ["coalition_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("values_hash", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_submissions_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("key", name=op.f("uq_submissions_key")),
    )
    op.create_index(op.f("ix_submissions_coalition_id"), "submissions", ["coalition_id"], unique=False)
    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("bot_user_id", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_workspaces_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("team_id", name=op.f("uq_workspaces_team_id")),
    )
    op.create_index(op.f("ix_workspaces_coalition_id"), "workspaces", ["coalition_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "change_id"],
            ["changes.coalition_id", "changes.id"],
            name=op.f("fk_audit_entries_coalition_id_change_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_audit_entries_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_coalition_id"), "audit_entries", ["coalition_id"], unique=False)
    op.create_table(
        "closed_days",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "organization_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_closed_days_coalition_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_closed_days_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sa.UniqueConstraint("organization_id", "day", name=op.f("uq_closed_days_organization_id_day")),
    )
    op.create_index(op.f("ix_closed_days_coalition_id"), "closed_days", ["coalition_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("first_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "delegate_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_members_coalition_id_delegate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "organization_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_members_coalition_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_members_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_members_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_members_coalition_id_key")),
    )
    op.create_index(op.f("ix_members_coalition_id"), "members", ["coalition_id"], unique=False)
    op.create_table(
        "away",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_away_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_away_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
        sa.UniqueConstraint("member_id", "start", "end", name=op.f("uq_away_member_id_start_end")),
    )
    op.create_index(op.f("ix_away_coalition_id"), "away", ["coalition_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_contacts_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "organization_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_contacts_coalition_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_contacts_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("organization_id", "member_id", name=op.f("uq_contacts_organization_id_member_id")),
    )
    op.create_index(op.f("ix_contacts_coalition_id"), "contacts", ["coalition_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_drafts_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_drafts_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("member_id", "subject", name=op.f("uq_drafts_member_id_subject")),
    )
    op.create_index(op.f("ix_drafts_coalition_id"), "drafts", ["coalition_id"], unique=False)
    op.create_table(
        "funding_sources",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("capital_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("match_required", sa.Text(), nullable=True),
        sa.Column("match_secured", sa.Text(), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("has_report", sa.Boolean(), nullable=False),
        sa.Column("report_frequency", sa.Text(), nullable=True),
        sa.Column("report_next_due", sa.Date(), nullable=True),
        sa.Column("report_owner_id", sa.Integer(), nullable=True),
        sa.Column("report_extra", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "organization_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_funding_sources_coalition_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "report_owner_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_funding_sources_coalition_id_report_owner_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_funding_sources_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_sources")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_funding_sources_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_funding_sources_coalition_id_key")),
    )
    op.create_index(op.f("ix_funding_sources_coalition_id"), "funding_sources", ["coalition_id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("cochair_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("decision_rule", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "chair_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_groups_coalition_id_chair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cochair_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_groups_coalition_id_cochair_id"),
        ),
        *_groups_to_priorities(sqlite),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_groups_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_groups_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_groups_coalition_id_key")),
    )
    op.create_index(op.f("ix_groups_coalition_id"), "groups", ["coalition_id"], unique=False)
    op.create_table(
        "slack_accounts",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("dm_channel_id", sa.Text(), nullable=True),
        sa.Column("deactivated", sa.Boolean(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_slack_accounts_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_slack_accounts_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_accounts")),
        sa.UniqueConstraint("coalition_id", "member_id", name=op.f("uq_slack_accounts_coalition_id_member_id")),
        sa.UniqueConstraint(
            "coalition_id", "team_id", "user_id", name=op.f("uq_slack_accounts_coalition_id_team_id_user_id")
        ),
    )
    op.create_index(op.f("ix_slack_accounts_coalition_id"), "slack_accounts", ["coalition_id"], unique=False)
    op.create_table(
        "cadences",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("dtstart", sa.DateTime(), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=False),
        sa.Column("time_basis", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=True),
        sa.Column("audience_group_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("closes_after_hours", sa.Integer(), nullable=False),
        sa.Column("reminder_after_hours", sa.Integer(), nullable=False),
        sa.Column("delegate_after_hours", sa.Integer(), nullable=False),
        sa.Column("feeds_id", sa.Integer(), nullable=True),
        sa.Column("question_set_id", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("owner_preview_at", sa.Time(), nullable=True),
        sa.Column("prework_days_before", sa.Integer(), nullable=True),
        sa.Column("exdates", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "audience_group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_cadences_coalition_id_audience_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "feeds_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_cadences_coalition_id_feeds_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_cadences_coalition_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "question_set_id"],
            ["question_sets.coalition_id", "question_sets.id"],
            name=op.f("fk_cadences_coalition_id_question_set_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_cadences_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadences")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_cadences_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_cadences_coalition_id_key")),
    )
    op.create_index(op.f("ix_cadences_coalition_id"), "cadences", ["coalition_id"], unique=False)
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_group_members_coalition_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_group_members_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_group_members_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_group_members_group_id_member_id")),
    )
    op.create_index(op.f("ix_group_members_coalition_id"), "group_members", ["coalition_id"], unique=False)
    op.create_table(
        "priorities",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("working_group_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("assessment_on", sa.Date(), nullable=True),
        sa.Column("headline_metric", sa.Text(), nullable=True),
        sa.Column("need_amount", sa.Text(), nullable=True),
        sa.Column("need_through", sa.Date(), nullable=True),
        sa.Column("need_basis", sa.Text(), nullable=True),
        sa.Column("need_extra", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "owner_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_priorities_coalition_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "working_group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_priorities_coalition_id_working_group_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_priorities_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priorities")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_priorities_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_priorities_coalition_id_key")),
    )
    op.create_index(op.f("ix_priorities_coalition_id"), "priorities", ["coalition_id"], unique=False)
    op.create_table(
        "allocations",
        sa.Column("funding_source_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "funding_source_id"],
            ["funding_sources.coalition_id", "funding_sources.id"],
            name=op.f("fk_allocations_coalition_id_funding_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_allocations_coalition_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_allocations_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_allocations_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    op.create_index(op.f("ix_allocations_coalition_id"), "allocations", ["coalition_id"], unique=False)
    op.create_table(
        "cadence_attendees",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_cadence_attendees_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_cadence_attendees_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_cadence_attendees_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence_attendees")),
        sa.UniqueConstraint(
            "cadence_id", "member_id", "purpose", name=op.f("uq_cadence_attendees_cadence_id_member_id_purpose")
        ),
    )
    op.create_index(op.f("ix_cadence_attendees_coalition_id"), "cadence_attendees", ["coalition_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("accountable_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("recommended", sa.Text(), nullable=True),
        sa.Column("recommendation_for", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("delegated", sa.Boolean(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "accountable_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_decisions_coalition_id_accountable_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "decider_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_decisions_coalition_id_decider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_decisions_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_decisions_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_decisions_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_decisions_coalition_id_key")),
    )
    op.create_index(op.f("ix_decisions_coalition_id"), "decisions", ["coalition_id"], unique=False)
    op.create_table(
        "digests",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_digests_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_digests_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("cadence_id", "slot", name=op.f("uq_digests_cadence_id_slot")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_digests_coalition_id_id")),
    )
    op.create_index(op.f("ix_digests_coalition_id"), "digests", ["coalition_id"], unique=False)
    op.create_table(
        "issues",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("raised", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("escalated_to_id", sa.Integer(), nullable=True),
        sa.Column("escalated", sa.Date(), nullable=True),
        sa.Column("resolved", sa.Date(), nullable=True),
        sa.Column("impact", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "escalated_to_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_issues_coalition_id_escalated_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "owner_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_issues_coalition_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_issues_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "raised_by_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_issues_coalition_id_raised_by_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_issues_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_issues_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_issues_coalition_id_key")),
    )
    op.create_index(op.f("ix_issues_coalition_id"), "issues", ["coalition_id"], unique=False)
    op.create_table(
        "metrics",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("aggregation", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("horizon", sa.Text(), nullable=False),
        sa.Column("steward_id", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=True),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("expected_lag_days", sa.Integer(), nullable=True),
        sa.Column("tolerance", sa.Text(), nullable=True),
        sa.Column("confidential_below_n", sa.Integer(), nullable=True),
        sa.Column("baseline_value", sa.Text(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_extra", sa.Text(), nullable=False),
        sa.Column("target_value", sa.Text(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("target_extra", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_metrics_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "steward_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_metrics_coalition_id_steward_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_metrics_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_metrics_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_metrics_coalition_id_key")),
    )
    op.create_index(op.f("ix_metrics_coalition_id"), "metrics", ["coalition_id"], unique=False)
    op.create_table(
        "moves",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("original", sa.DateTime(), nullable=False),
        sa.Column("to", sa.DateTime(), nullable=False),
        sa.Column("closes_after_hours", sa.Integer(), nullable=True),
        sa.Column("reminder_after_hours", sa.Integer(), nullable=True),
        sa.Column("delegate_after_hours", sa.Integer(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_moves_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_moves_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
        sa.UniqueConstraint("cadence_id", "original", name=op.f("uq_moves_cadence_id_original")),
    )
    op.create_index(op.f("ix_moves_coalition_id"), "moves", ["coalition_id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("completed", sa.Date(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_outcomes_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_outcomes_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_outcomes_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_outcomes_coalition_id_key")),
    )
    op.create_index(op.f("ix_outcomes_coalition_id"), "outcomes", ["coalition_id"], unique=False)
    op.create_table(
        "responses",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Date(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=True),
        sa.Column("blocker", sa.Text(), nullable=True),
        sa.Column("ask", sa.Text(), nullable=True),
        sa.Column("ask_from", sa.Text(), nullable=True),
        sa.Column("next", sa.Text(), nullable=True),
        sa.Column("came_true", sa.Text(), nullable=True),
        sa.Column("no_change", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "by_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_responses_coalition_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_responses_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "on_behalf_of_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_responses_coalition_id_on_behalf_of_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_responses_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_responses_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint(
            "cadence_id", "round", "priority_id", name=op.f("uq_responses_cadence_id_round_priority_id")
        ),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_responses_coalition_id_id")),
    )
    op.create_index(op.f("ix_responses_coalition_id"), "responses", ["coalition_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "group_id"],
            ["groups.coalition_id", "groups.id"],
            name=op.f("fk_roles_coalition_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_roles_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_roles_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_roles_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
    )
    op.create_index(op.f("ix_roles_coalition_id"), "roles", ["coalition_id"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_rounds_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_rounds_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("cadence_id", "slot", name=op.f("uq_rounds_cadence_id_slot")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_rounds_coalition_id_id")),
    )
    op.create_index(op.f("ix_rounds_coalition_id"), "rounds", ["coalition_id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("next_slot", sa.DateTime(), nullable=True),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_through", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "cadence_id"],
            ["cadences.coalition_id", "cadences.id"],
            name=op.f("fk_schedules_coalition_id_cadence_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_schedules_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("cadence_id", "zone", name=op.f("uq_schedules_cadence_id_zone")),
    )
    op.create_index(op.f("ix_schedules_coalition_id"), "schedules", ["coalition_id"], unique=False)
    op.create_index("ix_schedules_next_run_at", "schedules", ["next_run_at"], unique=False)
    op.create_table(
        "action_items",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("created", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("deliverable", sa.Text(), nullable=True),
        sa.Column("metric_id", sa.Integer(), nullable=True),
        sa.Column("completed", sa.Date(), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=True),
        sa.Column("waiting_on_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("submission_key", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "metric_id"],
            ["metrics.coalition_id", "metrics.id"],
            name=op.f("fk_action_items_coalition_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "organization_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_action_items_coalition_id_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "owner_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_action_items_coalition_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_action_items_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "waiting_on_id"],
            ["organizations.coalition_id", "organizations.id"],
            name=op.f("fk_action_items_coalition_id_waiting_on_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_action_items_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_items")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_action_items_coalition_id_id")),
        sa.UniqueConstraint("coalition_id", "key", name=op.f("uq_action_items_coalition_id_key")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_action_items_submission_key")),
    )
    op.create_index(op.f("ix_action_items_coalition_id"), "action_items", ["coalition_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("part_no", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("attempted_at", sa.Float(), nullable=True),
        sa.Column("attempted_ts", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.Float(), nullable=True),
        sa.Column("channel_id", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "digest_id"],
            ["digests.coalition_id", "digests.id"],
            name=op.f("fk_deliveries_coalition_id_digest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "member_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_deliveries_coalition_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "parent_id"],
            ["deliveries.coalition_id", "deliveries.id"],
            name=op.f("fk_deliveries_coalition_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_deliveries_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_deliveries_coalition_id_id")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(op.f("ix_deliveries_coalition_id"), "deliveries", ["coalition_id"], unique=False)
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"], unique=False)
    op.create_table(
        "milestones",
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "metric_id"],
            ["metrics.coalition_id", "metrics.id"],
            name=op.f("fk_milestones_coalition_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_milestones_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("metric_id", "on", name=op.f("uq_milestones_metric_id_on")),
    )
    op.create_index(op.f("ix_milestones_coalition_id"), "milestones", ["coalition_id"], unique=False)
    op.create_table(
        "prompts",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "receiver_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_prompts_coalition_id_receiver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "round_id"],
            ["rounds.coalition_id", "rounds.id"],
            name=op.f("fk_prompts_coalition_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_prompts_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_prompts_coalition_id_id")),
        sa.UniqueConstraint("round_id", "receiver_id", name=op.f("uq_prompts_round_id_receiver_id")),
    )
    op.create_index(op.f("ix_prompts_coalition_id"), "prompts", ["coalition_id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("breakdown", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "metric_id"],
            ["metrics.coalition_id", "metrics.id"],
            name=op.f("fk_readings_coalition_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_readings_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_readings_coalition_id_id")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_readings_submission_key")),
    )
    op.create_index(op.f("ix_readings_coalition_id"), "readings", ["coalition_id"], unique=False)
    op.create_table(
        "round_subjects",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delegate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "owner_id"],
            ["members.coalition_id", "members.id"],
            name=op.f("fk_round_subjects_coalition_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "priority_id"],
            ["priorities.coalition_id", "priorities.id"],
            name=op.f("fk_round_subjects_coalition_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "prompt_id"],
            ["prompts.coalition_id", "prompts.id"],
            name=op.f("fk_round_subjects_coalition_id_prompt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "round_id"],
            ["rounds.coalition_id", "rounds.id"],
            name=op.f("fk_round_subjects_coalition_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_round_subjects_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_subjects")),
        sa.UniqueConstraint("coalition_id", "id", name=op.f("uq_round_subjects_coalition_id_id")),
        sa.UniqueConstraint("round_id", "priority_id", name=op.f("uq_round_subjects_round_id_priority_id")),
    )
    op.create_index("ix_round_subjects_closes_at", "round_subjects", ["closes_at"], unique=False)
    op.create_index(op.f("ix_round_subjects_coalition_id"), "round_subjects", ["coalition_id"], unique=False)
    op.create_table(
        "delivery_items",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round_subject_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("coalition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coalition_id", "delivery_id"],
            ["deliveries.coalition_id", "deliveries.id"],
            name=op.f("fk_delivery_items_coalition_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["coalition_id", "round_subject_id"],
            ["round_subjects.coalition_id", "round_subjects.id"],
            name=op.f("fk_delivery_items_coalition_id_round_subject_id"),
        ),
        sa.ForeignKeyConstraint(["coalition_id"], ["coalitions.id"], name=op.f("fk_delivery_items_coalition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_items")),
        sa.UniqueConstraint(
            "delivery_id", "kind", "round_subject_id", name=op.f("uq_delivery_items_delivery_id_kind_round_subject_id")
        ),
    )
    op.create_index(op.f("ix_delivery_items_coalition_id"), "delivery_items", ["coalition_id"], unique=False)
    if not sqlite:
        op.create_foreign_key(
            op.f("fk_groups_coalition_id_priority_id"),
            "groups",
            "priorities",
            ["coalition_id", "priority_id"],
            ["coalition_id", "id"],
        )
    _make_append_only(sqlite)


def _make_append_only(sqlite: bool) -> None:
    if sqlite:
        for table in APPEND_ONLY:
            for operation in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuse_{operation.lower()} BEFORE {operation} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        for table in APPEND_ONLY:
            for operation in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_refuse_{operation}")
    else:
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_refuse_change ON {table}")
        op.execute("DROP FUNCTION refuse_audit_change()")
        op.drop_constraint("fk_groups_coalition_id_priority_id", "groups", type_="foreignkey")
    for table in reversed(TABLES):
        op.drop_table(table)
