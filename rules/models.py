"""What the law says of what was seen: stored findings, which are flags until a person has decided."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.gis.db import models

from rules.finding import FlagState, Verdict


class OrdinanceSet(models.Model):
    """A city's dated law as one pack file gave it (``rules.ordinances.read_law``). Append-only: the newest row is in use,
    older ones let old flags be replayed; a text that comes back is a new row.
    """

    city = models.ForeignKey("geo.City", on_delete=models.PROTECT, related_name="ordinance_sets")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the text: Law.version")
    text = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="ordinances_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.sha256[:12]


class Flag(models.Model):
    """A finding of one rule about one sighting. A suspicion: ``verdict`` never says violation.

    Everything but ``state`` and ``version`` is frozen by a trigger; ``facts`` (``rules.serialise`` of SiteFacts) and
    ``versions`` let it be replayed. ``reasons`` is a list of {code, met, values: {name: figure}}; ``missing`` a list of
    fact codes; ``citation`` is empty where no law was on record. ``rules.wording`` puts them into words. ``parcel_keys``
    holds the one parcel it is about, or the candidates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.ForeignKey("geo.City", null=True, on_delete=models.PROTECT)
    observation = models.ForeignKey("intake.Observation", on_delete=models.PROTECT, related_name="flags")
    sighting = models.ForeignKey("detection.Sighting", null=True, on_delete=models.PROTECT, related_name="flags")
    rule_code = models.CharField(max_length=40)
    use = models.CharField(max_length=24, help_text="kind of use or work, by the categories of intake")
    verdict = models.CharField(max_length=16, choices=[(v.value, v.value) for v in Verdict])
    reasons = models.JSONField()
    missing = models.JSONField(default=list)
    citation = models.JSONField()
    facts = models.JSONField()
    versions = models.JSONField()
    priority = models.PositiveSmallIntegerField(default=0, help_text="higher is looked at first")
    priority_reasons = models.JSONField(default=list)
    point = models.PointField(srid=4326, null=True)
    accuracy_m = models.FloatField(null=True)
    parcel_keys = models.JSONField(default=list)
    sidewalk_key = models.CharField(max_length=60, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in FlagState], default="new")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "rule_code", "sighting"],
                nulls_distinct=False,
                name="one_flag_per_rule_and_sighting",
            )
        ]
        indexes = [models.Index(fields=["created_at"]), models.Index(fields=["state", "-priority", "created_at"])]
        triggers = [
            pgtrigger.Protect(name="flag_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="flag_frozen", exclude=["state", "version"]),
        ]


class FlagEvent(models.Model):
    """One move in the life of a flag, with who, when, why. Append-only."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    reason = models.CharField(
        max_length=40, blank=True, help_text="dismissal label, one of cases.lifecycle.DismissReason"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="flag_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
