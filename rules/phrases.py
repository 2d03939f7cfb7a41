"""The English sentence of every code a finding may carry; Vietnamese is in ``rules/locale``. Pure data.

``%(name)s`` stands for the figure of that name, already formatted with its unit. Words of the law are avoided here: a
finding is a suspicion.
"""

from __future__ import annotations

from types import MappingProxyType

from detection.labels import MEANINGS, UNDETECTED, WITHOUT_MEANING

VERDICTS = MappingProxyType({"flagged": "Flag", "undetermined": "Undetermined", "compliant": "Compliant"})

# what the finding is about, when it is a suspicion or open, and when nothing was found against it
TITLES = MappingProxyType(
    {
        "parking": "Vehicle on the sidewalk",
        "parking_service": "Vehicles kept on the sidewalk",
        "trading": "Trading on the sidewalk",
        "signboard": "Sign or canopy on the sidewalk",
        "material": "Material on the sidewalk",
        "barrier": "Barrier on the sidewalk",
        "event": "Wedding, funeral or event on the sidewalk",
        "construction": "Building work, permit in question",
        "other": "Site in question",
    }
)
COMPLIANT_TITLES = MappingProxyType(
    {
        "parking": "Vehicle",
        "parking_service": "Vehicle keeping",
        "trading": "Goods or furniture",
        "signboard": "Sign or canopy",
        "material": "Material",
        "barrier": "Barrier or plant",
        "event": "Wedding, funeral or event",
        "construction": "Building work",
        "other": "Site",
    }
)

