"""A small installation of real processes: PostgreSQL, Redis, Celery workers, a sweeper.

Everything that can be killed is killed by its process group. The database is asked from this
process through a connection of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from dev.hosts import Host, Network, start_network_queue
from dev.services import Service, start_postgres, start_queue_server
from dev.shell import ROOT, VENV

PATIENCE_SECONDS = 40.0


class Installation:
    """Started empty, with the small course published and `learners` people enrolled."""

    def __init__(self, directory: Path, *, learners: int, network: Network | None = None) -> None:
        self.directory = directory
        self.logs = directory / "logs"
        self.logs.mkdir()
        self.network = network
        self.postgres, url = start_postgres(
            log=self.logs / "postgres.log",
            addresses=network.addresses if network else ["127.0.0.1"],
            network=network.cidr if network else "",
        )
        self.redis: Service | None = None
        self.parts: list[Service] = []
        self.env = {
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": str(directory / "var"),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "GRADING_LEASE_SECONDS": "4",
            "GRADING_POLL_SECONDS": "1",
            "GRADING_TRIES_PER_MINUTE": "0",
        }
        self.web: subprocess.Popen[str] | None = None
        self.start_redis()
        self.manage("migrate", "--verbosity", "0", "--skip-checks")
        prepared = self.act("prepare", str(learners))
        assert prepared.returncode == 0, prepared.stderr
        self.database = psycopg.connect(url, autocommit=True)

    def start_redis(self) -> None:
        """A new, empty Redis at the same address."""
        if self.network is not None:
            self.redis, port = start_network_queue(
                self.directory, log=self.logs / "redis.log", addresses=self.network.addresses
            )
            self.env["REDIS_URL"] = f"redis://127.0.0.1:{port}"
            self.stop_web()  # it knows the old port
            return
        found = start_queue_server(self.directory / "redis", log=self.logs / "redis.log")
        assert found is not None
        self.redis, self.env["REDIS_URL"] = found

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, check=True
        )

    def act(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One act of tests/grading/chaos/acts.py, in the web process that lives on.

        With `more` for the environment it has a process of its own.
        """
        command = [sys.executable, "-m", "tests.grading.chaos.acts"]
        if more:
            own = [*command, *arguments]
            return subprocess.run(
                own, cwd=ROOT, env={**self.env, **more}, check=False, capture_output=True, text=True
            )
        if self.web is None:
            with (self.logs / "web.log").open("ab") as log:
                self.web = subprocess.Popen(
                    [*command, "attend"],
                    cwd=ROOT,
                    env=self.env,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        assert self.web.stdin is not None
        assert self.web.stdout is not None
        self.web.stdin.write(json.dumps(arguments) + "\n")
        self.web.stdin.flush()
        answer = self.web.stdout.readline()
        assert answer, f"the web process died\n{self.told()}"
        said, failure = json.loads(answer)
        return subprocess.CompletedProcess(arguments, int(failure != ""), said, failure)

    def stop_web(self) -> None:
        if self.web is not None:
            self.web.communicate()  # it ends with its input
            self.web = None

    def start_worker(self, *, host: Host | None = None, **more: str) -> Service:
        """On this machine, or on a host of the network, which names the services' addresses."""
        command: list[str | Path] = [*host.enter] if host else []
        command += [VENV / "bin" / "celery", "-A", "config", "worker"]
        if host is not None:
            for name in ("DATABASE_URL", "REDIS_URL"):
                more[name] = self.env[name].replace("127.0.0.1", host.services)
        command += ["-Q", "grade", "-c", "1"]
        command += ["--without-gossip", "--without-mingle", "-l", "warning"]
        return self.start("worker", command, **more)

    def start_sweeper(self) -> Service:
        return self.start("sweeper", [sys.executable, "manage.py", "sweeper"])

    def start(self, name: str, command: list[str | Path], **more: str) -> Service:
        log = self.logs / f"{name}-{len(self.parts)}.log"
        part = Service(name, command, env={**self.env, **more}, log=log)
        self.parts.append(part)
        return part

    def count(self, sql: str) -> int:
        row = self.database.execute(sql).fetchone()
        assert row is not None
        return int(row[0])

    def states(self) -> dict[str, int]:
        rows = self.database.execute(
            "SELECT state, count(*) FROM grading_submission GROUP BY state"
        ).fetchall()
        return dict(rows)

    def wait(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not ready():
            assert time.monotonic() < deadline, f"{what}; {self.states()}\n{self.told()}"
            time.sleep(0.1)

    def wait_for_all(self, submissions: int) -> None:
        """Until every one of them is graded."""
        self.wait(
            lambda: self.states() == {"done": submissions}, f"{submissions} are not all graded"
        )

    def told(self) -> str:
        """The ends of the logs, for a failure."""
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-1500:]}"
            for log in sorted(self.logs.iterdir())
        )

    def check(self) -> None:
        """What must hold after any fault: graded once each, and everything counted adds up."""
        graded_not_once = """
            SELECT count(*) FROM (
                SELECT s.id FROM grading_submission s
                LEFT JOIN grading_gradingrun r ON r.submission_id = s.id
                WHERE s.state = 'done' GROUP BY s.id HAVING count(r.id) <> 1
            ) AS wrong
        """
        assert self.count(graded_not_once) == 0
        recount = self.act("recount")
        assert recount.returncode == 0, recount.stdout

    def reset(self) -> None:
        """As it was at the beginning: nothing runs but the servers, nothing was handed in."""
        self.kill_parts()
        if self.redis is None or not self.redis.alive():
            self.start_redis()
        self.database.execute(
            "TRUNCATE grading_progress, grading_submission, grading_body, grading_gradingrun,"
            " grading_workerbeat CASCADE"
        )
        self.database.execute("UPDATE courses_enrolment SET credit = 0, exercises_passed = 0")
        self.database.execute(
            "DELETE FROM courses_tally"
            " WHERE metric IN ('submissions', 'passes', 'competency_passes')"
        )

    def kill_parts(self) -> None:
        for part in self.parts:
            part.signal(signal.SIGKILL)
            part.stop()
        self.parts.clear()

    def stop(self) -> None:
        self.stop_web()
        self.database.close()
        self.kill_parts()
        if self.redis is not None:
            self.redis.stop()
        self.postgres.stop()
