"""What somebody typed and has not said yes to, kept under a token for a week, or under its form's name for some
days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.packing import pack, unpack
from bot.errors import UserError
from bot.services.access import Actor, ByActor, Service
from bot.store.checkins import DraftRow

T = TypeVar("T")

# How long somebody may think about what was read back to them.
KEPT = timedelta(days=7)
_PREFIXES: set[str] = set()


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one kind. `gone` is what somebody reads whose draft isn't kept anymore: how to come back to it."""

    kind: str
    gone: str

    def __post_init__(self) -> None:
        _PREFIXES.add(self.subject(""))

    def subject(self, token: str) -> str:
        """The name under which a draft is stored."""
        return f"{self.kind}:{token}"

    async def keep(self, tx: ByActor, token: str, draft: object) -> None:
        """Keeps a draft in place of what stands under its token; what nobody said yes to for a week goes.

        It is a frozen value, by its fields' names, or values by name.
        """
        mine = DraftRow.member_id == tx.actor.member_id
        await tx.session.execute(
            delete(DraftRow).where(
                mine, DraftRow.subject.startswith(self.subject("")), DraftRow.saved_at < tx.now - KEPT
            )
        )
        insert = sqlite.insert if tx.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        kept = {"values": pack(draft), "saved_at": tx.now}
        await tx.session.execute(
            insert(DraftRow)
            .values(coalition_id=tx.coalition_id, member_id=tx.actor.member_id, subject=self.subject(token), **kept)
            .on_conflict_do_update(index_elements=["member_id", "subject"], set_=kept)
        )

    async def find(self, tx: ByActor, token: str, *, lock: bool = False) -> DraftRow | None:
        """This person's draft, None where it isn't kept anymore."""
        query = select(DraftRow).filter_by(
            coalition_id=tx.coalition_id, member_id=tx.actor.member_id, subject=self.subject(token)
        )
        row: DraftRow | None = await tx.session.scalar(query.with_for_update() if lock else query)
        return row

    async def row(self, tx: ByActor, token: str) -> DraftRow:
        """This person's draft. Raises UserError where it isn't kept anymore."""
        found = await self.find(tx, token)
        if found is None:
            raise UserError(self.gone)
        return found

    async def values(self, tx: ByActor, token: str) -> Mapping[str, Any]:
        """What this person's draft holds. Raises UserError where it isn't kept anymore."""
        found: Mapping[str, Any] = (await self.row(tx, token)).values
        return found

    async def kept(self, tx: ByActor, token: str, kind: type[T]) -> T:
        """The frozen value of this person's draft. Raises UserError where it isn't kept anymore."""
        return unpack(kind, await self.values(tx, token))


def put_draft(tx: ByActor, row: DraftRow | None, subject: str, values: Mapping[str, Any]) -> None:
    """Keeps this person's values under a name, in place of what stands in the row, if there is one."""
    if row is None:
        row = DraftRow(coalition_id=tx.coalition_id, member_id=tx.actor.member_id)
        tx.session.add(row)
    row.subject, row.values, row.saved_at = subject, values, tx.now


def draft_prefixes() -> tuple[str, ...]:
    """What the names begin with under which drafts of any kind are stored. Each can go once nobody sends it any
    more."""
    return tuple(sorted(_PREFIXES))


_DRAFTS = Drafts("form", "I keep what was typed for a week only.")


class FormWords(Service):
    """Use cases around unsent forms. `form` names the form and what it is about; `entered` is opaque here."""

    async def keep(self, actor: Actor, form: str, entered: Mapping[str, Any]) -> None:
        """Keeps what stands in it, in place of what was kept before."""
        async with self.noting(actor, "formwords.keep") as tx:
            await _DRAFTS.keep(tx, _token(form), entered)

    async def kept(self, actor: Actor, form: str) -> Mapping[str, Any] | None:
        """What this person had entered; None where nothing is kept any more."""
        async with self.looking(actor, "formwords.kept") as tx:
            row = await _DRAFTS.find(tx, _token(form))
            if row is None or row.saved_at < self.calendar.now() - KEPT:
                return None
            entered: Mapping[str, Any] = row.values
            return entered

    async def drop(self, actor: Actor, form: str) -> None:
        """It was sent."""
        async with self.noting(actor, "formwords.drop") as tx:
            row = await _DRAFTS.find(tx, _token(form))
            if row is not None:
                await tx.session.delete(row)


def _token(form: str) -> str:
    # What an earlier version kept has another shape, and is left alone.
    return hashlib.sha256(f"2:{form}".encode()).hexdigest()[:32]
