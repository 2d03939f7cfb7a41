"""Committed weights are found where no settings are: measurements run without a database or keys."""

from __future__ import annotations

import os
import subprocess
import sys

from ops.folders import ROOT

FIND = "from detection.weights_shelf import find_record; print(find_record('yolo11n-coco-int8').name)"


def test_committed_weights_need_no_settings() -> None:
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run([sys.executable, "-c", FIND], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == "yolo11n-coco-int8", done.stderr
