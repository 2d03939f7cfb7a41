"""``manage.py fetch_register ADDRESS FOLDER``: a register's endpoint as saved pages, which ``load_register`` reads."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from errors import ProjectError
from geo.importers.endpoint import PAGE_ROWS, TIMEOUT_S, Fetched, fetch_pages


class Command(BaseCommand):
    """Fetch one register."""

    help = "Fetch a register from an OGC API Features, ArcGIS or WFS endpoint into a folder; a cut fetch goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        """The endpoint, the folder for its pages."""
        parser.add_argument(
            "address", help=".../collections/NAME/items, .../FeatureServer/0 or ...?service=WFS&typeNames="
        )
        parser.add_argument(
            "folder", type=Path, help="an empty folder, or one that a fetch of this address left unfinished"
        )
        parser.add_argument("--page-rows", type=int, default=PAGE_ROWS)
        parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds to wait for an answer")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch and tell; what came before a fault stays in the folder."""
        told = Fetched(0, 0, None)
        at_terminal = sys.stderr.isatty()
        pages = fetch_pages(
            options["address"], options["folder"], page_rows=options["page_rows"], timeout_s=options["timeout"]
        )
        try:
            for told in pages:
                line = f"page {told.pages}, {told.rows:,} of {told.matched or '?'} rows"
                self.stderr.write(f"\r{line:<60}" if at_terminal else line, ending="" if at_terminal else "\n")
        except ProjectError as error:
            raise CommandError(str(error)) from error
        body = {"folder": str(options["folder"]), "pages": told.pages, "rows": told.rows, "matched": told.matched}
        self.stdout.write(json.dumps(body))
