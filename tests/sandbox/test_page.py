"""The sandbox's page in a real browser, with a tiny bot behind it: what a person sees, types and presses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.settings import Settings
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

JSON = dict[str, Any]

START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PATIENCE_MS = 15_000

MANIFEST: JSON = {
    "display_information": {"name": "Echo"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Echo", "always_online": True},
        "slash_commands": [
            {"command": "/form", "description": "Opens a form", "usage_hint": "[topic]"},
            {"command": "/whisper", "description": "Answers only you", "usage_hint": "TEXT"},
        ],
        "shortcuts": [
            {"name": "Open the form", "type": "global", "callback_id": "form_shortcut", "description": "Opens it"},
            {"name": "Keep this", "type": "message", "callback_id": "keep_message", "description": "Keeps it"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "im:history",
                "im:write",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.channels", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> JSON:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> JSON:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "1", **more}


def entry(label: str, block_id: str, element: JSON, **more: Any) -> JSON:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def form(*, with_reason: bool = False) -> JSON:
    standing: JSON = {
        "type": "radio_buttons",
        "action_id": "standing",
        "options": [{"text": plain("On track"), "value": "on"}, {"text": plain("Off track"), "value": "off"}],
    }
    blocks = [
        entry("Words", "words", {"type": "plain_text_input", "action_id": "words", "max_length": 40}),
        entry("Standing", "standing", standing, dispatch_action=True, optional=True),
        entry(
            "Organization",
            "organization",
            {"type": "external_select", "action_id": "organization", "min_query_length": 1},
            optional=True,
        ),
        entry("Due", "due", {"type": "datepicker", "action_id": "due"}, optional=True),
    ]
    if with_reason:
        reason: JSON = {"type": "plain_text_input", "action_id": "reason"}
        blocks.insert(2, entry("In the way", "reason", reason, optional=True))
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("A form"),
        "submit": plain("Send"),
        "close": plain("Close"),
        "blocks": blocks,
    }


def echo_bot(client: AsyncWebClient, submitted: list[JSON]) -> AsyncApp:
    app = AsyncApp(client=client, request_verification_enabled=False)

    @app.event("message")
    async def message(event: JSON, client: AsyncWebClient) -> None:
        if event.get("bot_id") or event.get("subtype"):
            return
        await client.chat_postMessage(
            channel=event["channel"], text=f"Echo: {event['text']}", thread_ts=event.get("thread_ts")
        )

    @app.event("app_home_opened")
    async def home(event: JSON, client: AsyncWebClient) -> None:
        blocks = [section(f"Hello <@{event['user']}>, at home", accessory=button("Count", "count"))]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.action("count")
    async def count(ack: Any, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        view = {"type": "home", "blocks": [section("Counted *once*")]}
        await client.views_publish(user_id=body["user"]["id"], view=view)

    @app.command("/whisper")
    async def whisper(ack: Any, command: JSON) -> None:
        await ack(
            text=f"Heard {command['text']}",
            blocks=[
                section(f"Heard {command['text']}"),
                {"type": "actions", "elements": [button("Undo", "undo")]},
            ],
        )

    @app.action("undo")
    async def undo(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Undone", replace_original=True)

    @app.command("/form")
    async def open_form(ack: Any, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("form_shortcut")
    async def shortcut(ack: Any, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.shortcut("keep_message")
    async def keep(ack: Any, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel=body["channel"]["id"], text=f"Kept: {body['message']['text']}")

    @app.action("standing")
    async def standing(ack: Any, body: JSON, client: AsyncWebClient) -> None:
        await ack()
        off = body["actions"][0]["selected_option"]["value"] == "off"
        await client.views_update(view_id=body["view"]["id"], view=form(with_reason=off))

    @app.options("organization")
    async def organizations(ack: Any, payload: JSON) -> None:
        names = ["Bend Area Chamber", "Bend River College", "Harrow County"]
        found = [name for name in names if payload["value"].lower() in name.lower()]
        await ack(options=[{"text": plain(name), "value": name.split()[1].lower()} for name in found])

    @app.view("form")
    async def submit(ack: Any, view: JSON) -> None:
        values = view["state"]["values"]
        if "please" not in values["words"]["words"]["value"]:
            await ack(response_action="errors", errors={"words": "Say please."})
            return
        submitted.append(values)
        await ack()

    return app


@dataclass
class Stage:
    """A sandbox with its bot, and a browser to look at it."""

    sandbox: Sandbox
    submitted: list[JSON]
    browser: Browser
    problems: list[str]
    windows: list[Page]  # left by tests before, and open for those to come
    opened: list[Page]
    contexts: list[BrowserContext]

    async def page(self, place: str, **options: Any) -> Page:
        """A window at a place such as `U1/channel/C1`: a new one where it has options, else one that a test left, since
        to open one takes a process of its own. Its sandbox's address is new, so nothing that it kept is there."""
        page = self.windows.pop() if self.windows and not options else await self._new(options)
        if not options:
            self.opened.append(page)
        page.on("pageerror", self._note)
        await page.goto(f"{self.sandbox.url}/#/as/{place}")
        await page.get_by_test_id("person-switcher").and_(page.locator(f"[data-person={place[:2]}]")).wait_for()
        return page

    async def _new(self, options: JSON) -> Page:
        context = await self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        if options:
            self.contexts.append(context)
        return await context.new_page()

    def _note(self, error: object) -> None:
        self.problems.append(str(error))

    async def leave(self) -> None:
        """Leaves the windows to the next test."""
        for context in self.contexts:
            await context.close()
        for page in self.opened:
            page.remove_listener("pageerror", self._note)
            await page.unroute_all()
            await page.goto("about:blank")
            self.windows.append(page)


