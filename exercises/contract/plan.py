"""checks.toml as the runner uses it: scenarios, steps, expectations, laws.

`exercises.contract.review` has found every mistake before; here a spec is taken as right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exercises.types import Json, Spec, Text

LANGUAGES: Mapping[str, str] = {
    "go": ".go",
    "rust": ".rs",
    "c": ".c",
    "solidity": ".sol",
    "python": ".py",
}
"""Suffix by language."""
MAIN = "contract"
"""Name of a contract's file, before the suffix, where the author names no files."""
RELAY = "relay.py"
SUBMISSION = "submission"
"""The file set that the learner handed in."""
LEDGER = "main"
ACTS = ("call", "query", "upgrade", "freeze", "unfreeze", "revoke", "relay")
"""What a step may do; exactly one of them."""

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """What a learner gets points for."""

    key: str
    title: Text
    points: float = 1.0
    hidden: bool = False
    message: Text = field(default_factory=dict)
    """Shown when it fails: what teaches."""
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    check: Check
    conditions: Table
    """All of them must hold; see `exercises.contract.conditions`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does. Names in it are not filled in yet."""

    key: str
    act: str
    """One of ACTS, or `install`."""
    by: str
    contract: str
    ledger: str = LEDGER
    method: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    after_seconds: int = 0
    source: str = SUBMISSION
    """The file set that is installed or upgraded to."""
    relay: Table = field(default_factory=dict)
    expect: tuple[Expectation, ...] = ()

    @property
    def called(self) -> str:
        """What it does, in one word or two."""
        return self.method if self.act in ("call", "query") else self.act


@dataclass(frozen=True, slots=True)
class Scenario:
    key: str
    title: Text
    hidden: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """Random sequences: templates that are drawn from, after some fixed steps."""

    calls: tuple[Table, ...]
    first: tuple[Step, ...]
    runs: int = 20
    length: int = 12


@dataclass(frozen=True, slots=True)
class Law:
    """What holds over whole scenarios, or over random sequences."""

    check: Check
    conditions: Table
    scenarios: tuple[str, ...] = ()
    walk: Walk | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    identities: Mapping[str, tuple[str, str]]
    """Name → organisation, role."""
    ledgers: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    laws: tuple[Law, ...]

    def checks(self, *, visible_only: bool) -> list[Check]:
        """All checks in the author's order."""
        every = [
            *(e.check for s in self.scenarios for step in s.steps for e in step.expect),
            *(law.check for law in self.laws),
        ]
        return [check for check in every if not (visible_only and check.hidden)]


def plan_of(spec: Spec) -> Plan:
    made: Any = spec
    checks = made["checks"]
    ledgers = tuple(made.get("ledgers", (LEDGER,)))
    scenarios = tuple(
        _scenario(table, made["contract"], ledgers) for table in checks.get("scenario", ())
    )
    return Plan(
        {
            name: (table["organisation"], table["role"])
            for name, table in checks.get("identities", {}).items()
        },
        ledgers,
        scenarios,
        tuple(_law(table, made["contract"], ledgers, scenarios) for table in checks.get("law", ())),
    )


def files_of(spec: Spec, language: str) -> Sequence[str]:
    """The files that a learner edits in this language; the relay, where there is one, is last."""
    made: Any = spec
    names = made.get("files", {}).get(language) or [MAIN + LANGUAGES[language]]
    return [*names, RELAY] if spec.get("relay") else names


def _scenario(table: Table, contract: str, ledgers: Sequence[str]) -> Scenario:
    hidden = table.get("hidden", False)
    installs = installs_of(table.get("install", {}), contract, ledgers, hidden=hidden)
    steps = [_step(step, contract, ledgers, hidden=hidden) for step in table.get("step", ())]
    return Scenario(table["key"], table["title"], hidden, (*installs, *steps))


def installs_of(
    given: Table | Sequence[Table], contract: str, ledgers: Sequence[str], *, hidden: bool
) -> list[Step]:
    """One step for each contract on each ledger. `given`: a table, or a list of tables."""
    tables = [given] if isinstance(given, Mapping) else given
    steps = []
    for table in tables:
        for ledger in [table["ledger"]] if "ledger" in table else ledgers:
            name = table.get("contract", contract)
            steps.append(
                Step(
                    key="-".join(
                        ["install", *([name] if name != contract else [])]
                        + ([ledger] if len(ledgers) > 1 else [])
                    ),
                    act="install",
                    by=table["by"],
                    contract=name,
                    ledger=ledger,
                    args=table.get("args", {}),
                    source=table.get("from", SUBMISSION),
                    expect=_expect(table, hidden=hidden),
                )
            )
    return steps


def _step(table: Table, contract: str, ledgers: Sequence[str], *, hidden: bool) -> Step:
    act = next(act for act in ACTS if act in table)
    value = table[act]
    return Step(
        key=table["key"],
        act=act,
        by=table["by"],
        contract=table.get("contract", contract),
        ledger=table.get("ledger", ledgers[0]),
        method=value if act in ("call", "query") else "",
        args=table.get("args", {}),
        after_seconds=table.get("after_seconds", 0),
        source=value if act == "upgrade" else SUBMISSION,
        relay=value if act == "relay" else {},
        expect=_expect(table, hidden=hidden),
    )


def _expect(table: Table, *, hidden: bool) -> tuple[Expectation, ...]:
    return tuple(
        Expectation(_check(one, hidden=hidden), _conditions(one)) for one in table.get("expect", ())
    )


def _law(table: Table, contract: str, ledgers: Sequence[str], scenarios: Sequence[Scenario]) -> Law:
    hidden = table.get("hidden", False)
    walk = None
    if "random" in table:
        random = table["random"]
        first = installs_of(random.get("install", {}), contract, ledgers, hidden=hidden)
        first += [
            _step({"key": f"first-{number}", **one}, contract, ledgers, hidden=hidden)
            for number, one in enumerate(random.get("first", ()), 1)
        ]
        calls = tuple({"contract": contract, "ledger": ledgers[0], **c} for c in random["calls"])
        sizes = {key: random[key] for key in ("runs", "length") if key in random}
        walk = Walk(calls, tuple(first), **sizes)
        about: list[str] = []
    elif "scenario" in table:
        named = table["scenario"]
        about = [named] if isinstance(named, str) else named
    else:
        about = [one.key for one in scenarios if hidden or not one.hidden]
    return Law(_check(table, hidden=hidden), _conditions(table), tuple(about), walk)


CHECK_KEYS = ("key", "title", "points", "message", "misconception")
LAW_KEYS = (*CHECK_KEYS, "hidden", "scenario", "random")


def _check(table: Table, *, hidden: bool) -> Check:
    return Check(
        table["key"],
        table["title"],
        float(table.get("points", 1)),
        hidden,
        table.get("message", {}),
        table.get("misconception", ""),
    )


def _conditions(table: Table) -> dict[str, Json]:
    return {key: value for key, value in table.items() if key not in LAW_KEYS}
