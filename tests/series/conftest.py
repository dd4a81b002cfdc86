from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.series.publisher import Publisher, publishing


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as one:
        yield one
