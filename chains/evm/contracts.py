"""Compiled contracts: out of the compiler's output, into an artefact and out of it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chains.evm.interface import Interface
from chains.evm.profiles import Profile
from chains.transcripts import canonical_json
from chains.types import Artefact, Diagnostic, NotCompiled


@dataclass(frozen=True, slots=True)
class Compiled:
    """One contract, ready to be installed."""

    name: str
    code: bytes
    """Of its creation: the constructor's arguments come behind it."""
    interface: Interface
    others: tuple[Interface, ...]
    """Of all else in its sources, in the order of their names."""


def written(output: Mapping[str, Any], profile: Profile, sources: Mapping[str, str]) -> bytes:
    """The code of an artefact: every contract, library and interface of these files.

    The main contract is the last one of the first file that can be deployed: what comes before it
    is what it needs. Raises `NotCompiled` where there is none.
    """
    found: dict[str, dict[str, Any]] = {}
    first = next(iter(sources))
    places: dict[int, str] = {}
    for file, text in sources.items():
        for name, made in output.get("contracts", {}).get(file, {}).items():
            bytecode = made["evm"]["bytecode"]
            _expect_whole(name, file, bytecode["linkReferences"])
            start = _start(bytecode)
            is_contract = start is not None and not text.encode()[start:].startswith(b"library")
            code = bytecode["object"] if is_contract else ""
            found.setdefault(name, {"abi": made["abi"], "code": code})
            if file == first and start is not None and is_contract:
                places[start] = name
    if not places:
        message = "no contract that can be installed: all are abstract, interfaces or libraries"
        raise NotCompiled([Diagnostic("error", message, first)])
    main = places[max(places)]
    return canonical_json({"contracts": found, "main": main, "profile": profile.name})


def _start(bytecode: Mapping[str, Any]) -> int | None:
    """Where the definition begins in its file, in bytes; None for what has no code. The source map
    says it of the first instruction, which belongs to the whole contract."""
    if not bytecode["object"]:
        return None
    return int(bytecode["sourceMap"].split(":", 1)[0])


def _expect_whole(contract: str, file: str, references: Mapping[str, Any]) -> None:
    if not references:
        return
    libraries = sorted(library for each in references.values() for library in each)
    message = (
        f"{contract} calls the library {', '.join(libraries)} as a contract of its own: "
        "make its functions internal"
    )
    raise NotCompiled([Diagnostic("error", message, file)])


def read(artefact: Artefact, profile: Profile, name: str) -> Compiled:
    """The contract of this name among those of the artefact, else the main one. Raises
    `ValueError` for an artefact of another engine or profile."""
    found = json.loads(artefact.code) if artefact.engine == "evm" else {}
    if found.get("profile") != profile.name:
        raise ValueError(f"no artefact of the engine evm for the profile {profile.name}")
    contracts = found["contracts"]
    chosen = name if contracts.get(name, {}).get("code") else found["main"]
    others = [Interface(each["abi"]) for key, each in sorted(contracts.items()) if key != chosen]
    code = bytes.fromhex(contracts[chosen]["code"])
    return Compiled(chosen, code, Interface(contracts[chosen]["abi"]), tuple(others))


def described(code: bytes) -> dict[str, Any]:
    """What callers must know of the main contract: its name and its JSON ABI."""
    found = json.loads(code)
    return {"contract": found["main"], "abi": found["contracts"][found["main"]]["abi"]}
