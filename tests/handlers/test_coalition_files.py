"""The coalition as a file through the sandbox, and the trail of changes: export, import by form and message, audit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.files import load_coalition_file, sample_text
from bot.files.reading_apart import TOO_LARGE
from bot.sandbox.workspace import Message, StoredFile
from bot.slack.files import NOT_WHOLE
from tests.handlers.stage import Stage, words
from tests.tables import on_each

# A file is read in a process of its own, which on a loaded machine is slow to start.
A_WHILE = 20.0


async def shown(stage: Stage, who: str, text: str) -> Message:
    person = stage.person(who)
    before = len(person.ephemerals)
    assert (await person.command("/coalition", text)).ok
    await person.until(lambda: len(person.ephemerals) > before)
    return person.ephemerals[-1]


def put_file(stage: Stage, text: str, name: str = "limestone.yaml") -> StoredFile:
    content = text.encode()
    file = StoredFile(
        id=f"F0{len(stage.sandbox.workspace.files)}",
        name=name,
        length=len(content),
        user="U0OMAR",
        created=1,
        content=content,
        completed=True,
    )
    stage.sandbox.workspace.files[file.id] = file
    return file


async def give(stage: Stage, text: str, **about: Any) -> None:
    """Gives a file in the form, and waits for what becomes of it."""
    omar = stage.person("omar")
    file = put_file(stage, text)
    for name, value in about.items():
        setattr(file, name, value)
    assert (await omar.command("/coalition", "import")).ok
    await omar.sees_modal("Import a file")
    await omar.fill({"Coalition file": [{"id": file.id}]})
    assert await omar.submit() is None
    await omar.until(lambda: omar.modal is not None and "Reading the file" not in words(omar.modal), A_WHILE)


async def test_what_is_to_be_mended_is_told_by_line(live: Stage) -> None:
    await give(
        live, sample_text().replace("owner: grant\n", "owner: grnt\n").replace("sector: private", "sector: prvate")
    )
    said = words(live.person("omar").modal)
    assert "things to mend. Nothing was changed.*" in said
    assert "Line 281: `priorities[1].owner` is “grnt”" in said
    assert "Did you mean “grant”?" in said
    await live.person("omar").close()
    await give(live, sample_text().replace("id: limestone-bend\n", "id: other\n"))
    assert "One workspace has one coalition" in words(live.person("omar").modal)


async def test_a_file_in_pieces_is_read_to_its_end_and_one_cut_before_importing_changes_nothing(
    live: Stage,
) -> None:
    live.sandbox.faults.add("download", "in_pieces")
    await give(live, sample_text().replace("name: Talent pathways", "name: Talent and training"))
    said = words(live.person("omar").modal)
    assert "Changed: priority talent-pathways, name: Talent pathways → Talent and training" in said
    assert "Not in the file" not in said
    live.sandbox.faults.add("download", "cut")
    omar = live.person("omar")
    assert await omar.submit() is None
    await omar.until(lambda: NOT_WHOLE in words(omar.modal), A_WHILE)
    assert (await record(live)).priorities[0].name == "Talent pathways"


@on_each("what", ["cut", "grown"])
async def test_a_file_of_another_size_than_slack_said_is_not_previewed(live: Stage, what: str) -> None:
    if what == "cut":
        live.sandbox.faults.add("download", "cut")
        await give(live, sample_text())
    else:
        await give(live, sample_text(), length=len(sample_text().encode()) - 40)
    said = words(live.person("omar").modal)
    assert said == NOT_WHOLE
    await live.person("omar").close(is_cleared=True)


@on_each("announced", [21_000_000, None, 4_000])
async def test_a_file_that_is_too_large_is_named_so(live: Stage, announced: int | None) -> None:
    text = sample_text() + "#" * 1_100_000
    await give(live, text, length=announced if announced is not None else len(text.encode()))
    said = words(live.person("omar").modal)
    assert said == (NOT_WHOLE if announced == 4_000 else TOO_LARGE)
    assert "Whoever runs me can bring it in with “backbeat import”." in TOO_LARGE
    await live.person("omar").close(is_cleared=True)


@dataclass
class Elsewhere:
    """A server that is not Slack's, and what it was shown."""

    address: str = ""
    tokens: list[str | None] = field(default_factory=list)


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Elsewhere]:
    place = Elsewhere()

    async def give_sample(request: web.Request) -> web.Response:
        place.tokens.append(request.headers.get("Authorization"))
        return web.Response(text=sample_text())

    app = web.Application()
    app.router.add_get("/limestone.yaml", give_sample)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.address = f"http://127.0.0.1:{runner.addresses[0][1]}/limestone.yaml"
    try:
        yield place
    finally:
        await runner.cleanup()


async def test_a_file_that_is_kept_elsewhere_is_not_fetched_from_there(live: Stage) -> None:
    async with elsewhere() as place:
        await give(live, sample_text(), elsewhere=place.address)
    assert place.tokens == []
    said = words(live.person("omar").modal)
    assert said == "That file is kept outside Slack, where I don't go. Upload the file itself, then it can be checked."


