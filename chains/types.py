"""The words in which ledgers talk to the rest of the product.

An **engine** compiles contracts and opens fresh ledgers. A **ledger** takes calls of identities,
one transaction a block, and keeps a **transcript**. The transcript is a function of the artefacts,
the calls and the seed alone: the same of these give the same bytes, on every host.

Bytes that a contract handles (arguments, results, keys, values, event data) appear in transcripts
as text: the UTF-8 text itself where the bytes are printable UTF-8 and do not begin with `0x`, else
`0x` and lower-case hex digits. `chains.transcripts.shown` and `chains.transcripts.hidden` convert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

GENESIS_SECONDS = 1_700_000_000
"""Unix time of every ledger's genesis block; each block after it is one second later, so that
the transaction of block `n` has the time `GENESIS_SECONDS + n`. Steps may add to it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who calls. Made from its name, organisation, role and the seed: see `identities`."""

    name: str
    """Unique in a scenario, as in `grid`: what checks and pages call it."""
    organisation: str
    """As in a certificate's O, such as `grid.example`."""
    role: str
    """As in a certificate's OU: `admin`, `client`, `consensus`, `common` or `light`."""
    public_key: str
    """Hex of what the engine's contracts see as the caller's key."""
    address: str
    """40 hex digits; on an EVM with `0x` before them."""
    certificate: str = ""
    """PEM, where the engine has certificates."""


class CallKind(StrEnum):
    INSTALL = "install"
    UPGRADE = "upgrade"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    REVOKE = "revoke"
    INVOKE = "invoke"
    QUERY = "query"
    """Runs on the latest state, writes nothing and gets no block."""


class Status(StrEnum):
    """How a transaction ended. Whatever is not OK wrote nothing."""

    OK = "ok"
    FAILED = "failed"
    """The contract refused: ErrorResult, revert, require, an error returned."""
    TRAPPED = "trapped"
    """The contract broke: out of bounds, unreachable, panic, division by zero, invalid opcode."""
    EXHAUSTED = "exhausted"
    """Out of gas or fuel, or of memory, or too deep."""
    REFUSED = "refused"
    """The ledger did not let it begin: no such contract, frozen, revoked, not permitted."""


@dataclass(frozen=True, slots=True)
class Read:
    contract: str
    key: str
    value: str | None
    """What was there; None for nothing."""


@dataclass(frozen=True, slots=True)
class Write:
    contract: str
    key: str
    before: str | None
    after: str | None
    """None: deleted."""


@dataclass(frozen=True, slots=True)
class Event:
    contract: str
    topic: str
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One call in the call tree; the transaction's own call is the root."""

    contract: str
    method: str
    args: Mapping[str, str]
    status: Status
    result: str = ""
    message: str = ""
    cost: int = 0
    calls: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction (or query) and all that it left."""

    number: int
    """1 for the first call on this ledger, queries counted too."""
    kind: CallKind
    identity: str
    """Name of the caller."""
    contract: str
    method: str
    args: Mapping[str, str]
    status: Status
    result: str = ""
    message: str = ""
    """The contract's own reason, or the engine's; no path, address or time of the host in it."""
    cost: int = 0
    """Gas on an EVM, fuel on the Chang'An Chain host; deterministic."""
    reads: tuple[Read, ...] = ()
    """In order of first read, once per key; of the state before this transaction."""
    writes: tuple[Write, ...] = ()
    """Sorted by contract and key; only what differs from before, and only when OK."""
    events: tuple[Event, ...] = ()
    root: Frame | None = None
    log: tuple[str, ...] = ()
    """What the contract logged; bounded; no part of the ledger."""
    id: str = ""
    """Hex of the transaction id; "" for a query."""
    block: int | None = None
    time: int = 0
    """Unix seconds as the contract saw them."""


