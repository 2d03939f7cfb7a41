"""`manage.py train_weights RECIPE --photographs FOLDER --from FILE.pt`: fine-tunes, exports to int8, writes the record."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from detection.training import read_recipe, train_weights
from detection.weights_record import WEIGHTS_FOLDER
from errors import ProjectError

RECIPES = Path(__file__).resolve().parents[2] / "recipes"


class Command(BaseCommand):
    """On the CPU within an hour, on CUDA where there is one; then the figures by `manage.py evaluate`."""

    help = "Fine-tune weights by a recipe of detection/recipes, split by clip, with a fixed seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("recipe", help="building_site (a file of detection/recipes), or a path to a .toml file")
        parser.add_argument(
            "--photographs", type=Path, required=True, help="folder with train/ and valid/, YOLO format"
        )
        parser.add_argument(
            "--from",
            dest="start_from",
            type=Path,
            default=WEIGHTS_FOLDER / "yolo11n-coco-int8" / "yolo11n-coco-int8.pt",
            help="weights to start from",
        )
        parser.add_argument("--work", type=Path, required=True, help="folder for the set and the run")
        parser.add_argument("--resume", action="store_true", help="go on with a run that was broken off in --work")
        parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder that gets the exported weights")
        parser.add_argument("--name", default="", help="name of the exported weights; the recipe's if not given")
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--device", default="", help="cpu, 0, ...; CUDA if there is one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, then export: calibrated on training photographs, the cost of 8 bits checked on those held out."""
        try:
            recipe = read_recipe(_recipe_path(options["recipe"]))
            trained = train_weights(
                recipe,
                photographs=options["photographs"],
                start_from=options["start_from"],
                folder=options["work"],
                threads=options["threads"],
                device=options["device"],
                goes_on=options["resume"],
                tell=self.stderr.write,
            )
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"trained on {trained.train_photos} photographs, {trained.held_out_photos} held out, set {trained.held_out_set}"
        )
        source = (
            f"yolo11n fine-tuned by recipe {options['recipe']} on {trained.train_photos} photographs of "
            f"{recipe.photographs}; {trained.held_out_photos} photographs of other clips held out"
        )
        call_command(
            "export_weights",
            options["name"] or recipe.name,
            from_pt=trained.weights_file,
            calibration=options["work"] / "set" / "train",
            check=trained.held_out_set,
            keep_pt=True,
            out=options["out"],
            input_px=recipe.input_px,
            threads=options["threads"],
            licence=recipe.licence,
            source=source,
            stdout=self.stdout,
        )


def _recipe_path(named: str) -> Path:
    return Path(named) if named.endswith(".toml") else RECIPES / f"{named}.toml"
