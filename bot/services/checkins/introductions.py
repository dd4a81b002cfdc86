"""What a person's first message says before anything else. A step for services."""

from __future__ import annotations

from datetime import time

from sqlalchemy import bindparam, select

from bot.domain.checkins import FirstContact, PromptItem, StandingRoles
from bot.domain.people import is_about_priorities, is_asked, sends_checkins
from bot.domain.record import Member, Record
from bot.domain.rhythm import describe
from bot.domain.rights import (
    coordinators,
    readers_of_actions,
    readers_of_notes,
    readers_of_update,
)
from bot.domain.vocabularies import CadenceKind
from bot.services.access import Addressee, OnRecord
from bot.services.checkins.prompts import member_in, questions_of, readers_of
from bot.store.audit import AuditEntryRow, ChangeRow
from bot.store.coalition import CoalitionRow
from bot.store.database import prepared
from bot.store.people import SlackAccountRow
from bot.store.record import read_rows


async def first_contact_of(
    tx: OnRecord, to: Addressee, item: PromptItem | None, *, confirmed: bool
) -> FirstContact | None:
    """Who set this up, for somebody's first message. `item` is the check-in that it asks for, if any: an owner reads
    what will be asked of them also where something else comes first."""
    roles = StandingRoles(tx.record)
    all_sending = [one for one in tx.record.cadences if sends_checkins(tx.record, one)]
    sending = [one for one in all_sending if is_about_priorities(tx.record, one)]
    asking = [one for one in all_sending if one not in sending and is_asked(tx.record, one.id, to.key)]
    asked = next((one for one in sending if roles.of_cadence(one.id)), next(iter(sending), None))
    cadence = asked or next((one for one in tx.record.cadences if one.kind == CadenceKind.CHECKIN), None)
    owned = [one for one in tx.record.priorities if one.owner == to.key] if asked is not None else []
    coalition_id, receiver_id = to.actor.coalition_id, to.actor.member_id
    coalition = (await read_rows(tx.session, coalition_id, "coalitions"))[coalition_id]
    starter_id, account_zone = (
        await tx.session.execute(_STARTER_AND_ZONE, {"coalition": coalition_id, "member": receiver_id})
    ).one()
    starter = None
    if starter_id is not None:
        starter = member_in(tx.record, (await read_rows(tx.session, coalition_id, "members"))[starter_id]["key"])
    introducer = starter or _introducer(tx.record)
    if introducer is None:
        return None
    organization = next(one for one in tx.record.everything.organizations if one.id == introducer.organization)
    own = member_in(tx.record, to.key)
    questions = questions_of(tx.record, asked) if asked is not None and owned else None
    minutes = questions.minutes if questions is not None else 0
    stand_in = member_in(tx.record, own.delegate).name if owned and own.delegate is not None else None
    if item is not None:
        # A week's minutes: what asks people for themselves comes as rarely as it likes.
        minutes = item.minutes if not item.is_own else 0
        stand_in = item.delegate_name if item.owner == to.key else None
    return FirstContact(
        set_up_by=introducer.name if introducer.id != to.key else None,
        set_up_by_organization=organization.name,
        coalition_name=tx.record.coalition.name,
        private_readers=readers_of_notes(tx.record),
        minutes=minutes,
        stand_in=stand_in,
        zone_known=own.timezone is not None or account_zone is not None,
        rhythm=describe(cadence) if cadence is not None else "",
        quiet_from=time.fromisoformat(coalition["quiet_from"]),
        quiet_to=time.fromisoformat(coalition["quiet_to"]),
        confirmed=confirmed,
        owned=tuple(one.name for one in owned),
        own_checkins=tuple(
            (questions.title, describe(one))
            for one in asking
            if (questions := questions_of(tx.record, one)) is not None
        ),
        readers=tuple(
            dict.fromkeys(
                [
                    *(reader for one in owned for reader in readers_of_update(tx.record, one)),
                    *(
                        reader
                        for one in asking
                        for reader in readers_of(
                            tx.record, one, questions_of(tx.record, one), to.key, sets_standing=False
                        )
                    ),
                ]
            )
        ),
        action_readers=readers_of_actions(tx.record, to.key),
    )


def _introducer(record: Record) -> Member | None:
    """Who makes the introduction if nobody is known to have set it up: the first who runs operations, else any
    coordinator."""
    people = coordinators(record)
    staff = [person for person in people if any(role.role == "backbone_staff" for role in person.roles)]
    return next(iter((*staff, *people)), None)


# Who set the coalition up, and what Slack says of the receiver's clock.
_STARTER_AND_ZONE = prepared(
    select(
        select(ChangeRow.actor_id)
        .join(AuditEntryRow, AuditEntryRow.change_id == ChangeRow.id)
        .where(
            ChangeRow.coalition_id == bindparam("coalition"),
            ChangeRow.actor_id.is_not(None),
            AuditEntryRow.table_name == CoalitionRow.__tablename__,
        )
        .order_by(ChangeRow.id)
        .limit(1)
        .scalar_subquery(),
        select(SlackAccountRow.timezone)
        .where(SlackAccountRow.member_id == bindparam("member"))
        .limit(1)
        .scalar_subquery(),
    )
)
