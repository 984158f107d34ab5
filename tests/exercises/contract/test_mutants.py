"""Small mistakes, in every language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.contract.mutants import mutants_of
from exercises.contract.mutation import all_mutants
from exercises.contract.tokens import tokens
from exercises.mutants import MOST_MUTANTS

GO = """package main

import (
\t"strconv"
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

// if the asset < 0 { return "nothing" }
func (c *Carbon) record() protogo.Response {
\tkg, err := strconv.Atoi(string(sdk.Instance.GetArgs()["kg"]))
\tif err != nil || kg < 0 {
\t\treturn sdk.Error("kg is no number")
\t}
\tif role, _ := sdk.Instance.GetSenderRole(); role != "client" {
\t\treturn sdk.Error("not permitted")
\t}
\tif kg > 9 {
\t\tkg = kg + 1
\t}
\terr = sdk.Instance.PutState("total", "", strconv.Itoa(kg))
\tsdk.Instance.EmitEvent("recorded", []string{"a"})
\treturn sdk.Success([]byte("ok"))
}
"""
RUST = """fn record(ctx: &mut Ctx) -> Result<Vec<u8>, String> {
    let total: Vec<u8> = ctx.get_state("total", "")?;
    if total.len() >= 9 {
        return Err("too long".to_string());
    }
    if let Some(x) = ctx.arg("x") { return Err(x); }
    ctx.put_state("total", "", &total)?;
    ctx.emit_event("recorded", &["a"]);
    Ok(total)
}
"""
C = """#include <stdint.h>
#define MOST 9
void record(void) {
    if (total > MOST) {
        error_result("too much");
        return;
    }
    if (total == 3) return;
    put_state("total", total + 1);
    emit_event("recorded", 'a');
}
"""
SOLIDITY = """contract Carbon {
    mapping(bytes32 => uint256) public balance;
    function record(bytes32 asset, uint256 kg) external onlyPlant returns (uint256) {
        require(kg <= 100 && kg > 0, "too much");
        if (closed) revert Closed();
        balance[asset] += kg;
        uint256 half = kg / 2;
        delete open[asset];
        total = half;
        emit Recorded(asset, kg);
        return kg;
    }
}
"""
PYTHON = '''from chain import Chain, Refused

class Contract:
    def record(self, chain, kg):
        """Not a constant"""
        if not kg.isdigit() or len(kg) > 9:
            raise Refused("kg is no number")
        if kg == "0": return "none"
        chain.put_state("total", kg, "kg")  # chain.put_state("x", "y")
        chain.emit_event("recorded", [kg])
        return kg
'''


def said(source: str, language: str) -> list[str]:
    return [f"{one.line} {one.what}" for one in mutants_of(source, language, "solution")]


def test_go() -> None:
    assert said(GO, "go") == [
        '10 “"kg"” became “"kg_"”',
        "11 guard switched off: err != nil || kg < 0",
        "11 “!=” became “==”",
        "11 “||” became “&&”",
        "11 “<” became “<=”",
        "11 “0” became “1”",
        '14 guard switched off: role != "client"',
        "14 “!=” became “==”",
        '14 “"client"” became “"client_"”',
        "17 “>” became “>=”",
        "17 “9” became “10”",
        "18 “+” became “-”",
        "18 “1” became “2”",
        '20 state change dropped: sdk.Instance.PutState("total", "", strconv.Itoa(kg))',
        '20 “"total"” became “"total_"”',
        '21 event dropped: sdk.Instance.EmitEvent("recorded", []string{"a"})',
        '21 “"recorded"” became “"recorded_"”',
        '21 “"a"” became “"a_"”',
        '22 “"ok"” became “"ok_"”',
    ]


def text_of(source: str, language: str, what: str) -> str:
    """The lines that a mutant changed."""
    changed = next(one for one in mutants_of(source, language, "f") if what in str(one)).text
    before = source.splitlines()
    return "\n".join(line for line in changed.splitlines() if line not in before).strip()


def test_what_is_switched_off_still_names_everything() -> None:
    assert text_of(GO, "go", "guard switched off: role") == (
        'if role, _ := sdk.Instance.GetSenderRole(); false && (role != "client") {'
    )
    assert text_of(GO, "go", "state change dropped") == (
        'err = func() error { if false { return sdk.Instance.PutState("total", "", '
        "strconv.Itoa(kg)) }; return nil }()"
    )
    assert text_of(GO, "go", "event dropped") == (
        'if false { sdk.Instance.EmitEvent("recorded", []string{"a"}) }'
    )
    assert text_of(RUST, "rust", "guard") == "if false && (total.len() >= 9) {"
    assert text_of(RUST, "rust", "state") == 'if false { ctx.put_state("total", "", &total)?; }'
    assert text_of(C, "c", "guard switched off: total == 3") == "if (0 && (total == 3)) return;"
    assert text_of(C, "c", "event") == "if (0) { emit_event(\"recorded\", 'a'); }"
    assert text_of(SOLIDITY, "solidity", "guard switched off: kg") == (
        'require(true || (kg <= 100 && kg > 0), "too much");'
    )
    assert text_of(SOLIDITY, "solidity", "event") == "if (false) { emit Recorded(asset, kg); }"
    assert text_of(PYTHON, "python", "guard switched off: not") == (
        "if False and (not kg.isdigit() or len(kg) > 9):"
    )
    assert text_of(PYTHON, "python", "state") == (
        'False and chain.put_state("total", kg, "kg")  # chain.put_state("x", "y")'
    )


def test_rust() -> None:
    assert said(RUST, "rust") == [
        '2 “"total"” became “"total_"”',
        "3 guard switched off: total.len() >= 9",
        "3 “>=” became “>”",
        "3 “9” became “10”",
        '6 “"x"” became “"x_"”',
        '7 state change dropped: ctx.put_state("total", "", &total)?;',
        '7 “"total"” became “"total_"”',
        '8 event dropped: ctx.emit_event("recorded", &["a"]);',
        '8 “"recorded"” became “"recorded_"”',
        '8 “"a"” became “"a_"”',
    ]


def test_c() -> None:
    assert said(C, "c") == [
        "4 guard switched off: total > MOST",
        "4 “>” became “>=”",
        "8 guard switched off: total == 3",
        "8 “==” became “!=”",
        "8 “3” became “4”",
        '9 state change dropped: put_state("total", total + 1);',
        '9 “"total"” became “"total_"”',
        "9 “+” became “-”",
        "9 “1” became “2”",
        "10 event dropped: emit_event(\"recorded\", 'a');",
        '10 “"recorded"” became “"recorded_"”',
    ]


def test_solidity() -> None:
    assert said(SOLIDITY, "solidity") == [
        "3 modifier dropped: onlyPlant",
        "4 guard switched off: kg <= 100 && kg > 0",
        "4 “<=” became “<”",
        "4 “100” became “101”",
        "4 “&&” became “||”",
        "4 “>” became “>=”",
        "4 “0” became “1”",
        "5 guard switched off: closed",
        "6 state change dropped: balance[asset] += kg;",
        "6 “+=” became “-=”",
        "7 “/” became “*”",
        "7 “2” became “3”",
        "8 state change dropped: delete open[asset];",
        "9 state change dropped: total = half;",
        "10 event dropped: emit Recorded(asset, kg);",
    ]


def test_python() -> None:
    assert said(PYTHON, "python") == [
        "6 guard switched off: not kg.isdigit() or len(kg) > 9",
        "6 “or” became “and”",
        "6 “>” became “>=”",
        "6 “9” became “10”",
        '8 guard switched off: kg == "0"',
        "8 “==” became “!=”",
        '8 “"0"” became “"0_"”',
        '8 “"none"” became “"none_"”',
        '9 state change dropped: chain.put_state("total", kg, "kg")',
        '9 “"total"” became “"total_"”',
        '9 “"kg"” became “"kg_"”',
        '10 event dropped: chain.emit_event("recorded", [kg])',
        '10 “"recorded"” became “"recorded_"”',
    ]


def test_python_mutants_are_python() -> None:
    for one in mutants_of(PYTHON, "python", "f"):
        compile(one.text, "f", "exec")


@pytest.mark.parametrize(
    ("number", "larger"),
    [("7", "8"), ("1_000", "1001"), ("10u64", "11u64"), ("9_i32", "10_i32"), ("3ULL", "4ULL")],
)
def test_numbers_keep_their_types(number: str, larger: str) -> None:
    assert [one.text for one in mutants_of(f"x = {number};", "rust", "f")] == [f"x = {larger};"]


def test_there_are_never_too_many_and_each_sort_keeps_its_share() -> None:
    source = PYTHON + "".join(f"x{number} = {number} + {number}\n" for number in range(200))
    found = mutants_of(source, "python", "f")
    assert len(found) == MOST_MUTANTS
    assert sum("guard" in one.what for one in found) == 2
    assert sum("dropped" in one.what for one in found) == 2
    assert [one.line for one in found] == sorted(one.line for one in found)


SOURCES = st.sampled_from([GO, RUST, C, SOLIDITY, PYTHON])
LANGUAGES = st.sampled_from(["go", "rust", "c", "solidity", "python"])


@given(SOURCES, LANGUAGES, st.integers(0, 400), st.integers(0, 400))
def test_any_text_has_mutants_that_differ(
    source: str, language: str, cut: int, length: int
) -> None:
    text = source[cut : cut + length]
    found = mutants_of(text, language, "f")
    assert len({one.text for one in found} | {text}) == len(found) + 1
    assert found == mutants_of(text, language, "f")


@given(st.text(), LANGUAGES)
def test_tokens_are_where_they_say(text: str, language: str) -> None:
    last = 0
    for token in tokens(text, language):
        assert text[token.start : token.end] == token.text
        assert token.start >= last
        assert token.line == 1 + text.count("\n", 0, token.start)
        last = token.end


def test_a_mutant_names_its_file_as_the_author_does() -> None:
    source, relay = "func f() { g(1) }", "def relay(event, proof):\n    return 1\n"
    one = {"contract.go": source, "relay.py": relay}
    several = {"contract.go": source, "rules.go": source, "relay.py": relay}
    assert [(name, mutant.file) for name, mutant in all_mutants(one, "go")] == [
        ("contract.go", "solution.go"),
        ("relay.py", "solution.relay.py"),
    ]
    assert [(name, mutant.file) for name, mutant in all_mutants(several, "go")] == [
        ("contract.go", "solution-go/contract.go"),
        ("rules.go", "solution-go/rules.go"),
        ("relay.py", "solution.relay.py"),
    ]
