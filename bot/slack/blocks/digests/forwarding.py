"""Digests that a coordinator passes on by hand: to whom, in which edition, what there is to copy, and who did it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.digests import ByHand, Forwarding, ForwardKey, ToForward
from bot.slack import limits
from bot.slack.blocks import kit
from bot.slack.blocks.digests.passed_on import passed_on_words
from bot.slack.blocks.digests.reading import edition_name
from bot.slack.identifiers import Action
from bot.slack.message import Block, View
from bot.slack.metadata import encode
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, own

FORWARD_TITLE = "Pass on the digest"
TEXT_TITLE = "Text to copy"
MOST_READERS = 40
# Pieces of text to copy, each as long as Slack's fields are; what is longer stands whole in the file alone.
MOST_PIECES = 20


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
                f"{went_out}, for those who read e-mail only. Each holds what its reader may read, which can be less "
                "than you see: pass it on to nobody else."
            )
        )
    for one in shown:
        blocks += _reader(one, ForwardKey(page.digest, one.member, one.edition.key), reader)
    if len(page.readers) > len(shown) > 0:
        blocks.append(kit.context(f"{len(shown)} of {len(page.readers)}"))
    return View(title=FORWARD_TITLE, close="Done", blocks=tuple(blocks))


def _reader(one: ByHand, key: ForwardKey, reader: Clock) -> Iterator[Block]:
    where = own(one.address) if one.address else "no e-mail address is known"
    words = f"{bold(one.name)}: {own(edition_name(one.edition))} · {where}"
    if one.passed_on is not None:
        words += f"\n{passed_on_words(one.passed_on, reader)}"
    yield kit.section(words)
    value = encode(key)
    yield kit.actions(
        kit.button("Copy text", Action.DIGEST_FORWARD_TEXT, value=value, about=one.name),
        kit.button("Get HTML", Action.DIGEST_FORWARD_FILES, value=value, about=one.name),
        kit.button("I forwarded it", Action.DIGEST_PASSED_ON, value=value, about=one.name)
        if one.passed_on is None
        else kit.button("Take it back", Action.DIGEST_NOT_PASSED_ON, value=value, about=one.name),
    )


def text_view(found: Forwarding, subject: str, text: str, said: str | None = None) -> View:
    """What there is to copy: the subject, and below it the whole text, or its beginning where it is too long. `said` is
    what has just been done."""
    pieces = pieces_of(text)
    name = found.reader.name
    where = f" · {own(found.reader.address)}" if found.reader.address else ""
    blocks: list[Block] = [
        *([kit.section(own(said))] if said else []),
        kit.context(f"For {own(name)} alone, as they may read it{where}"),
        kit.section("*Subject*"),
        kit.preformatted(subject),
        kit.section("*Text*"),
        *(kit.preformatted(piece) for piece in pieces[:MOST_PIECES]),
    ]
    if len(pieces) > MOST_PIECES:
        blocks.append(kit.context("Here Slack's room ends: the file holds the whole text."))
    elif len(pieces) > 1:
        blocks.append(kit.context(f"It stands in {len(pieces)} parts, one below the other; the file holds it in one."))
    blocks.append(
        kit.actions(
            kit.button("Get it as a file", Action.DIGEST_FORWARD_TEXT_FILE, value=encode(found.key), about=name)
        )
    )
    return View(title=TEXT_TITLE, close="Back", blocks=tuple(blocks))


def pieces_of(text: str) -> list[str]:
    """The text in pieces that Slack takes, parted between lines; a longer line is parted where it has to be."""
    pieces: list[str] = []
    piece = ""
    for line in text.strip("\n").split("\n"):
        rest = line
        while len(rest) > limits.TEXT:
            at = rest.rfind(" ", 1, limits.TEXT) + 1 or limits.TEXT
            pieces += [one for one in (piece, rest[:at]) if one]
            piece, rest = "", rest[at:]
        joined = f"{piece}\n{rest}" if piece else rest
        if len(joined) > limits.TEXT:
            pieces.append(piece)
            joined = rest
        piece = joined
    return [one for one in [*pieces, piece] if one.strip()]
