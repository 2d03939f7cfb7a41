"""``manage.py create_demo_users``: logins of the demonstration, printed as JSON. Never run it on a real installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.actions.demo_users import as_json, create_demo_users
from errors import ProjectError


class Command(BaseCommand):
    """Makes inspector, planner, leader and operator; running it again prints the same logins."""

    help = "Create the demonstration's logins and print them as JSON."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print ``{"logins": {role: {...}}, "api_token": {role: token}}``."""
        try:
            users = create_demo_users(settings.ENV.storage.var_dir / "demo-users.json")
        except ProjectError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(users))
