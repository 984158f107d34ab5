"""Values as text: what authors write and what transcripts show."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from chains.evm import abi, spelling
from chains.evm.abi import Type
from tests.chains.evm.test_abi import TYPED

GRID = f"0x{'ab' * 20}"


def resolve(name: str) -> str:
    return {"grid": GRID, "contract:ledger": f"0x{'cd' * 20}"}[name]


def typed(name: str, *components: dict[str, Any]) -> Type:
    return abi.parameter({"type": name, "components": components}).type


@given(TYPED)
def test_what_is_shown_can_be_read_again(found: tuple[Type, Any]) -> None:
    """Save for strings that are shown in hex, since a string is read as it stands."""
    typed_as, value = found
    again = spelling.read(typed_as, spelling.spelled(typed_as, value), resolve)
    if "string" not in typed_as.name:
        assert again == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("uint8", "255", 255),
        ("uint8", "0xfF", 255),
        ("int16", "-32768", -32768),
        ("bool", "true", True),
        ("bool", "false", False),
        ("address", "@grid", bytes.fromhex("ab" * 20)),
        ("address", "@contract:ledger", bytes.fromhex("cd" * 20)),
        ("address", f"0x{'AB' * 20}", bytes.fromhex("ab" * 20)),
        ("bytes", "0x", b""),
        ("bytes2", "0x00ff", b"\x00\xff"),
        ("string", "碳 0x", "碳 0x".encode()),
        ("uint8[]", '[1, "2", "0x3"]', (1, 2, 3)),
        ("address[1]", '["@grid"]', (bytes.fromhex("ab" * 20),)),
        ("bool[]", '[true, "false"]', (True, False)),
    ],
)
def test_values_are_read(name: str, text: str, value: Any) -> None:
    assert spelling.read(typed(name), text, resolve) == value


def test_tuples_are_objects_or_lists() -> None:
    asset = typed("tuple", {"type": "string", "name": "asset"}, {"type": "uint8", "name": "kg"})
    value = (b"a1", 12)
    assert spelling.read(asset, '{"kg": 12, "asset": "a1"}', resolve) == value
    assert spelling.read(asset, '["a1", "12"]', resolve) == value
    assert spelling.spelled(asset, value) == '{"asset":"a1","kg":12}'
    unnamed = typed("tuple", {"type": "string"}, {"type": "uint8", "name": "kg"})
    assert spelling.spelled(unnamed, value) == '["a1",12]'


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("int8", -1, "-1"),
        ("uint256", 2**256 - 1, str(2**256 - 1)),
        ("bool", True, "true"),
        ("bytes4", b"\x01\x02\x03\x04", "0x01020304"),
        ("string", "碳".encode(), "碳"),
        ("string", b"\xff", "0xff"),
        ("string", b"0x12", "0x30783132"),
        ("uint256[2]", (2**64, 1), f"[{2**64},1]"),
        ("bool[]", (True,), "[true]"),
    ],
)
def test_values_are_shown(name: str, value: Any, text: str) -> None:
    assert spelling.spelled(typed(name), value) == text


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("uint8", "256", "'256' does not fit uint8"),
        ("uint8", "-1", "'-1' does not fit uint8"),
        ("uint8", "1.0", "'1.0' is no whole number"),
        ("uint8", "1_0", "'1_0' is no whole number"),
        ("uint8", "", "'' is no whole number"),
        ("bool", "1", "'1' is neither true nor false"),
        ("address", "0x12", "'0x12' is no address"),
        ("bytes", "abc", "'abc' is not 0x and pairs of hex digits"),
        ("bytes4", "0x00", "1 bytes are no bytes4"),
        ("uint8[]", "1", "1 is no list that fits uint8[]"),
        ("uint8[2]", "[1]", "[1] is no list that fits uint8[2]"),
        ("uint8[]", "[1.5]", "1.5 is no uint8"),
        ("uint8[]", "[", "'[' is no JSON, as uint8[] needs"),
    ],
)
def test_what_does_not_fit_is_said(name: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        spelling.read(typed(name), text, resolve)
