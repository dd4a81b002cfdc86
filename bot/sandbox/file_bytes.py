"""The bytes of files: taken at an upload's address, given at a file's own, as badly as a fault wants it.

What is known about a file is in `web_api_files`.
"""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from bot.sandbox.core import Core
from bot.sandbox.faults import DOWNLOAD

PIECES = 7
_BETWEEN = 0.01  # seconds, so that each piece arrives by itself


class FileBytes:
    """The two addresses of every file."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/upload/{file}/{key}", self._take)
        app.router.add_get("/files/{file}/{name}", self._give)

    async def _take(self, request: web.Request) -> web.Response:
        file = self._core.workspace.files.get(request.match_info["file"])
        if file is None or file.content is not None:
            raise web.HTTPNotFound(text="Unknown or used upload address.")
        if request.content_type.startswith("multipart/"):
            fields = (await request.post()).values()
            content = next((f.file.read() for f in fields if isinstance(f, web.FileField)), b"")
        else:
            content = await request.read()
        if len(content) != file.length:
            raise web.HTTPBadRequest(text="The length is not the one that was announced.")
        file.content = content
        self._core.wire.add(
            "in", "http", "upload", request={"name": file.name, "bytes": len(content)}, started=time.monotonic()
        )
        return web.Response(text=f"OK - {len(content)}")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        file = self._core.workspace.files.get(request.match_info["file"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        if file.moved_to is not None:
            raise web.HTTPFound(file.moved_to)
        fault = self._core.faults.take(DOWNLOAD, {"file": file.id})
        await asyncio.sleep(0)
        if fault is None:
            return web.Response(body=file.content, content_type=file.mimetype)
        # Without a length in its head an answer that ends early looks like one that is whole.
        response = web.StreamResponse(headers={"Content-Type": file.mimetype})
        response.enable_chunked_encoding()
        await response.prepare(request)
        step = max(1, -(-len(file.content) // PIECES))
        pieces = [file.content[start : start + step] for start in range(0, len(file.content), step)]
        for piece in _whole_lines(pieces) if fault.kind == "cut" else pieces:
            await response.write(piece)
            await asyncio.sleep(_BETWEEN)
        await response.write_eof()
        return response


def _whole_lines(pieces: list[bytes]) -> list[bytes]:
    """The first half, to the end of a line: what is cut there still reads like a whole file."""
    half = b"".join(pieces[: len(pieces) // 2])
    return [half[: half.rfind(b"\n") + 1]]
