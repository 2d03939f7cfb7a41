"""``verify_evidence [--pack ZIP]``: read every stored file and link of custody again, or check one evidence pack."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from intake.actions.custody import verify_all
from intake.pack_check import check_pack


class Command(BaseCommand):
    """Exit code 1, and the names, when something was altered."""

    help = (
        "Verify stored evidence against its chain of custody, or an evidence pack. Exit 1 when something was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One pack instead of the store."""
        parser.add_argument("--pack", metavar="ZIP", help="an evidence pack to check instead of the store")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, tell, and leave with what was found."""
        if options["pack"]:
            altered = self._check_pack(options["pack"])
        else:
            found = verify_all()
            self.stdout.write(f"{found.files} files, {found.links} links, {found.erased} erased by retention.")
            self.stdout.write(f"Head of the chain: {found.head}")
            altered = list(found.altered)
        for name in altered:
            self.stdout.write(f"ALTERED  {name}")
        self.stdout.write(f"{len(altered)} altered." if altered else "Nothing was altered.")
        if altered:
            sys.exit(1)

    def _check_pack(self, path: str) -> list[str]:
        try:
            return check_pack(path)
        except ValueError as error:
            self.stderr.write(str(error))
            sys.exit(2)
