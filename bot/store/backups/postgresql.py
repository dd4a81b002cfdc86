"""A PostgreSQL database's copy: by PostgreSQL's own `pg_dump`, of a version that knows the server's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL

from bot.errors import ConfigurationError
from bot.store.database import CONNECT_SECONDS, sync_url, translated_errors

# Where packages of the usual systems put the programs of each version.
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
    "/Library/PostgreSQL/*/bin",
)
_BEGINS_WITH = b"PGDMP"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Server:
    """A server's main version, and the schema of the database; None for an empty one."""

    version: int
    schema: str | None


def is_dump(file: Path) -> bool:
    """Whether a file is one of `pg_dump --format=custom`, by its first bytes."""
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS_WITH)) == _BEGINS_WITH


def dump_into(url: URL, target: Path, name: str, value: str, meant: Path) -> str:
    """Dumps one state of a database that may be in use, with this setting in it, and reads it once; its schema.

    `meant` is the file that somebody asked for, for the command that they can run elsewhere.
    """
    server = look_at(url)
    if server.schema is None:
        raise ConfigurationError("There is nothing in the database of DATABASE_URL to back up. Check its name.")
    dump = tool("pg_dump", server.version)
    if dump is None:
        raise ConfigurationError(
            f"Backing up this server takes pg_dump of PostgreSQL {server.version} or newer, which isn't on this "
            f"machine. Install it, or run where it is: pg_dump --format=custom --no-owner --no-acl --file={meant} "
            f"'{address_of(url)}'"
        )
    leave_setting(url, name, value)
    run([dump, "--format=custom", "--no-owner", "--no-acl", f"--file={target}", address_of(url)], url)
    listed = run([tool("pg_restore", server.version) or "pg_restore", "--list", str(target)], url)
    if "TABLE DATA public deliveries " not in listed and " deliveries " not in listed:
        raise ConfigurationError("pg_dump made a file without Backbeat's tables. Check what its user may read.")
    return server.schema


def look_at(url: URL) -> Server:
    """The server behind an address. Raises ConfigurationError where it can't be reached."""
    address = sync_url(url)
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    engine = create_engine(address, poolclass=NullPool)
    with translated_errors(url), engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
        is_there = connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        schema = connection.scalar(text("SELECT version_num FROM alembic_version")) if is_there else None
        return Server(version, schema)


def leave_setting(url: URL, name: str, value: str) -> None:
    """Leaves a setting in the database, from where the dump takes it."""
    engine = create_engine(sync_url(url), poolclass=NullPool)
    with translated_errors(url), engine.begin() as connection:
        connection.execute(
            text("INSERT INTO settings (name, value) VALUES (:n, :v) ON CONFLICT (name) DO UPDATE SET value = :v"),
            {"n": name, "v": value},
        )


def tool(name: str, version: int) -> str | None:
    """A program of PostgreSQL of at least this main version, the oldest one that will do; None where there is none."""
    found = {_version_of(path): path for path in reversed([*_candidates(name)])}
    fitting = sorted(one for one in found if one is not None and one >= version)
    return found[fitting[0]] if fitting else None


def _candidates(name: str) -> Iterator[str]:
    on_path = shutil.which(name)
    if on_path is not None:
        yield on_path
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/"))):
            if os.access(folder / name, os.X_OK):
                yield str(folder / name)


def _version_of(path: str) -> int | None:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(said)
    return int(found.group(1)) if found else None


def address_of(url: URL) -> str:
    """The database's address as PostgreSQL's own programs take it, without the password."""
    address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return address.render_as_string(hide_password=False)


def run(command: Sequence[str], url: URL) -> str:
    """What such a program prints. The password goes by its environment, where other users of the machine can't read it.

    Raises ConfigurationError with its last line where it fails.
    """
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **secret}, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise ConfigurationError(f"{command[0]} can't be run ({error.strerror}).") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ConfigurationError(f"{Path(command[0]).name} failed: {said}")
    return done.stdout
