"""What report templates need to say what a figure means."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reports.charts.tiles import Tile, TileMap
from reports.definitions import DEFINITIONS, Definition
from reports.nation.scopes import PROVINCES
from reports.tables import Cell

register = template.Library()


@register.filter
def province_words(code: str) -> str:
    """The name of a province; of who did not say, "Not said"."""
    return str(dict(PROVINCES)[code])


@register.simple_tag
def definition(key: str) -> Definition:
    """The definition of a figure, by its key in reports/definitions.py."""
    return DEFINITIONS[key]


@register.simple_tag
def table_rows(rows: Sequence[Sequence[Cell]]) -> SafeString:
    """The rows of a report table, the first cell of each as its head.

    In Python, because a gradebook has thousands of cells, and a template takes ten times as long.
    """
    written: dict[int, str] = {}
    lines = "\n".join(f"<tr>{_row(row, written)}</tr>" for row in rows)
    return mark_safe(lines)  # noqa: S308  # every part is escaped below


@register.simple_tag
def table_cells(row: Sequence[Cell]) -> SafeString:
    """The cells of one row alone."""
    return mark_safe(_row(row, {}))  # noqa: S308  # every part is escaped below


@register.simple_tag
def map_tiles(tiles: TileMap) -> SafeString:
    """The tiles of a map, each with its name, its figure and a short name for phones.

    In Python for the same reason.
    """
    return format_html_join("", "{}", ((_tile(tiles, tile),) for tile in tiles.tiles))


def _tile(tiles: TileMap, tile: Tile) -> SafeString:
    begin, end = (
        (format_html('<a href="{}#part">', tile.link), "</a>")
        if tile.link
        else (format_html('<g role="img" aria-label="{}">', tile.words), "</g>")
    )
    look = f"tile tile-{tile.shade}" + (" tile-chosen" if tile.is_chosen else "")
    return format_html(
        '{}<title>{}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"{}/>{}{}',
        begin,
        tile.words,
        look,
        tile.x,
        tile.y,
        tiles.tile_width,
        tiles.tile_height,
        mark_safe(' fill="url(#few)"') if tile.shade == -1 else "",  # our own text
        format_html_join(
            "",
            '<text class="tile-{} tile-ink-{}" x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (part, tile.shade, tile.center, tile.y + below, words)
                for part, below, words in (
                    ("name", 30, tile.name),
                    ("figure", 54, tile.figure),
                    ("short", 49, tile.short),
                )
            ),
        ),
        mark_safe(end),  # noqa: S308  # our own text
    )


def _row(row: Sequence[Cell], written: dict[int, str]) -> str:
    """`written`: what stands for each cell, by its identity. Rows share those that are the same."""
    first, *others = row
    parts = [f'<th scope="row"{_look(first)}>{_inside(first)}</th>']
    for cell in others:
        if id(cell) not in written:
            written[id(cell)] = f"<td{_look(cell)}>{_inside(cell)}</td>"
        parts.append(written[id(cell)])
    return "".join(parts)


def _inside(cell: Cell) -> str:
    return f"{_choice(cell)}{_value(cell)}{_words(cell)}"


def _look(cell: Cell) -> str:
    names = ["number"] if cell.is_numeric else []
    if cell.mark is not None:
        names.append(cell.mark.name)
    return f' class="{" ".join(names)}"' if names else ""  # our own words


def _choice(cell: Cell) -> str:
    if not cell.choice:
        return ""
    box = '<input class="table-choice" type="checkbox" name="person" value="{}" aria-label="{}">'
    return format_html(box, cell.choice, cell.text)


def _value(cell: Cell) -> str:
    if cell.reason:
        said = (
            '<span class="suppressed" title="{}">{}<span class="visually-hidden"> {}</span></span>'
        )
        return format_html(said, cell.reason, cell.text, cell.reason)
    if cell.link:
        return format_html('<a href="{}">{}</a>', cell.link, cell.text)
    return escape(cell.text)


def _words(cell: Cell) -> str:
    if cell.mark is None or not cell.mark.words:
        return ""
    return format_html('<span class="visually-hidden"> {}</span>', cell.mark.words)
