"""What setting up needs: `manifest` for Slack, and `doctor`."""

from __future__ import annotations

import json

import click

from bot.cli.command import COALITION, asynchronous, given_settings


@click.command()
@click.option("--prefix", default="", help="Put this before every command's name, should another app own one.")
@click.option(
    "--http", metavar="URL", help="For `run --http`: where Slack reaches it, such as https://bot.example.org."
)
@asynchronous
async def manifest(prefix: str, http: str | None) -> None:
    """Print the app's manifest, to paste where Slack asks for one."""
    from bot.slack.manifest import checked_prefix, checked_url
    from bot.slack.manifest import manifest as app_manifest

    url = checked_url(http) if http is not None else None
    click.echo(json.dumps(app_manifest(checked_prefix(prefix), url), indent=2, ensure_ascii=False))


@click.command()
@COALITION
@asynchronous
async def doctor(coalition: str | None) -> int:
    """Check settings, database, token, scopes, people and channels; each finding with its mend."""
    from bot.doctor import diagnose

    findings = await diagnose(given_settings(), coalition)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.fine else 'mend'} {finding.text}")
    return 0 if all(finding.fine for finding in findings) else 1
