"""Every endpoint and page states who may call it; what is open to anyone is listed here, once, on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from tests.laws.house import ROOT, python_files

OPEN_PAGES = {
    # settled cases are everybody's, through the publication gate; the rest of both pages is behind a guard
    "web.views.cases": {"list_cases", "show_case"},
    "web.views.media": {"show_copy"},
    "web.views.machine": {"show_machine"},
    "web.views.home": {"show_home"},
    # a draft is opened by its signed token; the worker's script holds nothing of anybody
    "web.views.report": {"choose", "confirm", "show_picture", "show_suggestion", "show_worker"},
    "web.views.alerts": {"ask", "confirm", "end"},  # asked for by anybody, said yes to and ended by a signed token
    "web.views.wards": {"show_wards"},  # through the publication gate
    "web.views.feed": {"show_feed"},  # through the publication gate
    "web.views.follow_acts": {"answer", "rate", "reopen"},  # by code and secret, as the page itself
    "web.views.follow": {"find", "show", "show_picture"},  # a report is opened by its code and secret
    "web.views.map": {"show_map"},  # what it draws comes through tiles and the publication gate
    "web.views.places": {"show_place", "print_place"},
    "web.views.sign_in": {"sign_in", "sign_out"},
    "web.views.application": {"show_worker", "start_map_worker"},  # the workers' scripts hold nothing of anybody
    "tiles.views.vector": {"serve_archive", "serve_tile", "show_tilejson"},  # live layers ask for a role
    "tiles.views.imagery": {"list_pictures", "serve_picture", "show_tilejson"},  # staff-only pictures ask for a role
    "tiles.views.style": {"show_legend", "show_style"},
    "api.health_urls": {"show_health", "show_metrics"},
    "django.views.i18n": {"set_language"},
}
GUARDS = {"readers_only"}


def list_views() -> list[tuple[str, Any]]:
    """(path, view) of everything the project answers, the admin's own pages left out."""
    from django.urls import get_resolver

    def walk(patterns: list[Any], before: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, path)
            elif not path.startswith("admin/"):
                yield path, pattern.callback

    return list(walk(get_resolver().url_patterns, ""))


def guarded_functions() -> set[tuple[str, str]]:
    """(module, function) of every view that a guard stands before."""
    found = set()
    for path in python_files("web", "tiles"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(_guards(decorator) for decorator in node.decorator_list):
                found.add((module, node.name))
    return found


def _guards(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id in GUARDS


def test_every_page_has_a_guard_or_is_open_on_purpose() -> None:
    guarded = guarded_functions()
    pages = [
        (path, view) for path, view in list_views() if not hasattr(view, "view_class") and not hasattr(view, "cls")
    ]
    unknown = [
        f"{path}: {view.__module__}.{view.__name__}"
        for path, view in pages
        if (view.__module__, view.__name__) not in guarded
        and view.__name__ not in OPEN_PAGES.get(view.__module__, set())
    ]
    assert len(pages) > 10
    assert unknown == []


def test_every_endpoint_names_its_callers_itself() -> None:
    classes = {view.cls for _, view in list_views() if hasattr(view, "cls")}
    assert len(classes) > 10
    assert [cls.__name__ for cls in classes if "may_call" not in vars(cls)] == []


@pytest.mark.filterwarnings("ignore")
def test_the_description_repeats_it_for_every_operation() -> None:
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    silent = [
        f"{method.upper()} {path}"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if "Who may call" not in operation.get("description", "")
    ]
    assert silent == []


def test_the_senders_identity_stays_in_intake() -> None:
    """No other room knows the vault, and nothing leads from a request to it."""
    from intake.models import ReporterContact

    readers = {p.relative_to(ROOT).parts[0] for p in python_files("geo", "intake", "detection", "rules", "cases", "tiles",
               "pipeline", "api", "web") if "ReporterContact" in p.read_text()}  # fmt: skip
    assert readers == {"intake"}
    assert ReporterContact._meta.get_field("service_request").remote_field.hidden
