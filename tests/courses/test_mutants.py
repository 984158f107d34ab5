"""`manage.py mutants` on a small contract: what is noticed, and what nobody asked about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.courses.publishing import HERE

pytestmark = pytest.mark.django_db

EXERCISE = """
kind = "contract"
title = { en = "Keep", zh-hans = "保管" }
points = 1

[spec]
engine = "python"
languages = ["python"]
contract = "keep"
"""
SOLUTION = """\
from chain import Chain, Refused


class Contract:
    def init_contract(self, chain: Chain) -> None:
        chain.put_state("count", "0")

    def keep(self, chain: Chain, name: str) -> str:
        if name == "":
            raise Refused("a name is needed")
        chain.put_state("kept", name)
        return name
"""
CHECKS = """
[identities.centre]
organisation = "centre.example"
role = "admin"

[[scenario]]
key = "keep"
title = { en = "Keep", zh-hans = "保管" }
install = { by = "centre" }

[[scenario.step]]
key = "one"
by = "centre"
call = "keep"
args = { name = "box" }

[[scenario.step.expect]]
key = "kept"
title = { en = "Kept", zh-hans = "已保管" }
status = "ok"
writes = { kept = "box" }
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course with a ledger, its contract replaced by one that is quick to try."""
    folder = tmp_path / "ledger-course"
    shutil.copytree(HERE / "ledger-course", folder, symlinks=True)
    exercise = folder / "01-records" / "carbon-record"
    exercise.unlink()
    exercise.mkdir()
    starter = SOLUTION.replace('chain.put_state("kept", name)', "pass")
    files = {
        "exercise.toml": EXERCISE,
        "checks.toml": CHECKS,
        "solution.py": SOLUTION,
        "starter.py": starter,
        "wrong-other-key.py": SOLUTION.replace('"kept"', '"keep"'),
        "statement.en.md": "Keep it.\n",
        "statement.zh-hans.md": "请保管。\n",
    }
    for name, text in files.items():
        (exercise / name).write_text(text, encoding="utf-8")
    return folder


def test_what_is_not_noticed_is_named(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match=r"Fewer than 85 % .* carbon-record \(python\)"):
        call_command("mutants", str(course))
    said = capsys.readouterr().out
    assert "exercise carbon-record, python: " in said
    assert "not noticed: solution.py:9 " in said


def test_an_author_may_ask_for_less(course: Path) -> None:
    call_command("mutants", str(course), least=0.0)
