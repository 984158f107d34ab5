"""The two profiles, and what differs between them for one and the same submission.

`ethereum` is the public chain's rules without its coins: nobody owns any and gas costs nothing.

`changan` is Solidity as the Chang'An Chain runs it (its docs, 使用Solidity进行智能合约开发):
code for the rules of Istanbul, no coin (`coinless` refuses what needs one), the gas price 1,
callers that are certificates, an address of a contract that is the hash of its name, and contracts
that an administrator upgrades, freezes and revokes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chains import identities
from chains.evm import abi, interface
from chains.evm.keccak import keccak256
from chains.types import CallKind, Identity, Status, Transaction, Transcript
from sandbox.types import Unavailable

_CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of secp256k1."""


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    evm_version: str
    """For which the compiler makes code."""
    hardfork: str
    """By which the chain runs it."""
    gas_price: int
    coinless: bool
    """Whether sources are searched for what needs a coin."""
    manages_contracts: bool
    """Whether a contract has the hash of its name as address and can be upgraded and frozen."""


ETHEREUM = Profile("ethereum", "cancun", "cancun", 0, coinless=False, manages_contracts=False)
CHANGAN = Profile("changan", "istanbul", "istanbul", 1, coinless=True, manages_contracts=True)
PROFILES: Mapping[str, Profile] = {each.name: each for each in (ETHEREUM, CHANGAN)}

SM2_VERIFY = f"0x{0x03EF:040x}"
"""Where the Chang'An Chain has a precompiled contract that checks SM2 signatures. A sample of its
authors hands it key, message and signature, each after its length as a word, and takes two words;
what they say is written nowhere that we know, so here it refuses every call and says so. The
precompiled contracts that the Chang'An Chain lacks (1 and 6 to 9) cannot be taken from anvil."""
NO_SM2 = "SM2 verification (0x03ef) is not available here"

ADDRESS = re.compile(r"0x[0-9a-f]{40}(?![0-9a-f])")

_ONLY_MANAGED = (CallKind.UPGRADE, CallKind.FREEZE, CallKind.UNFREEZE, CallKind.REVOKE)


def profile(name: str) -> Profile:
    """The profile of that name; without a name, `ethereum`. Raises `Unavailable`."""
    if name and name not in PROFILES:
        raise Unavailable(f"The engine evm has no profile {name}.")
    return PROFILES.get(name, ETHEREUM)


def refusal(found: Profile, kind: CallKind) -> str:
    """Why this profile knows no such call; "" where it does."""
    if kind in _ONLY_MANAGED and not found.manages_contracts:
        return f"the profile {found.name} has no {kind.value}: what is deployed there stays"
    return ""


def absent(reason: str) -> bytes:
    """The code of an account that refuses every call with this reason."""
    data = interface.ERROR + abi.encoded([abi.Type(abi.Kind.STRING)], [reason.encode()])
    copy_and_revert = "61{:04x}80600c6000396000fd"  # CODECOPY(0, 12, size), REVERT(0, size)
    return bytes.fromhex(copy_and_revert.format(len(data))) + data


def address(key: bytes) -> str:
    """The last 20 bytes of the hash, as the EVM makes addresses of whatever."""
    return f"0x{keccak256(key)[12:].hex()}"


def contract_address(name: str) -> str:
    """Where a contract of this name lies on the Chang'An Chain."""
    return address(name.encode())


def identity(found: Profile, name: str, organisation: str, role: str, seed: int) -> Identity:
    """Who calls. On `ethereum`, a key of secp256k1 and its address; on `changan`, the member with
    its certificate, whose address is the hash of the certificate's subject key identifier."""
    if found.manages_contracts:
        member = identities.identity(name, organisation, role, seed)
        return replace(member, address=address(bytes.fromhex(member.public_key)))
    digest = identities.seed_of("ethereum identity", seed, organisation, role, name)
    secret = int.from_bytes(digest, "big") % (_CURVE_ORDER - 1) + 1
    public_key = ec.derive_private_key(secret, ec.SECP256K1()).public_key()
    point = public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return Identity(name, organisation, role, point.hex(), address(point))


@dataclass(frozen=True, slots=True)
class Difference:
    """In what the same call ended differently on two ledgers."""

    number: int
    field: str
    """Of `chains.types.Transaction`: one of DIFFERING."""
    one: str
    other: str


DIFFERING = ("status", "result", "message", "events", "writes", "cost")


def differences(one: Transcript, other: Transcript) -> tuple[Difference, ...]:
    """Where the transcripts of the same calls differ, transaction by transaction.

    Every address differs between the profiles, and with it the slots that are found by one. So
    addresses are read as the names of those whom they belong to, and of what was written only how
    many slots it were; what was read is left out. Events come a line each.

    Both must hold the same calls; raises `ValueError` otherwise. What one of the profiles does not
    even compile says `NotCompiled`, not this.
    """
    calls = [
        [(each.kind, each.identity, each.contract, each.method) for each in found.transactions]
        for found in (one, other)
    ]
    if calls[0] != calls[1]:
        raise ValueError("these are not the same calls")
    names = [{place: name for name, place in addresses(each).items()} for each in (one, other)]
    found = []
    for left, right in zip(one.transactions, other.transactions, strict=True):
        told = [_told(each, known) for each, known in zip((left, right), names, strict=True)]
        found += [
            Difference(left.number, field, told[0][field], told[1][field])
            for field in DIFFERING
            if told[0][field] != told[1][field]
        ]
    return tuple(found)


def addresses(transcript: Transcript) -> dict[str, str]:
    """Name → address, of everybody and of each contract that was installed."""
    people = {each.name: each.address for each in transcript.identities}
    installed = {
        each.contract: each.result
        for each in transcript.transactions
        if each.kind is CallKind.INSTALL and each.status is Status.OK
    }
    return people | installed


def _told(transaction: Transaction, names: Mapping[str, str]) -> dict[str, str]:
    """Each of DIFFERING as a text."""
    events = [f"{each.topic}({', '.join(each.data)})" for each in transaction.events]
    told = {
        "status": transaction.status.value,
        "result": transaction.result,
        "message": transaction.message,
        "events": "\n".join(events),
        "writes": str(len(transaction.writes)),
        "cost": str(transaction.cost),
    }
    return {
        field: ADDRESS.sub(lambda found: names.get(found[0], found[0]), text)
        for field, text in told.items()
    }
