"""What is on record, as the text of a JSON file or of a table. No cell begins a formula."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from bot.domain.checkins import harmless
from bot.domain.histories import RECORD_COLUMNS, PublicRecords


def records_as_json(records: PublicRecords) -> str:
    """Indented; days and moments in ISO 8601, text as people wrote it."""
    return json.dumps(asdict(records), indent=2, ensure_ascii=False, default=str) + "\n"


def records_as_csv(records: PublicRecords) -> str:
    """A line a thing, then a line a change (kind "change")."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(RECORD_COLUMNS)
    for one in records.items:
        writer.writerow([_cell(getattr(one, column)) for column in RECORD_COLUMNS])
    for change in records.changes:
        cells = {"kind": "change", "date": change.at, "person": change.who, "words": change.what}
        writer.writerow([_cell(cells.get(column)) for column in RECORD_COLUMNS])
    return written.getvalue()


def _cell(value: Any) -> str:
    return harmless("" if value is None else str(value))
