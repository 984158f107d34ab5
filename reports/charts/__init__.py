"""Charts as SVG geometry, computed on the server: they print, and need no script and no style.

A chart is data for templates/reports/; it holds numbers and words, never markup.
"""

from __future__ import annotations

from reports.charts.fans import FanChart, fan_chart
from reports.charts.lines import LineChart, Tick, round_up, step_chart
from reports.charts.tiles import Place, TileMap, tile_map

__all__ = [
    "FanChart",
    "LineChart",
    "Place",
    "Tick",
    "TileMap",
    "fan_chart",
    "round_up",
    "step_chart",
    "tile_map",
]
