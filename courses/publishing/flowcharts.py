"""`flowchart LR|TD`: boxes and arrows, laid out in layers along the arrows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from courses.publishing.drawing import (
    LINE_HEIGHT,
    BadDiagram,
    Point,
    canvas,
    element,
    stroke,
    text,
    width_of,
    words_of,
)

_NODE = re.compile(
    r"(?P<name>\w+)(?:(?P<open>\(\[|\(\(|\[|\(|\{)(?P<label>\"[^\"]*\"|[^\[\](){}|]*)"
    r"(?P<close>\]\)|\)\)|\]|\)|\}))?"
)
_CLOSED_BY = {"[": "]", "(": ")", "{": "}", "((": "))", "([": "])"}
_ARROW = re.compile(
    r" *(?:(?P<plain>-->|---|-\.->|-\.-|==>|===)(?: *\|(?P<label>[^|]*)\|)?"
    r"|(?P<tail>--|-\.|==) +(?P<inner>[^-=|.][^|]*?) +(?P<head>-->|---|\.->|\.-|==>|===)) *"
)
_GAP = 28.0
_ROUND = 22.0


@dataclass(slots=True)
class _Box:
    words: list[str]
    shape: str = "["
    layer: int = 0
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        extra = {"{": 56, "((": 36}.get(self.shape, 28)
        return max(40, *(width_of(line) for line in self.words)) + extra

    @property
    def height(self) -> float:
        extra = {"{": 40, "((": 36}.get(self.shape, 18)
        return LINE_HEIGHT * len(self.words) + extra


@dataclass(frozen=True, slots=True)
class _Edge:
    one: str
    two: str
    style: str
    words: list[str]


@dataclass(slots=True)
class _Chart:
    boxes: dict[str, _Box] = field(default_factory=dict)
    edges: list[_Edge] = field(default_factory=list)


def draw_flowchart(lines: list[tuple[int, str]], *, across: bool, label: str) -> str:
    """The chart of these numbered lines; `across`: from left to right. Raises `BadDiagram`."""
    chart = _Chart()
    for number, line in lines:
        _read_line(chart, line.rstrip("; "), number)
    if not chart.boxes:
        raise BadDiagram(1, "A flowchart needs at least one box.")
    _set_layers(chart)
    arrow = "a" + hashlib.sha256(repr((chart, across)).encode()).hexdigest()[:8]
    _place(chart, across=across)
    edges = [_draw_edge(chart, edge, arrow, across=across) for edge in chart.edges]
    parts = [part for part, _ in edges] + [_draw_box(box) for box in chart.boxes.values()]
    points = [point for _, drawn in edges for point in drawn]
    for box in chart.boxes.values():
        points += [
            (box.x - box.width / 2, box.y - box.height / 2),
            (box.x + box.width / 2, box.y + box.height / 2),
        ]
    return canvas(parts, points, label=label or _described(chart), arrow=arrow)


def _read_line(chart: _Chart, line: str, number: int) -> None:
    """`A[words] -->|words| B --> C`."""
    at, before, waiting = 0, "", None
    while at < len(line):
        node = _NODE.match(line, at)
        if node is None or (node["open"] and _CLOSED_BY[node["open"]] != node["close"]):
            raise BadDiagram(number, f"`{line[at:]}`: expected a box, as in A[words].")
        name = node["name"]
        known = chart.boxes.setdefault(name, _Box([name]))
        if node["open"]:
            known.words, known.shape = words_of(node["label"]), node["open"]
        if waiting is not None:
            style = waiting["plain"] or waiting["tail"] + waiting["head"]
            words = words_of(waiting["label"] or waiting["inner"] or "")
            chart.edges.append(_Edge(before, name, style, [word for word in words if word]))
        at, before = node.end(), name
        if at == len(line):
            return
        waiting = _ARROW.match(line, at)
        if waiting is None:
            raise BadDiagram(number, f"`{line}`: expected boxes and arrows, as in A[x] --> B.")
        at = waiting.end()
    raise BadDiagram(number, f"`{line}`: the arrow points nowhere.")


def _set_layers(chart: _Chart) -> None:
    """The longest way to each box, arrows that close a circle not counted."""
    forward, order = _without_circles(chart)
    for name in order:
        for after in forward[name]:
            layer = max(chart.boxes[after].layer, chart.boxes[name].layer + 1)
            chart.boxes[after].layer = layer


def _without_circles(chart: _Chart) -> tuple[dict[str, list[str]], list[str]]:
    """Followers of each box but for arrows back, and the boxes in an order that respects them."""
    following: dict[str, list[str]] = {name: [] for name in chart.boxes}
    for edge in chart.edges:
        following[edge.one].append(edge.two)
    forward: dict[str, list[str]] = {name: [] for name in chart.boxes}
    underway: set[str] = set()
    done: list[str] = []

    def visit(name: str) -> None:
        underway.add(name)
        for after in following[name]:
            if after in underway:
                continue
            forward[name].append(after)
            if after not in done:
                visit(after)
        underway.discard(name)
        done.append(name)

    for name in chart.boxes:
        if name not in done:
            visit(name)
    return forward, done[::-1]


def _place(chart: _Chart, *, across: bool) -> None:
    """Give every box its centre."""
    layers: list[list[str]] = [[] for _ in range(1 + max(b.layer for b in chart.boxes.values()))]
    for name, box in chart.boxes.items():
        layers[box.layer].append(name)
    before: dict[str, list[str]] = {name: [] for name in chart.boxes}
    for edge in chart.edges:
        if chart.boxes[edge.one].layer < chart.boxes[edge.two].layer:
            before[edge.two].append(edge.one)
    rank: dict[str, float] = {}
    for layer in layers:
        layer.sort(
            key=lambda name: (
                sum(rank[one] for one in before[name]) / len(before[name]) if before[name] else 0.0
            )
        )
        rank.update({name: (index + 0.5) / len(layer) for index, name in enumerate(layer)})
    breadths = [
        sum(_breadth(chart.boxes[name], across=across) + _GAP for name in layer) - _GAP
        for layer in layers
    ]
    depth = 0.0
    for index, layer in enumerate(layers):
        thick = max(_depth(chart.boxes[name], across=across) for name in layer)
        along = (max(breadths) - breadths[index]) / 2
        for name in layer:
            box = chart.boxes[name]
            breadth = _breadth(box, across=across)
            centre = (depth + thick / 2, along + breadth / 2)
            box.x, box.y = centre if across else centre[::-1]
            along += breadth + _GAP
        depth += thick + _gap_after(chart, index, across=across)


def _gap_after(chart: _Chart, layer: int, *, across: bool) -> float:
    """Room between two layers: enough for the words on the arrows between them."""
    room = 44.0
    for edge in chart.edges:
        if chart.boxes[edge.one].layer == layer and edge.words:
            words = max(width_of(line) for line in edge.words)
            room = max(room, words + 36 if across else LINE_HEIGHT * len(edge.words) + 36)
    return room


def _breadth(box: _Box, *, across: bool) -> float:
    return box.height if across else box.width


def _depth(box: _Box, *, across: bool) -> float:
    return box.width if across else box.height


def _draw_box(box: _Box) -> str:
    x, y, width, height = box.x - box.width / 2, box.y - box.height / 2, box.width, box.height
    outlines = []
    filled, drawn = ("surface", "currentColor", "none"), ("accent", "none", "currentColor")
    for colour, fill, line in (filled, drawn):
        paint = {"class_": colour, "fill": fill, "stroke": line}
        if box.shape == "{":
            corners = f"M{box.x:.1f} {y:.1f}l{width / 2:.1f} {height / 2:.1f}"
            corners += f"l{-width / 2:.1f} {height / 2:.1f}l{-width / 2:.1f} {-height / 2:.1f}z"
            outlines.append(element("path", d=corners, **paint))
        elif box.shape == "((":
            outlines.append(
                element("ellipse", cx=box.x, cy=box.y, rx=width / 2, ry=height / 2, **paint)
            )
        else:
            rx = {"[": 3.0, "(": 8.0}.get(box.shape, height / 2)
            outlines.append(element("rect", x=x, y=y, width=width, height=height, rx=rx, **paint))
    return "".join(outlines) + text(box.words, box.x, box.y)


def _draw_edge(chart: _Chart, edge: _Edge, arrow: str, *, across: bool) -> tuple[str, list[Point]]:
    """An arrow with its words, and points that it reaches."""
    one, two = chart.boxes[edge.one], chart.boxes[edge.two]
    if two.layer - one.layer == 1:
        path, middle = _straight(one, two, across=across)
    else:
        path, middle = _round(chart, one, two, across=across)
    line = stroke(
        path,
        arrow=arrow if edge.style.endswith(">") else "",
        dashed="." in edge.style,
        heavy="=" in edge.style,
    )
    if not edge.words:
        return line, [middle]
    x, y = middle
    outwards = 1 if two.layer > one.layer else -1
    width = max(width_of(words) for words in edge.words)
    height = LINE_HEIGHT * len(edge.words)
    if across:
        y -= outwards * (4 + height / 2)
    else:
        x += outwards * (8 + width / 2)
    corners = [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    return line + text(edge.words, x, y), [middle, *corners]


def _straight(one: _Box, two: _Box, *, across: bool) -> tuple[str, Point]:
    """From a box to one in the next layer: the path, and its middle."""
    if across:
        x1, y1, x2, y2 = one.x + one.width / 2, one.y, two.x - two.width / 2, two.y
        x = (x1 + x2) / 2
        curve = f"C{x:.1f} {y1:.1f} {x:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    else:
        x1, y1, x2, y2 = one.x, one.y + one.height / 2, two.x, two.y - two.height / 2
        y = (y1 + y2) / 2
        curve = f"C{x1:.1f} {y:.1f} {x2:.1f} {y:.1f} {x2:.1f} {y2:.1f}"
    return f"M{x1:.1f} {y1:.1f}{curve}", ((x1 + x2) / 2, (y1 + y2) / 2)


def _round(chart: _Chart, one: _Box, two: _Box, *, across: bool) -> tuple[str, Point]:
    """Back, to the same layer, or over several: round everything that stands between.

    Forwards above (or to the right), backwards below (or to the left).
    """
    first, last = sorted((one.layer, two.layer))
    between = [box for box in chart.boxes.values() if first <= box.layer <= last]
    side = -1 if one.layer < two.layer else 1
    if across:
        edges = [box.y + side * box.height / 2 for box in between]
        y = (max(edges) if side > 0 else min(edges)) + side * _ROUND
        y1, y2 = one.y + side * one.height / 2, two.y + side * two.height / 2
        turn = y + side * (abs(y - y1) + abs(y - y2)) / 6
        curve = f"C{one.x:.1f} {turn:.1f} {two.x:.1f} {turn:.1f} {two.x:.1f} {y2:.1f}"
        return f"M{one.x:.1f} {y1:.1f}{curve}", ((one.x + two.x) / 2, y)
    edges = [box.x - side * box.width / 2 for box in between]
    x = (min(edges) if side > 0 else max(edges)) - side * _ROUND
    x1, x2 = one.x - side * one.width / 2, two.x - side * two.width / 2
    turn = x - side * (abs(x - x1) + abs(x - x2)) / 6
    curve = f"C{turn:.1f} {one.y:.1f} {turn:.1f} {two.y:.1f} {x2:.1f} {two.y:.1f}"
    return f"M{x1:.1f} {one.y:.1f}{curve}", (x, (one.y + two.y) / 2)


def _described(chart: _Chart) -> str:
    def said(name: str) -> str:
        return " ".join(chart.boxes[name].words)

    if not chart.edges:
        return ", ".join(map(said, chart.boxes))
    return "; ".join(
        f"{said(edge.one)} → {said(edge.two)}"
        + (f" ({' '.join(edge.words)})" if edge.words else "")
        for edge in chart.edges
    )
