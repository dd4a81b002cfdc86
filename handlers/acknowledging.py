"""Runs Bolt's listeners, and sends an acknowledgement the moment it is given. What it says is not here.

Bolt's own runner looks every 10 ms whether a listener has acknowledged, so everybody waits some 5 ms for nothing, and a
hundred at once wake the loop ten thousand times a second. Everything else is as in Bolt; a test notices when the parts
of Bolt that this was written against change.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.listener.asyncio_runner import AsyncioListenerRunner
from slack_bolt.logger.messages import warning_did_not_call_ack
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_bolt.util.utils import get_name_for_callable

from bot.clock import SystemElapsedTime

# Stands in the context of a request whose listener did not acknowledge in its time: Bolt says no more of it than of one
# that nothing listens to.
LATE = "acknowledged_late"


class HeardAck(AsyncAck):
    """Bolt's acknowledgement, which also wakes whoever waits for it. The first one given is the one that counts."""

    def __init__(self) -> None:
        self._given = asyncio.Event()
        self._first: BoltResponse | None = None
        super().__init__()  # type: ignore[no-untyped-call]

    # Bolt keeps here what `ack()` was called with, or what stands for it where a listener broke off.
    @property
    def response(self) -> BoltResponse | None:
        return self._response

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        self._response = response
        if self._first is None and response is not None:
            self._first = response
            self._given.set()

    async def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        given = await super().__call__(*args, **kwargs)
        # Whoever waits sends it now, before the listener goes on with what nobody waits for.
        await asyncio.sleep(0)
        return given

    async def wait(self, seconds: float) -> BoltResponse | None:
        """The acknowledgement as soon as there is one; None when none came in that time."""
        if self._first is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._given.wait()
        return self._first

    def __deepcopy__(self, _memo: dict[int, Any]) -> AsyncAck:
        # A lazy listener gets a copy of the whole request; nobody waits for what it acknowledges.
        copied = AsyncAck()  # type: ignore[no-untyped-call]
        copied.response = self.response
        return copied


class EventRunner(AsyncioListenerRunner):
    """Bolt's runner but for the waiting, in apps that acknowledge before they respond."""

    def __init__(self, before: AsyncioListenerRunner) -> None:
        super().__init__(
            logger=before.logger,
            process_before_response=before.process_before_response,
            listener_error_handler=before.listener_error_handler,
            listener_start_handler=before.listener_start_handler,
            listener_completion_handler=before.listener_completion_handler,
            lazy_listener_runner=before.lazy_listener_runner,
        )
        self._elapsed = SystemElapsedTime()
        # The loop itself holds only weak references to tasks.
        self._running: set[asyncio.Task[None]] = set()

    async def run(
        self,
        request: AsyncBoltRequest,
        response: BoltResponse,
        listener_name: str,
        listener: AsyncListener,
        starting_time: float | None = None,
    ) -> BoltResponse | None:
        """Runs one listener until it acknowledges, and leaves it running; None where it doesn't in its time."""
        if self.process_before_response:
            return await super().run(request, response, listener_name, listener, starting_time)
        starting_time = self._elapsed.epoch() if starting_time is None else starting_time
        ack = _heard(request)
        if listener.auto_acknowledgement:
            await ack()
        if not request.lazy_only:
            task = asyncio.ensure_future(self._run_listener(ack, request, response, listener))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        for lazy_function in listener.lazy_functions:
            if not request.lazy_function_name:
                self._start_lazy_function(lazy_function, request)
            elif get_name_for_callable(lazy_function) == request.lazy_function_name:
                await self.lazy_listener_runner.run(function=lazy_function, request=request)
                return BoltResponse(status=200)
        acknowledged = await ack.wait(max(0.0, starting_time + listener.ack_timeout - self._elapsed.epoch()))
        # What a middleware answered goes before the listener's acknowledgement; usually there is nothing.
        if cast(BoltResponse | None, response) is not None:
            return response
        if acknowledged is None:
            self.logger.warning(warning_did_not_call_ack(listener_name))
            request.context[LATE] = True
            return None
        self._debug_log_completion(starting_time, acknowledged)
        return acknowledged

    async def _run_listener(
        self, ack: HeardAck, request: AsyncBoltRequest, response: BoltResponse, listener: AsyncListener
    ) -> None:
        """What Bolt does with a listener: start, the listener, the error handler, completion."""
        try:
            await self.listener_start_handler.handle(request=request, response=response)
            await listener.run_ack_function(request=request, response=response)
        except Exception as error:
            if response is None:
                response = BoltResponse(status=500)
            response.status = 500
            if ack.response is not None:
                response = None  # type: ignore[assignment]
            await self.listener_error_handler.handle(error=error, request=request, response=response)
            # Bolt takes an acknowledgement back here that it has not sent yet; one that was given stays given.
            ack.response = response
        finally:
            await self.listener_completion_handler.handle(request=request, response=response)


def _heard(request: AsyncBoltRequest) -> HeardAck:
    """The request's acknowledgement, in a form that can be waited for. What was given before it is kept."""
    before = request.context.ack
    if isinstance(before, HeardAck):
        return before
    heard = HeardAck()
    heard.response = before.response
    request.context["ack"] = heard
    return heard


def acknowledge_by_event(app: AsyncApp) -> AsyncApp:
    """Lets an app acknowledge in the moment in which a listener does.

    Raises TypeError where the app has no runner of the kind that this one is made after.
    """
    # Bolt has no parameter for it; a name that has gone would be set and never be read.
    before = app.listener_runner
    if type(before) is not AsyncioListenerRunner or getattr(app, "_async_listener_runner", None) is not before:
        raise TypeError("Bolt runs its listeners in another way now. Compare handlers/acknowledging.py with it.")
    app._async_listener_runner = EventRunner(before)
    return app
