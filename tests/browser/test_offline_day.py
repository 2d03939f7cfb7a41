"""A working day on a phone with everything against it: killed, flapping network, lost answers, a wrong clock; all arrives once.

What the product promises is a day of 40 jobs, 120 photos and 10 kills; a short one is lived by default. The long one:

    python -m bench.offline_day
"""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_field import (  # noqa: F401 - fixtures
    _built,
    a_job,
    hand_in,
    inspector,
    phone,
    wait_until_kept,
)
from tests.data.photos import a_geotagged_photo
from tests.pipeline.workers import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(3600)]
JOBS, PHOTOS, KILLS = (int(part) for part in os.environ.get("OFFLINE_DAY", "4,10,3").split(","))
KINDS = ("overview", "measure", "detail", "detail")
WIDTH = "input[aria-label='Gõ bề rộng bằng mét']"
CLOCK_HOURS = (-26, 5, 49, -3)
SENT_MS = 30_000 * JOBS

# On the phone, beneath the application: a clock that may be wrong, and a network that loses two of seven changes, one before
# it reaches the server and one after. What it lost is counted where it outlives a killed application.
BAD_DAY = """(() => {
  const [RealDate, realFetch] = [Date, window.fetch];
  const FATES = ['lostBefore', 'good', 'lostAfter', 'good', 'good', 'good', 'good'];
  const read = (name) => Number(localStorage[name] ?? 0);
  const now = () => RealDate.now() + read('clockShift');
  window.Date = class extends RealDate {
    constructor(...given) { if (given.length) super(...given); else super(now()); }
    static now() { return now(); }
  };
  window.fetch = async (where, how) => {
    const isChange = how?.method === 'POST' && String(where).includes('/api/v1/inspections/');
    if (!isChange || !navigator.onLine) return realFetch(where, how);
    const fate = FATES[read('asked') % FATES.length];
    localStorage.asked = read('asked') + 1;
    if (fate !== 'good') localStorage[fate] = read(fate) + 1;
    if (fate === 'lostBefore') throw new TypeError('Failed to fetch');
    const answer = await realFetch(where, how);
    if (fate === 'lostAfter') throw new TypeError('Failed to fetch');
    return answer;
  };
})()"""
KEPT_WIDTHS = """(name) => new Promise((tell) => {
  const asked = indexedDB.open(name);
  asked.onsuccess = () => {
    const found = asked.result.transaction('drafts').objectStore('drafts').getAll();
    found.onsuccess = () => { asked.result.close(); tell(found.result.map((one) => one.width_cm)); };
  };
})"""


@dataclass(slots=True)
class Day:
    """One phone, whose it is, and what was photographed on it, by case."""

    phone: BrowserContext
    page: Page
    store: str
    folder: Path
    taken: dict[str, list[bytes]] = field(default_factory=dict)
    killed: int = 0

    def kill(self, path: str) -> None:
        """The application ends without a word and is opened again at an address."""
        self.page.close()
        self.killed += 1
        self.page = self.phone.new_page()
        self.page.goto(path)

    def photograph(self, case: Any, seeds: range) -> None:
        """Photos of a job, each different; the originals are what has to arrive."""
        kept = self.taken.setdefault(str(case.pk), [])
        for seed, kind in zip(seeds, cycle(KINDS), strict=False):
            kept.append(a_geotagged_photo(seed=seed))
            file = self.folder / f"{seed}-{kind}.jpg"
            file.write_bytes(kept[-1])
            self.page.set_input_files(f"input[data-kind={kind}]", file)
            expect(self.page.locator("figcaption")).to_have_count(len(kept))

    def visit(self, case: Any, seeds: range, *, killed_at: str) -> None:
        """One job from the form to the route, killed after the tape, after the photos or right after handing in."""
        form = f"/app/route/{case.pk}/record"
        self.page.goto(form)
        self.page.fill(WIDTH, "1,05")
        self.page.keyboard.press("Tab")
        if killed_at == "tape":
            wait_for(lambda: 105 in self.page.evaluate(KEPT_WIDTHS, self.store), what="the width is kept")
            self.kill(form)
            expect(self.page.locator(WIDTH)).to_have_value("1,05")
        self.photograph(case, seeds)
        if killed_at == "photos":
            self.kill(form)
            expect(self.page.locator("figcaption")).to_have_count(len(seeds))
        self.page.locator("label", has=self.page.locator("input[value=warned]")).click()
        self.page.fill("#unsigned", "Người bán đã rời đi")
        hand_in(self.page)
        if killed_at == "handed in":
            self.kill("/app/route")


@pytest.fixture
def day(phone: BrowserContext, inspector: Any, tmp_path: Path) -> Day:
    """The phone with its bad network and its wrong clock."""
    phone.add_init_script(BAD_DAY)
    return Day(phone, phone.pages[0], f"viahe-field-{inspector.get_username()}", tmp_path)


def test_a_day_with_everything_against_it(
    day: Day, committed_city: Any, record_property: Callable[[str, object], None]
) -> None:
    from cases.models import InspectionPhoto, InspectionSubmission

    cases = [a_job(committed_city, 40 + 200 * number / JOBS) for number in range(JOBS)]
    day.page.goto("/app/route")
    expect(day.page.locator("ol li")).to_have_count(JOBS, timeout=SENT_MS)
    wait_until_kept(day.page)
    every = JOBS // KILLS
    for number, (case, moment) in enumerate(zip(cases, cycle(("tape", "photos", "handed in")), strict=False)):
        day.phone.set_offline(number % 3 != 1)  # every third job has some network, a bad one
        hours = CLOCK_HOURS[number % len(CLOCK_HOURS)]
        day.page.evaluate("(ms) => { localStorage.clockShift = ms }", 3_600_000 * hours)
        is_killed = number % every == 0 and day.killed < KILLS
        seeds = range(number * PHOTOS // JOBS, (number + 1) * PHOTOS // JOBS)
        day.visit(case, seeds, killed_at=moment if is_killed else "")
    assert day.killed == KILLS

    day.phone.set_offline(False)
    wait_for(lambda: InspectionSubmission.objects.exists(), what="the first form arrives over the bad network")
    day.phone.set_offline(True)
    day.phone.set_offline(False)
    expect(day.page.locator(".strip", has_text="Không còn gì chờ gửi.")).to_be_visible(timeout=SENT_MS)
    lost = day.page.evaluate("[Number(localStorage.lostBefore), Number(localStorage.lostAfter)]")
    arrived = (InspectionSubmission.objects.count(), InspectionPhoto.objects.count())
    for name, count in zip(
        ("killed", "lost_before", "lost_after", "forms", "photos"), (day.killed, *lost, *arrived), strict=True
    ):
        record_property(name, count)
    assert min(lost) > 0
    assert arrived == (JOBS, PHOTOS)
    for case in cases:
        assert_whole(case, day.taken[str(case.pk)])


def assert_whole(case: Any, taken: list[bytes]) -> None:
    """One visit, one form that counts, and just the bytes that the camera made."""
    from cases.models import Inspection, InspectionSubmission
    from intake.queries import read_media

    visit = Inspection.objects.get(case=case, outcome="warned")
    assert visit.free_width_m == pytest.approx(1.05)
    assert InspectionSubmission.objects.get(inspection=visit).state == "applied"
    arrived = sorted(sha256(read_media(photo.pk)).hexdigest() for photo in visit.photos.all())
    assert arrived == sorted(sha256(data).hexdigest() for data in taken)
