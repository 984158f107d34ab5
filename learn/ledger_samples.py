"""Transcripts for the style guide, written by hand; blocks and identities are as real ones are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chains.blocks import chain
from chains.identities import identity
from chains.sm import sm3
from chains.types import (
    GENESIS_SECONDS,
    CallKind,
    Event,
    Frame,
    Identity,
    Read,
    Status,
    Transaction,
    Transcript,
    Write,
)

SEED = 20261124


@dataclass(frozen=True, slots=True)
class SampleCheck:
    """A check result of a sample; see `learn.ledger_checks.Checked`."""

    key: str
    outcome: str
    title: Mapping[str, str]
    transaction: str = ""
    message: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False


@dataclass(slots=True)
class Recorder:
    """Writes the transcript of one ledger down, call by call."""

    ledger: str
    engine: str
    profile: str
    contract: str
    people: tuple[Identity, ...]
    calls: list[Transaction] = field(default_factory=list)
    state: dict[str, str] = field(default_factory=dict)

    def record(
        self,
        by: str,
        method: str,
        args: Mapping[str, str] | None = None,
        *,
        kind: CallKind = CallKind.INVOKE,
        reads: Sequence[str] = (),
        puts: Mapping[str, str] | None = None,
        **rest: object,
    ) -> None:
        """One call. `puts`: what it writes; the values before are those of the state. The rest are
        fields of `Transaction`."""
        number = len(self.calls) + 1
        contract = str(rest.pop("contract", self.contract))
        done = Transaction(
            number=number,
            kind=kind,
            identity=by,
            contract=contract,
            method=method,
            args=args or {},
            status=Status(str(rest.pop("status", "ok"))),
            reads=tuple(Read(contract, key, self.state.get(key)) for key in reads),
            writes=tuple(
                Write(contract, key, self.state.get(key), after)
                for key, after in sorted((puts or {}).items())
            ),
            time=GENESIS_SECONDS + number,
            id="" if kind == CallKind.QUERY else sm3(f"{self.ledger} {number}".encode()).hex(),
        )
        self.state.update(puts or {})
        self.calls.append(replace(done, **rest))  # type: ignore[arg-type]  # fields by name

    def transcript(self) -> Transcript:
        blocks = chain(self.calls)
        heights = {block.transactions[0]: block.height for block in blocks}
        calls = tuple(replace(each, block=heights.get(each.number)) for each in self.calls)
        return Transcript(self.ledger, self.engine, self.profile, SEED, self.people, calls, blocks)


def people(*rows: tuple[str, str, str]) -> tuple[Identity, ...]:
    return tuple(identity(*row, SEED) for row in rows)


def recorded(*data: str, contract: str = "carbon", topic: str = "recorded") -> tuple[Event, ...]:
    return (Event(contract, topic, data),)


ASSET = "PV-2026-014"


def carbon(*, checks_the_organisation: bool) -> Transcript:
    """The record of a carbon footprint, stage by stage, by three organisations. The contract does
    not see that the grid writes the plant's stage; without the check it lets anybody write all."""
    persons = people(
        ("plant", "plant.example", "client"),
        ("grid", "grid.example", "client"),
        ("centre", "centre.example", "admin"),
    )
    on = Recorder("main", "chainmaker", "", "carbon", persons)
    on.record(
        *("centre", "init_contract"),
        kind=CallKind.INSTALL,
        puts={"owner": "centre.example"},
        cost=61_204,
    )
    _stage(on, "plant", "generation", "12")
    _stage(on, "grid", "transmission", "3")
    if checks_the_organisation:
        on.record(
            *("plant", "record", {"asset": ASSET, "stage": "transmission", "kg": "2"}),
            status="failed",
            message="transmission is recorded by grid.example, not by plant.example",
            cost=7_915,
        )
    else:
        _stage(on, "plant", "transmission", "2")
    _stage(on, "grid", "consumption", "7")
    _total(on, "plant")
    _stage(on, "grid", "generation", "5", is_late=True)
    on.record(
        *("plant", ""),
        kind=CallKind.FREEZE,
        status="refused",
        message="not permitted: only an administrator may freeze a contract",
    )
    _total(on, "centre")
    return on.transcript()


def _stage(on: Recorder, by: str, stage: str, kg: str, *, is_late: bool = False) -> None:
    """One stage is recorded. `is_late`: the asset has gone on, and its stage stays as it is."""
    now, amount = f"{ASSET}#stage", f"{ASSET}#{stage}"
    puts = {amount: kg} if is_late or on.state.get(now) == stage else {now: stage, amount: kg}
    on.record(
        *(by, "record", {"asset": ASSET, "stage": stage, "kg": kg}),
        reads=[now, amount],
        puts=puts,
        events=recorded(ASSET, stage, kg),
        result=kg,
        cost=18_200 + 16 * len(stage) + 3 * len(puts),
        log=(f"record {ASSET} {stage} {kg} by {by}.example",),
    )


