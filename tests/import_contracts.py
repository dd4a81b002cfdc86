"""A contract for import-linter: nouns keep their inside to themselves, and know each other by listed edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output


class NounsContract(Contract):
    """Checks the packages by noun inside some layers.

    - `containers`: the layers, such as `bot.domain`. Each of their children is a noun.
    - `edges`: who knows whom inside a layer, a noun a line: `bot.domain.asks -> people outbox`. An edge that is not
      listed breaks the contract, and so does a listed one that nobody needs any more: the list can only shrink.
    """

    type_name = "nouns"

    containers = fields.ListField(subfield=fields.StringField())
    edges = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        intruders: list[str] = []
        found: dict[str, set[str]] = defaultdict(set)
        for container in cast("list[str]", self.containers):
            for noun in sorted(graph.find_children(container)):
                for module in sorted({noun} | graph.find_descendants(noun)):
                    for importer in sorted(graph.find_modules_that_directly_import(module)):
                        if importer == noun or importer.startswith(f"{noun}."):
                            continue
                        if module != noun:
                            intruders.append(f"{importer} -> {module}")
                        if importer.startswith(f"{container}."):
                            found[_noun_of(importer, container)].add(noun.rpartition(".")[2])
        listed = {name: set(known.split()) for name, known in map(_edge, cast("list[str]", self.edges))}
        unlisted, unused = _beyond(found, listed), _beyond(listed, found)
        return ContractCheck(
            kept=not (intruders or unlisted or unused),
            metadata={
                "Inside of a package, imported from outside (import from the package itself)": intruders,
                "Edges that are not listed": unlisted,
                "Listed edges that nobody needs (take them out)": unused,
            },
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        for heading, lines in check.metadata.items():
            if lines:
                output.print_error(f"{heading}:", bold=True)
                for line in lines:
                    output.print_error(f"- {line}", bold=False)


def _beyond(edges: Mapping[str, set[str]], others: Mapping[str, set[str]]) -> list[str]:
    """The edges that are not among the others."""
    return [f"{noun} -> {one}" for noun in sorted(edges) for one in sorted(edges[noun] - others.get(noun, set()))]


def _noun_of(module: str, container: str) -> str:
    """The noun that a module belongs to: `bot.domain.asks.pages` → `bot.domain.asks`."""
    return f"{container}.{module.removeprefix(f'{container}.').partition('.')[0]}"


def _edge(line: str) -> tuple[str, str]:
    """`bot.domain.asks -> people outbox` as the noun and those it knows."""
    noun, _, known = line.partition("->")
    return noun.strip(), known.strip()
