"""Lives through many universes: `python -m tests.universes --universes 10000 [--seed N]`."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from bot.log import configure_logging
from tests.engines import share_words
from tests.universes import Verdict, a_room, live


def main() -> int:
    """Lives through so many universes; returns how many broke a promise, at most 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.universes", description=__doc__)
    parser.add_argument("--universes", type=int, default=500)
    parser.add_argument("--seed", type=int, help="of the first one; the others follow. By itself: a random one")
    parser.add_argument("--log", action="store_true", help="print the log of events of each universe")
    asked = parser.parse_args()
    configure_logging("CRITICAL")
    share_words()
    first = random.SystemRandom().randrange(10**9) if asked.seed is None else asked.seed
    print(f"seeds from {first}", flush=True)
    happened: Counter[str] = Counter()
    broken: list[Verdict] = []
    began = time.process_time()
    with a_room() as room:
        for number in range(asked.universes):
            verdict = live(first + number, room)
            happened += verdict.happened
            if asked.log:
                print(*verdict.log, sep="\n")
                print(f"seed {verdict.seed}, log {verdict.fingerprint}")
            if verdict.faults:
                broken.append(verdict)
                print(*verdict.lines(), sep="\n", flush=True)
            if number % 500 == 499:
                print(f"{number + 1} universes, {len(broken)} broken", flush=True)
    seconds = time.process_time() - began
    print(
        f"{asked.universes} universes, {len(broken)} broken, "
        f"{1000 * seconds / max(1, asked.universes):.0f} ms of processor time each"
    )
    for what, count in sorted(happened.items()):
        print(f"  {count:>8} {what}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
