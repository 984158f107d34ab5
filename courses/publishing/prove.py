"""Proof of every exercise, with its real kind and in the real box, before anybody meets it.

For several seeds: the solution scores 1, the starter and every known mistake less; all texts fill;
nothing that a page is told gives the answer away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from courses.publishing.faults import Faults
from courses.publishing.ready import ReadyExercise
from exercises.registry import KINDS, solutions_of
from exercises.texts import PLACEHOLDER, fill
from exercises.types import (
    Answer,
    Broken,
    CheckResult,
    Kind,
    Spec,
    Tools,
    Unreadable,
    Variant,
    Verdict,
)
from sandbox.types import BoxBroken

SEEDS = 5
SLOW_SEEDS = 3
"""Programs are slower to grade; their hidden checks draw many inputs from one seed anyway."""

_SECRET_KEYS = frozenset(
    {"answer", "accept", "patterns", "correct", "solution", "wrong", "checks", "feedback"}
    | {"misconception", "misconception_of", "tolerance"}
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried of one exercise. `answers`: how many were graded."""

    exercise: str
    kind: str
    seeds: int
    answers: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"exercise {self.exercise}: proved, {self.kind}, {self.seeds} seeds, "
            f"{self.answers} answers, {self.seconds:.2f} s"
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """One answer that was graded. `verdict` is None where it could not be: `error` says why."""

    name: str
    seed: int
    answer: Answer
    is_solution: bool
    verdict: Verdict | None
    error: str = ""

    @property
    def holds(self) -> bool:
        """A solution scores 1, and everything else less."""
        return self.verdict is not None and (self.verdict.score >= 1) == self.is_solution


Tell = Callable[[Tried], None]
"""Hears of every answer right after it was graded."""


def prove(
    exercise: ReadyExercise, tools: Tools, faults: Faults, tell: Tell = lambda _tried: None
) -> Proof:
    """Prove one exercise; whatever does not hold is noted."""
    started = time.monotonic()
    kind = KINDS[exercise.files.kind]
    trial = _Trial(exercise, kind, tools, faults, tell)
    seeds = range(1, 1 + (SLOW_SEEDS if kind.slow else SEEDS))
    for seed in seeds:
        trial.run(seed)
    return Proof(
        exercise.files.key,
        exercise.files.kind,
        len(seeds),
        trial.answers,
        time.monotonic() - started,
    )


class _Trial:
    def __init__(
        self, exercise: ReadyExercise, kind: Kind, tools: Tools, faults: Faults, tell: Tell
    ) -> None:
        self.exercise = exercise
        self.tell = tell
        self.spec: Spec = exercise.spec  # type: ignore[assignment]  # it came from TOML: it is JSON
        self.kind = kind
        self.tools = tools
        self.faults = faults
        self.answers = 0

    def run(self, seed: int) -> None:
        try:
            variant = self.kind.vary(self.spec, seed)
            if self.kind.vary(self.spec, seed) != variant:
                self._fault(f"Seed {seed} gives different variants at different times.")
            solutions = solutions_of(self.kind, self.spec, variant)
            mistakes = self.kind.wrong(self.spec, variant)
        except Broken as error:
            self._fault(f"Seed {seed} gives no variant: {error}")
            return
        self._check_texts(variant)
        self._check_page(variant)
        if not solutions:
            self._fault("There is no solution to prove.")
        for name, answer in solutions.items():
            verdict = self._grade(variant, answer, name, is_solution=True)
            if verdict and verdict.score < 1:
                self._fault(
                    f"The solution scores {verdict.score:.2f} and not 1 (seed {seed}). "
                    + _first_failure(verdict),
                    name,
                )
        if not mistakes:
            self._fault("There is no wrong answer to prove.")
        for name, answer in mistakes.items():
            verdict = self._grade(variant, answer, name, is_solution=False)
            if verdict and verdict.score >= 1:
                self._fault(f"The wrong answer `{name}` scores 1 (seed {seed}).", name)

    def _grade(
        self, variant: Variant, answer: Answer, name: str, *, is_solution: bool
    ) -> Verdict | None:
        self.answers += 1
        try:
            verdict = self.kind.grade(self.spec, variant, answer, self.tools)
        except (Broken, BoxBroken, Unreadable) as error:
            why = str(error) or type(error).__name__
            self._fault(f"`{name}` cannot be graded (seed {variant.seed}): {why}", name)
            self.tell(Tried(name, variant.seed, answer, is_solution, None, why))
            return None
        self.tell(Tried(name, variant.seed, answer, is_solution, verdict))
        return verdict

    def _check_texts(self, variant: Variant) -> None:
        hints = self.exercise.content["hints"]
        statement = self.exercise.content["statement"]
        assert isinstance(hints, list)
        for text in [statement, *(hint["text"] for hint in hints)]:
            for language, html in text.items():
                if left := PLACEHOLDER.search(fill(html, variant.values)):
                    self._fault(f"`{left[0]}` has no value in `{language}` (seed {variant.seed}).")

    def _check_page(self, variant: Variant) -> None:
        """What the page of a learner who has not answered yet is told."""
        page = self.kind.show(self.spec, variant, None)
        for path, key, leaf in _leaves(page):
            if key in _SECRET_KEYS:
                self._fault(f"The page is told `{path}`: this gives the answer away.")
            elif key in {"value", "chosen"} and leaf:
                self._fault(f"The page is told `{path}` before anything was answered.")
            elif isinstance(leaf, str) and not path.startswith("files"):
                if left := PLACEHOLDER.search(leaf):
                    self._fault(f"`{left[0]}` has no value in `{path}` (seed {variant.seed}).")
            elif isinstance(leaf, str) and leaf in self._hidden_files():
                self._fault(f"The page is told `{path}`: this is the solution or its checks.")

    def _hidden_files(self) -> set[str]:
        """Texts of a program or contract that no page may hold."""
        if not self.kind.slow:
            return set()
        solution, starter = (
            {str(leaf) for _, _, leaf in _leaves(self.spec.get(part))}
            for part in ("solution", "starter")
        )
        checks = self.spec.get("checks")
        return (solution - starter) | ({checks} if isinstance(checks, str) else set())

    def _fault(self, message: str, name: str = "") -> None:
        """Note a fault at the file of an answer, or at the exercise."""
        files = self.exercise.files
        for path in (f"spec.{name}", f"spec.wrong.{name}"):
            if name and path in files.companions:
                self.faults.add(files.companions[path], 1, message)
                return
        self.faults.add(files.document.file, files.document.line("spec"), message)


def first_failed(verdict: Verdict) -> CheckResult | None:
    """The first check that did not earn all its points."""
    return next((check for check in verdict.checks if check.earned < check.points), None)


def _first_failure(verdict: Verdict) -> str:
    check = first_failed(verdict)
    if check is not None:
        said = check.message.get("en") or check.got or check.outcome.value
        return f"First failing check: `{check.key}`: {said}"
    return f"Outcome: {verdict.outcome.value}."


def _leaves(value: object, path: str = "", key: str = "") -> Iterator[tuple[str, str, object]]:
    """Every value in nested tables and lists, with its path and the last name in that path."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name), str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]", key)
    else:
        yield path, key, value
