"""What changed of the answers about a priority, a line each, as its history tells them. Pure; reading is not here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.checkins import KNOWN, Names, ReadsAnswers, Said, StandingRoles, questions_asked, questions_told, said
from bot.domain.histories.history import RowChange
from bot.domain.record import QuestionSet, Record
from bot.domain.wording import status


class AnswerLines:
    """Describes changes of answers, given in their order: an edit says only what it changed.

    How a priority stands is told in the digest's words; what else a set asks, by its own questions. A note to the
    coordinators is no part of it, nor is what whoever looks does not read. All of it is about
    one `priority`; `cadences` are ids by row.
    """

    def __init__(
        self, record: Record, cadences: Mapping[int, str], today: date, priority: str, reads: ReadsAnswers
    ) -> None:
        self._record = record
        self._roles = StandingRoles(record)
        self._names = Names.of(record)
        self._called = {one.id: one.name for one in record.everything.cadences}
        self._cadences = cadences
        self._today = today
        self._priority = priority
        self._reads = reads
        self._rows: dict[int, dict[str, Any]] = {}

    def __call__(self, change: RowChange) -> list[str]:
        before = self._rows.get(change.row_id, {})
        after = before | dict(change.new)
        self._rows[change.row_id] = after
        if change.operation == "delete":
            return []
        sets_standing = self._sets_standing(after)
        questions = self._questions(after)
        if not sets_standing and questions is not None and not self._reads(questions.readers):
            return []
        lines = [self._standing(change)] if sets_standing else []
        told = self._said(before, sets_standing) if before else ()
        lines += [one.plain for one in self._said(after, sets_standing) if one not in told]
        lines += [f"{one.label} taken back" for one in told if one.label not in self._labels(after, sets_standing)]
        found = [line for line in lines if line]
        if sets_standing or not found:
            return found
        name = self._called.get(self._cadence(after), "Check-in")
        return [f"{name}: {'answered' if change.operation == 'insert' else 'answer edited'}", *found]

    def _standing(self, change: RowChange) -> str:
        if "assessment" not in change.new and "confidence" not in change.new:
            return ""
        stands = [status(change.new["assessment"])] if change.new.get("assessment") else []
        if change.new.get("confidence") is not None:
            stands.append(f"confidence {change.new['confidence']} of 10")
        verb = "Update" if change.operation == "insert" else "Update edited"
        return f"{verb}: {', '.join(stands)}" if stands else ""

    def _said(self, row: Mapping[str, Any], sets_standing: bool) -> tuple[Said, ...]:
        answers = dict(row.get("extra") or {})
        if not sets_standing:
            answers |= {name: row.get(name) for name in KNOWN}
        priority = next((one for one in self._record.everything.priorities if one.id == self._priority), None)
        questions = questions_told(priority, self._questions(row), answers, self._today)
        return said(questions, answers, self._names, self._today)

    def _questions(self, row: Mapping[str, Any]) -> QuestionSet | None:
        return questions_asked(self._record, self._cadence(row), row["round"], self._priority)

    def _labels(self, row: Mapping[str, Any], sets_standing: bool) -> set[str]:
        return {one.label for one in self._said(row, sets_standing)}

    def _sets_standing(self, row: Mapping[str, Any]) -> bool:
        kept: bool | None = row.get("sets_standing")
        return self._roles.of_cadence(self._cadence(row)) if kept is None else kept

    def _cadence(self, row: Mapping[str, Any]) -> str:
        return self._cadences.get(row.get("cadence_id") or 0, "")
