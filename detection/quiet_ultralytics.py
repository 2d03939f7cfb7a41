"""Switches off everything by which ultralytics reaches the network, before it is imported; says so when it is missing.

Called by the doors (``detector``, ``training``, ``export``, ``torch_file``); nobody else imports ultralytics.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path
from types import ModuleType

from errors import ConfigurationError

_SILENT = {
    "YOLO_OFFLINE": "true",
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
    "WANDB_DISABLED": "true",
    "COMET_MODE": "disabled",
    "NO_ALBUMENTATIONS_UPDATE": "1",
}


def load_ultralytics(*, threads: int | None = None) -> ModuleType:
    """The ``ultralytics`` package with network, telemetry and self-installation off.

    ``threads`` is given to torch, which ultralytics would otherwise leave at one on a two-core machine.
    Raises ConfigurationError where the training requirements are not installed.
    """
    os.environ.update(_SILENT)
    os.environ.setdefault("YOLO_CONFIG_DIR", str(Path(tempfile.gettempdir()) / f"viahe-ultralytics-{os.getuid()}"))
    os.environ.setdefault("OMP_NUM_THREADS", str(threads or os.cpu_count() or 1))
    Path(os.environ["YOLO_CONFIG_DIR"]).mkdir(parents=True, exist_ok=True)
    try:
        torch = importlib.import_module("torch")
        ultralytics = importlib.import_module("ultralytics")
    except ImportError as missing:
        raise ConfigurationError(
            "torch and ultralytics are not installed here.",
            field="runtime",
            value="torch",
            cure="Install requirements/train.txt, or use the runtime 'openvino'.",
        ) from missing
    ultralytics.settings.update({"sync": False})
    torch.set_num_threads(threads or os.cpu_count() or 1)
    return ultralytics
