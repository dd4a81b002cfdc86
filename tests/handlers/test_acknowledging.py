"""Our runner does with a listener what Bolt's does, at once, and is compared with the Bolt that it was made after."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.internals import _set_response
from slack_bolt.lazy_listener.async_runner import AsyncLazyListenerRunner
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.listener.asyncio_runner import AsyncioListenerRunner
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.acknowledging import EventRunner, acknowledge_by_event
from tests.tables import on_each

Listener = Callable[..., Awaitable[Any]]
# What of Bolt our runner repeats, replaces or relies on, as it is in 1.30.
RELIED_ON: dict[Any, str] = {
    AsyncioListenerRunner: "35518b0376203c6b",
    AsyncAck: "1346c5dbc1774358",
    _set_response: "ae8ddefd62eb9f5c",
    AsyncListener: "1d4310c4dd483065",
    AsyncApp.async_dispatch: "9933aad9b4dc0525",
    AsyncApp._init_context: "eb460f816a1d7e60",
    inspect.getattr_static(AsyncApp, "listener_runner").fget: "55a6b9759fbc37c5",
}
MEND = (
    "Bolt has changed {name}, which handlers/acknowledging.py repeats or relies on. Read what changed (compare both "
    "versions of {file}), take it over into EventRunner and HeardAck where it concerns them, then write the new hash "
    "{found} here and the new bound of slack-bolt into pyproject.toml."
)


@on_each("thing", RELIED_ON, ids=lambda thing: thing.__qualname__)
def test_bolt_is_the_one_that_the_runner_was_made_after(thing: Any) -> None:
    found = hashlib.sha256(inspect.getsource(thing).encode()).hexdigest()[:16]
    assert found == RELIED_ON[thing], MEND.format(
        name=thing.__qualname__, file=inspect.getsourcefile(thing), found=found
    )


def test_the_runner_is_called_like_bolts() -> None:
    ours, theirs = inspect.signature(EventRunner.run), inspect.signature(AsyncioListenerRunner.run)
    assert list(ours.parameters) == list(theirs.parameters)
    assert [one.default for one in ours.parameters.values()] == [one.default for one in theirs.parameters.values()]


async def test_an_app_with_another_runner_is_refused() -> None:
    app = acknowledge_by_event(an_app())
    assert isinstance(app.listener_runner, EventRunner)
    with pytest.raises(TypeError, match="acknowledging"):
        acknowledge_by_event(app)


def an_app(**settings: Any) -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0ACK", bot_token="xoxb-ack", bot_user_id="U0BOT")

    client = AsyncWebClient(token="xoxb-ack", base_url="http://127.0.0.1:9/api/")
    return AsyncApp(name="ack", client=client, authorize=authorize, **settings)


def pressed() -> AsyncBoltRequest:
    body = {
        "type": "block_actions",
        "team": {"id": "T0ACK"},
        "user": {"id": "U0ACK", "team_id": "T0ACK"},
        "actions": [{"type": "button", "action_id": "press", "block_id": "block", "action_ts": "1.0"}],
    }
    return AsyncBoltRequest(body=body, mode="socket_mode")


def happened() -> AsyncBoltRequest:
    event = {"type": "app_home_opened", "user": "U0ACK", "tab": "home"}
    return AsyncBoltRequest(body={"type": "event_callback", "team_id": "T0ACK", "event": event}, mode="socket_mode")


class Scene:
    """One app with one listener under either runner, and what happened there."""

    def __init__(self, app: AsyncApp) -> None:
        self.app = app
        self.seen: list[str] = []
        self.go_on = asyncio.Event()

    def listen(self, listener: Listener, *lazy: Listener) -> None:
        self.app.action("press")(ack=listener, lazy=list(lazy))

    async def press(self) -> tuple[int, str]:
        response = await self.app.async_dispatch(pressed())
        return response.status, response.body

    async def settle(self) -> None:
        self.go_on.set()
        await asyncio.sleep(0.05)


@pytest.fixture(params=["Bolt's runner", "our runner"])
def scene(request: pytest.FixtureRequest) -> Scene:
    app = an_app()
    return Scene(app if request.param == "Bolt's runner" else acknowledge_by_event(app))


async def test_a_listener_goes_on_after_its_acknowledgement(scene: Scene) -> None:
    async def listener(ack: AsyncAck) -> None:
        await ack(text="Got it")
        await scene.go_on.wait()
        scene.seen.append("went on")

    scene.listen(listener)
    assert await scene.press() == (200, "Got it")
    assert scene.seen == []
    await scene.settle()
    assert scene.seen == ["went on"]


async def test_an_event_is_acknowledged_before_its_listener_runs(scene: Scene) -> None:
    @scene.app.event("app_home_opened")
    async def listener() -> None:
        await scene.go_on.wait()
        scene.seen.append("ran")

    response = await scene.app.async_dispatch(happened())
    assert (response.status, scene.seen) == (200, [])
    await scene.settle()
    assert scene.seen == ["ran"]


async def test_without_an_acknowledgement_in_its_time_slack_is_told_nothing(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async def listener() -> None:
        await scene.go_on.wait()
        scene.seen.append("ran")

    scene.listen(listener)
    scene.app._async_listeners[0].ack_timeout = 0.2  # type: ignore[assignment]
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert (await scene.press())[0] == 404
    assert 0.2 <= time.monotonic() - began < 2
    assert "listener didn't call ack()" in caplog.text
    await scene.settle()
    assert scene.seen == ["ran"], "a listener that is late is not cut off"


async def test_a_listener_that_ends_without_one_is_waited_for(scene: Scene) -> None:
    later: list[asyncio.Task[Any]] = []

    async def acknowledge(ack: AsyncAck) -> None:
        await asyncio.sleep(0.1)
        await ack()

    async def listener(ack: AsyncAck) -> None:
        later.append(asyncio.create_task(acknowledge(ack)))

    scene.listen(listener)
    assert (await scene.press())[0] == 200


async def test_the_error_handler_answers_for_a_listener_that_breaks(scene: Scene) -> None:
    async def listener() -> None:
        raise ValueError("broken")

    @scene.app.error
    async def told(error: Exception, response: BoltResponse) -> None:
        scene.seen.append(str(error))
        response.body = "told"

    scene.listen(listener)
    assert await scene.press() == (500, "told")
    assert scene.seen == ["broken"]


async def test_what_breaks_after_the_acknowledgement_reaches_the_error_handler_only(scene: Scene) -> None:
    async def listener(ack: AsyncAck) -> None:
        await ack()
        await scene.go_on.wait()
        raise ValueError("broken later")

    @scene.app.error
    async def told(error: Exception, response: BoltResponse | None) -> None:
        scene.seen.append(f"{error}, {response}")

    scene.listen(listener)
    assert (await scene.press())[0] == 200
    await scene.settle()
    assert scene.seen == ["broken later, None"]


async def test_lazy_listeners_run_beside_it_with_a_copy_of_the_request(scene: Scene) -> None:
    async def listener(ack: AsyncAck, context: dict[str, Any]) -> None:
        await ack()
        context["changed"] = True

    async def lazy(body: dict[str, Any], context: dict[str, Any], ack: AsyncAck) -> None:
        await ack()
        scene.seen.append(f"lazy {body['actions'][0]['action_id']} {context.get('changed')}")

    scene.listen(listener, lazy, lazy)
    assert (await scene.press())[0] == 200
    await scene.settle()
    assert scene.seen == ["lazy press None"] * 2


async def test_a_lazy_listener_can_be_run_alone_by_its_name(scene: Scene) -> None:
    class Lazy(AsyncLazyListenerRunner):
        def start(self, function: Listener, request: AsyncBoltRequest) -> None:
            scene.seen.append(f"started {function.__name__}")

        async def run(self, function: Listener, request: AsyncBoltRequest) -> None:
            scene.seen.append(f"ran {function.__name__}")

    async def listener(ack: AsyncAck) -> None:
        scene.seen.append("listener")
        await ack()

    async def lazy() -> None: ...

    async def another() -> None: ...

    scene.app.listener_runner.lazy_listener_runner = Lazy()
    scene.listen(listener, another, lazy)
    request = pressed()
    request.lazy_only, request.lazy_function_name = True, "lazy"
    assert (await scene.app.async_dispatch(request)).status == 200
    assert scene.seen == ["ran lazy"]


async def test_start_and_completion_are_told(scene: Scene) -> None:
    class Told:
        def __init__(self, word: str) -> None:
            self.word = word

        async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
            scene.seen.append(self.word)

    scene.app.listener_runner.listener_start_handler = Told("start")  # type: ignore[assignment]
    scene.app.listener_runner.listener_completion_handler = Told("completion")  # type: ignore[assignment]

    async def listener(ack: AsyncAck) -> None:
        scene.seen.append("listener")
        await ack()

    scene.listen(listener)
    await scene.press()
    await scene.settle()
    assert scene.seen == ["start", "listener", "completion"]


async def test_what_a_middleware_acknowledged_is_sent(scene: Scene) -> None:
    @scene.app.middleware
    async def before(ack: AsyncAck, next: Callable[[], Awaitable[None]]) -> None:
        await ack(text="before")
        await next()

    async def listener() -> None:
        await scene.go_on.wait()

    scene.listen(listener)
    assert await scene.press() == (200, "before")
    await scene.settle()


async def test_apps_that_respond_at_the_end_are_left_to_bolt() -> None:
    scene = Scene(acknowledge_by_event(an_app(process_before_response=True)))

    async def listener(ack: AsyncAck) -> None:
        await ack(text="Got it")
        await asyncio.sleep(0.02)
        scene.seen.append("all of it")

    scene.listen(listener)
    assert await scene.press() == (200, "Got it")
    assert scene.seen == ["all of it"]


async def test_ours_sends_the_acknowledgement_before_the_listener_goes_on() -> None:
    scene = Scene(acknowledge_by_event(an_app()))

    async def listener(ack: AsyncAck) -> None:
        await ack(text="Got it")
        # Nothing is awaited here: under Bolt's runner the acknowledgement would wait for all of it.
        scene.seen.append("went on")

    scene.listen(listener)
    assert await scene.press() == (200, "Got it")
    assert scene.seen == [], "whoever sends comes first"
    await scene.settle()
    assert scene.seen == ["went on"]


async def test_ours_keeps_an_acknowledgement_that_was_given_when_the_listener_breaks_at_once() -> None:
    scene = Scene(acknowledge_by_event(an_app()))

    async def listener(ack: AsyncAck) -> None:
        await ack(text="Got it")
        raise ValueError("broken at once")

    scene.listen(listener)
    assert await scene.press() == (200, "Got it")


async def test_ours_waits_for_no_clock() -> None:
    scene = Scene(acknowledge_by_event(an_app()))

    async def listener(ack: AsyncAck) -> None:
        await asyncio.sleep(0)
        await ack()

    scene.listen(listener)
    loop = asyncio.get_running_loop()
    timers: list[float] = []
    before = loop.call_later

    def noted(delay: float, *rest: Any, **more: Any) -> asyncio.TimerHandle:
        timers.append(delay)
        return before(delay, *rest, **more)

    loop.call_later = noted  # type: ignore[assignment, method-assign]
    try:
        assert (await scene.press())[0] == 200
    finally:
        loop.call_later = before  # type: ignore[method-assign]
    assert [delay for delay in timers if delay < 1] == []
