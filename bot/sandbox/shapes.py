"""Slack's JSON for users, channels, messages and files. A field that Slack's replies lack is not here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.workspace import JSON, Canvas, Channel, Message, StoredFile, User, Workspace

PRETTY_TYPES = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "csv": "CSV", "txt": "Plain Text", "pdf": "PDF"}


def profile_json(user: User, *, with_email: bool) -> JSON:
    """The profile inside a user. A connected person's e-mail is never there."""
    first, _, last = user.real_name.partition(" ")
    profile: JSON = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
    }
    if with_email and user.email and not user.is_connected and not user.is_bot:
        profile["email"] = user.email
    return profile


def user_json(
    user: User,
    *,
    now: datetime,
    stranger: bool,
    with_email: bool,
    with_locale: bool = False,
    with_stranger: bool = True,
) -> JSON:
    """A user as users.info and user_change show it; the offset is the one in force at `now`."""
    shown: JSON = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "profile": profile_json(user, with_email=with_email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.is_connected and with_stranger:
        shown["is_stranger"] = stranger
    if not user.deleted:
        shown |= {
            "color": "4bbe2e",
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": user.kind in ("multi_channel_guest", "single_channel_guest"),
            "is_ultra_restricted": user.kind == "single_channel_guest",
        }
        if not user.is_connected:
            local = now.astimezone(ZoneInfo(user.tz))
            offset = local.utcoffset()
            shown |= {
                "tz": user.tz,
                "tz_label": local.tzname() or user.tz,
                "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            }
            if with_locale:
                shown["locale"] = user.locale
    return shown


def channel_json(
    channel: Channel, workspace: Workspace, bot_user_id: str, *, in_list: bool, num_members: bool = True
) -> JSON:
    """A conversation as conversations.info (or, `in_list`, conversations.list) shows it."""
    if channel.kind == "im":
        im: JSON = {
            "id": channel.id,
            "created": channel.created,
            "is_archived": False,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": workspace.team_id,
            "updated": channel.created * 1000,
        }
        if in_list and channel.user:
            im |= {
                "user": channel.user,
                "is_user_deleted": workspace.users[channel.user].deleted,
                "priority": 0,
            }
        return im
    shown: JSON = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [workspace.team_id],
        "context_team_id": workspace.team_id,
        "creator": channel.creator,
        "is_member": bot_user_id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "updated": channel.created * 1000,
    }
    if num_members:
        shown["num_members"] = len(channel.members)
    return shown


def message_json(message: Message, channel: Channel, app: JSON, *, base_url: str, all_metadata: bool = True) -> JSON:
    """A message as history shows it. `app` has bot_id, app_id, team and bot_profile of the one app."""
    shown: JSON = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.from_bot:
        shown |= {"bot_id": app["bot_id"], "app_id": app["app_id"], "bot_profile": app["bot_profile"]}
    shown["team"] = app["team"]
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.client_msg_id:
        shown["client_msg_id"] = message.client_msg_id
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = [file_json(f, base_url) for f in message.files]
    if message.edited:
        shown["edited"] = message.edited
    if message.metadata:
        shown["metadata"] = message.metadata if all_metadata else {"event_type": message.metadata.get("event_type", "")}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.is_reply:
        parent = channel.messages.get(message.thread_ts or "")
        if parent is not None:
            shown["parent_user_id"] = parent.user
    replies = channel.replies(message.ts)
    if replies:
        people = list(dict.fromkeys(r.user for r in replies))
        shown |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts,
            "reply_users": people,
            "is_locked": False,
            "subscribed": False,
        }
    return shown


def file_json(file: StoredFile, base_url: str) -> JSON:
    """A file as files.info shows it."""
    ending = file.name.rpartition(".")[2].lower()
    address = file.elsewhere or f"{base_url}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": ending,
        "pretty_type": PRETTY_TYPES.get(ending, ending.upper()),
        "user": file.user,
        "editable": False,
        "size": file.length,
        "mode": "external" if file.elsewhere else "hosted",
        "is_external": file.elsewhere is not None,
        "external_type": "gdrive" if file.elsewhere else "",
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "comments_count": 0,
        "shares": {},
        "channels": [c for c in file.channels if c.startswith("C")],
        "groups": [],
        "ims": [c for c in file.channels if c.startswith("D")],
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_text} if file.alt_text else {}),
    }


def canvas_file_json(canvas: Canvas, base_url: str) -> JSON:
    """A canvas as files.info shows it: it is a file with a kind of its own."""
    address = f"{base_url}/docs/{canvas.id}"
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "name": canvas.title,
        "title": canvas.title,
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "user": canvas.user,
        "editable": True,
        "size": len(canvas.markdown),
        "mode": "quip",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "comments_count": 0,
        "shares": {},
        "channels": [canvas.channel] if canvas.channel.startswith("C") else [],
        "groups": [],
        "ims": [],
        "has_rich_preview": False,
        "file_access": "visible",
    }
