"""What contracts in Go find where they expect an operating system."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from chains.chainmaker.compilers import compile_contract
from chains.chainmaker.inside import limits
from chains.chainmaker.inside.wasi import WASI_TYPES
from tests.chains.chainmaker.bench import Bench, ended
from tests.chains.chainmaker.contracts import needs
from tests.chains.chainmaker.wat import SCRATCH, Wat

LETTERS = {"i": "i32", "I": "i64"}
OUTPUT = SCRATCH + 64


def imported(*names: str) -> str:
    lines = []
    for name in names:
        parameters, results = ("".join(f" {LETTERS[k]}" for k in part) for part in WASI_TYPES[name])
        lines.append(
            f'(import "wasi_snapshot_preview1" "{name}" (func ${name} (param{parameters})'
            f" (result{results})))"
        )
    return "".join(lines)


def said(outcome: Any) -> bytes:
    assert outcome["root"]["status"] == "ok", ended(outcome)
    return bytes(outcome["root"]["result"].encode("latin-1"))


def called(*steps: str, names: tuple[str, ...], size: int = 4) -> bytes:
    """What is at `OUTPUT` after these steps."""
    made = Wat()
    told = f"(drop {made.raw('SuccessResult', f'(i32.const {OUTPUT}) (i32.const {size})')})"
    made.method("go", *steps, told)
    bench = Bench()
    bench.install("c", made.module(imports=imported(*names)))
    return said(bench.run("c", "go"))


def number(name: str, arguments: str) -> str:
    """Call `name` and keep its error number at `OUTPUT`."""
    return f"(i32.store (i32.const {OUTPUT}) (call ${name} {arguments}))"


def i32(*values: int) -> str:
    return "".join(f"(i32.const {value})" for value in values)


def test_the_clock_stands_at_the_transaction_and_ticks() -> None:
    read = f"(drop (call $clock_time_get {i32(0)} (i64.const 1) {i32(OUTPUT)}))"
    later = f"(drop (call $clock_time_get {i32(1)} (i64.const 1) {i32(OUTPUT + 8)}))"
    found = called(read, later, names=("clock_time_get",), size=16)
    start = (1_700_000_000 + 2) * 10**9
    assert struct.unpack("<QQ", found) == (start + 1000, start + 2000)


def test_waiting_moves_the_clock() -> None:
    made = struct.pack("<QB7xI4xQQHxxxxxx", 77, 0, 1, 5 * 10**9, 0, 0)
    assert len(made) == 48
    store = "".join(
        f"(i32.store8 (i32.const {SCRATCH + 200 + place}) (i32.const {byte}))"
        for place, byte in enumerate(made)
    )
    wait = f"(drop (call $poll_oneoff {i32(SCRATCH + 200, SCRATCH + 300, 1, OUTPUT + 8)}))"
    read = f"(drop (call $clock_time_get {i32(0)} (i64.const 1) {i32(OUTPUT)}))"
    found = called(store, wait, read, names=("clock_time_get", "poll_oneoff"), size=12)
    assert struct.unpack("<QI", found) == ((1_700_000_007) * 10**9 + 1000, 1)


def test_random_bytes_are_the_transactions() -> None:
    made = Wat()
    made.method(
        "go",
        f"(drop (call $random_get {i32(OUTPUT, 40)}))",
        f"(drop {made.raw('SuccessResult', i32(OUTPUT, 40))})",
    )
    code = made.module(imports=imported("random_get"))
    found = []
    for _ in range(2):
        bench = Bench()
        bench.install("c", code)
        found.append([said(bench.run("c", "go")) for _ in range(2)])
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]
    assert len(set(found[0][0])) > 10


def test_the_longest_random_bytes_are_paid_for_and_cost_the_host_little() -> None:
    made = Wat()
    made.method("go", f"(loop (drop (call $random_get {i32(0, 1 << 20)})) (br 0))")
    bench = Bench()
    bench.install("c", made.module(imports=imported("random_get")))
    outcome = bench.run("c", "go")
    assert ended(outcome) == ("exhausted", "it ran out of fuel")


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("random_get", i32(0, -1), 28),
        ("random_get", i32(-1, 8), 28),
        ("fd_write", i32(7, 0, 0, 0), 8),
        ("fd_write", i32(1, -8, 1, 0), 28),
        ("fd_write", i32(1, 0, -1, 0), 28),
        ("fd_write", i32(1, 0, 65, 0), 28),
        ("fd_write", i32(1, 0, 2**31 - 1, 0), 28),
        ("fd_read", i32(5, 0, 0, 0), 8),
        ("fd_close", i32(9), 8),
        ("fd_seek", i32(1) + "(i64.const 0)" + i32(0, 0), 70),
        ("fd_fdstat_get", i32(3, 0), 8),
        ("fd_prestat_get", i32(3, 0), 8),
        ("poll_oneoff", i32(0, 0, 0, 0), 28),
        ("poll_oneoff", i32(0, 0, -1, 0), 28),
        ("poll_oneoff", i32(-1, 0, 1, 0), 28),
        ("clock_time_get", i32(0) + "(i64.const 0)" + i32(-1), 28),
        ("path_open", i32(3, 0, 0, 0, 0) + "(i64.const 0)(i64.const 0)" + i32(0, 0), 52),
        ("sock_send", i32(3, 0, 0, 0, 0), 52),
        ("proc_raise", i32(9), 52),
        ("sched_yield", "", 0),
        ("args_get", i32(0, 0), 0),
    ],
)
def test_what_there_is_not(name: str, arguments: str, error: int) -> None:
    found = called(number(name, arguments), names=(name,))
    assert struct.unpack("<I", found) == (error,)


def test_every_function_can_be_linked() -> None:
    bench = Bench()
    for module in ("wasi_snapshot_preview1", "wasi_unstable"):
        imports = imported(*WASI_TYPES).replace("wasi_snapshot_preview1", module)
        assert ended(bench.install(module, Wat().module(imports=imports))) == ("ok", "")


def test_exit_is_the_end_of_the_contract() -> None:
    made = Wat()
    made.method("go", made.put("k", b"v"), made.success(b"x"), f"(call $proc_exit {i32(0)})")
    bench = Bench()
    bench.install("c", made.module(imports=imported("proc_exit")))
    outcome = bench.run("c", "go")
    assert (ended(outcome), outcome["writes"]) == (("trapped", "it exited with code 0"), [])


@pytest.mark.parametrize("name", ["sched_yield", "clock_time_get", "fd_write", "poll_oneoff"])
def test_endless_questions_run_out_of_fuel(name: str) -> None:
    arguments = {
        "sched_yield": "",
        "clock_time_get": i32(0) + "(i64.const 0)" + i32(0),
        "fd_write": i32(1, 0, 0, 0),
        "poll_oneoff": i32(0, SCRATCH, 1, SCRATCH + 100),
    }[name]
    made = Wat()
    made.method("go", f"(loop (drop (call ${name} {arguments})) (br 0))")
    bench = Bench()
    bench.install("c", made.module(imports=imported(name)))
    assert ended(bench.run("c", "go")) == ("exhausted", "it ran out of fuel")


GO = """\
package main

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
	"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

