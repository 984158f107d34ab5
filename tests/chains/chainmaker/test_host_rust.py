"""How contracts in Rust break."""

from __future__ import annotations

import pytest

from chains.chainmaker.compilers import compile_contract
from tests.chains.chainmaker.bench import Bench, ended
from tests.chains.chainmaker.contracts import needs

RUST = """\
use contract_sdk_rust::sim_context;
use contract_sdk_rust::sim_context::SimContext;

#[no_mangle]
pub extern "C" fn init_contract() {}

fn number() -> usize {
    sim_context::get_sim_context().arg_as_utf8_str("n").parse().unwrap()
}

fn deeper(n: usize, all: &mut Vec<usize>) -> usize {
    all.push(n);
    let found = deeper(n + 1, all);
    found + all[n]
}

#[no_mangle]
pub extern "C" fn index() {
    let none: Vec<usize> = Vec::new();
    sim_context::get_sim_context().ok(none[number()].to_string().as_bytes());
}

#[no_mangle]
pub extern "C" fn divide() {
    sim_context::get_sim_context().ok((7 / number()).to_string().as_bytes());
}

#[no_mangle]
pub extern "C" fn hungry() {
    let mut all: Vec<u64> = Vec::new();
    loop {
        all.reserve(1 << 20);
        unsafe { all.set_len(all.capacity()) };
    }
}

#[no_mangle]
pub extern "C" fn deep() {
    sim_context::get_sim_context().ok(deeper(0, &mut Vec::new()).to_string().as_bytes());
}
"""


@pytest.fixture(scope="module")
def bench() -> Bench:
    needs("rust")
    bench = Bench()
    made = compile_contract({"contract.rs": RUST}, "rust")
    assert ended(bench.install("hostile", made.code)) == ("ok", "")
    return bench


@pytest.mark.parametrize(
    ("method", "number", "status", "why"),
    [
        ("index", "3", "trapped", "index out of bounds: the len is 0 but the index is 3"),
        ("index", "x", "trapped", "called `Result::unwrap()` on an `Err` value"),
        ("divide", "0", "trapped", "attempt to divide by zero"),
        ("hungry", "", "exhausted", "it used more than 64 MiB of memory"),
        ("deep", "", "exhausted", "its calls went too deep"),
    ],
)
def test_how_rust_breaks(bench: Bench, method: str, number: str, status: str, why: str) -> None:
    outcome = bench.run("hostile", method, args={"n": number})
    found, message = ended(outcome)
    assert (found, why in message) == (status, True)
    assert (message.startswith("panicked at "), outcome["writes"]) == (status == "trapped", [])
