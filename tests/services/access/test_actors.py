"""Refusals: what is missing, and by name who can help."""

from __future__ import annotations

import pytest

from bot.domain.record import Record, Role
from bot.domain.rights import Standing
from bot.errors import Refused
from bot.services.access import person
from tests.builders import member, record
from tests.tables import on_each

STAFF = member("sam", name="Sam Ruiz", roles=(Role(role="backbone_staff", scope="coalition"),))
ADMIN = member("ada", name="Ada Bell", roles=(Role(role="admin", scope="coalition"),))


@on_each(
    ("method", "known", "who", "helper"),
    [
        ("members.page", record(members=(STAFF, ADMIN)), "Sam Ruiz", None),
        ("coalitions.pause", record(members=(STAFF, ADMIN)), "Ada Bell", None),
        ("members.page", record(members=()), "A coordinator", "A coordinator"),
        ("members.page", None, "A coordinator", "A coordinator"),
        ("coalitions.pause", None, "An admin", "An admin"),
    ],
)
def test_a_refusal_names_somebody_who_may(method: str, known: Record | None, who: str, helper: str | None) -> None:
    with pytest.raises(Refused, match=rf" (the coordinators|leads and admins)\. {who} can help\.$") as caught:
        person(1, Standing(), "zoe", 7).require(method, record=known)
    assert caught.value.helper == helper
    assert caught.value.naming("Sam Ruiz").endswith(f"{'Sam Ruiz' if helper else who} can help.")
