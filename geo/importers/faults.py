"""What can be wrong with a row of a register file, and what was done about it. Pure values; they become RegisterIssue rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from errors import InputError


class Fault(StrEnum):
    """What is wrong with the row."""

    SELF_CROSSING = "self_crossing"
    NO_GEOMETRY = "no_geometry"
    WRONG_SHAPE = "wrong_shape"
    DUPLICATE_KEY = "duplicate_key"
    NO_KEY = "no_key"
    KEY_FORM = "key_form"
    OUTSIDE_CITY = "outside_city"
    SWAPPED_AXES = "swapped_axes"
    IMPOSSIBLE_DATE = "impossible_date"
    MISSING_VALUE = "missing_value"
    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    BAD_LIST = "bad_list"
    WRONG_CRS = "wrong_crs"  # the file's word on its coordinate system is not true
    BAD_PAGE = "bad_page"  # HTML, an error message or half a page instead of data
    MISSING_PAGE = "missing_page"


class Remedy(StrEnum):
    """What was done: the row was repaired, left out of the register, or kept as it is."""

    REPAIRED = "repaired"
    LEFT_OUT = "left_out"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault of one row (counted from 1); ``place`` is lon, lat near the fault where there is one.

    ``detail`` is a sentence of ``geo.fault_details`` whose blanks are ``names``; without names it stands for itself (a value).
    """

    row: int
    fault: Fault
    remedy: Remedy
    detail: str = ""
    key: str = ""
    place: tuple[float, float] | None = None
    names: Mapping[str, str] | None = None

    @property
    def said(self) -> str:
        """The detail in English."""
        return self.detail if self.names is None else self.detail.format_map(self.names)


class RefusedFile(InputError):
    """A file of which nothing can be taken, with the faults that say why; they become register issues of the refused run."""

    def __init__(
        self, message: str, faults: Sequence[RowFault] = (), *, field: str = "", value: object = "", cure: str = "",
        names: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message, field=field, value=value, cure=cure, names=names)
        self.faults = tuple(faults)
