"""What a noun's package exports, and who uses it: an export that nobody outside needs is its package's own."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path


def unused(root: Path, containers: Iterable[str], users: Iterable[str]) -> list[str]:
    """The exports of the packages inside the containers that no module of the users outside of their package names."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for user in users for path in (root / user).rglob("*.py")
    }
    packages = {_module(root, init): init for place in containers for init in (root / place).rglob("*/__init__.py")}
    used: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for package, name in _named(tree, packages):
            if not _module(root, path).startswith(f"{package}."):
                used[package].add(name)
    return [
        f"{package}: {name}"
        for package, init in sorted(packages.items())
        for name in sorted(_exports(trees[init]) - used[package])
    ]


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
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in packages:
                    known[alias.asname or alias.name] = whole
                elif node.module in packages:
                    yield node.module, alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            yield known[node.value.id], node.attr
