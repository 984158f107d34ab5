"""Modules that are not taken, and those that break before their method is reached."""

from __future__ import annotations

import pytest
import wasmtime

from chains.chainmaker.inside import limits, machine
from tests.chains.chainmaker.bench import Bench, digest_of, ended, keeper
from tests.chains.chainmaker.wat import Wat

MEMORY = 3 * 65_536
OUT_OF_FUEL = ("exhausted", "it ran out of fuel")
OUTSIDE = ("trapped", "it reached outside its memory")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def i32(value: int) -> str:
    return f"(i32.const {value})"


@pytest.mark.parametrize("export", ["allocate", "_initialize"])
def test_what_is_called_before_the_method_may_not_loop(bench: Bench, export: str) -> None:
    made = Wat()
    made.method("init_contract", made.success(b"never"))
    code = made.module()
    loop = "(loop (br 0))"
    if export == "_initialize":
        made.extra(f'(func (export "_initialize") {loop})')
        code = made.module()
    else:
        code = remade(
            made, "(param i32) (result i32) (i32.const 131072)", f"{PARAMETER} {loop} {i32(0)}"
        )
    bench.load(code)
    assert ended(bench.run("trial", "", digest=digest_of(code))) == OUT_OF_FUEL


PARAMETER = "(param i32) (result i32)"


def remade(made: Wat, old: str, new: str) -> bytes:
    """The module with a part of its text replaced."""
    source = made.source()
    assert source.count(old) == 1
    return bytes(wasmtime.wat2wasm(source.replace(old, new)))


@pytest.mark.parametrize("pointer", [-1, MEMORY, MEMORY - 1, -(2**31)])
def test_allocate_may_lie(bench: Bench, pointer: int) -> None:
    made = Wat()
    code = remade(made, "(i32.const 131072)", i32(pointer))
    bench.load(code)
    status, message = ended(bench.run("trial", "", digest=digest_of(code)))
    assert (status, message[:39]) == ("trapped", "allocate gave no room for the arguments")


def refusal(
    bench: Bench, *, imports: str = "", extra: str = "", old: str = "", new: str = ""
) -> str:
    """Why the module is not taken."""
    made = Wat()
    if extra:
        made.extra(extra)
    code = bytes(wasmtime.wat2wasm(made.source(imports=imports).replace(old or "\0", new)))
    return str(bench.load(code).get("refused", ""))


@pytest.mark.parametrize(
    ("imports", "why"),
    [
        ('(import "env" "system" (func))', "'env.system', which the ledger has not"),
        ('(import "host" "sys_call" (func))', "'host.sys_call', which the ledger has not"),
        ('(import "wasi_snapshot_preview1" "fork" (func))', "'wasi_snapshot_preview1.fork', which"),
        ('(import "env" "sys_call" (func (param i64)))', "'env.sys_call' as something that it is"),
        ('(import "env" "log_message" (global i32))', "'env.log_message' as something that it is"),
        ('(import "env" "memory" (table 1 funcref))', "'env.memory', which the ledger has not"),
        (
            '(import "wasi_unstable" "proc_exit" (func (param i32) (result i32)))',
            "'wasi_unstable.proc_exit' as something that it is not",
        ),
    ],
)
def test_imports_that_nobody_offers(bench: Bench, imports: str, why: str) -> None:
    assert refusal(bench, imports=imports).startswith(f"the contract imports {why}")


def test_modules_that_are_not_taken(bench: Bench) -> None:
    page = '(memory (export "memory") 3)'
    no_module = "the contract is no WebAssembly module that the host can run"
    found = [
        refusal(bench, extra="(func $s) (start $s)"),
        refusal(bench, old=page, new='(memory (export "memory") 1025)'),
        refusal(bench, old=page, new="(memory 3)"),
        refusal(bench, old=page, new='(memory (export "memory") 3 4 shared)'),
        refusal(bench, extra="(memory $second 1)"),
        refusal(bench, extra="(tag $t)"),
        refusal(bench, old='(export "init_contract")', new=""),
        refusal(bench, old='(export "init_contract")', new='(export "init_contract") (param i32)'),
        refusal(bench, extra="".join(f'(func (export "f{n}"))' for n in range(1000))),
    ]
    assert found == [
        "the contract has a start function, which would run before any method",
        "the contract begins with more than 64 MiB of memory",
        "the contract exports no memory",
        no_module,
        no_module,
        no_module,
        "the contract exports no method init_contract",
        "the contract exports no method init_contract",
        "the contract exports 1006 things, more than 1000",
    ]


