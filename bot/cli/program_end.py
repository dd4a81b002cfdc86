"""How the program ends: at once, when everything that waits for its end has been done.

By itself, Python takes apart all that was loaded, mapper by mapper: 0.6 s after each command that knows the database, a
quarter of a short one, for memory that the machine takes back anyway.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable


class ProgramEnd:
    """Ends this process after a program, with its exit code.

    Made before others register with `atexit`: whoever registers first is called last, after every thread that must
    finish its work.
    """

    def __init__(self) -> None:
        self._code: int | None = None
        atexit.register(self._leave)

    def run(self, program: Callable[[], object]) -> None:
        """Runs it, and lets SystemExit and everything else pass: Python says by itself what went wrong."""
        try:
            program()
        except SystemExit as end:
            self._code = 0 if end.code is None else end.code if isinstance(end.code, int) else None
            raise

    def _leave(self) -> None:
        if self._code is None:
            return
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            # Nobody reads any more: Python has words and a code of its own for that.
            return
        os._exit(self._code)
