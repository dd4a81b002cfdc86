"""Web API methods: reply shapes against samples, arguments, access, conversations, people, files."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.apps import connected
from tests.sandbox.conftest import Start, client_of, error_of, manifest, modal, refusal, section, text_input
from tests.sandbox.shape import sample, unknown_fields

JSON = dict[str, Any]

SAMPLED: list[tuple[str, JSON]] = [
    ("auth.test", {}),
    ("bots.info", {}),
    ("team.info", {}),
    ("chat.postEphemeral", {"channel": "C1", "user": "U1", "text": "x"}),
    ("conversations.info", {"channel": "C1", "include_num_members": "true"}),
    ("conversations.info", {"channel": "D1"}),
    ("conversations.list", {"types": "public_channel,private_channel,im"}),
    ("conversations.members", {"channel": "C1"}),
    ("conversations.join", {"channel": "C2"}),
    ("users.conversations", {"types": "public_channel,private_channel,im"}),
    ("users.info", {"user": "U1", "include_locale": "true"}),
    ("users.info", {"user": "U4", "include_locale": "true"}),
    ("users.info", {"user": "U5"}),
    ("users.list", {}),
    ("users.lookupByEmail", {"email": "ana@example.org"}),
    ("files.getUploadURLExternal", {"filename": "a.png", "length": "3"}),
]


@pytest.mark.parametrize(("method", "args"), SAMPLED)
@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_reply_has_no_field_that_slacks_lacks(sandbox: Sandbox, method: str, args: JSON, verb: str) -> None:
    client = client_of(sandbox)
    await client.conversations_open(users="U1")
    if verb == "GET":
        reply = await client.api_call(method, http_verb="GET", params=args)
    else:
        reply = await client.api_call(method, data=args)
    assert unknown_fields(reply.data, sample(method)) == []


async def test_other_replies_have_no_field_that_slacks_lacks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    opened = await AsyncWebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)
    assert unknown_fields(opened.data, sample("apps.connections.open")) == []
    posted = await client.chat_postMessage(channel="C1", text="x")
    link = await client.chat_getPermalink(channel="C1", message_ts=posted["ts"])
    assert unknown_fields(link.data, sample("chat.getPermalink")) == []
    deleted = await client.chat_delete(channel="C1", ts=posted["ts"])
    assert unknown_fields(deleted.data, sample("chat.delete")) == []
    async with connected(sandbox) as bot:
        for method in ("open", "push"):
            await sandbox.person("U1").command("/echo")
            trigger = [payload for payload in bot.payloads if "trigger_id" in payload][-1]["trigger_id"]
            view = modal(text_input(), external_id=method)
            reply = await client.api_call(f"views.{method}", json={"trigger_id": trigger, "view": view})
            assert unknown_fields(reply.data, sample("views")) == []
    updated = await client.views_update(view_id=reply["view"]["id"], view=modal())
    assert unknown_fields(updated.data, sample("views")) == []
    home = await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section()]})
    assert unknown_fields(home.data, sample("views")) == []


async def test_token_in_header_or_field_form_or_json(sandbox: Sandbox) -> None:
    url = f"{sandbox.api_url}chat.postMessage"
    header = {"Authorization": f"Bearer {sandbox.bot_token}"}
    body = {"channel": "C1", "text": "hello"}
    ways: list[JSON] = [
        {"json": body, "headers": header},
        {"data": body, "headers": header},
        {"data": {**body, "token": sandbox.bot_token}},
        {"params": {**body, "token": sandbox.bot_token}},
    ]
    async with aiohttp.ClientSession() as session:
        for way in ways:
            async with session.post(url, **way) as reply:
                assert (await reply.json())["ok"] is True
        async with session.get(url, params={**body, "token": sandbox.bot_token}) as reply:
            assert (await reply.json())["ok"] is True
    assert [post.text for post in sandbox.record.posts] == ["hello"] * 5
    assert sandbox.bot_token not in str(sandbox.wire.after())


async def test_who_may_call(sandbox: Sandbox, start: Start) -> None:
    assert await error_of(AsyncWebClient(base_url=sandbox.api_url).auth_test()) == "not_authed"
    assert await error_of(client_of(sandbox, "xoxb-other").auth_test()) == "invalid_auth"
    assert await error_of(client_of(sandbox, sandbox.app_token).auth_test()) == "not_allowed_token_type"
    wrong = AsyncWebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.bot_token)
    assert await error_of(wrong) == "not_allowed_token_type"
    assert await error_of(client_of(sandbox).api_call("no.such")) == "unknown_method"
    little = client_of(await start(manifest(scopes=["chat:write", "im:read"])))
    body = await refusal(little.users_info(user="U1"))
    assert (body["error"], body["needed"], body["provided"]) == ("missing_scope", "users:read", "chat:write,im:read")
    needed = (await refusal(little.conversations_info(channel="C1")))["needed"]
    assert needed == "channels:read"
    assert (await little.auth_test()).headers["X-OAuth-Scopes"] == "chat:write,im:read"


async def test_api_test_and_validate(client: AsyncWebClient) -> None:
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert await error_of(client.api_test(error="my_error")) == "my_error"
    await client.api_call("blocks.validate", json={"blocks": [section()]})
    await client.api_call("blocks.validate", json={"message": {"blocks": [section()]}})
    await client.api_call("blocks.validate", json={"view": modal(text_input())})
    bad = await refusal(client.api_call("blocks.validate", json={"view": modal({"type": "markdown", "text": "x"})}))
    assert bad["error"] == "invalid_blocks"
    assert bad["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: markdown [json-pointer:/view/blocks/0/type]"
    ]
    assert await error_of(client.api_call("blocks.validate", json={})) == "invalid_arguments"


DESTINATIONS = [
    ("C1", None),
    ("#general", None),
    ("U1", None),
    ("C2", "not_in_channel"),
    ("C3", None),
    ("C4", "channel_not_found"),
    ("C5", "is_archived"),
    ("C9", "channel_not_found"),
    ("#nowhere", "channel_not_found"),
]


@pytest.mark.parametrize(("channel", "code"), DESTINATIONS)
async def test_where_the_app_may_post(sandbox: Sandbox, channel: str, code: str | None) -> None:
    call = client_of(sandbox).chat_postMessage(channel=channel, text="hi")
    if code is None:
        reply = await call
        assert sandbox.record.posts[-1].ts == reply["ts"]
    else:
        assert await error_of(call) == code
        assert sandbox.record.posts == []


async def test_posting_to_somebody_deactivated_succeeds(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert await error_of(client.conversations_open(users="U5")) == "user_disabled"
    opened = await client.conversations_open(users="U1")
    again = await client.conversations_open(users="U1")
    assert again["already_open"]
    sandbox.change_user("U1", deleted=True)
    await client.chat_postMessage(channel=opened["channel"]["id"], text="hi")
    assert len(sandbox.record.posts) == 1
    assert (await client.conversations_open(users="U1"))["channel"] == opened["channel"]


async def test_bad_content(client: AsyncWebClient) -> None:
    async def code(**body: Any) -> str:
        return await error_of(client.api_call("chat.postMessage", json={"channel": "C1", **body}))

    assert await code() == "no_text"
    assert await code(text="") == "no_text"
    assert await code(text="x", blocks="{no json") == "invalid_blocks_format"
    assert await code(text="x", blocks={"type": "section"}) == "invalid_blocks_format"
    assert await code(text="x", metadata="{no json") == "invalid_metadata_format"
    assert await code(text="x", metadata={"event_type": "a"}) == "invalid_metadata_schema"
    assert await code(text="x", attachments="x") == "invalid_attachments"
    assert await code(text="x", thread_ts="1.2") == "thread_not_found"
    assert await error_of(client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"


async def test_update_keeps_what_is_left_out(client: AsyncWebClient, sandbox: Sandbox) -> None:
    posted = await client.chat_postMessage(channel="C1", text="one", blocks=[section("one")])
    ts = posted["ts"]
    await client.chat_update(channel="C1", ts=ts, text="two")
    message = sandbox.channel("C1").messages[ts]
    assert message.blocks is not None
    assert message.blocks[0]["text"]["text"] == "one"
    assert message.edited is not None
    await client.chat_update(channel="C1", ts=ts, text="three", blocks=[])
    assert (message.text, message.blocks) == ("three", [])
    theirs = await sandbox.person("U1").says("mine", "general")
    assert await error_of(client.chat_update(channel="C1", ts=theirs.ts, text="x")) == "cant_update_message"
    assert await error_of(client.chat_update(channel="C1", ts="1.000001", text="x")) == "message_not_found"
    assert await error_of(client.chat_delete(channel="C1", ts=theirs.ts)) == "cant_delete_message"
    await client.chat_delete(channel="C1", ts=ts)
    assert await error_of(client.chat_delete(channel="C1", ts=ts)) == "message_not_found"


async def test_ephemeral_is_for_one_member(client: AsyncWebClient, sandbox: Sandbox) -> None:
    await client.chat_postEphemeral(channel="C1", user="U1", text="only you")
    assert [m.text for m in sandbox.person("U1").ephemerals] == ["only you"]
    assert sandbox.person("U2").ephemerals == []
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    assert await error_of(client.chat_postEphemeral(channel="C1", user="U3", text="x")) == "user_not_in_channel"
    assert await error_of(client.chat_postEphemeral(channel="C2", user="U1", text="x")) == "not_in_channel"
    assert await error_of(client.chat_postEphemeral(channel="C1", user="U9", text="x")) == "user_not_found"


def _next(body: Any) -> str:
    """The next cursor, or nothing after the last page."""
    return str(body.get("response_metadata", {}).get("next_cursor", ""))


async def test_history_pages_and_bounds(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C1", text=f"{i}"))["ts"] for i in range(5)]
    texts: list[str] = []
    cursor: str | None = None
    while cursor != "":
        page = await client.conversations_history(channel="C1", limit=2, cursor=cursor)
        texts += [m["text"] for m in page["messages"]]
        cursor = _next(page.data)
    assert texts == ["4", "3", "2", "1", "0"]

    async def between(**args: Any) -> list[str]:
        found = await client.conversations_history(channel="C1", **args)
        return [m["text"] for m in found["messages"]]

    assert await between(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await between(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]
    assert await between(latest=stamps[0], inclusive=True, limit=1) == ["0"]
    assert await error_of(client.conversations_history(channel="C1", cursor="nonsense!")) == "invalid_cursor"
    assert await error_of(client.conversations_history(channel="C1", oldest="x")) == "invalid_ts_oldest"
    assert await error_of(client.conversations_history(channel="C2")) == "not_in_channel"
    assert await error_of(client.conversations_history(channel="C4")) == "channel_not_found"


async def test_metadata_in_history(client: AsyncWebClient, sandbox: Sandbox) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel="C1", text="x", metadata=metadata)
    short = await client.conversations_history(channel="C1")
    assert short["messages"][0]["metadata"] == {"event_type": "delivery"}
    whole = await client.conversations_history(channel="C1", include_all_metadata=True)
    assert whole["messages"][0]["metadata"] == metadata
    assert sandbox.record.by_key("key") == {"k1": 1}
    assert sandbox.record.posts[0].ts == posted["ts"]


async def test_threads(client: AsyncWebClient, sandbox: Sandbox) -> None:
    parent = (await client.chat_postMessage(channel="C1", text="parent"))["ts"]
    metadata = {"event_type": "delivery", "event_payload": {"key": "k"}}
    stamps = []
    for i in range(4):
        reply = await client.chat_postMessage(channel="C1", text=f"{i}", thread_ts=parent, metadata=metadata)
        stamps.append(reply["ts"])
    await client.chat_postMessage(channel="C1", text="loud", thread_ts=stamps[0], reply_broadcast=True)
    history = await client.conversations_history(channel="C1")
    assert [m["text"] for m in history["messages"]] == ["loud", "parent"]
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    assert history["messages"][1]["reply_count"] == 5
    thread = await client.conversations_replies(channel="C1", ts=parent, include_all_metadata=True)
    assert [m["text"] for m in thread["messages"]] == ["parent", "0", "1", "2", "3", "loud"]
    assert thread["messages"][1]["metadata"] == metadata
    assert thread["messages"][1]["parent_user_id"] == sandbox.bot_user_id
    texts: list[str] = []
    cursor: str | None = None
    while cursor != "":
        page = await client.conversations_replies(channel="C1", ts=parent, limit=3, cursor=cursor)
        assert page["messages"][0]["text"] == "parent"
        texts += [m["text"] for m in page["messages"][1:]]
        cursor = _next(page.data)
    assert texts == ["0", "1", "2", "3", "loud"]
    assert await error_of(client.conversations_replies(channel="C1", ts="1.000001")) == "thread_not_found"
    link = await client.chat_getPermalink(channel="C1", message_ts=stamps[0])
    assert link["permalink"].endswith(f"?thread_ts={parent}&cid=C1")


async def test_history_lags_behind(start: Start) -> None:
    sandbox = await start(history_lag_seconds=30)
    client = client_of(sandbox)
    posted = await client.chat_postMessage(channel="C1", text="x")
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    assert await error_of(client.conversations_replies(channel="C1", ts=posted["ts"])) == "thread_not_found"
    # What was accepted under the lag becomes visible once its time is over, whatever the setting is then.
    sandbox.channel("C1").messages[posted["ts"]].visible_at = 0.0
    assert len((await client.conversations_history(channel="C1"))["messages"]) == 1


async def test_conversations(client: AsyncWebClient) -> None:
    names = {c["name"] for c in (await client.conversations_list())["channels"]}
    assert names == {"general", "random", "old"}
    listed = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert {c["name"] for c in listed["channels"]} == {"general", "random", "secret"}
    mine = await client.users_conversations(types="public_channel,private_channel")
    assert {c["name"] for c in mine["channels"]} == {"general", "secret", "old"}
    first = await client.conversations_list(limit=2)
    rest = await client.conversations_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert {c["name"] for c in [*first["channels"], *rest["channels"]]} == names
    assert rest["response_metadata"]["next_cursor"] == ""
    assert (await client.conversations_join(channel="C1"))["warning"] == "already_in_channel"
    await client.conversations_join(channel="C2")
    assert await error_of(client.conversations_join(channel="C3")) == "method_not_supported_for_channel_type"
    assert await error_of(client.conversations_list(types="nonsense")) == "invalid_types"
    assert await error_of(client.api_call("conversations.open")) == "users_list_not_supplied"
    assert await error_of(client.conversations_open(users="U9")) == "user_not_found"
    opened = await client.conversations_open(users="U1", return_im=True)
    assert opened["channel"]["user"] == "U1"
    members = await client.conversations_members(channel=opened["channel"]["id"])
    assert members["members"] == ["U1", "U0SANDBOT"]


async def test_people(client: AsyncWebClient, sandbox: Sandbox) -> None:
    async def user(user_id: str, **args: Any) -> JSON:
        shown: JSON = (await client.users_info(user=user_id, **args))["user"]
        return shown

    bo = await user("U2", include_locale=True)
    assert (bo["tz"], bo["locale"], bo["profile"]["email"]) == ("Europe/Berlin", "de-DE", "bo@example.org")
    assert bo["tz_offset"] in (3600, 7200)
    assert "locale" not in await user("U2")
    guest = await user("U3")
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    cleo = await user("U4", include_locale=True)
    assert cleo["team_id"] == "T0ELSEWHERE"
    assert cleo["is_stranger"] is True
    assert not {"tz", "tz_offset", "locale"} & set(cleo)
    assert "email" not in cleo["profile"]
    sandbox.people.join("U4", "C1")
    assert (await user("U4"))["is_stranger"] is False
    gone = await user("U5")
    assert gone["deleted"]
    assert "tz" not in gone
    assert (await user("U0SANDBOT"))["is_bot"]
    for email in ("cleo@elsewhere.org", "gone@example.org", "nobody@example.org"):
        assert await error_of(client.users_lookupByEmail(email=email)) == "users_not_found"
    assert (await client.users_lookupByEmail(email="ANA@example.org"))["user"]["id"] == "U1"
    assert {m["id"] for m in (await client.users_list())["members"]} >= {"U1", "U2", "U5", "U0SANDBOT"}


async def test_email_needs_its_scope(start: Start) -> None:
    client = client_of(await start(manifest(scopes=["users:read"])))
    assert "email" not in (await client.users_info(user="U1"))["user"]["profile"]
    assert await error_of(client.users_lookupByEmail(email="ana@example.org")) == "missing_scope"


async def test_upload_then_show(client: AsyncWebClient, sandbox: Sandbox) -> None:
    content = b"\x89PNG picture"
    place = await client.files_getUploadURLExternal(filename="chart.png", length=len(content))
    file_id = place["file_id"]

    def picture() -> JSON:
        return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A chart"}

    assert await error_of(client.files_completeUploadExternal(files=[{"id": file_id}])) == "file_not_found"
    async with aiohttp.ClientSession() as session:
        async with session.post(place["upload_url"], data=b"short") as reply:
            assert reply.status == 400
        async with session.post(place["upload_url"], data=content) as reply:
            assert reply.status == 200
    early = client.chat_postMessage(channel="C1", text="x", blocks=[picture()])
    assert (await refusal(early))["response_metadata"]["messages"] == [
        "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"
    ]
    sandbox.settings.file_ready_seconds = 60
    done = await client.files_completeUploadExternal(files=[{"id": file_id, "title": "Chart"}])
    assert unknown_fields(done.data, sample("files.completeUploadExternal")) == []
    assert await error_of(client.chat_postMessage(channel="C1", text="x", blocks=[picture()])) == "invalid_blocks"
    sandbox.workspace.files[file_id].ready_at = 0.0
    await client.chat_postMessage(channel="C1", text="x", blocks=[picture()])
    info = await client.files_info(file=file_id)
    assert (info["file"]["title"], info["file"]["mimetype"]) == ("Chart", "image/png")
    async with aiohttp.ClientSession() as session, session.get(info["file"]["url_private"]) as reply:
        assert await reply.read() == content
    # slack_sdk's own three steps share a file in one call.
    await client.files_upload_v2(channel="C1", filename="note.txt", content="words", initial_comment="See")
    shared = list(sandbox.channel("C1").messages.values())[-1]
    assert (shared.text, shared.files[0].content) == ("See", b"words")


async def test_strangers_cannot_be_written_to(client: AsyncWebClient, sandbox: Sandbox) -> None:
    assert await error_of(client.conversations_open(users="U4")) == "user_not_visible"
    assert await error_of(client.chat_postMessage(channel="U4", text="x")) == "channel_not_found"
    sandbox.people.join("U4", "C1")
    await client.chat_postMessage(channel="U4", text="x")
    assert [m.text for m in sandbox.person("U4").dm()] == ["x"]


async def test_empty_metadata_takes_it_away_on_update(client: AsyncWebClient, sandbox: Sandbox) -> None:
    metadata = {"event_type": "e", "event_payload": {"k": "v"}}
    posted = await client.chat_postMessage(channel="C1", text="x", metadata=metadata)
    message = sandbox.channel("C1").messages[posted["ts"]]
    await client.chat_update(channel="C1", ts=posted["ts"], text="y")
    assert message.metadata == metadata
    await client.chat_update(channel="C1", ts=posted["ts"], text="y", metadata={})
    assert message.metadata is None


async def test_joining_tells_the_app_itself(client: AsyncWebClient, sandbox: Sandbox) -> None:
    async with connected(sandbox) as bot:
        await client.conversations_join(channel="C2")
        await sandbox.settled()
    assert [(p["event"]["type"], p["event"]["user"]) for p in bot.payloads] == [
        ("member_joined_channel", sandbox.bot_user_id)
    ]


@pytest.mark.parametrize("cursor", ["bmV4dDoxLjU=", "bmV4dDo5OTk=", "bm90OjE=", "%%%"])
async def test_bad_cursors(client: AsyncWebClient, cursor: str) -> None:
    assert await error_of(client.conversations_list(cursor=cursor)) == "invalid_cursor"
