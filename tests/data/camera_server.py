"""A real HTTP server on loopback that behaves like cameras do, good and bad: MJPEG, HLS, stalls, garbage, changes of size.

with camera_server() as address: read_stream(f"{address}/good.mjpeg")
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import numpy as np

from intake.photo import encode_jpeg

BOUNDARY = b"--frame"
FRAME_S = 0.05


def a_jpeg(number: int, width: int = 160, height: int = 120) -> bytes:
    """A frame with a square that moves."""
    pixels = np.full((height, width, 3), 90, dtype=np.uint8)
    pixels[:, : width // 2] = 140
    x = number * 5 % (width - 20)
    pixels[40:60, x : x + 20] = (230, 30, 30)
    return encode_jpeg(pixels)


def a_transport_stream(from_s: float, *, frames: int, size_px: tuple[int, int]) -> bytes:
    """A second of H.264 with its own clock, beginning at ``from_s``; two key frames in it."""
    out = io.BytesIO()
    with av.open(out, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=frames)
        stream.width, stream.height, stream.pix_fmt = *size_px, "yuv420p"
        stream.codec_context.gop_size = frames // 2
        stream.codec_context.time_base = Fraction(1, 90_000)
        stream.codec_context.options = {"preset": "ultrafast", "tune": "zerolatency"}
        small = np.random.default_rng(5).integers(40, 220, (size_px[1] // 30, size_px[0] // 30, 3), dtype=np.uint8)
        still = small.repeat(30, axis=0).repeat(30, axis=1)
        for number in range(frames):
            still[200:300, number * 8 : number * 8 + 60] = 20 + number
            frame = av.VideoFrame.from_ndarray(still, format="rgb24")
            frame.pts, frame.time_base = round((from_s + number / frames) * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


class _Handler(BaseHTTPRequestHandler):
    folder: Path | None = None
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/")
        handle = getattr(self, f"_{name.split('.')[0]}", None) if "/" not in name else None
        try:
            if handle is not None:
                handle()
            elif self.folder is not None and (self.folder / name).is_file():
                self._send((self.folder / name).read_bytes())
            else:
                self.send_error(404)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_args: object) -> None:
        """Tests are silent."""

    def _send(self, data: bytes) -> None:
        kinds = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}
        self.send_response(200)
        self.send_header("Content-Type", kinds.get(Path(self.path).suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()

    def _part(self, jpeg: bytes) -> None:
        head = b"\r\nContent-Type: image/jpeg\r\nContent-Length: " + str(len(jpeg)).encode() + b"\r\n\r\n"
        self.wfile.write(BOUNDARY + head + jpeg + b"\r\n")
        self.wfile.flush()
        time.sleep(FRAME_S)

    def _good(self) -> None:
        self._begin()
        for number in range(100_000):
            self._part(a_jpeg(number))

    def _street(self) -> None:
        """Frames of the little city's camera."""
        self._begin()
        for number in range(100_000):
            self._part(a_jpeg(number, 960, 540))

    def _short(self) -> None:
        """Gives five frames and hangs up, as overloaded cameras do."""
        self._begin()
        for number in range(5):
            self._part(a_jpeg(number))

    def _stall(self) -> None:
        self._begin()
        for number in range(12):
            self._part(a_jpeg(number))
        time.sleep(30)

    def _silent(self) -> None:
        time.sleep(30)

    def _garbage(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp2t")
        self.end_headers()
        self.wfile.write(np.random.default_rng(3).bytes(400_000))

    def _spoiled(self) -> None:
        """Good frames with damaged ones between."""
        self._begin()
        for number in range(100_000):
            jpeg = a_jpeg(number)
            self._part(jpeg[: len(jpeg) // 3] if number % 3 == 2 else jpeg)

    def _resize(self) -> None:
        self._begin()
        for number in range(100_000):
            self._part(a_jpeg(number, *((160, 120) if number < 15 else (320, 180))))

    def _night(self) -> None:
        """Ten seconds without a lamp, then the street by day."""
        self._begin()
        dark = encode_jpeg(np.full((540, 960, 3), 4, dtype=np.uint8))
        for number in range(100_000):
            self._part(dark if number < 200 else a_jpeg(number, 960, 540))

    def _jumping(self) -> None:
        """A transport stream whose own clock is an hour further after every second."""
        self._begin_ts()
        for hour in range(1000):
            self.wfile.write(a_transport_stream(hour * 3600.0, frames=20, size_px=(960, 540)))
            self.wfile.flush()
            time.sleep(1.0)

    def _huge(self) -> None:
        """4K at 60 frames a second, as fast as anybody reads it: always more than can be decoded."""
        second = a_transport_stream(0.0, frames=60, size_px=(3840, 2160))
        self._begin_ts()
        while True:
            self.wfile.write(second)

    def _crowded(self) -> None:
        """More than can be decoded, as fast as it is read, then a quiet stream of ten frames a second."""
        second = a_transport_stream(0.0, frames=60, size_px=(1920, 1080))
        calm = a_transport_stream(0.0, frames=4, size_px=(1920, 1080))
        self._begin_ts()
        for _ in range(20):
            self.wfile.write(second)
        while True:
            self.wfile.write(calm)
            self.wfile.flush()
            time.sleep(0.4)

    def _begin_ts(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp2t")
        self.end_headers()

    def _password(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()

    def _broken(self) -> None:
        self.send_error(503)


@contextmanager
def camera_server(folder: Path | None = None) -> Iterator[str]:
    """The address of a server that runs until the block ends; files of ``folder`` are served too (HLS)."""
    handler = type("Handler", (_Handler,), {"folder": folder})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
