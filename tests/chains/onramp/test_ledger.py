"""The on-ramp's ledger: what contracts may ask, and what is recorded of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from chains.blocks import verify
from chains.onramp import costs
from chains.onramp.engine import PythonEngine
from chains.onramp.execution import SYSTEM, contract_address
from chains.onramp.ledger import PythonLedger
from chains.transcripts import canonical, from_json
from chains.types import GENESIS_SECONDS, Artefact, Event, NotCompiled, Read, Status, Write
from sandbox.types import Cause, Stopped

SOURCE = """
import json
from chain import Chain, ChainError, Refused, ask

memory = []

class Contract:
    def init_contract(self, chain):
        chain.put_state("sender", chain.sender())
        chain.put_state("origin", chain.origin())

    def upgrade(self, chain):
        chain.put_state("version", chain.get_args()["version"])

    def record(self, chain, asset, kg="0"):
        if not kg.isdigit():
            raise Refused("kg is no number")
        total = int(chain.get_state("total") or "0") + int(kg)
        chain.put_state("total", str(total))
        chain.put_state(asset, kg, "kg")
        chain.emit_event("recorded", [asset, kg])
        return str(total)

    def total(self, chain):
        return chain.get_state("total")

    def twice(self, chain, key):
        chain.get_state(key)
        chain.put_state(key, "1")
        chain.get_state(key)
        chain.put_state(key, "0")
        chain.put_state(key, "")
        return str(chain.get_state_with_exists(key))

    def listed(self, chain):
        chain.put_state("b", "new")
        rows = list(chain.new_iterator("a", "c"))
        return str(rows + list(chain.new_iterator_prefix_with_key("t")))

    def past(self, chain, key):
        return str([
            (c.value, c.block_height, c.is_delete, c.timestamp)
            for c in chain.new_history_kv_iter_for_key(key)
        ])

    def who(self, chain):
        return " ".join([
            chain.get_sender_org_id(), chain.get_sender_role(), chain.get_creator_org_id(),
            chain.get_creator_role(), str(chain.get_block_height()), chain.get_tx_time_stamp(),
            chain.get_contract_name(),
        ])

    def relay(self, chain, kg):
        answer = chain.call_contract("carbon", "record", {"asset": "x", "kg": kg})
        return f"{answer.status} {answer.payload}{answer.message}"

    def deep(self, chain):
        return chain.call_contract("carbon", "deep").message

    def remember(self, chain):
        memory.append(1)
        return str(len(memory))

    def bad_key(self, chain):
        chain.put_state("no spaces", "1")

    def caught(self, chain):
        try:
            chain.put_state("", "1")
        except ChainError as error:
            return str(error)

    def number(self, chain):
        return 5

    def raw(self, chain):
        chain.put_state("raw", b"\\xff\\x00")
        return b"\\xff"

    def greedy(self, chain):
        chain.put_state("k", "1")
        while True:
            chain.get_state("k")

    def endless(self, chain):
        while True:
            pass

    def leave(self, chain):
        json.codecs.sys.modules["os"]._exit(0)

    def recurse(self, chain):
        return self.recurse(chain)

    def divide(self, chain):
        return str(1 // 0)

    def forge(self, chain):
        return str(ask(["put", "total", "", "no bytes"])) + str(ask(7))

    def write(self, chain):
        print("printed")
        chain.log("logged")
        chain.put_state("q", "1")
"""


@pytest.fixture(scope="module")
def artefact(engine: PythonEngine) -> Artefact:
    return engine.compile({"contract.py": SOURCE}, language="python")


@pytest.fixture
def ledger(engine: PythonEngine, artefact: Artefact) -> Iterator[PythonLedger]:
    with engine.open(seed=7) as opened:
        opened.identity("centre", "centre.example", "admin")
        opened.identity("plant", "plant.example", "client")
        assert opened.install("carbon", artefact, by="centre").status is Status.OK
        yield opened


def test_a_transaction_records_what_it_read_wrote_and_told(ledger: PythonLedger) -> None:
    done = ledger.invoke("carbon", "record", {"asset": "w1", "kg": "5"}, by="plant")
    assert (done.number, done.block, done.status, done.result) == (2, 2, Status.OK, "5")
    assert done.time == GENESIS_SECONDS + 2
    assert done.reads == (Read("carbon", "total", None),)
    assert done.writes == (
        Write("carbon", "total", None, "5"),
        Write("carbon", "w1#kg", None, "5"),
    )
    assert done.events == (Event("carbon", "recorded", ("w1", "5")),)
    questions = 4
    carried = len("asset" + "w1" + "kg" + "5") + len("total") + len("total5") + len("w1#kg5")
    carried += len("recorded" + "w1" + "5")
    assert done.cost == costs.START + questions * costs.CALL + carried * costs.BYTE


def test_the_same_calls_and_seed_give_the_same_bytes(
    engine: PythonEngine, artefact: Artefact
) -> None:
    written = []
    for seed in (1, 1, 2):
        with engine.open(seed=seed) as ledger:
            ledger.identity("centre", "centre.example", "admin")
            ledger.install("carbon", artefact, by="centre")
            ledger.invoke("carbon", "record", {"asset": "w1", "kg": "5"}, by="centre")
            ledger.invoke("carbon", "divide", by="centre")
            written.append(canonical(ledger.transcript()))
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_its_blocks_are_those_of_every_ledger(ledger: PythonLedger) -> None:
    ledger.invoke("carbon", "record", {"asset": "w1", "kg": "5"}, by="plant")
    ledger.query("carbon", "total", by="plant")
    ledger.invoke("carbon", "divide", by="plant", after_seconds=9)
    transcript = ledger.transcript()
    assert verify(transcript.blocks, transcript.transactions) == []
    assert from_json(json.loads(canonical(transcript))) == transcript


def test_what_fails_writes_nothing(ledger: PythonLedger) -> None:
    before = ledger.state("carbon")
    failed = ledger.invoke("carbon", "record", {"asset": "w1", "kg": "five"}, by="plant")
    assert (failed.status, failed.message) == (Status.FAILED, "kg is no number")
    assert (failed.writes, failed.events, failed.block) == ((), (), 2)
    assert ledger.state("carbon") == before


@pytest.mark.parametrize(
    ("method", "status", "message"),
    [
        ("absent", Status.FAILED, "there is no method absent"),
        ("_secret", Status.FAILED, "there is no method _secret"),
        ("upgrade", Status.FAILED, "there is no method upgrade"),
        ("record", Status.FAILED, "record needs the argument asset"),
        ("bad_key", Status.FAILED, "a key has letters, digits, dots, hyphens and underscores only"),
        ("number", Status.TRAPPED, "TypeError: number must return text, not int"),
        ("leave", Status.TRAPPED, "the contract ended its own process"),
        ("greedy", Status.EXHAUSTED, f"the transaction costs more than {costs.MOST}"),
    ],
)
def test_ways_not_to_succeed(
    ledger: PythonLedger, method: str, status: Status, message: str
) -> None:
    done = ledger.invoke("carbon", method, by="plant")
    assert (done.status, done.message, done.writes) == (status, message, ())


def test_an_exception_tells_its_line(ledger: PythonLedger) -> None:
    line = 1 + SOURCE[: SOURCE.index("1 // 0")].count("\n")
    done = ledger.invoke("carbon", "divide", by="plant")
    assert done.message == (
        f"ZeroDivisionError: integer division or modulo by zero (contract.py:{line})"
    )
    assert ledger.invoke("carbon", "recurse", by="plant").status is Status.EXHAUSTED


def test_an_endless_loop_kills_the_ledger(ledger: PythonLedger) -> None:
    with pytest.raises(Stopped) as stopped:
        ledger.invoke("carbon", "endless", by="plant")
    assert stopped.value.cause in {Cause.CPU, Cause.TIMEOUT}
    with pytest.raises(Stopped):
        ledger.query("carbon", "total", by="plant")


def test_a_box_can_tell_the_chain_nothing_wrong(ledger: PythonLedger) -> None:
    done = ledger.invoke("carbon", "forge", by="plant")
    assert done.result == str(["error", "the chain does not know this question"]) * 2
    assert done.writes == ()


def test_nothing_is_remembered_but_state(ledger: PythonLedger) -> None:
    results = [ledger.invoke("carbon", "remember", by="plant").result for _ in range(2)]
    assert results == ["1", "1"]


def test_reads_are_of_the_state_before(ledger: PythonLedger) -> None:
    done = ledger.invoke("carbon", "twice", {"key": "k"}, by="plant")
    assert (done.result, done.writes) == ("('', False)", ())
    assert done.reads == (Read("carbon", "k", None),)


def test_iterators_see_what_the_transaction_wrote(ledger: PythonLedger) -> None:
    ledger.invoke("carbon", "record", {"asset": "apple", "kg": "1"}, by="plant")
    done = ledger.invoke("carbon", "listed", by="plant")
    assert done.result == str([("apple", "kg", "1"), ("b", "", "new"), ("total", "", "1")])


def test_history_is_of_earlier_blocks(ledger: PythonLedger) -> None:
    for kg in ("1", "2"):
        ledger.invoke("carbon", "record", {"asset": "a", "kg": kg}, by="plant")
    done = ledger.query("carbon", "past", {"key": "total"}, by="plant")
    times = [str(GENESIS_SECONDS + height) for height in (2, 3)]
    assert done.result == str([("1", 2, False, times[0]), ("3", 3, False, times[1])])


def test_the_chain_itself_calls_an_installation(ledger: PythonLedger) -> None:
    centre = ledger.identity("centre", "centre.example", "admin")
    state = ledger.state("carbon")
    assert state == {"origin": centre.address, "sender": contract_address(SYSTEM)}
    late = ledger.invoke("carbon", "who", by="plant", after_seconds=60)
    assert late.result == (
        f"plant.example client centre.example admin 2 {GENESIS_SECONDS + 62} carbon"
    )


def test_a_called_contract_keeps_nothing_when_it_fails(ledger: PythonLedger) -> None:
    done = ledger.invoke("carbon", "relay", {"kg": "3"}, by="plant")
    assert (done.result, len(done.writes), len(done.events)) == ("ok 3", 2, 1)
    failed = ledger.invoke("carbon", "relay", {"kg": "x"}, by="plant")
    assert failed.result == "failed kg is no number"
    assert (failed.status, failed.writes, failed.events) == (Status.OK, (), ())
    assert failed.root is not None
    assert [inner.status for inner in failed.root.calls] == [Status.FAILED]


def test_calls_nest_six_deep(ledger: PythonLedger) -> None:
    frame = ledger.invoke("carbon", "deep", by="plant").root
    depth = 0
    while frame is not None:
        depth += 1
        last, frame = frame, (frame.calls[0] if frame.calls else None)
    assert (depth, last.status) == (7, Status.FAILED)


def test_a_query_writes_nothing(ledger: PythonLedger) -> None:
    done = ledger.query("carbon", "write", by="plant")
    assert (done.status, done.id, done.block, done.writes) == (Status.OK, "", None, ())
    assert done.log == ("logged", "printed")
    assert "q" not in ledger.state("carbon")
    assert len(ledger.transcript().blocks) == 1


def test_bytes_are_shown_as_hex(ledger: PythonLedger) -> None:
    assert ledger.invoke("carbon", "raw", by="plant").result == "0xff"
    assert ledger.state("carbon")["raw"] == "0xff00"


def test_the_life_cycle(ledger: PythonLedger, artefact: Artefact) -> None:
    def told(status: Status, message: str = "") -> tuple[Status, str]:
        return status, message

    def ask() -> tuple[Status, Status]:
        return (
            ledger.invoke("carbon", "record", {"asset": "a", "kg": "1"}, by="plant").status,
            ledger.query("carbon", "total", by="plant").status,
        )

    assert ledger.install("carbon", artefact, by="centre").status is Status.REFUSED
    assert ledger.freeze("carbon", by="plant").status is Status.REFUSED
    assert ledger.freeze("carbon", by="centre").status is Status.OK
    assert ask() == (Status.REFUSED, Status.OK)
    assert ledger.unfreeze("carbon", by="centre").status is Status.OK
    assert ask() == (Status.OK, Status.OK)
    upgraded = ledger.upgrade("carbon", artefact, by="centre", args={"version": "2"})
    assert [write.key for write in upgraded.writes] == ["version"]
    assert ledger.state("carbon")["total"] == "1"
    assert ledger.revoke("carbon", by="centre").status is Status.OK
    assert ask() == (Status.REFUSED, Status.REFUSED)


def test_an_identity_is_made_once(ledger: PythonLedger) -> None:
    with pytest.raises(ValueError, match="plant"):
        ledger.identity("plant", "other.example", "client")


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ({"contract.py": "class Contract\n"}, ("contract.py", 1, "expected ':'")),
        ({"contract.py": "x = 1\n"}, ("contract.py", 1, "There is no class named Contract.")),
        (
            {"contract.py": "class Contract: ...\nimport random\n"},
            (
                "contract.py",
                2,
                "A contract may not import random: every node must get the same result.",
            ),
        ),
        (
            {"contract.py": "class Contract: ...\n\nopen('/etc/passwd')\n"},
            ("contract.py", 3, "open() may differ from node to node, or reaches outside."),
        ),
        ({"contract.py": "(" * 5000}, ("contract.py", 1, "too many nested parentheses")),
    ],
)
def test_mistakes_are_named_with_their_line(
    engine: PythonEngine, sources: dict[str, str], found: tuple[str, int, str]
) -> None:
    with pytest.raises(NotCompiled) as refused:
        engine.compile(sources, language="python")
    first = refused.value.diagnostics[0]
    assert (first.file, first.line, first.message) == found


def test_no_file_may_take_a_name_of_ours(engine: PythonEngine) -> None:
    contract = "class Contract: ...\n"
    for sources in ({"contract.py": contract, "chain.py": ""}, {"other.py": contract}):
        with pytest.raises(NotCompiled):
            engine.compile(sources, language="python")


def test_files_import_each_other(engine: PythonEngine) -> None:
    sources = {
        "contract.py": "import rules\nclass Contract:\n    def f(self, chain): return rules.X\n",
        "rules.py": "X = 'x'\n",
    }
    with engine.open() as ledger:
        ledger.identity("a", "a.example", "admin")
        artefact = engine.compile(sources, language="python")
        assert ledger.install("c", artefact, by="a").status is Status.FAILED
        assert artefact.digest == engine.compile(sources, language="python").digest


def test_health_says_what_python_is_not(engine: PythonEngine) -> None:
    (health,) = engine.health()
    assert (health.available, health.language) == (True, "python")
    assert "no language of Chang'An Chain" in health.reason
