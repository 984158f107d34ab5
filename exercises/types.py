"""The words in which kinds of exercise talk to the rest of the product.

A kind is pure: it sees no request, no model and no database, and mutates nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from chains.types import Engine
from sandbox.types import Boxes

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Spec = Mapping[str, Json]
"""The author's `[spec]` table of exercise.toml, plus `vary` and program files from the loader."""

Text = Mapping[str, str]
"""One text in several languages: language code → text. Codes are Django's: `en`, `zh-hans`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with what an author wrote."""

    path: str
    """Where in exercise.toml, as in `spec.options[2].text` or `vary.n`. '' for the whole."""
    message: str
    """A sentence that says what to do about it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An exercise made concrete by a learner's seed. A function of (spec, seed) alone."""

    seed: int
    values: Mapping[str, Json] = field(default_factory=dict)
    """The named values of `[vary]`, in the author's order. Strings, numbers, booleans, lists."""
    order: Sequence[int] = ()
    """The order in which options are shown, as indexes into the author's order. May be empty."""


Answer = Mapping[str, Json]
"""What the learner handed in, in the kind's own shape. It is stored as it is."""


class Outcome(StrEnum):
    """What became of one check, or of a whole submission."""

    PASSED = "passed"
    PARTLY = "partly"
    WRONG = "wrong"
    ERROR = "error"
    """The learner's code raised an exception."""
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    EXITED = "exited"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of a verdict: one test of a program, one row of a matching, one gap of a cloze.

    What is hidden from learners (`called`, `got`, `expected` of a hidden check) is left
    empty here already, so that no later layer can leak it.
    """

    key: str
    outcome: Outcome
    points: float
    earned: float
    title: Text = field(default_factory=dict)
    hidden: bool = False
    called: str = ""
    got: str = ""
    expected: str = ""
    message: Text = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    milliseconds: float | None = None
    transaction: str = ""
    """`scenario/ledger/number` of the transaction that it judges; "" where there is none, or
    where it is hidden."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A remark that teaches: the author's text, and the misconception that it answers."""

    text: Text
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a kind says of an answer. `score` is a share of the points, 0 to 1, before policy."""

    outcome: Outcome
    score: float
    checks: tuple[CheckResult, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    output: str = ""
    """What the program printed while *visible* checks ran."""
    cpu_ms: float | None = None
    memory_bytes: int | None = None
    transcripts: tuple[Mapping[str, Json], ...] = ()
    """What happened on the ledgers of *visible* scenarios, each as
    `{"scenario": key, "title": text, "transcript": chains.transcripts.to_json(…)}`; with several
    ledgers also `"order"`: ledger and number of each transaction as they happened. `"other"` is
    what another profile made of it, see `exercises.contract.profiles`."""


class Unreadable(Exception):
    """The answer cannot be read (empty, malformed, too long). No try is charged.

    `message` is shown to the learner, in every language that we have.
    """

    def __init__(self, message: Text) -> None:
        super().__init__(message.get("en", ""))
        self.message = message


class Broken(Exception):
    """Grading failed by our fault or the author's: never the learner's. No try is charged."""


class Engines(Protocol):
    """Opens engines by name and keeps them open. One per worker process."""

    def engine(self, name: str) -> Engine:
        """Raises `KeyError` for a name that no engine has."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a slow kind may use to grade."""

    boxes: Boxes | None = None
    visible_only: bool = False
    """True for *Run*: hidden checks are neither run nor reported."""
    engines: Engines | None = None


class Kind(Protocol):
    """A kind of exercise. One more touches its module, the registry, one template, one test."""

    name: ClassVar[str]
    slow: ClassVar[bool]
    """True: graded by a worker, in a box. False: graded in the request."""

    def check(self, spec: Spec) -> list[Problem]:
        """At publish: everything that is wrong with the spec, unknown keys included."""

    def vary(self, spec: Spec, seed: int) -> Variant:
        """The variant of this seed. Deterministic: a function of its arguments alone."""

    def read(self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]) -> Answer:
        """The answer in a posted form (name → values, as QueryDict.lists). Raises `Unreadable`."""

    def grade(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        """The verdict. Raises `Broken`, and `Unavailable` where no box may be opened."""

    def show(self, spec: Spec, variant: Variant, answer: Answer | None) -> dict[str, object]:
        """Context for templates/exercises/<name>.html: an allow-list that holds no answer key.

        `answer` is the learner's latest answer, to be shown again, or None.
        """

    def solution(self, spec: Spec, variant: Variant) -> Answer | None:
        """A right answer, for proving at publish and for *reveal*. None where none is stored."""

    def wrong(self, spec: Spec, variant: Variant) -> Mapping[str, Answer]:
        """Answers that must score below 1, by name: starter, each `wrong-*`, each distractor."""


@runtime_checkable
class Multilingual(Protocol):
    """A kind whose exercises have a solution in each of several languages."""

    def solutions(self, spec: Spec) -> dict[str, Answer]:
        """By a name such as `solution.go`. Each of them must be proved."""


@runtime_checkable
class Playable(Protocol):
    """A kind whose exercises can be tried by hand in a worker, without being judged."""

    def read_play(
        self, spec: Spec, variant: Variant, posted: Mapping[str, Sequence[str]]
    ) -> Answer:
        """The answer in a posted form, and what to do with it. Raises `Unreadable`."""

    def play(self, spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
        """What happened. Raises `Broken`, and `Unavailable` where it may not be run."""
