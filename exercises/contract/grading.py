"""A submission judged: compiled, its scenarios run, its laws judged; visible before hidden."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chains.transcripts import bounded, to_json
from chains.types import Artefact, NotCompiled, Status, Transcript
from exercises.budget import ExpressionError
from exercises.contract import results
from exercises.contract.conditions import (
    LONGEST,
    Difference,
    Seen,
    first_difference,
    relayed_as_wanted,
)
from exercises.contract.laws import Breach, first_breach, happened
from exercises.contract.plan import (
    RELAY,
    SUBMISSION,
    Check,
    Expectation,
    Law,
    Scenario,
    Step,
    plan_of,
)
from exercises.contract.profiles import compared, under_other_profile
from exercises.contract.results import NOT_RUN, Finding
from exercises.contract.stage import Build, Done, Patience, Stage, Studio, profile_of
from exercises.contract.walks import Walked, history_of, walk
from exercises.expressions import evaluate
from exercises.seeds import derived, stream
from exercises.types import Broken, Json, Outcome, Spec, Text, Tools, Variant, Verdict
from sandbox.types import Cause, Stopped

MOST_BYTES = 256 << 10
"""Of one transcript as it is stored."""
MAX_DEATHS = 3
"""After so many ledgers that the learner's code stopped nothing more is run."""


def judge(
    spec: Spec,
    variant: Variant,
    language: str,
    files: Mapping[str, str],
    tools: Tools,
    *,
    until_failure: bool = False,
) -> Verdict:
    """The verdict. Raises Broken, and Unavailable and BoxBroken as engines do.

    `until_failure`: nothing more is run once a check has failed: the score is 1, or it is less.
    """
    if tools.engines is None:
        raise Broken("a contract needs engines")
    made: Any = spec
    try:
        engine = tools.engines.engine(made["engine"])
    except KeyError as error:
        raise Broken(f"there is no engine {made['engine']}") from error
    plan = plan_of(spec)
    digest = digest_of(language, files)
    values = values_of(spec, variant, digest)
    checks = plan.checks(visible_only=tools.visible_only)
    build = Build(engine, spec, language, files)
    try:
        artefact = compiled(build)
    except NotCompiled as error:
        return results.not_compiled(error.diagnostics, checks, values)
    except Stopped as stop:
        return results.compiler_stopped(stop, checks, values)
    studio = Studio(
        engine, profile_of(spec), plan, build, values, Patience(), tools.boxes, files.get(RELAY)
    )
    grading = Grading(
        studio, made["contract"], variant.seed, digest, frozenset(files), until_failure
    )
    grading.run(visible_only=tools.visible_only)
    if compared(spec) and not until_failure:
        grading.compare(spec, language, files)
    lines = [f"{one.file}:{one.line}: {one.message}" for one in artefact.warnings]
    return grading.verdict(checks, "\n".join(dict.fromkeys(lines)))


def compiled(build: Build) -> Artefact:
    """What was handed in, compiled. Raises as `Build.of` does.

    A compiler that was stopped is asked once more: a host that is short of time or memory stops
    honest ones too. Processor time is the same on every host.
    """
    try:
        return build.of(SUBMISSION)
    except Stopped as stop:
        if stop.cause is Cause.CPU:
            raise
    return build.of(SUBMISSION)


def digest_of(language: str, files: Mapping[str, str]) -> str:
    """Of what was handed in: another text meets other hidden values, the same text the same."""
    return hashlib.sha256(json.dumps([language, dict(files)], sort_keys=True).encode()).hexdigest()


def values_of(spec: Spec, variant: Variant, digest: str) -> dict[str, Json]:
    """The varied values, and those that checks.toml draws for this submission. Raises Broken."""
    made: Any = spec
    values = dict(variant.values)
    rng = stream(derived(f"{variant.seed}:{digest}"), "draw")
    for name, source in made["checks"].get("draw", {}).items():
        try:
            values[name] = evaluate(source, values, rng)
        except ExpressionError as error:
            raise Broken(f"checks.toml: draw.{name}: {error}") from error
    return values


@dataclass(slots=True)
class LawSoFar:
    """What a law has met in the scenarios that were run."""

    runs: int = 0
    happened: bool = False
    finding: Finding | None = None
    """Where it is broken, or could not be judged to the end."""


