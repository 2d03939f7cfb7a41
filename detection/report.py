"""An evaluation as JSON and as a plain page with its curves and its worst pictures. Values in, files out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import cv2
import numpy as np

from detection.dataset import LabelledPhoto
from detection.detections import Detections, overlap
from detection.evaluation import Evaluation, LabelFigures, same_label
from detection.letterbox import Pixels
from detection.weights_record import WeightsRecord

_WORST = 6
_WORST_WIDTH_PX = 480
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid #d9dee3}
th:first-child,td:first-child{text-align:left}.curves,.worst{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:0}figcaption{font-size:13px;color:#57606a}svg{border:1px solid #d9dee3}img{max-width:100%}
"""


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


def to_json(measured: Measured) -> str:
    """All figures for machines."""
    result = measured.result
    return json.dumps(
        {
            "weights": [{"name": record.name, "sha256": record.sha256} for record in measured.weights],
            "runtime": measured.runtime,
            "set": measured.set_name,
            "measured_on": measured.measured_on,
            "command": measured.command,
            "photos": result.photos,
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
        "ap50": {figures.label: round(figures.ap50, 3) for figures in measured.result.labels},
    }


def to_page(measured: Measured, worst: Sequence[str]) -> str:
    """The same for people; ``worst`` are file names of pictures beside the page."""
    result = measured.result
    names = ", ".join(f"{record.name} ({record.sha256[:12]})" for record in measured.weights)
    rows = "".join(_row(figures) for figures in result.labels)
    curves = "".join(_curve(figures) for figures in result.labels)
    pictures = "".join(_picture(name) for name in worst)
    missing = ", ".join(result.not_in_weights) or "none"
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Evaluation of {escape(names)}</title><style>{_STYLE}</style>
<h1>{escape(names)}</h1>
<p>{result.photos} photographs of <code>{escape(measured.set_name)}</code>, runtime {escape(measured.runtime)},
{measured.ms_per_image:.1f} ms per image, measured on {escape(measured.measured_on)} by<br>
<code>{escape(measured.command)}</code></p>
<p>mAP50 {result.map50:.3f}, mAP50-95 {result.map50_95:.3f}.
Labels of the set that these weights cannot detect: {escape(missing)}.</p>
<table><tr><th>label<th>labelled<th>AP50<th>AP50-95<th>threshold<th>precision<th>recall<th>calibration error</tr>
{rows}</table>
<h2>Precision over recall at overlap 0.5</h2><div class="curves">{curves}</div>
<h2>Worst pictures</h2><p>Green: found. Red: claimed and wrong. Orange: labelled and missed.</p>
<div class="worst">{pictures}</div></html>
"""


def _picture(name: str) -> str:
    return f'<figure><img src="{escape(name)}" alt=""><figcaption>{escape(name)}</figcaption></figure>'


def write_report(
    folder: Path, measured: Measured, photos: Sequence[LabelledPhoto], claims: Sequence[Detections]
) -> Path:
    """Write ``evaluation.json``, ``index.html`` and the worst pictures; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    thresholds = {figures.label: figures.threshold for figures in measured.result.labels}
    worst = _write_worst(folder, photos, claims, thresholds)
    (folder / "evaluation.json").write_text(to_json(measured), encoding="utf-8")
    page = folder / "index.html"
    page.write_text(to_page(measured, worst), encoding="utf-8")
    return page


def _rounded(figures: LabelFigures) -> dict[str, object]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(figures).items()
        if name not in ("label", "recalls", "precisions")
    }


def _row(figures: LabelFigures) -> str:
    shown = (figures.precision, figures.recall, figures.calibration_error)
    rest = "".join("<td>–" if value is None else f"<td>{value:.2f}" for value in shown)
    return (
        f"<tr><td>{escape(figures.label)}<td>{figures.labelled}<td>{figures.ap50:.3f}<td>{figures.ap50_95:.3f}"
        f"<td>{figures.threshold:.2f}{rest}</tr>"
    )


def _curve(figures: LabelFigures) -> str:
    points = " ".join(
        f"{10 + 120 * x:.1f},{130 - 120 * y:.1f}" for x, y in zip(figures.recalls, figures.precisions, strict=True)
    )
    return (
        f'<figure><svg width="140" height="140" role="img"><polyline points="{points}" fill="none" stroke="#1f6feb" '
        f'stroke-width="2"/></svg><figcaption>{escape(figures.label)}</figcaption></figure>'
    )


def _write_worst(
    folder: Path, photos: Sequence[LabelledPhoto], claims: Sequence[Detections], thresholds: dict[str, float]
) -> list[str]:
    judged = [_judge(photo, claimed, thresholds) for photo, claimed in zip(photos, claims, strict=True)]
    order = sorted(range(len(photos)), key=lambda number: -len(judged[number][1]) - len(judged[number][2]))
    names = []
    for rank, number in enumerate(order[:_WORST], start=1):
        name = f"worst-{rank}.jpg"
        _draw(photos[number].path, folder / name, judged[number])
        names.append(name)
    return names


_Boxes = list[tuple[float, float, float, float]]


def _judge(photo: LabelledPhoto, claimed: Detections, thresholds: dict[str, float]) -> tuple[_Boxes, _Boxes, _Boxes]:
    """Boxes found, claimed wrongly, and missed, as shares of the picture."""
    size = (claimed.width_px, claimed.height_px) * 2
    truth = [(same_label(box.label), box.box) for box in photo.boxes if same_label(box.label) in thresholds]
    missed, found, wrong = list(truth), [], []
    for item in claimed:
        label = same_label(item.label)
        if item.score < thresholds.get(label, 2.0):
            continue
        share = (item.box_px[0] / size[0], item.box_px[1] / size[1], item.box_px[2] / size[2], item.box_px[3] / size[3])
        hit = next((one for one in missed if one[0] == label and overlap(one[1], share) >= 0.5), None)
        if hit is None:
            wrong.append(share)
        else:
            missed.remove(hit)
            found.append(share)
    return found, wrong, [box for _, box in missed]


def _draw(source: Path, target: Path, judged: tuple[_Boxes, _Boxes, _Boxes]) -> None:
    picture = cv2.imread(str(source), cv2.IMREAD_COLOR)
    if picture is None:
        return
    height = max(1, round(picture.shape[0] * _WORST_WIDTH_PX / picture.shape[1]))
    small: Pixels = np.asarray(cv2.resize(picture, (_WORST_WIDTH_PX, height), interpolation=cv2.INTER_AREA), np.uint8)
    for boxes, colour in zip(judged, ((70, 160, 40), (40, 40, 220), (0, 140, 255)), strict=True):
        for box in boxes:
            corners = [round(edge * size) for edge, size in zip(box, (_WORST_WIDTH_PX, height) * 2, strict=True)]
            cv2.rectangle(small, (corners[0], corners[1]), (corners[2], corners[3]), colour, 2)
    cv2.imwrite(str(target), small, [cv2.IMWRITE_JPEG_QUALITY, 80])
