"""Reads a coalition file in a process of its own. How one is read stands in `coalition_file`.

A thread would not do: it shares the interpreter with the loop, and a long file would hold up every acknowledgement.
"""

from __future__ import annotations

import asyncio
import copyreg
import io
import pickle
import sys
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.errors import UserError
from bot.files.coalition_file import LoadedFile, load_coalition_file

# In Slack; the command line reads any that `coalition_yaml` does. The sample has 0.05 MB.
LARGEST_IN_SLACK = 20_000_000
# What of it is YAML, which takes a hundred times as long as the documents at an export's end.
LARGEST_YAML = 1_000_000
SECONDS = 60.0
# What begins the documents at the end of an export.
_DOCUMENT = b"\n---\n{"
_ELSEWHERE = "Whoever runs me can bring it in with “backbeat import”."
TOO_LARGE = f"That file is larger than {LARGEST_YAML // 1_000_000} MB, which is more than I read here. {_ELSEWHERE}"


async def load_apart(content: bytes, *, today: date, within: float = SECONDS) -> LoadedFile:
    """Like `load_coalition_file`, while the loop goes on. Raises UserError for a file that is too large, and for one
    that takes longer than `within` elapsed seconds."""
    if len(content) > LARGEST_IN_SLACK or len(content.partition(_DOCUMENT)[0]) > LARGEST_YAML:
        raise UserError(TOO_LARGE)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-P", "-m", __name__, stdin=pipe, stdout=pipe)
    try:
        async with asyncio.timeout(within):
            answer, _ = await child.communicate(pickle.dumps((content, today)))
    except TimeoutError as error:
        raise UserError(f"I stopped reading that file after {within:.0f} seconds. {_ELSEWHERE}") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise RuntimeError(f"the reading of a file ended with {child.returncode}")
    loaded: LoadedFile = pickle.loads(answer)
    return loaded


def _view(fields: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(fields)


class _Pickler(pickle.Pickler):
    """Python's, which knows no views of dictionaries; a record has some, so that nobody can change it."""

    dispatch_table = copyreg.dispatch_table | {MappingProxyType: lambda view: (_view, (dict(view),))}


def _read() -> None:
    """What the process does."""
    content, today = pickle.load(sys.stdin.buffer)
    answer = io.BytesIO()
    _Pickler(answer).dump(load_coalition_file(content, today=today))
    sys.stdout.buffer.write(answer.getvalue())


if __name__ == "__main__":
    # Under its own name, since what is pickled here is looked for there by the module that it is of.
    from bot.files import reading_apart

    reading_apart._read()
