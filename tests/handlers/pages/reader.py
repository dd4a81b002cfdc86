"""Somebody who reads mail and answers in a browser without scripts: follows links, fills in fields, presses buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import aiohttp

from tests.mailbox import words_of

_LINK = re.compile(r"https?://\S+/answer/(?!stop-|choices-)\S+")


def link_in(mail: EmailMessage) -> str:
    """The link that a mail leads to."""
    (found,) = _LINK.findall(words_of(mail))
    return str(found)


@dataclass
class Field:
    """A field of a page: its name, what stands in it, and what can be chosen."""

    name: str
    label: str = ""
    values: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)  # words → value
    kind: str = "text"


class Page(HTMLParser):
    """What a browser makes of a page: its words, fields by label, and buttons by text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.buttons: dict[str, str] = {}
        self.fields: dict[str, Field] = {}
        self.hidden: dict[str, str] = {}
        self.text = ""
        self._in: list[str] = []
        self._button: str | None = None
        self._option: str | None = None
        self._legend: str | None = None
        self._choice: tuple[str, str] | None = None
        self._of: str | None = None  # the field that a label is of
        self._label = self._area = ""
        self._labels: dict[str, str] = {}
        self.feed(html)

    def field(self, label: str) -> Field:
        """The field of this label."""
        found = [one for one in self.fields.values() if one.label.removesuffix("(optional)").strip() == label]
        assert len(found) == 1, (label, [one.label for one in self.fields.values()])
        return found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        match tag:
            case "style" | "title":
                self._in.append(tag)
            case "button" if about.get("aria-hidden") != "true":
                self._button, self._label = about["value"], ""
            case "label":
                self._of, self._label = about.get("for"), ""
            case "legend":
                self._legend = ""
            case "input" if about["type"] == "hidden":
                self.hidden[about["name"]] = about["value"]
            case "input" if about["type"] in {"radio", "checkbox"}:
                one = self._named(about["name"], about["type"])
                self._choice = (about["name"], about["value"])
                if "checked" in about:
                    one.values.append(about["value"])
            case "input":
                self._named(about["name"], about["type"]).values = [about.get("value", "")]
            case "select":
                self._named(about["name"], "list" if "multiple" in about else "select")
                self._choice = (about["name"], "")
            case "option":
                self._option, self._label = about["value"], ""
                if "selected" in about and self._choice is not None:
                    self.fields[self._choice[0]].values.append(about["value"])
            case "textarea":
                self._named(about["name"], "text")
                self._choice, self._area = (about["name"], ""), ""
                self._in.append(tag)

    def _named(self, name: str, kind: str) -> Field:
        one = self.fields.setdefault(name, Field(name, kind=kind))
        if self._legend is not None and kind in {"radio", "checkbox"}:
            one.label = self._legend
        elif name in self._labels:
            one.label = self._labels[name]
        return one

    def handle_data(self, data: str) -> None:
        if self._in and self._in[-1] in {"style", "title"}:
            return
        if self._in and self._in[-1] == "textarea":
            self._area += data
            return
        self.text += data
        self._label += data
        if self._legend == "" and data.strip():
            self._legend = data.strip()

    def handle_endtag(self, tag: str) -> None:
        words = " ".join(self._label.split())
        match tag:
            case "style" | "title":
                self._in.pop()
            case "button" if self._button is not None:
                self.buttons.setdefault(words, self._button)
                self._button = None
            case "label" if self._of is not None:
                self._labels[self._of] = words
                self._of = None
            case "label" if self._choice is not None:
                self.fields[self._choice[0]].options[words] = self._choice[1]
            case "option" if self._option is not None and self._choice is not None:
                self.fields[self._choice[0]].options[words] = self._option
                self._option = None
            case "textarea":
                self._in.pop()
                assert self._choice is not None
                self.fields[self._choice[0]].values = [self._area.removeprefix("\n")]
            case "fieldset":
                self._legend = None

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


class Reader:
    """One browser. `page` is what it shows."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.page = Page("")
        self.status = 0
        self.at = ""
        self.headers: Any = {}

    async def open(self, url: str) -> Page:
        """Follows a link."""
        async with self._session.get(url) as reply:
            return await self._read(reply)

    async def press(self, text: str, **entered: str | list[str]) -> Page:
        """Presses a button; what is `entered` is by label, with `_` for a space."""
        data = [("state", self.page.hidden.get("state", ""))]
        given = {label.replace("_", " "): value for label, value in entered.items()}
        return await self.send(text, data, given)

    async def fill(self, text: str, given: dict[str, str | list[str]]) -> Page:
        """The same with labels as they are."""
        return await self.send(text, [("state", self.page.hidden.get("state", ""))], given)

    async def send(self, text: str, data: list[tuple[str, str]], given: dict[str, str | list[str]]) -> Page:
        assert text in self.page.buttons, (text, list(self.page.buttons))
        chosen = {self.page.field(label).name: value for label, value in given.items()}
        for one in self.page.fields.values():
            value = chosen.get(one.name, one.values)
            for each in [value] if isinstance(value, str) else value:
                data.append((one.name, one.options.get(each, each)))
        data.append(("press", self.page.buttons[text]))
        return await self.post(data)

    async def post(self, data: list[tuple[str, str]]) -> Page:
        """Sends a form."""
        async with self._session.post(self.at, data=aiohttp.FormData(data)) as reply:
            return await self._read(reply)

    async def _read(self, reply: aiohttp.ClientResponse) -> Page:
        self.status, self.at, self.headers = reply.status, str(reply.url), reply.headers
        self.page = Page(await reply.text())
        return self.page
