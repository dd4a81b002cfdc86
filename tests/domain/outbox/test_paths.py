"""By which path something reaches whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.outbox import (
    BY_EMAIL_ONLY,
    DEACTIVATED,
    NO_ADDRESS,
    NO_DIRECT_MESSAGES,
    NOT_LINKED,
    HeldAccount,
    Path,
    Trouble,
    path_to,
)
from bot.domain.outbox.paths import ADDRESS, ASKED_AGAIN_AFTER, BY_MAIL, NOTES_APART
from bot.domain.vocabularies import Access
from tests.tables import on_each

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
FINE, GONE = HeldAccount(), HeldAccount(deactivated=True)
REFUSED = HeldAccount(refusal="restricted_action", refused_at=NOW)
IN_SLACK = [one for one in Access if one is not Access.EMAIL_ONLY]
GUESTS = [one for one in IN_SLACK if one is not Access.MEMBER]


def path(
    access: str, account: HeldAccount | None, *, address: str | None = "a@b.example", has_mail: bool = True
) -> object:
    return path_to(access, address, account, has_mail=has_mail)


@on_each("has_mail", [True, False])
@on_each("access", IN_SLACK)
def test_whom_slack_reaches_reads_there(access: str, has_mail: bool) -> None:
    assert path(access, FINE, has_mail=has_mail) is Path.SLACK


@on_each("account", [None, REFUSED])
@on_each("access", IN_SLACK)
def test_whom_slack_does_not_reach_reads_by_mail(access: str, account: HeldAccount | None) -> None:
    assert path(access, account) is Path.MAIL


@pytest.mark.parametrize("access", GUESTS)
def test_a_guest_whose_account_is_gone_reads_by_mail(access: str) -> None:
    assert path(access, GONE) is Path.MAIL


@pytest.mark.parametrize("account", [GONE, HeldAccount(refusal="user_disabled", refused_at=NOW)])
def test_of_a_full_member_whose_account_is_gone_a_coordinator_says_so_first(account: HeldAccount) -> None:
    assert path(Access.MEMBER, account) == Trouble(DEACTIVATED.why, f"{DEACTIVATED.mend}, or {BY_MAIL}")


@on_each(
    ("account", "trouble"),
    [(None, NOT_LINKED), (GONE, DEACTIVATED), (REFUSED, NO_DIRECT_MESSAGES["restricted_action"])],
)
@on_each("access", IN_SLACK)
def test_without_mail_it_waits_with_the_reason(access: str, account: HeldAccount | None, trouble: Trouble) -> None:
    assert path(access, account, has_mail=False) == trouble
    assert path(access, account, address=None) == Trouble(trouble.why, f"{trouble.mend}, {ADDRESS}")


def test_whoever_takes_part_by_mail_alone_reads_it_or_is_listed() -> None:
    for account in (None, FINE, GONE):
        assert path(Access.EMAIL_ONLY, account) is Path.MAIL
        assert path(Access.EMAIL_ONLY, account, address=None) == NO_ADDRESS
        assert path(Access.EMAIL_ONLY, account, has_mail=False) == BY_EMAIL_ONLY


def test_each_refusal_has_a_reason_and_a_mend() -> None:
    for code, trouble in NO_DIRECT_MESSAGES.items():
        found = path(Access.SLACK_CONNECT, HeldAccount(refusal=code, refused_at=NOW), has_mail=False)
        assert found == trouble
        assert trouble.why
        assert trouble.mend


def test_slack_is_asked_again_after_a_while() -> None:
    assert not FINE.may_be_tried_at(NOW)
    assert not REFUSED.may_be_tried_at(NOW + ASKED_AGAIN_AFTER - timedelta(seconds=1))
    assert REFUSED.may_be_tried_at(NOW + ASKED_AGAIN_AFTER)


def test_a_note_is_left_about_once_a_day_and_for_nobody_who_is_gone() -> None:
    assert REFUSED.takes_a_note_at(NOW)
    assert not FINE.takes_a_note_at(NOW)
    assert not HeldAccount(refusal="user_disabled", refused_at=NOW).takes_a_note_at(NOW)
    noted = HeldAccount(refusal="restricted_action", refused_at=NOW, noted_at=NOW - NOTES_APART + timedelta(minutes=1))
    assert not noted.takes_a_note_at(NOW)
    assert noted.takes_a_note_at(NOW + timedelta(minutes=1))
