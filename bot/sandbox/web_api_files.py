"""files.*: the external upload in three steps, and files.info. The bytes themselves arrive at the server."""

from __future__ import annotations

import mimetypes
import secrets
import time

from bot.sandbox.calls import Call, Method
from bot.sandbox.core import BOT_USER_ID, Core
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import check_message_blocks
from bot.sandbox.shapes import canvas_file_json, file_json
from bot.sandbox.workspace import JSON, Channel, StoredFile


def new_file(core: Core, name: str, length: int, user: str) -> StoredFile:
    """A file that waits for its bytes."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = StoredFile(
        id=f"F{len(core.workspace.files) + 1:09d}",
        name=name,
        length=length,
        user=user,
        created=core.seconds,
        mimetype=guessed,
    )
    core.workspace.files[file.id] = file
    return file


async def get_upload_url(call: Call) -> JSON:
    length = call.need("length")
    if not length.isdigit() or int(length) == 0:
        raise ApiError("invalid_arguments", "[ERROR] length must be a number above 0")
    file = new_file(call.core, call.need("filename"), int(length), BOT_USER_ID)
    file.alt_text = call.text("alt_txt") or ""
    key = secrets.token_urlsafe(16)
    return {"upload_url": f"http://{call.host}/upload/{file.id}/{key}", "file_id": file.id}


async def complete_upload(call: Call) -> JSON:
    """files.completeUploadExternal: the files become usable, and are shared if a channel is given."""
    wanted = call.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: files")
    files: list[StoredFile] = []
    for one in wanted:
        file = call.core.workspace.files.get(one.get("id", "") if isinstance(one, dict) else "")
        if file is None or file.content is None:
            raise ApiError("file_not_found")
        file.title = one.get("title") or file.name
        files.append(file)
    channels = [_channel(call, name) for name in _channel_names(call)]
    blocks = call.json("blocks", "invalid_blocks_format")
    if blocks is not None:
        check_message_blocks(blocks, call.backend.file_usable, call.core.settings.unknown_blocks)
    for file in files:
        file.completed = True
        file.ready_at = time.monotonic() + call.core.settings.file_ready_seconds
        file.channels += [channel.id for channel in channels]
    for channel in channels:
        call.backend.posting.post(
            channel,
            call.text("initial_comment") or "",
            blocks=blocks,
            thread_ts=call.text("thread_ts"),
            files=files,
        )
    return {"files": [file_json(file, call.core.base_url) for file in files]}


async def info(call: Call) -> JSON:
    canvas = call.core.workspace.canvases.get(call.need("file"))
    if canvas is not None:
        if canvas.deleted:
            raise ApiError("file_deleted")
        return {"file": canvas_file_json(canvas, call.core.base_url), "comments": []}
    file = call.core.workspace.files.get(call.need("file"))
    if file is None or not file.completed:
        raise ApiError("file_not_found")
    return {"file": file_json(file, call.core.base_url), "comments": []}


def _channel_names(call: Call) -> list[str]:
    one, several = call.text("channel_id"), call.text("channels")
    return [one] if one else [name.strip() for name in (several or "").split(",") if name.strip()]


def _channel(call: Call, name: str) -> Channel:
    channel = call.channel(name)
    if channel.is_archived:
        raise ApiError("is_archived")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    return channel


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), 4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), 4),
    "files.info": Method(info, ("files:read",), 4),
}
