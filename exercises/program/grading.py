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
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from exercises.program.checker import Check, Checker, ReplyTooLarge
from exercises.program.inside.readable import cut
from exercises.program.learner import Conversation, Learner
from exercises.seeds import derived
from exercises.types import CheckResult, Feedback, Json, Outcome, Text, Tools, Verdict
from sandbox.types import Boxes, Cause, Limits, Raised, Stopped

OUTCOMES = {
    Cause.TIMEOUT: Outcome.TIME,
    Cause.CPU: Outcome.TIME,
    Cause.MEMORY: Outcome.MEMORY,
    Cause.OUTPUT: Outcome.OUTPUT,
    Cause.CRASHED: Outcome.CRASHED,
    Cause.EXITED: Outcome.EXITED,
    Cause.BAD_REPLY: Outcome.CRASHED,
}
ENDINGS: Mapping[Cause, Text] = {
    Cause.TIMEOUT: {
        "en": "Your program took too long. Is there a loop that never ends?",
        "zh-hans": "你的程序运行时间过长。是否有不会结束的循环？",
    },
    Cause.MEMORY: {
        "en": "Your program used too much memory.",
        "zh-hans": "你的程序使用了过多内存。",
    },
    Cause.OUTPUT: {"en": "Your program printed too much.", "zh-hans": "你的程序输出了过多内容。"},
    Cause.CRASHED: {
        "en": "Your program crashed.",
        "zh-hans": "你的程序崩溃了。",
    },
    Cause.EXITED: {
        "en": "Your program ended itself. Return a value instead of calling exit.",
        "zh-hans": "你的程序自行退出了。请返回值，不要调用 exit。",
    },
    Cause.BAD_REPLY: {
        "en": "Your program returned something that is too large, or that is no value.",
        "zh-hans": "你的程序返回的内容过大，或者不是一个值。",
    },
}
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
    files: Mapping[str, str],
    main: str,
    limits: Limits,
    values: Mapping[str, Json],
    seed: int,
    tools: Tools,
    boxes: Boxes,
) -> Verdict:
    """The verdict on `files`. Raises Broken and BoxBroken."""
    inputs_seed = derived(f"{seed}:{digest(files)}")
    with Checker(boxes, checks) as checker:
        selected = [
            check for check in checker.checks() if not (tools.visible_only and check.hidden)
        ]
        learner = Learner(boxes, files, main, limits)
        try:
            failed = load_failure(learner)
            if failed is not None:
                results = [failed, *map(not_run, selected)]
                return verdict_of(results, (), learner, learner.printed())
            session = Session(checker, learner, dict(values), inputs_seed)
            visible = {check.key: session.run(check) for check in selected if not check.hidden}
            printed = learner.printed()
            hidden = {check.key: session.run(check) for check in selected if check.hidden}
            ran = {**visible, **hidden}
            results = [ran[check.key] for check in selected]
            learner.close()  # what it used is known only now
            return verdict_of(results, session.misconceptions, learner, printed)
        finally:
            learner.close()


def digest(files: Mapping[str, str]) -> str:
    """Of a submission's files: another text gets other hidden inputs, the same text the same."""
    return hashlib.sha256(json.dumps(dict(files), sort_keys=True).encode()).hexdigest()


def load_failure(learner: Learner) -> CheckResult | None:
    """What is wrong with a program that cannot be loaded, before any check is run."""
    try:
        raised = learner.load()
    except Stopped as stopped:
        return CheckResult(
            "load", OUTCOMES[stopped.cause], 0.0, 0.0, LOADING, message=ending(stopped)
        )
    if raised is None:
        return None
    message = both(f"{raised.type_name}: {raised.message}")
    return CheckResult(
        "load",
        Outcome.ERROR,
        0.0,
        0.0,
        LOADING,
        message=message,
        file=raised.file,
        line=raised.line,
    )


def not_run(check: Check) -> CheckResult:
    return CheckResult(
        check.key, Outcome.NOT_RUN, check.points, 0.0, check.title, hidden=check.hidden
    )


