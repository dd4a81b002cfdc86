"""What goes wrong, in one place: a person's mistake becomes its sentence, anything else a reference for the log."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping

import structlog

from bot.domain.typed import Mistakes
from bot.errors import Busy, ConfigurationError, Damaged, Refused, Stranger, Unavailable, UserError
from bot.slack.blocks import kit
from bot.slack.blocks.people import notice_message, notice_view, stranger_message
from bot.slack.forms import input_blocks, place_errors
from bot.slack.message import Message, View
from bot.slack.mrkdwn import escape
from handlers.context import TITLE, Call, Handler, Kind

log = structlog.get_logger(__name__)

NO_FIELD: Mapping[str, str] = {}
_SAID: set[str] = set()  # what has to be mended, as this process has said it
_ANSWERED_EVENTS = ("message", "app_mention", "app_home_opened")


async def run(name: str, handler: Handler, call: Call) -> None:
    """Runs a handler and tells the person what went wrong. Never raises.

    An exception that reached Bolt after the acknowledgement could undo it: the person would be shown a failure
    although what they did was stored.
    """
    try:
        await handler(call)
    except Refused as error:
        await _tell(name, call, await _named(name, call, error))
    except Stranger as error:
        await _tell(name, call, error.message, message=stranger_message(error.coordinator))
    except Mistakes as error:
        await _tell(name, call, error.message, error.errors)
    except UserError as error:
        await _tell(name, call, error.message, {error.field: error.message} if error.field is not None else {})
    except Unavailable as error:
        _log_away(name, call, error)
        why = "I'm busy at the moment." if isinstance(error, Busy) else "I can't get at what I need at the moment."
        kept = " Your text is kept." if call.kind is Kind.SUBMISSION else ""
        await _tell(name, call, f"{why}{kept} Try again in a minute.")
    except ConfigurationError as error:
        _log_to_mend(error)
        what = "My database is damaged" if isinstance(error, Damaged) else "My database can't be used as it is"
        await _tell(name, call, f"{what}, so I can't do that. Whoever runs me finds in my log what mends it.")
    except Exception as error:
        ref = secrets.token_hex(2)
        _log(name, call, error, ref)
        kept = " Your text is kept." if call.kind is Kind.SUBMISSION else ""
        await _tell(
            name, call, f"Something went wrong (ref {ref}).{kept} Try again in a minute, or send a coordinator the ref."
        )
    if not call.is_acked:
        await (call.ack(options=[]) if call.kind is Kind.OPTIONS else call.ack())


async def run_aside(name: str, handler: Handler, call: Call) -> bool:
    """Runs what goes along with a press, and says whether it was done. What goes wrong is told to nobody, since nobody
    asked for it. Never raises."""
    try:
        await handler(call)
    except UserError:
        # Who may not answer (any more) has nothing to keep.
        pass
    except Unavailable as error:
        _log_away(name, call, error)
    except ConfigurationError as error:
        _log_to_mend(error)
    except Exception as error:
        _log(name, call, error, secrets.token_hex(2))
    else:
        return True
    return False


async def _named(name: str, call: Call, error: Refused) -> str:
    """A refusal with the name of whom it leaves open, where the workspace has somebody."""
    if error.helper is None:
        return error.message
    try:
        found = await call.services.home.coordinator_of(call.team_id, configures=error.helper == "An admin")
    except Exception as trouble:
        _log(name, call, trouble, secrets.token_hex(2))
        return error.message
    return error.naming(found) if found is not None else error.message


async def keep_form(call: Call, message: Message) -> None:
    """Says on top of a form what was so before it was sent; what was entered is still there when that is closed."""
    kept = kit.context("What you entered is in the form below. Close this to see it.")
    view = View(title=TITLE, close="Close", blocks=(*message.blocks, kept))
    await call.ack(response_action="push", view=dict(view.payload()))


async def _tell(
    name: str, call: Call, words: str, errors: Mapping[str, str] = NO_FIELD, *, message: Message | None = None
) -> None:
    """Says it where the person is; `errors` are the same by field, `message` with a way on, where there are any."""
    try:
        if call.kind is Kind.OPTIONS:
            await call.ack(options=[])
        elif call.kind is Kind.SUBMISSION and not call.is_acked:
            await _tell_in_form(call, words, errors)
        elif call.kind is Kind.EVENT and call.event.get("type") not in _ANSWERED_EVENTS:
            # Nobody waits for an answer to a changed profile or channel.
            return
        elif call.kind is not Kind.SUBMISSION:
            await call.reply(message or notice_message(words))
    except Exception as error:
        # There is nobody left to tell; what was stored stays stored.
        _log(name, call, error, secrets.token_hex(2))


async def _tell_in_form(call: Call, words: str, errors: Mapping[str, str]) -> None:
    """Each sentence under its field; what is about none on top of the form, so that what was written stays below."""
    inputs = input_blocks(call.view.get("blocks") or [])
    if errors and inputs:
        await call.ack(response_action="errors", errors=place_errors(errors, inputs))
        return
    view = notice_view(TITLE, escape(words))
    await call.ack(response_action="push", view=dict(view.payload()))


def _log_away(name: str, call: Call, error: Unavailable) -> None:
    """A line is all that there is to say of what comes back by itself."""
    log.warning("handler_gave_up", handler=name, kind=call.kind.name.lower(), team=call.team_id, why=str(error))


def _log_to_mend(error: ConfigurationError) -> None:
    """What somebody has to mend is said once, however many people meet it."""
    if str(error) not in _SAID:
        _SAID.add(str(error))
        log.critical("to_be_mended", why=str(error))


def _log(name: str, call: Call, error: Exception, ref: str) -> None:
    """Where it happened, without the error's own words: a database puts people's text into them."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error(
        "handler_failed",
        ref=ref,
        handler=name,
        kind=call.kind.name.lower(),
        team=call.team_id,
        error=type(error).__name__,
        frames=frames[-8:],
    )
