"""Lives through many universes: `python -m tests.universes --universes 10000 [--seed N] [--jobs 2]`."""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter

from tests.universes.many import live_all


def main() -> int:
    """Returns 1 if any broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.universes", description=__doc__)
    parser.add_argument("--universes", type=int, default=500)
    parser.add_argument("--seed", type=int, help="of the first one; the others follow. By itself: a random one")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes share them")
    parser.add_argument("--log", action="store_true", help="print the log of events of each universe")
    asked = parser.parse_args()
    first = random.SystemRandom().randrange(10**9) if asked.seed is None else asked.seed
    print(f"seeds from {first}", flush=True)
    happened: Counter[str] = Counter()
    lived, broken, seconds = 0, 0, 0.0
    for verdicts, took in live_all(range(first, first + asked.universes), asked.jobs, with_log=asked.log):
        seconds += took
        for verdict in verdicts:
            lived += 1
            happened += verdict.happened
            broken += bool(verdict.faults)
            if asked.log:
                print(*verdict.log, sep="\n")
                print(f"seed {verdict.seed}, log {verdict.fingerprint}")
            if verdict.faults:
                print(*verdict.lines(), sep="\n", flush=True)
        if lived % 500 == 0:
            print(f"{lived} universes, {broken} broken", flush=True)
    each = 1000 * seconds / max(1, lived)
    print(f"{lived} universes, {broken} broken, {each:.0f} ms of processor time each")
    for what, count in sorted(happened.items()):
        print(f"  {count:>8} {what}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
