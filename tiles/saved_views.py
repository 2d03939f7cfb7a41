"""Questions of planners kept on the server under a name: saved by their owner, opened by whoever is signed in with the link."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from errors import Conflict, InputError, NotFound
from geo.models import City
from tiles.models import SavedView

MOST_VIEWS, MOST_NAME, MOST_BYTES = 200, 120, 4_000_000
FIELDS = frozenset(("city", "layer", "question", "blanks", "area", "filter", "on", "since", "sort"))


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view in its owner's list."""

    code: str
    name: str
    city: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedView:
    """A saved view as it is opened. ``is_mine``: the reader may change or remove it."""

    code: str
    name: str
    city: str
    owner: str
    saved_at: datetime
    question: dict[str, Any]
    is_mine: bool


def list_views(owner: AbstractBaseUser) -> list[ViewLine]:
    """A person's own views by name."""
    rows = SavedView.objects.filter(owner_id=owner.pk).select_related("city").defer("question", "city__geometry")
    return [ViewLine(row.code, row.name, row.city.slug, row.saved_at) for row in rows.order_by("name")]


def open_view(code: str, reader: AbstractBaseUser) -> OpenedView:
    """The view of a link. NotFound: there is none, or its owner removed it."""
    row = SavedView.objects.select_related("city", "owner").defer("city__geometry").filter(code=code).first()
    if row is None:
        cure = "Ask whoever sent the link to save it again."
        raise NotFound("This saved view is not there any more.", field="code", value=code, cure=cure)
    owner = getattr(row.owner, "get_full_name", str)() or row.owner.get_username()
    return OpenedView(row.code, row.name, row.city.slug, owner, row.saved_at, row.question, row.owner_id == reader.pk)


def save_view(owner: AbstractBaseUser, name: str, question: Mapping[str, Any]) -> OpenedView:
    """Keep a question under a new name. Conflict: the name is taken; InputError: no name, or what is no question."""
    named, kept, city = _read_name(name), _read_question(question), _read_city(question)
    if SavedView.objects.filter(owner_id=owner.pk).count() >= MOST_VIEWS:
        cure = "Remove one that is not used."
        raise InputError("You have too many saved views.", field="name", value=f"{MOST_VIEWS} views", cure=cure)
    row = SavedView(
        code=secrets.token_urlsafe(16), owner_id=owner.pk, city=city, name=named, question=kept, saved_at=timezone.now()
    )
    _write(row)
    return open_view(row.code, owner)


def change_view(code: str, owner: AbstractBaseUser, name: str, question: Mapping[str, Any]) -> OpenedView:
    """The same link with another name or question. NotFound for everybody but the owner."""
    row = _get_own(code, owner)
    row.name, row.question, row.city = _read_name(name), _read_question(question), _read_city(question)
    row.saved_at = timezone.now()
    _write(row)
    return open_view(code, owner)


def remove_view(code: str, owner: AbstractBaseUser) -> None:
    """The link leads nowhere from here on. NotFound for everybody but the owner."""
    _get_own(code, owner).delete()


def _write(row: SavedView) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        cure = "Choose another name, or open that view and save it again."
        raise Conflict("You have a saved view of this name.", field="name", value=row.name, cure=cure) from error


def _get_own(code: str, owner: AbstractBaseUser) -> SavedView:
    row = SavedView.objects.filter(code=code, owner_id=owner.pk).first()
    if row is None:
        cure = "Save your own copy under a name of yours."
        raise NotFound("This saved view is not yours to change.", field="code", value=code, cure=cure)
    return row


def _read_name(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > MOST_NAME:
        cure = f"Write 1 to {MOST_NAME} letters."
        raise InputError("A saved view needs a name.", field="name", value=named[:60], cure=cure)
    return named


def _read_question(question: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in question.items() if name in FIELDS and value not in (None, "", {})}
    if not kept.get("layer") and not kept.get("question"):
        cure = "Choose a layer or a question first."
        raise InputError("There is nothing to save.", field="question", value="", cure=cure)
    size = len(json.dumps(kept))
    if size > MOST_BYTES:
        cure = "Simplify its area."
        raise InputError("This question is too long to be saved.", field="question", value=f"{size} bytes", cure=cure)
    return kept


def _read_city(question: Mapping[str, Any]) -> City:
    slug = str(question.get("city") or "")
    cities = City.objects.order_by("-is_default", "id").only("id", "slug")
    city = (cities.filter(slug=slug) if slug else cities).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug, cure="Choose a city of the list.")
    return city
