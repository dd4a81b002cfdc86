"""Digests that a coordinator passes on by hand: to whom, in which edition, and the files to do it with."""

from __future__ import annotations

from bot.domain.digests import ToForward
from bot.slack.blocks import kit
from bot.slack.blocks.digests.reading import edition_name
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own

FORWARD_TITLE = "Pass on the digest"
MOST_READERS = 40


def forward_view(page: ToForward, said: str | None = None) -> View:
    """Whoever waits for the newest digest; `said` is what has just become of it."""
    reader = Clock(page.zone, page.now)
    blocks: list[Block] = [kit.section(own(said))] if said else []
    shown = page.readers[:MOST_READERS]
    if page.published_at is None:
        blocks.append(kit.section("No digest has gone out yet. Once it has, you can pass it on from here."))
        shown = ()
    elif not shown:
        blocks.append(kit.section("Nobody waits for a digest that you would have to pass on."))
    else:
        went_out = reader.token(page.published_at, "The digest of ")
        blocks.append(
            kit.section(
                f"{went_out}, for those who read e-mail only. Each file holds what its reader may read, which can be "
                "less than you see: pass it on to nobody else."
            )
        )
    for one in shown:
        where = f" · {own(one.address)}" if one.address else " · no e-mail address is known"
        blocks.append(
            kit.section(
                f"{bold(one.name)}: {own(edition_name(one.edition))}{where}",
                accessory=kit.button(
                    "Get text and HTML",
                    Action.DIGEST_FORWARD_FILES,
                    value=one.member,
                    label=f"Get the digest for {one.name} as text and HTML",
                ),
            )
        )
    if len(page.readers) > len(shown) > 0:
        blocks.append(kit.context(f"{len(shown)} of {len(page.readers)}"))
    return View(title=FORWARD_TITLE, close="Done", blocks=tuple(blocks))
