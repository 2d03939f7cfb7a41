"""`manage.py export_weights NAME --from FILE.pt [--calibration FOLDER --check SET.yaml]`: .pt -> OpenVINO, with its record."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from detection.dataset import LabelledPhoto, read_set
from detection.detector import open_detector
from detection.evaluation import evaluate
from detection.export import MOST_LOSS, Int8, export_openvino
from detection.looking import LEAST_SCORE, look_at
from detection.torch_file import write_shareable
from detection.weights_record import WEIGHTS_FOLDER, WeightsFile, WeightsRecord, read_record, sha256_of, write_record
from errors import ConfigurationError, ProjectError


class Command(BaseCommand):
    """A new name needs --licence and --source; a known one keeps what its record states."""

    help = "Export weights to OpenVINO: int8 with --calibration photographs and a --check set that shows its cost, else fp16."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("name")
        parser.add_argument("--from", dest="from_pt", type=Path, required=True, help="the .pt file")
        parser.add_argument("--calibration", type=Path, help="a folder of photographs for int8")
        parser.add_argument("--check", type=Path, help="a labelled YOLO set on which int8 may lose little")
        parser.add_argument("--check-split", default="val")
        parser.add_argument("--most-loss", type=float, default=MOST_LOSS, help="of mAP50-95; more: fp16 is kept")
        parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder that gets NAME/")
        parser.add_argument(
            "--input", type=int, default=640, dest="input_px", help="longer side of the network's input"
        )
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--licence", default="")
        parser.add_argument("--source", default="")
        parser.add_argument("--keep-pt", action="store_true", help="keep the .pt file too, for torch and CUDA")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, check, hash, write the record."""
        try:
            record = self._export(options)
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{record.folder}: {', '.join(file.name for file in record.files)}, sha256 {record.sha256}")
        for name, note in record.notes.items():
            self.stdout.write(f"  {name.replace('_', ' ')}: {note}")

    def _export(self, options: dict[str, Any]) -> WeightsRecord:
        name, folder = options["name"], options["out"] / options["name"]
        known = read_record(name, options["out"]) if (folder / "record.toml").exists() else None
        if known is None and not (options["licence"] and options["source"]):
            raise ConfigurationError("New weights need --licence and --source.", field="name", value=name)
        exported = export_openvino(
            options["from_pt"],
            folder,
            name=name,
            int8=self._int8(options),
            input_px=options["input_px"],
            threads=options["threads"],
            tell=self.stderr.write,
        )
        paths = [(exported.xml, "openvino"), (exported.bin, "openvino")]
        if options["keep_pt"]:
            kept = folder / f"{name}.pt"
            write_shareable(options["from_pt"], kept)
            paths.append((kept, "torch"))
        record = WeightsRecord(
            name=name,
            folder=folder,
            files=tuple(WeightsFile(path.name, sha256_of(path), runtime) for path, runtime in paths),
            licence=options["licence"] or (known.licence if known else ""),
            source=options["source"] or (known.source if known else ""),
            labels=known.labels if known and len(known.labels) == len(exported.labels) else exported.labels,
            input_px=options["input_px"],
            is_flexible=True,
            thresholds=dict(known.thresholds) if known else {},
            notes=exported.notes,
        )
        write_record(record)
        return record

    def _int8(self, options: dict[str, Any]) -> Int8 | None:
        """What 8 bits need; None without photographs. Without a labelled set nobody would know what they cost."""
        if options["calibration"] is None:
            return None
        if options["check"] is None:
            raise ConfigurationError(
                "int8 needs a labelled set that shows what it costs.",
                field="check",
                value="",
                cure="Add --check SET.yaml, or leave --calibration out for fp16.",
            )
        photos = read_set(options["check"], options["check_split"])
        return Int8(
            options["calibration"],
            lambda xml, labels: _measure(xml, labels, photos, options),
            options["most_loss"],
        )


def _measure(xml: Path, labels: tuple[str, ...], photos: tuple[LabelledPhoto, ...], options: dict[str, Any]) -> float:
    """Mean average precision (overlaps 0.5 to 0.95) of an exported network on the labelled photographs."""
    files = (xml, xml.with_suffix(".bin"))
    record = WeightsRecord(
        name=xml.parent.name,
        folder=xml.parent,
        files=tuple(WeightsFile(path.name, sha256_of(path), "openvino") for path in files),
        licence="-",
        source="-",
        labels=labels,
        input_px=options["input_px"],
        is_flexible=True,
    )
    write_record(record)
    detector = open_detector(
        record.name, "openvino", threads=options["threads"], least_score=LEAST_SCORE, folder=xml.parent.parent
    )
    claims = look_at(detector, photos)
    return evaluate(photos, claims, weights_labels=labels, thresholds={}).map50_95
