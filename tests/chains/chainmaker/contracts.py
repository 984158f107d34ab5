"""Contracts for the tests of compilers, and the compilers themselves where this host has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.caches import Cache
from chains.chainmaker import compilers, toolchains
from chains.types import Artefact, Diagnostic, NotCompiled
from sandbox.types import Unavailable

RUST = """\
use contract_sdk_rust::sim_context::{self, SimContext};

#[no_mangle]
pub extern "C" fn init_contract() {
    sim_context::get_sim_context().ok(b"made");
}
"""
C = """\
#include <contract.h>
METHOD(init_contract) { ok_text("made"); }
"""
GO = """\
package main

import (
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

type T struct{}

func (T) InitContract() protogo.Response          { return sdk.Success([]byte("made")) }
func (T) UpgradeContract() protogo.Response       { return sdk.Success(nil) }
func (T) InvokeContract(m string) protogo.Response { return sdk.Error(m) }
func main()                                       { sandbox.Start(T{}) }
"""
SMALLEST = {"rust": RUST, "c": C, "go": GO}
SUFFIXES = {"rust": "rs", "c": "c", "go": "go"}


def needs(language: str) -> None:
    """Skip the test where `make setup` could not install what this language is compiled with."""
    try:
        toolchains.of(language)
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)


def file_of(language: str) -> str:
    return f"contract.{SUFFIXES[language]}"


def compiled(language: str, source: str, folder: Path) -> Artefact:
    """The contract of one file, compiled now, with a cache of its own."""
    return compilers.compile_contract({file_of(language): source}, language, cache=Cache(folder))


def refused(language: str, source: str, folder: Path) -> tuple[Diagnostic, ...]:
    """What is said of a contract that is not compiled."""
    with pytest.raises(NotCompiled) as caught:
        compiled(language, source, folder)
    return caught.value.diagnostics
