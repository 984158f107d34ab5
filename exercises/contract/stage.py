"""Fresh ledgers on which the steps of one scenario are done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from chains.types import Artefact, Engine, Ledger, NotCompiled, Transaction, Transcript
from exercises.contract.names import Names
from exercises.contract.plan import LANGUAGES, RELAY, SUBMISSION, Plan, Step, files_of
from exercises.contract.proofs import (
    forged,
    forged_header_text,
    header_text,
    headers_text,
    proof_text,
)
from exercises.contract.relays import Relay, Relayed
from exercises.types import Broken, Json, Spec
from sandbox.types import BoxBroken, Boxes, Cause, Stopped

PATIENCE_SECONDS = 60.0
"""Of one grading: a contract may be slow in each of very many transactions."""


LEDGER_TEXTS = {
    "header": header_text,
    "headers": headers_text,
    "forgedheader": forged_header_text,
    "proof": proof_text,
    "replayed": proof_text,
}
"""What `@word:ledger/step` gives, by the word."""


class Patience:
    """Ends a grading that takes much longer than an honest one."""

    def __init__(self, seconds: float = PATIENCE_SECONDS) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._end

    def check(self) -> None:
        if self.is_over:
            raise Stopped(Cause.TIMEOUT, f"grading took more than {self._seconds:g} s")


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done."""

    step: Step
    transaction: Transaction | None = None
    """None for a relay step."""
    relayed: Relayed | None = None


class Build:
    """The contracts of one grading, each compiled when it is first needed.

    Files go to the compiler in the author's order: the first one holds the main contract.
    """

    def __init__(self, engine: Engine, spec: Spec, language: str, files: Mapping[str, str]) -> None:
        made: Any = spec
        self._engine = engine
        self._language = language
        self._profile = profile_of(spec)
        self._fixtures: Mapping[str, Any] = made.get("fixtures", {})
        self._files = {name: files[name] for name in files_of(spec, language) if name != RELAY}
        self._made: dict[str, Artefact] = {}

    def of(self, name: str) -> Artefact:
        """Raises NotCompiled for the learner's own, Broken for the author's, Stopped,
        Unavailable and BoxBroken as `Engine.compile` does."""
        if name not in self._made:
            self._made[name] = self._submission() if name == SUBMISSION else self._fixture(name)
        return self._made[name]

    def _submission(self) -> Artefact:
        return self._engine.compile(self._files, language=self._language, profile=self._profile)

    def _fixture(self, name: str) -> Artefact:
        sets = self._fixtures.get(name, {})
        language = self._language if self._language in sets else next(iter(sets), "")
        if language not in LANGUAGES:
            raise Broken(f"checks.toml: there is no fixture {name}")
        try:
            return self._engine.compile(sets[language], language=language, profile=self._profile)
        except NotCompiled as error:
            place = error.diagnostics[0] if error.diagnostics else ""
            raise Broken(f"the fixture {name} is not compiled: {place}") from error
        except Stopped as stopped:
            raise Broken(f"the fixture {name} is not compiled: {stopped}") from stopped


def profile_of(spec: Spec) -> str:
    made: Any = spec
    return next(iter(made.get("profiles", ())), "")


@dataclass(frozen=True, slots=True)
class Studio:
    """What every stage of a grading is made from."""

    engine: Engine
    profile: str
    plan: Plan
    build: Build
    values: Mapping[str, Json]
    patience: Patience
    boxes: Boxes | None = None
    relay: str | None = None
    """Source of the learner's relay."""

    def stage(self, seed: int) -> Stage:
        return Stage(self, seed)