@dataclass(frozen=True, slots=True)
class Block:
    """See `chains.blocks`: SM3 roots over transactions and read-write sets."""

    height: int
    previous: str
    hash: str
    transaction_root: str
    read_write_root: str
    time: int
    transactions: tuple[int, ...]
    """Numbers of transactions."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What happened on one ledger. `chains.transcripts` writes and reads its canonical JSON."""

    ledger: str
    """Name of the ledger in the scenario; `main` where there is one."""
    engine: str
    profile: str
    seed: int
    identities: tuple[Identity, ...]
    transactions: tuple[Transaction, ...]
    blocks: tuple[Block, ...]
    shortened: tuple[str, ...] = ()
    """What `chains.transcripts.bounded` left out, in its words; () for the whole record."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark of a compiler, about a file of the learner's or (file "") the whole."""

    severity: str
    """`error` or `warning`."""
    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None


class NotCompiled(Exception):
    """The sources are wrong: the learner's fault, said with file and line."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics[0].message if diagnostics else "not compiled")
        self.diagnostics = tuple(diagnostics)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A compiled contract. `code` is opaque to all but its engine."""

    engine: str
    language: str
    digest: str
    """SHA-256 of sources, language, options and toolchain version: the key of the cache."""
    code: bytes
    interface: Mapping[str, Any] = field(default_factory=dict)
    """What callers must know: an EVM's ABI; {} on the Chang'An Chain host."""
    warnings: tuple[Diagnostic, ...] = ()


class Ledger(Protocol):
    """One fresh ledger. Raises `sandbox.types.Stopped` when a call ran over the wall limit (the
    ledger is dead then, which is the contract's fault), `sandbox.types.BoxBroken` for ours."""

    name: str

    def identity(self, name: str, organisation: str, role: str) -> Identity:
        """The identity of that name, made at the first mention. Raises `ValueError` when the name
        was made with another organisation or role."""

    def install(
        self, contract: str, artefact: Artefact, *, by: str, args: Mapping[str, str] | None = None
    ) -> Transaction: ...

    def upgrade(
        self, contract: str, artefact: Artefact, *, by: str, args: Mapping[str, str] | None = None
    ) -> Transaction: ...

    def freeze(self, contract: str, *, by: str) -> Transaction: ...

    def unfreeze(self, contract: str, *, by: str) -> Transaction: ...

    def revoke(self, contract: str, *, by: str) -> Transaction: ...

    def invoke(
        self,
        contract: str,
        method: str,
        args: Mapping[str, str] | None = None,
        *,
        by: str,
        after_seconds: int = 0,
    ) -> Transaction:
        """`after_seconds`: how much later than the usual second the block comes."""

    def query(
        self, contract: str, method: str, args: Mapping[str, str] | None = None, *, by: str
    ) -> Transaction: ...

    def state(self, contract: str) -> Mapping[str, str]:
        """The contract's whole state now, as shown text by key (EVM: slot → word)."""

    def transcript(self) -> Transcript: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Health:
    """What `manage.py engines` prints of one engine and language."""

    engine: str
    language: str
    available: bool
    versions: Mapping[str, str]
    """Tool → version."""
    reason: str = ""
    """Why it is not available, and what to install."""


class Engine(Protocol):
    """Compiles contracts and opens ledgers. One per worker process; not thread-safe."""

    name: str
    """`chainmaker`, `evm` or `python`."""
    languages: Sequence[str]
    profiles: Sequence[str]

    def health(self) -> Sequence[Health]:
        """One row per language; runs the engine's canaries. Never raises."""

    def compile(self, sources: Mapping[str, str], *, language: str, profile: str = "") -> Artefact:
        """Raises `NotCompiled`, `sandbox.types.Stopped` where the compiler ran over its limits
        (the learner's fault), `sandbox.types.Unavailable` where the toolchain is missing, and
        `sandbox.types.BoxBroken`."""

    def open(self, *, name: str = "main", seed: int = 0, profile: str = "") -> Ledger: ...

    def close(self) -> None: ...
