"""A program judged: the checks that are run, what became of each, and what learners may see of it.

Visible checks run before hidden ones, each group in the author's order. A program can keep what it
was given, so nothing that is shown (prints, values and exceptions of visible checks) may come from
a time after its first hidden input.

Of a hidden check a learner sees its title, its outcome, what its author says, and of an
exception the place and, for Python's own exceptions, the name. The message and the names of
other exceptions can hold the hidden input.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exercises.program.checker import Check, listed, run_checks
from exercises.program.endings import NOT_RUN, Ending, in_both_languages
from exercises.program.learner import Conversation, Learner, Question, understood
from exercises.seeds import derived
from exercises.types import CheckResult, Feedback, Json, Outcome, Text, Tools, Verdict
from sandbox.types import Boxes, Raised, Value

LOADING: Text = {"en": "Loading your program", "zh-hans": "载入你的程序"}
HIDDEN_ERROR: Text = {
    "en": "Your program raised {name} here. This check is hidden, so no more is shown.",
    "zh-hans": "你的程序在这里引发了 {name}。本检查为隐藏检查，不显示更多信息。",
}
OTHER_NAME: Text = {"en": "an exception", "zh-hans": "一个异常"}
UNUSABLE: Text = {
    "en": "The check could not use what your program returned",
    "zh-hans": "检查无法使用你的程序返回的内容",
}
EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


def judge(
    checks: str,
    learner: Learner,
    values: Mapping[str, Json],
    seed: int,
    tools: Tools,
    boxes: Boxes,
) -> Verdict:
    """The verdict on the learner's program. Raises Broken and BoxBroken."""
    session = Session(learner, visible_only=tools.visible_only)
    inputs_seed = derived(f"{seed}:{learner.digest()}")
    try:
        said = run_checks(boxes, checks, values, inputs_seed, session.answer)
        output = session.output()
    finally:
        learner.close()  # what it used is known only now
    results = session.results(said)
    misconceptions = [told["misconception"] for told in said if told.get("misconception")]
    return verdict_of(results, misconceptions, learner, output)


class Session:
    """The checks of one submission, from the checker's first question to the last."""

    def __init__(self, learner: Learner, *, visible_only: bool) -> None:
        self._learner = learner
        self._visible_only = visible_only
        self._checks: list[Check] = []
        self._running: list[Check] = []
        """In the order in which they are run."""
        self._failure: Ending | None = None
        """Why the program could not be loaded at all."""
        self._talks: dict[str, Conversation] = {}
        self._output: str | None = None

    def answer(self, asked: Value) -> Value:
        """The answer to one question of the checker. Raises Broken."""
        checks = listed(asked)
        if checks is not None:
            return ("run", self._choose(checks))
        key, question = understood(asked)
        if key not in self._talks:
            self._talks[key] = self._begin(key)
        return self._learner.answer(question, self._talks[key])

    def output(self) -> str:
        """What was printed before the first hidden check asked for anything."""
        return self._learner.printed() if self._output is None else self._output

    def results(self, said: Sequence[Mapping[str, Any]]) -> list[CheckResult]:
        """What became of each check, in the author's order; of the loading, where it failed."""
        if self._failure is not None:
            loading = Check("load", LOADING, 0.0, hidden=False)
            ends = [(loading, self._failure), *((check, NOT_RUN) for check in self._checks)]
            return [result(check, end) for check, end in ends]
        results = {
            check.key: result_from(check, told, self._talks.get(check.key, Conversation()))
            for check, told in zip(self._running, said, strict=True)
        }
        return [results[check.key] for check in self._checks]

    def _choose(self, checks: Sequence[Check]) -> list[Value]:
        self._checks = [check for check in checks if not (self._visible_only and check.hidden)]
        self._failure = self._learner.load()
        if self._failure is None:
            self._running = sorted(self._checks, key=lambda check: check.hidden)
        return [check.key for check in self._running]

    def _begin(self, key: str) -> Conversation:
        """The start of a check, in a fresh box if the last one has ended."""
        hidden = any(check.hidden for check in self._running if check.key == key)
        if hidden and self._output is None:
            self._output = self._learner.printed()
        ended = NOT_RUN if self._learner.exhausted else self._learner.load()
        return Conversation(ended=ended)


def verdict_of(
    results: Sequence[CheckResult], misconceptions: Iterable[str], learner: Learner, output: str
) -> Verdict:
    """The share of the points. A program that earned none has the outcome of its first failure."""
    points = sum(result.points for result in results)
    score = sum(result.earned for result in results) / points if points else 0.0
    failures = [result.outcome for result in results if result.outcome is not Outcome.PASSED]
    if results and not failures:
        outcome = Outcome.PASSED
    else:
        outcome = Outcome.PARTLY if score else next(iter(failures), Outcome.NOT_RUN)
    return Verdict(
        outcome,
        score,
        tuple(results),
        tuple(Feedback({}, key) for key in dict.fromkeys(misconceptions)),
        output,
        round(learner.cpu_seconds * 1000, 2),
        learner.memory_bytes,
    )


def result_from(check: Check, told: Mapping[str, Any], talk: Conversation) -> CheckResult:
    """The result of a check out of what `judge` tells and what we saw."""
    if talk.ended is not None:
        return result(check, talk.ended, talk)
    if told["outcome"] == "raised":
        return result(check, error_ending(check, *talk.raised[told["number"]]), talk)
    if told["outcome"] == "unusable":
        why = "" if check.hidden else f": {told['why']}"
        message = {language: f"{text}{why}" for language, text in UNUSABLE.items()}
        return result(check, Ending(Outcome.WRONG, message), talk)
    outcome = Outcome.PASSED if told["outcome"] == "passed" else Outcome.WRONG
    return result(check, Ending(outcome, told.get("message", {})), talk, told)


def error_ending(check: Check, question: Question, raised: Raised) -> Ending:
    """An exception in the learner's program, or what it lacks."""
    nowhere = question.owner is None and raised.line is None
    if nowhere and raised.type_name == "AttributeError":
        message: Text = {
            "en": f"Your program has no {question.name}.",
            "zh-hans": f"你的程序里没有 {question.name}。",
        }
    elif not check.hidden:
        message = in_both_languages(f"{raised.type_name}: {raised.message}")
    else:
        known = raised.type_name in EXCEPTIONS
        message = {
            language: text.format(name=raised.type_name if known else OTHER_NAME[language])
            for language, text in HIDDEN_ERROR.items()
        }
    return Ending(Outcome.ERROR, message, raised.file, raised.line)


def result(
    check: Check,
    end: Ending,
    talk: Conversation | None = None,
    told: Mapping[str, Any] | None = None,
) -> CheckResult:
    """A result, in which a hidden check shows neither calls nor values."""
    called = got = expected = ""
    if talk is not None and not check.hidden:
        called = talk.called()
        got = (told or {}).get("got") or talk.came_back()
        expected = (told or {}).get("expected", "")
    return CheckResult(
        key=check.key,
        outcome=end.outcome,
        points=check.points,
        earned=check.points if end.outcome is Outcome.PASSED else 0.0,
        title=check.title,
        hidden=check.hidden,
        called=called,
        got=got,
        expected=expected,
        message=end.message,
        file=end.file,
        line=end.line,
        milliseconds=None if talk is None else round(talk.milliseconds, 2),
    )
