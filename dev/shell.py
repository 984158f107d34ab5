"""Running other programs and speaking to the terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Stop(Exception):
    """Ends the command with this sentence and exit code 1."""


def say(line: str) -> None:
    """One line about what is happening, at once even when the output is a pipe."""
    print(f"· {line}", flush=True)


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run to the end in the project's root; a failure stops everything with the command's name."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise Stop(f"`{' '.join(str(part) for part in command)}` failed ({done.returncode}).")


def capture(command: Sequence[str | Path]) -> str | None:
    """What the command printed, or None when it is missing or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, check=False, capture_output=True, text=True
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def can_apt() -> bool:
    """Whether missing system packages can be installed here without asking."""
    return is_root() and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages; False when they cannot be had, with apt's own words printed."""
    say(f"installing {', '.join(packages)} with apt")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(
            command,
            env=env,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(done.stdout[-2000:], file=sys.stderr)
            return False
    return True


def wait_until(what: str, ready: object, *, seconds: float = 30.0) -> None:
    """Poll `ready()` until it is true; after `seconds` stop with what was waited for."""
    assert callable(ready)
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise Stop(f"{what} did not come up within {seconds:.0f} s.")
        time.sleep(0.05)


def main(command: object) -> None:
    """Run a command function, turning `Stop` into one line and exit code 1."""
    assert callable(command)
    try:
        command()
    except Stop as stop:
        print(f"\n✗ {stop}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
