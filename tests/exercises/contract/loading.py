"""Exercise folders as specs, as the loader of courses makes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises.contract.folder import parts_of

EXAMPLES = Path(__file__).parent / "examples"


def spec_of(folder: Path) -> dict[str, Any]:
    return spec_from(
        {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    )


def spec_from(files: Mapping[str, str]) -> dict[str, Any]:
    exercise = tomllib.loads(files["exercise.toml"])
    spec: dict[str, Any] = exercise["spec"]
    spec["vary"] = [list(pair) for pair in exercise.get("vary", {}).items()]
    spec["checks"] = tomllib.loads(files["checks.toml"])
    return spec | parts_of(files, spec["languages"], spec.get("files", {}))