@dataclass(slots=True)
class Grading:
    """The checks of one submission."""

    studio: Studio
    contract: str
    seed: int
    digest: str
    own: frozenset[str]
    """Names of the learner's files."""
    until_failure: bool = False
    findings: dict[str, Finding] = field(default_factory=dict)
    laws: dict[str, LawSoFar] = field(default_factory=dict)
    transcripts: list[dict[str, Json]] = field(default_factory=list)
    deaths: int = 0

    def run(self, *, visible_only: bool) -> None:
        plan = self.studio.plan
        for hidden in (False,) if visible_only else (False, True):
            for scenario in plan.scenarios:
                if scenario.hidden is hidden and not self._enough():
                    laws = [law for law in plan.laws if scenario.key in law.scenarios]
                    if visible_only:
                        laws = [law for law in laws if not law.check.hidden]
                    self._scenario(scenario, laws)
            for law in plan.laws:
                walks = law.walk is not None and law.check.hidden is hidden
                if walks and not self._enough():
                    self._walk(law)

    def _enough(self) -> bool:
        """Whether nothing more is to be run."""
        if self.deaths >= MAX_DEATHS:
            return True
        found = [*self.findings.values(), *(law.finding for law in self.laws.values())]
        return self.until_failure and any(
            one is not None and one.outcome is not Outcome.PASSED for one in found
        )

    def compare(self, spec: Spec, language: str, files: Mapping[str, str]) -> None:
        """Tell what the other profile makes of the visible scenarios, if there is time for it."""
        if self.deaths or self.studio.patience.is_over:
            return
        others = under_other_profile(spec, self.studio, language, files, self.seed)
        for entry in self.transcripts:
            if entry["scenario"] in others:
                entry["other"] = others[str(entry["scenario"])]

    def verdict(self, checks: Sequence[Check], output: str) -> Verdict:
        plan, values = self.studio.plan, self.studio.values
        for law in plan.laws:
            if law.walk is None:
                self.findings[law.check.key] = self._of_law(law)
        found = [(check, self.findings.get(check.key, NOT_RUN)) for check in checks]
        mistakes = [
            check.misconception
            for check, finding in found
            if check.misconception and finding.outcome in (Outcome.WRONG, Outcome.ERROR)
        ]
        shown = [results.result_of(check, finding, values) for check, finding in found]
        return results.verdict_of(shown, mistakes, self.transcripts, output)

    def _scenario(self, scenario: Scenario, laws: Iterable[Law]) -> None:
        """Run one scenario on fresh ledgers and judge all that concerns it."""
        if not self._run(scenario, laws, may_doubt=True):
            self._run(scenario, laws, may_doubt=False)

    def _doubtful(self, stop: Stopped) -> bool:
        """Whether a stop may have been our host's doing: then the same is done once more, and only
        what happens again is the contract's. Never twice in a grading."""
        known = self.deaths > 0 or stop.cause is Cause.CPU
        return not known and not self.studio.patience.is_over

    def _run(self, scenario: Scenario, laws: Iterable[Law], *, may_doubt: bool) -> bool:
        """False where it was stopped, and whose doing that was is in doubt."""
        seed = self._seed_of(scenario.key) if scenario.hidden else self.seed
        ended: Finding | None = None
        with self.studio.stage(seed) as stage:
            for number, step in enumerate(scenario.steps):
                try:
                    done = stage.play(step)
                except Stopped as stop:
                    if may_doubt and self._doubtful(stop):
                        return False
                    self.deaths += 1
                    line = results.called(step, stage.names.all(step.args))
                    ended = results.stopped(stop, line)
                    self._end(scenario.steps[number:], ended)
                    break
                self._judge(scenario, stage, done)
                ended = self._unfit(scenario, done)
                if ended is not None:
                    self._end(scenario.steps[number + 1 :], ended)
                    break
            self._laws(scenario, stage, laws, ended)
            if not scenario.hidden:
                self._keep(scenario.key, scenario.title, stage.transcripts(), stage.order)
        return True

    def _judge(self, scenario: Scenario, stage: Stage, done: Done) -> None:
        step = done.step
        for expectation in step.expect:
            if done.relayed is not None:
                finding = self._of_relay(scenario, done, expectation)
            else:
                finding = self._of_transaction(scenario, stage, done, expectation)
            self.findings[expectation.check.key] = finding

    def _of_transaction(
        self, scenario: Scenario, stage: Stage, done: Done, expectation: Expectation
    ) -> Finding:
        step, one = done.step, done.transaction
        assert one is not None
        seen = Seen(one, stage.transcript(step.ledger), step.contract)
        difference = first_difference(seen, stage.names.all(expectation.conditions))
        place = f"{scenario.key}/{step.ledger}/{one.number}"
        called = results.called(step, one.args)
        if difference is None:
            return Finding(Outcome.PASSED, called, transaction=place)
        return results.failed(difference, called, one, place, self.own)

    def _of_relay(self, scenario: Scenario, done: Done, expectation: Expectation) -> Finding:
        relayed = done.relayed
        assert relayed is not None
        place = ""
        if relayed.last is not None:
            place = "/".join([scenario.key, *map(str, relayed.last)])
        called = results.called(done.step, {})
        if relayed.fault:
            said = results.in_both_languages(relayed.fault)
            return Finding(
                Outcome.ERROR,
                called,
                None,
                place,
                said,
                results.BROKE_HIDDEN,
                relayed.file,
                relayed.line,
            )
        difference = relayed_as_wanted(relayed, expectation.conditions)
        outcome = Outcome.PASSED if difference is None else Outcome.WRONG
        return Finding(outcome, called, difference, place)

    def _unfit(self, scenario: Scenario, done: Done) -> Finding | None:
        """Why the rest of a scenario is not worth running: its contract is not there."""
        one, step = done.transaction, done.step
        if one is None or step.act != "install" or one.status is Status.OK or step.expect:
            return None
        if step.source != SUBMISSION:
            raise Broken(f"the fixture {step.source} could not be installed: {one.message}")
        return results.not_installed(one, f"{scenario.key}/{step.ledger}/{one.number}")

    def _laws(
        self, scenario: Scenario, stage: Stage, laws: Iterable[Law], ended: Finding | None
    ) -> None:
        for law in laws:
            so_far = self.laws.setdefault(law.check.key, LawSoFar())
            so_far.runs += 1
            if so_far.finding is not None:
                continue
            history = history_of(stage, self.contract)
            breach = first_breach(history, law.conditions)
            so_far.happened = so_far.happened or happened(history, law.conditions)
            if breach is not None:
                so_far.finding = _of_breach(scenario.key, breach, history.transcripts)
            elif ended is not None:
                so_far.finding = ended

    def _of_law(self, law: Law) -> Finding:
        """A law passes when every one of its scenarios was run and none broke it."""
        so_far = self.laws.get(law.check.key, LawSoFar())
        if so_far.finding is not None:
            return so_far.finding
        if so_far.runs < len(law.scenarios):
            return NOT_RUN
        if not so_far.happened:
            words = results.NOTHING_HAPPENED
            return Finding(Outcome.WRONG, said=words, said_hidden=words)
        return Finding(Outcome.PASSED)

    def _walk(self, law: Law) -> None:
        key = law.check.key
        walked = walk(self.studio, law, self.contract, self._seed_of(key))
        if walked.stop is not None and self._doubtful(walked.stop):
            walked = walk(self.studio, law, self.contract, self._seed_of(key))
        self.findings[key] = _of_walk(key, walked)
        self.deaths += walked.stop is not None
        if walked.breach is not None and not law.check.hidden:
            self._keep(key, law.check.title, walked.transcripts, ())

    def _seed_of(self, key: str) -> int:
        return derived(f"{self.seed}:{self.digest}:{key}")

    def _end(self, steps: Iterable[Step], why: Finding) -> None:
        """The first check that is left says why; no later one is run."""
        left = [expectation.check.key for step in steps for expectation in step.expect]
        for key in left[:1]:
            self.findings[key] = why

    def _keep(
        self,
        key: str,
        title: Text,
        transcripts: Mapping[str, Transcript],
        order: Sequence[tuple[str, int]],
    ) -> None:
        words = results.filled(title, self.studio.values)
        self.transcripts += recorded(key, words, transcripts, order)


