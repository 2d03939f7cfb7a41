"""Sidewalk encroachment (lấn chiếm vỉa hè): does a thing stand on a sidewalk where the law of the day does not let it?

A camera with a calibration places things on the ground and sees how long they stay: only then may this rule flag. A
hand-held picture has neither, so it stays undetermined, with the candidate sidewalks and what would settle it. Trading is
flagged however wide the rest is: the free width decides severity, and whether permitted parking was permitted.
Called by ``rules.engine``; the page is docs/rules/sidewalk_encroachment.md.
"""

from __future__ import annotations

from collections.abc import Callable

from geo.facts import Coverage, Register
from intake.kinds import Category
from rules.finding import Finding, Verdict
from rules.free_width import Passage, judge_passage
from rules.ordinances import Regime, RuleLaw
from rules.parameters import SIDEWALK
from rules.sidewalk_leave import find_leave
from rules.sidewalk_priority import rank
from rules.site_facts import ParcelDistance, SiteFacts
from rules.uses import DWELL_PARAMETER, use_of_label, use_of_scene
from rules.weighing import Sheet, register_state

VERSION = 1
_NAMED_LABELS = 3


def check_sidewalk(facts: SiteFacts, law: RuleLaw) -> Finding | None:
    """The finding about one placed thing or one whole picture; None when this rule has nothing to say of it."""
    use = concerned_use(facts)
    if use is None:
        return None
    sheet = Sheet(facts, law)
    verdict = _decide(sheet, use, _SCENE_STEPS if facts.is_scene else _PLACED_STEPS)
    return sheet.close(SIDEWALK, use.value, verdict, rank(sheet, use, verdict))


def concerned_use(facts: SiteFacts) -> Category | None:
    """The use of the sidewalk these facts are about; None for people, street fixtures and building sites.

    A picture whose things are placed one by one is judged by them, not as a whole.
    """
    if facts.sighting is None:
        if facts.scene.is_calibrated:
            return None
        return use_of_scene(facts.scene.seen, facts.scene.category)
    return use_of_label(facts.sighting.label, facts.scene.category)


Step = Callable[[Sheet, Category], Verdict | None]


def _decide(sheet: Sheet, use: Category, steps: tuple[Step, ...]) -> Verdict:
    """The first step that settles it."""
    for step in steps:
        verdict = step(sheet, use)
        if verdict is not None:
            return verdict
    return sheet.undetermined("use_not_in_law", "law_for_use", use=use.value)


def _moving(sheet: Sheet, use: Category) -> Verdict | None:
    """A thing that moves is traffic, wherever it is; boxes that tremble are no move."""
    moved_m, most_m = _displacement(sheet), sheet.law.number("max_displacement_m")
    if moved_m is None or moved_m - _jitter(sheet) <= most_m:
        return None
    return sheet.compliant("moving", displacement_m=moved_m, limit_m=most_m)


def _person_first(sheet: Sheet, use: Category) -> Verdict | None:
    """Weddings, funerals and events are an allowed purpose that a picture cannot tell: nobody is sent before a look."""
    if sheet.law.regime(use.value) is not Regime.PERSON_FIRST:
        return None
    return sheet.undetermined("person_first", "purpose_of_use", use=use.value)


def _registered(sheet: Sheet, use: Category) -> Verdict | None:
    if register_state(sheet.facts, Register.SIDEWALK) is Coverage.NO_DATA:
        return sheet.no_data(Register.SIDEWALK)
    return None


def _boundary(sheet: Sheet, use: Category) -> Verdict | None:
    """On private land, or nearer to it than the error of the place: never decided by the machine."""
    ground = sheet.facts.ground
    if ground is None:
        return sheet.undetermined("ground_position", "ground_position")
    near = _nearest_private(sheet)
    if near is None or near.distance_m > ground.sigma_m:
        return None
    return sheet.undetermined(
        "boundary", "surveyed_boundary", parcel=near.key, distance_m=near.distance_m, sigma_m=ground.sigma_m
    )


