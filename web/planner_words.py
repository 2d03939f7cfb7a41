"""Every word that the planner's script writes, in the reader's language: the script itself holds no text."""

from __future__ import annotations

from django.utils.translation import gettext as _


def list_planner_words() -> dict[str, str]:
    """Key -> words, for the page's JSON."""
    return {
        "layer_parcels": _("Parcels"),
        "layer_zoning": _("Zoning plan"),
        "layer_land_use": _("Land-use plan"),
        "layer_overlays": _("Overlay districts"),
        "layer_plan_lines": _("Plan lines"),
        "layer_roads": _("Roads"),
        "layer_sidewalks": _("Sidewalks"),
        "layer_permits": _("Building permits"),
        "layer_buildings": _("Buildings"),
        "layer_addresses": _("Addresses"),
        "layer_named_places": _("Named places"),
        "layer_units": _("Administrative units"),
        "layer_flags": _("Flags"),
        "layer_cases": _("Cases"),
        "question_corridor_without_permit": _("Parcels in a road corridor without a permit since a day"),
        "question_zone_shares_by_ward": _("Shares of zones by ward"),
        "question_flags_near_places": _("Flags near places of a kind"),
        "blank_street": _("Street"),
        "blank_width_m": _("Width of the corridor, m"),
        "blank_since": _("No permit since"),
        "blank_plan_kind": _("Plan: zoning or land_use"),
        "blank_unit": _("Ward (empty: all)"),
        "blank_kind": _("Kind of place"),
        "blank_distance_m": _("Distance, m"),
        "asking": _("Asking…"),
        "failed": _("Could not be loaded. Try again."),
        "rows": _("rows"),
        "nothing": _("Nothing fits."),
        "draw": _("Draw an area"),
        "drawing": _("Touch corner after corner; touch the first one again to close."),
        "drawn": _("Area drawn"),
        "no_area": _("Whole city"),
        "properties": _("Properties"),
        "writing": _("The file is being written…"),
        "show": _("Show on the map"),
        "bad_file": _("This file holds no GeoJSON area."),
    }
