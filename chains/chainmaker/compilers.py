"""Compiles contracts to WebAssembly for the Chang'An Chain host.

    artefact = compile_contract({"contract.go": source}, "go")

The compilers run in jails and see nothing but the learner's files, our SDK and their own parts.
What they make is judged by its outline only; it is run elsewhere, by the host, as closed as any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from chains import caches
from chains.caches import Cache
from chains.chainmaker import compilers_c, compilers_go, compilers_rust, toolchains, wasm
from chains.chainmaker.compiling import Compiled
from chains.chainmaker.toolchains import Toolchain
from chains.types import Artefact, Diagnostic, NotCompiled
from sandbox.types import BoxBroken

ENGINE = "chainmaker"
MOST_FILES = 16
MOST_SOURCE_BYTES = 256 << 10
MOST_CODE_BYTES = 8 << 20
RESERVED = "chainwright"
"""What names of files that we add begin with."""

_COMPILERS: Mapping[str, Callable[[Mapping[str, str], Toolchain], Compiled]] = {
    "rust": compilers_rust.compile_sources,
    "c": compilers_c.compile_sources,
    "go": compilers_go.compile_sources,
}
_NAMES = {
    "rust": re.compile(r"[A-Za-z][A-Za-z0-9_-]*\.rs"),
    "c": re.compile(r"[A-Za-z][A-Za-z0-9_-]*\.[ch]"),
    "go": re.compile(r"[A-Za-z][A-Za-z0-9_-]*\.go"),
}
_SUFFIXES = {"rust": "rs", "c": "c", "go": "go"}
_OPTIONS = {
    "rust": compilers_rust.OPTIONS,
    "c": compilers_c.OPTIONS,
    "go": (*compilers_go.COMPILE_OPTIONS, *compilers_go.LINK_OPTIONS, *compilers_go.ENTRIES),
}
_OFFERED = {
    ("env", "sys_call"),
    ("env", "log_message"),
    ("env", "log_message_with_type"),
}
_SYSTEM = "wasi_snapshot_preview1"
_HOW_TO_EXPORT = {
    "rust": '#[no_mangle] pub extern "C" fn {name}()',
    "c": "METHOD({name}) {{ … }}",
    "go": "sandbox.Start(…) in func main()",
}

LANGUAGES = tuple(_COMPILERS)


def compile_contract(
    sources: Mapping[str, str], language: str, *, cache: Cache | None = None
) -> Artefact:
    """The contract in these files (flat names → text), from the cache when it was compiled before.

    `cache` is the installation's when None.

    Raises `NotCompiled`, `sandbox.types.Stopped` where the compiler ran over its limits (the
    learner's fault), `Unavailable` where the toolchain is missing, and `BoxBroken`.
    """
    if language not in _COMPILERS:
        raise ValueError(f"{language!r} is none of {', '.join(LANGUAGES)}")
    check_sources(sources, language)
    toolchain = toolchains.of(language)
    digest = digest_of(sources, language, toolchain)
    cache = cache or caches.open_cache("artefacts")
    if (kept := cache.get(digest)) is not None:
        return kept
    artefact = _compiled(sources, language, toolchain, digest)
    cache.put(artefact)
    return artefact


def digest_of(sources: Mapping[str, str], language: str, toolchain: Toolchain) -> str:
    """What an artefact is a function of: change any of these and it has another digest."""
    return caches.digest_of(
        engine=ENGINE,
        language=language,
        sources=dict(sources),
        sdk=toolchains.sdk_digest(language),
        toolchain=toolchain.version,
        options=_OPTIONS[language],
    )


def canary(language: str) -> dict[str, str]:
    """The sources of a counter, the same in each language: `add` answers the new `total`, and
    emits `added` with the total and the sender's organisation."""
    path = toolchains.SDK / "canaries" / f"counter.{_SUFFIXES[language]}"
    return {path.name: path.read_text(encoding="utf-8")}


def versions(language: str) -> dict[str, str]:
    """Tool → version of a language. Raises `Unavailable`."""
    said = toolchains.of(language).version
    tool = next(name for name in ("rustc", "clang", "zig", "go") if name in said)
    number = re.search(r"\d+(\.\d+)+", said)
    return {tool: number[0] if number else said}


def check_sources(sources: Mapping[str, str], language: str) -> None:
    """Raise `NotCompiled` for files that are no sources of this language, or too many or long."""
    faults = []
    if not any(not name.endswith(".h") for name in sources):
        faults.append(Diagnostic("error", "there is no source file"))
    if len(sources) > MOST_FILES:
        faults.append(Diagnostic("error", f"there are more than {MOST_FILES} files"))
    if sum(len(text.encode("utf-8", "replace")) for text in sources.values()) > MOST_SOURCE_BYTES:
        faults.append(
            Diagnostic("error", f"the files have more than {MOST_SOURCE_BYTES >> 10} KiB")
        )
    for name, text in sources.items():
        if not _NAMES[language].fullmatch(name) or name.lower().startswith(RESERVED):
            faults.append(Diagnostic("error", f"{name[:80]!r} is no name for a source file here"))
        elif "\0" in text or not _is_text(text):
            faults.append(Diagnostic("error", "the file is no text", name))
    if faults:
        raise NotCompiled(faults)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _compiled(
    sources: Mapping[str, str], language: str, toolchain: Toolchain, digest: str
) -> Artefact:
    code, warnings = _COMPILERS[language](sources, toolchain)
    if len(code) > MOST_CODE_BYTES:
        raise NotCompiled(
            [
                Diagnostic(
                    "error", f"the compiled contract has more than {MOST_CODE_BYTES >> 20} MiB"
                )
            ]
        )
    check_outline(code, language)
    return Artefact(ENGINE, language, digest, code, warnings=warnings)


def check_outline(code: bytes, language: str) -> None:
    """Raise `NotCompiled` for a module that the host could not run as a contract."""
    try:
        outline = wasm.outline(code)
    except wasm.NoModule as fault:
        raise BoxBroken(f"the compiler made no module: {fault}") from fault
    faults = [
        Diagnostic("error", f"{name} of {module} is asked for, which the chain does not offer")
        for module, name in outline.imports
        if (module, name) not in _OFFERED and not (language == "go" and module == _SYSTEM)
    ]
    wanted = ("init_contract", "upgrade") if language == "go" else ("init_contract",)
    for name in wanted:
        if name not in outline.functions:
            how = _HOW_TO_EXPORT[language].format(name=name)
            faults.append(Diagnostic("error", f"the contract exports no {name}: write {how}"))
    ours = {"allocate", "deallocate", "runtime_type"} - outline.functions
    if not faults and (ours or not outline.has_memory):
        raise BoxBroken(f"the module lacks {', '.join(sorted(ours)) or 'its memory'}")
    if faults:
        raise NotCompiled(faults)