def recorded(
    key: str,
    title: Text,
    transcripts: Mapping[str, Transcript],
    order: Sequence[tuple[str, int]],
) -> list[dict[str, Json]]:
    """The transcripts of one scenario as a verdict holds them. The order in which transactions of
    several ledgers happened is told too: their block times do not say it."""
    told: dict[str, Json] = {}
    if len(transcripts) > 1 and order:
        told["order"] = [list(place) for place in order]
    return [
        {
            "scenario": key,
            "title": title,
            **told,
            "transcript": to_json(bounded(transcript, MOST_BYTES)),
        }
        for transcript in transcripts.values()
    ]


def _of_breach(place: str, breach: Breach, transcripts: Mapping[str, Transcript]) -> Finding:
    """A law that the transaction of the breach broke."""
    one = transcripts[breach.ledger].transactions[breach.number - 1]
    args = ", ".join(f'{name} = "{results.short(value)}"' for name, value in one.args.items())
    return Finding(
        Outcome.WRONG,
        f"{one.identity}: {one.method or one.kind.value}({args})",
        Difference(breach.got[:LONGEST], breach.expected[:LONGEST]),
        f"{place}/{breach.ledger}/{breach.number}",
    )


def _of_walk(key: str, walked: Walked) -> Finding:
    lines = "\n".join(f"{number}. {line}" for number, line in enumerate(walked.lines, 1))
    if walked.stop is not None:
        return results.stopped(walked.stop, lines)
    if walked.breach is not None:
        return replace(_of_breach(key, walked.breach, walked.transcripts), called=lines)
    if not walked.happened:
        words = results.NOTHING_HAPPENED
        return Finding(Outcome.WRONG, said=words, said_hidden=words)
    return Finding(Outcome.PASSED)
