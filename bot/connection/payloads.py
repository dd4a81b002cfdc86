"""What Slack sends, as far as anything here relies on it. A body of another shape goes no further than this.

Checked is what Bolt and the listeners take for granted: what is a mapping, what is a list, which ids are there. Values
are not judged; Slack may add fields at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bot.connection.traffic import Refusal

# Slack's deepest, a view with rich text in its blocks, has some twenty levels.
DEEPEST = 60


class Malformed(Exception):
    """A payload that Slack never sends; `why` is counted."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(str(why))
        self.why = why


Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
MaybeId = Annotated[str, StringConstraints(max_length=255)] | None


def _named(value: object) -> object:
    """An id, or an object that has one: Slack writes people, channels and teams both ways."""
    if isinstance(value, dict):
        value = value.get("id")
    if value is not None and not (isinstance(value, str) and len(value) <= 255):
        raise ValueError("no id")
    return value


Named = Annotated[Any, AfterValidator(_named)]
Loose = ConfigDict(extra="ignore", strict=True)


class _Person(BaseModel):
    model_config = Loose
    id: Id
    team_id: MaybeId = None


class _Authorization(BaseModel):
    model_config = Loose
    team_id: MaybeId = None
    enterprise_id: MaybeId = None


class _Inner(BaseModel):
    """What an event is about, in which Bolt looks for whose it is and where."""

    model_config = Loose
    user: Named = None
    channel: Named = None
    message: _Inner | None = None
    previous_message: _Inner | None = None
    item: _Inner | None = None
    assistant_thread: _Inner | None = None


class _Event(BaseModel):
    model_config = Loose
    type: Id
    user: Named = None
    channel: Named = None
    channel_id: Named = None
    team: Named = None
    text: str | None = None
    ts: MaybeId = None
    thread_ts: MaybeId = None
    message: _Inner | None = None
    previous_message: _Inner | None = None
    item: _Inner | None = None
    view: dict[str, Any] | None = None
    tokens: dict[str, list[str]] | None = None
    files: list[dict[str, Any]] | None = None
    blocks: list[dict[str, Any]] | None = None
    assistant_thread: _Inner | None = None


class _EventCallback(BaseModel):
    model_config = Loose
    type: Literal["event_callback"]
    event: _Event
    event_id: Id
    team_id: Named = None
    enterprise_id: Named = None
    authorizations: list[_Authorization] | None = None


class _Challenge(BaseModel):
    model_config = Loose
    type: Literal["url_verification"]
    challenge: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class _RateLimited(BaseModel):
    model_config = Loose
    type: Literal["app_rate_limited"]


class _Value(BaseModel):
    """What stands in one input."""

    model_config = Loose
    type: str | None = None


class _State(BaseModel):
    model_config = Loose
    values: dict[str, dict[str, _Value]] = Field(default_factory=dict)


class _View(BaseModel):
    model_config = Loose
    id: Id
    type: Id
    callback_id: str | None = None
    private_metadata: str | None = None
    previous_view_id: str | None = None
    blocks: list[dict[str, Any]] = Field(default_factory=list)
    state: _State | None = None


class _Pressed(BaseModel):
    model_config = Loose
    action_id: Id
    block_id: MaybeId = None
    type: Id
    value: str | None = None
    selected_option: dict[str, Any] | None = None
    selected_options: list[dict[str, Any]] | None = None


class _Interaction(BaseModel):
    """What every press, form and search has."""

    model_config = Loose
    user: _Person
    team: Named = None
    enterprise: Named = None
    channel: Named = None
    trigger_id: str | None = None
    response_url: str | None = None
    response_urls: list[dict[str, Any]] = Field(default_factory=list)
    container: dict[str, Any] | None = None
    message: dict[str, Any] | None = None


class _Press(_Interaction):
    type: Literal["block_actions"]
    actions: Annotated[list[_Pressed], Field(min_length=1, max_length=100)]
    view: _View | None = None
    state: _State | None = None


class _Form(_Interaction):
    type: Literal["view_submission", "view_closed"]
    view: _View


class _Search(_Interaction):
    type: Literal["block_suggestion"]
    action_id: Id
    block_id: MaybeId = None
    value: str
    view: _View | None = None


class _Shortcut(_Interaction):
    type: Literal["shortcut", "message_action"]
    callback_id: Id


class _OlderInteraction(_Interaction):
    """Of attachments, dialogs and workflows: well formed, and nothing that this program asks for."""

    type: Literal["interactive_message", "dialog_submission", "dialog_cancellation", "dialog_suggestion"]


class _Command(BaseModel):
    model_config = Loose
    command: Annotated[str, StringConstraints(pattern=r"^/\S{1,80}$")]
    user_id: Id
    team_id: MaybeId = None
    channel_id: str | None = None
    text: str = ""
    trigger_id: str | None = None
    response_url: str | None = None


_TYPED: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _EventCallback | _Challenge | _RateLimited | _Press | _Form | _Search | _Shortcut | _OlderInteraction,
        Field(discriminator="type"),
    ]
)
_COMMAND: TypeAdapter[Any] = TypeAdapter(_Command)
# What payloads are called where their acknowledgements are measured.
_KINDS = {
    "event_callback": "event",
    "block_actions": "press",
    "view_submission": "form",
    "block_suggestion": "search",
    "shortcut": "shortcut",
    "message_action": "shortcut",
}


def kind_of(payload: Mapping[str, Any]) -> str:
    """One of few words for what this is, to be counted by."""
    return (
        "command" if "command" in payload and "type" not in payload else _KINDS.get(str(payload.get("type")), "other")
    )


def check(payload: object) -> dict[str, Any]:
    """The payload, if Slack could have sent it. Raises Malformed."""
    if not isinstance(payload, dict):
        raise Malformed(Refusal.SHAPE)
    _check_texts(payload)
    kinds = _COMMAND if "command" in payload and "type" not in payload else _TYPED
    try:
        kinds.validate_python(payload)
    except ValidationError as error:
        raise Malformed(Refusal.SHAPE) from error
    return payload


def _check_texts(payload: dict[str, Any]) -> None:
    """Level by level, since what is too deep would end any recursion. Texts hold nothing that no database can keep."""
    level: list[Any] = [payload]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                _check_text(value)
        if not below:
            return
        level = below
    raise Malformed(Refusal.TOO_DEEP)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Malformed(Refusal.SHAPE)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            # Half of a character that takes two.
            raise Malformed(Refusal.SHAPE) from error
