"""The one exception of the Web API: an error code and what Slack sends along with it."""

from __future__ import annotations


class ApiError(Exception):
    """Becomes `{"ok": false, "error": code, …}`."""

    def __init__(
        self,
        code: str,
        *messages: str,
        needed: str | None = None,
        provided: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.needed = needed
        self.provided = provided
        self.retry_after = retry_after
