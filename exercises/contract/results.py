"""What becomes of each check, and what learners may see of it.

Of a hidden check they see its title, its outcome and what its author says, and no transaction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chains.types import Diagnostic, Status, Transaction
from exercises.contract.conditions import Difference
from exercises.contract.plan import Check, Step
from exercises.texts import fill_plain
from exercises.types import CheckResult, Feedback, Json, Outcome, Text, Verdict
from sandbox.types import Cause, Stopped

PLACE = re.compile(r"\((?P<file>[\w./-]+):(?P<line>\d+)\)$")
MAX_DIAGNOSTICS = 20
LONGEST_ARGUMENT = 60
"""Characters of an argument that a line shows."""
COMPILING: Text = {"en": "Compiling your contract", "zh-hans": "编译你的合约"}
TOO_LONG: Text = {
    "en": "Your contract took too long. Is there a loop that never ends?",
    "zh-hans": "你的合约运行时间过长。是否有不会结束的循环？",
}
COMPILER_TOO_LONG: Text = {
    "en": "Compiling your contract took too long.",
    "zh-hans": "编译你的合约用时过长。",
}
STOPS: Mapping[Cause, tuple[Outcome, Text]] = {
    Cause.TIMEOUT: (Outcome.TIME, TOO_LONG),
    Cause.CPU: (Outcome.TIME, TOO_LONG),
    Cause.MEMORY: (
        Outcome.MEMORY,
        {"en": "Your contract used too much memory.", "zh-hans": "你的合约使用了过多内存。"},
    ),
    Cause.OUTPUT: (
        Outcome.OUTPUT,
        {"en": "Your contract printed too much.", "zh-hans": "你的合约输出了过多内容。"},
    ),
}
CRASHED: tuple[Outcome, Text] = (
    Outcome.CRASHED,
    {"en": "Your contract ended the ledger it ran on.", "zh-hans": "你的合约使账本停止运行。"},
)
NOT_INSTALLED: Text = {
    "en": "Your contract could not be installed: {message}",
    "zh-hans": "你的合约无法安装：{message}",
}
NOT_INSTALLED_HIDDEN: Text = {
    "en": "Your contract could not be installed here. This check is hidden.",
    "zh-hans": "你的合约在这里无法安装。本检查为隐藏检查。",
}
BROKE_HIDDEN: Text = {
    "en": "Your contract broke here. This check is hidden, so no more is shown.",
    "zh-hans": "你的合约在这里出错。本检查为隐藏检查，不显示更多信息。",
}
NOTHING_HAPPENED: Text = {
    "en": "No call succeeded that this could hold for.",
    "zh-hans": "没有成功的调用，因此无法判断本项。",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What came out of one check, before what is hidden is left out."""

    outcome: Outcome
    called: str = ""
    difference: Difference | None = None
    transaction: str = ""
    """`scenario/ledger/number`."""
    said: Text = field(default_factory=dict)
    """What the contract or we say; a hidden check shows `said_hidden` instead."""
    said_hidden: Text = field(default_factory=dict)
    file: str = ""
    line: int | None = None


NOT_RUN = Finding(Outcome.NOT_RUN)


def result_of(check: Check, finding: Finding, values: Mapping[str, Json]) -> CheckResult:
    """The author's message is shown where the check was run and failed; else what `said` says, in
    which no value is filled in: it may be the contract's own words."""
    passed = finding.outcome is Outcome.PASSED
    told = finding.said_hidden if check.hidden else finding.said
    if finding.outcome in (Outcome.WRONG, Outcome.ERROR) and check.message:
        told = filled(check.message, values)
    difference = finding.difference
    seen = not check.hidden
    return CheckResult(
        key=check.key,
        outcome=finding.outcome,
        points=check.points,
        earned=check.points if passed else 0.0,
        title=filled(check.title, values),
        hidden=check.hidden,
        called=finding.called if seen else "",
        got=difference.got if difference and seen else "",
        expected=difference.expected if difference and seen else "",
        message=told,
        file=finding.file if seen else "",
        line=finding.line if seen else None,
        transaction=finding.transaction if seen else "",
    )


def filled(text: Text, values: Mapping[str, Json]) -> Text:
    return {language: fill_plain(words, values) for language, words in text.items()}


