"""The peers' own environment (``requirements/bench.txt``): their pins are not ours. Made once beside the project's, or named
by ``PEERS_VENV``.

    python -m bench.peers        makes it and says where it is
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from ops.folders import ROOT

LOCK = ROOT / "requirements" / "bench.txt"


def find_peers() -> Path:
    """The Python of the peers' environment, made or renewed when its lock changed. One that was named is taken as it is."""
    named = os.environ.get("PEERS_VENV")
    if named:
        return Path(named) / "bin" / "python"
    folder = Path(sys.prefix).with_name(f"{Path(sys.prefix).name}-peers")
    python, stamp = folder / "bin" / "python", folder / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(LOCK)], check=True)
        stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    print(find_peers())
