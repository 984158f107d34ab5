"""Outlines of modules, read without running them."""

from __future__ import annotations

import contextlib

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from chains.chainmaker import wasm

MODULE = wasmtime.wat2wasm(
    """
    (module
      (import "env" "f" (func (param i32)))
      (import "env" "t" (table 1 2 funcref))
      (import "env" "g" (global (mut i64)))
      (import "env" "h" (func))
      (memory (export "memory") 1)
      (global (export "count") i32 (i32.const 1))
      (func (export "init_contract"))
      (func (export "链")))
    """
)


def test_imports_and_exports_are_read() -> None:
    names = [("env", "f"), ("env", "t"), ("env", "g"), ("env", "h")]
    assert wasm.outline(bytes(MODULE)) == wasm.Outline(
        tuple(names), frozenset({"init_contract", "链"}), has_memory=True
    )


def test_an_empty_module_has_nothing() -> None:
    nothing = wasm.Outline((), frozenset(), has_memory=False)
    assert wasm.outline(wasm.MAGIC) == nothing


@pytest.mark.parametrize("source", [b"", b"\0asm", b"\x7fELF" + b"\0" * 20])
def test_other_bytes_are_no_module(source: bytes) -> None:
    with pytest.raises(wasm.NoModule):
        wasm.outline(source)


@given(st.integers(0, len(MODULE) - 1), st.integers(0, 255))
def test_a_damaged_module_is_read_or_refused(at: int, value: int) -> None:
    damaged = bytearray(MODULE)
    damaged[at] = value
    for source in (bytes(damaged), bytes(MODULE[:at])):
        with contextlib.suppress(wasm.NoModule):
            wasm.outline(source)
