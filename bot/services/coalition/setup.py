"""Setting up a new coalition in a workspace: five steps, each saved on its own, and taken up again where it was left.

What Slack says about people and channels comes from the edge; nothing here talks to Slack. What a step's form shows is
in `setup_pages`; what becomes of all of it, and of the accounts and channels that a step brings, in `setup_record`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.coalition import (
    DONE,
    MOST_NAME,
    MOST_ORGANIZATIONS,
    SECTORS,
    STEPS,
    PriorityChoice,
    SetupPage,
    Task,
    checklist,
    first_record,
    may_set_up,
    mistakes_of,
    rhythm_is_there,
    with_missing_rhythm,
)
from bot.domain.coalition_file import is_zone, to_file
from bot.domain.people import SeenAccount, SeenChannel, Workspace
from bot.domain.record import Record
from bot.domain.rhythm import Rhythm, missing_in_rhythm, rhythm_around
from bot.domain.rights import coordinators
from bot.domain.typed import Mistakes
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import USUAL_LOCALE, known_locale, one_line
from bot.errors import Refused, UserError
from bot.services.access import Actor, ByActor, OnRecord, Service, Transaction
from bot.services.coalition.setup_pages import (
    found_in,
    found_of,
    organization_choices,
    problems_of,
    read_page,
    rhythm_page,
)
from bot.services.coalition.setup_record import keep_channels, link_accounts, whole_record
from bot.store.audit import Author, change_id
from bot.store.coalition import CoalitionRow, SetupRow
from bot.store.digests import ImportedFileRow
from bot.store.people import (
    SettingRow,
    SlackAccountRow,
    SlackChannelRow,
    WorkspaceRow,
    coalition_of_team,
    keys_by_account,
    member_of_account,
)
from bot.store.record import read_record, write_record

NAMED = "setup_by:"
WHO_MAY = (
    "A coalition is set up by an owner or admin of this Slack workspace. Ask one of them to write /coalition setup. "
    "Whoever runs Backbeat can also name you: `backbeat admin add EMAIL`."
)


class Setup(Service):
    """Use cases around a coalition that is being set up."""

    async def name_admin(self, email: str) -> None:
        """Lets whoever has this address in Slack set up a coalition; for the program itself, before there is one."""
        async with self.database.write() as session:
            name = f"{NAMED}{email.strip().casefold()}"
            if await session.get(SettingRow, name) is None:
                session.add(SettingRow(name=name, value=""))

    async def begin(self, workspace: Workspace, account: SeenAccount) -> SetupPage:
        """The open step for this person. Raises Refused for somebody who may not set up, saying who can."""
        now = self.calendar.now()
        async with self.database.write() as session:
            bound = await coalition_of_team(session, workspace.team_id)
            row = await session.get(SetupRow, workspace.team_id)
            if bound is not None:
                record = await read_record(session, bound)
                if await member_of_account(session, bound, account.user_id, account.team_id) not in _leads(record):
                    raise Refused(_others_set_up(record))
                if row is None and not rhythm_is_there(record):
                    return rhythm_page(record)
                tx = Transaction(session, bound, now).on(record)
                return await read_page(tx, row, row.step if row is not None else DONE)
            if not may_set_up(account, await _named(session)):
                raise Refused(WHO_MAY)
            if row is None:
                row = SetupRow(team_id=workspace.team_id, user_id=account.user_id, step=1, values={}, saved_at=now)
                session.add(row)
            typed = row.values.get("typed", {}) if row.user_id == account.user_id else {}
            row.user_id, row.saved_at = account.user_id, now
            row.values = _begun(workspace, account) | ({"typed": typed} if typed else {})
            return SetupPage(
                step=1,
                name=typed.get("name") or "",
                timezone=typed.get("timezone") or account.timezone or "",
                locale=typed.get("locale") or USUAL_LOCALE,
                organization=(typed["organization"] if typed else workspace.name) or "",
                sector=typed.get("sector"),
            )

    async def keep_names(self, team_id: str, user_id: str, typed: Mapping[str, str | None]) -> None:
        """Keeps, for whoever has begun, what stands in step 1's form; only sending it makes the coalition."""
        names = ("name", "organization", "sector", "timezone", "locale")
        async with self.database.write() as session:
            row = await session.get(SetupRow, team_id)
            bound = await coalition_of_team(session, team_id)
            if row is not None and row.user_id == user_id and bound is None:
                row.values = {**row.values, "typed": {name: typed.get(name) for name in names}}
                row.saved_at = self.calendar.now()

    async def name_coalition(
        self,
        team_id: str,
        user_id: str,
        name: str,
        timezone: str,
        organization: str,
        sector: str,
        *,
        locale: str = USUAL_LOCALE,
    ) -> SetupPage:
        """Step 1: makes the coalition, a draft, with this person as its lead; sent again, it changes the names.

        Raises UserError for a field, or where somebody else has just done it.
        """
        name, organization = one_line(name), one_line(organization)
        _require_text(name, "name", "Write the coalition's name.")
        _require_text(organization, "organization", "Write the organization that you work for.")
        if sector not in SECTORS:
            raise UserError("Choose your organization's sector.", field="sector")
        if not is_zone(timezone):
            raise UserError("Choose a time zone: type a city, such as Chicago.", field="timezone")
        if known_locale(locale) != locale:
            raise UserError("Choose how figures and dates are written: type a country.", field="locale")
        now = self.calendar.now()
        async with self.database.read() as session:
            # Empty the first time: who sets up becomes a member by it.
            lead = await session.scalar(
                select(SlackAccountRow.member_id)
                .join(WorkspaceRow, WorkspaceRow.coalition_id == SlackAccountRow.coalition_id)
                .where(WorkspaceRow.team_id == team_id, SlackAccountRow.user_id == user_id)
            )
        async with self.database.write(Author(at=now, path="slack", member_id=lead)) as session:
            row = await session.get(SetupRow, team_id, with_for_update=True)
            bound = await coalition_of_team(session, team_id)
            if bound is not None:
                tx = Transaction(session, bound, now)
                return await _rename(tx, row, user_id, (name, timezone, locale), (organization, sector))
            if row is None or row.user_id != user_id:
                raise UserError("Somebody else has begun meanwhile. Close this and write /coalition setup again.")
            applicant, workspace = _starter(row), Workspace(**row.values["workspace"])
            taken = set(await session.scalars(select(CoalitionRow.key)))
            record = first_record(name, timezone, organization, sector, applicant, taken, now, locale)
            coalition = CoalitionRow(
                key=record.coalition.id,
                name=name,
                timezone=timezone,
                currency=record.coalition.currency,
                locale=record.coalition.locale,
                schema_version=record.schema_version,
                first_imported_at=now,
                state=CoalitionState.DRAFT,
            )
            session.add(coalition)
            await session.flush()
            await write_record(session, coalition, record)
            coalition.first_change_id = change_id(session.sync_session, coalition.id)
            session.add(
                WorkspaceRow(
                    coalition_id=coalition.id,
                    team_id=team_id,
                    enterprise_id=workspace.enterprise_id,
                    name=workspace.name,
                    bot_user_id=workspace.bot_user_id,
                )
            )
            tx = Transaction(session, coalition.id, now).on(record)
            await link_accounts(tx, {record.members[0].id: applicant})
            await session.execute(delete(SettingRow).where(SettingRow.name.startswith(NAMED)))
            row.coalition_id, row.step, row.saved_at = coalition.id, 2, now
            return await read_page(tx, row, 2)

    async def page(self, actor: Actor, step: int) -> SetupPage:
        """The form of a step that was there already, to change it."""
        async with self.reading(actor, "setup.page") as tx:
            row = await _row(tx)
            return await read_page(tx, row, min(step, row.step))

    async def choose_priorities(self, actor: Actor, choices: Sequence[PriorityChoice]) -> None:
        """Step 2, as it was entered: kept until Slack has said who the people are. Raises UserError for a field."""
        actor.require("setup.choose_priorities")
        names: list[str] = []
        channels: list[str] = []
        kept = [replace(one, name=one_line(one.name)) for one in choices]
        for index, one in enumerate(kept):
            _require_text(one.name, f"priority_{index}", "Write the priority's name.")
            if one.name.casefold() in names:
                raise UserError("This name is already there. Give each priority its own.", field=f"priority_{index}")
            if one.owner is None:
                raise UserError("Choose who owns this priority.", field=f"owner_{index}")
            if one.channel is None:
                raise UserError("Choose the channel where this priority is worked on.", field=f"channel_{index}")
            if one.channel in channels:
                raise UserError("This channel is another priority's. Choose another one.", field=f"channel_{index}")
            names.append(one.name.casefold())
            channels.append(one.channel)
        async with self.noting(actor) as tx:
            row = await _open_row(tx)
            _starter(row)
            row.values = {**row.values, "choices": [asdict(one) for one in kept]}
            row.saved_at = self.calendar.now()

    async def add_priorities(
        self,
        actor: Actor,
        accounts: Sequence[SeenAccount],
        channels: Sequence[SeenChannel],
        seated: Mapping[str, Sequence[str]],
    ) -> SetupPage:
        """Step 2, applied: priorities with their owners, and who was found in their channels.

        `channels` are those that the bot is in; `seated` maps a channel's id to user ids. Where something can't be
        used yet the page is step 2 again, with what to do about it.
        """
        async with self.writing(actor, "setup.add_priorities") as tx:
            row = await _open_row(tx)
            tx = await tx.read()
            chosen = [PriorityChoice(**one) for one in row.values.get("choices", [])]
            by_id = {one.user_id: one for one in accounts}
            names = {one.channel_id: one.name for one in channels}
            problems = problems_of(chosen, by_id, names)
            if problems:
                page = await read_page(tx, row, 2)
                return replace(page, problems=tuple(problems))
            found = found_in(chosen, by_id, names, seated)
            before = {one.account.user_id for one in found_of(row)}
            await keep_channels(tx, channels)
            row.values = {**row.values, "found": found, "channel_count": len(chosen), "channels": names}
            if "ticked" in row.values:
                # Whoever was found in another channel takes part unless somebody says otherwise.
                came = [one.account.user_id for one in found_of(row) if one.account.user_id not in before]
                row.values = {**row.values, "ticked": [*row.values["ticked"], *came]}
            row.step, row.saved_at = max(row.step, 3), tx.now
            return await read_page(tx, row, 3)

    async def add_people(self, actor: Actor, ticked: Sequence[str], stand_ins: Mapping[str, str | None]) -> SetupPage:
        """Step 3: who takes part, by Slack user id, and who stands in for which owner. Raises UserError for a field.

        The page is step 4, or step 5 where nobody comes from another organization.
        """
        async with self.writing(actor, "setup.add_people") as tx:
            row = await _open_row(tx)
            _starter(row)
            for owner, stand_in in stand_ins.items():
                if owner == stand_in:
                    raise UserError("Choose somebody other than the owner.", field=f"stand_in_{owner}")
            row.values = {**row.values, "ticked": list(ticked), "stand_ins": dict(stand_ins)}
            count = len(organization_choices(row))
            if count > MOST_ORGANIZATIONS:
                raise UserError(
                    f"These people are of {count} organizations. {MOST_ORGANIZATIONS} fit at once: tick fewer, and "
                    "add the others afterwards under Members."
                )
            following = 4 if count else 5
            row.step, row.saved_at = max(row.step, following), tx.now
            tx = await tx.read()
            return await read_page(tx, row, following)

    async def name_organizations(self, actor: Actor, entered: Sequence[tuple[str, str | None]]) -> SetupPage:
        """Step 4: name and sector of each organization of those who take part, in the page's order. Raises Mistakes."""
        async with self.writing(actor, "setup.name_organizations") as tx:
            row = await _open_row(tx)
            _starter(row)
            _keep_organizations(row, entered)
            errors = mistakes_of(organization_choices(row), MOST_NAME)
            if errors:
                raise Mistakes(errors)
            row.step, row.saved_at = max(row.step, 5), tx.now
            tx = await tx.read()
            return await read_page(tx, row, 5)

    async def keep(
        self,
        actor: Actor,
        *,
        choices: Sequence[PriorityChoice] | None = None,
        people: tuple[Sequence[str], Mapping[str, str | None]] | None = None,
        organizations: Sequence[tuple[str, str | None]] | None = None,
        rhythm: Mapping[str, str | None] | None = None,
    ) -> None:
        """Keeps what stands in a step's form, finished or not, so that it is there when the step is shown again."""
        async with self.noting(actor, "setup.keep") as tx:
            row = await _open_row(tx)
            _starter(row)
            kept, step = dict(row.values), row.step
            if choices is not None:
                kept["choices"], step = [asdict(one) for one in choices], 2
            if people is not None:
                kept |= {"ticked": list(people[0]), "stand_ins": dict(people[1])}
                step = 3
            if rhythm is not None:
                kept["rhythm"] = dict(rhythm)
            # The steps after a changed one are gone through again, since they may ask for other things now.
            row.values, row.step = kept, min(row.step, step)
            if organizations is not None:
                _keep_organizations(row, organizations)
                row.step = min(row.step, 4)

    async def set_rhythm(self, actor: Actor, rhythm: Rhythm, channel_id: str | None) -> None:
        """Step 5: the days and times of the ask and the digest, and where the digest goes. Nothing is sent by it.

        With it all that was entered becomes the coalition's record. One that came from a file gets what it lacks, and
        what it has stays. Raises UserError for a field.
        """
        async with self.writing(actor, "setup.set_rhythm") as tx:
            row = await tx.session.scalar(select(SetupRow).where(SetupRow.coalition_id == actor.coalition_id))
            if row is not None:
                row = await _open_row(tx)
            else:
                # Two may add it at once.
                await tx.session.get_one(CoalitionRow, actor.coalition_id, with_for_update=True)
            tx = await tx.read()
            if row is None:
                rhythm = rhythm_around(tx.record, rhythm)
                _require_missing(tx.record)
            if rhythm.problem is not None and (row is not None or "checkin" in missing_in_rhythm(tx.record)):
                digest_is_asked = row is not None or "digest" in missing_in_rhythm(tx.record)
                raise UserError(rhythm.problem, field="digest_day" if digest_is_asked else "ask_day")
            rhythm = replace(rhythm, channel=await _name_of(tx, channel_id))
            if row is None:
                # The file stays what later imports are compared with.
                await _write(tx.on(with_missing_rhythm(tx.record, rhythm, tx.now)))
                return
            if row.step < STEPS:
                raise UserError("An earlier step has changed. Close this and write /coalition setup to go on.")
            known = await keys_by_account(tx.session, actor.coalition_id)
            record, linked = whole_record(tx.record, row, known, rhythm, tx.now)
            await _write(tx.on(record))
            await link_accounts(tx, linked)
            # What later imports are compared with.
            tx.session.add(ImportedFileRow(coalition_id=actor.coalition_id, imported_at=tx.now, data=to_file(record)))
            # What Slack said about people was needed for the steps only.
            row.values, row.step, row.saved_at = {}, DONE, tx.now

    async def checklist(self, actor: Actor) -> tuple[Task, ...]:
        """What the coalition has and has not yet."""
        async with self.looking(actor, "setup.checklist") as tx:
            return checklist(await tx.read_present())


