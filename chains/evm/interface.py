"""What one contract can be asked, says and complains: its JSON ABI, made ready for use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chains.evm import abi, spelling
from chains.evm.abi import Kind, Parameter
from chains.evm.keccak import keccak256
from chains.evm.spelling import Resolve
from chains.transcripts import shown

CONSTRUCTOR = "constructor"
LONGEST_REASON = 1024
"""Characters of a message in a transaction."""
ERROR = abi.selector("Error(string)")
PANIC = abi.selector("Panic(uint256)")
PANICS = {
    0x00: "generic panic of the compiler",
    0x01: "assert(false)",
    0x11: "arithmetic overflow or underflow",
    0x12: "division or modulo by zero",
    0x21: "no such member of an enum",
    0x22: "wrongly encoded bytes in storage",
    0x31: "pop of an empty array",
    0x32: "array index out of bounds",
    0x41: "too much memory, or an array too large",
    0x51: "call of a function that was never set",
}
"""As the Solidity documentation lists them ("Panic via assert and Error via require")."""


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...] = ()

    @property
    def signature(self) -> str:
        return abi.signature(self.name, self.inputs)

    def fits(self, args: Mapping[str, str]) -> bool:
        return set(args) == {key(index, each) for index, each in enumerate(self.inputs)}


@dataclass(frozen=True, slots=True)
class Arguments:
    data: bytes
    """Encoded, without a selector."""
    texts: Mapping[str, str]
    """By the contract's own names, as a transcript shows them."""


def key(index: int, parameter: Parameter) -> str:
    """What a parameter is called in arguments: its name, or its place where it has none."""
    return parameter.name or str(index)


class Interface:
    """Of one contract, or (`merged`) of all that are known."""

    def __init__(self, described: Iterable[Mapping[str, Any]]) -> None:
        self.constructor = Function(CONSTRUCTOR, ())
        self.functions: list[Function] = []
        self._functions: dict[bytes, Function] = {}
        self._events: dict[bytes, Function] = {}
        self._errors: dict[bytes, Function] = {}
        for entry in described:
            self._add(entry)

    def _add(self, entry: Mapping[str, Any]) -> None:
        inputs = tuple(abi.parameter(each) for each in entry.get("inputs", ()))
        outputs = tuple(abi.parameter(each) for each in entry.get("outputs", ()))
        found = Function(str(entry.get("name", "")), inputs, outputs)
        if entry["type"] == "constructor":
            self.constructor = Function(CONSTRUCTOR, inputs)
        elif entry["type"] == "function":
            self.functions.append(found)
            self._functions.setdefault(abi.selector(found.signature), found)
        elif entry["type"] == "event" and not entry.get("anonymous"):
            self._events.setdefault(keccak256(found.signature.encode()), found)
        elif entry["type"] == "error":
            self._errors.setdefault(abi.selector(found.signature), found)

    def absorb(self, other: Interface) -> None:
        """Know what the other knows, too; what was known first stays."""
        self._functions = other._functions | self._functions
        self._events = other._events | self._events
        self._errors = other._errors | self._errors

    def function(self, method: str, args: Mapping[str, str]) -> Function:
        """The function of this name or signature. Where several have the name, the one that has
        just these parameters. Raises `ValueError` where there is none, or more than one."""
        named = [each for each in self.functions if method in (each.name, each.signature)]
        if len(named) > 1:
            named = [each for each in named if each.fits(args)] or named
        if len(named) > 1:
            signatures = ", ".join(each.signature for each in named)
            raise ValueError(f"which one is meant by {method}: {signatures}?")
        if not named:
            raise ValueError(f"the contract has no method {method}")
        return named[0]

    def called(self, data: bytes) -> Function | None:
        """The function that call data are for, as far as it is known."""
        return self._functions.get(data[:4])

    def event(self, topics: Sequence[bytes], data: bytes) -> tuple[str, tuple[str, ...]]:
        """Name and values of an event; of one that is not known, its first topic and the rest."""
        found = self._events.get(topics[0]) if topics else None
        if found is not None:
            try:
                return found.name, _event_values(found.inputs, topics[1:], data)
            except (ValueError, StopIteration):
                pass
        texts = [f"0x{each.hex()}" for each in (*topics, data)]
        return (texts[0], tuple(texts[1:])) if topics else ("", tuple(texts))

    def reason(self, data: bytes) -> str:
        """Why a call reverted, from what it returned."""
        try:
            return self._reason(data)
        except ValueError:
            return cut(f"reverted with 0x{data.hex()}")

    def _reason(self, data: bytes) -> str:
        if not data:
            return "reverted without a reason"
        if data[:4] == ERROR:
            (text,) = abi.decoded([abi.Type(Kind.STRING)], data[4:])
            return cut(shown(text))  # type: ignore[arg-type]  # a string is decoded to bytes
        if data[:4] == PANIC:
            (code,) = abi.decoded([abi.Type(Kind.UINT, 256)], data[4:])
            number = int(code)  # type: ignore[arg-type]  # it is a whole number
            return f"Panic 0x{number:02x}: {PANICS.get(number, 'unknown')}"
        found = self._errors.get(data[:4])
        if found is None:
            raise ValueError("an error that nobody knows")
        values = decoded_arguments(found.inputs, data[4:])
        return cut(f"{found.name}({', '.join(f'{name}: {text}' for name, text in values.items())})")


