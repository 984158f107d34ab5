"""Where a chain is and as whom we come: one TOML file beside its certificates and keys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chains.node.members import Member, member

KEYS = {"address", "chain", "certificate", "key", "tls"}
TLS_KEYS = {"authorities", "certificate", "key", "host_name"}
HOST_NAME = "chainmaker.org"
"""In the certificate of every node that ChainMaker's own scripts made, whatever its address is."""


class Misconfigured(Exception):
    """The file is wrong; the message says where."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Mutual TLS. All PEM."""

    authorities: bytes
    """Who may have issued the node's certificate; several, one behind the other."""
    certificate: bytes
    key: bytes = field(repr=False)
    host_name: str = HOST_NAME
    """A name in the node's certificate."""


@dataclass(frozen=True, slots=True)
class Network:
    address: str
    """Host and port of one node's RPC, such as `10.0.0.5:12301`."""
    chain: str
    member: Member
    """Who signs what we ask."""
    tls: Tls | None
    """None: in the clear."""


def read_network(path: Path) -> Network:
    """The network of a TOML file. Its paths are relative to it. Raises `Misconfigured`."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: {error}") from error
    try:
        _require(found, KEYS, KEYS - {"tls"}, "")
        tls = found.get("tls")
        return Network(
            address=_text(found, "address"),
            chain=_text(found, "chain"),
            member=member(_file(path, found, "certificate"), _file(path, found, "key")),
            tls=None if tls is None else _tls(path, tls),
        )
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: {error}") from error


def _tls(path: Path, found: object) -> Tls:
    if not isinstance(found, dict):
        raise ValueError("tls is a table")  # noqa: TRY004  # becomes Misconfigured
    _require(found, TLS_KEYS, TLS_KEYS - {"host_name"}, "tls.")
    names = found["authorities"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
        raise ValueError("tls.authorities is a list of files")
    return Tls(
        authorities=b"\n".join((path.parent / name).read_bytes() for name in names),
        certificate=_file(path, found, "certificate"),
        key=_file(path, found, "key"),
        host_name=_text(found, "host_name") if "host_name" in found else HOST_NAME,
    )


def _require(found: Mapping[str, object], known: set[str], needed: set[str], where: str) -> None:
    if unknown := sorted(set(found) - known):
        raise ValueError(f"unknown key {where}{unknown[0]}")
    if missing := sorted(needed - set(found)):
        raise ValueError(f"{where}{missing[0]} is missing")


def _text(found: Mapping[str, object], key: str) -> str:
    value = found[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is a text")
    return value


def _file(path: Path, found: Mapping[str, object], key: str) -> bytes:
    return (path.parent / _text(found, key)).read_bytes()