@pytest.fixture(scope="module")
def windows() -> list[Page]:
    """Windows that tests left."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, windows: list[Page]) -> AsyncIterator[Stage]:
    workspace = Workspace("Bend")
    workspace.add_user("omar", id="U1", real_name="Omar Castellanos", tz="America/Chicago")
    workspace.add_user("imani", id="U2", real_name="Imani Rhodes", tz="America/New_York")
    workspace.add_user(
        "renata", id="U3", real_name="Renata Fuchs", tz="Europe/Berlin", kind="connected", team_name="Kessler"
    )
    everybody = ["U1", "U2", "U3", "U0SANDBOT"]
    workspace.add_channel("general", id="C1", members=everybody, topic="Everything")
    workspace.add_channel("side", id="C2", members=["U1", "U0SANDBOT"], private=True)
    settings = Settings(zone="America/Chicago")
    clock = SandboxClock(START, running=False)
    async with await Sandbox.start(MANIFEST, workspace, settings=settings, clock=clock) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        submitted: list[JSON] = []
        app = echo_bot(client, submitted)
        handler: Any = AsyncSocketModeHandler(app, sandbox.app_token, web_client=client)
        await handler.connect_async()
        problems: list[str] = []
        looked_at = Stage(sandbox, submitted, browser, problems, windows, [], [])
        try:
            yield looked_at
        finally:
            await looked_at.leave()
            await handler.close_async()
        assert problems == []


def message(page: Page, text: str) -> Locator:
    return page.get_by_test_id("message").filter(has_text=text)


async def write(page: Page, text: str, field: str = "composer") -> None:
    await page.get_by_test_id(field).fill(text)
    await page.get_by_test_id(field).press("Enter")


async def test_two_people_talk_and_each_reads_their_own_clock(stage: Stage) -> None:
    omar = await stage.page("U1/channel/C1")
    imani = await stage.page("U2/channel/C2")
    # A place that is not hers to see leads to one that is.
    await imani.wait_for_url("**/#/as/U2/channel/C1")
    await write(omar, "Hello <b>@imani</b>")
    for page in (omar, imani):
        await message(page, "Echo: Hello").wait_for()
    seen = message(imani, "Hello <b>@imani</b>").first
    assert "9:00 AM" in await seen.inner_text()
    assert "8:00 AM" in await message(omar, "Hello <b>").first.inner_text()
    assert await seen.locator("b").count() == 0

    await imani.get_by_test_id("person-switcher").click()
    await imani.get_by_label("Find a person").fill("castel")
    await imani.keyboard.press("Enter")
    await imani.wait_for_url("**/#/as/U1/channel/C1")
    await message(imani, "Hello <b>").first.get_by_text("8:00 AM").wait_for()
    await imani.reload()
    await imani.locator("[data-person=U1]").wait_for()


async def test_a_slash_command_is_suggested_and_its_answer_is_only_for_one(stage: Stage) -> None:
    omar = await stage.page("U1/channel/C1")
    imani = await stage.page("U2/channel/C1")
    await omar.get_by_test_id("composer").press_sequentially("/wh")
    assert "Answers only you" in await omar.get_by_test_id("command-whisper").inner_text()
    await omar.keyboard.press("Enter")
    await omar.keyboard.type("a secret")
    assert "TEXT" in await omar.get_by_test_id("usage-hint").inner_text()
    await omar.keyboard.press("Enter")
    answer = message(omar, "Heard a secret")
    await answer.get_by_text("Only visible to you").wait_for()
    await write(imani, "to everybody")
    await message(imani, "Echo: to everybody").wait_for()
    assert await message(imani, "Heard").count() == 0
    await answer.get_by_test_id("button-undo").click()
    await message(omar, "Undone").wait_for()
    assert await answer.count() == 0

    await write(omar, "/nonsense")
    assert "not a valid command" in await omar.get_by_test_id("composer-notice").inner_text()


async def test_a_form_shows_an_error_keeps_what_was_typed_and_then_succeeds(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    await write(page, "/form")
    await page.get_by_test_id("modal").wait_for()
    await page.get_by_test_id("modal-submit").click()
    assert "required" in await page.get_by_test_id("field-error").inner_text()

    words = page.get_by_test_id("field-words")
    await words.fill("send it")
    assert await page.locator(".counter").inner_text() == "7 / 40"
    # The bot redraws the form at this choice; the words must outlive it.
    await page.get_by_label("Off track").check()
    await page.get_by_test_id("field-reason").fill("the inspector")
    assert await words.input_value() == "send it"

    await page.get_by_test_id("field-organization").fill("bend")
    await page.get_by_test_id("option-river").click()
    assert await page.get_by_test_id("field-organization").input_value() == "Bend River College"
    await page.get_by_test_id("field-due").fill("2026-12-04")

    await page.keyboard.press("Control+Enter")
    await page.locator("[data-testid=field-error][data-block=words]", has_text="Say please.").wait_for()
    assert stage.submitted == []
    await words.fill("send it, please")
    await page.get_by_test_id("modal-submit").click()
    await page.get_by_test_id("modal").wait_for(state="detached")
    [values] = stage.submitted
    assert values["words"]["words"]["value"] == "send it, please"
    assert values["standing"]["standing"]["selected_option"]["value"] == "off"
    assert values["reason"]["reason"]["value"] == "the inspector"
    assert values["organization"]["organization"]["selected_option"]["value"] == "river"
    assert values["due"]["due"]["selected_date"] == "2026-12-04"


async def test_a_bot_that_does_not_answer_is_told_as_slack_tells_it(stage: Stage) -> None:
    stage.sandbox.settings.ack_seconds = 0.2
    page = await stage.page("U1/channel/C1")
    await page.get_by_test_id("shortcuts").click()
    await page.get_by_test_id("shortcut-form_shortcut").click()
    await page.get_by_test_id("field-words").fill("please")
    await stage.sandbox.cut()
    stage.sandbox.settings.socket_connections_max = 0
    await page.get_by_test_id("modal-submit").click()
    banner = page.get_by_test_id("modal-error")
    await banner.wait_for()
    assert await banner.inner_text() == "We had some trouble connecting. Try again?"
    assert await page.get_by_test_id("field-words").input_value() == "please"
    await page.keyboard.press("Escape")
    await page.get_by_test_id("modal").wait_for(state="detached")


async def test_a_thread_opens_at_the_right_and_knows_no_commands(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    await write(page, "A question")
    await message(page, "Echo: A question").wait_for()
    first = message(page, "A question").first
    await first.hover()
    await first.get_by_test_id("message-reply").click()
    await write(page, "An answer", "thread-composer")
    thread = page.get_by_test_id("thread")
    await thread.get_by_test_id("message").filter(has_text="Echo: An answer").wait_for()
    assert await page.get_by_test_id("messages").get_by_text("An answer").count() == 0
    await first.get_by_test_id("reply-count").get_by_text("2 replies").wait_for()
    await write(page, "/whisper x", "thread-composer")
    notice = thread.get_by_test_id("composer-notice")
    assert "/whisper is not supported in threads. Sorry!" in await notice.inner_text()
    await thread.get_by_test_id("thread-close").click()
    await thread.wait_for(state="hidden")

    await first.hover()
    await first.get_by_test_id("message-menu").click()
    await page.get_by_test_id("shortcut-keep_message").click()
    await message(page, "Kept: A question").wait_for()


async def test_a_canvas_is_a_tab_of_its_channel_that_changes_by_itself(stage: Stage) -> None:
    page = await stage.page("U2/channel/C1")
    assert not await page.get_by_test_id("tab-messages").is_visible()
    omar = stage.sandbox.person("U1")
    canvas = omar.makes_canvas("C1", "Where we stand", "# Figures\n\n| A | B |\n| --- | --- |\n| 1 \\* 2 | **three** |")
    await page.get_by_test_id(f"tab-canvas-{canvas.id}").click()
    shown = page.get_by_test_id("canvas")
    await shown.locator("td", has_text="1 * 2").wait_for()
    assert await shown.locator("td strong").inner_text() == "three"
    omar.edits_canvas(canvas, "Other words")
    await shown.get_by_text("Other words").wait_for()
    await page.get_by_test_id("canvas-edit").click()
    await page.get_by_test_id("canvas-field").fill("Imani's words")
    await page.get_by_test_id("canvas-save").click()
    await shown.get_by_text("last edited by Imani Rhodes").wait_for()
    await page.get_by_test_id("canvas-delete").click()
    await shown.get_by_text("This canvas was deleted.").wait_for()
    await page.get_by_test_id("tab-messages").click()
    await write(page, "Back to talk")
    await message(page, "Echo: Back to talk").wait_for()


async def test_home_is_published_and_answers_a_press(stage: Stage) -> None:
    page = await stage.page("U2/channel/C1")
    await page.get_by_test_id("app-home").click()
    home = page.get_by_test_id("home")
    await home.get_by_text("Hello @imani, at home").wait_for()
    await home.get_by_test_id("button-count").click()
    await home.get_by_text("Counted once").wait_for()
    await page.get_by_test_id("app-dm").click()
    await write(page, "hi")
    await message(page, "Echo: hi").wait_for()


async def test_a_button_that_an_edit_left_as_it_was_still_works(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    client = AsyncWebClient(stage.sandbox.bot_token, base_url=stage.sandbox.api_url, retry_handlers=[])
    row = {"type": "actions", "elements": [button("Undo", "undo")]}
    posted = await client.chat_postMessage(channel="C1", text="Before", blocks=[section("Before"), row])
    await message(page, "Before").wait_for()
    await client.chat_update(channel="C1", ts=posted["ts"], text="After", blocks=[section("After"), row])
    await message(page, "After").get_by_test_id("button-undo").click()
    await message(page, "Undone").wait_for()


async def test_unread_messages_are_counted_until_they_are_seen(stage: Stage) -> None:
    page = await stage.page("U1/channel/C2")
    await stage.sandbox.person("U2").says("Over here", "C1")
    await page.get_by_test_id("channel-general-unread").wait_for()
    await page.get_by_test_id("channel-general").click()
    await message(page, "Over here").first.wait_for()
    await page.get_by_test_id("channel-general-unread").wait_for(state="detached")


async def test_today_is_yesterday_after_a_night(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    client = AsyncWebClient(stage.sandbox.bot_token, base_url=stage.sandbox.api_url, retry_handlers=[])
    said = f"Closed <!date^{int(START.timestamp())}^{{date_short_pretty}}, {{time}}|then>."
    block = {"type": "section", "text": {"type": "mrkdwn", "text": said}}
    await client.chat_postMessage(channel="C1", text="Closed", blocks=[block])
    await client.chat_postMessage(channel="C1", text=f"Only words. {said}")
    for text in ("Closed today, 8:00 AM.", "Only words. Closed today, 8:00 AM."):
        await message(page, text).last.wait_for()
    await stage.sandbox.clock.jump(START + timedelta(days=1))
    for text in ("Closed yesterday, 8:00 AM.", "Only words. Closed yesterday, 8:00 AM."):
        await message(page, text).last.wait_for()
    assert await message(page, "today").count() == 0


async def test_the_clock_jumps_to_a_moment_on_the_persons_own_clock(stage: Stage) -> None:
    page = await stage.page("U2/channel/C1")
    now = page.get_by_test_id("clock-now")
    await now.get_by_text("9:00:00 AM EST").wait_for()
    assert "8:00 AM CST" in await page.get_by_test_id("clock-home").inner_text()
    await page.get_by_test_id("clock-jump").click()
    await page.get_by_test_id("clock-jump-to").fill("2026-11-23T08:00")
    await page.get_by_test_id("clock-jump-go").click()
    await page.get_by_text("The clock only goes forward").wait_for()
    await page.get_by_test_id("clock-jump-to").fill("2026-11-24T07:30")
    await page.get_by_test_id("clock-jump-go").click()
    await now.get_by_text("Tue, Nov 24, 2026 · 7:30:00 AM EST").wait_for()
    assert stage.sandbox.clock.now() == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

    await page.get_by_test_id("clock-sleep").click()
    await page.get_by_test_id("clock-sleep-monday").click()
    await now.get_by_text("Mon, Nov 30, 2026 · 9:00:00 AM EST").wait_for()
    await page.get_by_test_id("clock-toggle").click()
    await page.locator("[data-testid=clock-toggle][data-running=true]").wait_for()


class TwoStops:
    """A clock hook of a bot with two due moments, each of which takes a moment to settle."""

    def __init__(self) -> None:
        self.due = [START + timedelta(hours=1), START + timedelta(hours=2)]
        self.free = asyncio.Event()

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        return next((moment for moment in self.due if after < moment <= until), None)

    async def settle(self) -> None:
        await self.free.wait()


async def test_a_jump_says_that_it_visits_due_moments(stage: Stage) -> None:
    hook = TwoStops()
    stage.sandbox.clock.hook = hook
    page = await stage.page("U1/channel/C1")
    await page.get_by_test_id("clock-jump").click()
    await page.get_by_test_id("clock-jump-monday").click()
    await page.get_by_test_id("clock-busy").wait_for()
    await page.get_by_test_id("clock-now").get_by_text("9:00:00 AM CST").wait_for()
    assert await page.get_by_test_id("clock-jump").is_disabled()
    hook.free.set()
    await page.get_by_test_id("clock-busy").wait_for(state="hidden")
    # It is Monday before nine, so the next Monday at nine is today.
    assert stage.sandbox.clock.now() == START + timedelta(hours=1)


async def test_without_the_stream_the_page_asks_again_and_again(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    await page.route("**/page/stream*", lambda route: route.abort())
    await page.reload()
    await page.locator("[data-testid=link][data-state=polling]").wait_for()
    await stage.sandbox.person("U2").says("Seen late", "C1")
    await message(page, "Seen late").first.wait_for()


async def test_the_wire_is_shown_and_a_fault_can_be_ordered(stage: Stage) -> None:
    page = await stage.page("U1/channel/C1")
    await page.get_by_test_id("inspector-toggle").click()
    await page.get_by_test_id("faults").locator("summary").click()
    await page.get_by_test_id("fault-kind").select_option("error_500")
    await page.get_by_test_id("fault-add").click()
    await write(page, "one")
    failed = page.locator("[data-testid=wire-row][data-name='chat.postMessage']").first
    await failed.get_by_role("button").click()
    assert '"text": "Echo: one"' in await failed.inner_text()
    await page.get_by_test_id("wire-filter").fill("no such thing")
    await failed.wait_for(state="hidden")


async def test_a_phone_has_the_places_in_a_drawer(stage: Stage) -> None:
    size = {"width": 390, "height": 844}
    page = await stage.page("U1/channel/C1", viewport=size, has_touch=True, is_mobile=True)
    await page.get_by_test_id("sidebar-toggle").click()
    await page.get_by_test_id("channel-side").click()
    await page.get_by_test_id("place-title").get_by_text("side").wait_for()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_a_data_table_is_drawn_with_its_caption(stage: Stage) -> None:
    omar = await stage.page("U1/channel/C1")
    told = [["Figure", "Latest"], ["Seats", "134 <b>(Sep 30)</b>"]]
    rows = [[{"type": "raw_text", "text": text} for text in row] for row in told]
    client = AsyncWebClient(stage.sandbox.bot_token, base_url=stage.sandbox.api_url, retry_handlers=[])
    block = {"type": "data_table", "caption": "Figures of child care", "rows": rows, "page_size": 1}
    await client.chat_postMessage(channel="C1", text="Seats: 134", blocks=[block])
    table = omar.get_by_role("table", name="Figures of child care")
    await table.wait_for()
    assert await table.get_by_role("columnheader").all_inner_texts() == told[0]
    assert await table.get_by_role("cell").all_inner_texts() == told[1]
