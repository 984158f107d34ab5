"""The compiler: what it makes, what it says, and that nothing poisons it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.caches import Cache
from chains.evm import programs
from chains.evm.engine import EvmEngine
from chains.evm.solc import MOST_SOURCE_BYTES, position
from chains.types import Artefact, Diagnostic, Engine, Ledger, NotCompiled, Status
from sandbox.types import Cause, Stopped, Unavailable
from tests.chains.evm.solidity import CARBON, HEAD, compiled, contract, opened


def refused(engine: EvmEngine, source: str, profile: str = "ethereum") -> tuple[Diagnostic, ...]:
    with pytest.raises(NotCompiled) as raised:
        compiled(engine, source, profile)
    return raised.value.diagnostics


def expect_unharmed(engine: EvmEngine) -> None:
    """The compiler still does what it did."""
    with opened(engine, contract("function f() external pure returns (uint) { return 7; }")) as on:
        assert on.query("main", "f", by="grid").result == "7"


def test_mistakes_are_said_with_their_place(engine: EvmEngine) -> None:
    source = f'{HEAD}contract T {{\n  string s = unicode"碳"; uint x = s;\n}}\n'
    assert refused(engine, source) == (
        Diagnostic(
            "error",
            "Type string storage ref is not implicitly convertible to expected type uint256.",
            "contract.sol",
            4,
            35,
        ),
    )


def test_places_are_counted_in_characters() -> None:
    text = "a\n碳b\n"
    assert [position(text, offset) for offset in (0, 2, 5, 6, 7)] == [
        (1, 1),
        (2, 1),
        (2, 2),
        (2, 3),
        (3, 1),
    ]


def test_warnings_come_with_the_artefact(engine: EvmEngine) -> None:
    source = f"{HEAD}contract T {{\nfunction f() external pure {{ uint b; }} }}\n"
    for profile in engine.profiles:
        warnings = compiled(engine, source, profile).warnings
        assert warnings == (Diagnostic("warning", "Unused local variable.", "contract.sol", 4, 30),)


def test_the_last_contract_of_the_first_file_is_the_main_one(engine: EvmEngine) -> None:
    parts = f"{HEAD}library L {{ function one() internal pure returns (uint) {{ return 1; }} }}\n"
    main = f"""{HEAD}
        import {{L}} from "./Parts.sol";
        interface I {{ function f() external returns (uint); }}
        contract A {{}}
        contract B is I {{ function f() external pure returns (uint) {{ return L.one(); }} }}
        abstract contract C is I {{}}
    """
    artefact = engine.compile({"Main.sol": main, "Parts.sol": parts}, language="solidity")
    assert artefact.interface["contract"] == "B"
    assert [each["name"] for each in artefact.interface["abi"]] == ["f"]


@pytest.mark.parametrize(
    "source",
    [HEAD, f"{HEAD}interface I {{}}", f"{HEAD}abstract contract A {{}}", f"{HEAD}library L {{}}"],
)
def test_there_must_be_a_contract(engine: EvmEngine, source: str) -> None:
    (found,) = refused(engine, source)
    assert found.message.startswith("no contract that can be installed")


def test_libraries_of_their_own_are_refused(engine: EvmEngine) -> None:
    library = "library L { function f() external pure returns (uint) { return 1; } }"
    body = "function g() external pure returns (uint) { return L.f(); }"
    source = f"{HEAD}{library} contract T {{ {body} }}"
    (found,) = refused(engine, source)
    assert found.message == (
        "T calls the library L as a contract of its own: make its functions internal"
    )


@pytest.mark.parametrize("name", ["../x.sol", "/etc/passwd", "a/b.sol", "x.js", ".sol", ""])
def test_names_of_files(engine: EvmEngine, name: str) -> None:
    with pytest.raises(NotCompiled, match="files of a contract are called like"):
        engine.compile({name: CARBON}, language="solidity")


@pytest.mark.parametrize(
    "place",
    ["/etc/passwd", "../../../etc/passwd", "https://example.org/a.sol", "file:///etc/passwd"],
)
def test_nothing_is_imported_but_the_files_themselves(engine: EvmEngine, place: str) -> None:
    (found,) = refused(engine, f'{HEAD}import "{place}";\ncontract T {{}}\n')
    assert (found.file, found.line) == ("contract.sol", 3)
    assert found.message.endswith("not found: File not supplied initially.")


def nested(count: int) -> str:
    value = "(" * count + "1" + ")" * count
    return contract(f"function f() external pure returns (uint) {{ return {value}; }}")


@pytest.mark.parametrize("count", [300, 20_000])
def test_parentheses_in_one_another(engine: EvmEngine, count: int) -> None:
    (found,) = refused(engine, nested(count))
    assert found.message == "Maximum recursion depth reached during parsing."
    expect_unharmed(engine)


@pytest.fixture
def impatient() -> Iterator[EvmEngine]:
    """It gives the compiler one second."""
    engine = EvmEngine(compile_seconds=1.0)
    yield engine
    engine.close()


def structs(levels: int) -> str:
    lines = ["struct S0 { uint a; }"]
    lines += [f"struct S{n + 1} {{ S{n} a; S{n} b; S{n} c; }}" for n in range(levels)]
    body = f"S{levels} s; function f(S{levels} memory x) external {{ s = x; }}"
    return f"{HEAD}{' '.join(lines)} contract T {{ {body} }}"


def test_what_takes_too_long_is_stopped(impatient: EvmEngine) -> None:
    with pytest.raises(Stopped) as raised:
        compiled(impatient, structs(12))
    assert raised.value.cause in (Cause.TIMEOUT, Cause.MEMORY)
    impatient._compiler._seconds = 60.0
    expect_unharmed(impatient)


@pytest.mark.parametrize(
    "source",
    [
        contract(f"mapping(uint => {'mapping(uint => ' * 500}uint{')' * 500}) m;"),
        contract(f"uint{'[1]' * 900} a;"),
    ],
    ids=["mappings", "arrays"],
)
def test_what_may_take_long_leaves_the_compiler_whole(impatient: EvmEngine, source: str) -> None:
    """How long depends on the machine: it is compiled, refused or stopped."""
    with contextlib.suppress(Stopped, NotCompiled):
        compiled(impatient, source)
    impatient._compiler._seconds = 60.0
    expect_unharmed(impatient)


@pytest.mark.parametrize(
    "body",
    [
        "uint x = 2**100000000;",
        "uint constant y = 1e999999999;",
        f"uint constant y = {'9' * 100_000};",
        f'bytes constant b = hex"{"ab" * 60_000}";',
        "uint[2**250] a; uint8[2**64][2**64] b;",
        f"function f() external {{ {'{' * 2000}{'}' * 2000} }}",
        f"function f() external pure returns (uint) {{ return {'-' * 3000}1; }}",
        f"function f() external pure returns (uint) {{ return {'1+' * 2000}1; }}",
        "function f() external { assembly { for {} 1 {} { } } }",
        "\\u0000\x00\x1b[31m",
    ],
    ids=range(10),
)
def test_odd_sources_get_a_verdict(engine: EvmEngine, body: str) -> None:
    try:
        found: object = compiled(engine, contract(body))
    except (NotCompiled, Stopped) as verdict:
        found = verdict
    assert isinstance(found, Artefact | NotCompiled | Stopped)
    expect_unharmed(engine)


def test_too_much_source(engine: EvmEngine) -> None:
    (found,) = refused(engine, f"{CARBON}//{'x' * MOST_SOURCE_BYTES}")
    assert found.message.endswith(
        f"bytes of source are too much; {MOST_SOURCE_BYTES} are the limit"
    )


def test_artefacts_are_functions_of_the_sources(engine: EvmEngine) -> None:
    assert compiled(engine, CARBON) == compiled(engine, CARBON)
    commented = compiled(engine, f"{CARBON}// more\n")
    assert commented.code == compiled(engine, CARBON).code
    assert commented.digest != compiled(engine, CARBON).digest
    assert compiled(engine, CARBON, "changan").digest != compiled(engine, CARBON).digest


def test_artefacts_are_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    engine = EvmEngine(cache)
    made = compiled(engine, CARBON)
    engine.close()
    again = EvmEngine(cache, compile_seconds=0.0)
    assert compiled(again, CARBON) == made
    with pytest.raises(Stopped):
        compiled(again, f"{CARBON}// another")
    again.close()


def test_unknown_languages_and_profiles(engine: EvmEngine) -> None:
    with pytest.raises(Unavailable, match="The engine evm has no language vyper"):
        engine.compile({"a.sol": CARBON}, language="vyper")
    with pytest.raises(Unavailable, match="The engine evm has no profile bitcoin"):
        engine.compile({"a.sol": CARBON}, language="solidity", profile="bitcoin")
    with pytest.raises(Unavailable, match="The engine evm has no profile bitcoin"):
        engine.open(profile="bitcoin")


def test_an_artefact_belongs_to_its_profile(engine: EvmEngine) -> None:
    artefact = compiled(engine, CARBON, "changan")
    with engine.open() as ledger:
        ledger.identity("centre", "centre.example", "admin")
        with pytest.raises(ValueError, match="no artefact of the engine evm for the profile"):
            ledger.install("main", artefact, by="centre")


def test_health(engine: EvmEngine) -> None:
    (found,) = engine.health()
    assert (found.engine, found.language, found.available, found.reason) == (
        "evm",
        "solidity",
        True,
        "",
    )
    assert list(found.versions) == ["solc", "node", "anvil"]


def test_it_is_what_the_others_are(engine: EvmEngine) -> None:
    """mypy reads the annotations."""
    found: Engine = engine
    with found.open(seed=1) as ledger:
        kept: Ledger = ledger
        assert (found.name, kept.name) == ("evm", "main")
    assert (list(found.languages), list(found.profiles)) == (["solidity"], ["ethereum", "changan"])


def test_health_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "NODE_MODULES", tmp_path)
    engine = EvmEngine()
    (found,) = engine.health()
    assert (found.available, found.versions) == (False, {})
    assert found.reason == (
        "the Solidity compiler was not found: run `npm ci` (soljson.js is missing)"
    )
    engine.close()


def test_deep_storage_is_ready_for_use(engine: EvmEngine) -> None:
    with opened(engine, contract("mapping(uint => mapping(uint => uint)) public m;")) as ledger:
        found = ledger.query("main", "m", {"0": "1", "1": "2"}, by="grid")
    assert (found.status, found.result) == (Status.OK, "0")
