"""Translatable strings: collected from the code and the templates into locale/, and compiled.

Babel does the work, so that no gettext is needed on the machine:

    python -m dev.messages collect     new strings into the .po files, vanished ones out
    python -m dev.messages compile     .po → .mo
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
ROOMS = (
    "accounts",
    "analysis",
    "authoring",
    "config",
    "courses",
    "grading",
    "interop",
    "learn",
    "organisations",
    "reports",
    "teach",
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def collect() -> Catalog:
    """Every string of the product that is marked for translation."""
    catalogue = Catalog(charset="utf-8")
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            _add(catalogue, path, path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            text = templatize(path.read_text(encoding="utf-8"), origin=path.as_posix())
            # What templatize leaves is a row of calls; its indentation means nothing.
            _add(catalogue, path, "\n".join(map(str.strip, text.splitlines())).encode())
    return catalogue


def _add(catalogue: Catalog, path: Path, source: bytes) -> None:
    found = extract("python", io.BytesIO(source), keywords=KEYWORDS, comment_tags=("Translators:",))
    where = path.relative_to(ROOT).as_posix()
    for line, message, comments, context in found:
        catalogue.add(message, None, [(where, line)], auto_comments=comments, context=context)


def read(path: Path) -> Catalog:
    """A .po file; a malformed one stops with its line."""
    with path.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def update() -> None:
    """Bring every .po file up to date with the code."""
    collected = collect()
    for path in sorted(LOCALE.rglob("*.po")):
        catalogue = read(path)
        catalogue.update(collected, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as target:
            write_po(target, catalogue, width=0, no_location=True, sort_output=True)


def compile_all() -> None:
    """Write each .mo file beside its .po file."""
    for source in sorted(LOCALE.rglob("*.po")):
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, read(source))


if __name__ == "__main__":
    {"collect": update, "compile": compile_all}[sys.argv[1]]()
