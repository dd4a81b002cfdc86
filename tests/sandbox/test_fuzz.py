"""Whatever JSON arrives where blocks, views or metadata belong: an answer of Slack's, never a fault of the sandbox."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.errors import ApiError
from bot.sandbox.forms import elements, problems, values_of, with_ids
from bot.sandbox.limits import check_message_blocks, check_metadata, check_view
from tests.examples import examples
from tests.sandbox import surfaces as s
from tests.sandbox.conftest import modal, text_input
from tests.sandbox.test_views import EVERYTHING

JSON = dict[str, Any]

# A busy machine must not fail these by being slow.
calmly = settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def spoil(value: Any, chance: random.Random, junk: Any) -> Any:
    """A copy in which about one place in eight holds junk."""
    if chance.random() < 0.12:
        return junk
    if isinstance(value, dict):
        return {key: spoil(inner, chance, junk) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoil(inner, chance, junk) for inner in value]
    return value


@calmly
@given(st.sampled_from(sorted(s.SAMPLES)), st.randoms(use_true_random=False), VALUES)
def test_spoilt_blocks(kind: str, chance: random.Random, junk: Any) -> None:
    blocks = spoil([copy.deepcopy(s.SAMPLES[kind])], chance, junk)
    try:
        check_message_blocks(blocks)
    except ApiError:
        return
    assert all(block["block_id"] for block in with_ids(blocks))


@calmly
@given(st.randoms(use_true_random=False), VALUES)
def test_spoilt_views(chance: random.Random, junk: Any) -> None:
    view = spoil(modal(*copy.deepcopy(EVERYTHING), s.actions(s.button(confirm=s.confirm()))), chance, junk)
    try:
        check_view(view, home=False)
    except ApiError:
        return
    blocks = with_ids(view["blocks"])
    problems(blocks, values_of(blocks, {}))


@calmly
@given(VALUES)
def test_anything_as_metadata(value: Any) -> None:
    with pytest.raises(ApiError):
        check_metadata(value, 8000)


def test_ids_are_filled_in_and_kept() -> None:
    named = with_ids([text_input(), s.actions(s.button(), {"type": "users_select"}), {"type": "divider"}])
    assert named[0]["block_id"] == "name"
    assert [e["action_id"] for _, e in elements(named)][:2] == ["text", "go"]
    assert len({block["block_id"] for block in named}) == 3