async def _name_of(tx: Transaction, channel_id: str | None) -> str | None:
    """The roll-up channel's name. Raises UserError where the bot is not in it."""
    channel: str | None = await tx.session.scalar(
        select(SlackChannelRow.name).filter_by(coalition_id=tx.coalition_id, channel_id=channel_id)
    )
    if channel_id is not None and channel is None:
        raise UserError(
            "I'm not in that channel yet. Write /invite @Backbeat there, then press See week one again.",
            field="channel",
        )
    return channel


def _keep_organizations(row: SetupRow, entered: Sequence[tuple[str, str | None]]) -> None:
    """Names and sectors in the order of the page, by how the organizations are told apart."""
    named = zip(organization_choices(row), entered, strict=False)
    kept = {**row.values.get("organizations", {}), **{one.key: list(pair) for one, pair in named}}
    row.values = {**row.values, "organizations": kept}


def _require_missing(record: Record) -> None:
    if rhythm_is_there(record):
        raise UserError("The weekly rhythm is there already. Type /checkin to see it or change it.")


def _require_text(text: str, field: str, mend: str) -> None:
    if not text:
        raise UserError(mend, field=field)
    if len(text) > MOST_NAME:
        raise UserError(f"This has {len(text)} characters. {MOST_NAME} fit.", field=field)


