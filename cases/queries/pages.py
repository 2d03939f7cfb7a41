"""Pages of long lists by keyset: newest first, going on after the last row seen. The mark is that row's id alone, so that
a link tells nothing of when something arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from cases.page_size import LIMIT_DEFAULT, LIMIT_MAX
from errors import InputError

T = TypeVar("T")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list; ``next_after`` is the mark of the next part, None at the end."""

    items: tuple[T, ...]
    next_after: UUID | None


def take_page(rows: QuerySet[M], *, by: str, after: UUID | None, limit: int) -> tuple[list[M], UUID | None]:
    """At most ``limit`` rows after the mark, newest ``by`` first, and the mark that follows them."""
    if not 1 <= limit <= LIMIT_MAX:
        raise InputError(
            "A page holds 1 to 1000 rows.", field="limit", value=limit, cure="Ask for less, follow 'next'."
        )
    if after is not None:
        rows = rows.filter(_behind(rows.model, by, after))
    found = list(rows.order_by(f"-{by}", "-id")[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def _behind(model: type[Any], by: str, after: UUID) -> Q:
    moment = model._default_manager.filter(pk=after).values_list(by, flat=True).first()
    if moment is None:
        raise InputError("This page mark is unknown.", field="after", value=after, cure="Begin at the first page.")
    return Q(**{f"{by}__lt": moment}) | Q(**{by: moment, "id__lt": after})


__all__ = ["LIMIT_DEFAULT", "LIMIT_MAX", "Page", "take_page"]
