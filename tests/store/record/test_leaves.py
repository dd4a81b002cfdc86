"""What stands by id in leaves reads as a dict in the order of ids does, however it came to be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.record.leaves import Leaves
from tests.examples import examples

IDS = st.one_of(st.integers(0, 20), st.integers(120, 140), st.integers(0, 2000))
CHANGES = st.dictionaries(IDS, st.one_of(st.none(), st.text(max_size=2)), max_size=12)


@given(first=st.dictionaries(IDS, st.text(max_size=2)), changes=st.lists(CHANGES, max_size=6))
@settings(max_examples=examples(60))
def test_it_reads_as_a_dict_in_the_order_of_ids(first: dict[int, str], changes: list[dict[int, str | None]]) -> None:
    leaves, plain = Leaves.of(first), dict(sorted(first.items()))
    for each in changes:
        before, kept = leaves, dict(plain)
        leaves = leaves.changed(each)
        plain = {row_id: text for row_id, text in sorted({**plain, **each}.items()) if text is not None}
        assert list(before.items()) == list(kept.items()), "the one before stays as it is"
        assert list(leaves) == list(plain)
        assert list(leaves.values()) == list(plain.values())
        assert list(leaves.items()) == list(plain.items())
        assert leaves == plain
        assert len(leaves) == len(plain)
        for row_id in each:
            assert (row_id in leaves) == (row_id in plain)
            assert leaves.get(row_id) == plain.get(row_id)
            assert leaves.get(row_id, "none") == plain.get(row_id, "none")
            if row_id in plain:
                assert leaves[row_id] == plain[row_id]
            else:
                with pytest.raises(KeyError, match=str(row_id)):
                    leaves[row_id]


def test_what_is_beside_a_change_is_shared() -> None:
    whole = Leaves.of({row_id: str(row_id) for row_id in range(1000)})
    changed = whole.changed({500: "other"})
    shared = [number for number, leaf in changed._leaves.items() if leaf is whole._leaves[number]]
    assert len(shared) == len(whole._leaves) - 1
    assert Leaves.of(whole) is whole
