"""Boxes of authors' programs, kept open from one use to the next."""

from __future__ import annotations

import pytest

from sandbox import Limits, Returned, Stopped, Value, kept, open_boxes
from sandbox import boxes as boxes_module
from sandbox.boxes import LaneBoxes

COUNTER = {"checks.py": "count = 0\ndef f():\n    global count\n    count += 1\n    return count"}


def count(boxes: LaneBoxes, files: dict[str, str] = COUNTER, **how: Limits) -> Value:
    with boxes.open(files, main="checks.py", trusted=True, **how) as box:
        assert isinstance(box.load(), Returned)
        answer = box.call("f")
        assert isinstance(answer, Returned)
        return answer.value


def test_the_same_program_finds_its_box_again(boxes: LaneBoxes) -> None:
    forked = boxes.lane.server.forked
    files = {"checks.py": COUNTER["checks.py"] + "\n# again"}
    assert [count(boxes, files) for _ in range(3)] == [1, 2, 3]
    assert boxes.lane.server.forked <= forked + 1


def test_another_program_or_limit_has_another_box(boxes: LaneBoxes) -> None:
    other = {"checks.py": COUNTER["checks.py"] + "\n# other"}
    assert count(boxes, other) == 1
    assert count(boxes, {**other, "more.py": ""}) == 1
    assert count(boxes, other, limits=Limits(cpu_seconds=3)) == 1
    assert count(boxes, other) == 2


def test_two_at_once_have_two_boxes(boxes: LaneBoxes) -> None:
    files = {"checks.py": COUNTER["checks.py"] + "\n# at once"}
    with boxes.open(files, main="checks.py", trusted=True) as first:
        first.load()
        first.call("f")
        assert count(boxes, files) == 1


def test_a_learners_program_never_finds_a_box_again(boxes: LaneBoxes) -> None:
    for _ in range(2):
        with boxes.open(COUNTER, main="checks.py") as box:
            box.load()
            assert box.call("f").value == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "program",
    [
        "count = 0\ndef f():\n    print('said')\n    return 1",
        "import time\ndef f():\n    time.sleep(0.3)\n    return 1",
    ],
    ids=["printed", "tired"],
)
def test_a_box_that_is_not_as_it_was_is_not_used_again(boxes: LaneBoxes, program: str) -> None:
    limits = Limits(wall_seconds=2.0)
    before = boxes.lane.open_boxes
    count(boxes, {"checks.py": program}, limits=limits)
    assert boxes.lane.open_boxes == before


def test_a_box_that_failed_or_was_left_in_the_middle_is_not_used_again(boxes: LaneBoxes) -> None:
    files = {"checks.py": "import os, box\ndef f(): os._exit(0)\ndef g(): return box.ask(1)"}
    before = boxes.lane.open_boxes
    with boxes.open(files, main="checks.py", trusted=True) as box:
        box.load()
        with pytest.raises(Stopped):
            box.call("f")
    assert boxes.lane.open_boxes == before

    def refuse(question: Value) -> Value:
        raise LookupError

    with boxes.open(files, main="checks.py", trusted=True) as box:
        box.load()
        with pytest.raises(LookupError):
            box.call("g", ask=refuse)
    assert boxes.lane.open_boxes == before


def test_few_boxes_wait_and_each_is_used_so_often(
    boxes: LaneBoxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = LaneBoxes(boxes.lane.name)
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    monkeypatch.setattr(kept, "MOST_USES", 3)
    programs = [{"checks.py": f"{COUNTER['checks.py']}\n# {number}"} for number in range(3)]
    assert [count(fresh, program) for program in programs] == [1, 1, 1]
    assert fresh.lane.open_boxes == 2
    assert [count(fresh, programs[2]) for _ in range(3)] == [2, 3, 1]
    assert count(fresh, programs[0]) == 1
    fresh.close()


def test_waiting_boxes_do_not_keep_a_worn_lane(
    boxes: LaneBoxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = open_boxes(lanes=[boxes.lane.name])
    first = fresh.lane
    assert count(fresh) == 1
    monkeypatch.setattr(boxes_module, "BOXES_PER_LANE", 0)
    assert count(fresh) == 1
    assert fresh.lane is not first
    fresh.close()