def stopped(stop: Stopped, called: str = "") -> Finding:
    """The learner's code ran over a limit."""
    outcome, message = STOPS.get(stop.cause, CRASHED)
    return Finding(outcome, called, said=message, said_hidden=message)


def failed(
    difference: Difference, step_called: str, one: Transaction, place: str, own: Collection[str]
) -> Finding:
    """A transaction that is not as expected; it broke by itself where it was trapped."""
    trapped = one.status in (Status.TRAPPED, Status.EXHAUSTED)
    found = PLACE.search(one.message) if trapped else None
    here = found is not None and found["file"] in own
    return Finding(
        Outcome.ERROR if trapped else Outcome.WRONG,
        step_called,
        difference,
        place,
        in_both_languages(one.message) if trapped else {},
        BROKE_HIDDEN if trapped else {},
        found["file"] if found and here else "",
        int(found["line"]) if found and here else None,
    )


def not_installed(one: Transaction, place: str) -> Finding:
    """Everything in a scenario whose contract could not be installed."""
    said = {language: text.format(message=one.message) for language, text in NOT_INSTALLED.items()}
    return Finding(Outcome.ERROR, transaction=place, said=said, said_hidden=NOT_INSTALLED_HIDDEN)


def not_compiled(
    diagnostics: Sequence[Diagnostic], checks: Iterable[Check], values: Mapping[str, Json]
) -> Verdict:
    """One result for each error of the compiler, and the checks that could not be run."""
    errors = [one for one in diagnostics if one.severity == "error"] or list(diagnostics)
    errors = errors or [Diagnostic("error", "not compiled")]
    results = [
        CheckResult(
            key="compile" if number == 1 else f"compile-{number}",
            outcome=Outcome.ERROR,
            points=0.0,
            earned=0.0,
            title=COMPILING,
            message=in_both_languages(error.message),
            file=error.file,
            line=error.line,
        )
        for number, error in enumerate(errors[:MAX_DIAGNOSTICS], 1)
    ]
    results += [result_of(check, NOT_RUN, values) for check in checks]
    return Verdict(Outcome.ERROR, 0.0, tuple(results))


def compiler_stopped(stop: Stopped, checks: Iterable[Check], values: Mapping[str, Json]) -> Verdict:
    outcome = STOPS.get(stop.cause, CRASHED)[0]
    message = COMPILER_TOO_LONG if outcome is Outcome.TIME else in_both_languages(str(stop))
    compiling = CheckResult("compile", outcome, 0.0, 0.0, COMPILING, message=message)
    rest = [result_of(check, NOT_RUN, values) for check in checks]
    return Verdict(outcome, 0.0, (compiling, *rest))


def verdict_of(
    results: Sequence[CheckResult],
    misconceptions: Iterable[str],
    transcripts: Sequence[Mapping[str, Json]],
    output: str,
) -> Verdict:
    """The share of the points. What earned none has the outcome of its first failure."""
    points = sum(result.points for result in results)
    score = sum(result.earned for result in results) / points if points else 0.0
    failures = [result.outcome for result in results if result.outcome is not Outcome.PASSED]
    if results and not failures:
        outcome, score = Outcome.PASSED, 1.0
    else:
        outcome = Outcome.PARTLY if score else next(iter(failures), Outcome.NOT_RUN)
    feedback = tuple(Feedback({}, key) for key in dict.fromkeys(misconceptions))
    return Verdict(outcome, score, tuple(results), feedback, output, transcripts=tuple(transcripts))


def called(step: Step, args: Mapping[str, str]) -> str:
    """A step as one line, as in `plant: record(asset = "w1", kg = "12")`."""
    where = f"{step.by}: " if step.by else ""
    if step.act in ("freeze", "unfreeze", "revoke", "relay"):
        return f"{where}{step.act} {step.contract}"
    given = ", ".join(f'{name} = "{short(value)}"' for name, value in args.items())
    name = step.method if step.act in ("call", "query") else f"{step.act} {step.contract}"
    return f"{where}{name}({given})"


def short(value: str) -> str:
    """A value that fits into a line: proofs are long."""
    return value if len(value) <= LONGEST_ARGUMENT else f"{value[:LONGEST_ARGUMENT]}…"


def in_both_languages(text: str) -> Text:
    """What an engine says is the same in every language."""
    return {"en": text, "zh-hans": text}