def _nearest_private(sheet: Sheet) -> ParcelDistance | None:
    ground, public = sheet.facts.ground, sheet.law.words("public_use_codes")
    private = [p for p in ground.parcels if p.use_code not in public] if ground else []
    return min(private, key=lambda parcel: parcel.distance_m, default=None)


def _on_sidewalk(sheet: Sheet, use: Category) -> Verdict | None:
    """At least half of its outline on the sidewalk, wherever within 2 sigma it stands."""
    ground = sheet.facts.ground
    if ground is None:
        return sheet.undetermined("ground_position", "ground_position")
    share, needed = ground.sidewalk, sheet.law.number("min_share_on_sidewalk")
    figures = {"share": share.share, "least": share.least, "most": share.most, "limit": needed}
    if share.most < needed:
        return sheet.compliant("off_sidewalk", **figures, sigma_m=ground.sigma_m)
    if share.least < needed or not ground.has_outline:
        missing = "ground_position" if ground.has_outline else "footprint"
        return sheet.undetermined("sidewalk_edge", missing, **figures, sigma_m=ground.sigma_m)
    if register_state(sheet.facts, Register.PARCEL) is Coverage.NO_DATA:
        sheet.note("on_sidewalk", True, **figures, segment=ground.sidewalk_key, sigma_m=ground.sigma_m)
        return sheet.no_data(Register.PARCEL)
    sheet.note("on_sidewalk", True, **figures, segment=ground.sidewalk_key, sigma_m=ground.sigma_m)
    return None


def _stationary(sheet: Sheet, use: Category) -> Verdict | None:
    """Stood still for as long as its kind of use needs; a gap of a fifth is a passer-by in front of it."""
    sighting = sheet.facts.sighting
    limit_s, limit_m = sheet.law.number(DWELL_PARAMETER[use]), sheet.law.number("max_displacement_m")
    moved_m, dwell_s = _displacement(sheet), sighting.dwell_s if sighting else None
    if moved_m is None or dwell_s is None:
        return sheet.undetermined("dwell_unknown", "dwell", limit_s=limit_s)
    figures = {"dwell_s": dwell_s, "limit_s": limit_s, "displacement_m": moved_m, "limit_m": limit_m}
    if dwell_s < limit_s:
        if sighting is not None and sighting.has_left:
            return sheet.compliant("short_stay", **figures)
        return sheet.undetermined("stay_not_watched", "dwell", **figures)
    seen, needed = sighting.seen_share if sighting else None, sheet.law.number("min_seen_share")
    if seen is not None and seen < needed:
        return sheet.undetermined("hidden_too_often", "dwell", share=seen, limit=needed, **figures)
    if moved_m > limit_m:
        return sheet.undetermined("movement_unclear", "still", sigma_m=_jitter(sheet), **figures)
    sheet.note("stationary", True, **figures)
    return None


def _displacement(sheet: Sheet) -> float | None:
    return sheet.facts.sighting.displacement_m if sheet.facts.sighting else None


def _jitter(sheet: Sheet) -> float:
    return sheet.facts.sighting.jitter_m if sheet.facts.sighting else 0.0


def _width(sheet: Sheet, use: Category) -> Verdict | None:
    """Written down for every use; it decides severity, and in ``_by_law`` whether a permitted use was within its permit."""
    ground, least_m = sheet.facts.ground, sheet.law.number("min_clear_width_m")
    free = ground.free_width if ground else None
    if free is None:
        sheet.note("free_width_unknown", None, limit_m=least_m)
        return None
    passage = judge_passage(free, least_m)
    met = {Passage.FREE: True, Passage.BLOCKED: False, Passage.SUSPECTED: None}[passage]
    sheet.note("free_width", met, width_m=free.width_m, sigma_m=free.sigma_m, limit_m=least_m, passage=passage.value)
    return None


