"""The same submission under the other profile of its engine: told beside the verdict.

What is told stands in the entry of each visible scenario, under `other`:

    {"profile": name, "transcript": chains.transcripts.to_json(…)}
    {"profile": name, "refused": [{"file": …, "line": …, "message": …}, …]}

Without a transcript it did not compile there. Nothing of it earns or costs a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chains.transcripts import bounded, to_json
from chains.types import Diagnostic, NotCompiled, Status
from exercises.contract.plan import SUBMISSION, Scenario
from exercises.contract.stage import Build, Studio
from exercises.types import Json, Spec
from sandbox.types import Stopped

MOST_BYTES = 128 << 10
"""Of one transcript as it is stored."""
MOST_REFUSED = 20


def compared(spec: Spec) -> str:
    """The profile that the author wants told beside the one that grades; "" for none."""
    made: Any = spec
    return str(made.get("compare", ""))


def under_other_profile(
    spec: Spec, studio: Studio, language: str, files: Mapping[str, str], seed: int
) -> dict[str, dict[str, Json]]:
    """Key of a visible scenario → what is told of it. Raises as `Build.of` does, but for what the
    learner's own code does."""
    profile = compared(spec)
    build = Build(studio.engine, {**spec, "profiles": [profile]}, language, files)
    shown = [scenario for scenario in studio.plan.scenarios if not scenario.hidden]
    try:
        build.of(SUBMISSION)
    except NotCompiled as error:
        refused = _refused(error.diagnostics)
        return {scenario.key: {"profile": profile, "refused": refused} for scenario in shown}
    except Stopped:
        return {}
    other = replace(studio, profile=profile, build=build)
    return {scenario.key: _run(other, scenario, seed) for scenario in shown}


def _refused(diagnostics: Sequence[Diagnostic]) -> list[Json]:
    return [
        {"file": one.file, "line": one.line, "message": one.message}
        for one in diagnostics[:MOST_REFUSED]
        if one.severity == "error"
    ]


def _run(studio: Studio, scenario: Scenario, seed: int) -> dict[str, Json]:
    """The steps of a scenario as far as they go: to its end, to a contract that is not installed,
    or to where the learner's code was stopped."""
    with studio.stage(seed) as stage:
        try:
            for step in scenario.steps:
                one = stage.play(step).transaction
                if step.act == "install" and one is not None and one.status is not Status.OK:
                    break
        except Stopped:
            pass
        transcript = stage.transcript(studio.plan.ledgers[0])
    return {"profile": studio.profile, "transcript": to_json(bounded(transcript, MOST_BYTES))}
