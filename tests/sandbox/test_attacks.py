"""Every attack on every lane, as whoever runs the tests and as an unprivileged user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox import Unavailable
from sandbox.attacks import ATTACKS, Attack
from sandbox.boxes import Lane
from sandbox.canaries import bait
from sandbox.lanes import LANES
from sandbox.trial import Trial

pytestmark = pytest.mark.slow

SYSTEM_PYTHON = Path("/usr/bin/python3.11")
NOBODY = 65_432


def test_the_suite_is_as_large_as_we_say() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 110


@pytest.fixture(scope="module", params=LANES)
def trial(request: pytest.FixtureRequest) -> Iterator[Trial]:
    try:
        lane = Lane(request.param)
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    with bait() as laid:
        yield Trial(lane, laid)
    lane.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_held(trial: Trial, attack: Attack) -> None:
    assert trial.judge(attack).failure == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="no Python that every user can run")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
def test_all_attacks_are_held_for_an_unprivileged_user() -> None:
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    source = Path(sandbox.__file__).parent.parent
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{source}:{packages}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    checks = {
        lane: subprocess.Popen(
            [*become, str(SYSTEM_PYTHON), "-m", "sandbox.check", "--lane", lane],
            env=environment,
            cwd="/",
            stdout=subprocess.PIPE,
            text=True,
        )
        for lane in LANES
    }
    said = {lane: check.communicate()[0] for lane, check in checks.items()}
    for lane, check in checks.items():
        lines = said[lane].splitlines()
        assert [line for line in lines if " BREACH " in line] == []
        assert lines[-1] == f"{len(ATTACKS) + 2} rows, 0 breaches; lanes that hold: {lane}"
        assert check.returncode == 0
