"""Transcripts as text: nothing is lost, the same one gives the same bytes, bounds hold."""

from __future__ import annotations

import json
import sys
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chains.blocks import chain
from chains.transcripts import (
    DEEPEST,
    LONGEST_LIST,
    bounded,
    canonical,
    canonical_json,
    digest,
    from_json,
    hidden,
    packed,
    shown,
    to_json,
    unpacked,
)
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
from tests.chains.transcripts import PEOPLE, transcripts

EMPTY = Transcript("main", "chainmaker", "", 7, (), (), ())


def invoke(number: int, **fields: Any) -> Transaction:
    values: dict[str, Any] = {
        "args": {"kg": "12"},
        "status": Status.OK,
        "result": "1",
        "time": GENESIS_SECONDS + number,
        **fields,
    }
    return Transaction(number, CallKind.INVOKE, "meter", "carbon", "record", **values)


def record(*transactions: Transaction, identities: tuple[Identity, ...] = ()) -> Transcript:
    return Transcript("main", "chainmaker", "", 7, identities, transactions, chain(transactions))


@given(st.binary() | st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace")))
def test_bytes_come_back_from_their_text(value: bytes) -> None:
    assert hidden(shown(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"", ""),
        (b"12", "12"),
        ("碳".encode(), "碳"),
        (b"two\n\tlines", "two\n\tlines"),
        (b"0", "0"),
        (b"0x", "0x3078"),
        (b"0xab", "0x30786162"),
        (b"0Xab", "0Xab"),
        (b"\xff\x00", "0xff00"),
        (b"a\x00", "0x6100"),
        (b"a\r", "0x610d"),
        (b"\x7f", "0x7f"),
        ("\u202eabc".encode(), "0xe280ae616263"),
        ("\ufeffabc".encode(), "0xefbbbf616263"),
        (b"\xed\xa0\x80", "0xeda080"),
        ("👩‍🚒".encode(), "0xf09f91a9e2808df09f9a92"),
    ],
)
def test_what_can_be_read_is_shown_as_it_is(value: bytes, text: str) -> None:
    assert shown(value) == text
    assert hidden(text) == value


def test_hidden_takes_capital_digits_and_the_empty_value() -> None:
    assert hidden("0xAB") == b"\xab"
    assert hidden("0x") == b""


@pytest.mark.parametrize("text", ["0x1", "0xzz", "0x 1", "0xab\n", "0xé1", "\ud800"])
def test_hidden_refuses_what_no_bytes_are_shown_as(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # one of two kinds
        hidden(text)


@settings(max_examples=25, deadline=None)
@given(transcripts())
def test_a_transcript_comes_back_from_its_json(transcript: Transcript) -> None:
    data = to_json(transcript)
    assert from_json(data) == transcript
    assert from_json(json.loads(canonical(transcript))) == transcript
    assert canonical_json(data) == canonical(transcript)
    assert unpacked(packed(transcript)) == transcript


@settings(max_examples=25, deadline=None)
@given(transcripts(), transcripts())
def test_equal_transcripts_and_no_others_have_one_digest(
    first: Transcript, second: Transcript
) -> None:
    turned = replace(
        first,
        transactions=tuple(
            replace(each, args=dict(list(each.args.items())[::-1])) for each in first.transactions
        ),
    )
    assert digest(turned) == digest(first)
    assert (digest(first) == digest(second)) is (first == second)


def test_the_bytes_never_change() -> None:
    transcript = record(
        invoke(
            1,
            reads=(Read("carbon", "a#b", None),),
            writes=(Write("carbon", "a#b", None, "12"),),
            events=(Event("carbon", "recorded", ("12",)),),
            root=Frame("carbon", "record", {}, Status.OK, calls=(Frame("x", "y", {}, Status.OK),)),
            id="ab",
            block=1,
        ),
        identities=(Identity("meter", "grid.example", "client", "aa", "bb"),),
    )
    assert json.loads(canonical(replace(transcript, blocks=()))) == {
        "blocks": [],
        "engine": "chainmaker",
        "identities": [
            {
                "address": "bb",
                "name": "meter",
                "organisation": "grid.example",
                "public_key": "aa",
                "role": "client",
            }
        ],
        "ledger": "main",
        "profile": "",
        "seed": 7,
        "transactions": [
            {
                "args": {"kg": "12"},
                "block": 1,
                "contract": "carbon",
                "events": [{"contract": "carbon", "data": ["12"], "topic": "recorded"}],
                "id": "ab",
                "identity": "meter",
                "kind": "invoke",
                "method": "record",
                "number": 1,
                "reads": [{"contract": "carbon", "key": "a#b", "value": None}],
                "result": "1",
                "root": {
                    "args": {},
                    "calls": [{"args": {}, "contract": "x", "method": "y", "status": "ok"}],
                    "contract": "carbon",
                    "method": "record",
                    "status": "ok",
                },
                "status": "ok",
                "time": 1_700_000_001,
                "writes": [{"after": "12", "before": None, "contract": "carbon", "key": "a#b"}],
            }
        ],
    }
    assert digest(transcript) == "a777f0cbe8265264ae0db36367de46c9f06db6f2a12e41748a8ca339bffaa31f"


def test_json_is_canonical() -> None:
    # RFC 8785 §3.2.3: its example of an order by UTF-16 code units, and of what is escaped.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = canonical_json(dict.fromkeys(names, "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"))
    value = '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    order = ['"\\r"', '"1"', '"\u0080"', '"\u00f6"', '"\u20ac"', '"\U0001f600"', '"\ufb33"']
    assert found.decode() == "{" + ",".join(f"{name}:{value}" for name in order) + "}"


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}, float("nan"), float("inf")])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # one of two kinds
        canonical_json(value)


