"""The codec against vectors that another implementation made (eth-abi 6.0.0), and its laws."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.evm import abi, spelling
from chains.evm.abi import Kind, Parameter, Type

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
"""60 random lists of types with values, seed 20261124, encoded by eth-abi."""


def nobody(name: str) -> str:
    raise ValueError(name)


def text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_another_implementation_encodes_the_same(vector: dict[str, Any]) -> None:
    types = [abi.parameter(each).type for each in vector["types"]]
    values = [
        spelling.read(each, text(value), nobody)
        for each, value in zip(types, vector["values"], strict=True)
    ]
    data = bytes.fromhex(vector["data"])
    assert abi.encoded(types, values) == data
    assert abi.decoded(types, data) == tuple(values)


SIMPLE = st.one_of(
    st.builds(Type, st.sampled_from([Kind.UINT, Kind.INT]), st.sampled_from(range(8, 257, 8))),
    st.builds(Type, st.just(Kind.FIXED), st.integers(1, 32)),
    st.builds(Type, st.sampled_from([Kind.BOOL, Kind.ADDRESS, Kind.BYTES, Kind.STRING])),
)


def arrays_and_tuples(types: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    parts = st.lists(types, min_size=1, max_size=3).map(
        lambda found: tuple(Parameter(f"p{index}", each) for index, each in enumerate(found))
    )
    return st.one_of(
        st.builds(Type, st.just(Kind.ARRAY), st.none() | st.integers(1, 3), types),
        st.builds(Type, st.just(Kind.TUPLE), st.none(), st.none(), parts),
    )


TYPES = st.recursive(SIMPLE, arrays_and_tuples, max_leaves=6)


def values_of(found: Type) -> st.SearchStrategy[Any]:
    if found.items is not None:
        least, most = (0, 3) if found.size is None else (found.size, found.size)
        items = st.lists(values_of(found.items), min_size=least, max_size=most)
        return items.map(tuple)
    if found.kind is Kind.TUPLE:
        return st.tuples(*(values_of(part.type) for part in found.parts))
    if found.kind in (Kind.UINT, Kind.INT):
        return st.integers(*abi.bounds(found))
    return {
        Kind.BOOL: st.booleans(),
        Kind.ADDRESS: st.binary(min_size=20, max_size=20),
        Kind.FIXED: st.binary(min_size=found.size or 0, max_size=found.size or 0),
        Kind.BYTES: st.binary(max_size=70),
        Kind.STRING: st.text(max_size=40).map(str.encode),
    }[found.kind]


TYPED = TYPES.flatmap(lambda found: st.tuples(st.just(found), values_of(found)))


@given(st.lists(TYPED, max_size=4))
def test_decoding_undoes_encoding(typed: list[tuple[Type, Any]]) -> None:
    types = [found for found, _ in typed]
    values = tuple(value for _, value in typed)
    data = abi.encoded(types, values)
    assert len(data) % 32 == 0
    assert abi.decoded(types, data) == values


@given(TYPES, st.binary(max_size=400))
def test_any_data_are_decoded_or_refused(found: Type, data: bytes) -> None:
    try:
        values = abi.decoded([found], data)
    except ValueError:
        return
    assert abi.decoded([found], abi.encoded([found], values)) == values


@pytest.mark.parametrize(
    ("name", "word", "why"),
    [
        ("bool", "02", "no bool: 2"),
        ("uint8", "0100", "no uint8: 256"),
        ("int8", "80", "no int8: 128"),
        ("address", f"01{'00' * 20}", "padding of address that is not zero"),
        ("bytes", "40", "an offset or a length outside of the data"),
        ("uint256[]", "ff" * 32, "an offset or a length outside of the data"),
    ],
)
def test_what_is_no_value_is_refused(name: str, word: str, why: str) -> None:
    found = abi.parameter({"type": name}).type
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        abi.decoded([found], bytes.fromhex(word.zfill(64)))


def test_data_cannot_be_decoded_to_much_more_than_they_are() -> None:
    """A million empty items, and 4,000 offsets to the same 32 KiB."""
    many = abi.parameter({"type": "uint8[][]"}).type
    empty = (32).to_bytes(32, "big") + (4000).to_bytes(32, "big") + bytes(32 * 4000)
    assert len(abi.decoded([many], empty)[0]) == 4000  # type: ignore[arg-type]
    too_many = (32).to_bytes(32, "big") + (5000).to_bytes(32, "big") + bytes(32 * 5000)
    with pytest.raises(ValueError, match="too many values"):
        abi.decoded([many], too_many)
    strings = abi.parameter({"type": "bytes[]"}).type
    offset = (32 * 1000).to_bytes(32, "big")
    body = offset * 1000 + (32768).to_bytes(32, "big") + bytes(32768)
    with pytest.raises(ValueError, match="too many bytes"):
        abi.decoded([strings], (32).to_bytes(32, "big") + (1000).to_bytes(32, "big") + body)


@pytest.mark.parametrize("name", ["uint7", "uint", "bytes33", "fixed128x18", "uint256[", "x", ""])
def test_types_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="no type of the ABI"):
        abi.parameter({"type": name})


@pytest.mark.parametrize(
    ("signature", "selector"),
    [
        ("transfer(address,uint256)", "a9059cbb"),
        ("balanceOf(address)", "70a08231"),
        ("Error(string)", "08c379a0"),
        ("Panic(uint256)", "4e487b71"),
    ],
)
def test_selectors(signature: str, selector: str) -> None:
    assert abi.selector(signature).hex() == selector


def test_signatures_name_the_parts_of_tuples() -> None:
    inputs: list[dict[str, Any]] = [
        {"type": "tuple[2][]", "components": [{"type": "uint256"}, {"type": "string[]"}]},
        {"type": "function"},
    ]
    found = [abi.parameter(each) for each in inputs]
    assert abi.signature("f", found) == "f((uint256,string[])[2][],bytes24)"