type Hostile struct{}

func (h *Hostile) InitContract() protogo.Response    { return sdk.Success(nil) }
func (h *Hostile) UpgradeContract() protogo.Response { return sdk.Success(nil) }

func deeper(n int) int {
	if n < 0 {
		return 0
	}
	return deeper(n+1) + n
}

func (h *Hostile) InvokeContract(method string) protogo.Response {
	switch method {
	case "nil":
		var m map[string]int
		m["a"] = 1
	case "index":
		var s []int
		n := len(method)
		fmt.Println(s[n])
	case "panic":
		panic("the contract's own words")
	case "deadlock":
		<-make(chan int)
	case "spin":
		for {
		}
	case "memory":
		var all []string
		for {
			all = append(all, strings.Repeat("x", 1<<20))
		}
	case "deep":
		fmt.Println(deeper(1))
	case "recover":
		defer func() { recover() }()
		panic("caught")
	case "threads":
		answers := make(chan int)
		for i := 0; i < 3; i++ {
			go func() { time.Sleep(time.Second); answers <- i }()
		}
		return sdk.Success([]byte(fmt.Sprint(<-answers + <-answers + <-answers)))
	case "map":
		text := ""
		for key := range map[int]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8} {
			text += fmt.Sprint(key)
		}
		return sdk.Success([]byte(text + fmt.Sprint(time.Now().UTC())))
	case "big":
		return sdk.Success([]byte(new(big.Int).Exp(big.NewInt(3), big.NewInt(100), nil).String()))
	}
	return sdk.Success([]byte("done"))
}

func main() {
	if err := sandbox.Start(new(Hostile)); err != nil {
		sdk.Instance.Errorf(err.Error())
	}
}
"""


@pytest.fixture(scope="module")
def hostile() -> Bench:
    needs("go")
    bench = Bench()
    made = compile_contract({"contract.go": GO}, "go")
    assert ended(bench.install("hostile", made.code)) == ("ok", "")
    return bench


@pytest.mark.parametrize(
    ("method", "verdict"),
    [
        ("nil", ("trapped", "panic: assignment to entry in nil map")),
        ("index", ("trapped", "panic: runtime error: index out of range [5] with length 0")),
        ("panic", ("trapped", "panic: the contract's own words")),
        ("deadlock", ("trapped", "fatal error: all goroutines are asleep - deadlock!")),
        ("spin", ("exhausted", "it ran out of fuel")),
        ("memory", ("exhausted", "it used more than 64 MiB of memory")),
        ("deep", ("exhausted", "its calls went too deep")),
        ("recover", ("ok", "")),
    ],
)
def test_how_go_breaks(hostile: Bench, method: str, verdict: tuple[str, str]) -> None:
    outcome = hostile.run("hostile", method)
    assert ended(outcome) == verdict
    assert not any("goroutine" in line and "asleep" not in line for line in outcome["log"])
    assert not any(".go:" in line or "0x" in line for line in outcome["log"])


def test_go_keeps_its_threads_and_its_time(hostile: Bench) -> None:
    assert said(hostile.run("hostile", "threads")) == b"3"
    assert said(hostile.run("hostile", "big")) == str(3**100).encode()


def test_go_is_the_same_twice(hostile: Bench) -> None:
    same: dict[str, Any] = {"id": "ab" * 32, "time": 1_700_000_000, "height": 9}
    first, second = (hostile.run("hostile", "map", **same) for _ in range(2))
    assert first == second
    assert said(first)[8:].startswith(b"2023-11-14 22:13:20.0000")


def test_go_leaves_nothing_behind(hostile: Bench) -> None:
    same: dict[str, Any] = {"id": "cd" * 32, "time": 1_700_000_000, "height": 9}
    costs = {hostile.run("hostile", "done", **same)["root"]["cost"] for _ in range(3)}
    assert len(costs) == 1
    assert costs.pop() < limits.FUEL // 20
