"""Who gave or ended a role, when and why. Part of ``cases.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models


class RoleChange(models.Model):
    """One act on one role. Append-only."""

    assignment = models.ForeignKey("cases.RoleAssignment", on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=8, help_text="given, ended")
    valid_to = models.DateField(null=True, help_text="the first day without the role, as set by this act")
    reason = models.CharField(max_length=300, help_text="the decision it rests on")

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="role_change_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
