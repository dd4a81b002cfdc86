"""Whom Slack doesn't reach: who reads by mail in its place, and who gets nothing, with why and what mends it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.outbox import HeldAccount, Path, Trouble, is_about_place, path_to, trouble_in_slack
from bot.domain.record import Member, Record
from bot.domain.vocabularies import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSlack:
    """A member whom Slack doesn't reach. `trouble` is why, and the coordinator's next step; `reads_mail`: what is for
    them goes by e-mail meanwhile. `open_checkins` wait for their answer, which a coordinator may give for them."""

    member: str
    name: str
    organization: str
    access: str
    trouble: Trouble
    reads_mail: bool = False
    open_checkins: int = 0

    @property
    def may_be_linked(self) -> bool:
        """Whether they take part in Slack."""
        return self.access != Access.EMAIL_ONLY

    @property
    def needs_account(self) -> bool:
        """Whether an account, or another one, would mend it."""
        return self.may_be_linked and not is_about_place(self.trouble)


def find_outside_slack(
    record: Record, accounts: Mapping[str, HeldAccount], open_checkins: Mapping[str, int]
) -> tuple[OutsideSlack, ...]:
    """They, in file order. `accounts` and `open_checkins` go by member. Whoever takes part by e-mail and gets it is
    none of them."""
    organizations = {one.id: one.name for one in record.everything.organizations}
    found = []
    for member in record.present:
        account = accounts.get(member.id)
        path = path_of(record, member, account)
        trouble = path if isinstance(path, Trouble) else trouble_in_slack(account)
        if trouble is None or (path is Path.MAIL and member.access == Access.EMAIL_ONLY):
            continue
        found.append(
            OutsideSlack(
                member=member.id,
                name=member.name,
                organization=organizations[member.organization],
                access=member.access,
                trouble=trouble,
                reads_mail=path is Path.MAIL,
                open_checkins=open_checkins.get(member.id, 0),
            )
        )
    return tuple(found)


def path_of(record: Record, member: Member, account: HeldAccount | None) -> Path | Trouble:
    """How this member is reached, with this account."""
    return path_to(member.access, member.email, account, has_mail=record.has_mail)


def out_of_reach(found: Iterable[OutsideSlack]) -> tuple[OutsideSlack, ...]:
    """Those of them who get nothing."""
    return tuple(one for one in found if not one.reads_mail)
