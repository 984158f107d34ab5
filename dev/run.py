"""`make run`: everything that a working site needs on one machine, until Ctrl-C.

1. Set-up (dev/setup.py), migrations, the shipped courses, demo people.
2. A private Redis-compatible server, unless REDIS_URL is set or there is none to be had.
3. Web, grading worker, sweeper, clerk, rosters, postman, author and analyst, each started again
   when it dies.
4. Ctrl-C (or SIGTERM) stops all of them.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from types import FrameType

from dev.services import Service, start_queue_server
from dev.setup import changed, done, setup
from dev.shell import PYTHON, ROOT, VAR, VENV, Stop, main, run, say, wait_until

PORT = os.environ.get("PORT", "8000")
HOST = os.environ.get("HOST", "127.0.0.1")
SHOWN_HOST = "localhost" if HOST == "127.0.0.1" else HOST
"""For people: passkeys work for names and not for numbers."""
WEB_WORKERS = os.environ.get("WEB_WORKERS", "2")
GRADERS = os.environ.get("GRADERS", "2")
RESTART_PAUSE_SECONDS = 2.0
SITE_SECONDS = 60.0
GRADER_SECONDS = 30.0
FIRST = ("web", "grader")


def prepare() -> None:
    """Database, static files, courses and people; a step does nothing when nothing changed."""
    static = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
    is_changed = changed("collectstatic", static) or not (VAR / "staticfiles").exists()
    run([PYTHON, "-m", "dev.begin", *(["--static"] if is_changed else [])])
    if is_changed:
        done("collectstatic", static)


def commands() -> dict[str, list[str]]:
    """The long-running parts, by name."""
    binaries = VENV / "bin"
    web = [
        *(str(binaries / "granian"), "--interface", "wsgi", "--host", HOST, "--port", PORT),
        *("--workers", WEB_WORKERS, "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
        "config.wsgi:application",
    ]
    if os.environ.get("REDIS_URL"):
        grader = [str(binaries / "celery"), "--quiet", "-A", "config", "worker", "-Q", "grade"]
        grader += ["-c", GRADERS, "-l", "warning", "--without-gossip", "--without-mingle"]
    else:
        grader = [str(PYTHON), "manage.py", "drain", "--forever"]
    return {
        "web": web,
        "grader": grader,
        "sweeper": [str(PYTHON), "manage.py", "sweeper"],
        "clerk": [str(PYTHON), "manage.py", "clerk"],
        "rosters": [str(PYTHON), "manage.py", "rosters"],
        "postman": [str(PYTHON), "manage.py", "postman"],
        "author": [str(PYTHON), "manage.py", "author"],
        "analyst": [str(PYTHON), "manage.py", "analyst"],
    }


class Supervisor:
    """Keeps the parts alive until it is told to stop."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self.stopping = threading.Event()

    def start(self, name: str, command: list[str]) -> None:
        self.services[name] = Service(name, command, env=dict(os.environ))

    def watch(self, parts: dict[str, list[str]]) -> None:
        """Start again whatever dies, until `stop` is asked for."""
        while not self.stopping.wait(0.5):
            for name, command in parts.items():
                service = self.services[name]
                if not service.alive() and not self.stopping.is_set():
                    say(f"{name} ended ({service.process.returncode}); starting it again")
                    service.stop()
                    self.stopping.wait(RESTART_PAUSE_SECONDS)
                    self.start(name, command)

    def stop(self) -> None:
        for service in self.services.values():
            service.signal(service.stop_signal)
        for service in reversed(list(self.services.values())):
            service.stop()


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{PORT}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def faults() -> list[str]:
    """What /readyz complains of; an answer that cannot be had is a complaint too."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{PORT}/readyz", timeout=2):
            return []
    except urllib.error.HTTPError as error:
        return list(json.load(error)["faults"])
    except (urllib.error.URLError, OSError) as error:
        return [str(error)]


def wait_for_grader() -> list[str]:
    """Until a worker has proved its sandbox, or says why it cannot; what is wrong then."""
    deadline = time.monotonic() + GRADER_SECONDS
    while found := faults():
        is_decided = any("not graded" in fault for fault in found)
        if is_decided or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    return found


def serve() -> None:
    started = time.monotonic()
    setup()
    supervisor = Supervisor()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stopping.set()

    try:
        if not os.environ.get("REDIS_URL"):
            queue = start_queue_server(VAR / "redis", log=VAR / "redis.log")
            if queue is not None:
                supervisor.services["redis"], os.environ["REDIS_URL"] = queue
        prepare()
        signal.signal(signal.SIGINT, ask_to_stop)
        signal.signal(signal.SIGTERM, ask_to_stop)
        parts = commands()
        # First what a visitor waits for: each of the others costs a processor seconds to start.
        for name in FIRST:
            supervisor.start(name, parts[name])
        wait_until(
            "the site", lambda: answers() or supervisor.stopping.is_set(), seconds=SITE_SECONDS
        )
        if not supervisor.services["web"].alive():
            raise Stop(
                f"the web server ended. Is port {PORT} taken? Choose another: PORT=8001 make run"
            )
        for name, command in parts.items():
            if name not in FIRST:
                supervisor.start(name, command)
        for fault in wait_for_grader():
            say(f"not quite ready: {fault}")
        seconds = time.monotonic() - started
        say(f"Chainwright is at http://{SHOWN_HOST}:{PORT}/ ({seconds:.0f} s; Ctrl-C stops it)")
        supervisor.watch(parts)
    finally:
        say("stopping")
        supervisor.stop()


if __name__ == "__main__":
    main(serve)
