"""Everything that is wrong with a checks.toml."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exercises.budget import ExpressionError
from exercises.contract.conditions import CONDITIONS, RELAY_CONDITIONS
from exercises.contract.laws import LAWS
from exercises.contract.names import OF_A_TRANSACTION, WORDS, names_in
from exercises.contract.plan import ACTS, CHECK_KEYS
from exercises.contract.proofs import FORGERIES
from exercises.contract.relays import FAULTS
from exercises.contract.shapes import CONDITION_SHAPES, LAW_SHAPES, check_shape
from exercises.expressions import check_name, evaluate
from exercises.specs import KEY, Review, Table

ROLES = ("admin", "client", "consensus", "common", "light")
STEP_KEYS = ("contract", "ledger", "args", "after_seconds", "expect")
MOST_STEPS = 200
MOST_WALK_CALLS = 2_000
"""Runs times length."""
OF_PEOPLE = ("address", "key")
OF_STEPS = ("result", "tx", "time")


@dataclass(frozen=True, slots=True)
class Known:
    """What checks.toml may name of the rest of the spec."""

    ledgers: tuple[str, ...]
    sources: tuple[str, ...]
    relay: bool
    text_state: bool
    """Whether keys of the state are texts that an author can know."""


@dataclass(slots=True)
class ChecksReview:
    """Reports to `review`; `checks` looks at everything."""

    review: Review
    known: Known
    people: tuple[str, ...] = ()
    keys: set[str] = field(default_factory=set)
    """Of all checks."""
    scenarios: dict[str, bool] = field(default_factory=dict)
    """Key → hidden."""
    steps: set[str] = field(default_factory=set)
    """Of the scenario that is looked at, so far."""
    values: set[str] = field(default_factory=set)

    def checks(self, value: object) -> None:
        path = "spec.checks"
        keys = ("identities", "scenario")
        table = self.review.table(value, path, required=keys, optional=("law", "draw"))
        self.values = set(self.review.names)
        self._draw(table.get("draw", {}), f"{path}.draw")
        self._identities(table.get("identities", {}), f"{path}.identities")
        scenarios = table.get("scenario", ())
        for where, scenario in self.review.items(scenarios, f"{path}.scenario", least=1):
            self._scenario(scenario, where)
        for where, law in self.review.items(table.get("law", ()), f"{path}.law"):
            self._law(law, where)
        if not self.keys:
            self.review.report(path, "At least one expectation or law is needed.")

    def _draw(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            self.review.report(path, "This must be a table of names and expressions.")
            return
        values: list[dict[str, Any]] = [dict(trial) for _, trial in self.review.trials]
        for name, source in value.items():
            try:
                check_name(name)
                for trial in values:
                    trial[name] = evaluate(str(source), trial, random.Random(1))  # noqa: S311
            except ExpressionError as error:
                self.review.report(f"{path}.{name}", str(error))
            if not isinstance(source, str):
                self.review.report(f"{path}.{name}", "This must be an expression in quotes.")
            if name in self.values:
                self.review.report(f"{path}.{name}", "[vary] has this name already.")
            self.values.add(name)

    def _identities(self, value: object, path: str) -> None:
        people = value if isinstance(value, Mapping) else {}
        if not people:
            self.review.report(path, "At least one [identities.NAME] is needed.")
        for name, person in people.items():
            where = f"{path}.{name}"
            if not KEY.fullmatch(name):
                self.review.report(where, "A name has small letters, digits and single hyphens.")
            table = self.review.table(person, where, required=("organisation", "role"))
            self.review.word(table, "role", where, ROLES)
            self._word(table, "organisation", where)
        self.people = tuple(people)

    def _scenario(self, value: object, path: str) -> None:
        table = self.review.table(
            value, path, required=("key", "title", "install"), optional=("hidden", "step")
        )
        key = self._key(table, path)
        if key in self.scenarios:
            self.review.report(f"{path}.key", "Another scenario has this key.")
        self.review.text(table, "title", path)
        self.scenarios[key] = self.review.flag(table, "hidden", path)
        self.steps = set()
        self._installs(table.get("install", {}), f"{path}.install")
        steps = table.get("step", ())
        for where, step in self.review.items(steps, f"{path}.step"):
            self._step(step, where)
        if len(self.steps) > MOST_STEPS:
            self.review.report(f"{path}.step", f"{MOST_STEPS} steps are the most.")

    def _installs(self, value: object, path: str) -> None:
        tables = value if isinstance(value, list) else [value]
        keys = ("args", "contract", "ledger", "from", "expect")
        for number, given in enumerate(tables):
            where = path if tables is not value else f"{path}[{number}]"
            table = self.review.table(given, where, required=("by",), optional=keys)
            self._common(table, where)
            self.review.word(table, "from", where, self.known.sources)
            if "expect" in table and "ledger" not in table and len(self.known.ledgers) > 1:
                self.review.report(where, "Name the ledger of an install that expects something.")
            on = [table["ledger"]] if "ledger" in table else self.known.ledgers
            name = [] if "contract" not in table else [str(table["contract"])]
            several = len(self.known.ledgers) > 1
            for ledger in on:
                self.steps.add("-".join(["install", *name] + ([str(ledger)] if several else [])))
            self._expectations(table, where, relay=False)

    def _step(self, value: object, path: str, *, key_needed: bool = True) -> None:
        required = ("key", "by") if key_needed else ("by",)
        optional = (*ACTS, *STEP_KEYS) if key_needed else (*ACTS, *STEP_KEYS[:-1])
        table = self.review.table(value, path, required=required, optional=optional)
        acts = [act for act in ACTS if act in table]
        if len(acts) != 1:
            self.review.report(path, f"Exactly one of these is needed: {', '.join(ACTS)}.")
            return
        self._common(table, path)
        self._act(acts[0], table, path)
        if key_needed:
            key = self._key(table, path)
            if key in self.steps:
                self.review.report(f"{path}.key", "Another step has this key.")
            self.steps.add(key)
        self._expectations(table, path, relay=acts[0] == "relay")

    def _act(self, act: str, table: Table, path: str) -> None:
        if act in ("call", "query"):
            self._word(table, act, path)
        elif act == "upgrade":
            self.review.word(table, act, path, self.known.sources)
        elif act == "relay":
            self._relay(table[act], f"{path}.relay")
        elif table[act] is not True:
            self.review.report(f"{path}.{act}", "This must be true.")
        if act not in ("call", "upgrade") and "after_seconds" in table:
            self.review.report(f"{path}.after_seconds", "Only a call may come later.")

    def _relay(self, value: object, path: str) -> None:
        if not self.known.relay:
            self.review.report(path, "Write relay = true in exercise.toml, and a relay.")
        keys = ("faults", "timeout_seconds", "calls_at_most")
        table = self.review.table(value, path, optional=keys)
        for key in keys[1:]:
            if key in table:
                check_shape(self.review, "count", table[key], f"{path}.{key}")
        for where, fault in self.review.items(table.get("faults", ()), f"{path}.faults"):
            found = self.review.table(
                fault, where, required=("fault",), optional=("ledger", "topic", "part")
            )
            self.review.word(found, "fault", where, FAULTS)
            self.review.word(found, "ledger", where, self.known.ledgers)
            self.review.word(found, "part", where, tuple(FORGERIES))

    def _expectations(self, table: Table, path: str, *, relay: bool) -> None:
        shapes = {name: CONDITION_SHAPES[name] for name in CONDITIONS}
        if relay:
            shapes = {name: CONDITION_SHAPES[name] for name in RELAY_CONDITIONS}
        for where, one in self.review.items(table.get("expect", ()), f"{path}.expect"):
            found = self.review.table(
                one, where, required=("key", "title"), optional=(*CHECK_KEYS[2:], *shapes)
            )
            self._check(found, where)
            if not relay and not any(name in found for name in shapes):
                self.review.report(where, f"One of these is needed: {', '.join(shapes)}.")
            for name, shape in shapes.items():
                if name in found:
                    check_shape(self.review, shape, found[name], f"{where}.{name}")
                    self._names(found[name], f"{where}.{name}")
                    if name in ("writes", "state", "reads") and not self.known.text_state:
                        why = "On an EVM a state has slots and no keys: ask by a query."
                        self.review.report(f"{where}.{name}", why)

    def _law(self, value: object, path: str) -> None:
        conditions = (*LAWS, "invariant")
        table = self.review.table(
            value,
            path,
            required=("key", "title"),
            optional=(*CHECK_KEYS[2:], "hidden", "scenario", "random", *conditions),
        )
        self._check(table, path)
        hidden = self.review.flag(table, "hidden", path)
        self.steps = set()
        if not any(name in table for name in conditions):
            self.review.report(path, f"One of these is needed: {', '.join(conditions)}.")
        if "random" in table:
            self._random(table["random"], f"{path}.random")
            if "scenario" in table:
                self.review.report(f"{path}.scenario", "A random law has no scenario.")
        elif "invariant" in table:
            self.review.report(f"{path}.invariant", "Only a law with random = … asks queries.")
        self._about(table.get("scenario", []), f"{path}.scenario", hidden=hidden)
        for name in conditions:
            if name in table:
                check_shape(self.review, LAW_SHAPES[name], table[name], f"{path}.{name}")
                self._names(table[name], f"{path}.{name}", law=name == "emits")
        if "invariant" in table:
            self._invariant(table["invariant"], f"{path}.invariant")

    def _about(self, value: object, path: str, *, hidden: bool) -> None:
        for name in [value] if isinstance(value, str) else value if isinstance(value, list) else ():
            if not isinstance(name, str) or name not in self.scenarios:
                self.review.report(path, f"There is no scenario {name}.")
            elif self.scenarios[name] and not hidden:
                self.review.report(path, f"The scenario {name} is hidden: hide the law too.")

    def _random(self, value: object, path: str) -> None:
        table = self.review.table(
            value, path, required=("install", "calls"), optional=("first", "runs", "length")
        )
        self._installs(table.get("install", {}), f"{path}.install")
        first = self.review.items(table.get("first", ()), f"{path}.first")
        for number, (where, step) in enumerate(first, 1):
            self._step(step, where, key_needed=False)
            self.steps.add(f"first-{number}")
        for where, call in self.review.items(table.get("calls", ()), f"{path}.calls", least=1):
            keys = ("args", "contract", "ledger", "weight", "after_seconds")
            found = self.review.table(call, where, required=("by", "call"), optional=keys)
            self._word(found, "call", where)
            self.review.word(found, "ledger", where, self.known.ledgers)
            for key, shape in (("weight", "weight"), ("after_seconds", "count")):
                if key in found:
                    check_shape(self.review, shape, found[key], f"{where}.{key}")
            for person in _choices(found.get("by", ())):
                self._person(person, f"{where}.by")
            args = found.get("args", {})
            check_shape(self.review, "choices", args, f"{where}.args")
            self._names(args, f"{where}.args")
        sizes = [table.get(key, 1) for key in ("runs", "length")]
        right = all(type(size) is int and size > 0 for size in sizes)
        if not right or sizes[0] * sizes[1] > MOST_WALK_CALLS:
            why = f"Runs times length lie between 1 and {MOST_WALK_CALLS}."
            self.review.report(path, why)

    def _invariant(self, value: object, path: str) -> None:
        table = self.review.table(value, path, required=("by", "queries", "holds"))
        self._person(table.get("by"), f"{path}.by")
        queries = table.get("queries", {})
        for name, query in queries.items() if isinstance(queries, Mapping) else ():
            where = f"{path}.queries.{name}"
            keys = ("args", "contract", "ledger", "by")
            found = self.review.table(query, where, required=("query",), optional=keys)
            self._word(found, "query", where)
            self._common({"by": self.people[:1] and self.people[0], **found}, where)

    def _common(self, table: Table, path: str) -> None:
        """What steps, installs and queries share."""
        if "by" in table:
            self._person(table["by"], f"{path}.by")
        self.review.word(table, "ledger", path, self.known.ledgers)
        for key, shape in (("args", "texts"), ("after_seconds", "count"), ("contract", "text")):
            if key in table:
                check_shape(self.review, shape, table[key], f"{path}.{key}")
                self._names(table[key], f"{path}.{key}")

    def _check(self, table: Table, path: str) -> None:
        key = self._key(table, path)
        if key in self.keys:
            self.review.report(f"{path}.key", "Another check has this key.")
        self.keys.add(key)
        self.review.text(table, "title", path)
        self.review.text(table, "message", path)
        self.review.misconception(table, path)
        points = table.get("points", 1)
        if isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
            self.review.report(f"{path}.points", "This must be a number of points.")

    def _key(self, table: Table, path: str) -> str:
        key = table.get("key", "")
        if "key" in table and not (isinstance(key, str) and KEY.fullmatch(key)):
            self.review.report(f"{path}.key", "A key has small letters, digits, single hyphens.")
        return str(key)

    def _word(self, table: Table, key: str, path: str) -> None:
        if key in table and not (isinstance(table[key], str) and table[key].strip()):
            self.review.report(f"{path}.{key}", "This must be a text.")

    def _person(self, name: object, path: str) -> None:
        if name not in self.people:
            self.review.report(path, f"There is no [identities.{name}].")

    def _names(self, value: object, path: str, *, law: bool = False) -> None:
        """Every `$name` and `@word:` must mean something here."""
        for word, name in names_in(value):
            if word == "$":
                if name not in self.values:
                    self.review.report(path, f"There is no value {name} in [vary] or [draw].")
            elif law and word in OF_A_TRANSACTION:
                continue
            elif word not in WORDS:
                self.review.report(path, f"“@{word}:” is not known. Known are: {', '.join(WORDS)}.")
            elif problem := self._path_problem(word, name.split("/")):
                self.review.report(path, f"@{word}:{name}: {problem}")

    def _path_problem(self, word: str, parts: list[str]) -> str:
        if word in OF_PEOPLE:
            return "" if parts[0] in self.people else f"there is no identity {parts[0]}."
        length = 1 if word in OF_STEPS else 3 if word == "forged" else 2
        if len(parts) != length:
            return f"it is written as in “{WORDS[word].rpartition(': ')[2]}”."
        if length > 1 and parts[0] not in self.known.ledgers:
            return f"there is no ledger {parts[0]}."
        step = parts[0] if length == 1 else parts[1]
        if step not in self.steps:
            return f"there is no step {step} before this one."
        if word == "forged" and parts[2] not in FORGERIES:
            return f"only these can be forged: {', '.join(FORGERIES)}."
        return ""


def _choices(value: Any) -> Any:
    return value if isinstance(value, list) else [value]
