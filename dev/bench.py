"""`make bench`: our figures, the bare framework's, the budget and the ratio, from one run.

Every figure is measured here and now, on the private PostgreSQL and Redis of `make test`; none is
copied from an earlier run. `make bench ARGS=reports` measures the report pages instead, see
dev/bench_reports.py.
"""

from __future__ import annotations

import io
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from wsgiref.util import setup_testing_defaults

import django
from django.db import connection


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `better` says in which direction the budget is kept."""

    what: str
    ours: float
    unit: str
    budget: float | None
    """None: told beside another row, and held to nothing."""
    better: str = "less"
    bare: float | None = None

    @property
    def kept(self) -> bool:
        if self.budget is None:
            return True
        return self.ours <= self.budget if self.better == "less" else self.ours >= self.budget

    def __str__(self) -> str:
        sign = "≤" if self.better == "less" else "≥"
        bare = "" if self.bare is None else f"{self.bare:.2f}"
        ratio = "" if not self.bare else f"{self.ours / self.bare:.1f}"
        budget = "" if self.budget is None else f"{sign}{self.budget:g}"
        mark = "" if self.budget is None else "kept" if self.kept else "BROKEN"
        return (
            f"{self.what:<44} {self.ours:>9.2f} {bare:>9} {budget:>9} "
            f"{ratio:>6}  {self.unit:<9} {mark}"
        )


HEADER = f"{'what':<44} {'ours':>9} {'bare':>9} {'budget':>9} {'ratio':>6}  unit"


class Browser:
    """Drives a WSGI application in this process, with one person's cookies and no network."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of one request."""
        environ: dict[str, object] = {}
        setup_testing_defaults(environ)
        environ |= {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_X_CSRFTOKEN": self.cookies.get("csrftoken", ""),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        status: list[str] = []

        def start(line: str, _headers: object, _error: object = None) -> None:
            status.append(line)

        response = self.application(environ, start)
        content = b"".join(response)
        if close := getattr(response, "close", None):
            close()
        return int(status[0].split()[0]), content


def cpu_milliseconds(action: Callable[[], object], *, times: int, warm: int = 20) -> float:
    """CPU time of this process for one `action`, in milliseconds, the mean over `times`."""
    for _ in range(warm):
        action()
    started = time.process_time()
    for _ in range(times):
        action()
    return (time.process_time() - started) * 1000 / times


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collects the SQL of a block, BEGIN and COMMIT left out."""
    collected: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        collected.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield collected


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ["GRADING_TRIES_PER_MINUTE"] = "0"  # one person answers hundreds of times here
    os.environ["REQUIRE_ADMIN_MFA"] = "0"  # nobody here holds a second factor
    django.setup()
    from dev import (  # noqa: PLC0415  # they import models
        bench_chains,
        bench_grading,
        bench_pages,
        bench_reports,
        bench_rosters,
    )

    print(f"{platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}")
    print(HEADER)
    broken = False
    parts = {
        "pages": bench_pages.rows,
        "grading": bench_grading.rows,
        "chains": bench_chains.rows,
        "rosters": bench_rosters.rows,
        "reports": bench_reports.rows,
    }
    asked = sys.argv[1:] or ["pages", "grading", "chains", "rosters"]
    for name in asked:
        for row in parts[name]():
            print(row, flush=True)
            broken = broken or not row.kept
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
