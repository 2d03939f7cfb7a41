"""A reviewer looks through a clip by a redacted copy of all of it; the still stays the picture of the flag."""

from __future__ import annotations

from typing import Any

import pytest

from tests import builders as b

pytestmark = pytest.mark.django_db


def test_the_clip_of_a_waiting_flag_gets_a_redacted_copy(small_city: Any, see: Any) -> None:
    from cases.queries.review_evidence import read_evidence
    from intake.models import MediaFile
    from pipeline.public_copies import make_missing_clips
    from rules.models import Flag

    see(b.standing(("motorcycle", 195.0, 111.5), ("motorcycle", 205.0, 110.3)))
    observation = b.a_camera_clip()
    b.run_to_rest(observation)
    flag = Flag.objects.filter(observation_id=observation, state="new").first()
    assert flag is not None
    before = read_evidence(flag)
    assert before.is_clip and before.picture and before.clip is None
    assert make_missing_clips() == 1
    after = read_evidence(flag)
    assert after.picture == before.picture
    assert MediaFile.objects.get(pk=after.clip).content_type == "video/mp4"
    assert make_missing_clips() == 0
