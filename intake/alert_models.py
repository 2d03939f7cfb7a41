"""Who wants news of settled cases of an area by e-mail: the address sealed, the area plain. Part of ``intake.models``."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q


class AreaAlert(models.Model):
    """One address and one area. Nothing is sent before ``confirmed_at``; what ended keeps neither address nor mark."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ciphertext = models.BinaryField(help_text="the address, sealed; empty once ended")
    mark = models.CharField(max_length=64, blank=True, help_text="keyed hash of address and area, against doubles")
    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="+")
    unit_code = models.CharField(max_length=20, blank=True, help_text="a ward; empty with no area is the whole city")
    area = models.PolygonField(srid=4326, null=True)
    language = models.CharField(max_length=5, default="vi")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mark"], condition=~Q(mark=""), name="one_alert_per_address_and_area"),
        ]
        indexes = [models.Index(fields=["city", "confirmed_at"], condition=Q(ended_at=None), name="alerts_in_force")]
