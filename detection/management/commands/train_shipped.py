"""`manage.py train_shipped --photographs FOLDER` (`make train`): makes the shipped fine-tuned weights again and measures them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from detection.management.commands.train_weights import RECIPES
from detection.training import Recipe, read_recipe
from detection.weights_shelf import local_folder
from errors import ProjectError


class Command(BaseCommand):
    """Each within an hour on two processors, on CUDA where there is one. The repository's files are left alone: the new weights
    stand on the shelf of this installation under a name of their own (NAME-again), with an evaluation page.
    """

    help = "Train every recipe whose weights are shipped, export and evaluate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--photographs", type=Path, required=True, help="folder of all sets: construction/, signboards/"
        )
        parser.add_argument("--only", default="", help="one recipe by its name")
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--out", type=Path, help="VAR_DIR/training if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other."""
        out: Path = options["out"] or settings.ENV.storage.var_dir / "training"
        try:
            recipes = {path.stem: read_recipe(path) for path in sorted(RECIPES.glob("*.toml"))}
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        chosen = {name: one for name, one in recipes.items() if one.folder and options["only"] in ("", name)}
        if not chosen:
            raise CommandError(f"No recipe of shipped weights is called {options['only']}.")
        for name, recipe in chosen.items():
            self._train(name, recipe, options, out)

    def _train(self, name: str, recipe: Recipe, options: dict[str, Any], out: Path) -> None:
        began, made = perf_counter(), f"{recipe.name}-again"
        call_command(
            "train_weights",
            name,
            photographs=options["photographs"] / recipe.folder,
            work=out / name,
            out=local_folder(),
            name=made,
            threads=options["threads"],
            stdout=self.stdout,
            stderr=self.stderr,
        )
        self.stdout.write(f"{name}: {(perf_counter() - began) / 60:.0f} minutes")
        call_command(
            "evaluate",
            weights=made,
            data=out / name / "set" / "set.yaml",
            out=out / name / "evaluation",
            threads=options["threads"],
            stdout=self.stdout,
            stderr=self.stderr,
        )
