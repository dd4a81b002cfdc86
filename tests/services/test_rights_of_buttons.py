"""Every button on every screen is one that its reader may press, and nobody lacks one for what they may do there."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot.clock import FixedCalendar
from bot.domain.record import Record
from bot.errors import Refused
from bot.services import Services
from bot.slack.identifiers import Action
from tests.conftest import MONDAY_SEVEN
from tests.examples import is_whole, one_in, part
from tests.services.rights_of_buttons import BUTTONS
from tests.services.rights_screens import ABOUT_ONE_THING, SCREENS, buttons_of
from tests.services.rights_stage import CAST, Rehearsal, Scene, rehearsing, set_published_scene, with_cast
from tests.services.rights_table import COORDINATORS

# Others have other buttons for the same: those with a voice the options themselves, a funder only its report's date;
# and an update is offered where somebody is asked for it.
INSTEAD = {Action.DECISION_ANSWER, Action.FUNDING_UPDATE, Action.ANSWER}
# One for each right; whoever adds none to these is left out.
READERS = [who for who in CAST if who not in {"sage", "imani", "renata", "otto"}]
Button = tuple[str, str]  # action, value
Shown = dict[tuple[str, str], set[Button]]  # screen and reader → what stands there; nothing where they may not read it


@pytest.mark.in_part
async def test_buttons_are_those_of_what_the_reader_may_do(
    services: Services, calendar: FixedCalendar, sample: Record
) -> None:
    calendar.set(MONDAY_SEVEN)
    scene = await set_published_scene(services, calendar, with_cast(sample))
    async with rehearsing(services.database) as rehearsal:
        shown = await _shown(scene, rehearsal)
        every: dict[str, set[Button]] = defaultdict(set)
        for (screen, _who), buttons in shown.items():
            every[screen] |= buttons
        found = []
        known: dict[tuple[str, Button], str] = {}
        tried: set[tuple[str, str, bool]] = set()
        kinds = sorted({button[0] for buttons in every.values() for button in buttons})
        for (screen, who), buttons in shown.items():
            for button in _in_turn(every[screen] if screen in ABOUT_ONE_THING else buttons, READERS.index(who)):
                if (who, button) not in known:
                    # A third of them press each kind of button once where they see it and once where they don't, and
                    # somebody at any rate; in a whole run, everybody all that there are, and whoever may also what
                    # lives through a week.
                    kind, at_all = (who, button[0], button in buttons), ("", button[0], button in buttons)
                    turn = READERS.index(who) + kinds.index(button[0])
                    may_live = button[0] == Action.WEEK and who in COORDINATORS
                    if not is_whole() and (kind in tried or may_live or (at_all in tried and turn % 3)):
                        continue
                    tried |= {kind, at_all}
                    known[who, button] = await _pressed(scene, rehearsal, who, button)
                is_shown, is_allowed = button in buttons, known[who, button] == "allowed"
                if is_shown and not is_allowed:
                    found.append(f"{screen}: {who} sees {button}, {known[who, button]}")
                if is_allowed and not is_shown and screen in ABOUT_ONE_THING and button[0] not in INSTEAD:
                    found.append(f"{screen}: {who} lacks {button}")
    assert found == []


def _in_turn(buttons: set[Button], turn: int) -> list[Button]:
    """So that not all begin with the same one."""
    found = sorted(buttons)
    turn %= max(1, len(found))
    return found[turn:] + found[:turn]


async def _shown(scene: Scene, rehearsal: Rehearsal) -> Shown:
    found: Shown = {}
    for number, who in enumerate(READERS):
        # The lead sees most, and so what there is. Of the others one in four reads each screen, in turn; in a whole
        # run, everybody.
        first = part(number % 4, 0)
        for name, screen in [*SCREENS.items()] if who == "dana" else one_in(4, [*SCREENS.items()][first:]):
            async with rehearsal.call():
                try:
                    found[name, who] = set(buttons_of(await screen(scene, scene.actors[who])))
                except Refused:
                    continue
    return found


async def _pressed(scene: Scene, rehearsal: Rehearsal, who: str, button: Button) -> str:
    action, value = button
    async with rehearsal.call():
        try:
            await BUTTONS[action](scene, scene.actors[who], value)
        except Refused:
            return "refused"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return "allowed"
