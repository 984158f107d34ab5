"""Every mistake in a spec, at once, with its place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.exercises.contract.building import KIND, law, scenario, spec_of, step

GOOD = scenario(step("one", 'call = "record"', 'status = "ok"'))


def problems(spec: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in KIND.check(spec)]


def paths(spec: dict[str, Any]) -> list[str]:
    return [path for path, _ in problems(spec)]


def test_a_good_spec_has_none() -> None:
    assert problems(spec_of(GOOD)) == []


def test_an_expectation_may_name_its_own_step_and_an_argument_may_not() -> None:
    own = scenario(step("one", 'call = "record"', 'writes = { "@tx:one" = "@time:one" }'))
    assert problems(spec_of(own)) == []
    early = scenario(step("one", 'call = "record"\nargs = { a = "@tx:one" }'))
    assert paths(spec_of(early)) == ["spec.checks.scenario[0].step[0].args", "spec.checks"]


def test_all_mistakes_come_at_once() -> None:
    checks = scenario(
        step("one", 'call = "record"\nargs = { a = 1 }', "status = 5")
        + step("one", 'call = "x"\nquery = "y"')
        + step("two", 'call = "record"\nargs = { a = "$nothing" }', by="nobody")
    ) + law("l", 'scenario = "absent"\nupgrade_keeps = "*"\nunheard = 1')
    spec = spec_of(checks, languages=["python", "go"], extra=1)
    assert paths(spec) == [
        "spec.extra",
        "spec.languages[1]",
        "spec.checks.scenario[0].step[0].args",
        "spec.checks.scenario[0].step[0].expect[0].status",
        "spec.checks.scenario[0].step[1]",
        "spec.checks.scenario[0].step[2].by",
        "spec.checks.scenario[0].step[2].args",
        "spec.checks.law[0].unheard",
        "spec.checks.law[0].scenario",
    ]


SPEC_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"engine": "fabric"}, "spec.engine"),
    ({"languages": []}, "spec.languages"),
    ({"languages": ["python", "python"]}, "spec.languages[1]"),
    ({"profiles": ["changan"]}, "spec.profiles[0]"),
    ({"profiles": 2}, "spec.profiles"),
    ({"contract": "no spaces"}, "spec.contract"),
    ({"ledgers": ["a"]}, "spec.ledgers"),
    ({"ledgers": ["a", "a"]}, "spec.ledgers[1]"),
    ({"ledgers": ["a", "b", "c", "d"]}, "spec.ledgers"),
    ({"relay": 1}, "spec.relay"),
    ({"files": {"python": ["contract.go"]}}, "spec.files.python[0]"),
    ({"files": {"python": ["a.py", "a.py"]}}, "spec.files.python[1]"),
    ({"equivalent": ["somewhere"]}, "spec.equivalent[0]"),
    ({"solution": {}}, "spec.solution"),
    ({"wrong": {}}, "spec.wrong"),
    ({"wrong": {"one": {"python": {"other.py": ""}}}}, "spec.wrong.one"),
    ({"misconception_of": {"none": "x"}}, "spec.misconception_of.none"),
]


@pytest.mark.parametrize(("change", "path"), SPEC_MISTAKES, ids=[str(row) for row in SPEC_MISTAKES])
def test_mistakes_in_the_spec(change: dict[str, Any], path: str) -> None:
    assert path in paths(spec_of(GOOD, **change))


def test_a_starter_may_not_be_the_solution() -> None:
    spec = spec_of(GOOD)
    spec["solution"] = copy.deepcopy(spec["starter"])
    assert paths(spec) == ["spec.starter"]


STEP_MISTAKES = [
    ('call = "f"\nledger = "other"', "", "ledger"),
    ('call = ""', "", "call"),
    ('upgrade = "unknown"', "", "upgrade"),
    ("freeze = false", "", "freeze"),
    ("relay = {}", "", "relay"),
    ('query = "f"\nafter_seconds = 5', "", "after_seconds"),
    ('call = "f"\nafter_seconds = -5', "", "after_seconds"),
    ('call = "f"\nargs = { a = "@address:nobody" }', "", "args"),
    ('call = "f"\nargs = { a = "@result:later" }', "", "args"),
    ('call = "f"\nargs = { a = "@proof:s/install" }', "", "args"),
    ('call = "f"\nargs = { a = "@forged:main/install/hat" }', "", "args"),
    ('call = "f"\nargs = { a = "@unknown:x" }', "", "args"),
    ('call = "f"', 'points = "two"\nstatus = "ok"', "expect[0].points"),
    ('call = "f"', 'status = "well"', "expect[0].status"),
    ('call = "f"', 'event = { data = ["x"] }', "expect[0].event"),
    ('call = "f"', "writes = { a = 1 }", "expect[0].writes"),
    ('call = "f"', "reads_at_most = -1", "expect[0].reads_at_most"),
    ('call = "f"', 'misconception = "No Key"\nstatus = "ok"', "expect[0].misconception"),
    ('call = "f"', 'message = { en = "only English" }\nstatus = "ok"', "expect[0].message"),
    (
        'call = "f"',
        'message = { en = "{{ x }}", zh-hans = "x" }\nstatus = "ok"',
        "expect[0].message.en",
    ),
    ('call = "f"', "points = 2", "expect[0]"),
    ('call = "f"', "quiet = true", "expect[0].quiet"),
]


@pytest.mark.parametrize(("what", "expect", "path"), STEP_MISTAKES)
def test_mistakes_in_a_step(what: str, expect: str, path: str) -> None:
    checks = scenario(
        step("early", 'call = "f"', 'status = "ok"') + step("one", what, *filter(None, [expect]))
    )
    assert f"spec.checks.scenario[0].step[1].{path}" in paths(spec_of(checks))


LAW_MISTAKES = [
    ("points = 1", ""),
    ("absent = 5", ".absent"),
    ('scenario = [["record"]]\nabsent = ["x"]', ".scenario"),
    ('conserved = { keys = "a" }', ".conserved"),
    ('at_most = { call = "f", width = 1 }', ".at_most.width"),
    ('emits = { call = "f" }', ".emits"),
    ('upgrade_keeps = "@arg:x"', ".upgrade_keeps"),
    ('invariant = { by = "plant", queries = {}, holds = "True" }', ".invariant"),
    (
        'absent = ["x"]\nscenario = "s"\nrandom = { install = { by = "centre" }, calls = [] }',
        ".scenario",
    ),
    (
        (
            'absent = ["x"]\n[law.random]\ninstall = { by = "centre" }\nruns = 5000\n'
            'calls = [{ by = "plant", call = "f" }]'
        ),
        ".random",
    ),
    (
        (
            'absent = ["x"]\n[law.random]\ninstall = { by = "centre" }\n'
            'calls = [{ by = "plant", call = "f", weight = 0 }]'
        ),
        ".random.calls[0].weight",
    ),
    (
        (
            'absent = ["x"]\n[law.random]\ninstall = { by = "centre" }\n'
            'calls = [{ by = ["plant", "ghost"], call = "f", args = { a = [] } }]'
        ),
        ".random.calls[0].by",
    ),
]


@pytest.mark.parametrize(("conditions", "path"), LAW_MISTAKES)
def test_mistakes_in_a_law(conditions: str, path: str) -> None:
    assert f"spec.checks.law[0]{path}" in paths(spec_of(GOOD + law("l", conditions)))


def test_a_random_law_may_name_its_first_steps() -> None:
    walk = (
        'absent = ["x"]\n[law.random]\ninstall = { by = "centre" }\n'
        'first = [{ by = "plant", call = "f" }, '
        '{ by = "plant", call = "f", args = { a = "@tx:%s" } }]\n'
        'calls = [{ by = "plant", call = "f", args = { a = ["@tx:%s", "b"] } }]'
    )
    assert problems(spec_of(GOOD + law("l", walk % ("first-1", "first-2")))) == []
    assert problems(spec_of(GOOD + law("l", walk % ("first-2", "first-3")))) == [
        (
            "spec.checks.law[0].random.first[1].args",
            "@tx:first-2: there is no step first-2 before this one.",
        ),
        (
            "spec.checks.law[0].random.calls[0].args",
            "@tx:first-3: there is no step first-3 before this one.",
        ),
    ]


def test_a_visible_law_may_not_tell_of_a_hidden_scenario() -> None:
    hidden = scenario(step("one", 'call = "f"', 'status = "ok"'), hidden=True)
    spec = spec_of(hidden + law("l", 'scenario = "s"\nabsent = ["x"]'))
    assert problems(spec) == [
        ("spec.checks.law[0].scenario", "The scenario s is hidden: hide the law too.")
    ]
    assert problems(spec_of(hidden + law("l", 'scenario = "s"\nabsent = ["x"]', hidden=True))) == []


def test_an_evm_has_slots_and_no_keys() -> None:
    files = {"solidity": {"contract.sol": "a"}}
    more = {
        "engine": "evm",
        "languages": ["solidity"],
        "starter": files,
        "solution": {"solidity": {"contract.sol": "b"}},
        "wrong": {"one": files},
    }
    checks = scenario(step("one", 'call = "f"', 'writes = { a = "1" }'))
    assert paths(spec_of(checks, **more)) == ["spec.checks.scenario[0].step[0].expect[0].writes"]


def test_two_checks_may_not_share_a_key() -> None:
    checks = scenario(step("one", 'call = "f"', 'status = "ok"')) + law("one-1", 'absent = ["x"]')
    assert problems(spec_of(checks)) == [("spec.checks.law[0].key", "Another check has this key.")]


def test_drawn_values_must_be_expressions_with_names_of_their_own() -> None:
    draw = '[draw]\ngood = "randint(1, 2)"\nbad = "randint("\nworse = 5\n'
    assert paths(spec_of(draw + GOOD)) == ["spec.checks.draw.bad", "spec.checks.draw.worse"]
    taken = spec_of('[draw]\nn = "1"\n' + GOOD, vary=[["n", "2"]])
    assert paths(taken) == ["spec.checks.draw.n"]