async def _rename(
    tx: Transaction, row: SetupRow | None, user_id: str, named: tuple[str, str, str], organization: tuple[str, str]
) -> SetupPage:
    """Step 1 once more: the same person changes a draft's name, zone and locale (`named`); anybody else is told who did
    it."""
    name, timezone, locale = named
    tx = await tx.read()
    coalition = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    if row is None or row.user_id != user_id or not coalition.is_draft:
        raise UserError(_others_set_up(tx.record))
    own = replace(tx.record.organizations[0], name=organization[0], sector=organization[1])
    record = replace(
        tx.record,
        coalition=replace(tx.record.coalition, name=name, timezone=timezone, locale=locale),
        organizations=(own, *tx.record.organizations[1:]),
    )
    await _write(tx.on(record))
    return await read_page(tx.on(record), row, 2)


def _leads(record: Record) -> set[str]:
    return {
        member.id
        for member in record.members
        if any(role.role in {"admin", "backbone_lead"} and role.scope == "coalition" for role in member.roles)
    }


def _others_set_up(record: Record) -> str:
    helper = next(iter(coordinators(record)), None)
    who = f"{helper.name} can help." if helper is not None else "Whoever runs Backbeat can help."
    return f"{record.coalition.name} lives in this workspace; its leads set it up. {who}"


