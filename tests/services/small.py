"""A small coalition for the rhythm: Ana owns `p1`, Ben stands in for her, Lou coordinates; asked Tuesdays at nine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.record import Record
from bot.domain.record import record as values
from tests.builders import cadence, group, member, organization, priority, record

TUESDAY = "2026-11-24"


def questions(**fields: Any) -> values.QuestionSet:
    """The weekly questions of the sample, in short."""
    asked = (
        values.Question(
            id="assessment", type="choice", label="How?", options=("on_track", "at_risk", "off_track"), required=True
        ),
        values.Question(id="confidence", type="scale", label="Sure?", min=0, max=10, required=True),
        values.Question(id="moved", type="text", label="Moved?", max_length=20, required=True),
        values.Question(id="blocker", type="text", label="Way?", required_if="assessment != on_track"),
        values.Question(id="ask", type="text", label="Need?", max_length=20),
        values.Question(id="ask_from", type="item_picker", label="Who?", source="organizations_and_groups"),
        values.Question(id="next", type="text", label="Next?", required=True),
        values.Question(id="for_coordinator", type="text", label="Else?"),
    )
    usual: dict[str, Any] = {"id": "weekly", "title": "Weekly", "minutes": 3, "allow_no_change": True}
    return values.QuestionSet(**(usual | {"questions": asked} | fields))


def weekly(**fields: Any) -> values.Cadence:
    return cadence(**({"question_set": "weekly", "feeds": "friday"} | fields))


def friday(**fields: Any) -> values.Cadence:
    """The digest, Fridays at half past seven."""
    usual: dict[str, Any] = {
        "kind": "digest",
        "time_basis": "coalition",
        "audience": "steering",
        "dtstart": datetime.fromisoformat("2026-01-09T07:30"),
        "rrule": "FREQ=WEEKLY;BYDAY=FR",
        "channels": ("leaders",),
    }
    return cadence("friday", **(usual | fields))


def small(*, ana: dict[str, Any] | None = None, ben: dict[str, Any] | None = None, **fields: Any) -> Record:
    """The small coalition with some of its lists, or some of Ana's or Ben's fields, replaced."""
    usual: dict[str, Any] = {
        "organizations": (organization(), organization("other")),
        "members": (
            member("ana", **({"delegate": "ben"} | (ana or {}))),
            member("ben", **({"delegate": "cal"} | (ben or {}))),
            member("cal"),
            member("lou", roles=(values.Role(role="backbone_lead", scope="coalition"),)),
            member("out", organization="other"),
        ),
        "groups": (group(channel="leaders"),),
        "priorities": (priority(channel="p-one"),),
        "cadences": (friday(), weekly()),
        "question_sets": (questions(),),
    }
    return record(**(usual | fields))
