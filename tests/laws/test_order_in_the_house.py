"""Settings are written down, errors have a status, words are the glossary's, no file is empty, docs tell the truth."""

from __future__ import annotations

import re

import pytest

import errors
from tests.laws.house import ROOMS, ROOT, python_files, tracked_files

SETTINGS_READ = sorted(set(re.findall(r'reader\.\w+\(\s*"([A-Z_0-9]+)"', (ROOT / "config" / "env.py").read_text())))


def test_settings_are_found() -> None:
    assert "DATABASE_URL" in SETTINGS_READ
    assert len(SETTINGS_READ) > 15


@pytest.mark.parametrize("name", SETTINGS_READ)
@pytest.mark.parametrize("page", [".env.example", "docs/settings.md"])
def test_every_setting_is_written_down(name: str, page: str) -> None:
    assert re.search(rf"\b{name}\b", (ROOT / page).read_text())


def _all_errors(kind: type[errors.ProjectError]) -> list[type[errors.ProjectError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _all_errors(child))]


@pytest.mark.parametrize("kind", _all_errors(errors.ProjectError), ids=lambda kind: kind.__name__)
def test_every_project_error_has_an_http_status(kind: type[errors.ProjectError]) -> None:
    from api.errors import get_status

    assert 400 <= get_status(kind("told")) <= 599


BANNED = {
    r"\butils?\.py$|\bhelpers?\.py$|\bcommon\.py$|\bmisc\.py$|\bcore\.py$|\bmanagers?\.py$": "a noun of the field",
}


def test_no_file_has_a_name_that_says_nothing() -> None:
    bad = [str(path) for path in python_files(*ROOMS, "ops") for pattern in BANNED if re.search(pattern, str(path))]
    assert bad == []


def test_the_code_never_calls_a_detection_a_violation() -> None:
    """'violation' is a word of inspections: below the cases room it may stand in prose that explains just that."""
    guilty = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in python_files("geo", "intake", "detection")
        for line in path.read_text().splitlines()
        if re.search(r"\b\w*violation\w*\s*[=(:]", line.split("#")[0]) and '"' not in line and "`" not in line
    ]
    assert guilty == []


def test_the_code_names_no_city() -> None:
    names = re.compile(r"hcmc|saigon|hồ chí minh|ho chi minh|cambridge|xuân ho|xuan hoa|27139", re.IGNORECASE)
    guilty = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in python_files(*ROOMS, "config")
        for line in path.read_text().splitlines()
        if names.search(line.split("#")[0])
    ]
    assert guilty == []


def test_no_source_file_is_empty() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix in {".py", ".js", ".html", ".css", ".toml", ".md"}
        and path.name != "__init__.py"
        and not path.read_text().strip()
    ]
    assert empty == []


def test_no_file_is_too_large() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked_files()}
    assert {name: size for name, size in sizes.items() if size > 12_000_000} == {}
    assert sum(sizes.values()) < 60_000_000


def test_docs_name_only_paths_that_exist() -> None:
    missing = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for name in re.findall(r"`((?:[a-z_0-9.]+/)+[A-Za-z_0-9.-]*)`", page.read_text()):
            is_ours = (ROOT / name.split("/")[0]).exists()
            if is_ours and not name.startswith(("var/", "api/v1", "tiles/{")) and not (ROOT / name).exists():
                missing.append(f"{page.name}: {name}")
    assert missing == []


def test_docs_name_only_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = {path.stem for path in python_files(*ROOMS) if path.parts[-3:-1] == ("management", "commands")}
    commands |= {"migrate", "makemigrations", "createsuperuser", "shell", "collectstatic", "check", "test"}
    missing = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = page.read_text()
        missing += [f"{page.name}: make {n}" for n in re.findall(r"`make ([a-z-]+)", text) if n not in targets]
        missing += [f"{page.name}: manage.py {n}" for n in re.findall(r"manage\.py (\w+)", text) if n not in commands]
    assert missing == []


def test_lon_comes_before_lat() -> None:
    """GeoJSON's order everywhere; ISO 6709, EXIF and Leaflet, which say lat first, are met in these files only."""
    turned = re.compile(r"\blat\w*(?:: float)?, *lon\w*(?:: float)?[,)\]]")
    readers = (
        "intake/video_geotag.py",
        "intake/gpmf.py",
        "intake/isobmff.py",
        "intake/photo_geotag.py",
        "tiles/folium_map.py",
    )
    guilty = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in python_files(*ROOMS)
        if not str(path.relative_to(ROOT)).startswith(readers)
        for line in path.read_text().splitlines()
        if turned.search(line.split("#")[0])
    ]
    assert guilty == []


def test_every_register_record_is_dated() -> None:
    from django.apps import apps

    from geo.models import DatedRecord

    tables = [model for model in apps.get_models() if issubclass(model, DatedRecord)]
    assert len(tables) >= 8
    for model in tables:
        assert {"valid_from", "valid_to", "source", "load"} <= {field.name for field in model._meta.get_fields()}


def test_every_position_says_its_error_and_how_it_was_found() -> None:
    from dataclasses import MISSING, fields

    from geo.position import Position

    needed = {field.name for field in fields(Position) if field.default is MISSING and field.default_factory is MISSING}
    assert needed == {"lon", "lat", "accuracy_m", "method"}
