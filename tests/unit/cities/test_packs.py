"""Every city pack is whole: its tables are read by the rooms that use them, and what they name exists."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.calendar_pack import parse_calendar
from cases.offices_pack import parse_offices
from geo.pack import read_pack
from intake.kinds import Category
from rules.ordinances import read_law

ROOT = Path(__file__).parents[3]
PACKS = sorted(path.parent for path in (ROOT / "cities").glob("*/pack.toml"))
each_pack = pytest.mark.parametrize("folder", PACKS, ids=lambda p: p.name)


def table(folder: Path, name: str) -> Mapping[str, Any]:
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))


@each_pack
def test_pack_and_registers_are_read(folder: Path) -> None:
    pack = read_pack(folder)
    assert pack.slug == folder.name
    assert {"vi", "en"} <= set(pack.languages)
    assert len({source.register for source in pack.sources}) >= 6
    for source in pack.sources:
        assert source.licence, source.name
        assert source.title_vi, source.name
        assert source.title_en, source.name
        if not source.file.startswith("generated/"):
            assert (folder / source.file).is_file(), source.name
        else:
            assert source.is_generated, source.name
            assert "minh hoạ" in source.title_vi
            assert "generated" in source.title_en


@each_pack
def test_example_of_the_parcel_key_is_of_its_form(folder: Path) -> None:
    key = read_pack(folder).parcel_key
    assert key is not None
    parts = key.parse(key.example)
    assert parts is not None
    assert set(parts) == set(key.parts)


def test_one_city_is_the_default() -> None:
    assert [read_pack(folder).is_default for folder in PACKS].count(True) == 1


@each_pack
def test_every_category_has_an_office(folder: Path) -> None:
    offices = parse_offices(table(folder, "offices.toml"))
    answered = {use for office in offices for use in office.uses}
    assert answered == {category.value for category in Category}


@each_pack
def test_calendar_covers_this_year_and_the_next(folder: Path) -> None:
    calendar = parse_calendar(table(folder, "calendar.toml"), read_pack(folder).timezone).calendar
    assert calendar.covered_from == date(2026, 1, 1)
    assert calendar.covered_to == date(2027, 12, 31)
    days = [day.on for day in calendar.days]
    assert len(days) == len(set(days))


@pytest.mark.parametrize(
    ("on", "is_worked", "is_certain"),
    [
        pytest.param(date(2026, 9, 2), False, True, id="national-day"),
        pytest.param(date(2026, 8, 22), True, False, id="swap-saturday"),
        pytest.param(date(2026, 8, 31), False, False, id="swapped-monday"),
        pytest.param(date(2027, 2, 8), False, False, id="lunar-new-year-2027"),
        pytest.param(date(2026, 11, 23), True, True, id="plain-monday"),
        pytest.param(date(2028, 1, 3), True, False, id="beyond-the-calendar"),
    ],
)
def test_days_of_the_default_city(on: date, is_worked: bool, is_certain: bool) -> None:
    folder = ROOT / "cities/hcmc"
    calendar = parse_calendar(table(folder, "calendar.toml"), read_pack(folder).timezone).calendar
    assert calendar.is_working(on) is is_worked
    assert calendar.is_certain(on, on) is is_certain


@each_pack
def test_nothing_of_the_law_is_confirmed_yet(folder: Path) -> None:
    law = read_law((folder / "ordinances.toml").read_text(encoding="utf-8"))
    assert not any(rule.citation.is_confirmed for rule in law.rules)
    assert not any(threshold.is_confirmed for rule in law.rules for threshold in rule.thresholds)
    assert not any(fine.is_confirmed for fine in law.fines)


@each_pack
def test_legend_names_every_class_once(folder: Path) -> None:
    entries = table(folder, "legend.toml")["entry"]
    named = [(entry["plan_kind"], entry["code"]) for entry in entries]
    assert len(named) == len(set(named))
    for entry in entries:
        assert entry["plan_kind"] in ("zoning", "land_use")
        assert entry["name"]["vi"]
        assert entry["name"]["en"]
        assert len(entry["fill"]) == 7
        assert entry["fill"].startswith("#")


def test_cameras_have_calibrations_and_say_that_their_place_is_generated() -> None:
    folder = ROOT / "cities/hcmc"
    cameras = table(folder, "cameras.toml")["camera"]
    assert cameras
    for camera in cameras:
        raw = json.loads((folder / camera["calibration"]).read_text(encoding="utf-8"))
        assert len(raw["pairs"]) >= 6
        assert all(len(pair) == 4 for pair in raw["pairs"])
        assert camera["is_generated"]
        assert camera["notice_sign"]
        assert not camera["stream"] or (folder / camera["stream"]).is_file()


def test_samples_name_cameras_and_offices_that_exist() -> None:
    folder = ROOT / "cities/hcmc"
    demo = table(folder, "demo.toml")
    cameras = {camera["name"] for camera in table(folder, "cameras.toml")["camera"]}
    offices = {office.code for office in parse_offices(table(folder, "offices.toml"))} | {""}
    assert {person["unit"] for person in demo["person"]} <= offices
    for sample in demo["sample"]:
        assert sample["category"] in {category.value for category in Category}
        assert (sample["by"] == "camera") == ("camera" in sample)
        assert sample.get("camera", next(iter(cameras))) in cameras
        assert sample["expect"]["verdict"] in ("compliant", "flagged", "undetermined", "none")
        assert not sample.get("pack") or (folder / sample["file"]).is_file()
