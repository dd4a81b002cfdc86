"""Looks at settings, database, token, scopes, people and channels, and names the mend of whatever is amiss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy.engine import URL

from bot.addresses import is_loopback
from bot.clock import SystemElapsedTime
from bot.domain.canvases import CanvasList, CanvasState
from bot.domain.installations import Ended
from bot.domain.outbox import cut_off
from bot.domain.people import OutsideSlack
from bot.domain.vocabularies import CoalitionState
from bot.domain.wording import plural
from bot.errors import ConfigurationError, UserError
from bot.opening import bounces_of, mailer_of, open_services, seal_of, series_of
from bot.services import Services
from bot.services.access import operator
from bot.services.coalition import CoalitionSummary
from bot.settings import Settings
from bot.slack import directory
from bot.slack.client import client_of, kept_connections
from bot.slack.manifest import manifest
from bot.store import schema
from bot.store.database import database_url, is_private

# Seconds that an answer's way and the rounding of its date may take.
CLOCKS_AGREE = 20.0
CLOCK_MEND = (
    "Let it follow the network's time: `timedatectl set-ntp true` on Linux, Date & Time in the settings of macOS and "
    "Windows."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what is so, and where it isn't fine, what to do."""

    fine: bool
    text: str


async def diagnose(settings: Settings, coalition: str | None) -> list[Finding]:
    """Every finding, in the order in which they are best mended. Nothing is sent and nothing is changed in Slack."""
    findings = _tokens(settings)
    try:
        url = database_url(settings.database_url)
        async with open_services(settings) as services:
            findings.append(_database_finding(url))
            findings += file_findings(url)
            if settings.keep_deliveries_days is not None:
                what = f"Messages that ended are kept for {settings.keep_deliveries_days} days, all else for ever."
                findings.append(Finding(True, what))
            try:
                found = await services.coalitions.find(coalition)
            except UserError as error:
                findings.append(Finding(False, error.message))
            else:
                findings += await _coalition(services, found)
            findings += await _installations(services)
    except ConfigurationError as error:
        # What is wrong with a setting may stand there already.
        findings += [one for one in [Finding(False, str(error))] if one not in findings]
    findings += await _slack(settings)
    findings += await _mail(settings)
    findings += await _bounces(settings)
    return findings + series_findings(settings)


def series_findings(settings: Settings) -> list[Finding]:
    """Whether series are looked at, where, and with which keys; never what a key is."""
    try:
        reader = series_of(settings)
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    if reader is None:
        return [Finding(True, "Series are off: no figure is fetched. BACKBEAT_SERIES=true turns them on.")]
    hosts = ", ".join(settings.series_hosts or ()) or "none"
    fred = "FRED with its key" if reader.keys.fred else "FRED not at all (BACKBEAT_FRED_KEY isn't set)"
    others = {"BLS": reader.keys.bls, "Census": reader.keys.census}
    told = [fred, *(f"{name} {'with its' if key else 'without a'} key" for name, key in others.items())]
    return [Finding(True, f"Series are on. CSV files may come from: {hosts}. Asked are {', '.join(told)}.")]


def _database_finding(url: URL) -> Finding:
    if not schema.is_sound(url):
        return Finding(
            False,
            "The database file is damaged. Stop Backbeat and restore a backup: `backbeat restore FILE --replace`.",
        )
    newer = schema.newer_revision(url)
    if newer is None:
        return Finding(True, "The database can be used and is up to date.")
    return Finding(True, f"The database is newer than this program (schema {newer}), which can live with it.")


def _tokens(settings: Settings) -> list[Finding]:
    if settings.slack_client_id is not None:
        return _install_settings(settings)
    token = _secret(settings.slack_bot_token, "SLACK_BOT_TOKEN", "OAuth & Permissions, Bot User OAuth Token", "xoxb-")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        return [token, Finding(False, f"Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. {_TWO_WAYS}")]
    # An app uses one of two ways.
    findings = [token]
    if settings.slack_app_token is not None:
        findings.append(_secret(settings.slack_app_token, "SLACK_APP_TOKEN", _APP_TOKEN, "xapp-"))
    if settings.slack_signing_secret is not None:
        findings.append(_signing_secret(settings))
    return findings


_APP_TOKEN = "Basic Information, App-Level Tokens"
_SIGNING_SECRET = "Basic Information, Signing Secret"
_TWO_WAYS = (
    f"Socket Mode (`backbeat run`) takes the first, under {_APP_TOKEN}; `backbeat run --http` takes the second, under "
    f"{_SIGNING_SECRET}."
)


def _secret(secret: SecretStr | None, name: str, where: str, start: str = "") -> Finding:
    if secret is None:
        return Finding(False, f"{name} is not set. Find it in your app's settings: {where}.")
    if not secret.get_secret_value().startswith(start):
        return Finding(False, f"{name} should begin with {start}. Find it under {where}.")
    return Finding(True, f"{name} is set.")


