"""Whose organizations take part in a coalition that is being set up: told apart by what Slack shows of people, named
and put into sectors by whoever sets it up. Nothing is made up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import SeenAccount
from bot.domain.vocabularies import Sector, words
from bot.domain.wording import one_line

MOST_ORGANIZATIONS = 40
SECTORS = words(Sector)
# Addresses at these say nothing about where somebody works.
_OF_EVERYBODY = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "aol.com", "proton.me"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChoice:
    """One organization as it is entered. `key` tells it from the others until it has a name; `people` are names."""

    key: str
    people: tuple[str, ...] = ()
    name: str = ""
    is_suggested: bool = False  # nobody wrote this name: it was read from an address
    sector: str | None = None


def organization_key(account: SeenAccount, home: SeenAccount) -> str | None:
    """By what somebody's organization is told apart: an address's domain, else the workspace that a connected person
    comes from. None is the organization that sets the coalition up."""
    domain, own = _domain(account.email), _domain(home.email)
    if not account.is_external and (domain is None or domain == own):
        return None
    return domain or account.team_id


def organizations_of(
    accounts: Sequence[SeenAccount], home: SeenAccount, entered: Mapping[str, Sequence[str | None]]
) -> tuple[OrganizationChoice, ...]:
    """The organizations of these people but the one that sets it up, with what was entered of them: name and sector.

    A domain suggests a name; nothing suggests a sector.
    """
    people: dict[str, list[str]] = {}
    for account in accounts:
        key = organization_key(account, home)
        if key is not None:
            people.setdefault(key, []).append(account.name)
    found = []
    for key, names in people.items():
        name, sector = entered.get(key, (None, None))
        suggested = key.split(".")[0].replace("-", " ").title() if "." in key else ""
        shown = suggested if name is None else name
        found.append(
            OrganizationChoice(
                key=key,
                people=tuple(names),
                name=shown,
                is_suggested=bool(shown) and shown == suggested,
                sector=sector or None,
            )
        )
    return tuple(found)


def mistakes_of(choices: Sequence[OrganizationChoice], most_name: int) -> dict[str, str]:
    """Field → what is to be mended, by the number of the organization."""
    errors: dict[str, str] = {}
    sectors: dict[str, str] = {}
    for number, one in enumerate(choices):
        name = one_line(one.name)
        if not name:
            errors[f"organization_{number}"] = "Write the organization's name."
        elif len(name) > most_name:
            errors[f"organization_{number}"] = f"This has {len(name)} characters. {most_name} fit."
        if one.sector not in SECTORS:
            errors[f"sector_{number}"] = "Choose its sector."
        elif sectors.setdefault(name.casefold(), one.sector) != one.sector:
            errors[f"sector_{number}"] = "The same organization stands above with another sector."
    return errors


def _domain(email: str | None) -> str | None:
    domain = (email or "").rpartition("@")[2].casefold()
    return domain if domain and domain not in _OF_EVERYBODY else None
