"""Every code that a rule may give has words in both languages, with the same figures, in the reader's number style."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import polib
import pytest

from rules import phrases
from rules.engine import check
from rules.fault_sentences import SENTENCES
from rules.figures import format_date, format_figure, format_number, format_percent, format_span
from rules.finding import Finding
from rules.serialise import to_json
from rules.site_facts import SiteFacts
from rules.stored import finding_fields, read_facts, read_finding
from rules.wording import uses_generated_data, word
from tests.data.site_facts import a_law, camera_facts
from tests.unit.rules.test_construction_permit import SITES as CONSTRUCTION_SITES
from tests.unit.rules.test_sidewalk_encroachment import SITES as SIDEWALK_SITES

RULES = Path(__file__).parents[3] / "rules"
CATALOGUE = {e.msgid: e.msgstr for e in polib.pofile(str(RULES / "locale/vi/LC_MESSAGES/django.po"))}
WEIGHTS = RULES.parent / "detection" / "weights"
ALL_FACTS = [pytest.param(row.values[0], id=str(row.id)) for row in (*SIDEWALK_SITES, *CONSTRUCTION_SITES)]


def vietnamese(text: str) -> str:
    return CATALOGUE.get(text, text)


def english(text: str) -> str:
    return text


def test_every_phrase_is_translated_and_no_other() -> None:
    assert set(CATALOGUE) == phrases.all_phrases() | set(SENTENCES)
    assert [msgid for msgid, msgstr in CATALOGUE.items() if not msgstr] == []


def test_whatever_the_weights_report_has_words() -> None:
    """A clock means nothing to a rule, and still stands in the sentence that says what was seen."""
    records = [tomllib.loads(path.read_text()) for path in WEIGHTS.glob("*/record.toml")]
    reported = {label for record in records for label in record["labels"]} - {
        "face",
        "plate",
    }  # made unreadable, never named
    assert len(reported) > 80
    assert sorted(reported - phrases.WORDS.keys()) == []


@pytest.mark.parametrize("msgid", [m for m in CATALOGUE if "%(" in m], ids=lambda m: m[:40])
def test_translations_carry_the_same_figures(msgid: str) -> None:
    names = re.compile(r"%\((\w+)\)s")
    assert sorted(names.findall(msgid)) == sorted(names.findall(CATALOGUE[msgid]))
    assert "%" not in names.sub("", msgid).replace(" %", "")


def _codes(pattern: str) -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in RULES.glob("*.py") if path.name != "phrases.py"]
    return {code for source in sources for code in re.findall(pattern, source)}


def test_every_code_in_the_source_has_a_phrase() -> None:
    used = _codes(r'(?:note|compliant|flagged|undetermined|weigh)\(\s*"(\w+)"')
    used |= {f"permit_{standing}" for standing in ("revoked", "expired", "not_yet")}
    assert sorted(used - phrases.REASONS.keys()) == []
    assert sorted(phrases.REASONS.keys() - used - {"limited_term_over"}) == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("facts", ALL_FACTS)
def test_every_example_can_be_said(facts: SiteFacts, language: str) -> None:
    translate = vietnamese if language == "vi" else english
    for finding in check(facts, a_law()):
        said = word(finding, language, translate)
        assert said.title and said.verdict and said.citation
        assert len(said.reasons) == len(finding.reasons)
        for text in [*(r.text for r in said.reasons), *said.missing, *said.priority_reasons, *said.notes]:
            assert "%(" not in text and "_" not in text.replace(facts.observation_id, "")
        assert len(said.missing) == len(finding.missing)
        if language == "vi":
            assert not any(re.search(r"\d\.\d", r.text) for r in said.reasons if "GPXD" not in r.text)


def flag_of_a_bike() -> Finding:
    return check(camera_facts(), a_law())[0]


def test_a_flag_in_vietnamese() -> None:
    said = word(flag_of_a_bike(), "vi", vietnamese, is_generated=True)
    assert (said.title, said.verdict, said.verdict_code) == ("Xe trên vỉa hè", "Cảnh báo", "flagged")
    assert [r.text for r in said.reasons] == [
        "Nằm trên vỉa hè, đoạn S1: 100 % diện tích, ít nhất 97 % trong sai số 2σ (mức 50 %).",
        "Đứng yên 15 phút (mức 5 phút), xê dịch 0,10 m.",
        "Lối đi còn lại: 2,40 m ± 0,20 m (2σ), mức 1,50 m (bị chắn: không).",
        "Sổ không ghi phép nào trên đoạn S1 cho: để xe.",
    ]
    assert said.citation.startswith("165/2024/NĐ-CP, sửa đổi bởi 241/2026/NĐ-CP, Điều 21 khoản 1")
    assert said.citation.endswith("hiệu lực từ 01/07/2026")
    assert said.notes == (
        "Có dùng dữ liệu minh hoạ.",
        "Văn bản đã nạp chưa được bộ phận pháp chế của thành phố xác nhận.",
    )


def test_a_flag_in_english() -> None:
    said = word(flag_of_a_bike(), "en", english)
    assert (said.title, said.verdict) == ("Vehicle on the sidewalk", "Flag")
    assert said.reasons[1].text == "Stood still for 15 min (limit 5 min), moved 0.10 m."
    assert said.citation.endswith("in force since 01/07/2026")


@pytest.mark.parametrize(
    ("name", "value", "vi", "en"),
    [
        pytest.param("width_m", 1.124, "1,12 m", "1.12 m", id="metres"),
        pytest.param("distance_m", 3.7, "3,7 m", "3.7 m", id="distance"),
        pytest.param("area_m2", 1.44, "1,4 m²", "1.4 m²", id="area"),
        pytest.param("share", 0.92, "92 %", "92 %", id="share"),
        pytest.param("share", 0.996, "99,6 %", "99.6 %", id="nearly-all"),
        pytest.param("share", 0.001, "0,1 %", "0.1 %", id="nearly-none"),
        pytest.param("dwell_s", 119, "119 giây", "119 s", id="seconds"),
        pytest.param("dwell_s", 840, "14 phút", "14 min", id="minutes"),
        pytest.param("apart_s", 5.5 * 3600, "5,5 giờ", "5.5 h", id="hours"),
        pytest.param("ended_on", "2025-11-30", "30/11/2025", "30/11/2025", id="date"),
        pytest.param("expires_on", None, "?", "?", id="unknown"),
        pytest.param("count", 3, "3", "3", id="count"),
        pytest.param("storeys", 4.5, "4,5", "4.5", id="half-storey"),
        pytest.param("kinds", "", "không có", "none", id="no-kinds"),
        pytest.param("held", True, "có", "yes", id="yes"),
        pytest.param("held", False, "không", "no", id="no"),
        pytest.param("segment", "NTL-14", "NTL-14", "NTL-14", id="key"),
    ],
)
def test_figures(name: str, value: object, vi: str, en: str) -> None:
    assert format_figure(name, value, "vi", vietnamese) == vi  # type: ignore[arg-type]
    assert format_figure(name, value, "en", english) == en  # type: ignore[arg-type]


def test_numbers_without_surprises() -> None:
    assert format_number(-0.001, 2, "en") == "0.00"
    assert format_percent(1.0, "vi") == "100 %"
    assert format_date("soon") == "soon"
    assert format_span(0, "en", english) == "0 s"


@pytest.mark.parametrize(
    ("facts", "generated"),
    [
        pytest.param({"place": {"parcels": [{"source": {"is_generated": True}}]}}, True, id="deep"),
        pytest.param({"place": {"parcels": [{"source": {"is_generated": False}}]}}, False, id="real"),
        pytest.param([], False, id="nothing"),
        pytest.param("is_generated", False, id="text"),
    ],
)
def test_generated_data_is_found_anywhere(facts: object, generated: bool) -> None:
    assert uses_generated_data(facts) is generated


def test_a_flag_row_gives_its_finding_and_facts_back() -> None:
    finding = flag_of_a_bike()
    row = SimpleNamespace(
        **finding_fields(finding), facts=to_json(camera_facts()), versions={"law": finding.law_version}
    )
    assert read_finding(row) == finding  # type: ignore[arg-type]
    assert read_facts(row) == camera_facts()  # type: ignore[arg-type]
