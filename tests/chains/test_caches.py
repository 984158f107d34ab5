"""Compiled contracts stay on disk: whole, few and small."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains import caches
from chains.caches import Cache
from chains.types import Artefact, Diagnostic


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_artefact_comes_back_as_it_was(tmp_path: Path) -> None:
    warnings = (Diagnostic("warning", "未使用", "a.c", 3, 4), Diagnostic("warning", "whole"))
    artefact = Artefact("evm", "solidity", digest(1), b"\0\n\xff", {"abi": [{"a": 1}]}, warnings)
    cache = Cache(tmp_path / "new" / "folder")
    assert cache.get(artefact.digest) is None
    cache.put(artefact)
    assert cache.get(artefact.digest) == artefact
    assert Cache(tmp_path / "new" / "folder").get(artefact.digest) == artefact


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "exchanged"])
def test_a_damaged_file_is_not_there(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    cache.put_bytes(digest(1), b"content")
    cache.put_bytes(digest(2), b"other content")
    path = tmp_path / digest(1)
    whole = path.read_bytes()
    contents = {"cut": whole[:-1], "changed": whole[:-1] + b"x", "emptied": b""}
    path.write_bytes(contents.get(damage, whole[:32] + b"other content"))
    assert cache.get_bytes(digest(1)) is None
    assert names(tmp_path) == {digest(2)}


def test_a_name_that_is_no_digest_reaches_no_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (tmp_path / "outside").write_bytes(b"x" * 40)
    for name in ("../outside", "", digest(1).upper(), f"{digest(1)}\n"):
        with pytest.raises(ValueError, match="is no digest"):
            cache.get_bytes(name)


def test_what_was_not_used_longest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most_files=3)
    for number in range(3):
        cache.put_bytes(digest(number), b"content")
        os.utime(tmp_path / digest(number), (number, number))
    assert cache.get_bytes(digest(0)) == b"content"
    cache.put_bytes(digest(3), b"content")
    assert names(tmp_path) == {digest(0), digest(2), digest(3)}


@given(st.lists(st.integers(0, 300), max_size=30))
def test_a_cache_is_never_larger_than_it_may_be(lengths: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        cache = Cache(Path(name), most_bytes=500, most_files=6)
        for number, length in enumerate(lengths):
            cache.put_bytes(digest(number), b"x" * length)
            files = list(Path(name).iterdir())
            assert len(files) <= 6
            assert sum(path.stat().st_size for path in files) <= 500
            assert cache.get_bytes(digest(number)) == b"x" * length


def test_what_is_larger_than_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most_bytes=100)
    cache.put_bytes(digest(1), b"small")
    cache.put_bytes(digest(2), b"x" * 101)
    assert names(tmp_path) == {digest(1)}


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put_bytes(digest(1), b"content")
    assert cache.get_bytes(digest(1)) is None


def test_many_writers_leave_whole_files(tmp_path: Path) -> None:
    wrong = []

    def work(own: int) -> None:
        cache = Cache(tmp_path, most_files=4)
        for number in range(40):
            content = bytes([number % 6]) * 5000
            cache.put_bytes(digest(number % 6), content)
            found = cache.get_bytes(digest((number + own) % 6))
            if found is not None and found != bytes([(number + own) % 6]) * 5000:
                wrong.append(found[:10])

    threads = [threading.Thread(target=work, args=(own,)) for own in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(names(tmp_path)) <= 4


def test_a_digest_is_of_the_parts_and_not_of_their_order() -> None:
    assert caches.digest_of(a=1, b={"y": "链", "x": ()}) == caches.digest_of(
        b={"x": [], "y": "链"}, a=1
    )
    assert caches.digest_of(a="1") != caches.digest_of(a=1)
    assert caches.digest_of() == hashlib.sha256(b"{}").hexdigest()


def test_the_place_is_named_or_beside_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINWRIGHT_CACHE", "/named")
    assert caches.root() == Path("/named")
    monkeypatch.delenv("CHAINWRIGHT_CACHE")
    monkeypatch.setenv("VAR_DIR", "/var/site")
    assert caches.root() == Path("/var/site/chains")
    monkeypatch.delenv("VAR_DIR")
    assert caches.root() == Path(caches.__file__).parent.parent / "var" / "chains"