def merged(interfaces: Iterable[Interface]) -> Interface:
    """One that knows what any of them knows; of two with one selector, the first."""
    everything = Interface(())
    for each in interfaces:
        everything.absorb(each)
    return everything


def _event_values(
    inputs: Sequence[Parameter], topics: Sequence[bytes], data: bytes
) -> tuple[str, ...]:
    """In the order of the declaration. Of an indexed value that is no single word, a topic has
    only the hash, which is shown. Raises `StopIteration` when topics are missing."""
    plain = [each.type for each in inputs if not each.indexed]
    values = iter(abi.decoded(plain, data))
    words = iter(topics)
    texts = []
    for each in inputs:
        if not each.indexed:
            texts.append(spelling.spelled(each.type, next(values)))
        elif each.type.is_dynamic or each.type.kind in (Kind.ARRAY, Kind.TUPLE):
            texts.append(f"0x{next(words).hex()}")
        else:
            texts.append(spelling.spelled(each.type, *abi.decoded([each.type], next(words))))
    return tuple(texts)


def encoded_arguments(function: Function, args: Mapping[str, str], resolve: Resolve) -> Arguments:
    """The arguments of a call, given by the names of the function's parameters.

    Names are no part of the ABI. Where they are others than the contract's, the arguments are
    taken in their order, as long as there are as many. Raises `ValueError` with the name of the
    parameter for one that does not fit, and when there are more or fewer.
    """
    inputs = function.inputs
    if len(args) != len(inputs):
        raise ValueError(f"{function.signature} has {len(inputs)} arguments, not {len(args)}")
    names = [key(index, each) for index, each in enumerate(inputs)]
    given = [args[name] for name in names] if function.fits(args) else list(args.values())
    values = []
    for name, each, text in zip(names, inputs, given, strict=True):
        try:
            values.append(spelling.read(each.type, text, resolve))
        except ValueError as error:
            raise ValueError(f"{function.name}, argument {name}: {error}") from None
    texts = {
        name: spelling.spelled(each.type, value)
        for name, each, value in zip(names, inputs, values, strict=True)
    }
    return Arguments(abi.encoded([each.type for each in inputs], values), texts)


def decoded_arguments(inputs: Sequence[Parameter], data: bytes) -> dict[str, str]:
    """Texts by name. Raises `ValueError`."""
    values = abi.decoded([each.type for each in inputs], data)
    return {
        key(index, each): spelling.spelled(each.type, value)
        for index, (each, value) in enumerate(zip(inputs, values, strict=True))
    }


def decoded_result(outputs: Sequence[Parameter], data: bytes) -> str:
    """The one value, or JSON of several; what does not fit is shown in hex."""
    try:
        values = abi.decoded([each.type for each in outputs], data)
    except ValueError:
        return f"0x{data.hex()}"
    if not outputs:
        return ""
    if len(outputs) == 1:
        return spelling.spelled(outputs[0].type, values[0])
    found = spelling.parts_to_json(tuple(outputs), values)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def cut(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"
