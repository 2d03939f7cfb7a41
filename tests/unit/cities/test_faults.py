"""The faulty register files hold the faults they promise, and sound rows beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from cities.hcmc.recipe_parts.faults import write_faults
from cities.hcmc.recipe_parts.ground import PACK


@pytest.mark.parametrize("name", ["parcels.geojson", "permits.geojson"])
def test_committed_files_are_those_of_the_recipe(tmp_path: Path, name: str) -> None:
    write_faults(tmp_path)
    assert (PACK / "faults" / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8")


def test_outlines_are_as_faulty_as_they_say() -> None:
    features = json.loads((PACK / "faults" / "parcels.geojson").read_text(encoding="utf-8"))["features"]
    outlines = {f["properties"]["fault"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}
    assert not outlines["crosses itself"].is_valid
    assert outlines["no outline"].is_empty
    assert outlines["far outside the city"].centroid.x < 400_000
    assert outlines["an outline of almost no area"].area < 0.001
    assert next(o for fault, o in outlines.items() if fault.startswith("north before east")).centroid.x > 1_000_000
    keys = [f["properties"]["ma_thua_dat"] for f in features]
    assert len(keys) - len(set(keys)) == 1
    assert sum(not f["properties"]["fault"] for f in features) == 2
