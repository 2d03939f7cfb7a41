"""The whole demonstration ward as one value, made once per process; read by the recipe and by the sample evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from cities.hcmc.recipe_parts import plans
from cities.hcmc.recipe_parts.buildings import Building, Permit, make_buildings, make_permits
from cities.hcmc.recipe_parts.ground import Ground, read_ground
from cities.hcmc.recipe_parts.parcels import Cadastre, make_cadastre
from cities.hcmc.recipe_parts.reserves import Reserves, cut_reserves
from cities.hcmc.recipe_parts.sites import WANTED_LOTS
from cities.hcmc.recipe_parts.streets import Street, all_streets


@dataclass(frozen=True, slots=True)
class Ward:
    """Everything that was made, in metres."""

    ground: Ground
    streets: tuple[Street, ...]
    reserves: Reserves
    cadastre: Cadastre
    buildings: tuple[Building, ...]
    permits: tuple[Permit, ...]
    planned: BaseGeometry


@lru_cache(maxsize=1)
def make_ward() -> Ward:
    """The whole ward; the same each time, on every machine with the same GEOS."""
    ground, streets = read_ground(), all_streets()
    reserves = cut_reserves(ground, streets)
    cadastre = make_cadastre(reserves, streets)
    buildings = make_buildings(cadastre.parcels)
    with_permit: dict[str, Polygon] = {lot.key: lot.outline for lot in WANTED_LOTS if lot.has_permit}
    permits = tuple(make_permits(buildings, with_permit))
    return Ward(ground, streets, reserves, cadastre, buildings, permits, plans.planned_reserve(ground, streets))
