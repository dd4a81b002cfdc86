"""Going live, linked accounts and admins."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.results import Backbeat, done, refused, rows


def test_going_live_shows_the_week_first(imported: Backbeat, folder: Path) -> None:
    state = "SELECT state, live_at FROM coalitions"
    declined = imported("go-live", answer="n\n")
    assert declined.exit_code == 1
    assert declined.stdout.index("Mon Nov 23") < declined.stdout.index("From now on people hear from the bot as shown.")
    assert declined.stdout.endswith("Not started. Nothing is sent.\n")
    assert rows(folder, state) == [("draft", None)]
    output = done(imported("go-live", "--yes"))
    assert (
        "   9:00 AM  Weekly priority check-in to Yolanda Briggs, Grant Okafor, Tom Delacroix, Imani Rhodes (moved); "
        "with it action list to Yolanda Briggs, Grant Okafor, Tom Delacroix, Imani Rhodes; "
        "with it figures that are due (unless they are there) to Yolanda Briggs\n"
    ) in output
    assert "Wed Nov 25\n   7:30 AM  digest to #lb-steering, #lb-talent" in output
    assert "Lorna Pruitt (Harrow County Executive Office): reads e-mail only" in output
    assert output.endswith("Live.\n")
    assert rows(folder, "SELECT state FROM coalitions") == [("live",)]


def test_one_that_is_live_is_shown_its_week_again(small_one: Backbeat, folder: Path) -> None:
    set_state(folder, LIVE)
    again = done(small_one("go-live"))
    assert "Mon Nov 23" in again
    assert again.endswith("Already live.\n")


LIVE = "state = 'live', live_at = '2026-11-23 13:00:00.000000'"


def set_state(folder: Path, values: str) -> None:
    with closing(sqlite3.connect(folder / "backbeat.db")) as connection, connection:
        connection.execute(f"UPDATE coalitions SET {values}")


def test_linking_an_account(imported: Backbeat, folder: Path) -> None:
    assert done(imported("link", "imani", "T1:U1")) == "Linked: Imani Rhodes.\n"
    assert rows(folder, "SELECT team_id, user_id, linked_by FROM slack_accounts") == [("T1", "U1", "command")]
    assert refused(imported("link", "nobody", "T1:U2")) == (
        "There is no member “nobody” in this coalition. `backbeat export` shows the ids."
    )
    assert refused(imported("link", "grant", "T1:U1")) == (
        "That account already belongs to Imani Rhodes. Pick another one."
    )
    assert refused(imported("link", "lorna", "T1:U3")).startswith("Lorna Pruitt takes part by e-mail only.")
    for wrong in ("U1", "T1:", ":U1"):
        assert "is not an account. Write it as TEAM:USER" in refused(imported("link", "grant", wrong))


def test_adding_an_admin(imported: Backbeat, folder: Path) -> None:
    for _time in range(2):
        assert done(imported("admin", "add", "Grant.Okafor@bendchamber.example")) == "Grant Okafor is an admin.\n"
    query = "SELECT count(*) FROM roles JOIN members ON members.id = member_id WHERE key = 'grant' AND role = 'admin'"
    assert rows(folder, query) == [(1,)]
    assert "No member has the address x@y.example." in refused(imported("admin", "add", "x@y.example"))


def test_erasing_somebody_who_has_left(small_one: Backbeat, small_file: Path, folder: Path) -> None:
    assert refused(small_one("erase", "gone")).startswith(
        "Gus Adeyemi still takes part. First hand over what is theirs"
    )
    here = small_file.read_text(encoding="utf-8")
    assert here.count("{id: gone,") == 1
    small_file.write_text(here.replace("{id: gone,", "{id: gone, ended: 2026-11-20,"), encoding="utf-8")
    done(small_one("import", "small.yaml"))
    declined = small_one("erase", "Adeyemi", answer="n\n")
    assert (declined.exit_code, declined.stdout.splitlines()[-1]) == (1, "Nothing was changed.")
    assert rows(folder, "SELECT count(*) FROM members WHERE name = 'Gus Adeyemi'") == [(1,)]
    erased, not_reached = done(small_one("erase", "gone", "--yes")).splitlines()
    assert erased.startswith("Erased: A former member (former-")
    assert not_reached.startswith("Not reached: Slack's own messages")
    assert rows(folder, "SELECT count(*) FROM members WHERE name = 'Gus Adeyemi'") == [(0,)]
    exported = done(small_one("export"))
    assert "Adeyemi" not in exported
    assert "gus.adeyemi" not in exported


def test_a_coalition_ends_on_a_day_and_goes_on_after_all(small_one: Backbeat, folder: Path) -> None:
    assert "This coalition is a draft: nothing is sent yet" in refused(small_one("end"))
    set_state(folder, LIVE)
    declined = small_one("end", "--on", "2026-12-18", answer="n\n")
    assert declined.exit_code == 1
    assert "A last digest goes out in #leaders on that day at 7:30 AM" in declined.stdout
    assert declined.stdout.endswith("Nothing was changed.\n")
    output = done(small_one("end", "--on", "2026-12-18", "--yes"))
    assert output.endswith("Test coalition ends on 2026-12-18.\n")
    assert rows(folder, "SELECT state, ended FROM coalitions") == [("live", "2026-12-18")]
    assert "  ended: 2026-12-18\n" in done(small_one("export"))
    assert "It ends 2026-12-18." in small_one("doctor").stdout
    assert "is not a day. Write it as 2026-12-18." in refused(small_one("end", "--on", "soon", "--yes"))
    assert "That day has passed." in refused(small_one("end", "--on", "2026-11-20", "--yes"))
    assert done(small_one("reopen")) == "Test coalition goes on.\n"
    assert rows(folder, "SELECT ended FROM coalitions") == [(None,)]


def test_an_ended_coalition_is_nothing_to_mend(imported: Backbeat, folder: Path) -> None:
    set_state(folder, "state = 'ended', live_at = '2026-11-16 13:00:00.000000', ended = '2026-11-20'")
    doctor = imported("doctor").stdout
    assert "ok   Limestone Bend Good Jobs Compact ended 2026-11-20. `backbeat reopen` brings it back.\n" in doctor
    assert "Imani Rhodes" not in doctor, "nobody has to be linked any more"
    assert "ended Fri Nov 20, so nothing new is recorded" in refused(imported("end"))
    assert "  ended: 2026-11-20\n" in done(imported("export"))
    done(imported("digest"))
    done(imported("plan", "--public"))
    done(imported("records"))
    assert done(imported("reopen")).endswith("goes on. Nothing of the time between is sent.\n")
    assert rows(folder, "SELECT state, ended FROM coalitions") == [("live", None)]
