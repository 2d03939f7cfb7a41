"""Streams over a real network: MJPEG and HLS are read, and every way in which cameras fail is named and survived."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from intake.streams import Hand, Seen, StreamFrame, StreamGap, StreamNote, StreamOptions, read_stream
from tests.data.camera_server import camera_server

OPTIONS = StreamOptions(every_s=0.2, timeout_s=1.5)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with camera_server(tmp_path) as found:
        yield found


def watch(stream: str, *, seconds: float, options: StreamOptions = OPTIONS) -> list[Seen]:
    """What a stream gives within some seconds; pauses are cut short."""
    until = time.monotonic() + seconds
    hand = Hand(sleep=lambda s: time.sleep(min(s, 0.1)), is_stopped=lambda: time.monotonic() > until)
    return list(read_stream(stream, options, hand))


def frames(seen: list[Seen]) -> list[StreamFrame]:
    return [item for item in seen if isinstance(item, StreamFrame)]


def reasons(seen: list[Seen]) -> list[str]:
    return [item.reason for item in seen if isinstance(item, StreamGap)]


def test_mjpeg_is_read_at_the_sampled_pace(address: str) -> None:
    seen = watch(f"{address}/good.mjpeg", seconds=3)
    found = frames(seen)
    assert 6 <= len(found) <= 16
    assert found[0].rgb.shape == (120, 160, 3) and found[0].small(32, 18).shape == (18, 32, 3)
    assert reasons(seen) == []


def test_hls_is_read(address: str, tmp_path: Path) -> None:
    with av.open(
        str(tmp_path / "live.m3u8"), "w", format="hls", options={"hls_time": "1", "hls_list_size": "0"}
    ) as out:
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.gop_size = 10
        for number in range(40):
            rgb = np.full((120, 160, 3), 40 + 4 * number, dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        out.mux(stream.encode(None))
    assert frames(watch(f"{address}/live.m3u8", seconds=4))


def test_a_playlist_cannot_make_us_read_our_own_files(address: str, tmp_path: Path) -> None:
    (tmp_path / "sly.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
    )
    seen = watch(f"{address}/sly.m3u8", seconds=2)
    assert not frames(seen) and reasons(seen)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("silent", "no_answer"),
        ("garbage", "garbage"),
        ("nowhere", "not_found"),
        ("password", "needs_password"),
        ("broken", "server_fault"),
    ],
)
def test_a_stream_that_never_gives_a_frame_is_named(address: str, name: str, reason: str) -> None:
    seen = watch(f"{address}/{name}", seconds=4)
    assert not frames(seen)
    assert set(reasons(seen)) == {reason}


def test_nothing_listens() -> None:
    assert set(reasons(watch("http://127.0.0.1:9/x", seconds=1))) == {"refused"}


def test_a_stall_is_noticed_and_the_camera_read_again(address: str) -> None:
    seen = watch(f"{address}/stall", seconds=6)
    assert "stalled" in reasons(seen)
    kinds = [type(item).__name__ for item in seen]
    assert "StreamFrame" in kinds[kinds.index("StreamGap") :]


def test_a_camera_that_hangs_up_is_read_again(address: str) -> None:
    seen = watch(f"{address}/short", seconds=3)
    assert reasons(seen).count("ended") >= 2 and len(frames(seen)) >= 2


def test_damaged_frames_cost_themselves_only(address: str) -> None:
    seen = watch(f"{address}/spoiled", seconds=3)
    assert len(frames(seen)) >= 5 and reasons(seen) == []


def test_another_size_is_another_view(address: str) -> None:
    seen = watch(f"{address}/resize", seconds=4)
    assert reasons(seen) == ["resolution_changed"]
    assert {frame.size_px for frame in frames(seen)} == {(160, 120), (320, 180)}


def test_what_was_too_much_for_a_while_is_decoded_whole_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.streams.BUSY_WINDOW_S", 0.5)
    monkeypatch.setattr("intake.streams.EASE_WINDOWS", 2)
    notes = [item.reason for item in watch(f"{address}/crowded", seconds=9) if isinstance(item, StreamNote)]
    told = [reason for reason in notes if reason != "clock_jumped"]
    assert told[:2] == ["key_frames_only", "all_frames_again"]


@pytest.fixture
def rtsp_port() -> Iterator[int]:
    """The port of a real RTSP server, run by Debian's own Python; skipped where its packages are not installed."""
    program = Path(__file__).parents[2] / "data" / "rtsp_server.py"
    python = Path("/usr/bin/python3")
    if not python.exists():
        pytest.skip("no Debian Python")
    server = subprocess.Popen([python, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
    try:
        line = server.stdout.readline() if server.stdout else b""
        if not line.strip().isdigit():
            pytest.skip("gir1.2-gst-rtsp-server-1.0 is not installed")
        yield int(line)
    finally:
        server.communicate()


def test_rtsp_is_read_and_its_end_is_noticed(rtsp_port: int) -> None:
    seen = watch(f"rtsp://127.0.0.1:{rtsp_port}/street", seconds=5, options=StreamOptions(every_s=0.5, timeout_s=4))
    found = frames(seen)
    assert len(found) >= 3 and found[0].size_px == (320, 240)
    assert reasons(watch(f"rtsp://127.0.0.1:{rtsp_port}/elsewhere", seconds=2))[0] == "not_found"
