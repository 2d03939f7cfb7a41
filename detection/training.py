"""Fine-tunes weights on labelled photographs by a committed recipe: a door to torch and ultralytics.

In: a recipe (TOML), the starting weights, the folder of photographs. Out: the new .pt file and what was held out.
On the CPU or, where there is one, a CUDA device. Called by ``manage.py train_weights``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from detection.dataset import LabelledPhoto, names_of, read_folder, read_yaml, split_by_clip, write_set
from detection.quiet_ultralytics import load_ultralytics
from detection.short_floats import use_short_floats
from errors import ConfigurationError, InputError

_TELL_EVERY = 25
_OWN_NAMES = "set.yaml"
_PARENT_LABELS = "as the starting weights"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run needs besides the photographs; ``training`` goes to ultralytics as it stands.

    No ``labels``: the label set of the starting weights is kept, and with it all that their head has learnt. No ``set_names``:
    the photographs come with a ``set.yaml``. No ``relabel``: the set speaks of labels as we do. ``folder`` is where the
    photographs lie below the folder of all sets; recipes of shipped weights name it, and ``make train`` runs these.
    """

    name: str
    photographs: str
    licence: str
    labels: tuple[str, ...]
    input_px: int
    set_names: tuple[str, ...]
    keep_in_train: frozenset[str]
    relabel: dict[str, str]
    training: dict[str, Any]
    uses_short_floats: bool = False
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Trained:
    """The new weights and how many photographs and clips they saw and did not see."""

    weights_file: Path
    held_out_set: Path
    train_photos: int
    held_out_photos: int
    epochs: int


def read_recipe(path: Path) -> Recipe:
    """A recipe from its TOML file."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Recipe(
            name=raw["name"],
            photographs=raw["photographs"],
            licence=raw["licence"],
            labels=() if raw["labels"] == _PARENT_LABELS else tuple(raw["labels"]),
            input_px=int(raw["input_px"]),
            set_names=() if raw["set_names"] == _OWN_NAMES else tuple(raw["set_names"]),
            keep_in_train=frozenset(raw.get("keep_in_train", [])),
            relabel=dict(raw.get("relabel", {})),
            training=dict(raw["training"]),
            uses_short_floats=bool(raw.get("short_floats", False)),
            folder=str(raw.get("folder", "")),
        )
    except FileNotFoundError as missing:
        raise ConfigurationError("There is no such training recipe.", field="recipe", value=path) from missing
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as broken:
        raise ConfigurationError("The training recipe cannot be read.", field="recipe", value=path) from broken


def prepare_set(recipe: Recipe, photographs: Path, folder: Path) -> tuple[Path, int, int]:
    """Write the recipe's split of ``photographs`` (train/ and valid/ below it); returns the set and both counts."""
    names = _names_of(recipe, photographs)
    relabel = recipe.relabel or {name: name for name in names.values()}
    train = read_folder(photographs / "train" / "images", names)
    supplied_valid = read_folder(photographs / "valid" / "images", names)
    kept, held_out = split_by_clip(train, supplied_valid, keep_in_train=recipe.keep_in_train)
    if not kept or not held_out:
        raise InputError("The split by clip leaves one side empty.", field="keep_in_train", value=photographs)
    splits: dict[str, tuple[LabelledPhoto, ...]] = {"train": kept, "val": held_out, "supplied": supplied_valid}
    return write_set(folder, splits, relabel, recipe.labels), len(kept), len(held_out)


def _names_of(recipe: Recipe, photographs: Path) -> dict[int, str]:
    """The set's label names by number: the recipe's, or those of the set itself."""
    if recipe.set_names:
        return dict(enumerate(recipe.set_names))
    described = photographs / _OWN_NAMES
    return names_of(read_yaml(described), described)


def train_weights(
    recipe: Recipe,
    *,
    photographs: Path,
    start_from: Path,
    folder: Path,
    threads: int = 1,
    device: str = "",
    goes_on: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Fine-tune ``start_from`` by the recipe; the same seed, data and machine give the same file.

    ``goes_on``: take up a run of the same recipe that was broken off in ``folder``, after its last whole epoch. The last epoch's
    weights are taken, not the best on the held-out photographs: choosing by them would flatter them.
    """
    last = folder / "run" / "weights" / "last.pt"
    if goes_on and not last.is_file():
        raise ConfigurationError("No run was broken off here.", field="work", value=folder, cure="Leave out --resume.")
    if not start_from.is_file():
        raise ConfigurationError("The starting weights are missing.", field="start_from", value=start_from)
    ultralytics = load_ultralytics(threads=threads)
    network = ultralytics.YOLO(str(start_from))
    if not recipe.labels:
        recipe = replace(recipe, labels=tuple(network.names[number] for number in range(len(network.names))))
    set_yaml, trained_on, held_out = prepare_set(recipe, photographs, folder / "set")
    if goes_on:
        network = ultralytics.YOLO(str(last))
    network.add_callback("on_train_start", lambda trainer: _make_quick(trainer, threads, recipe))
    network.add_callback("on_train_batch_end", _Pace(tell))
    network.add_callback("on_train_epoch_end", lambda trainer: tell(f"epoch {trainer.epoch + 1}: loss {trainer.tloss}"))
    network.train(
        data=str(set_yaml),
        project=str(folder.resolve()),
        name="run",
        exist_ok=True,
        device=device or _best_device(),
        workers=0,
        deterministic=True,
        val=False,
        plots=False,
        amp=False,
        resume=goes_on,
        **recipe.training,
    )
    return Trained(last, set_yaml, trained_on, held_out, int(recipe.training["epochs"]))


class _Pace:
    """Says now and then how long a step takes, so that a person can tell when it will end."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._steps = 0
        self._since = perf_counter()

    def __call__(self, _trainer: Any) -> None:
        self._steps += 1
        if self._steps % _TELL_EVERY == 0:
            self._tell(f"step {self._steps}: {(perf_counter() - self._since) / _TELL_EVERY:.2f} s a step")
            self._since = perf_counter()


def _make_quick(trainer: Any, threads: int, recipe: Recipe) -> None:
    """All the threads asked for (ultralytics takes one core less than there are), and short floats where they help."""
    import torch

    torch.set_num_threads(threads)
    if recipe.uses_short_floats:
        use_short_floats(trainer.model, trainer.device.type)


def _best_device() -> str:
    import torch

    return "0" if torch.cuda.is_available() else "cpu"
