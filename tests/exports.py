"""What a noun's package exports, and who uses it: an export that nobody outside needs is its package's own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path


def unused(root: Path, containers: Iterable[str], program: Iterable[str], tests: str) -> list[str]:
    """The exports of the packages inside the containers that no module of the program or of the tests names, outside
    of their package."""
    packages = {_module(root, init): init for place in containers for init in (root / place).rglob("*/__init__.py")}
    left = {(package, name) for package, init in packages.items() for name in _exports(_parsed(init))}
    for user in program:
        for path in (root / user).rglob("*.py"):
            left -= _used(root, path, packages)
    # What the program uses, which is nearly all, nobody looks for in the tests.
    for path in (root / tests).rglob("*.py") if left else ():
        text = path.read_text(encoding="utf-8")
        if any(name in text for _package, name in left):
            left -= _used(root, path, packages)
    return [f"{package}: {name}" for package, name in sorted(left)]


def _parsed(path: Path) -> ast.Module:
    """Not kept by anybody: the trees of all modules together keep the search for garbage busy for seconds."""
    return ast.parse(path.read_text(encoding="utf-8"))


# How a module brings in what others have. Names from a package itself, or packages whose attributes it reads.
_IMPORTED = re.compile(r"^[ \t]*from ([\w.]+) import (?:\(([^)]*)\)|(.+))$", re.MULTILINE)


def _used(root: Path, path: Path, packages: Mapping[str, object]) -> set[tuple[str, str]]:
    """What a module uses of packages that it isn't in."""
    own, text = _module(root, path), path.read_text(encoding="utf-8")
    found: set[tuple[str, str]] = set()
    for source, together, alone in _IMPORTED.findall(text):
        names = [one.partition(" as ")[0].strip() for one in _REMARK.sub("", together or alone).split(",")]
        if any(f"{source}.{name}" in packages for name in names):
            # What it reads of a package is told by its tree alone, which takes its time.
            found = set(_named(ast.parse(text), packages))
            break
        if source in packages:
            found |= {(source, name) for name in names if name}
    return {(package, name) for package, name in found if not own.startswith(f"{package}.")}


_REMARK = re.compile(r"#.*")


def _module(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _exports(tree: ast.Module) -> set[str]:
    """What it imports and doesn't use itself."""
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    return imported - {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _named(tree: ast.Module, packages: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """(package, name) wherever one is imported from a package, or read from a package that was imported itself."""
    known: dict[str, str] = {}
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in packages:
                    known[alias.asname or alias.name] = whole
                elif node.module in packages:
                    yield node.module, alias.name
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield known[node.value.id], node.attr
