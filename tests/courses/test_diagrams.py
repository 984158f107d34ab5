"""Diagrams: what is known is drawn, what is not is refused with its line."""

from __future__ import annotations

import re

import pytest

from courses.publishing.diagrams import BadDiagram, draw
from courses.publishing.sanitise import sanitise

FLOW = """flowchart LR
    A[Block 1] -->|names| B(Block 2)
    B --> C{Valid?}
    C -- yes --> D((End))
    C -.-> A
    %% a remark
    D === E
"""
SEQUENCE = """sequenceDiagram
    participant A as Alice
    participant B as 银行
    A->>B: Pay 10<br/>to Carol
    B-->>A: Receipt
    Note over A,B: Both hold it
    A->>A: Check
"""


def words(svg: str) -> list[str]:
    """The lines of text in a drawing, in the order in which they are drawn."""
    return re.findall(r"<tspan[^>]*>([^<]*)</tspan>", svg)


def test_a_flowchart_has_its_boxes_and_arrows() -> None:
    svg = draw(FLOW)
    assert sorted(words(svg)) == ["Block 1", "Block 2", "E", "End", "Valid?", "names", "yes"]
    assert svg.count("marker-end") == 4
    assert svg.count("stroke-dasharray") == 1
    assert svg.count('stroke-width="2.5"') == 1


def test_boxes_of_a_flowchart_stand_along_its_direction() -> None:
    across = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', draw("graph LR\nA-->B-->C"))]
    down = [
        float(y) for y in re.findall(r'<rect x="[\d.]+" y="([\d.]+)"', draw("graph TD\nA-->B-->C"))
    ]
    assert across == sorted(across)
    assert down == sorted(down)
    assert len(set(across)) == len(set(down)) == 3


def test_a_sequence_has_its_messages_in_order() -> None:
    assert words(draw(SEQUENCE)) == [
        "Alice", "银行", "Pay 10", "to Carol", "Receipt", "Both hold it", "Check",
    ]  # fmt: skip


@pytest.mark.parametrize("source", [FLOW, SEQUENCE])
def test_a_drawing_survives_sanitising_and_holds_no_style(source: str) -> None:
    svg = draw(source)
    assert sanitise(svg) == svg
    assert "style" not in svg


@pytest.mark.parametrize("source", [FLOW, SEQUENCE])
def test_nothing_is_drawn_outside_of_the_canvas(source: str) -> None:
    svg = draw(source)
    box = re.search(r'<svg[^>]* viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"', svg)
    assert box is not None
    left, top, width, height = map(int, box.groups())
    for name, least, most in (("x", left, left + width), ("y", top, top + height)):
        places = [float(at) for at in re.findall(rf'<(?:rect|tspan)[^>]* {name}="([-\d.]+)"', svg)]
        assert min(places) >= least
        assert max(places) <= most


def test_a_title_is_what_is_said() -> None:
    assert 'aria-label="Two blocks"' in draw("flowchart LR\naccTitle: Two blocks\nA --> B")
    assert 'aria-label="A → B (x)"' in draw("flowchart LR\nA -->|x| B")


REFUSED = {
    "": (1, "This diagram is empty."),
    "pie": (1, "`pie`: only flowchart and sequenceDiagram can be drawn."),
    "flowchart RL\nA": (1, "A flowchart's direction is LR or TD."),
    "flowchart LR\nA --> B\nsubgraph x": (3, "`subgraph x`"),
    "flowchart LR\nA -->": (2, "`A -->`: the arrow points nowhere."),
    "flowchart LR\nA[x) --> B": (2, "expected a box"),
    "sequenceDiagram\nloop x": (2, "only participant, A->>B: words"),
    "sequenceDiagram": (1, "A sequence needs at least one message."),
}


@pytest.mark.parametrize("source", REFUSED)
def test_refused(source: str) -> None:
    line, message = REFUSED[source]
    with pytest.raises(BadDiagram) as refused:
        draw(source)
    assert refused.value.line == line
    assert message in refused.value.message
