"""The record beside each weights file: what it is, its hash, licence, labels, thresholds and measured figures.

A folder ``detection/weights/<name>/`` holds ``record.toml`` and the files it names. Every file's hash is checked before it
is opened: a flag names the weights that made it, so an altered file must stop the detector.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from detection.riders import USUAL_RIDER_LIMITS, RiderLimits
from detection.score_calibration import AS_IT_IS, NO_CALIBRATION, ScoreCalibration, ScoreCurve
from errors import ConfigurationError, InputError

WEIGHTS_FOLDER = Path(__file__).resolve().parent / "weights"
DEFAULT_THRESHOLD = 0.25
_CURE = "Restore it from the repository (git checkout -- {path}), or export it anew: manage.py export_weights {name}."


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of a set of weights and the runtime that reads it ("openvino", "torch", "onnx", "opencv")."""

    name: str
    sha256: str
    runtime: str


@dataclass(frozen=True)
class WeightsRecord:
    """All that is stated of one set of weights. ``labels`` stand in the order of the network's outputs."""

    name: str
    folder: Path
    files: tuple[WeightsFile, ...]
    licence: str
    source: str
    labels: tuple[str, ...]
    input_px: int = 640
    is_flexible: bool = False  # the network takes any input whose sides are multiples of 32
    overlap_limit: float = 0.6
    thresholds: dict[str, float] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    scores: ScoreCalibration = NO_CALIBRATION
    riders: RiderLimits = USUAL_RIDER_LIMITS
    notes: dict[str, str] = field(default_factory=dict)  # how it was exported, and what that cost

    @cached_property
    def sha256(self) -> str:
        """One hash for all files: of the only file, or of the list of names and hashes."""
        if len(self.files) == 1:
            return self.files[0].sha256
        listed = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name))
        return hashlib.sha256(listed.encode()).hexdigest()

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes that have a file here, in the order of the record."""
        return tuple(dict.fromkeys(file.runtime for file in self.files))

    def threshold_of(self, label: str) -> float:
        """The least score of the network itself at which a label is reported."""
        return self.thresholds.get(label, self.thresholds.get("default", DEFAULT_THRESHOLD))

    def calibrated(self, label: str, score: float) -> float:
        """The score that is told of a claim: the share that was right among claims the network scores like this."""
        curve = self.scores.curve_of(label)
        return score if curve == AS_IT_IS else curve.apply_one(score)

    def calibrated_threshold_of(self, label: str) -> float:
        """The least score that is told of a label."""
        return self.calibrated(label, self.threshold_of(label))

    def open_files(self, runtime: str) -> tuple[Path, ...]:
        """The checked files of one runtime; ConfigurationError where one is missing or not the one on record."""
        files = [file for file in self.files if file.runtime == runtime]
        if not files:
            raise ConfigurationError(
                f"These weights have no file for the runtime {runtime!r}.",
                field="DETECTION_RUNTIME",
                value=self.name,
                cure=f"Use one of: {', '.join(self.runtimes)}.",
            )
        return tuple(self._checked(file) for file in files)

    def _checked(self, file: WeightsFile) -> Path:
        path = self.folder / file.name
        cure = _CURE.format(path=path, name=self.name)
        if not path.is_file():
            raise ConfigurationError(
                f"The weights file is missing; sha256 {file.sha256} was expected.",
                field="weights",
                value=path,
                cure=cure,
            )
        found = sha256_of(path)
        if found != file.sha256:
            raise ConfigurationError(
                f"The weights file is not the one on record: expected sha256 {file.sha256}, found {found}.",
                field="weights",
                value=path,
                cure=cure,
            )
        return path


def sha256_of(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def list_weights(folder: Path = WEIGHTS_FOLDER) -> tuple[str, ...]:
    """Names of all weights on record."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/record.toml")))


