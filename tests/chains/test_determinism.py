"""The same contract, calls and seed tell the same story, byte for byte, wherever they run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox
from chains.engines import Engines, open_engines
from chains.types import Artefact
from sandbox.types import Unavailable
from tests.chains import runs

ROOT = Path(__file__).resolve().parents[2]
RUNS = 20


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    boxes = sandbox.open_boxes()
    opened = open_engines(boxes)
    yield opened
    opened.close()
    boxes.close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What another process tells, whose hash seed is another and whose cache is empty."""
    environment = {
        **os.environ,
        "CHAINWRIGHT_CACHE": str(tmp_path_factory.mktemp("cache")),
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Shanghai",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.chains.runs"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def compiled(engines: Engines, case: tuple[str, str, str]) -> Artefact:
    try:
        return runs.compiled(engines, *case)
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)


def kill_host(engine: Any) -> None:
    """End the daemon that holds the ledgers, from outside. The on-ramp has none."""
    holder = getattr(engine, "_host", None) or getattr(engine, "_chains", None)
    if holder is not None:
        holder._daemon._enclosed.process.kill()
        holder._daemon._enclosed.process.wait()


@pytest.mark.parametrize("case", runs.CASES, ids=" ".join)
def test_twenty_runs_tell_one_story(engines: Engines, case: tuple[str, str, str]) -> None:
    artefact = compiled(engines, case)
    name, _, profile = case
    found = {runs.told(engines, name, profile, artefact) for _ in range(RUNS - 1)}
    kill_host(engines.engine(name))
    found.add(runs.told(engines, name, profile, artefact))
    assert len(found) == 1


@pytest.mark.parametrize("case", runs.CASES, ids=" ".join)
def test_another_process_tells_the_same(
    engines: Engines, elsewhere: dict[str, str], case: tuple[str, str, str]
) -> None:
    artefact = compiled(engines, case)
    assert runs.told(engines, case[0], case[2], artefact) == elsewhere[" ".join(case)]
