"""A .pt file of ultralytics as it may be given on: the network and how it was trained, and nothing of where.

ultralytics keeps the folders of a training, the state of the repository it was started in and the date beside the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detection.quiet_ultralytics import load_ultralytics

_OF_THE_MACHINE = ("git", "date")
_OF_THE_NETWORK = ("args", "pt_path", "yaml_file")  # of its attributes, those that name files


def write_shareable(weights_pt: Path, target: Path) -> None:
    """Copy trained weights without the folders, repository and date of their training. Reads only files that are trusted."""
    load_ultralytics()
    import torch

    kept: dict[str, Any] = torch.load(weights_pt, map_location="cpu", weights_only=False)
    kept = {name: _without_folders(value) for name, value in kept.items() if name not in _OF_THE_MACHINE}
    network = kept["model"]
    for name in _OF_THE_NETWORK:
        if hasattr(network, name):
            setattr(network, name, _without_folders(getattr(network, name)))
    torch.save(kept, target)


def _without_folders(value: Any) -> Any:
    """A path is left with its last name; mappings are looked into, everything else is as it was."""
    if isinstance(value, str) and Path(value).is_absolute():
        return Path(value).name
    if type(value) is dict and all(isinstance(name, str) for name in value):
        told: Mapping[str, Any] = value
        return {name: _without_folders(one) for name, one in told.items()}
    return value