def test_a_module_that_is_too_long(bench: Bench) -> None:
    assert bench.load(b"\0asm\1\0\0\0" + bytes(limits.MODULE_BYTES)) == {
        "refused": "the module has 8388616 bytes, more than 8 MiB"
    }


def test_a_table_that_is_too_large_from_the_start(bench: Bench) -> None:
    made = Wat()
    made.extra("(table 100001 funcref)")
    assert ended(bench.install("trial", made)) == (
        "exhausted",
        "it asked for more memory or tables than there are",
    )


def test_data_outside_the_memory(bench: Bench) -> None:
    made = Wat()
    made.extra(f'(data (i32.const {MEMORY - 1}) "xx")')
    assert ended(bench.install("trial", made)) == OUTSIDE


@pytest.mark.parametrize("name", ["", "a b", "../x", "碳", "x" * 129])
def test_names_that_no_contract_can_have(bench: Bench, name: str) -> None:
    code = Wat().module()
    bench.load(code)
    refused = bench.run(name, "", digest=digest_of(code))["refused"]
    assert refused.endswith("is no name of a contract")


def test_a_module_that_was_forgotten_is_asked_for(bench: Bench) -> None:
    assert bench.run("keeper", "", digest="d" * 64) == {"missing": "d" * 64}


def test_the_module_that_was_not_used_longest_is_forgotten(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keeper()
    made.method("go", made.success(b"here"))
    bench.install("first", made)
    bench.install("second", keeper())
    bench.run("first", "go")
    monkeypatch.setattr(machine, "KEPT_BYTES", 2 * machine.SMALLEST)
    third = Wat()
    third.method("other", third.success(b""))
    bench.load(third.module())
    assert bench.run("first", "go")["root"]["result"] == "here"
    assert bench.run("second", "go") == {"missing": digest_of(keeper().module())}
    bench.load(keeper().module())
    assert ended(bench.run("second", "go")) == ("failed", "the contract has no method go")


def test_what_is_no_module_is_refused(bench: Bench) -> None:
    why = {"refused": "the contract is no WebAssembly module that the host can run"}
    assert bench.load(b"") == why
    assert bench.load(b"\0asm\1\0\0\0\1\xff") == why
    assert bench.load(bytes(wasmtime.wat2wasm("(module)"))) == {
        "refused": "the contract exports no memory"
    }


def test_ledgers_are_not_opened_without_end() -> None:
    bench = Bench()
    for number in range(2, limits.OPEN_LEDGERS + 1):
        assert bench.ask(do="open", ledger=number) == {}
    why = f"more than {limits.OPEN_LEDGERS} ledgers are open"
    assert bench.ask(do="open", ledger=1000) == {"refused": why}


def test_a_module_that_is_missing_in_a_cross_call_leaves_no_trace(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.install("keeper", keeper())
    made = Wat()
    made.method("go", made.put("k", b"v"), made.event("t"), made.cross("keeper", "nothing"))
    bench.install("caller", made)
    monkeypatch.setattr(machine, "KEPT_BYTES", machine.SMALLEST)
    bench.load(made.module())
    missing = {"missing": digest_of(keeper().module())}
    assert bench.run("caller", "go") == missing
    assert (bench.server._running, bench.state("caller")) == ([], {})
    monkeypatch.undo()
    bench.load(keeper().module())
    outcome = bench.run("caller", "go")
    assert ended(outcome)[1].startswith("keeper.nothing: the contract has no method nothing")
