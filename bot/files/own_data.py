"""What is kept about one person, as the text of a JSON file."""

from __future__ import annotations

import json

from bot.domain.people import OwnExport


def own_data_text(export: OwnExport) -> str:
    """Indented, in the order in which it was put together; text as people wrote it."""
    return json.dumps(export.data, indent=2, ensure_ascii=False) + "\n"
