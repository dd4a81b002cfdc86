"""Signed HTTP requests to the bot's request URLs. What they say and whether they are sent again is not here."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.core import Core
from bot.sandbox.workspace import JSON


@dataclass(frozen=True)
class HttpAnswer:
    """What the bot answered: the body parsed where it is JSON, else as text."""

    status: int
    body: Any
    no_retry: bool


def sign(secret: str, timestamp: str, body: str) -> str:
    basis = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Sends as Slack does; the signature's time is real time, which the bot compares with its own."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, kind: str, payload: JSON, *, timeout: float, retry: tuple[int, str] | None = None
    ) -> HttpAnswer:
        """Send one request. Raises TimeoutError, aiohttp.TooManyRedirects or aiohttp.ClientError."""
        urls = self._core.settings.request_urls
        if urls is None:
            raise RuntimeError("This sandbox has no request URLs.")
        if kind == "events":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "commands" else {"payload": json.dumps(payload)}
            flat = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in form.items()}
            body, content_type = urlencode(flat), "application/x-www-form-urlencoded"
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._core.signing_secret, timestamp, body),
        }
        if retry is not None and retry[0]:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        name = payload.get("command") or payload.get("event", {}).get("type") or payload.get("type", kind)
        started, error, answer = time.monotonic(), None, None
        try:
            if self._session is None:
                self._session = aiohttp.ClientSession()
            async with self._session.post(
                urls.of(kind),
                data=body.encode(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout),
                # aiohttp counts the first address too.
                max_redirects=self._core.settings.redirects_max + 1,
            ) as reply:
                text = await reply.text()
                no_retry = reply.headers.get("X-Slack-No-Retry") == "1"
                answer = HttpAnswer(reply.status, _parsed(text, reply.content_type), no_retry)
                error = None if reply.status < 300 else f"HTTP {reply.status}"
                return answer
        except (TimeoutError, aiohttp.ClientError) as problem:
            error = type(problem).__name__
            raise
        finally:
            self._core.wire.add(
                "out",
                "http",
                name,
                request={"retry": retry, "payload": payload},
                response=None if answer is None else {"status": answer.status, "body": answer.body},
                started=started,
                error=error,
            )

    async def verify(self) -> bool:
        """Send the url_verification challenge; whether the bot returned it."""
        challenge = hashlib.sha256(self._core.signing_secret.encode()).hexdigest()
        answer = await self.send(
            "events", {"type": "url_verification", "challenge": challenge, "token": "sandbox"}, timeout=3.0
        )
        said = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.status == 200 and said == challenge

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def _parsed(text: str, content_type: str) -> Any:
    if not text:
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return {"text": text}
