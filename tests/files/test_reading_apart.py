"""Reading a file in a process of its own: the same as here, while this process has nothing to do."""

from __future__ import annotations

import resource
import time
from datetime import date

import pytest

from bot.errors import UserError
from bot.files import load_coalition_file, sample_text
from bot.files.reading_apart import LARGEST_IN_SLACK, load_apart
from tests.examples import part

TODAY = date(2026, 11, 23)


@pytest.mark.in_part
async def test_what_is_read_is_the_same() -> None:
    texts = (sample_text(), "not: [closed", sample_text().replace("owner: grant\n", "owner: grnt\n"), "")
    for text in part(texts[:1], texts):
        assert await load_apart(text.encode(), today=TODAY) == load_coalition_file(text, today=TODAY)


async def test_the_work_is_done_elsewhere() -> None:
    content = sample_text().encode() + b"#\n" + b"".join(b"more_%d: [1, 2, 3, 4, 5]\n" % one for one in range(4000))
    own, others = time.process_time(), _of_children()
    loaded = await load_apart(content, today=TODAY)
    own, others = time.process_time() - own, _of_children() - others
    assert loaded.record is not None
    assert own < others / 3


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def test_what_takes_too_long_is_stopped_and_said() -> None:
    before = time.monotonic()
    with pytest.raises(UserError, match="I stopped reading that file after 0 seconds"):
        await load_apart(sample_text().encode(), today=TODAY, within=0.01)
    assert time.monotonic() - before < 5


async def test_what_is_too_large_is_not_begun() -> None:
    with pytest.raises(UserError, match="larger than 1 MB, which is more than I read here"):
        await load_apart(b"#" * (LARGEST_IN_SLACK + 1), today=TODAY)
