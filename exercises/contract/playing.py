"""The playground: a learner calls the contract by hand, as any identity of the exercise.

A play is a list of calls on fresh ledgers, the contract installed first as in the first visible
scenario. Nothing is judged. Each further call is a new play with one call more: the ledgers are
functions of seed and calls, so that nobody has to keep them open.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chains.types import NotCompiled
from exercises.contract import results
from exercises.contract.grading import digest_of, recorded, values_of
from exercises.contract.plan import RELAY, SUBMISSION, Plan, Scenario, Step, plan_of
from exercises.contract.stage import Build, Patience, Studio, profile_of
from exercises.texts import storable
from exercises.types import Answer, Broken, Outcome, Spec, Tools, Unreadable, Variant, Verdict
from sandbox.types import Stopped

MOST_CALLS = 40
LONGEST_CALL = 4_000
"""Characters of one call as JSON."""
SCENARIO = "playground"

TOO_MANY = {
    "en": f"{MOST_CALLS} calls are the most. Begin anew.",
    "zh-hans": f"最多 {MOST_CALLS} 次调用，请重新开始。",
}
NO_CALL = {"en": "This call cannot be made.", "zh-hans": "无法执行该调用。"}
TITLE = {"en": "Your own calls", "zh-hans": "你的调用"}


@dataclass(frozen=True, slots=True)
class Method:
    """What may be called, as the steps of visible scenarios show it."""

    ledger: str
    contract: str
    name: str
    arguments: tuple[str, ...]


def methods_of(spec: Spec) -> list[Method]:
    """The methods of visible steps, each with all the arguments that it is given anywhere."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for step in _visible_steps(plan_of(spec)):
        if step.act in ("call", "query"):
            arguments = found.setdefault((step.ledger, step.contract, step.method), {})
            arguments.update(dict.fromkeys(step.args))
    return [Method(*names, tuple(arguments)) for names, arguments in found.items()]


def read_calls(spec: Spec, posted: Sequence[str]) -> list[dict[str, Any]]:
    """The calls in a form: each a JSON object of kind, by, ledger, contract, method, args.

    Raises Unreadable for what no form of ours sends.
    """
    if len(posted) > MOST_CALLS:
        raise Unreadable(TOO_MANY)
    methods = {(one.ledger, one.contract, one.name) for one in methods_of(spec)}
    people = plan_of(spec).identities
    return [_read_call(text, methods, people) for text in posted]


def _read_call(
    text: str, methods: Collection[tuple[str, str, str]], people: Collection[str]
) -> dict[str, Any]:
    try:
        call: Any = json.loads(text) if len(text) <= LONGEST_CALL else None
    except (ValueError, RecursionError):
        call = None
    match call:
        case {
            "kind": "invoke" | "query" as kind,
            "by": str(by),
            "ledger": str(ledger),
            "contract": str(contract),
            "method": str(method),
            "args": dict(args),
        }:
            place = (ledger, contract, method)
            plain = all(isinstance(value, str) for value in args.values())
            plain = plain and storable(args) == args
            if by in people and place in methods and plain:
                return {
                    "kind": kind,
                    "by": by,
                    "ledger": ledger,
                    "contract": contract,
                    "method": method,
                    "args": args,
                }
    raise Unreadable(NO_CALL)


def play(spec: Spec, variant: Variant, answer: Answer, tools: Tools) -> Verdict:
    """What happened, in `Verdict.transcripts`; a compiler's complaints as in a grading. Raises
    Broken, and Unavailable and BoxBroken as engines do."""
    if tools.engines is None:
        raise Broken("a contract needs engines")
    made: Any = spec
    given: Any = answer
    files = {name: text for name, text in given["files"].items() if name != RELAY}
    engine = tools.engines.engine(made["engine"])
    plan = plan_of(spec)
    build = Build(engine, spec, given["language"], files)
    values = values_of(spec, variant, digest_of(given["language"], given["files"]))
    try:
        build.of(SUBMISSION)
    except NotCompiled as error:
        return results.not_compiled(error.diagnostics, [], values)
    except Stopped as stop:
        return results.compiler_stopped(stop, [], values)
    studio = Studio(engine, profile_of(spec), plan, build, values, Patience(), tools.boxes)
    return _played(studio, plan, variant.seed, given["calls"])


def _played(studio: Studio, plan: Plan, seed: int, calls: Sequence[Mapping[str, Any]]) -> Verdict:
    stopped = ""
    with studio.stage(seed) as stage:
        try:
            for step in _first_visible(plan).steps:
                if step.act != "install":
                    break
                stage.play(step)
            for call in calls:
                where = (call["ledger"], call["contract"], call["method"], call["args"])
                if call["kind"] == "query":
                    stage.query(*where, call["by"])
                else:
                    stage.invoke(*where, call["by"], 0)
        except Stopped as stop:
            stopped = str(stop)
        except ValueError as error:  # an argument that no ledger can take, as in an EVM's ABI
            stopped = str(error)
        told = recorded(SCENARIO, TITLE, stage.transcripts(), stage.order)
    return Verdict(Outcome.NOT_RUN, 0.0, output=stopped, transcripts=tuple(told))


def _first_visible(plan: Plan) -> Scenario:
    return next((one for one in plan.scenarios if not one.hidden), plan.scenarios[0])


def _visible_steps(plan: Plan) -> list[Step]:
    return [step for one in plan.scenarios if not one.hidden for step in one.steps]
