"""An evaluation as one self-contained page: figures, curves, reliability, worst pictures. Values in, HTML out. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from detection.evaluation import LabelFigures

if TYPE_CHECKING:
    from detection.report import Measured
    from detection.worst_pictures import WorstPicture

_SIDE = 150
_PAD = 22
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d9dee3;--blue:#1f6feb;--page:#fff;--bar:#c8d8f3}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#9aa4ae;--line:#3a424a;--blue:#6ea8ff;--page:#14171a;--bar:#2c4468}}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--page)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{padding:.35rem .6rem;text-align:right;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}tr.mean td{font-weight:600}
.plots,.worst{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption,.soft{font-size:13px;color:var(--soft)}
svg text{font:10px system-ui,sans-serif;fill:var(--soft)}svg .line{fill:none;stroke:var(--blue);stroke-width:2}
svg .frame{fill:none;stroke:var(--line)}svg .even{stroke:var(--soft);stroke-dasharray:3 3}svg .bar{fill:var(--bar)}
svg .dot{fill:var(--blue)}.worst figure{flex:1 1 300px;max-width:480px}.worst img{width:100%;height:auto}
code{overflow-wrap:anywhere}h2{margin-top:2rem}
"""


def to_page(measured: Measured, worst: Sequence[WorstPicture]) -> str:
    """The page; it asks nothing of the network."""
    result = measured.result
    names = ", ".join(f"{record.name} ({record.sha256[:12]})" for record in measured.weights)
    missing = ", ".join(result.not_in_weights) or "none"
    scores = "; ".join(
        f"{record.name}: {record.scores.drawn_from or 'as the network gives them'}" for record in measured.weights
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Evaluation of {escape(names)}</title><style>{_STYLE}</style>
<h1>{escape(names)}</h1>
<p>{result.photos} photographs of <code>{escape(measured.set_name)}</code>, looked at {escape(measured.layout)}, runtime
{escape(measured.runtime)}, <b>{measured.ms_per_image:.1f} ms per image</b> (decoded before), measured on
{escape(measured.measured_on)} by<br><code>{escape(measured.command)}</code></p>
<p>Scores: {escape(scores)}. Labels of the set that these weights cannot detect: <b>{escape(missing)}</b>.</p>
<h2>Figures</h2>
<div class="wide"><table><tr><th>label<th>labelled<th>AP50<th>AP50-95<th>threshold<th>precision<th>recall
<th>recall at precision 0.7<th>0.8<th>0.9<th>calibration error</tr>
{"".join(_row(figures) for figures in result.labels)}
<tr class="mean"><td>mean<td>{sum(f.labelled for f in result.labels)}<td>{result.map50:.3f}<td>{result.map50_95:.3f}
<td colspan="7"></tr></table></div>
<p class="soft">Precision and recall at the threshold and overlap 0.5. Calibration error: mean gap between the score and the
share that was right, over tenths of the score, of the claims that are reported.</p>
<h2>Precision over recall</h2><div class="plots">{"".join(_curve(figures) for figures in result.labels)}</div>
<h2>Are scores frequencies?</h2>
<p class="soft">Share right over score. On the dashed line a score is what it says; bars are the number of claims.</p>
<div class="plots">{"".join(_reliability(figures) for figures in result.labels if figures.reliability)}</div>
<h2>Worst pictures</h2>
<p>Green: found. Red: claimed and wrong. Orange: labelled and missed. Faces and plates are hidden.</p>
<div class="worst">{"".join(_picture(one) for one in worst) or "<p>None: everything was right.</p>"}</div></html>
"""


def _row(figures: LabelFigures) -> str:
    reach = "".join(f"<td>{one.recall:.2f}" for one in figures.reach)
    return (
        f"<tr><td>{escape(figures.label)}<td>{figures.labelled}<td>{figures.ap50:.3f}<td>{figures.ap50_95:.3f}"
        f"<td>{figures.threshold:.2f}{_cell(figures.precision)}{_cell(figures.recall)}{reach}"
        f"{_cell(figures.calibration_error)}</tr>"
    )


def _cell(value: float | None) -> str:
    return "<td>–" if value is None else f"<td>{value:.2f}"


def _at(x: float, y: float) -> str:
    """A point of the unit square in the plot's own figures."""
    return f"{_PAD + _SIDE * x:.1f},{4 + _SIDE * (1 - y):.1f}"


def _plot(label: str, inner: str, said: str) -> str:
    size = _SIDE + _PAD + 6
    ticks = "".join(
        f'<text x="2" y="{8 + _SIDE * (1 - share):.0f}">{share:g}</text>'
        f'<text x="{_PAD + _SIDE * share - 4:.0f}" y="{_SIDE + 18}">{share:g}</text>'
        for share in (0, 0.5, 1)
    )
    return (
        f'<figure><svg width="{size}" height="{size}" role="img" aria-label="{escape(said)}">'
        f'<rect class="frame" x="{_PAD}" y="4" width="{_SIDE}" height="{_SIDE}"/>{ticks}{inner}</svg>'
        f"<figcaption>{escape(label)}</figcaption></figure>"
    )


def _curve(figures: LabelFigures) -> str:
    points = " ".join(_at(x, y) for x, y in zip(figures.recalls, figures.precisions, strict=True))
    said = f"{figures.label}: precision over recall, AP50 {figures.ap50:.2f}"
    return _plot(f"{figures.label}, AP50 {figures.ap50:.2f}", f'<polyline class="line" points="{points}"/>', said)


def _reliability(figures: LabelFigures) -> str:
    most = max(one.claims for one in figures.reliability)
    bars = "".join(
        f'<rect class="bar" x="{_PAD + _SIDE * (int(one.mean_score * 9.999) / 10) + 1:.1f}" width="{_SIDE / 10 - 2:.1f}" '
        f'y="{4 + _SIDE * (1 - 0.4 * one.claims / most):.1f}" height="{_SIDE * 0.4 * one.claims / most:.1f}"/>'
        for one in figures.reliability
    )
    even = f'<line class="even" x1="{_PAD}" y1="{4 + _SIDE}" x2="{_PAD + _SIDE}" y2="4"/>'
    points = [_at(one.mean_score, one.share_right) for one in figures.reliability]
    dots = "".join(f'<circle class="dot" r="3" cx="{p.split(",")[0]}" cy="{p.split(",")[1]}"/>' for p in points)
    line = f'<polyline class="line" points="{" ".join(points)}"/>'
    told = figures.calibration_error or 0.0
    return _plot(
        f"{figures.label}, error {told:.2f}", bars + even + line + dots, f"{figures.label}: share right over score"
    )


def _picture(one: WorstPicture) -> str:
    data = b64encode(one.jpeg).decode()
    told = f"{one.name}: {one.found} found, {one.wrong} wrong, {one.missed} missed"
    return (
        f'<figure><img src="data:image/jpeg;base64,{data}" alt="{escape(told)}">'
        f"<figcaption>{escape(told)}</figcaption></figure>"
    )
