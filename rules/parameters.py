"""What each rule must be told by the law: name, unit, range and meaning of every threshold. Pure data.

The figures themselves are dated and cited in a city pack's ``ordinances.toml``; nothing here has a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SIDEWALK = "sidewalk_encroachment"
CONSTRUCTION = "construction_permit"

Value = float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold: ``kind`` is number, flag (true or false) or words (a list); a number lies in ``least``..``most``."""

    rule: str
    name: str
    unit: str
    meaning: str
    kind: str = "number"
    least: float = 0.0
    most: float = 1e9
    is_required: bool = True


_ALL = (
    Parameter(SIDEWALK, "min_clear_width_m", "m", "least width left free for people on foot", least=0.1, most=20),
    Parameter(SIDEWALK, "min_share_on_sidewalk", "", "share of a thing's ground outline on the sidewalk", most=1),
    Parameter(SIDEWALK, "max_displacement_m", "m", "a thing that moves less than this stands still", most=20),
    Parameter(SIDEWALK, "dwell_vehicle_s", "s", "how long a vehicle stands before it counts", most=86_400),
    Parameter(SIDEWALK, "dwell_goods_s", "s", "how long goods or furniture stand before they count", most=86_400),
    Parameter(
        SIDEWALK, "dwell_fixed_s", "s", "how long a sign, barrier or material stands before it counts", most=86_400
    ),
    Parameter(SIDEWALK, "min_seen_share", "", "share of its stay in which a thing must have been seen", most=1),
    Parameter(SIDEWALK, "small_vendor_max_m2", "m2", "a vendor alone on less than this is reminded first", most=100),
    Parameter(
        SIDEWALK, "uses_are_listed", "", "the sidewalk register lists permitted uses and painted slots", kind="flag"
    ),
    Parameter(
        SIDEWALK, "public_use_codes", "", "use codes of parcels that are public ground", kind="words", is_required=False
    ),
    Parameter(CONSTRUCTION, "min_signs", "", "independent signs of work on one date", least=1, most=20),
    Parameter(CONSTRUCTION, "min_days_between_signs", "days", "or one sign on two dates this far apart", most=365),
    Parameter(CONSTRUCTION, "min_sign_score", "", "least confidence score of a sign", most=1),
    Parameter(
        CONSTRUCTION, "min_parcel_likelihood", "", "from which a parcel is taken as the place", least=0.5, most=1
    ),
    Parameter(CONSTRUCTION, "max_register_age_days", "days", "older permit data accuse nobody", least=1, most=36_500),
    Parameter(
        CONSTRUCTION, "permits_are_registered", "", "the permit register holds the permits asked for", kind="flag"
    ),
    Parameter(
        CONSTRUCTION, "exempt_below_storeys", "storeys", "a house with fewer may be exempt", most=200, is_required=False
    ),
    Parameter(CONSTRUCTION, "exempt_below_floor_area_m2", "m2", "a house with less may be exempt", is_required=False),
    Parameter(
        CONSTRUCTION,
        "permit_area_plan_kinds",
        "",
        "plans whose districts are areas where a house needs a permit",
        kind="words",
        is_required=False,
    ),
    Parameter(
        CONSTRUCTION,
        "permit_area_overlay_kinds",
        "",
        "overlay districts where a house needs a permit",
        kind="words",
        is_required=False,
    ),
    Parameter(
        CONSTRUCTION,
        "permit_kinds",
        "",
        "kinds of permit in the register that allow building; all kinds when not given",
        kind="words",
        is_required=False,
    ),
    Parameter(
        CONSTRUCTION, "limited_term_kinds", "", "kinds of permit with a limited term", kind="words", is_required=False
    ),
    Parameter(
        CONSTRUCTION, "limited_term_zoning_storeys", "storeys", "most storeys by a zoning plan", is_required=False
    ),
    Parameter(
        CONSTRUCTION, "limited_term_zoning_basements", "storeys", "most basements by a zoning plan", is_required=False
    ),
    Parameter(
        CONSTRUCTION, "limited_term_detailed_storeys", "storeys", "most storeys by a detailed plan", is_required=False
    ),
    Parameter(
        CONSTRUCTION,
        "limited_term_detailed_basements",
        "storeys",
        "most basements by a detailed plan",
        is_required=False,
    ),
    Parameter(
        CONSTRUCTION, "public_line_kinds", "", "plan lines that keep ground public", kind="words", is_required=False
    ),
)

PARAMETERS: Mapping[str, tuple[Parameter, ...]] = MappingProxyType(
    {code: tuple(p for p in _ALL if p.rule == code) for code in (SIDEWALK, CONSTRUCTION)}
)
