"""Compiled contracts: out of the compiler's output, into an artefact and out of it again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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


def written(output: Mapping[str, Any], profile: Profile, names: Sequence[str]) -> bytes:
    """The code of an artefact: every contract, library and interface of these files.

    The main contract is the last one of the first file that can be deployed: what comes before it
    is what it needs. Raises `NotCompiled` where there is none.
    """
    found: dict[str, dict[str, Any]] = {}
    main = ""
    for name in names:
        for node in output["sources"][name]["ast"]["nodes"]:
            if node["nodeType"] != "ContractDefinition":
                continue
            made = output["contracts"][name][node["name"]]
            bytecode = made["evm"]["bytecode"]
            deployable = node["contractKind"] == "contract" and not node["abstract"]
            entry = {"abi": made["abi"], "code": bytecode["object"] if deployable else ""}
            if bytecode["linkReferences"]:
                entry["code"] = ""
                _refuse_linking(node["name"], name, bytecode["linkReferences"])
            found.setdefault(node["name"], entry)
            if deployable and name == names[0]:
                main = node["name"]
    if not main:
        message = "no contract that can be installed: all are abstract, interfaces or libraries"
        raise NotCompiled([Diagnostic("error", message, names[0])])
    return canonical_json({"contracts": found, "main": main, "profile": profile.name})


def _refuse_linking(contract: str, file: str, references: Mapping[str, Any]) -> None:
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
