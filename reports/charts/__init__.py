"""Charts as SVG geometry, computed on the server: they print, and need no script and no style.

A chart is data for templates/reports/; it holds numbers and words, never markup.
"""

from __future__ import annotations

from reports.charts.lines import LineChart, Tick, round_up, step_chart

__all__ = ["LineChart", "Tick", "round_up", "step_chart"]