def _total(on: Recorder, by: str) -> None:
    keys = [f"{ASSET}#{stage}" for stage in ("generation", "transmission", "consumption")]
    on.record(
        *(by, "total", {"asset": ASSET}),
        kind=CallKind.QUERY,
        reads=keys,
        result=str(sum(int(on.state[key]) for key in keys)),
        cost=9_310,
    )


CARBON_CHECKS = (
    SampleCheck(
        "generation-recorded",
        "passed",
        {"en": "The plant records its generation", "zh-hans": "电厂记录发电阶段"},
        "life-cycle/main/2",
    ),
    SampleCheck(
        "plant-may-not-transmit",
        "passed",
        {"en": "The plant may not record transmission", "zh-hans": "电厂不得记录输电阶段"},
        "life-cycle/main/4",
    ),
    SampleCheck(
        "grid-may-not-generate",
        "wrong",
        {"en": "The grid may not record generation", "zh-hans": "电网不得记录发电阶段"},
        "life-cycle/main/7",
        {
            "en": "The contract looks at the stage only when it is transmission. Compare the "
            "caller's organisation with the owner of every stage.",
            "zh-hans": "合约只在输电阶段检查了调用方。每个阶段都要核对调用方所属的组织。",
        },
    ),
    SampleCheck(
        "freeze-refused",
        "passed",
        {"en": "A client may not freeze the contract", "zh-hans": "客户端不得冻结合约"},
        "life-cycle/main/8",
    ),
    SampleCheck(
        "total-kept",
        "wrong",
        {"en": "The total stays as it was", "zh-hans": "总量保持不变"},
        "life-cycle/main/9",
        {"en": "15 came back, and 22 was expected.", "zh-hans": "返回 15，应为 22。"},
    ),
    SampleCheck(
        "overflow",
        "wrong",
        {"en": "Amounts near the limit", "zh-hans": "接近上限的数量"},
        hidden=True,
    ),
    SampleCheck(
        "key-format",
        "passed",
        {"en": "Keys with unusual letters", "zh-hans": "含特殊字符的键"},
        hidden=True,
    ),
)


def word(number: int) -> str:
    """A word of an Ethereum machine."""
    return f"0x{number:064x}"


def receipts() -> Transcript:
    """Warehouse receipts on an Ethereum machine: calls between contracts, and a revert."""
    on = Recorder(
        *("main", "evm", "ethereum", "Desk"),
        tuple(
            replace(each, address=f"0x{each.address}")
            for each in people(
                ("warehouse", "store.example", "client"),
                ("bank", "bank.example", "client"),
                ("operator", "centre.example", "admin"),
            )
        ),
    )
    lien, holder = word(0x21), word(0x20)
    on.record("operator", "", kind=CallKind.INSTALL, contract="Registry", cost=412_660)
    on.record("operator", "", kind=CallKind.INSTALL, contract="Desk", cost=368_903)
    on.record(
        *("warehouse", "issue", {"id": "17", "tonnes": "40"}),
        puts={holder: word(3)},
        events=(Event("Registry", "Issued", ("17", "40")),),
        cost=61_877,
    )
    on.record(
        *("warehouse", "pledge", {"id": "17", "bank": "bank.example"}),
        reads=[holder, lien],
        puts={lien: word(1)},
        events=(Event("Registry", "Pledged", ("17", "bank.example")),),
        root=_pledge(Status.OK),
        result=word(1),
        cost=54_122,
    )
    on.record(
        *("warehouse", "pledge", {"id": "17", "bank": "bank.example"}),
        reads=[holder, lien],
        status="failed",
        message="receipt 17 is pledged already",
        root=_pledge(Status.FAILED, "receipt 17 is pledged already"),
        cost=31_240,
    )
    on.record(
        *("bank", "sweep", {"from": "1"}),
        status="exhausted",
        message="out of gas",
        cost=5_000_000,
    )
    on.record(
        *("bank", "divide", {"by": "0"}), status="trapped", message="division by zero", cost=24_017
    )
    on.record(
        *("bank", "lienOf", {"id": "17"}),
        kind=CallKind.QUERY,
        reads=[lien],
        result=word(1),
        cost=24_310,
    )
    return on.transcript()


def _pledge(status: Status, message: str = "") -> Frame:
    """The call tree of a pledge: the desk asks the registry, which looks first."""
    asked = Frame("Registry", "holderOf", {"id": "17"}, Status.OK, result=word(3), cost=2_610)
    held = Frame(
        *("Registry", "setLien", {"id": "17", "bank": "bank.example"}, status),
        message=message,
        cost=23_880 if status is Status.OK else 3_015,
        calls=(Frame("Registry", "lienOf", {"id": "17"}, Status.OK, word(0), cost=2_402),),
    )
    return Frame(
        *("Desk", "pledge", {"id": "17", "bank": "bank.example"}, status),
        message=message,
        cost=54_122,
        calls=(asked, held),
    )
