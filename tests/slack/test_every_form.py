"""Every form is declared by a table of its fields, and no field of one is forgotten: shown, read back, and marked."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from types import NoneType
from typing import Any, Never, get_args, get_origin

import pytest

from bot.domain import coalition, metrics, organizations, priorities
from bot.domain.checkins import ChosenSettings
from bot.domain.funding import funding_choices, read_report, read_source, report_plan, source_plan
from bot.domain.people import plan_of as member_plan
from bot.domain.people import roles_of
from bot.domain.record import Record
from bot.domain.series import read_series
from bot.domain.typed import Known
from bot.errors import UserError
from bot.slack import blocks
from bot.slack.blocks.coalition import NORTH_STAR_FORM
from bot.slack.blocks.funding import REPORT_FORM, SOURCE_FORM
from bot.slack.blocks.issues import ESCALATION_FORM
from bot.slack.blocks.metrics import METRIC_FORM, SERIES_FORM, SHORT_METRIC_FORM, TARGET_FORM
from bot.slack.blocks.organizations import GROUP_FORM, ORGANIZATION_FORM
from bot.slack.blocks.people import EDIT_MEMBER_FORM, ROLES_FORM, SETTINGS_FORM, STAND_IN_FORM
from bot.slack.blocks.priorities import OUTCOME_FORM, PRIORITY_FORM
from bot.slack.every_form import FORMS
from bot.slack.forms import Field, Form, Text, named_options
from bot.slack.forms.form import kinds_of
from bot.slack.identifiers import Submission
from bot.slack.limits import OPTIONS
from bot.slack.metadata import encode_question
from tests.tables import on_each

TODAY = date(2026, 11, 23)
AnyForm = Form[Never, object]
# Forms without a table of their own, each with why.
WITHOUT_TABLE = {
    Submission.CHECKIN: "its fields are the questions of the check-in's set",
    Submission.PULSE: "its fields are the questions of the check-in's set",
    Submission.CHECKIN_AHEAD: "its fields are the questions of the check-in's set",
    Submission.QUESTIONS_PREVIEW: "its fields are the questions of a set",
    Submission.FIGURE_CONFIRM: "asks what was entered in the form before it",
    Submission.MEETING_SAVE: "shows what was entered in the form before it",
    Submission.MEETING_NOTES_POST: "shows what was entered in the form before it",
}
# Values of what a form gives that are known from elsewhere: from what the form carries, or Slack's own of an account.
KNOWN = {
    Submission.NEW_ACTION: {"link"},
    Submission.NEW_DECISION: {"issue"},
    Submission.MEETING_PLAN: {"cadence", "seen"},
    Submission.CHECKIN_DRAFT: {"id", "seen"},
    Submission.MEMBER_ADD: {"access", "timezone"},
}


def _entered(field: Field[Never], kind: object) -> tuple[dict[str, Any], object]:
    """Something that was entered in a field, as Slack says it, and as the value that it is."""
    plain = (
        next((one for one in get_args(kind) if one is not NoneType), kind) if get_origin(kind) is not tuple else kind
    )
    if get_origin(kind) is tuple and isinstance(field, Text):
        return {"value": f"{field.name} 1\n\n{field.name} 2"}, (f"{field.name} 1", f"{field.name} 2")
    if get_origin(kind) is tuple:
        return {"selected_options": [{"value": f"{field.name} 1"}]}, (f"{field.name} 1",)
    values: dict[object, tuple[str, object]] = {
        str: (f"{field.name}, in words", f"{field.name}, in words"),
        int: ("51", 51),
        date: ("2026-12-01", date(2026, 12, 1)),
        time: ("09:30", time(9, 30)),
        datetime: ("2026-12-01T09:30:00", datetime.fromisoformat("2026-12-01T09:30")),
    }
    text, value = values[plain]
    return {"value": text}, value


# Those that give a value of their own.
TYPED = tuple(form for form in FORMS if kinds_of(form.makes))


def _name(form: AnyForm) -> str:
    return form.submission.value


def test_every_form_is_declared_by_a_table() -> None:
    declared = {form.submission for form in FORMS}
    assert len(FORMS) > 45
    assert declared | WITHOUT_TABLE.keys() == set(Submission)
    assert not declared & WITHOUT_TABLE.keys()
    root = Path(blocks.__path__[0])
    made = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if path.name != "kit.py" and "input_block(" in path.read_text(encoding="utf-8")
    }
    assert made == set(), "fields are made by their kinds, in bot/slack/forms"


@on_each("form", FORMS, ids=_name)
def test_no_two_fields_are_one_question(form: AnyForm) -> None:
    names = [field.name for field in form.fields]
    assert len(names) == len(set(names))


@on_each("form", TYPED, ids=_name)
def test_what_a_form_gives_is_what_was_entered(form: AnyForm) -> None:
    """Each value of it has a field, is read from that one, and is of its type."""
    kinds, known = kinds_of(form.makes), dict.fromkeys(KNOWN.get(form.submission, ()), "known")
    assert {field.value_name for field in form.fields} | known.keys() == kinds.keys()
    given = [(field, *_entered(field, kinds[field.value_name])) for field in form.fields]
    read = form.read({encode_question(field.name): {"value": entered} for field, entered, _ in given}, **known)
    found = {name: getattr(read, name) for name in kinds}
    assert found == known | {field.value_name: value for field, _, value in given}


@on_each("form", TYPED, ids=_name)
def test_what_nobody_entered_is_told_by_its_field_or_is_nothing(form: AnyForm) -> None:
    known = dict.fromkeys(KNOWN.get(form.submission, ()), "known")
    names = {field.name for field in form.fields}
    needed = [field for field in form.fields if kinds_of(form.makes)[field.value_name] in {int, date, time, datetime}]
    for entered in ({}, {encode_question(name): {"value": {"value": None}} for name in names}):
        if needed:
            with pytest.raises(UserError) as told:
                form.read(entered, **known)
            assert told.value.field == needed[0].name
        else:
            read = form.read(entered, **known)
            assert {getattr(read, field.value_name) for field in form.fields} <= {None, "", ()}


def test_what_stands_for_nothing_is_read_as_nothing() -> None:
    found = 0
    for form in TYPED:
        for field in form.fields:
            if field.nothing is not None:
                kind = kinds_of(form.makes)[field.value_name]
                assert field.read(kind, field.nothing, ()) is None
                found += 1
    assert found > 3


# What is read only after these.
_NEXT_TO_NOTHING = {"name": "Something new", "sector": "public"}


class _Asked(dict[str, str | None]):
    """What was entered in a form: next to nothing. Notes which questions somebody asks for."""

    def __init__(self, form: AnyForm) -> None:
        super().__init__((field.name, _NEXT_TO_NOTHING.get(field.name)) for field in form.fields)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> str | None:
        self.asked.add(key)
        return super().__getitem__(key)


Reading = Callable[[Record, Mapping[str, str | None]], object]
# How the domain reads the forms whose answers it gets as they were typed; and fields that others read.
READ: tuple[tuple[AnyForm, Reading, set[str]], ...] = (
    (NORTH_STAR_FORM, lambda _, said: coalition.read_plan(said, "people", TODAY), set()),
    (
        SOURCE_FORM,
        lambda record, said: read_source(said, funding_choices(record), record.funding_sources[0], TODAY),
        set(),
    ),
    (REPORT_FORM, lambda record, said: read_report(said, record.funding_sources[0], TODAY, may_record=True), set()),
    (PRIORITY_FORM, lambda record, said: priorities.read_plan(said, _choices(record), with_reason=True), set()),
    (
        OUTCOME_FORM,
        lambda record, said: priorities.read_outcome(said, record.priorities[0].outcomes[0], TODAY, with_reason=True),
        set(),
    ),
    # The service takes its priority, and the reason of what is proposed.
    (METRIC_FORM, lambda _, said: metrics.read_plan(said, _context(), TODAY), {"priority", "reason"}),
    (TARGET_FORM, lambda _, said: metrics.read_target(said, "percent", TODAY), set()),
    (SERIES_FORM, lambda _, said: read_series(said), set()),
    # People that are chosen come apart from what is typed.
    (
        ORGANIZATION_FORM,
        lambda record, said: organizations.read_plan(said, [], None, record, TODAY),
        {"contacts"},
    ),
    (GROUP_FORM, lambda record, said: organizations.read_group_plan(said, [], None, record), {"members"}),
)


def _choices(record: Record) -> priorities.Choices:
    some = (Known("one", "One"),)
    return priorities.Choices(members={}, groups=some, metrics=some, currency="USD")


def _context() -> metrics.PlanContext:
    return metrics.PlanContext(members=(), priorities=())


@on_each(("form", "read", "elsewhere"), READ, ids=lambda one: _name(one) if isinstance(one, Form) else "")
def test_the_domain_reads_each_field_and_no_other(
    form: AnyForm, read: Reading, elsewhere: set[str], sample: Record
) -> None:
    said = _Asked(form)
    with suppress(UserError):
        read(sample, said)
    assert said.asked == {field.name for field in form.fields} - elsewhere


def _plans(record: Record) -> Iterator[tuple[AnyForm, Mapping[str, Any], set[str]]]:
    """Each form that tells what somebody changed meanwhile: the values that are compared, and fields that say
    something new, which stand in no value yet."""
    source, priority, metric = record.funding_sources[0], record.priorities[0], record.priorities[0].metrics[0]
    plan, target = metrics.plan_of(metric), {"target", "milestones"}
    yield NORTH_STAR_FORM, coalition.plan_of(record.coalition.north_star), set()
    yield SOURCE_FORM, source_plan(source), {"report_sent"}
    yield REPORT_FORM, report_plan(source), {"report_sent"}
    yield PRIORITY_FORM, priorities.plan_of(priority), {"reason"}
    yield OUTCOME_FORM, priorities.outcome_plan(priority.outcomes[0]), {"reason"}
    yield METRIC_FORM, plan, {"priority", "reason"}
    yield TARGET_FORM, {name: plan[name] for name in target}, {"reason"}  # type: ignore[literal-required]
    yield ORGANIZATION_FORM, organizations.plan_of(record.organizations[0]), set()
    yield GROUP_FORM, organizations.group_plan_of(record.groups[0]), set()
    yield EDIT_MEMBER_FORM, member_plan(record.members[0]), {"new_organization"}
    yield ROLES_FORM, roles_of(record.members[0]), set()
    yield STAND_IN_FORM, {"stand_in": None}, set()
    yield SETTINGS_FORM, dict.fromkeys(kinds_of(ChosenSettings)), set()
    yield ESCALATION_FORM, {"group": None}, set()


def test_each_value_that_is_compared_has_a_field(sample: Record) -> None:
    for form, plan, new in _plans(sample):
        assert {field.value_name for field in form.fields} - new == plan.keys(), form.submission
    assert {field.name for field in SHORT_METRIC_FORM.fields} <= {field.name for field in METRIC_FORM.fields}


def test_limits_stand_in_the_domain_once() -> None:
    """The most characters of a field are no number of the screen: whoever checks what was entered has them too."""
    numbers = []
    for path in Path(blocks.__path__[0]).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                most = node.args[2]
                if isinstance(most, ast.Constant) or (isinstance(most, ast.Name) and most.id in own):
                    numbers.append(f"{path.name}: {ast.unparse(most)}")
    # What has several options in one field is checked option by option.
    assert numbers == ["forms.py: MOST_OPTIONS_TEXT"]


def test_a_search_offers_no_more_than_slack_takes() -> None:
    assert len(named_options(Known(str(number), "Name") for number in range(300))) == OPTIONS