REASONS = MappingProxyType(
    {
        "law_at_date": "No law is on record here for %(on)s.",
        "rule_failed": "This rule could not be computed (%(error)s). The operator was told.",
        "register_no_data": "The register “%(register)s” has no data here.",
        "time_from_receipt": "The file gives no time; the day of receipt, %(on)s, was used.",
        "no_position": "The place of the picture is not known.",
        "seen": "Seen: %(label)s, %(count)s, confidence score %(score)s.",
        "moving": "It moves: %(displacement_m)s within a minute (standing still: up to %(limit_m)s).",
        "person_first": "Weddings, funerals and events are an allowed purpose: a person looks first.",
        "ground_position": "Where it stands on the ground is not known.",
        "boundary": "%(distance_m)s from parcel %(parcel)s, within the error of place (1σ %(sigma_m)s): perhaps private land.",
        "off_sidewalk": "Not on the sidewalk: %(share)s of its outline, at most %(most)s within 2σ (limit %(limit)s).",
        "sidewalk_edge": "At the sidewalk's edge: %(share)s of its outline, %(least)s to %(most)s within 2σ (limit %(limit)s).",
        "on_sidewalk": "On sidewalk %(segment)s: %(share)s of its outline, at least %(least)s within 2σ (limit %(limit)s).",
        "dwell_unknown": "How long it stands there was not seen (limit %(limit_s)s).",
        "short_stay": "It left after %(dwell_s)s (limit %(limit_s)s).",
        "stay_not_watched": "Watched for %(dwell_s)s only, still there at the end (limit %(limit_s)s).",
        "hidden_too_often": "Seen in only %(share)s of its stay (at least %(limit)s needed).",
        "movement_unclear": "It seems to move %(displacement_m)s within a minute, but unrest of the picture alone may feign "
        "%(sigma_m)s (standing still: up to %(limit_m)s).",
        "stationary": "Stood still for %(dwell_s)s (limit %(limit_s)s), moved %(displacement_m)s.",
        "free_width": "Free width for people on foot: %(width_m)s ± %(error_m)s (2σ), limit %(limit_m)s (blocked: %(passage)s).",
        "free_width_unknown": "The free width was not measured (limit %(limit_m)s).",
        "use_free": "This use is allowed without leave: %(use)s.",
        "use_forbidden": "This use is not allowed on a sidewalk on that day: %(use)s.",
        "use_not_in_law": "The law on record does not speak of this use: %(use)s.",
        "leave_register_no_data": "No register here lists permitted places for: %(use)s.",
        "leave_unknown": "The sidewalk segment is not known, so neither is any leave for: %(use)s.",
        "leave_on_segment": "The register lists leave on segment %(segment)s for: %(use)s.",
        "in_slot": "In a painted slot: %(share)s of its outline, at least %(least)s within 2σ.",
        "slot_edge": "At the edge of a painted slot: %(share)s of its outline, %(least)s to %(most)s within 2σ.",
        "outside_slot": "Outside every painted slot of segment %(segment)s, %(distance_m)s from the nearest.",
        "leave_ended": "The leave on segment %(segment)s ended on %(ended_on)s.",
        "outside_hours": "The leave on segment %(segment)s does not hold at this hour or on this day.",
        "no_leave": "The register lists no leave on segment %(segment)s for: %(use)s.",
        "within_leave": "Within its leave, and %(width_m)s ± %(error_m)s (2σ) stay free (limit %(limit_m)s).",
        "leave_too_narrow": "Within its leave, but only %(width_m)s ± %(error_m)s (2σ) stay free (limit %(limit_m)s).",
        "width_in_leave_unknown": "Within its leave; whether %(limit_m)s stay free was not measured.",
        "width_in_leave_unsure": "Within its leave; %(width_m)s ± %(error_m)s (2σ) stay free, too near the limit of %(limit_m)s.",
        "no_sidewalk_near": "The register shows no sidewalk near this place (error %(accuracy_m)s).",
        "sidewalk_candidate": "Possible segment: %(segment)s %(street)s, %(distance_m)s away.",
        "seen_again": "Seen again %(apart_s)s apart (limit %(limit_s)s).",
        "one_picture": "One picture shows neither how long it stays nor exactly where (error %(accuracy_m)s).",
        "work_signs": "Signs of work: %(kinds)s (%(count)s kinds, %(needed)s needed).",
        "sign_seen_again": "A sign of work on two dates: %(kinds)s, %(days_apart)s days apart (%(days_needed)s needed).",
        "signs_too_few": "Too few signs of work: %(kinds)s (%(count)s kinds, %(needed)s needed).",
        "cannot_be_seen": "These weights cannot see: %(thing)s.",
        "parcel": "Parcel %(parcel)s: likelihood %(likelihood)s (limit %(limit)s, error %(accuracy_m)s).",
        "no_parcel_here": "The register shows no parcel here (error %(accuracy_m)s).",
        "parcel_candidate": "Possible parcel: %(parcel)s, likelihood %(likelihood)s.",
        "several_parcels": "%(count)s parcels are possible within the error of %(accuracy_m)s; none reaches %(limit)s.",
        "permit_in_force": "Permit %(number)s was in force (%(issued_on)s to %(expires_on)s).",
        "visible_storeys": "Storeys counted: %(visible)s; permitted: %(permitted)s. Not every visible storey counts.",
        "over_permit": "At least two storeys more than permit %(number)s allows.",
        "permit_exempt": "Exempt from a permit: a small house outside the areas that need one. A start notice is still due.",
        "permit_need_unknown": "Whether a permit is needed cannot be told yet.",
        "permit_needed": "A permit is needed here (%(zones)s).",
        "register_undated": "The permit register does not say how old it is.",
        "register_stale": "The permit register is of %(source_on)s, %(age_days)s days old (limit %(limit_days)s).",
        "register_fresh": "The permit register is of %(source_on)s (%(age_days)s days old, limit %(limit_days)s).",
        "permit_dates_unknown": "Permit %(number)s names this parcel; whether it was in force is not known.",
        "permit_not_linked": "Permit %(number)s lies near and names no parcel: it may be this one's.",
        "permit_expired": "Permit %(number)s expired on %(expires_on)s.",
        "permit_revoked": "Permit %(number)s was revoked.",
        "permit_not_yet": "Permit %(number)s was not yet in force (issued %(issued_on)s).",
        "limited_term_over": "The term of limited-term permit %(number)s was over on %(expires_on)s.",
        "no_permit": "The register holds no permit for this parcel on that day.",
        "public_line": "Kept public by a plan: %(kind)s %(name)s, %(distance_m)s away, width %(width_m)s, error %(accuracy_m)s.",
    }
)

