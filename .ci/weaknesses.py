"""Reads what pip-audit found (its JSON, as a file) and ends with 1 where something pinned has a known weakness.

Where the data can't be reached nothing is known; that is said, and is no failure.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(path: Path) -> int:
    """Prints what is known of the pinned packages; 1 where one of them should be replaced."""
    try:
        found = json.loads(path.read_text())["dependencies"]
    except (ValueError, KeyError):
        print("pip-audit gave no answer: nothing is known of weaknesses.")
        return 0
    asked = [one for one in found if "skip_reason" not in one]
    weak = [one for one in asked if one["vulns"]]
    for one in weak:
        for known in one["vulns"]:
            mend = " or ".join(known["fix_versions"]) or "nothing yet"
            print(f"{one['name']} {one['version']}: {known['id']}, mended in {mend}")
    if len(asked) < len(found):
        print(f"The data on weaknesses can't be reached for {len(found) - len(asked)} of {len(found)} packages.")
    if asked:
        print(f"{len(asked)} packages were looked up, {len(weak)} of them weak.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
