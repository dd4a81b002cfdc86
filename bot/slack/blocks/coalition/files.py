"""A coalition file on screen: choosing one, what is to be mended in it, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.files import Difference, value_words
from bot.domain.people import OwnExport
from bot.domain.record import Record
from bot.domain.wording import plural
from bot.slack.blocks import kit
from bot.slack.blocks.worded import in_sections
from bot.slack.forms import Answered, File, Form, Part, Ticks, as_typed, note
from bot.slack.identifiers import Action, Submission
from bot.slack.message import Block, Message, View
from bot.slack.mrkdwn import cut, escape, own

IMPORT_TITLE = "Import a file"
MOST_PROBLEMS = 60
MOST_DIFFERENCES = 60
PREFER = "file"
NOTHING_YET = "Nothing is changed by looking."
_SEEN_BY: Part[object] = note(f"Seen by you and the other coordinators. {NOTHING_YET}")
IMPORT_FORM: Form[None, Answered] = Form(
    as_typed, Submission.IMPORT_FILE, IMPORT_TITLE, "Check",
    _SEEN_BY,
    File("file", "Coalition file", ("yaml", "yml", "json"), hint="YAML, as /coalition export gives it."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preferred:
    """Whether the file wins."""

    prefer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Which file, by its id in Slack, and what it would change."""

    file_id: str
    differences: Sequence[Difference]


IMPORT_CONFIRM_FORM: Form[Import, Preferred] = Form(
    Preferred, Submission.IMPORT_CONFIRM, IMPORT_TITLE, "Import",
    _SEEN_BY,
    lambda form: _differences(form.differences)[0],
    Ticks("prefer", "Where both changed", {PREFER: "The file wins"},
        when=lambda form: any(one.outcome == "conflict" for one in form.differences),
        hint="Otherwise what is here stays.", optional=True),
    carries=lambda form: form.file_id,
)  # fmt: skip


def working_view(words: str) -> View:
    """What is shown while a file is read or brought in."""
    return View(title=IMPORT_TITLE, close="Close", blocks=(kit.context(escape(words)),))


def offer_message(file_id: str, name: str) -> Message:
    """Somebody sent a file to the bot."""
    words = f"Is “{name}” a coalition file? I can check it and show what it would change. {NOTHING_YET}"
    return Message.of(
        words,
        kit.section(own(words)),
        kit.actions(kit.button("Check the file", Action.CHECK_FILE, value=file_id, primary=True)),
    )


def problems_view(problems: Sequence[tuple[int, str]]) -> View:
    """Everything that is to be mended, by line."""
    lines = [f"• Line {line}: {own(cut(words, 400))}" for line, words in problems[:MOST_PROBLEMS]]
    count = plural(len(problems), "thing")
    blocks = [kit.section(f"*{count} to mend. Nothing was changed.*"), *in_sections(lines)]
    if len(problems) > MOST_PROBLEMS:
        blocks.append(kit.context(f"{MOST_PROBLEMS} of {len(problems)}; the rest shows once these are mended."))
    return View(title=IMPORT_TITLE, close="Close", blocks=tuple(blocks))


def preview_view(file_id: str, differences: Sequence[Difference]) -> View:
    """What an import would do, with the button that does it."""
    if not _differences(differences)[1]:
        return View(
            title=IMPORT_TITLE, close="Close", blocks=(kit.section("*Nothing differs.* There is nothing to import."),)
        )
    return IMPORT_CONFIRM_FORM.view(Import(file_id, differences), close="Not now")


def imported_view(differences: Sequence[Difference]) -> View:
    blocks, changes = _differences(differences)
    words = "*Imported.*" if changes else "*Everything in the file is already here,* so nothing was changed."
    return View(title=IMPORT_TITLE, close="Close", blocks=(kit.section(words), *blocks))


def _differences(differences: Sequence[Difference]) -> tuple[list[Block], int]:
    shown = [one for one in differences if one.outcome != "kept"]
    kept = len(differences) - len(shown)
    changes = sum(one.outcome != "missing" for one in shown)
    blocks = list(in_sections([f"• {own(_line(one))}" for one in shown[:MOST_DIFFERENCES]]))
    if len(shown) > MOST_DIFFERENCES:
        blocks.append(kit.context(f"{MOST_DIFFERENCES} of {len(shown)}"))
    if kept:
        blocks.append(kit.context(f"{plural(kept, 'value')} changed here and not in the file: kept."))
    return blocks, changes


def _line(one: Difference) -> str:
    where = f"{one.kind} {one.id}" + (f", {one.field.replace('_', ' ')}" if one.field else "")
    match one.outcome:
        case "added":
            return f"New: {where}"
        case "moved":
            return f"Moved: {one.kind} {one.id}: from {one.live} to {one.file}"
        case "missing":
            return f"Not in the file, kept: {where}"
        case "conflict":
            return f"Changed in both: {where}: here {value_words(one.live)}, in the file {value_words(one.file)}"
    return f"Changed: {where}: {value_words(one.live)} → {value_words(one.file)}"


def own_data_words(export: OwnExport) -> str:
    """What stands beside the file about oneself. Plain."""
    return (
        f"What is kept about you, for you only: {plural(export.rows, 'entry', 'entries')}. Slack keeps its messages "
        "itself. To have yours erased, write to a coordinator."
    )


def exported_words(record: Record) -> str:
    """What stands beside an exported file. Plain."""
    return (
        f"{record.coalition.name} as of now, for you only: {plural(len(record.members), 'member')}, "
        f"{plural(len(record.priorities), 'priority', 'priorities')}. It holds addresses and amounts, so mind where it "
        "goes."
    )
