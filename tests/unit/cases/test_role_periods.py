"""Which roles do not stand beside each other."""

from __future__ import annotations

from datetime import date

import pytest

from cases.role_periods import RolePeriod, refuse_conflict
from cases.roles import Role
from errors import Conflict, InputError

HELD = RolePeriod(Role.LEADER, 1, 5, date(2026, 1, 1), date(2026, 7, 1))


def period(role: Role = Role.LEADER, **changes: object) -> RolePeriod:
    given = {"city_id": 1, "unit_id": 5, "valid_from": date(2026, 3, 1), "valid_to": None, **changes}
    return RolePeriod(role, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "is_refused"),
    [
        pytest.param(period(), True, id="the same role there, overlapping"),
        pytest.param(period(unit_id=None), False, id="the same role, for the whole city"),
        pytest.param(period(valid_from=date(2026, 7, 1)), False, id="beginning on the day the other ends"),
        pytest.param(
            period(valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1)), False, id="ending as the other begins"
        ),
        pytest.param(period(Role.REVIEWER), False, id="another role there"),
        pytest.param(period(Role.AUDITOR, unit_id=None), True, id="an auditor is not who is audited"),
        pytest.param(period(Role.AUDITOR, city_id=2), False, id="an auditor of another city"),
    ],
)
def test_what_does_not_go_together(wanted: RolePeriod, is_refused: bool) -> None:  # noqa: FBT001
    if is_refused:
        with pytest.raises(Conflict):
            refuse_conflict(wanted, [HELD])
    else:
        refuse_conflict(wanted, [HELD])


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(InputError):
        period(valid_to=date(2026, 3, 1))