MISSING = MappingProxyType(
    {
        "law_at_date": "the law of that day",
        "rule_failed": "a working computation of this rule",
        "law_for_use": "what the law says of this use",
        "captured_at": "the time of the picture",
        "position": "the place of the picture",
        "ground_position": "where exactly it stands on the ground",
        "footprint": "how much ground it covers",
        "calibration": "a calibration of the camera",
        "dwell": "how long it stands there: a longer clip, or an officer's look",
        "still": "whether it stands still: a nearer camera, or an officer's look",
        "purpose_of_use": "what the use is for: a person's look",
        "surveyed_boundary": "the surveyed boundary of the parcel",
        "free_width": "the free width, by tape measure",
        "register_sidewalk": "sidewalk register",
        "register_parcel": "parcel register",
        "register_permit": "permit register, up to date",
        "register_leave": "register of permitted sidewalk uses",
        "signs_of_work": "a second sign of work, or a picture of another day",
        "parcel": "which parcel it is",
        "permit_dates": "the dates of the permit",
        "permit_parcel": "which parcel the permit is for",
        "storeys_by_officer": "the storeys, counted by an officer",
        "is_house": "whether it is an individual house",
        "storeys": "the number of storeys",
        "floor_area_m2": "the floor area",
        "in_permit_area": "whether the place lies in an area that needs a permit",
    }
)

PRIORITIES = MappingProxyType(
    {
        "width_blocked": "the way is blocked",
        "width_suspected": "the way may be blocked",
        "small_vendor": "a small vendor: remind first",
        "person_first": "a person looks first",
        "machinery": "machinery at work",
        "public_land": "on public ground",
        "no_permit": "no permit",
        "permit_ran_out": "a permit that does not hold",
        "tamper_hint": "doubts about the picture: look at it first",
    }
)

# words that stand inside the sentences, uses as "use:..."; labels of the detector and unseen things stand for themselves
WORDS = MappingProxyType(
    {
        **{label: label for label in (*MEANINGS, *WITHOUT_MEANING)},
        **{thing.name: thing.name for thing in UNDETECTED},
        **{unit: unit for unit in ("s", "min", "h", "yes", "no", "none")},
        "certain": "certainly",
        "suspected": "perhaps",
        "free": "no",
        "use:parking": "parking",
        "use:parking_service": "vehicle keeping",
        "use:trading": "trading",
        "use:signboard": "signs and canopies",
        "use:material": "building material",
        "use:barrier": "barriers and plants",
        "use:event": "weddings, funerals, events",
        "sidewalk": "sidewalks",
        "parcel": "parcels",
        "permit": "building permits",
        "site_machinery": "site machinery",
        "site_worker": "workers in hard hats or vests",
        "red_line": "red line",
        "building_line": "building line",
        "river_corridor": "river corridor",
        "canal_corridor": "canal corridor",
        "corner_cut": "corner cut",
    }
)

NOTES = MappingProxyType(
    {
        "generated": "Uses generated data.",
        "unconfirmed": "The law on record has not been confirmed by the city's lawyers.",
        "no_citation": "No ordinance is cited.",
    }
)

CITATION = "%(instrument)s, %(article)s (%(title)s), in force since %(since)s"


def all_phrases() -> frozenset[str]:
    """Every English text that needs a translation."""
    tables = (VERDICTS, TITLES, COMPLIANT_TITLES, REASONS, MISSING, PRIORITIES, WORDS, NOTES)
    return frozenset({CITATION, *(text for table in tables for text in table.values())})