async def _row(tx: ByActor) -> SetupRow:
    row = await tx.session.scalar(select(SetupRow).where(tx.owns(SetupRow)).with_for_update())
    if row is None:
        raise UserError("This coalition came from a file, so there are no steps left. Type /coalition to see it.")
    return row


async def _open_row(tx: ByActor) -> SetupRow:
    """The setup, while it may still be changed by its forms."""
    coalition = await tx.session.get_one(CoalitionRow, tx.coalition_id)
    if not coalition.is_draft:
        raise UserError(f"{coalition.name} has been started meanwhile. Type /coalition to change it.")
    return await _row(tx)


def _begun(workspace: Workspace, account: SeenAccount) -> dict[str, Any]:
    """What the steps need to know of where they happen and who takes them."""
    return {"workspace": asdict(workspace), "by": asdict(account)}


def _starter(row: SetupRow) -> SeenAccount:
    """Who began. Raises UserError once everything was entered: the steps' forms are over then."""
    if "by" not in row.values:
        raise UserError("Everything is already entered. Close this and write /coalition setup to see week one.")
    return SeenAccount(**row.values["by"])


async def _write(tx: OnRecord) -> None:
    await write_record(tx.session, await tx.session.get_one(CoalitionRow, tx.coalition_id), tx.record)


async def _named(session: AsyncSession) -> set[str]:
    names = await session.scalars(select(SettingRow.name).where(SettingRow.name.startswith(NAMED)))
    return {name.removeprefix(NAMED) for name in names}
