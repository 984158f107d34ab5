"""One run of a compiler in a jail, and what it said about the learner's files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from chains.chainmaker.toolchains import Toolchain
from chains.types import Diagnostic, NotCompiled
from sandbox import jails
from sandbox.jails import Finished, Jail
from sandbox.types import BoxBroken

Compiled = tuple[bytes, tuple[Diagnostic, ...]]
"""A module and the warnings about its sources."""

MOST_DIAGNOSTICS = 30
MOST_MESSAGE = 600
_SECONDS = 20
_MEMORY_BYTES = 1 << 30
_OUTPUT_BYTES = 1 << 20
_FOLDERS = re.compile(r"(?<![\w.])/(?:[\w.+@!~-]+/)+")


def run(
    toolchain: Toolchain,
    command: Sequence[str],
    *,
    files: Mapping[str, bytes],
    makes: str,
    beside: Sequence[str] = (),
    mounts: Mapping[str, Path] | None = None,
    memory_bytes: int = _MEMORY_BYTES,
) -> Finished:
    """The command on these files, and the file that it `makes`, with those `beside` it.

    Raises `Stopped` when it ran over its limits, and `BoxBroken`.
    """
    jail = Jail(
        tuple(command),
        {**toolchain.mounts, **(mounts or {})},
        {"TMPDIR": "/tmp", **toolchain.environment},  # noqa: S108 - in its own root
        memory_bytes=memory_bytes,
        cpu_seconds=_SECONDS,
        proc=toolchain.proc,
    )
    return jails.run(
        jail,
        files=files,
        collect=[makes, *beside],
        wall_seconds=2.0 * _SECONDS,
        output_bytes=_OUTPUT_BYTES,
    )


def product(finished: Finished, makes: str, diagnostics: Sequence[Diagnostic]) -> Compiled:
    """What was made, with the warnings. Raises `NotCompiled` when the compiler was not content."""
    if finished.exit_code == 0 and makes in finished.files:
        return finished.files[makes], tuple(diagnostics[:MOST_DIAGNOSTICS])
    errors = [found for found in diagnostics if found.severity == "error"]
    if not errors:
        errors = [Diagnostic("error", clean(_last_words(finished)))]
    raise NotCompiled(errors[:MOST_DIAGNOSTICS])


def _last_words(finished: Finished) -> str:
    """What is left to say when a compiler gave no diagnostic."""
    if finished.exit_code < 0:
        return (
            f"the compiler was ended by signal {-finished.exit_code}: "
            "the text is nested too deeply for it"
        )
    return f"the compiler gave up: {finished.output.strip()[-MOST_MESSAGE:]}"


def part(finished: Finished, makes: str) -> bytes:
    """What was made of our own sources. Raises `BoxBroken`: they are no learner's."""
    if finished.exit_code == 0 and makes in finished.files:
        return finished.files[makes]
    raise BoxBroken(f"our own part of contracts was not compiled: {finished.output[:MOST_MESSAGE]}")


def clean(message: str) -> str:
    """A message without the folders of the jail, and not too long."""
    return _FOLDERS.sub("", message.strip())[:MOST_MESSAGE]


def place(name: str, sources: Collection[str]) -> str:
    """The learner's file that a compiler means by `name`; '' for any other file."""
    name = name.removeprefix("./")
    return name if name in sources else ""


def encoded(sources: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in sources.items()}
