"""``/pictures/<id>/``: redacted copies for staff, and published ones for everybody.

Originals are opened only by a logged look (``/api/v1/media/{id}/original``).
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from errors import NotFound
from intake.queries import get_media, read_media
from tiles.queries import is_published_media
from web.access import readers_only
from web.queries.people import Reader


@require_safe
def show_copy(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """A derived copy, for staff, or for everybody once it is published; an original is not found here, whoever asks."""
    if is_published_media(media_id):
        return _answer(media_id)
    return _show_to_staff(request, media_id=media_id)


@readers_only(lambda reader: reader.is_staff)
def _show_to_staff(request: HttpRequest, reader: Reader, media_id: UUID) -> HttpResponse:
    return _answer(media_id)


def _answer(media_id: UUID) -> HttpResponse:
    media = get_media(media_id)
    if media.parent_id is None or not media.content_type.startswith("image/"):
        raise NotFound("There is no such file.", field="picture", value=media_id)
    answer = HttpResponse(read_media(media_id), content_type=media.content_type)
    patch_cache_control(answer, private=True, max_age=3600)
    return answer
