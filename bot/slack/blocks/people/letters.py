"""Letters: the form to write one, and how it reads."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.outbox import Whereabouts
from bot.domain.people import FIGURES, MOST_TEXT, Letter, LetterForm, SignIn
from bot.domain.wording import with_article
from bot.slack.blocks import kit
from bot.slack.blocks.outbox import trouble_for, trouble_words, under_way
from bot.slack.forms import Form, Keeps, Text, about, by, note
from bot.slack.identifiers import Action, Submission
from bot.slack.limits import fit
from bot.slack.message import Message
from bot.slack.metadata import LetterOpened
from bot.slack.moments import Clock
from bot.slack.mrkdwn import bold, inline, own, quote, unmark
from bot.slack.names import first_name, listed, listed_some

MOST_NAMED = 5
LETTER_FORM: Form[LetterForm, str] = Form(
    str, Submission.LETTER, lambda form: _write_to(form.receiver_name, "Write"), "Send",
    note(lambda form: _reads(form)),
    about(lambda form: f"*Written to the coordinators:*\n{quote(form.quoted)}" if form.quoted else ""),
    Text("text", "What do you want to say?", MOST_TEXT, multiline=True,
        hint=lambda form: f"It comes from me and begins “{form.sender_name} writes:”. The answer goes to you."),
    carries=lambda form: LetterOpened(form.receiver) if form.note_id is None else LetterOpened(note=form.note_id),
    keeps=Keeps(by(LetterOpened, "key"), is_new=True),
)  # fmt: skip


def _write_to(name: str, otherwise: str) -> str:
    """What it is called, where the name fits."""
    first = first_name(name)
    return f"Write to {first}" if len(first) <= 15 else otherwise


def _reads(form: LetterForm) -> str:
    """Who reads it and in whose name it goes."""
    if form.reachable:
        reads = f"Read by {own(form.receiver_name)} ({own(form.receiver_organization)}) only, as your words."
    else:
        reads = f"{own(form.receiver_name)} reads e-mail only, so this waits until e-mail is set up."
    if form.reachable and form.trouble is not None:
        trouble = trouble_for(form.trouble, may_mend=form.may_mend)
        reads = f"This waits for {own(form.receiver_name)}: {trouble_words(trouble)}"
    return reads


def letter_message(letter: Letter) -> Message:
    """A letter in its receiver's direct message."""
    head = f"{bold(f'{letter.sender_name} writes:')}"
    quoted = "\n".join(f">{inline(line)}" for line in letter.text.splitlines())
    buttons = []
    if letter.about == FIGURES:
        buttons.append(kit.button("Update a figure", Action.FIGURE_UPDATE))
    if letter.may_answer:
        name = _write_to(letter.sender_name, "Answer")
        buttons.append(kit.button(name, Action.WRITE_TO, value=letter.sender, label=f"Write to {letter.sender_name}"))
    written = Clock(letter.zone, letter.written_at).token(letter.written_at, ", ")
    mention = f"<@{letter.sender_account}>" if letter.sender_account is not None else own(letter.sender_name)
    message = Message.of(
        f"{letter.sender_name} ({letter.sender_organization}) writes: {letter.text}",
        *((kit.section(f"On your words to the coordinators: {quote(letter.quoted)}"),) if letter.quoted else ()),
        kit.section(f"{head}\n{quoted}"),
        kit.context(
            f"From {own(letter.sender_name)} ({own(letter.sender_organization)}){written}. "
            f"Your answer goes to {mention}."
        ),
        *kit.row(*buttons),
    )
    return fit(message)[0]


def sign_in_message(sign_in: SignIn) -> Message:
    """What comes by mail to somebody who asked for their own page; the button that leads there stands below."""
    words = (
        f"Here is your page of {own(with_article(sign_in.coalition_name))}: what waits for you, and what you may read."
    )
    until = own(Clock(sign_in.zone, sign_in.now).words(sign_in.until))
    note = (
        f"It opens once, until {until}. If you didn't ask for it, do nothing: nobody can open it without this e-mail."
    )
    return Message.of(unmark(f"{words} {note}"), kit.section(words), kit.context(note))


def letter_sent_words(wheres: Sequence[Whereabouts], reader: Clock, *, may_mend: bool) -> str:
    """What the sender reads, in markup."""
    names, others = under_way(wheres, reader, may_mend=may_mend)
    sent = f"Your words are on their way to {own(listed(names))}." if names else "Your words are kept."
    return f"{sent} {others}".strip()


def figures_asked_message(wheres: Sequence[Whereabouts], reader: Clock, *, may_mend: bool) -> Message:
    """Who is asked for the figures that are missing."""
    names, others = under_way(wheres, reader, may_mend=may_mend)
    asked = f"{own(listed_some(names, MOST_NAMED))} will be asked in your name." if names else ""
    words = f"{asked} {others}".strip()
    return Message.of(unmark(words), kit.section(words))
