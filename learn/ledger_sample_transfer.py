"""The sample of two ledgers: a lot of grain moves by Try, Confirm and Cancel."""

from __future__ import annotations

from chains.types import CallKind, Transcript
from learn.ledger_samples import Recorder, SampleCheck, people, recorded

FIRST, SECOND = "X-7f3a90", "X-91bd04"
PERSONS = (
    ("relay", "relay.example", "client"),
    ("operator", "centre.example", "admin"),
    ("shipper", "inland.example", "client"),
)
ORDER = [
    *(("inland", 1), ("harbour", 1), ("inland", 2), ("harbour", 2), ("inland", 3), ("harbour", 3)),
    *(("inland", 4), ("harbour", 4), ("inland", 5), ("harbour", 5)),
]


def inland() -> Transcript:
    on = Recorder("inland", "chainmaker", "", "lots", people(*PERSONS))
    on.record(
        *("operator", "init_contract"),
        kind=CallKind.INSTALL,
        puts={"LOT-17": "shipper", "LOT-18": "shipper"},
        cost=60_112,
    )
    on.record(
        *("shipper", "try_send", {"lot": "LOT-17", "transfer": FIRST}),
        reads=["LOT-17"],
        puts={"LOT-17": f"locked by {FIRST}"},
        events=recorded(FIRST, "LOT-17", contract="lots", topic="locked"),
        cost=15_220,
    )
    on.record(
        *("relay", "confirm_send", {"transfer": FIRST}),
        reads=["LOT-17"],
        puts={"LOT-17": "gone"},
        events=recorded(FIRST, contract="lots", topic="released"),
        cost=14_871,
    )
    on.record(
        *("shipper", "try_send", {"lot": "LOT-18", "transfer": SECOND}),
        reads=["LOT-18"],
        puts={"LOT-18": f"locked by {SECOND}"},
        events=recorded(SECOND, "LOT-18", contract="lots", topic="locked"),
        cost=15_220,
    )
    on.record(
        *("relay", "cancel_send", {"transfer": SECOND}),
        reads=["LOT-18"],
        puts={"LOT-18": "shipper"},
        events=recorded(SECOND, contract="lots", topic="returned"),
        cost=14_640,
    )
    return on.transcript()


def harbour() -> Transcript:
    on = Recorder("harbour", "evm", "changan", "Quay", people(*PERSONS))
    on.record("operator", "", kind=CallKind.INSTALL, cost=391_005)
    on.record(
        *("relay", "try_receive", {"transfer": FIRST, "lot": "LOT-17"}),
        puts={"LOT-17": "reserved"},
        events=recorded(FIRST, contract="Quay", topic="Reserved"),
        cost=48_310,
    )
    on.record(
        *("relay", "confirm_receive", {"transfer": FIRST}),
        reads=["LOT-17"],
        puts={"LOT-17": "shipper"},
        events=recorded(FIRST, contract="Quay", topic="Received"),
        cost=33_007,
    )
    on.record(
        *("relay", "try_receive", {"transfer": SECOND, "lot": "LOT-18"}),
        status="failed",
        message="the quay takes no second lot",
        events=(),
        cost=26_118,
    )
    on.record(
        *("shipper", "holderOf", {"lot": "LOT-18"}),
        kind=CallKind.QUERY,
        reads=["LOT-18"],
        result="",
        cost=23_400,
    )
    return on.transcript()


CHECKS = (
    SampleCheck(
        "moved-once",
        "passed",
        {"en": "The first lot is at one place only", "zh-hans": "第一批货物只在一处"},
        "transfer/harbour/3",
    ),
    SampleCheck(
        "returned",
        "passed",
        {
            "en": "What the harbour refuses goes back to its owner",
            "zh-hans": "港口拒收的货物退还原主",
        },
        "transfer/inland/5",
    ),
    SampleCheck(
        "refusal-told",
        "wrong",
        {
            "en": "A refusal leaves an event that the relay can prove",
            "zh-hans": "拒收时留下中继可以证明的事件",
        },
        "transfer/harbour/4",
        {
            "en": "A call that is refused leaves no event. Record the refusal in a call that "
            "succeeds.",
            "zh-hans": "被拒绝的调用不会留下事件。请用一次成功的调用记录拒收。",
        },
    ),
)