def verdict_of(
    results: Sequence[CheckResult], misconceptions: Sequence[str], learner: Learner, output: str
) -> Verdict:
    """The share of the points. A program that earned none has the outcome of its first failure."""
    points = sum(result.points for result in results)
    score = sum(result.earned for result in results) / points if points else 0.0
    failures = [result.outcome for result in results if result.outcome is not Outcome.PASSED]
    if not failures and results:
        outcome = Outcome.PASSED
    else:
        outcome = Outcome.PARTLY if score else next(iter(failures), Outcome.NOT_RUN)
    return Verdict(
        outcome,
        score,
        tuple(results),
        tuple(Feedback({}, key) for key in dict.fromkeys(misconceptions)),
        output,
        learner.cpu_seconds * 1000,
        learner.memory_bytes,
    )


class Session:
    """The checks of one submission, one after the other."""

    def __init__(
        self, checker: Checker, learner: Learner, values: dict[str, Json], seed: int
    ) -> None:
        self._checker = checker
        self._learner = learner
        self._values = values
        self._seed = seed
        self.misconceptions: list[str] = []

    def run(self, check: Check) -> CheckResult:
        """Run one check, in a fresh box if the last one ended."""
        if self._learner.exhausted:
            return not_run(check)
        failed = load_failure(self._learner)
        if failed is not None:
            return result_of(
                check, failed.outcome, message=failed.message, file=failed.file, line=failed.line
            )
        talk = Conversation()
        try:
            said = self._checker.run(
                check, self._values, self._seed, lambda asked: self._learner.answer(asked, talk)
            )
        except ReplyTooLarge:
            stopped = Stopped(Cause.BAD_REPLY)
            return result_of(check, OUTCOMES[stopped.cause], talk, message=ending(stopped))
        if misconception := said.get("misconception"):
            self.misconceptions.append(str(misconception))
        return result_from(check, said, talk)


def result_from(check: Check, said: Mapping[str, Any], talk: Conversation) -> CheckResult:
    """The result of a check out of what `judge.run` says and what we saw."""
    if talk.stopped is not None:
        return result_of(check, OUTCOMES[talk.stopped.cause], talk, message=ending(talk.stopped))
    if said["outcome"] == "passed":
        return result_of(check, Outcome.PASSED, talk, said)
    if said["outcome"] == "raised":
        question, raised = talk.raised[said["number"]]
        missing = question.owner is None and raised.line is None
        if missing and raised.type_name == "AttributeError":
            message = lacking(question.name)
        else:
            message = error_message(raised, hidden=check.hidden)
        return result_of(
            check, Outcome.ERROR, talk, message=message, file=raised.file, line=raised.line
        )
    if said["outcome"] == "unusable":
        why = "" if check.hidden else f": {said['why']}"
        message = {language: f"{text}{why}" for language, text in UNUSABLE.items()}
        return result_of(check, Outcome.WRONG, talk, message=message)
    return result_of(check, Outcome.WRONG, talk, said, message=said["message"])


def result_of(
    check: Check,
    outcome: Outcome,
    talk: Conversation | None = None,
    said: Mapping[str, Any] | None = None,
    *,
    message: Text | None = None,
    file: str = "",
    line: int | None = None,
) -> CheckResult:
    """A result in which a hidden check shows neither calls nor values."""
    called = got = expected = ""
    if talk is not None and not check.hidden:
        called = talk.called()
        got = (said or {}).get("got", "") or talk.came_back()
        expected = (said or {}).get("expected", "")
    return CheckResult(
        key=check.key,
        outcome=outcome,
        points=check.points,
        earned=check.points if outcome is Outcome.PASSED else 0.0,
        title=check.title,
        hidden=check.hidden,
        called=called,
        got=got,
        expected=expected,
        message=message or {},
        file=file,
        line=line,
        milliseconds=None if talk is None else round(talk.milliseconds, 2),
    )


def ending(stopped: Stopped) -> Text:
    cause = Cause.TIMEOUT if stopped.cause is Cause.CPU else stopped.cause
    return ENDINGS[cause]


def lacking(name: str) -> Text:
    """The author's name for a function that the learner has not written."""
    return {"en": f"Your program has no {name}.", "zh-hans": f"你的程序里没有 {name}。"}


def error_message(raised: Raised, *, hidden: bool) -> Text:
    if not hidden:
        return both(f"{raised.type_name}: {raised.message}")
    known = raised.type_name in EXCEPTIONS
    return {
        language: text.format(name=raised.type_name if known else OTHER_NAME[language])
        for language, text in HIDDEN_ERROR.items()
    }


def both(text: str) -> Text:
    """What Python itself says is the same in every language."""
    return dict.fromkeys(("en", "zh-hans"), cut(text, 500))
