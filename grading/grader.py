"""Grades what waits, one submission after another. One `Grader` for one thread of one process."""

from __future__ import annotations

import os
import platform
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.models.functions import Now

from chains.engines import Engines, open_engines
from courses.models import ExerciseVersion
from exercises.registry import kind_named
from exercises.types import Broken, Playable, Tools, Verdict
from grading import repairs, states
from grading.models import RegradeItem, Submission, WorkerBeat
from grading.states import Claim
from sandbox import boxes
from sandbox.boxes import LaneBoxes
from sandbox.types import BoxBroken, Unavailable

BEAT_SECONDS = 5.0
"""How often a worker says that it lives."""
SHORTEST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
"""Seconds between two attempts at the canaries while no lane holds; doubled from the first on."""

MOST_BEATS = 60
"""Twenty leases: far longer than any program may run, boxes have walls of their own."""

MOST_VERSIONS = 500
"""How many exercises a worker remembers, some kilobytes each."""

REASON_LENGTH = 500
ERROR_LENGTH = 2000

Told = TypeVar("Told")

logger = structlog.get_logger(__name__)


class Grader:
    """Owns the boxes of its thread: opened at need, proved by their canaries, closed at the end.

    While no lane holds it claims nothing and says why in its `WorkerBeat`.
    """

    def __init__(self) -> None:
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        self.reason = ""
        self.missing: dict[str, str] = {}
        """Ledger engines that cannot be had on this host, and why."""
        self._missing_until = 0.0
        self._boxes: LaneBoxes | None = None
        self._engines: Engines | None = None
        self._versions: dict[int, ExerciseVersion] = {}
        self._heart = Heart(self.beat)
        self._pause = SHORTEST_PAUSE
        self._paused_until = 0.0
        self._beaten_at = 0.0

    def look(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Grade what waits and say that this worker lives. `until` tells when to end early.

        Whatever goes wrong on the way (a database that restarts, a bug) is logged and left to
        the next look: what was being graded comes back when its lease ends.
        """
        try:
            close_old_connections()
            self.drain(until=until)
            self.beat()
        except Exception:
            logger.exception("look_failed", worker=self.worker)
            connection.close()

    def drain(self, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Grade until nothing waits; True then. False when told to end or when no lane holds."""
        while not until() and self.prepare():
            self.beat()
            claim = states.claim(self._missing_now())
            if claim is not None:
                self.grade(claim)
            elif not self.repair():
                return True
        return False

    def repair(self) -> bool:
        """One small step of a regrade, since no learner waits; False when there is none to do."""
        if repairs.step():
            return True
        item = repairs.claim(self._missing_now())
        if item is None:
            return False
        self.judge_again(item)
        return True

    def prepare(self) -> bool:
        """Open the boxes unless they are open; False while no lane holds."""
        if self._boxes is not None:
            return True
        if time.monotonic() < self._paused_until:
            self.beat()
            return False
        try:
            self._boxes = boxes.open_boxes(lanes=settings.SANDBOX_LANES)
        except Unavailable as unavailable:
            self._stop_claiming(unavailable)
            return False
        except BoxBroken as broken:
            self._stop_claiming(Unavailable(str(broken)))
            return False
        self._engines = open_engines(self._boxes)
        self._pause = SHORTEST_PAUSE
        self.reason = ""
        self._beaten_at = 0.0
        return True

    def grade(self, claim: Claim) -> None:
        """Grade one claimed submission outside any transaction and write what came of it."""
        claim.submission.version = self._version(claim.submission.version_id)
        with self._heart.keeping(partial(states.extend, claim)):
            try:
                verdict = self._of_a_lane_that_lived(partial(self._verdict, claim.submission))
            except Unavailable as unavailable:
                states.release(claim)
                if not self._lacks(claim.submission.engine, unavailable):
                    self.close()
                    self._stop_claiming(unavailable)
                return
            except Exception as error:  # a bug of ours must charge nobody
                if not isinstance(error, Broken | BoxBroken):
                    logger.exception("grader_failed", submission=str(claim.submission.uuid))
                self.close()
                states.break_off(claim, _told(error), engine=self.engine)
                return
        if not states.settle(claim, verdict, engine=self.engine):
            logger.warning("lease_lost", submission=str(claim.submission.uuid))

    def judge_again(self, item: RegradeItem) -> None:
        """Judge one claimed try of a regrade; nothing changes for its learner yet."""
        with self._heart.keeping(partial(repairs.extend, item)):
            try:
                verdict = self._of_a_lane_that_lived(partial(self._second_verdict, item))
            except Unavailable as unavailable:
                repairs.release(item)
                if not self._lacks(item.submission.engine, unavailable):
                    self.close()
                    self._stop_claiming(unavailable)
                return
            except Exception as error:  # a bug of ours must charge nobody
                if not isinstance(error, Broken | BoxBroken):
                    logger.exception("grader_failed", submission=str(item.submission.uuid))
                self.close()
                repairs.break_off(item, _told(error))
                return
        if verdict is None:
            repairs.keep(item)
        else:
            repairs.settle(item, verdict, engine=self.engine)

    def _lacks(self, engine: str, unavailable: Unavailable) -> bool:
        """Note that an engine is missing here, so that only what needs it stays queued. False
        where no engine was asked for: then it is the lane that is missing."""
        if not engine:
            return False
        self.missing[engine] = unavailable.reason[:REASON_LENGTH]
        self._missing_until = time.monotonic() + LONGEST_PAUSE
        self._beaten_at = 0.0
        self.beat()
        logger.error("engine_missing", worker=self.worker, engine=engine, reason=str(unavailable))
        return True

    def _missing_now(self) -> Collection[str]:
        """The engines not to ask for. After a while each may be tried again: somebody may have
        installed what was missing."""
        if self.missing and time.monotonic() > self._missing_until:
            self.missing = {}
        return self.missing

    def _version(self, pk: int) -> ExerciseVersion:
        """A version with its exercise and course. Remembered: a version never changes."""
        if pk not in self._versions:
            if len(self._versions) >= MOST_VERSIONS:
                self._versions.clear()
            versions = ExerciseVersion.objects.select_related("exercise__course")
            self._versions[pk] = versions.get(pk=pk)
        return self._versions[pk]

    def _of_a_lane_that_lived(self, ask: Callable[[], Told]) -> Told:
        """What `ask` says; asked a second time, on a new lane, when the lane died beneath it.

        Raises `Unavailable` when no new lane holds.
        """
        try:
            return ask()
        except Exception as error:
            if isinstance(error, Unavailable) or not _is_of_the_box(error):
                raise
            logger.warning("lane_lost", worker=self.worker, error=_told(error))
        self.close()
        if not self.prepare():
            raise Unavailable(self.reason)
        return ask()

    def _verdict(self, submission: Submission) -> Verdict:
        """What the kind says. Reads nothing from the database."""
        version = submission.version
        kind = kind_named(version.kind)
        variant = kind.vary(version.spec, submission.seed)
        is_run = submission.purpose == Submission.Purpose.RUN
        tools = Tools(boxes=self._boxes, visible_only=is_run, engines=self._engines)
        if submission.purpose == Submission.Purpose.PLAY and isinstance(kind, Playable):
            return kind.play(version.spec, variant, submission.body.answer, tools)
        return kind.grade(version.spec, variant, submission.body.answer, tools)

    def _second_verdict(self, item: RegradeItem) -> Verdict | None:
        tools = Tools(boxes=self._boxes, engines=self._engines)
        return repairs.verdict_of(item, item.batch.version, tools)

    @property
    def engine(self) -> str:
        """The lane and the interpreter, for the grading run."""
        return f"{self._lane_name()}, CPython {platform.python_version()}"

    def _lane_name(self) -> str:
        return self._boxes.lane.name if self._boxes is not None else ""

    def _stop_claiming(self, unavailable: Unavailable) -> None:
        """Say why, and wait longer before every further attempt."""
        self.reason = unavailable.reason[:REASON_LENGTH]
        self._paused_until = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._beaten_at = 0.0
        self.beat()
        logger.error("grading_paused", worker=self.worker, reason=self.reason)

    def beat(self) -> None:
        """Say that this worker lives, at most every `BEAT_SECONDS`."""
        if time.monotonic() - self._beaten_at < BEAT_SECONDS:
            return
        self._beaten_at = time.monotonic()
        said = {
            "lane": self._lane_name(),
            "reason": self.reason,
            "missing": self.missing,
            "seen_at": Now(),
        }
        WorkerBeat.objects.update_or_create(worker=self.worker, defaults=said)

    def close(self) -> None:
        """End engines and boxes; the next submission opens new ones."""
        if self._engines is not None:
            self._engines.close()
            self._engines = None
        if self._boxes is not None:
            self._boxes.close()
            self._boxes = None

    def leave(self) -> None:
        """Close, and be forgotten: a worker that ended on purpose is not a dead one."""
        self.close()
        WorkerBeat.objects.filter(worker=self.worker).delete()


class Heart:
    """Extends the lease of what is being graded every third of it, and says that the worker lives.

    One thread with a connection of its own; it ends when nothing was graded for a third of a
    lease, and begins anew with the next claim.
    """

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._lock = threading.Lock()
        """Held during a beat, too: none is under way when `keeping` has ended."""
        self._lease: Callable[[], bool] | None = None
        self._beats = 0
        """Of this claim."""
        self._idle = False
        """Whether nothing was graded since the last beat."""
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, extend: Callable[[], bool]) -> Iterator[None]:
        """Keep a lease, which `extend` moves, until the block ends.

        A lease that was lost is not fought for: `settle` finds out and writes nothing. A database
        that does not answer for a moment is asked again at the next beat. After `MOST_BEATS` the
        lease is let go: whatever hangs for so long is a lost worker.
        """
        with self._lock:
            self._lease, self._beats, self._idle = extend, 0, False
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="heart-beat", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._lease = None

    def _run(self) -> None:
        while True:
            time.sleep(states.lease().total_seconds() / 3)
            with self._lock:
                if self._lease is not None:
                    self._extend(self._lease)
                elif self._idle:
                    self._thread = None
                    return
                else:
                    self._idle = True

    def _extend(self, extend: Callable[[], bool]) -> None:
        self._beats += 1
        try:
            if self._beats <= MOST_BEATS and extend():
                self._beat()
            else:
                self._lease = None
        except DatabaseError:
            logger.warning("heart_beat_failed")
        finally:
            connection.close()


def _is_of_the_box(error: BaseException | None) -> bool:
    """Whether a box failed, which kinds report as `Broken` with the box's error as its cause."""
    return error is not None and (isinstance(error, BoxBroken) or _is_of_the_box(error.__cause__))


def _told(error: Exception) -> str:
    """What an operator reads in the grading run."""
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
