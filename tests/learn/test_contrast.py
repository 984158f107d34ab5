"""Every pair of colours that meet can be read: WCAG 2.2 AA, worked out from tokens.css itself."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")

GROUNDS = ("paper", "surface", "raised")
WORDS = ("ink", "muted", "accent", "accent-strong", "good", "bad", "warn")
CODE = ("code-keyword", "code-string", "code-number", "code-name", "code-comment")

TEXT_PAIRS = [
    *product(WORDS, GROUNDS),
    *product(CODE, ("surface", "paper")),
    *(
        (word, f"{tone}-wash")
        for tone in ("accent", "good", "bad", "warn")
        for word in ("ink", tone)
    ),
    ("muted", "accent-wash"),
    ("accent-strong", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
"""(text, ground): at least 4.5 to 1."""
EDGE_PAIRS = [("line-strong", "paper"), ("line-strong", "raised"), ("accent", "line")]
"""Edges of controls, and the two parts of a progress line: at least 3 to 1."""


def block(selector: str) -> dict[str, str]:
    """The tokens that the first rule of a selector sets."""
    text = TOKENS.read_text(encoding="utf-8")
    _, _, rest = text.partition(f"{selector} {{")
    return {
        name: " ".join(value.split()) for name, value in DECLARATION.findall(rest.split("}")[0])
    }


LIGHT = block(":root")
DARK = block(':root[data-theme="dark"]')
DARK_BY_DEVICE = block(':root:not([data-theme="light"])')


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_two_dark_themes_are_one() -> None:
    assert DARK == DARK_BY_DEVICE


def test_dark_says_every_colour_anew() -> None:
    colours = {name for name, value in LIGHT.items() if value.startswith("#")}
    assert {name for name, value in DARK.items() if value.startswith("#")} == colours


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(theme: dict[str, str]) -> None:
    faint = {
        f"{word} on {ground}": round(ratio(theme[word], theme[ground]), 2)
        for word, ground in TEXT_PAIRS
        if ratio(theme[word], theme[ground]) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", EDGE_PAIRS, ids=" on ".join)
def test_edges_can_be_seen(theme: dict[str, str], edge: tuple[str, str]) -> None:
    assert ratio(theme[edge[0]], theme[edge[1]]) >= 3


def test_no_style_sheet_names_a_colour_of_its_own() -> None:
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
    # Paper is white, and the square that a camera reads must be, whatever the theme.
    allowed = {"tokens.css", "print.css", "account.css"}
    found = {
        sheet.name: colours
        for sheet in sorted(TOKENS.parent.glob("*.css"))
        if sheet.name not in allowed and (colours := named.findall(sheet.read_text("utf-8")))
    }
    assert found == {}