async def test_a_file_that_leads_elsewhere_is_not_followed(live: Stage) -> None:
    async with elsewhere() as place:
        await give(live, sample_text(), moved_to=place.address)
    assert place.tokens == []
    assert words(live.person("omar").modal) == "Slack didn't hand that file over. Upload it again."


async def test_an_import_shows_first_what_it_changes(live: Stage) -> None:
    omar = live.person("omar")
    await give(live, sample_text().replace("name: Talent pathways", "name: Talent and training"))
    assert "Changed: priority talent-pathways, name: Talent pathways → Talent and training" in words(omar.modal)
    assert "Nothing is changed by looking." in words(omar.modal)
    names = [one.name for one in (await record(live)).priorities]
    assert names[0] == "Talent pathways"
    assert await omar.submit() is None
    await omar.until(lambda: "*Imported.*" in words(omar.modal), A_WHILE)
    assert (await record(live)).priorities[0].name == "Talent and training"
    audit = words(await shown(live, "dana", "audit talent-pathways"))
    assert "Omar Castellanos, by import" in audit
    assert "name: Talent pathways → Talent and training" in audit


async def record(stage: Stage):  # type: ignore[no-untyped-def]
    omar = stage.person("omar").user
    actor = await stage.services.people.actor_of(stage.bot.token.team_id, omar.id)
    assert actor is not None
    return await stage.services.coalitions.whole(actor)


async def test_an_export_is_put_into_ones_own_messages_and_can_be_imported(live: Stage) -> None:
    priya = live.person("priya")
    assert "The file is on its way" in words(await shown(live, "priya", "export"))
    await priya.until(lambda: any(message.files for message in priya.dm()))
    [file] = next(message.files for message in priya.dm() if message.files)
    assert file.name == "limestone-bend.yaml"
    loaded = load_coalition_file(file.content or b"")
    assert loaded.problems == ()
    assert loaded.record is not None
    assert len(loaded.record.members) == 14
    for who in ("tom", "marcus"):
        assert not any(message.files for message in live.person(who).dm())


async def test_a_file_sent_to_the_bot_is_offered_to_be_checked(live: Stage) -> None:
    omar = live.person("omar")
    file = put_file(live, sample_text())
    people, user = live.sandbox.people, omar.user
    people.says(user, omar.im, "", files=[file])
    await omar.until(lambda: "Is “limestone.yaml” a coalition file?" in words(omar.dm()[-1]))
    await omar.press(omar.dm()[-1], "Check the file")
    await omar.until(lambda: "*Nothing differs.* There is nothing to import." in words(omar.modal), A_WHILE)


async def test_figures_sent_to_the_bot_are_checked_and_recorded(live: Stage) -> None:
    luis = live.person("luis")
    people, user = live.sandbox.people, luis.user

    async def send(table: str) -> None:
        people.says(user, luis.im, "", files=[put_file(live, f"metric,value,period_end\n{table}", "figures.csv")])
        await luis.until(lambda: "Are there figures in “figures.csv”?" in words(luis.dm()[-1]))
        await luis.press(luis.dm()[-1], "Check the figures")

    await send("fa-seats,140,2026-10-31\nfa-seats,many,2026-11-15\n")
    await luis.until(lambda: "*1 line to mend. Nothing was recorded.*" in words(luis.modal))
    assert "Line 3: “many” isn't a number." in words(luis.modal)
    await luis.close()
    await send("fa-seats,140,2026-10-31\n")
    await luis.until(lambda: "Extended-hours child care seats open*: 140 seats" in words(luis.modal))
    assert await luis.submit() is None
    await luis.until(lambda: "*Recorded: 1 figure.*" in words(luis.modal))
    [seats] = [one for priority in (await record(live)).priorities for one in priority.metrics if one.id == "fa-seats"]
    assert seats.readings[-1].value == 140


LINES = [
    ("omar", "audit", "*Changes*"),
    ("omar", "audit @grant", "*Changes*, Grant Okafor"),
    ("omar", "audit since Nov 3", "*Changes*, since Nov 3"),
    ("omar", "audit A-999", "I don't know “A-999”. Use an id such as A-101"),
    ("omar", "audit since never", "“since never” isn't a date I know."),
    ("priya", "help", "`/coalition export`"),
]


async def test_what_can_be_typed(live: Stage) -> None:
    for who, text, said in LINES:
        assert said in words(await shown(live, who, text)), (who, text)


async def test_the_trail_says_who_for_whom_and_pages(live: Stage) -> None:
    omar = live.person("omar")
    await omar.command("/action", "done A-205")
    said = words(await shown(live, "dana", "audit A-205"))
    assert "Omar Castellanos, in Slack" in said
    assert "status: not started → done" in said
    assert await omar.command("/coalition", "audit")
    first = await shown(live, "omar", "audit")
    assert "newest first" in words(first)
    await omar.press(first, "Older")
    await omar.until(lambda: "9–" in words(omar.ephemerals[-1]))
