"""Runs a command as a container or systemd would: another user, a read-only machine, two folders that can be written.

`python -m tests.confined JSON` in a mount namespace of its own (`unshare --mount`), as root. The JSON:
{"uid": 10001, "prefix": "/opt/backbeat", "folder": "/tmp/x/data", "home": "/var/lib/backbeat",
 "see": ["/path"], "environment": {…}, "command": ["backbeat", "run"]}. The environment in which tests run stands at
`prefix`, `folder` at `home`, and /tmp is empty. What lies under `see` is there although its parents are closed.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1


def mount(*arguments: str | Path) -> None:
    """Mounts, or ends with what mount says."""
    subprocess.run(["mount", *map(str, arguments)], check=True)


def closed_parent(path: Path) -> Path | None:
    """The first folder above a path that only its owner may enter."""
    return next((up for up in reversed(path.parents) if not up.stat().st_mode & 0o001), None)


def prepare(asked: Mapping[str, Any]) -> None:
    """Lays the machine out in this namespace: what is needed in its place, all else read-only."""
    prefix, home = Path(asked["prefix"]), Path(asked["home"])
    # An outer one first, as where the environment lies in the checkout: it would cover the inner one.
    needed = sorted((Path(path) for path in asked["see"]), key=lambda path: len(path.parts))
    mount("--make-rprivate", "/")
    # What is needed may lie in what is about to be covered, so it is kept at hand meanwhile.
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/mnt")
    kept = []
    for number, path in enumerate([Path(sys.prefix), Path(asked["folder"]), *needed]):
        place = Path(f"/mnt/{number}")
        place.mkdir()
        mount("--bind", path, place)
        kept.append(place)
    covered = {closed for path in needed if (closed := closed_parent(path)) is not None}
    for cover in sorted({Path("/tmp"), prefix.parent, home.parent, *covered}):
        mount("-t", "tmpfs", "-o", "mode=1777" if cover == Path("/tmp") else "mode=755", "tmpfs", cover)
    for path, place in [(prefix, kept[0]), (home, kept[1]), *zip(needed, kept[2:], strict=True)]:
        path.mkdir(parents=True, exist_ok=True)
        mount("--bind", place, path)
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _device, where, _kind, *_rest = line.split()
        # What is covered by now can neither be seen nor written.
        if (
            where not in ("/tmp", str(home))
            and not where.startswith(("/proc", "/sys", "/dev"))
            and Path(where).exists()
        ):
            mount("-o", "remount,ro,bind", where)


def main() -> None:
    """Prepares, gives root away for good, and becomes the command."""
    asked = json.loads(sys.argv[1])
    prepare(asked)
    if ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0:
        print("This kernel can't refuse memory that is writable and executable; going on without.", file=sys.stderr)
    os.chdir(asked["home"])
    uid = str(asked["uid"])
    confined = ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", "--no-new-privs"]
    confined += ["--bounding-set=-all", "--inh-caps=-all"]
    os.execvpe("setpriv", [*confined, *asked["command"]], asked["environment"])


if __name__ == "__main__":
    main()
