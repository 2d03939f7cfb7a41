"""The range of a fine on the day of the act, as data gives it: shown to an officer, decided by nobody here. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rules.ordinances import LawInForce


@dataclass(frozen=True, slots=True)
class FineRange:
    """Least, most and mid-point (the usual amount unless something mitigates or aggravates), in the currency's unit."""

    least: int
    most: int
    citation: str
    is_confirmed: bool

    @property
    def middle(self) -> int:
        """Half-way between least and most."""
        return (self.least + self.most) // 2


def find_fine(law: LawInForce, code: str, group: str, *, is_organisation: bool) -> FineRange | None:
    """The range of one clause for one group of works; None where the law of the day gives none."""
    fine = next((f for f in law.fines if f.code == code and f.group == group), None)
    if fine is None:
        return None
    share = 1.0 if is_organisation else fine.individual_share
    return FineRange(round(fine.least * share), round(fine.most * share), fine.citation, fine.is_confirmed)
