"""An evaluation as JSON for machines, as a page for people, and as the few figures of a weights record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from detection.evaluation import Evaluation, LabelFigures
from detection.report_page import to_page
from detection.weights_record import WeightsRecord
from detection.worst_pictures import WorstPicture


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, with what, where and when; ``command`` makes it again."""

    weights: tuple[WeightsRecord, ...]
    runtime: str
    set_name: str
    measured_on: str
    command: str
    ms_per_image: float
    result: Evaluation
    layout: str = "whole at usual input"
    set_aside: int = 0  # things nobody labelled, which counted neither way


def to_json(measured: Measured) -> str:
    """All figures for machines."""
    result = measured.result
    return json.dumps(
        {
            "weights": [{"name": record.name, "sha256": record.sha256} for record in measured.weights],
            "runtime": measured.runtime,
            "set": measured.set_name,
            "layout": measured.layout,
            "measured_on": measured.measured_on,
            "command": measured.command,
            "photos": result.photos,
            "set_aside": measured.set_aside,
            "ms_per_image": round(measured.ms_per_image, 2),
            "map50": round(result.map50, 4),
            "map50_95": round(result.map50_95, 4),
            "not_in_weights": list(result.not_in_weights),
            "labels": {figures.label: _rounded(figures) for figures in result.labels},
        },
        ensure_ascii=False,
        indent=1,
    )


def figures_for_record(measured: Measured) -> dict[str, object]:
    """The few figures that enter a weights record."""
    return {
        "measured_on": measured.measured_on,
        "command": measured.command,
        "runtime": measured.runtime,
        "photos": measured.result.photos,
        "map50": round(measured.result.map50, 3),
        "map50_95": round(measured.result.map50_95, 3),
        "ms_per_image": round(measured.ms_per_image, 1),
        "layout": measured.layout,
        "ap50": {figures.label: round(figures.ap50, 3) for figures in measured.result.labels},
        "precision": _by_label(measured, "precision"),
        "recall": _by_label(measured, "recall"),
        "calibration_error": _by_label(measured, "calibration_error"),
    }


def _by_label(measured: Measured, figure: str) -> dict[str, float]:
    """One figure of every label that has it."""
    told = {label.label: getattr(label, figure) for label in measured.result.labels}
    return {label: round(value, 3) for label, value in told.items() if value is not None}


def write_report(folder: Path, measured: Measured, worst: Sequence[WorstPicture]) -> Path:
    """Write ``evaluation.json`` and ``index.html``, which needs nothing beside it; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(to_json(measured), encoding="utf-8")
    page = folder / "index.html"
    page.write_text(to_page(measured, worst), encoding="utf-8")
    return page


def _rounded(figures: LabelFigures) -> dict[str, object]:
    stated = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(figures).items()
        if name not in ("label", "recalls", "precisions", "reach", "reliability")
    }
    stated["reach"] = [_round_all(asdict(one)) for one in figures.reach]
    stated["reliability"] = [_round_all(asdict(one)) for one in figures.reliability]
    return stated


def _round_all(values: dict[str, object]) -> dict[str, object]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
