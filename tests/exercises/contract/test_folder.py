"""Files beside an exercise.toml become the parts of a spec."""

from __future__ import annotations

import pytest

from exercises.contract.folder import is_ours, parts_of


def test_one_file_of_each_language() -> None:
    parts = parts_of(
        {
            "exercise.toml": "",
            "starter.go": "s",
            "starter.rs": "t",
            "solution.go": "S",
            "solution.rs": "T",
            "wrong-no-role-check.go": "// misconception: missing-role\nw",
            "wrong-other.rs": "x\n// misconception: too-late",
            "fixture-before.c": "f",
        },
        ["go", "rust"],
        {},
    )
    assert parts == {
        "starter": {"go": {"contract.go": "s"}, "rust": {"contract.rs": "t"}},
        "solution": {"go": {"contract.go": "S"}, "rust": {"contract.rs": "T"}},
        "wrong": {
            "no-role-check": {"go": {"contract.go": "// misconception: missing-role\nw"}},
            "other": {"rust": {"contract.rs": "x\n// misconception: too-late"}},
        },
        "fixtures": {"before": {"c": {"contract.c": "f"}}},
        "misconception_of": {"no-role-check": "missing-role"},
    }


def test_several_files_are_folders() -> None:
    parts = parts_of(
        {"solution-go/main.go": "a", "solution-go/rules.go": "b", "solution.rs": "c"},
        ["go", "rust"],
        {"go": ["main.go", "rules.go"], "rust": ["lib.rs"]},
    )
    assert parts["solution"] == {
        "go": {"main.go": "a", "rules.go": "b"},
        "rust": {"lib.rs": "c"},
    }


def test_what_a_wrong_version_lacks_is_the_solutions() -> None:
    parts = parts_of(
        {
            "starter.py": "s",
            "starter.relay.py": "sr",
            "solution.py": "S",
            "solution.relay.py": "SR",
            "wrong-a.py": "w",
            "wrong-b.relay.py": "# misconception: m\nwr",
            "fixture-f.py": "f",
        },
        ["python"],
        {},
    )
    assert parts["starter"] == {"python": {"contract.py": "s", "relay.py": "sr"}}
    assert parts["wrong"] == {
        "a": {"python": {"contract.py": "w", "relay.py": "SR"}},
        "b": {"python": {"contract.py": "S", "relay.py": "# misconception: m\nwr"}},
    }
    assert parts["fixtures"] == {"f": {"python": {"contract.py": "f"}}}
    assert parts["misconception_of"] == {"b": "m"}


def test_a_wrong_version_of_several_files_has_only_those_that_are_wrong() -> None:
    parts = parts_of(
        {
            "solution-go/contract.go": "S",
            "solution-go/proofs.go": "P",
            "solution.relay.py": "SR",
            "wrong-a-go/contract.go": "// misconception: m\nw",
            "wrong-b.relay.py": "wr",
        },
        ["go"],
        {"go": ["contract.go", "proofs.go"]},
    )
    first = {"contract.go": "// misconception: m\nw", "proofs.go": "P", "relay.py": "SR"}
    assert parts["wrong"] == {
        "a": {"go": first},
        "b": {"go": {"contract.go": "S", "proofs.go": "P", "relay.py": "wr"}},
    }


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("starter.sol", True),
        ("wrong-x.relay.py", True),
        ("solution-rust/lib.rs", True),
        ("checks.toml", False),
        ("wrong-.go", False),
        ("starter.java", False),
        ("solution-go/deep/er.go", False),
    ],
)
def test_names(name: str, ours: bool) -> None:
    assert is_ours(name) is ours
