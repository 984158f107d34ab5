"""A map of China as a grid of equal tiles, one for each province, where it roughly lies.

Drawn by us: no outline of any border is used, and a small province is as easy to see as a large
one. Provinces are named by the letters of GB/T 2260 and by their one-letter names in Chinese where
there is no room for more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise

from accounts.models import Province
from reports.charts.lines import round_up

GRID: Mapping[str, tuple[int, int]] = {
    Province.HEILONGJIANG: (8, 0),
    Province.INNER_MONGOLIA: (5, 1),
    Province.BEIJING: (6, 1),
    Province.LIAONING: (7, 1),
    Province.JILIN: (8, 1),
    Province.XINJIANG: (0, 2),
    Province.QINGHAI: (1, 2),
    Province.GANSU: (2, 2),
    Province.NINGXIA: (3, 2),
    Province.SHANXI: (4, 2),
    Province.HEBEI: (5, 2),
    Province.TIANJIN: (6, 2),
    Province.TIBET: (1, 3),
    Province.SICHUAN: (2, 3),
    Province.SHAANXI: (3, 3),
    Province.HENAN: (4, 3),
    Province.SHANDONG: (5, 3),
    Province.CHONGQING: (3, 4),
    Province.HUBEI: (4, 4),
    Province.ANHUI: (5, 4),
    Province.JIANGSU: (6, 4),
    Province.SHANGHAI: (7, 4),
    Province.YUNNAN: (2, 5),
    Province.GUIZHOU: (3, 5),
    Province.HUNAN: (4, 5),
    Province.JIANGXI: (5, 5),
    Province.ZHEJIANG: (6, 5),
    Province.GUANGXI: (3, 6),
    Province.GUANGDONG: (4, 6),
    Province.FUJIAN: (5, 6),
    Province.TAIWAN: (7, 6),
    Province.HAINAN: (3, 7),
    Province.MACAO: (4, 7),
    Province.HONG_KONG: (5, 7),
}
"""Column and row of each tile."""

SHORT: Mapping[str, tuple[str, str]] = {
    Province.BEIJING: ("BJ", "京"),
    Province.TIANJIN: ("TJ", "津"),
    Province.HEBEI: ("HE", "冀"),
    Province.SHANXI: ("SX", "晋"),
    Province.INNER_MONGOLIA: ("NM", "蒙"),
    Province.LIAONING: ("LN", "辽"),
    Province.JILIN: ("JL", "吉"),
    Province.HEILONGJIANG: ("HL", "黑"),
    Province.SHANGHAI: ("SH", "沪"),
    Province.JIANGSU: ("JS", "苏"),
    Province.ZHEJIANG: ("ZJ", "浙"),
    Province.ANHUI: ("AH", "皖"),
    Province.FUJIAN: ("FJ", "闽"),
    Province.JIANGXI: ("JX", "赣"),
    Province.SHANDONG: ("SD", "鲁"),
    Province.HENAN: ("HA", "豫"),
    Province.HUBEI: ("HB", "鄂"),
    Province.HUNAN: ("HN", "湘"),
    Province.GUANGDONG: ("GD", "粤"),
    Province.GUANGXI: ("GX", "桂"),
    Province.HAINAN: ("HI", "琼"),
    Province.CHONGQING: ("CQ", "渝"),
    Province.SICHUAN: ("SC", "川"),
    Province.GUIZHOU: ("GZ", "黔"),
    Province.YUNNAN: ("YN", "滇"),
    Province.TIBET: ("XZ", "藏"),
    Province.SHAANXI: ("SN", "陕"),
    Province.GANSU: ("GS", "甘"),
    Province.QINGHAI: ("QH", "青"),
    Province.NINGXIA: ("NX", "宁"),
    Province.XINJIANG: ("XJ", "新"),
    Province.TAIWAN: ("TW", "台"),
    Province.HONG_KONG: ("HK", "港"),
    Province.MACAO: ("MO", "澳"),
}
"""Letters of GB/T 2260, and the one-letter name."""

SHADES = 5
TILE_WIDTH, TILE_HEIGHT, GAP = 104, 72, 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One province on the map. Positions are in the units of the view box."""

    province: str
    name: str | Promise
    short: str
    x: int
    y: int
    center: float
    shade: int
    """1 (little) to `SHADES`; 0 for none at all; -1 for what is not shown."""
    figure: str
    """What stands on it."""
    words: str
    """All that it says, as a sentence."""
    link: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shade:
    """One step of the legend: from `low` to `high`, the upper end not included."""

    number: int
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The map with its legend."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    tiles: Sequence[Tile]
    shades: Sequence[Shade]


@dataclass(frozen=True, slots=True)
class Place:
    """What the map is to say of a province. `density` shades it; None is not shown."""

    province: str
    density: float | None
    figure: str
    words: str
    link: str = ""
    is_chosen: bool = False


def tile_map(places: Sequence[Place], *, is_chinese: bool) -> TileMap:
    """The map of these places; a province that is not among them has no tile."""
    steps = steps_of([place.density for place in places if place.density])
    tiles = []
    for place in places:
        column, row = GRID[place.province]
        x, y = column * (TILE_WIDTH + GAP), row * (TILE_HEIGHT + GAP)
        tiles.append(
            Tile(
                place.province,
                Province(place.province).label,
                SHORT[place.province][is_chinese],
                x,
                y,
                x + TILE_WIDTH / 2,
                shade(place.density, steps),
                place.figure,
                place.words,
                place.link,
                place.is_chosen,
            )
        )
    return TileMap(
        9 * (TILE_WIDTH + GAP) - GAP,
        8 * (TILE_HEIGHT + GAP) - GAP,
        TILE_WIDTH,
        TILE_HEIGHT,
        tiles,
        [
            Shade(number, f"{low:g}", f"{high:g}")
            for number, (low, high) in enumerate(pairwise(steps), start=1)
        ],
    )


def shade(density: float | None, steps: Sequence[float]) -> int:
    """The step of the legend that a density falls into."""
    if density is None:
        return -1
    if density <= 0:
        return 0
    return min(SHADES, bisect_right(steps, density))


def steps_of(densities: Sequence[float]) -> list[float]:
    """From 0 to a round number above all: each of the `SHADES` steps holds as many provinces, so
    that one far ahead does not make the others alike. Even steps where there are few."""
    known = sorted(densities)
    top = round_up(known[-1] * 1000) / 1000 if known else 1.0
    if len(known) >= 2 * SHADES:
        cuts = [known[len(known) * part // SHADES] for part in range(1, SHADES)]
        steps = [0.0, *(float(f"{cut:.2g}") for cut in cuts), top]
        if all(low < high for low, high in pairwise(steps)):
            return steps
    return [top * part / SHADES for part in range(SHADES + 1)]
