"""``export_evidence CASE --by USER --reason WHY --to ZIP``: one case's evidence as a pack, written into the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.models import Case
from errors import ProjectError
from pipeline.evidence_pack import build_pack


class Command(BaseCommand):
    """The same pack that leaders and auditors get from the pages."""

    help = "Write the evidence pack of a case. The named user's rights count, and the export is on record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which case, for whom, why, where to."""
        parser.add_argument("case", help="code of the case")
        parser.add_argument("--by", required=True, help="user name of a leader or auditor")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--to", required=True, metavar="ZIP")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        case = Case.objects.filter(code=options["case"]).first()
        user = get_user_model().objects.filter(username=options["by"]).first()
        if case is None or user is None:
            raise CommandError("No such case, or no such user.")
        try:
            data = build_pack(case.pk, by=user, reason=options["reason"])
        except ProjectError as error:
            raise CommandError(str(error)) from error
        Path(options["to"]).write_bytes(data)
        self.stdout.write(f"{options['to']}: {len(data)} bytes")