GOOD = to_json(record(invoke(1, root=Frame("a", "b", {}, Status.OK)), identities=PEOPLE))


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ([], [], "transcript: not an object"),
        (["seed"], "7", "transcript.seed: not int"),
        (["seed"], True, "transcript.seed: not int"),
        (["seed"], 7.0, "transcript.seed: not int"),
        (["ledger"], None, "transcript.ledger: not str"),
        (["extra"], 1, "transcript: unknown extra"),
        (["identities"], {}, "transcript.identities: not a list"),
        (["identities", 1], {"name": "x"}, "transcript.identities[1]: no address, organisation"),
        (["transactions", 0, "kind"], "steal", "transcript.transactions[0].kind: not one of inst"),
        (["transactions", 0, "status"], [], "transcript.transactions[0].status: not one of ok"),
        (["transactions", 0, "args"], [], "transcript.transactions[0].args: not an object"),
        (["transactions", 0, "args", "kg"], 12, "transcript.transactions[0].args.kg: not str"),
        (["transactions", 0, "block"], "1", "transcript.transactions[0].block: not int"),
        (["transactions", 0, "root", "calls"], [1], "root.calls[0]: not an object"),
    ],
)
def test_other_json_is_refused_by_place(path: list[Any], value: object, complaint: str) -> None:
    data = json.loads(json.dumps(GOOD))
    place = data
    for step in path[:-1]:
        place = place[step]
    if path:
        place[path[-1]] = value
    else:
        data = value
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # the text is what is compared
        from_json(data)
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "cut"),
        (b"nothing", "not compressed"),
        (packed(EMPTY)[:-1], "cut"),
        (packed(EMPTY) + b"x", "behind"),
        (zlib.compress(b"{"), "Expecting"),
        (zlib.compress(b"\xff"), "decode"),
        (zlib.compress(b"[" * 100_000), "nested"),
        (zlib.compress(b"[]"), "not an object"),
        (zlib.compress(b" " * 10_000_000), "more than 1000000 bytes"),
    ],
)
def test_unpacking_anything_else_is_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        unpacked(data, 1_000_000)


def test_unpacking_has_a_bound_that_fits_exactly() -> None:
    size = len(canonical(EMPTY))
    assert unpacked(packed(EMPTY), size) == EMPTY
    with pytest.raises(ValueError, match="more than"):
        unpacked(packed(EMPTY), size - 1)


