"""axe-core in a page: what keeps people with a screen reader, a keyboard or weak eyes from using it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.application import APP

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = APP / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_faults(page: Page) -> list[str]:
    """Serious and critical findings, each with the element it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES)
    grave = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:160]}" for one in grave for node in one["nodes"][:3]
    ]
