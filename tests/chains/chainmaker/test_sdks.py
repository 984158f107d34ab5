"""One probe in each language asks the ledger for everything that its SDK can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chains.chainmaker.engine import ChainMakerEngine
from chains.chainmaker.ledger import ChainMakerLedger
from chains.types import Event, Status, Transaction
from tests.chains.chainmaker.contracts import GO, SUFFIXES, needs

PROBES = Path(__file__).parent / "probes"
LANGUAGES = ("rust", "c", "go")


@pytest.fixture(scope="module")
def engine() -> Iterator[ChainMakerEngine]:
    engine = ChainMakerEngine()
    yield engine
    engine.close()


@pytest.fixture(params=LANGUAGES)
def ledger(request: pytest.FixtureRequest, engine: ChainMakerEngine) -> Iterator[ChainMakerLedger]:
    with probed(engine, request.param) as ledger:
        yield ledger


@pytest.fixture
def go(engine: ChainMakerEngine) -> Iterator[ChainMakerLedger]:
    with probed(engine, "go") as ledger:
        yield ledger


def probed(engine: ChainMakerEngine, language: str) -> ChainMakerLedger:
    """A ledger on which the probe is installed twice, as `probe` and as `other`."""
    needs(language)
    name = f"probe.{SUFFIXES[language]}"
    sources = {name: (PROBES / name).read_text(encoding="utf-8")}
    artefact = engine.compile(sources, language=language)
    assert artefact.warnings == ()
    ledger = engine.open(seed=7)
    ledger.identity("admin", "org.example", "admin")
    ledger.identity("plant", "plant.example", "client")
    for contract in ("probe", "other"):
        installed = ledger.install(contract, artefact, by="admin")
        assert (installed.status, installed.result) == (Status.OK, "ready")
    return ledger


def ask(ledger: ChainMakerLedger, method: str, **args: str) -> Transaction:
    return ledger.invoke("probe", method, args, by="plant")


def answered(ledger: ChainMakerLedger, method: str, **args: str) -> str:
    transaction = ask(ledger, method, **args)
    assert transaction.status is Status.OK, transaction.message
    return transaction.result


def test_who_asks_and_when(ledger: ChainMakerLedger) -> None:
    transaction = ask(ledger, "who")
    plant = ledger.identity("plant", "plant.example", "client")
    admin = ledger.identity("admin", "org.example", "admin")
    assert transaction.result.split("|") == [
        *("plant.example", "client", plant.public_key, plant.address),
        *("org.example", "admin", admin.public_key),
        *(transaction.id, str(transaction.time), str(transaction.block)),
    ]


def test_rows_are_walked_in_their_order(ledger: ChainMakerLedger) -> None:
    assert answered(ledger, "range") == "row#a=value-a|row#b=value-b"
    assert answered(ledger, "prefix") == "row#a=value-a|row#b=value-b|row#c=value-c"


def test_state_is_read_and_deleted(ledger: ChainMakerLedger) -> None:
    assert answered(ledger, "single") == "alone"
    assert answered(ledger, "nothing") == "|true"
    deletion = ask(ledger, "delete")
    assert deletion.result == ""
    assert [(write.key, write.before, write.after) for write in deletion.writes] == [
        ("row#a", "value-a", None)
    ]
    assert answered(ledger, "range") == "row#b=value-b"


def test_an_event_has_its_data_in_order(ledger: ChainMakerLedger) -> None:
    assert ask(ledger, "emit").events == (Event("probe", "topic", ("one", "", "三")),)


def test_another_contract_answers(ledger: ChainMakerLedger) -> None:
    transaction = ask(ledger, "call", contract="other")
    assert transaction.result == "alone"
    assert transaction.root is not None
    assert [(call.contract, call.method) for call in transaction.root.calls] == [
        ("other", "single")
    ]


def test_arguments_and_results_are_any_bytes(ledger: ChainMakerLedger) -> None:
    assert answered(ledger, "bytes", x="值\n") == "值\n"
    assert answered(ledger, "bytes", x="0x00ff80") == "0x00ff80"


def test_a_line_is_logged(ledger: ChainMakerLedger) -> None:
    assert ask(ledger, "log_line").log == ("a line",)


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ('sdk.Instance.Errorf("it is %v", err)', "[ERROR] it is too late"),
        ('sdk.Instance.Infof("%d of %q: %v", 1, m, err)', '[INFO] 1 of "say": too late'),
    ],
    ids=["without fmt", "with fmt"],
)
def test_go_logs_an_error(engine: ChainMakerEngine, line: str, logged: str) -> None:
    needs("go")
    source = GO.replace("import (", 'import (\n\t"errors"\n').replace(
        "{ return sdk.Error(m) }",
        f'{{ err := errors.New("too late"); {line}; return sdk.Success(nil) }}',
    )
    with engine.open() as ledger:
        ledger.identity("admin", "org.example", "admin")
        ledger.install("late", engine.compile({"late.go": source}, language="go"), by="admin")
        assert ledger.invoke("late", "say", {}, by="admin").log == (logged,)


def test_a_refusal_undoes_what_was_written(ledger: ChainMakerLedger) -> None:
    transaction = ask(ledger, "fail")
    assert (transaction.status, transaction.message) == (Status.FAILED, "a reason")
    assert transaction.writes == ()
    assert answered(ledger, "range") == "row#a=value-a|row#b=value-b"


def test_a_contract_that_breaks_is_trapped(ledger: ChainMakerLedger) -> None:
    transaction = ask(ledger, "trap")
    assert transaction.status is Status.TRAPPED
    assert "/" not in transaction.message
    assert answered(ledger, "single") == "alone"


def test_a_method_that_there_is_none_of_fails(ledger: ChainMakerLedger) -> None:
    for method in ("nowhere", "allocate", "memory", "_initialize", "invoke_contract"):
        transaction = ask(ledger, method)
        assert (transaction.status, transaction.writes) == (Status.FAILED, ())


def test_go_knows_itself_and_its_caller(go: ChainMakerLedger) -> None:
    name, address, sender = answered(go, "self").split("|")
    assert name == "probe"
    assert len(address) == 40
    assert sender == go.identity("plant", "plant.example", "client").address


def test_go_walks_through_the_history_of_an_entry(go: ChainMakerLedger) -> None:
    ask(go, "write", value="second")
    ask(go, "write", value="")
    assert answered(go, "history") == "1 value-a false|3 second false|4  true"


def test_go_reads_many_entries_at_once(go: ChainMakerLedger) -> None:
    assert answered(go, "batch") == "value-b||alone"
    assert answered(go, "exists") == "true|false"


def test_go_hears_why_another_contract_refused(go: ChainMakerLedger) -> None:
    assert answered(go, "refused", contract="other") == "1|a reason"
    assert answered(go, "refused", contract="nobody").startswith("1|")


def test_the_languages_leave_the_same_on_the_ledger(engine: ChainMakerEngine) -> None:
    states = []
    for language in LANGUAGES:
        with probed(engine, language) as ledger:
            ask(ledger, "delete")
            ask(ledger, "emit")
            states.append((dict(ledger.state("probe")), ledger.transcript().blocks[-1].height))
    assert states[0] == states[1] == states[2]