def read_record(name: str, folder: Path = WEIGHTS_FOLDER) -> WeightsRecord:
    """The record of one set of weights; ConfigurationError where there is none or it cannot be read."""
    path = folder / name / "record.toml"
    if not name or "/" in name or not path.is_file():
        raise ConfigurationError(
            "There are no weights of this name.",
            field="DETECTION_WEIGHTS",
            value=name,
            cure=f"Known: {', '.join(list_weights(folder)) or 'none'}.",
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return WeightsRecord(
            name=raw["name"],
            folder=path.parent,
            files=tuple(WeightsFile(one["name"], one["sha256"], one["runtime"]) for one in raw["file"]),
            licence=raw["licence"],
            source=raw["source"],
            labels=tuple(raw["labels"]),
            input_px=int(raw.get("input_px", 640)),
            is_flexible=bool(raw.get("is_flexible", False)),
            overlap_limit=float(raw.get("overlap_limit", 0.6)),
            thresholds={label: float(score) for label, score in raw.get("thresholds", {}).items()},
            figures=dict(raw.get("figures", {})),
            scores=_read_scores(raw.get("scores", {})),
            riders=RiderLimits(**raw.get("riders", {})),
            notes={name: str(note) for name, note in raw.get("notes", {}).items()},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, InputError) as broken:
        raise ConfigurationError(
            f"The weights record cannot be read: {broken}.", field="record", value=path
        ) from broken


def write_record(record: WeightsRecord) -> Path:
    """Write ``record.toml`` into the record's folder, over an older one."""
    lines = [f"name = {_toml(record.name)}", f"licence = {_toml(record.licence)}", f"source = {_toml(record.source)}"]
    lines += [f"input_px = {record.input_px}", f"is_flexible = {str(record.is_flexible).lower()}"]
    lines += [f"overlap_limit = {record.overlap_limit}", "labels = ["]
    lines += [f"    {', '.join(map(_toml, record.labels[at : at + 8]))}," for at in range(0, len(record.labels), 8)]
    lines += ["]"]
    for file in record.files:
        lines += ["", "[[file]]", f"name = {_toml(file.name)}", f"runtime = {_toml(file.runtime)}"]
        lines += [f"sha256 = {_toml(file.sha256)}"]
    lines += ["", "[thresholds]"]
    lines += [
        f"{_key(label)} = {score}" for label, score in (record.thresholds or {"default": DEFAULT_THRESHOLD}).items()
    ]
    if record.scores != NO_CALIBRATION:
        lines += ["", "[scores]", f"drawn_from = {_toml(record.scores.drawn_from)}"]
        curves = {"default": record.scores.default, **record.scores.labels}
        lines += [f"{_key(label)} = {_toml(_curve_figures(curve))}" for label, curve in curves.items()]
    if record.riders != USUAL_RIDER_LIMITS:
        lines += [
            "",
            "[riders]",
            f"least_score = {record.riders.least_score}",
            f"threshold = {record.riders.threshold}",
        ]
    if record.notes:
        lines += ["", "[notes]", *(f"{_key(name)} = {_toml(note)}" for name, note in record.notes.items())]
    for measured, values in record.figures.items():
        lines += ["", f"[figures.{_key(measured)}]"]
        lines += [f"{_key(name)} = {_toml(value)}" for name, value in values.items()]
    path = record.folder / "record.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _read_scores(raw: dict[str, Any]) -> ScoreCalibration:
    """Curves by label from their table; ``default`` is for labels without one."""
    curves = {label: ScoreCurve(**figures) for label, figures in raw.items() if label != "drawn_from"}
    default = curves.pop("default", AS_IT_IS)
    return ScoreCalibration(default, curves, str(raw.get("drawn_from", "")))


def _curve_figures(curve: ScoreCurve) -> dict[str, object]:
    return {"slope": curve.slope, "offset": curve.offset, "claims": curve.claims}


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _toml(name)


def _toml(value: object) -> str:
    """A figure, a word or a flat table as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