@dataclass(slots=True)
class Stage:
    """Opens its ledgers when it is entered, and closes them at the end."""

    studio: Studio
    seed: int
    done: dict[str, Done] = field(default_factory=dict)
    order: list[tuple[str, int]] = field(default_factory=list)
    """Ledger and number of each transaction on any ledger, as they happened."""
    _ledgers: dict[str, Ledger] = field(default_factory=dict)
    _relay: Relay | None = None

    def __enter__(self) -> Self:
        """Raises BoxBroken where a ledger was stopped before it held any contract."""
        try:
            for name in self.studio.plan.ledgers:
                self._ledgers[name] = self._opened(name)
        except BaseException as error:
            self.__exit__(None, None, None)
            if isinstance(error, Stopped):
                raise BoxBroken(f"no ledger could be opened: {error}") from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._relay is not None:
            self._relay.close()
        for ledger in self._ledgers.values():
            ledger.close()

    def _opened(self, name: str) -> Ledger:
        """A fresh ledger that knows everybody."""
        ledger = self.studio.engine.open(name=name, seed=self.seed, profile=self.studio.profile)
        for person, (organisation, role) in self.studio.plan.identities.items():
            ledger.identity(person, organisation, role)
        return ledger

    def play(self, step: Step) -> Done:
        """Do one step. Raises Stopped when the learner's code ran over a limit, and Broken."""
        self.studio.patience.check()
        if step.act == "relay":
            done = Done(step, relayed=self._relay_all(step))
        else:
            try:
                done = Done(step, self._transact(step))
            except ValueError as error:
                raise Broken(f"checks.toml: the step {step.key}: {error}") from error
        self.done[step.key] = done
        return done

    def transcript(self, ledger: str) -> Transcript:
        return self._ledgers[ledger].transcript()

    def transcripts(self) -> dict[str, Transcript]:
        return {name: ledger.transcript() for name, ledger in self._ledgers.items()}

    @property
    def names(self) -> Names:
        return Names(self.studio.values, self._resolve)

    def invoke(
        self, ledger: str, contract: str, method: str, args: Mapping[str, str], by: str, later: int
    ) -> Transaction:
        """A transaction. Raises ValueError for arguments that the ledger cannot take."""
        self.studio.patience.check()
        opened = self._ledgers[ledger]
        return self._noted(
            ledger, opened.invoke(contract, method, args, by=by, after_seconds=later)
        )

    def query(self, ledger: str, contract: str, method: str, args: Any, by: str) -> Transaction:
        return self._noted(ledger, self._ledgers[ledger].query(contract, method, args, by=by))

    def _transact(self, step: Step) -> Transaction:
        args = self.names.all(step.args)
        ledger, name, by = self._ledgers[step.ledger], step.contract, step.by
        match step.act:
            case "call":
                return self.invoke(step.ledger, name, step.method, args, by, step.after_seconds)
            case "query":
                return self.query(step.ledger, name, step.method, args, by)
            case "install":
                made = ledger.install(name, self.studio.build.of(step.source), by=by, args=args)
            case "upgrade":
                made = ledger.upgrade(name, self.studio.build.of(step.source), by=by, args=args)
            case "freeze":
                made = ledger.freeze(name, by=by)
            case "unfreeze":
                made = ledger.unfreeze(name, by=by)
            case _:
                made = ledger.revoke(name, by=by)
        return self._noted(step.ledger, made)

    def _noted(self, ledger: str, transaction: Transaction) -> Transaction:
        self.order.append((ledger, transaction.number))
        return transaction

    def _relay_all(self, step: Step) -> Relayed:
        if self._relay is None:
            if self.studio.boxes is None or self.studio.relay is None:
                raise Broken("a relay needs boxes and a program")
            self._relay = Relay(self.studio.boxes, self.studio.relay)
        return self._relay.drive(self, step)

    def _resolve(self, word: str, path: list[str]) -> str:
        """See `names.WORDS`."""
        plan = self.studio.plan
        if word in ("address", "key"):
            ledger = self._ledgers[plan.ledgers[0]]
            identity = ledger.identity(path[0], *plan.identities[path[0]])
            return identity.address if word == "address" else identity.public_key
        if word in ("result", "tx", "time"):
            transaction = self._of_step(path[0])
            return {
                "result": transaction.result,
                "tx": transaction.id,
                "time": str(transaction.time),
            }[word]
        transcript = self.transcript(path[0])
        number = self._of_step(path[1]).number
        if word == "forged":
            return forged(proof_text(transcript, number), path[2])
        return LEDGER_TEXTS[word](transcript, number)

    def _of_step(self, key: str) -> Transaction:
        transaction = self.done[key].transaction if key in self.done else None
        if transaction is None:
            raise Broken(f"checks.toml: the step {key} left no transaction yet")
        return transaction
