"""Contracts in Rust: one crate of the learner's files, linked with our `contract_sdk_rust`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chains import caches
from chains.chainmaker import compiling, toolchains
from chains.chainmaker.compiling import Compiled
from chains.chainmaker.toolchains import Toolchain
from chains.types import Diagnostic, NotCompiled
from sandbox.types import BoxBroken

OPTIONS = (
    *("--edition", "2021", "--target", "wasm32-unknown-unknown", "-C", "opt-level=s"),
    *("-C", "panic=abort", "-C", "codegen-units=1", "-C", "strip=symbols"),
)
_ROOT = "chainwright_root.rs"
_LIBRARY = "libcontract_sdk_rust.rlib"
_MADE = "contract.wasm"
_READ = "contract.d"
"""Where rustc writes which files it read."""


def compile_sources(sources: Mapping[str, str], toolchain: Toolchain) -> Compiled:
    """The module, and warnings. Raises `NotCompiled`, `Stopped`, `BoxBroken`."""
    files = compiling.encoded(sources)
    files[_LIBRARY] = _library(toolchain)
    root = "lib.rs"
    if root not in sources:
        root = _ROOT
        files[root] = root_source(sources).encode()
    command = [toolchain.programs["rustc"], *toolchain.options, *OPTIONS]
    command += ["--crate-name", "contract", "--crate-type", "cdylib", "--error-format=json"]
    command += ["-C", "linker-flavor=wasm-ld", "-C", f"linker={toolchain.programs['wasm-ld']}"]
    command += ["--extern", f"contract_sdk_rust={_LIBRARY}", root]
    command += ["--emit", f"link={_MADE},dep-info={_READ}"]
    finished = compiling.run(toolchain, command, files=files, makes=_MADE, beside=[_READ])
    made = compiling.product(finished, _MADE, list(diagnostics(finished.output, sources)))
    if foreign := _foreign(finished.files.get(_READ, b"").decode(), {*sources, root}):
        raise NotCompiled(foreign)
    return made


def _foreign(read: str, known: Collection[str]) -> list[Diagnostic]:
    """An error for each file that was taken in and is not the learner's: `include_str!` reads
    whatever stands in the jail, and a contract must be a function of its own sources."""
    names = [line[:-1] for line in read.splitlines() if line.endswith(":")]
    if not set(names) & set(known):
        raise BoxBroken("the compiler did not say which files it read")
    return [
        Diagnostic("error", compiling.clean(f"a contract cannot include {name}: it is not its own"))
        for name in names
        if name not in known
    ]


def root_source(sources: Mapping[str, str]) -> str:
    """The crate that has each of the files as a module, beside the SDK's two."""
    lines = ["pub use contract_sdk_rust::{easycodec, sim_context};"]
    for name in sorted(sources):
        module = name.removesuffix(".rs").replace("-", "_")
        lines += [f'#[path = "{name}"]', f"pub mod r#{module};"]
    return "\n".join(lines) + "\n"


def _library(toolchain: Toolchain) -> bytes:
    """Our SDK, compiled once on this host for this compiler."""
    digest = caches.digest_of(
        part="rust", sdk=toolchains.sdk_digest("rust"), of=toolchain.version, options=OPTIONS
    )
    cache = caches.open_cache("parts")
    if (kept := cache.get_bytes(digest)) is not None:
        return kept
    files = {path.name: path.read_bytes() for path in (toolchains.SDK / "rust").glob("*.rs")}
    command = [toolchain.programs["rustc"], *toolchain.options, *OPTIONS, "--crate-type", "rlib"]
    command += ["--crate-name", "contract_sdk_rust", "-o", _LIBRARY, "lib.rs"]
    made = compiling.part(compiling.run(toolchain, command, files=files, makes=_LIBRARY), _LIBRARY)
    cache.put_bytes(digest, made)
    return made


def diagnostics(output: str, sources: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What rustc said in JSON, one object a line."""
    for line in output.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict) or said.get("level") not in {"error", "warning"}:
            continue
        span = _span(said)
        if span is None and said["message"].startswith(("aborting due to", "linking with")):
            if said["message"].startswith("linking"):
                yield Diagnostic("error", compiling.clean(_linking(said)))
            continue
        yield _diagnostic(said, span, sources)


def _diagnostic(
    said: Mapping[str, Any], span: Mapping[str, Any] | None, sources: Mapping[str, str]
) -> Diagnostic:
    message = said["message"]
    if span is None:
        return Diagnostic(said["level"], compiling.clean(message))
    if span.get("label"):
        message += f": {span['label']}"
    file = compiling.place(span["file_name"], sources)
    if not file:
        return Diagnostic(said["level"], compiling.clean(message))
    line, column = span["line_start"], span["column_start"]
    return Diagnostic(said["level"], compiling.clean(message), file, line, column)


def _span(said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where it is: inside a macro, where the macro was called."""
    span: Mapping[str, Any] | None = next(
        (span for span in said.get("spans", []) if span.get("is_primary")), None
    )
    while span is not None and span.get("expansion"):
        span = span["expansion"]["span"]
    return span


def _linking(said: Mapping[str, Any]) -> str:
    """The linker's own complaint."""
    notes = [str(note.get("message", "")) for note in said.get("children", [])]
    lines = [line for note in notes for line in note.splitlines() if "error:" in line]
    return "; ".join(lines[:3]) or "the parts could not be linked"
