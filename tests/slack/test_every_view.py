"""Everything that people see stands in a golden file: no message and no view without a scene."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bot.slack import blocks
from bot.slack.every_form import FORMS
from bot.slack.forms import Form

# What is seen in other scenes, or built from parts that have scenes of their own.
ELSEWHERE = {
    "answered_message": "what `change_message` gives for an answer",
    "bundle_message": "what `rendering.render` gives for a person's message",
    "edition_messages": "the digests' golden files, by `rendering.render`",
    "message_of": "wraps one sentence",
    "page_messages": "the plan's golden file, by `plan_message`",
    "page_message": "the digests' golden files, by the preview",
    "picture_message": "a card with its picture, by tests/handlers/test_pictures.py",
    "roster_message": "the lists of members, organizations and groups",
    "with_picture": "a card with its picture, by tests/handlers/test_pictures.py",
    "worded": "gives blocks their text",
}


def _builders() -> Iterator[tuple[str, str]]:
    """(module, function) of whatever makes a message or a view of its own."""
    for module in pkgutil.walk_packages(blocks.__path__, f"{blocks.__name__}."):
        found = import_module(module.name)
        for name, function in vars(found).items():
            is_its_own = inspect.isfunction(function) and function.__module__ == found.__name__
            if is_its_own and not name.startswith("_"):
                made = str(inspect.signature(function).return_annotation)
                if re.search(r"\b(Message|View)\b", made) and module.name != f"{blocks.__name__}.kit":
                    yield module.name.removeprefix(f"{blocks.__name__}."), name


# Those that a function below fills, or that are a form of several.
FILLED = {
    "BALLOT_FORM": "ballot_view",
    "IMPORT_CONFIRM_FORM": "preview_view",
    "TABLE_CONFIRM_FORM": "table_view",
    "METRIC_FORM": "plan_view",
    "MOVE_DIGEST_FORM": "move_digest_view",
    "MOVE_MEETING_FORM": "change_form_view",
    "MOVE_ROUND_FORM": "move_view",
    "OWN_ACTIONS_FORM": "own_actions_view",
    "RHYTHM_FORM": "setup_view",
    "SETUP_NAME_FORM": "setup_view",
    "SETUP_ORGANIZATIONS_FORM": "setup_view",
    "SETUP_PEOPLE_FORM": "setup_view",
    "SETUP_PRIORITIES_FORM": "setup_view",
    "SHORT_METRIC_FORM": "plan_view",
    "SKIP_MEETING_FORM": "change_form_view",
}


def _forms() -> Iterator[str]:
    """The names of all tables of forms."""
    for module in pkgutil.walk_packages(blocks.__path__, f"{blocks.__name__}."):
        yield from (name for name, one in vars(import_module(module.name)).items() if isinstance(one, Form))


def test_every_form_has_a_scene() -> None:
    scenes = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py") if path != Path(__file__)
    )
    forms = set(_forms())
    assert len(forms) == len(FORMS)
    viewed, called = (set(re.findall(what, scenes)) for what in (r"\b(\w+)\.view\(", r"\b(\w+)\("))
    shown = {name for name in forms if name in viewed or FILLED.get(name) in called}
    assert forms - shown == set()
    assert FILLED.keys() <= forms


def test_everything_that_is_shown_has_a_scene() -> None:
    scenes = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py") if path != Path(__file__)
    )
    builders = set(_builders())
    assert len(builders) > 150
    called = {*re.findall(r"\b(\w+)\(", scenes), *ELSEWHERE}
    unseen = {f"{module}.{name}" for module, name in builders if name not in called}
    assert unseen == set()
    assert ELSEWHERE.keys() <= {name for _module, name in builders}