def _by_law(sheet: Sheet, use: Category) -> Verdict | None:
    """What the law of the day says of this use at this place and hour."""
    regime = sheet.law.regime(use.value)
    if regime is Regime.FREE:
        return sheet.compliant("use_free", use=use.value)
    if regime is Regime.FORBIDDEN:
        return sheet.flagged("use_forbidden", use=use.value)
    if regime is Regime.LISTED:
        return _by_leave(sheet, use)
    return None


def _by_leave(sheet: Sheet, use: Category) -> Verdict | None:
    if not sheet.law.is_set("uses_are_listed"):
        return sheet.undetermined("leave_register_no_data", "register_leave", use=use.value)
    leave = find_leave(sheet.facts, use, sheet.law.number("min_share_on_sidewalk"))
    if leave.met is None:
        return sheet.undetermined(leave.code, "ground_position", **dict(leave.values))
    if leave.met is False:
        return sheet.flagged(leave.code, **dict(leave.values))
    sheet.note(leave.code, True, **dict(leave.values))
    return _within_leave(sheet)


def _within_leave(sheet: Sheet) -> Verdict:
    """A permitted use stays permitted only while people on foot have their width."""
    ground, least_m = sheet.facts.ground, sheet.law.number("min_clear_width_m")
    free = ground.free_width if ground else None
    if free is None:
        return sheet.undetermined("width_in_leave_unknown", "free_width", limit_m=least_m)
    figures = {"width_m": free.width_m, "sigma_m": free.sigma_m, "limit_m": least_m}
    passage = judge_passage(free, least_m)
    if passage is Passage.BLOCKED:
        return sheet.flagged("leave_too_narrow", **figures)
    if passage is Passage.SUSPECTED:
        return sheet.undetermined("width_in_leave_unsure", "free_width", **figures)
    return sheet.compliant("within_leave", **figures)


def _scene_place(sheet: Sheet, use: Category) -> Verdict | None:
    """Where the picture was taken is known at best within metres: the sidewalks near it are candidates."""
    facts = sheet.facts
    best = sorted(facts.scene.seen, key=lambda s: -s.best_score)[:_NAMED_LABELS]
    for thing in best:
        sheet.note("seen", None, label=thing.label, count=thing.count, score=thing.best_score)
    if facts.place is None:
        return sheet.undetermined("no_position", "position", why=facts.scene.no_position_reason)
    if register_state(facts, Register.SIDEWALK) is Coverage.NO_DATA:
        return sheet.no_data(Register.SIDEWALK)
    if not facts.place.sidewalks:
        sheet.note("no_sidewalk_near", None, accuracy_m=facts.place.position.accuracy_m)
    for segment in facts.place.sidewalks[:_NAMED_LABELS]:
        sheet.note(
            "sidewalk_candidate", None, segment=segment.key, street=segment.street, distance_m=segment.distance_m
        )
    return None


def _scene_stay(sheet: Sheet, use: Category) -> Verdict | None:
    """One picture shows neither how long nor exactly where; a second one at least shows that it is still there."""
    facts = sheet.facts
    again = [
        abs((facts.at - other.at).total_seconds())
        for other in facts.scene.others
        if any(use_of_label(thing.label, facts.scene.category) is use for thing in other.seen)
    ]
    if again:
        sheet.note("seen_again", None, apart_s=max(again), limit_s=sheet.law.number(DWELL_PARAMETER[use]))
    accuracy_m = facts.place.position.accuracy_m if facts.place else None
    code = "calibration" if facts.scene.source == "camera" else "ground_position"
    return sheet.undetermined("one_picture", "dwell", code, accuracy_m=accuracy_m)


_PLACED_STEPS: tuple[Step, ...] = (
    _moving,
    _registered,
    _person_first,
    _boundary,
    _on_sidewalk,
    _stationary,
    _width,
    _by_law,
)
_SCENE_STEPS: tuple[Step, ...] = (_person_first, _scene_place, _scene_stay)
