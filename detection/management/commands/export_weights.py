"""`manage.py export_weights NAME --from FILE.pt [--calibration FOLDER]`: .pt -> OpenVINO, with its record."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from detection.export import export_openvino
from detection.weights_record import WEIGHTS_FOLDER, WeightsFile, WeightsRecord, read_record, sha256_of, write_record
from errors import ConfigurationError, ProjectError


class Command(BaseCommand):
    """A new name needs --licence and --source; a known one keeps what its record states."""

    help = "Export weights to OpenVINO: int8 with --calibration photographs, else fp16."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("name")
        parser.add_argument("--from", dest="from_pt", type=Path, required=True, help="the .pt file")
        parser.add_argument("--calibration", type=Path, help="a folder of photographs for int8")
        parser.add_argument("--out", type=Path, default=WEIGHTS_FOLDER, help="folder that gets NAME/")
        parser.add_argument(
            "--input", type=int, default=640, dest="input_px", help="longer side of the network's input"
        )
        parser.add_argument("--threads", type=int, default=0)
        parser.add_argument("--licence", default="")
        parser.add_argument("--source", default="")
        parser.add_argument("--keep-pt", action="store_true", help="keep the .pt file too, for torch and CUDA")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, hash, write the record."""
        try:
            record = self._export(**{key: options[key] for key in _OPTIONS})
        except ProjectError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{record.folder}: {', '.join(file.name for file in record.files)}, sha256 {record.sha256}")

    def _export(
        self,
        *,
        name: str,
        from_pt: Path,
        calibration: Path | None,
        out: Path,
        input_px: int,
        threads: int,
        licence: str,
        source: str,
        keep_pt: bool,
    ) -> WeightsRecord:
        folder = out / name
        known = read_record(name, out) if (folder / "record.toml").exists() else None
        if known is None and not (licence and source):
            raise ConfigurationError("New weights need --licence and --source.", field="name", value=name)
        exported = export_openvino(
            from_pt, folder, name=name, calibration=calibration, input_px=input_px, threads=threads
        )
        paths = [(exported.xml, "openvino"), (exported.bin, "openvino")]
        if keep_pt:
            kept = folder / f"{name}.pt"
            kept.write_bytes(from_pt.read_bytes())
            paths.append((kept, "torch"))
        record = WeightsRecord(
            name=name,
            folder=folder,
            files=tuple(WeightsFile(path.name, sha256_of(path), runtime) for path, runtime in paths),
            licence=licence or (known.licence if known else ""),
            source=source or (known.source if known else ""),
            labels=known.labels if known and len(known.labels) == len(exported.labels) else exported.labels,
            input_px=input_px,
            is_flexible=True,
            thresholds=dict(known.thresholds) if known else {},
        )
        write_record(record)
        return record


_OPTIONS = ("name", "from_pt", "calibration", "out", "input_px", "threads", "licence", "source", "keep_pt")
