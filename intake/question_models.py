"""The city's extra questions as they were loaded. Part of ``intake.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class QuestionEdition(models.Model):
    """A city's questions.toml as it was loaded, read by ``intake.questions``. Append-only; the newest is in force."""

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="question_editions")
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="questions_append_only", operation=_APPEND_ONLY)]
