"""Contracts in C: the learner's files, linked with our contract.c."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chains import caches
from chains.chainmaker import compiling, toolchains
from chains.chainmaker.compiling import Compiled
from chains.chainmaker.toolchains import Toolchain
from chains.types import Diagnostic

OPTIONS = (
    *(
        "--target=wasm32-freestanding",
        "-std=c11",
        "-O2",
        "-ffreestanding",
        "-nostdlib",
        "-nostdlibinc",
    ),
    *(
        "-Wall",
        "-Werror=implicit-function-declaration",
        "-fno-color-diagnostics",
        "-fno-caret-diagnostics",
        "-ferror-limit=20",
    ),
    *("-I", "/sdk/include"),
)
_LINKING = ("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,-z,stack-size=131072")
_MEMORY_BYTES = 384 << 20
_PART = "chainwright_contract.o"
_MADE = "contract.wasm"
_LINE = re.compile(r"(?P<file>[^:\s]+):(?P<line>\d+):(?P<column>\d+): (?P<rest>.+)")
_SAID = re.compile(r"(?:fatal )?(?P<severity>error|warning): (?P<message>.+)")
_LINKER = re.compile(
    r"wasm-ld[\w-]*: (?P<severity>error|warning): (?:(?P<object>\S+)\.o: )?(?P<message>.+)"
)
_SUMMARY = "linker command failed"


def compile_sources(sources: Mapping[str, str], toolchain: Toolchain) -> Compiled:
    """The module, and warnings. Raises `NotCompiled`, `Stopped`, `BoxBroken`."""
    files = {**compiling.encoded(sources), _PART: _part(toolchain)}
    command = [*_compiler(toolchain), *OPTIONS, *_LINKING, "-o", _MADE]
    if "wasm-ld" in toolchain.programs:
        command.append(f"-fuse-ld={toolchain.programs['wasm-ld']}")
    command += [*sorted(name for name in sources if name.endswith(".c")), _PART]
    mounts = {"/sdk": toolchains.SDK / "c"}
    finished = compiling.run(
        toolchain, command, files=files, makes=_MADE, mounts=mounts, memory_bytes=_MEMORY_BYTES
    )
    return compiling.product(finished, _MADE, list(diagnostics(finished.output, sources)))


def _compiler(toolchain: Toolchain) -> list[str]:
    if "zig" in toolchain.programs:
        return [toolchain.programs["zig"], "cc"]
    return [toolchain.programs["clang"], *toolchain.options]


def _part(toolchain: Toolchain) -> bytes:
    """Our contract.c, compiled once on this host for this compiler."""
    digest = caches.digest_of(
        part="c", sdk=toolchains.sdk_digest("c"), of=toolchain.version, options=OPTIONS
    )
    cache = caches.open_cache("parts")
    if (kept := cache.get_bytes(digest)) is not None:
        return kept
    command = [*_compiler(toolchain), *OPTIONS, "-c", "-o", _PART, "/sdk/contract.c"]
    mounts = {"/sdk": toolchains.SDK / "c"}
    finished = compiling.run(toolchain, command, files={}, makes=_PART, mounts=mounts)
    made = compiling.part(finished, _PART)
    cache.put_bytes(digest, made)
    return made


def diagnostics(output: str, sources: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What clang and its linker said, one remark a line."""
    for line in output.splitlines():
        if linker := _LINKER.match(line):
            yield _from_linker(linker, sources)
            continue
        where = _LINE.match(line)
        said = _SAID.match(where["rest"] if where else line.partition(": ")[2])
        if said is None or said["message"].startswith(_SUMMARY):
            continue
        message = compiling.clean(said["message"])
        file = compiling.place(where["file"], sources) if where else ""
        if where and file:
            position = int(where["line"]), int(where["column"])
            yield Diagnostic(said["severity"], message, file, *position)
        else:
            yield Diagnostic(said["severity"], message)


def _from_linker(said: re.Match[str], sources: Mapping[str, str]) -> Diagnostic:
    """Objects are named after their sources, with something random behind."""
    stem = (said["object"] or "").rpartition("/")[2].rpartition("-")[0]
    file = compiling.place(f"{stem}.c", sources)
    return Diagnostic(said["severity"], compiling.clean(said["message"]), file)
