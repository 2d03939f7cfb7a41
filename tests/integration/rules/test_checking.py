"""From stored sightings to stored flags on a real street: verdicts, idempotence, merging, replay, query counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from intake.models import Observation
from rules.actions import record_findings, save_law
from rules.engine import check
from rules.models import Flag, FlagEvent, OrdinanceSet
from rules.queries import gather_site_facts, get_law
from rules.replay import replay
from rules.wording import word_finding
from tests.integration.rules import builders as b

pytestmark = pytest.mark.django_db

WORK = (("hardhat", 0.8), ("site machinery", 0.7))


def run(observation: Observation) -> list[Flag]:
    """Stage 5 as the pipeline runs it."""
    sites = gather_site_facts(observation.pk)
    findings = [(site, finding) for site in sites for finding in check(site, get_law(site.city))]
    ids = record_findings(observation.pk, findings)
    return [Flag.objects.get(pk=pk) for pk in ids]


def codes(flag: Flag) -> list[str]:
    return [reason["code"] for reason in flag.reasons]


def test_a_motorbike_on_the_sidewalk_is_flagged() -> None:
    clip = b.a_clip(b.a_camera(b.a_street()))
    seen = b.a_thing(clip, 0, 0.5)
    (flag,) = run(clip)
    assert (flag.verdict, flag.state, flag.use, flag.sighting_id) == ("flagged", "new", "parking", seen.pk)
    assert (flag.sidewalk_key, flag.unit_code, flag.parcel_keys, flag.city.slug) == ("S1", "90001", [], "testville")
    width = next(r for r in flag.reasons if r["code"] == "free_width")
    assert width["values"]["width_m"] == pytest.approx(1.0, abs=0.02)
    assert flag.priority_reasons == ["width_blocked"]
    assert flag.versions["weights"] == [{"name": "w1", "sha256": "ab"}]
    assert {r["register"] for r in flag.versions["registers"]} >= {"sidewalk", "parcel"}
    assert flag.versions["thresholds"]["min_clear_width_m"] == 1.5
    gap = flag.facts["ground"]["free_width"]["gap"]
    assert all(106 < lon < 107 and 10 < lat < 11 for lon, lat in gap)


@pytest.mark.parametrize(
    ("x", "y", "label", "changes", "verdict", "code"),
    [
        pytest.param(0, -4.0, "car", {}, "compliant", "off_sidewalk", id="parked-on-the-road"),
        pytest.param(0, -4.0, "car", {"displacement_m": 20.0}, "compliant", "moving", id="drives-by"),
        pytest.param(0, 0.5, "motorcycle", {"displacement_m": 2.0}, "compliant", "moving", id="rolls-on-the-sidewalk"),
        pytest.param(0, 4.0, "motorcycle", {}, "undetermined", "boundary", id="in-a-front-yard"),
        pytest.param(0, 1.45, "motorcycle", {}, "undetermined", "boundary", id="at-the-wall"),
        pytest.param(0, -0.95, "motorcycle", {}, "undetermined", "sidewalk_edge", id="half-on-the-curb"),
        pytest.param(0, 0.5, "motorcycle", {"dwell_s": 120.0}, "compliant", "short_stay", id="left"),
        pytest.param(
            0,
            0.5,
            "motorcycle",
            {"dwell_s": 120.0, "last_seen_s": 900.0},
            "undetermined",
            "stay_not_watched",
            id="came",
        ),
        pytest.param(0, 0.5, "chair", {}, "flagged", "use_forbidden", id="chair"),
        pytest.param(0, 0.5, "motorcycle", {"footprint": None}, "undetermined", "sidewalk_edge", id="no-outline"),
    ],
)
def test_things_on_the_street(x: float, y: float, label: str, changes: dict[str, Any], verdict: str, code: str) -> None:
    clip = b.a_clip(b.a_camera(b.a_street()))
    b.a_thing(clip, x, y, label, **changes)
    (flag,) = run(clip)
    assert (flag.verdict, codes(flag)[-1]) == (verdict, code)
    assert flag.state == ("logged" if verdict == "compliant" else "new")


@pytest.mark.parametrize(
    ("after_s", "verdict", "code"),
    [
        pytest.param((150.0, 190.0), "undetermined", "stay_not_watched", id="two-frames-after-it"),
        pytest.param((150.0, 190.0, 191.0), "compliant", "short_stay", id="three-frames-after-it"),
    ],
)
def test_a_thing_that_is_hidden_in_the_last_frames_has_not_left(
    after_s: tuple[float, ...], verdict: str, code: str
) -> None:
    """Frames come seldom from a runner that has too much to do: a passer-by hides a thing in two of them."""
    clip = b.a_clip(b.a_camera(b.a_street()), times_s=(*(float(n) for n in range(121)), *after_s))
    b.a_thing(clip, 0, 0.5, dwell_s=120.0)
    (flag,) = run(clip)
    assert (flag.verdict, codes(flag)[-1]) == (verdict, code)


def test_people_and_things_off_the_ground_give_no_flag() -> None:
    clip = b.a_clip(b.a_camera(b.a_street()))
    b.a_thing(clip, 0, 1, "person")
    b.a_thing(clip, 5, 1, "car", point=None, accuracy_m=None, footprint=None, method="", no_position_reason="horizon")
    assert run(clip) == []


def test_a_painted_slot_makes_it_compliant_by_day() -> None:
    slot = {"use": "parking", "from_time": "06:00", "to_time": "22:00", "slot": b.a_box(-5, 0, 5, 1.9).geojson}
    camera = b.a_camera(b.a_street(slots=[slot]))
    by_day, at_night = b.a_clip(camera), b.a_clip(camera, datetime(2026, 9, 15, 16, 0, tzinfo=UTC))
    b.a_thing(by_day, 0, 0.0, footprint=b.a_box(-0.4, 0, 0.4, 1.1))
    b.a_thing(at_night, 0, 0.0, footprint=b.a_box(-0.4, 0, 0.4, 1.1))
    assert [(f.verdict, codes(f)[-1]) for f in run(by_day)] == [("compliant", "within_leave")]
    assert [(f.verdict, codes(f)[-1]) for f in run(at_night)] == [("flagged", "outside_hours")]


@pytest.mark.parametrize(
    ("registers", "missing"),
    [
        pytest.param(("parcel",), ["register_sidewalk"], id="no-sidewalks"),
        pytest.param(("sidewalk",), ["register_parcel"], id="no-parcels"),
    ],
)
def test_registers_without_data_give_undetermined(registers: tuple[str, ...], missing: list[str]) -> None:
    clip = b.a_clip(b.a_camera(b.a_street(registers=registers)))
    b.a_thing(clip, 0, 0.5)
    (flag,) = run(clip)
    assert (flag.verdict, flag.missing) == ("undetermined", missing)


def test_a_citizens_photo_lists_what_is_missing() -> None:
    photo = b.a_photo(b.a_street(), 0, 0, ("motorcycle", 0.8), ("person", 0.9))
    (flag,) = run(photo)
    assert (flag.verdict, flag.use, flag.missing) == ("undetermined", "parking", ["dwell", "ground_position"])
    assert flag.sidewalk_key == "S1"
    assert flag.sighting is not None and flag.sighting.subject == "scene"


def test_a_camera_without_calibration_asks_for_one() -> None:
    clip = b.a_clip(b.a_camera(b.a_street()), labels=(("car", 0.9),), position=(0.0, -20.0))
    b.a_thing(clip, 0, 0, point=None, accuracy_m=None, footprint=None, method="", no_position_reason="no_calibration")
    (flag,) = run(clip)
    assert (flag.verdict, flag.missing, flag.sighting) == ("undetermined", ["dwell", "calibration"], None)


def test_a_calibrated_camera_in_which_nothing_stays_raises_nothing() -> None:
    camera = b.a_camera(b.a_street())
    b.a_calibration(camera)
    assert run(b.a_clip(camera, labels=(("car", 0.9),), position=(0.0, -20.0))) == []


@pytest.mark.parametrize(
    ("permit", "verdict", "code"),
    [
        pytest.param(None, "flagged", "no_permit", id="none"),
        pytest.param(
            {"status": "in_force", "expires_on": date(2027, 1, 1)}, "compliant", "permit_in_force", id="in-force"
        ),
        pytest.param({"expires_on": date(2026, 3, 1)}, "flagged", "permit_expired", id="expired"),
        pytest.param({"status": "revoked"}, "flagged", "permit_revoked", id="revoked"),
        pytest.param({"issued_on": None, "status": "filed"}, "undetermined", "permit_dates_unknown", id="no-dates"),
    ],
)
def test_a_building_site(permit: dict[str, Any] | None, verdict: str, code: str) -> None:
    city = b.a_street()
    if permit is not None:
        b.a_permit(city, "P3", **permit)
    photo = b.a_photo(city, -5, 12, *WORK, category="construction", accuracy_m=2.0)
    (flag,) = run(photo)
    assert (flag.verdict, codes(flag)[-1], flag.parcel_keys) == (verdict, code, ["P3"])


def test_a_vague_position_gives_candidates() -> None:
    photo = b.a_photo(b.a_street(), 0, 12, *WORK, category="construction", accuracy_m=8.0)
    (flag,) = run(photo)
    assert (flag.verdict, flag.missing) == ("undetermined", ["parcel"])
    assert set(flag.parcel_keys) >= {"P3", "P4"}


def test_one_sign_on_two_dates_is_enough() -> None:
    city, hats = b.a_street(), (("hardhat", 0.9),)
    first = b.a_photo(city, -5, 12, *hats, category="construction", accuracy_m=2.0, at=b.AT - timedelta(days=3))
    again = b.a_photo(city, -4, 12, *hats, category="construction", accuracy_m=2.0, file=first.media)
    second = b.a_photo(city, -4, 12, *hats, category="construction", accuracy_m=2.0)
    far = b.a_photo(city, 300, 12, *hats, category="construction", accuracy_m=2.0)
    assert [f.verdict for f in run(first)] == ["undetermined"]
    assert [f.verdict for f in run(again)] == ["undetermined"]  # the same file proves no second date
    assert [f.verdict for f in run(second)] == ["flagged"]
    assert [f.missing for f in run(far)] == [["signs_of_work"]]


def test_outside_every_city_no_law_is_on_record() -> None:
    photo = b.a_photo(b.a_street(), 90_000, 0, ("car", 0.9))
    (flag,) = run(photo)
    assert (flag.verdict, flag.missing, flag.citation, flag.city) == ("undetermined", ["law_at_date"], {}, None)


def test_twice_gives_the_same_rows() -> None:
    clip = b.a_clip(b.a_camera(b.a_street()))
    for n in range(3):
        b.a_thing(clip, 4.0 * n, 0.5)
    b.a_thing(clip, 0, -4, "car")
    first, events = run(clip), FlagEvent.objects.count()
    assert [f.pk for f in run(clip)] == [f.pk for f in first]
    assert (Flag.objects.count(), FlagEvent.objects.count()) == (4, events)


def test_twice_for_a_scene_without_a_sighting() -> None:
    city = b.a_street()
    photo = b.a_photo(city, 0, 0, ("car", 0.9))
    sites = gather_site_facts(photo.pk)
    pairs = [(site, f) for site in sites for f in check(site, get_law("testville"))]
    assert record_findings(photo.pk, pairs) == record_findings(photo.pk, pairs)
    assert Flag.objects.count() == 1


def test_a_camera_asks_once_per_segment_use_and_part_of_the_day() -> None:
    camera = b.a_camera(b.a_street())
    clips = [b.a_clip(camera, b.AT + timedelta(minutes=m)) for m in (0, 30, 240)]
    for clip in clips:
        b.a_thing(clip, 0, 0.5)
        b.a_thing(clip, 3, 0.5)
        b.a_thing(clip, 6, 0.5, "chair")
    states = [sorted((f.use, f.state) for f in run(clip)) for clip in clips]
    assert states[0] == [("parking", "merged"), ("parking", "new"), ("trading", "new")]
    assert states[1] == [("parking", "merged"), ("parking", "merged"), ("trading", "merged")]
    assert states[2] == states[0]  # the afternoon is another matter
    lead = Flag.objects.filter(observation=clips[0], use="trading").get()
    merged = FlagEvent.objects.get(flag__observation=clips[1], flag__use="trading")
    assert (merged.to_state, merged.note) == ("merged", f"flag {lead.pk}")


def test_an_open_question_does_not_swallow_a_flag() -> None:
    camera = b.a_camera(b.a_street())
    unsure, sure = b.a_clip(camera), b.a_clip(camera, b.AT + timedelta(minutes=30))
    b.a_thing(unsure, 0, 0.5, dwell_s=60.0, last_seen_s=900.0)
    b.a_thing(sure, 0, 0.5)
    assert [(f.verdict, f.state) for f in run(unsure)] == [("undetermined", "new")]
    assert [(f.verdict, f.state) for f in run(sure)] == [("flagged", "new")]


def test_flags_are_frozen_and_replay() -> None:
    city = b.a_street()
    clip = b.a_clip(b.a_camera(city))
    b.a_thing(clip, 0, 0.5)
    photo = b.a_photo(city, -5, 12, *WORK, category="construction", accuracy_m=2.0)
    flags = [*run(clip), *run(photo)]
    text = b.LAW_FILE.read_text(encoding="utf-8").replace(
        "dwell_vehicle_s = { value = 300", "dwell_vehicle_s = { value = 3000"
    )
    assert save_law(city, text) == "done"  # the law changes; what was decided stays what it was
    for flag in flags:
        again = replay(flag)
        assert again.is_same
        assert again.again.law_version == again.stored.law_version
    with pytest.raises(ProgrammingError), transaction.atomic():
        Flag.objects.filter(pk=flags[0].pk).update(verdict="compliant")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Flag.objects.filter(pk=flags[0].pk)._raw_delete("default")  # past Django's own guard, as raw SQL would


def test_the_newest_law_is_used_and_none_is_lost() -> None:
    city = b.a_street()
    text = b.LAW_FILE.read_text(encoding="utf-8")
    assert save_law(city, text) == "unchanged"
    assert save_law(city, text + "\n# a note\n") == "done"
    assert save_law(city, text) == "done"
    assert OrdinanceSet.objects.count() == 3
    assert get_law("testville").version == OrdinanceSet.objects.order_by("id").first().sha256  # type: ignore[union-attr]
    assert get_law("nowhere").rules == ()
    with pytest.raises(ProgrammingError), transaction.atomic():
        OrdinanceSet.objects.all().delete()


def test_the_number_of_queries_does_not_grow_with_what_was_seen() -> None:
    camera = b.a_camera(b.a_street())
    few, many = b.a_clip(camera), b.a_clip(camera, b.AT + timedelta(hours=1))
    b.a_thing(few, 0, 0.5)
    for n in range(9):
        b.a_thing(many, n - 4.0, 0.5)
    counts = []
    for clip in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as gathered:
            gather_site_facts(clip.pk)
        counts.append(len(gathered))
    assert counts[0] == counts[1] <= 20
    sites = gather_site_facts(many.pk)
    pairs = [(site, f) for site in sites for f in check(site, get_law("testville"))]
    with CaptureQueriesContext(connection) as stored:
        record_findings(many.pk, pairs)
    assert len(stored) <= 14


@pytest.mark.parametrize(("language", "verdict"), [("vi", "Cảnh báo"), ("en", "Flag")])
def test_flags_have_words(language: str, verdict: str) -> None:
    clip = b.a_clip(b.a_camera(b.a_street()))
    b.a_thing(clip, 0, 0.5)
    said = word_finding(run(clip)[0], language)
    assert said.verdict in (verdict, "Flag")  # the catalogue may not be compiled yet
    assert len(said.reasons) == 4
    assert said.citation
