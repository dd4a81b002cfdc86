"""A message or a form as a page: what there is to read, fields, and buttons that send the one form that the page is.

Each button has a number: the place of what it presses among everything that can be pressed on the page (`pressable`),
which whoever serves the page keeps sealed in it. So only what the page offers can be pressed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Template

from bot.markup import Line, Part, parted, parts_of, template_of
from bot.pages.entered import FIELDS, ONLY_THERE, SEVERAL, Block

# So many boxes stand below each other; more are a list to choose from.
MANY = 12
SUBMIT = "submit"
BACK = "back"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field."""

    value: str
    text: str
    chosen: bool
    more: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """What is pressed as number `press`. `label`: what is read out, where the text alone isn't clear."""

    text: str
    press: str
    label: str | None = None
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a form. `kind` decides how it looks; `reports`: the button that tells at once what was chosen."""

    id: str
    kind: str
    label: str
    hint: str
    optional: bool
    value: str = ""
    most: int | None = None
    lines: bool = False
    choices: tuple[Choice, ...] = ()
    is_searched: bool = False
    error: str | None = None
    reports: Button | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Something of a page, in its order: words, buttons, or a field."""

    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()  # folded away
    control: Control | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Words above everything else. `is_wrong`: something has to be mended."""

    words: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a page shows. `state` is sealed and comes back with what is pressed; `who` is whose page it is."""

    title: str
    coalition: str
    who: str
    state: str
    blocks: Sequence[Block]
    submit: str | None = None
    back: str | None = None  # the button that leads to what stands below
    can_press: bool = True
    keeps: str | None = None  # the button that keeps what stands in a form until later
    reports: Collection[str] = ()  # fields whose choice has to be told at once, by action id
    asks_who: str | None = None  # whoever sits there is asked first whether they are this person
    notice: Notice | None = None
    mine: Sequence[tuple[str, str]] = ()  # this reader's own pages: what they are called, and where they are
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question before something is done: `no` leads back."""

    title: str
    words: str
    yes: str
    no: str
    press: str


def pressable(blocks: Sequence[Block]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """(block id, element or option's element) of everything that can be pressed in these blocks, in order."""
    return tuple(_pressable(blocks))


def _pressable(blocks: Sequence[Block]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block in blocks:
        block_id = str(block.get("block_id") or "")
        elements = [*block.get("elements", ()), *filter(None, [block.get("accessory")])]
        for element in elements:
            if element.get("type") == "button":
                yield block_id, element
            elif element.get("type") in {"overflow", "static_select"}:
                for option in element.get("options", ()):
                    yield block_id, {**element, "selected_option": option}
        if block["type"] == "input" and block.get("dispatch_action"):
            yield block_id, block["element"]


def as_page(screen: Screen) -> str:
    """The whole page."""
    return _template("form").render(
        screen=screen,
        pieces=list(_pieces(screen)),
        parted=parted,
        wrong=[
            (f"f{number}", block["label"]["text"], screen.errors[str(block.get("block_id"))])
            for number, block in _wrong(screen)
        ],
        beside=[words for block_id, words in screen.errors.items() if block_id not in _ids(screen.blocks)],
    )


def _wrong(screen: Screen) -> Iterator[tuple[int, Block]]:
    for number, block in enumerate(screen.blocks):
        if block["type"] == "input" and str(block.get("block_id")) in screen.errors:
            yield number, block


def _ids(blocks: Iterable[Block]) -> set[str]:
    return {str(block.get("block_id")) for block in blocks if block["type"] == "input"}


def question_page(asked: Asked, screen: Screen) -> str:
    """The question before something is done."""
    return _template("question").render(screen=screen, asked=asked)


def sign_in_page() -> str:
    """Asks for the address to which a link to one's own page is sent."""
    return _template("sign_in").render()


def stop_page(coalition: str, who: str, title: str, words: str, press: str, button: str) -> str:
    """Says what is sent to somebody or isn't, with the one press that changes it."""
    return _template("stop").render(coalition=coalition, who=who, title=title, words=words, press=press, button=button)


def words_page(title: str, words: str) -> str:
    """A page that only says something."""
    return _template("words").render(title=title, words=words)


def _pieces(screen: Screen) -> Iterator[Piece]:
    presses = iter(range(len(pressable(screen.blocks))))
    for number, block in enumerate(screen.blocks):
        if block["type"] == "input":
            yield Piece(control=_control(number, block, screen, presses))
            continue
        parts = parts_of([block]) if block["type"] != "divider" else (Part("rule"),)
        if block["type"] == "image":
            parts = (Part("quiet", (Line.of(f"Picture: {block.get('alt_text', '')}"),)),)
        buttons, menu = _buttons(block, presses)
        if parts or (screen.can_press and (buttons or menu)):
            yield Piece(
                parts=parts,
                buttons=tuple(buttons) if screen.can_press else (),
                menu=tuple(menu) if screen.can_press else (),
            )


def _buttons(block: Block, presses: Iterator[int]) -> tuple[list[Button], list[Button]]:
    buttons, menu = [], []
    for element in [*block.get("elements", ()), *filter(None, [block.get("accessory")])]:
        if element.get("type") == "button":
            buttons.append(
                Button(
                    element["text"]["text"],
                    str(next(presses)),
                    element.get("accessibility_label"),
                    str(element.get("style") or ""),
                )
            )
        elif element.get("type") in {"overflow", "static_select"}:
            menu += [Button(option["text"]["text"], str(next(presses))) for option in element.get("options", ())]
    return buttons, menu


def _control(number: int, block: Block, screen: Screen, presses: Iterator[int]) -> Control:
    element = block["element"]
    kind = str(element["type"])
    shown = element.get({**FIELDS, **ONLY_THERE}[kind][1]) if kind != "file_input" else None
    given = [shown] if isinstance(shown, Mapping) else list(shown or ()) if kind in SEVERAL else []
    chosen = {str(one["value"]) for one in given}
    options = [*(one for one in given if one["value"] not in {o["value"] for o in element.get("options", ())})]
    options += element.get("options", ())
    report = None
    if block.get("dispatch_action"):
        press = str(next(presses))
        if element.get("action_id") in screen.reports:
            report = Button("Update the form", press, f"Update the form: {block['label']['text']}")
    return Control(
        id=f"f{number}",
        kind=_look(kind, len(options)),
        label=str(block["label"]["text"]),
        hint=str((block.get("hint") or {}).get("text") or ""),
        optional=bool(block.get("optional")),
        value="" if isinstance(shown, Mapping | list) or shown is None else str(shown),
        most=element.get("max_length"),
        lines=bool(element.get("multiline")),
        choices=tuple(
            Choice(
                str(one["value"]),
                str(one["text"]["text"]),
                str(one["value"]) in chosen,
                str((one.get("description") or {}).get("text") or ""),
            )
            for one in options
        ),
        is_searched=kind in {"external_select", "multi_external_select"},
        error=screen.errors.get(str(block.get("block_id"))),
        reports=report,
    )


def _look(kind: str, options: int) -> str:
    match kind:
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return "boxes" if options <= MANY else "list"
        case "static_select" | "external_select":
            return "select"
        case "radio_buttons":
            return "radios"
        case "datepicker":
            return "date"
        case "timepicker":
            return "time"
        case "number_input":
            return "number"
        case "plain_text_input":
            return "text"
    return "elsewhere"


@cache
def _template(name: str) -> Template:
    return template_of("bot.pages", name)
