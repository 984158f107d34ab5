"""Small specs around a contract in Python, for tests of one thing each."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

from exercises.contract.kind import Contract
from exercises.types import Answer, CheckResult, Tools, Verdict

KIND = Contract()
PEOPLE = """
[identities.centre]
organisation = "centre.example"
role = "admin"

[identities.plant]
organisation = "plant.example"
role = "client"
"""
TITLE = '{ en = "T", zh-hans = "题" }'
HEAD = "from chain import Chain, Refused\n\nclass Contract:\n"
INIT = "    def init_contract(self, chain):\n        chain.put_state('total', '0')\n"


def both(words: str) -> dict[str, str]:
    return {"en": words, "zh-hans": f"{words}（中）"}


def contract(body: str) -> str:
    """A contract whose methods are `body`, indented by four."""
    return f"{HEAD}{INIT}{body}"


def scenario(steps: str, *, key: str = "s", hidden: bool = False) -> str:
    """A scenario with these `[[scenario.step]]` tables."""
    return (
        f'[[scenario]]\nkey = "{key}"\ntitle = {TITLE}\nhidden = {str(hidden).lower()}\n'
        f'install = {{ by = "centre" }}\n{steps}'
    )


def step(key: str, what: str, *expect: str, by: str = "plant") -> str:
    """A step; each of `expect` is the conditions of an expectation, `KEY-1`, `KEY-2` …"""
    text = f'[[scenario.step]]\nkey = "{key}"\nby = "{by}"\n{what}\n'
    for number, conditions in enumerate(expect, 1):
        text += f'[[scenario.step.expect]]\nkey = "{key}-{number}"\ntitle = {TITLE}\n{conditions}\n'
    return text


def law(key: str, conditions: str, *, hidden: bool = False) -> str:
    return (
        f'[[law]]\nkey = "{key}"\ntitle = {TITLE}\nhidden = {str(hidden).lower()}\n{conditions}\n'
    )


def spec_of(checks: str, **more: Any) -> dict[str, Any]:
    files = {"python": {"contract.py": contract("    pass\n")}}
    return {
        "engine": "python",
        "languages": ["python"],
        "contract": "carbon",
        "starter": files,
        "solution": {"python": {"contract.py": contract("    x = 1\n")}},
        "wrong": {"one": copy.deepcopy(files)},
        "checks": tomllib.loads(PEOPLE + checks),
        "vary": [],
        **more,
    }


def graded(
    tools: Tools, spec: dict[str, Any], body: str, *, seed: int = 1, **files: str
) -> Verdict:
    """The verdict on a contract with these methods; a spec with mistakes fails the test."""
    assert [problem for problem in KIND.check(spec) if "spec.checks" in problem.path] == []
    sources = {
        "contract.py": contract(body),
        **{f"{name}.py": text for name, text in files.items()},
    }
    answer: Answer = {"language": "python", "files": sources}
    return KIND.grade(spec, KIND.vary(spec, seed), answer, tools)


def found(verdict: Verdict, key: str) -> CheckResult:
    return next(check for check in verdict.checks if check.key == key)
