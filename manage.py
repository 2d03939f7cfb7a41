#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from ops.running_copy import find_environment


def main() -> None:
    """Run one command, on the copy that ``make demo`` runs when the environment names no other."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.update(find_environment())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
