"""The command line: reads arguments, calls one use case, prints. Every mistake becomes one sentence, never a traceback.

`program` names every command; `command` is what they share. The commands stand by noun: `records` (import, export),
`digests` (digest, calendar), `coalitions` (go-live, link, admin), `workspaces`, `keys`, `databases` (migrate, backup,
restore), `running` (run, demo), `setting_up` (manifest, doctor).

Exit codes: 0 done, 1 the input must be mended, 2 the program can't start or go on as it is set up.
Each command imports what it needs when it runs: SQLAlchemy and Slack's libraries take seconds, and help needs neither.
`start` is what `backbeat` is: the program, and its end at once.
"""

from __future__ import annotations

from bot.cli.program import main
from bot.cli.program_end import ProgramEnd

__all__ = ["ProgramEnd", "main", "start"]


def start() -> None:
    """Runs the command of this process's arguments."""
    ProgramEnd().run(main)
