"""Diagrams in a subset of Mermaid's words, drawn at publish: no browser, no script, no style.

Mermaid itself needs a browser, and the ports that do not write `<style>` into what they draw, which
our pages do not allow. docs/course-format.md says which words are known; others are refused.
"""

from __future__ import annotations

from courses.publishing.drawing import BadDiagram
from courses.publishing.flowcharts import draw_flowchart
from courses.publishing.sequences import draw_sequence

__all__ = ["BadDiagram", "draw"]


def draw(source: str) -> str:
    """The diagram as one inline `<svg role="img">`. Raises `BadDiagram`."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(source.split("\n"), start=1)
        if line.strip() and not line.strip().startswith("%%")
    ]
    if not lines:
        raise BadDiagram(1, "This diagram is empty.")
    number, first = lines[0]
    label = ""
    rest = []
    for at, line in lines[1:]:
        if line.startswith("accTitle:"):
            label = line.removeprefix("accTitle:").strip()
        else:
            rest.append((at, line))
    words = first.split()
    if words[0] in {"flowchart", "graph"}:
        if words[1:] not in (["LR"], ["TD"], ["TB"]):
            raise BadDiagram(number, "A flowchart's direction is LR or TD.")
        return draw_flowchart(rest, across=words[1] == "LR", label=label)
    if words == ["sequenceDiagram"]:
        return draw_sequence(rest, label=label)
    raise BadDiagram(number, f"`{first}`: only flowchart and sequenceDiagram can be drawn.")
