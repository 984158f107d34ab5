"""Compile locale/*/LC_MESSAGES/*.po with Babel, so that no gettext is needed on the machine."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_all() -> None:
    for source in sorted(LOCALE.rglob("*.po")):
        with source.open("rb") as opened:
            catalogue = read_po(opened, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


if __name__ == "__main__":
    compile_all()