def _signing_secret(settings: Settings) -> Finding:
    found = settings.slack_signing_secret
    if found is not None and found.get_secret_value().startswith(("xox", "xapp-")):
        return Finding(False, f"SLACK_SIGNING_SECRET is a token. Find the secret under {_SIGNING_SECRET}.")
    return _secret(found, "SLACK_SIGNING_SECRET", _SIGNING_SECRET)


def _install_settings(settings: Settings) -> list[Finding]:
    """Where several workspaces install the app, none has a token of its own among the settings."""
    findings = []
    if settings.slack_bot_token is not None:
        what = "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set. Where several install the app, leave out the first."
        findings.append(Finding(False, what))
    findings += [
        _secret(settings.slack_client_secret, "SLACK_CLIENT_SECRET", "Basic Information, Client Secret"),
        _signing_secret(settings),
    ]
    try:
        readable = seal_of(settings) is not None
    except ConfigurationError as error:
        findings.append(Finding(False, str(error)))
    else:
        keys = "is set." if readable else "is not set. `backbeat keys new` makes a key."
        findings.append(Finding(readable, f"BACKBEAT_TOKEN_KEYS {keys}"))
    return [*findings, _public_url(settings.public_url)]


def _public_url(url: str | None) -> Finding:
    if url is None:
        where = "It is where people and Slack reach `backbeat run --http`, such as https://bot.example.org."
        return Finding(False, f"BACKBEAT_PUBLIC_URL is not set. {where}")
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        return Finding(
            False, "BACKBEAT_PUBLIC_URL should begin with https://, since Slack sends people and requests nowhere else."
        )
    return Finding(True, "BACKBEAT_PUBLIC_URL is set.")


async def _mail(settings: Settings) -> list[Finding]:
    """Whether the mail server would take something, where one is set."""
    try:
        mailer = mailer_of(settings)
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    if mailer is None:
        return []
    trouble = await mailer.ask()
    if trouble is None:
        links = settings.public_url is not None and settings.token_keys is not None
        less = (
            "" if links else " Mails hold no links: set BACKBEAT_PUBLIC_URL and BACKBEAT_TOKEN_KEYS for answer pages."
        )
        return [Finding(True, f"The mail server takes mail.{less}")]
    return [Finding(False, f"{trouble[:1].upper()}{trouble[1:]}.")]


async def _bounces(settings: Settings) -> list[Finding]:
    """Whether the mailbox can be read to which mail goes back, where one is set."""
    try:
        box = bounces_of(settings)
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    if box is None:
        return []
    trouble = await box.ask()
    if trouble is None:
        return [Finding(True, "The mailbox for bounces can be read.")]
    return [Finding(False, f"{trouble[:1].upper()}{trouble[1:]}.")]


async def _coalition(services: Services, found: CoalitionSummary) -> list[Finding]:
    actor = operator(found.id)
    findings = []
    mend = {
        "draft": "nothing is sent yet. Start with `backbeat go-live`.",
        "paused": "sending is paused. Resume in Slack's Home.",
    }
    if found.state == CoalitionState.ENDED:
        # Nothing of it has to be mended.
        return [Finding(True, f"{found.name} ended {found.ended}. `backbeat reopen` brings it back.")]
    state = f"{found.name} is {'a draft' if found.state == CoalitionState.DRAFT else found.state}"
    ends = f" It ends {found.ended}." if found.ended is not None else ""
    findings.append(
        Finding(
            found.state == CoalitionState.LIVE,
            f"{state}.{ends}" if found.state == CoalitionState.LIVE else f"{state}: {mend[found.state]}",
        )
    )
    for channel, name in await services.people.narrowing(actor):
        what = f"Amounts are left out in #{channel}, since {name} may not see them: check the roles, or leave it so."
        findings.append(Finding(False, what))
    if not await services.people.has_workspace(actor):
        findings.append(Finding(False, "The bot has not looked at Slack yet. Start it once with `backbeat run`."))
        return findings
    for person in await services.people.outside_slack(actor):
        findings.append(Finding(person.reads_mail, f"{person.name} ({person.organization}): {_outside_words(person)}"))
    for one in await services.people.cut_off_channels(actor):
        waiting = f" {plural(len(one.waiting), 'post waits', 'posts wait')} for it." if one.waiting else ""
        why = "The bot is not in it" if one.trouble == cut_off(is_archived=False) else one.trouble.why.capitalize()
        todo = "Write /invite @Backbeat there" if one.trouble == cut_off(is_archived=False) else one.trouble.mend
        findings.append(Finding(False, f"#{one.channel}: {why}. {todo[:1].upper()}{todo[1:]}.{waiting}"))
    findings += _canvases(await services.canvases.page(actor))
    undelivered = await services.undeliveries.page(actor)
    for machine in undelivered.clocks:
        what = f"The clock of {machine} is wrong, so nothing new is planned or sent from there. {CLOCK_MEND}"
        findings.append(Finding(False, what))
    if undelivered.recovery is not None and undelivered.recovery.ended_at is None:
        since = f"{undelivered.recovery.since:%Y-%m-%d %H:%M} UTC"
        what = (
            f"The database knows nothing after {since}: what was sent since is looked up in Slack before anything goes "
            "out. Let `backbeat run` do so; Home says when it is done."
        )
        findings.append(Finding(False, what))
    if undelivered.count:
        told = (
            f"{plural(undelivered.count, 'message')} did not arrive: “/coalition deliveries” lists them, by receiver."
        )
        findings.append(Finding(False, told))
    return findings