@settings(max_examples=25, deadline=None)
@given(transcripts(), st.integers(0, 4000))
def test_the_bound_holds_and_little_is_left_out(transcript: Transcript, room: int) -> None:
    size = len(canonical(transcript))
    assert bounded(transcript, size) == transcript
    least = len(canonical(replace(transcript, identities=(), transactions=(), blocks=())))
    most = least + room
    assume(not transcript.identities or most > least + 700)
    short = bounded(transcript, most + 40)
    assert len(canonical(short)) <= most + 40
    assert (short == transcript) is (short.shortened == ())
    assert bounded(short, most + 40) == short
    kept = [each.number for each in short.transactions]
    numbers = [each.number for each in transcript.transactions]
    half = len(kept) // 2
    assert kept == numbers[:half] + numbers[len(numbers) - (len(kept) - half) :]
    assert from_json(to_json(short)) == short


def long_record() -> Transcript:
    noise = "".join(f"{number:04}" for number in range(2000))
    return record(
        *(
            invoke(
                number,
                result=noise,
                message="0x" + "ab" * 3000,
                log=(noise,),
                writes=tuple(Write("carbon", f"k{each}", None, "1") for each in range(100)),
            )
            for number in range(1, 31)
        ),
        identities=PEOPLE,
    )


def test_each_step_is_taken_only_where_the_one_before_was_not_enough() -> None:
    whole = long_record()
    sizes = [2_000_000, 700_000, 490_000, 200_000, 160_000, 70_000, 8_000, 1_200]
    found = [bounded(whole, size) for size in sizes]
    assert [each.shortened for each in found] == [
        (),
        ("logs",),
        ("logs", "certificates", "values"),
        ("logs", "certificates", "values"),
        ("logs", "certificates", "values", "lists"),
        ("logs", "certificates", "values", "lists", "transactions 8-22"),
        ("logs", "certificates", "values", "lists", "transactions 1-29"),
        ("logs", "certificates", "values", "lists", "transactions 1-30"),
    ]
    assert [len(each.transactions) for each in found] == [30, 30, 30, 30, 30, 15, 1, 0]
    assert found[1] == replace(
        whole,
        transactions=tuple(replace(each, log=()) for each in whole.transactions),
        shortened=("logs",),
    )
    short = found[2].transactions[0]
    assert short.result == "0000000100020003000400050006000700080009…8000 bytes"
    assert short.message == "0x" + "ab" * 19 + "…3000 bytes"
    assert found[2].identities[0] == replace(PEOPLE[0], certificate="")
    assert [len(each.writes) for each in found[4].transactions] == [LONGEST_LIST] * 30
    assert [block.transactions[0] for block in found[5].blocks] == [
        each.number for each in found[5].transactions
    ]


def test_values_are_cut_wherever_they_are() -> None:
    long, short = "碳" * 2000, "碳" * 40 + "…6000 bytes"

    def everywhere(text: str) -> Transaction:
        return invoke(
            1,
            args={"kg": text},
            result=text,
            message=text,
            reads=(Read("carbon", "a", text),),
            writes=(Write("carbon", "a", text, text),),
            events=(Event("carbon", "recorded", ("12", text)),),
            root=Frame("carbon", "record", {"kg": text}, Status.OK, text, text),
        )

    found = bounded(record(everywhere(long)), 10_000)
    assert found.transactions == (everywhere(short),)
    assert found.shortened == ("values",)


def test_no_room_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="not even"):
        bounded(EMPTY, 20)


def test_calls_that_are_too_deep_are_cut() -> None:
    frame = Frame("bottom", "m", {}, Status.EXHAUSTED)
    for _ in range(1023):
        frame = Frame("deeper", "m", {}, Status.FAILED, calls=(frame,))
    deep = record(invoke(1, root=frame))
    short = bounded(deep, 1_000_000)
    assert short.shortened == ("calls",)
    depth, root = 0, short.transactions[0].root
    while root is not None:
        depth, root = depth + 1, root.calls[0] if root.calls else None
    assert depth == DEEPEST
    assert unpacked(packed(short)) == short
    assert sys.getrecursionlimit() == 1000
