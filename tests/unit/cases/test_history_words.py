"""Every kind of event of a case has its sentence and its short name, in Vietnamese and in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from cases.history_words import SENTENCE, VISIT, say_entry
from cases.lifecycle import CaseState, InspectionState
from cases.queries.timeline import ARRIVALS, TimelineEntry
from cases.state_words import CASE, CLOCK, EVENT, INSPECTION, LATE_CAUSE, PART, STEP, say_metres

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def texts_of(node: ast.AST, tree: ast.Module) -> set[str]:
    """The texts that an expression may be: itself, both arms of a choice, what a name was set to."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return texts_of(node.body, tree) | texts_of(node.orelse, tree)
    if isinstance(node, ast.Name):
        sets = [one for one in ast.walk(tree) if isinstance(one, ast.Assign)]
        found = [one.value for one in sets if any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets)]
        return set().union(*(texts_of(one, tree) for one in found if not isinstance(one, ast.Name)), set())
    return set()


def written_kinds() -> Iterator[str]:
    """Kinds of events that some code writes into a case's history."""
    for room in ("cases", "tiles", "pipeline"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text())
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                named = ast.unparse(call.func)
                if named == "CaseEvent.write":
                    yield from texts_of(call.args[1], tree)
                elif named in ("CaseEvent", "CaseEvent.objects.create"):
                    yield from (t for word in call.keywords if word.arg == "kind" for t in texts_of(word.value, tree))


KINDS = sorted({*written_kinds()} - {*ARRIVALS})


def an_entry(kind: str, **facts: str) -> TimelineEntry:
    return TimelineEntry(AT, False, "minh", kind, "opened", "assigned", "", tuple(facts.items()))


def test_kinds_are_found_at_all() -> None:
    assert {"opened", "move", "identity_allowed", "identity_refused", "late_cause", "published"} <= set(KINDS)
    assert len(KINDS) > 25


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_said_in_both_languages(kind: str) -> None:
    said = {}
    for language in ("en", "vi"):
        with translation.override(language):
            said[language] = (say_entry(an_entry(kind)), str(translation.gettext(EVENT[kind])))
    assert said["en"][0] != said["vi"][0]
    assert said["en"][1] != said["vi"][1]
    assert "_" not in said["vi"][0]


def test_no_sentence_is_left_over() -> None:
    assert set(SENTENCE) == set(KINDS)
    assert set(VISIT) == {state.value for state in InspectionState}


@pytest.mark.parametrize(
    "table", [CASE, INSPECTION, CLOCK, STEP, PART, LATE_CAUSE], ids=["case", "visit", "clock", "step", "part", "cause"]
)
def test_codes_of_a_case_are_said_in_vietnamese(table: dict[str, str]) -> None:
    with translation.override("vi"):
        assert [code for code, words in table.items() if translation.gettext(words) == words] == []
    assert set(CASE) == {state.value for state in CaseState}


def test_a_move_tells_who_what_and_why() -> None:
    entry = TimelineEntry(AT, False, "minh", "move", "assigned", "verifying", "Có mặt tại chỗ", ())
    with translation.override("vi"):
        assert say_entry(entry) == (
            "minh chuyển vụ việc từ “Đã phân công” sang “Đang xác minh”. Lý do: Có mặt tại chỗ"
        )  # fmt: skip
    with translation.override("en"):
        assert say_entry(entry) == "minh moved the case from “Assigned” to “Being verified”. Reason: Có mặt tại chỗ"


def test_a_recurrence_names_the_case_before() -> None:
    entry = TimelineEntry(AT, True, "system", "opened", "", "opened", "", (("recurrence_of", "VH-2610-0007"),))
    with translation.override("en"):
        assert "VH-2610-0007" in say_entry(entry)


def test_a_pause_is_said_in_the_citys_own_words_and_without_codes() -> None:
    entry = TimelineEntry(
        AT, False, "lea", "clock_paused", "", "", "storm_or_flood", (("clock", "visit"), ("document", "112/TB"))
    )
    with translation.override("vi"):
        said = say_entry(entry, pause_names={"storm_or_flood": "Bão, ngập"})
    assert said == "lea tạm dừng thời hạn “Kiểm tra lần đầu”: Bão, ngập (112/TB)."


@pytest.mark.parametrize(
    ("metres", "vi", "en"), [(4.756, "4,76", "4.76"), (0.62, "0,62", "0.62"), (1.999, "2,00", "2.00")]
)
def test_metres_are_rounded_and_not_cut_off(metres: float, vi: str, en: str) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert say_metres(metres) == words
