"""Every interactive figure that a lesson may name has its script, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

from courses.figures import FIGURES

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js" / "figures"


def test_every_figure_is_defined_by_the_script_of_its_name() -> None:
    defined = {
        (script.stem, name)
        for script in SCRIPTS.glob("*.js")
        for name in re.findall(
            r"customElements\.define\(\s*\"cw-([\w-]+)\"", script.read_text("utf-8")
        )
    }
    assert defined == {(name, name) for name in FIGURES}