def _outside_words(one: OutsideSlack) -> str:
    """Why Slack doesn't reach a member, and what is done about it."""
    why = one.trouble.why
    if one.reads_mail:
        return f"{why}, so they read by e-mail."
    mend = one.trouble.mend.replace("`backbeat link`", f"`backbeat link {one.member} TEAM:USER`")
    return f"{why}. {mend[:1].upper()}{mend[1:]}." if mend else f"{why}."


def _canvases(found: CanvasList) -> list[Finding]:
    """What Slack said to canvases; nothing else depends on them."""
    if found.refusal == CanvasState.NO_CANVASES:
        return [Finding(True, "Canvases are not kept up: this workspace's plan or settings have none.")]
    if found.refusal == CanvasState.NOT_ALLOWED:
        what = "Canvases are not kept up: Slack doesn't let the app write any. “/priority canvases” asks again."
        return [Finding(True, what)]
    if not found.in_need:
        return []
    names = ", ".join(one.name for one in found.in_need)
    return [Finding(False, f"Canvases wait for a coordinator's word: {names}. “/priority canvases” says why.")]


async def _installations(services: Services) -> list[Finding]:
    """What there is to say of workspaces that installed the app."""
    findings = []
    for one in await services.installations.states():
        if one.ended is not None:
            waits = f" {plural(one.waiting, 'message waits', 'messages wait')} for it." if one.waiting else ""
            mend = "Install it there again from /slack/install."
            findings.append(Finding(False, f"The app was {_ENDS[one.ended]} {one.name}.{waits} {mend}"))
        elif not one.is_readable:
            mend = "Put its key behind the others in BACKBEAT_TOKEN_KEYS, or install the app there again."
            findings.append(Finding(False, f"The token of {one.name} can't be read. {mend}"))
        elif one.coalition is None:
            mend = "An owner or admin writes /coalition setup there, or run `backbeat workspaces bind`."
            findings.append(Finding(False, f"No coalition lives in {one.name} yet. {mend}"))
        else:
            findings.append(Finding(True, f"The app is installed in {one.name}."))
    return findings


_ENDS = {
    Ended.UNINSTALLED: "removed from",
    Ended.REVOKED: "cut off by a revoked token in",
    Ended.EXPIRED: "cut off by an expired token in",
}


async def _slack(settings: Settings) -> list[Finding]:
    if settings.slack_bot_token is None:
        return []
    token = settings.slack_bot_token.get_secret_value()
    try:
        async with kept_connections(10.0) as connections:
            known = await directory.check_token(client_of(token, settings.slack_api_url, connections))
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    findings = [Finding(True, f"The token works in {known.team or known.team_id}.")]
    if known.date is not None:
        findings.append(clock_finding(SystemElapsedTime().epoch() - known.date.timestamp()))
    scopes = manifest()["oauth_config"]["scopes"]
    optional = set(scopes["bot_optional"])
    missing = sorted(set(scopes["bot"]) - optional - known.scopes) if known.scopes else []
    if missing:
        findings.append(
            Finding(False, f"The app lacks {', '.join(missing)}. Install it again with `backbeat manifest`.")
        )
    elif known.scopes:
        findings.append(Finding(True, "The app has every scope it needs."))
    if known.scopes and not optional <= known.scopes:
        what = "Canvases are not kept up: the app has no canvases:write, which is optional."
        findings.append(Finding(True, f"{what} To have them, install it again with `backbeat manifest`."))
    return findings


def file_findings(url: URL) -> list[Finding]:
    """Whether others on this machine can read what people said; of files that an older version made, or somebody."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    file = Path(url.database)
    wide = [one.name for one in sorted(file.parent.glob(f"{file.name}*")) if one.is_file() and not is_private(one)]
    if not wide:
        return [Finding(True, "The database's files are for their user only.")]
    what = f"Other users of this machine can read {', '.join(wide)}. Close them off: `chmod 600 {file}*`."
    return [Finding(False, what)]


def clock_finding(ahead: float) -> Finding:
    """`ahead`: by how many seconds this machine's clock is before Slack's."""
    if abs(ahead) <= CLOCKS_AGREE:
        return Finding(True, "This machine's clock agrees with Slack's.")
    minutes = round(abs(ahead) / 60)
    off = f"{minutes} minute{'s' if minutes != 1 else ''}" if minutes else f"{round(abs(ahead))} seconds"
    return Finding(
        False,
        f"This machine's clock is {off} {'ahead of' if ahead > 0 else 'behind'} Slack's, so messages come at the wrong "
        f"time. {CLOCK_MEND}",
    )
