"""The host of contracts, in its jail: started at need, and anew after it died."""

from __future__ import annotations

import base64
import importlib.metadata
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chains.types import Artefact
from sandbox.jails import PYTHON, PYTHON_FLAGS, Daemon, Jail
from sandbox.types import BoxBroken, Unavailable

INSIDE = Path(__file__).resolve().parent / "inside"
MEMORY_BYTES = 768 << 20
CALL_SECONDS = 20.0
"""Of one transaction. Fuel ends it in a tenth of a second; this is for what fuel does not see."""
LOAD_SECONDS = 20.0
"""To compile a module."""
ANSWER_BYTES = 32 << 20
MOST_LEDGERS = 1000
"""How many ledgers one daemon serves. Only wasmtime stands between them, so that no daemon should
live for ever."""

Message = Mapping[str, Any]


class Refused(Exception):
    """The host does not do that. The message is for whoever wrote the contract."""


class Host:
    """One daemon and the ledgers that are open in it.

    Its methods raise `Refused`, `Stopped` (the contract's fault; the daemon and all its ledgers are
    gone then) and `BoxBroken` (ours).
    """

    def __init__(self) -> None:
        """Start it. Raises `Unavailable`."""
        self._daemon = Daemon(jail())
        self._ledgers = 0
        self._open: set[int] = set()

    @property
    def alive(self) -> bool:
        return self._daemon.alive

    @property
    def worn(self) -> bool:
        """Whether it has served long enough, and nobody needs it any more."""
        return self._ledgers >= MOST_LEDGERS and not self._open

    def close(self) -> None:
        self._daemon.close()

    def open(self) -> int:
        """The number of a new, empty ledger."""
        self._ledgers += 1
        try:
            self._ask({"do": "open", "ledger": self._ledgers}, CALL_SECONDS)
        except Refused as refused:
            raise BoxBroken(f"no ledger was opened: {refused}") from None
        self._open.add(self._ledgers)
        return self._ledgers

    def forget(self, ledger: int) -> None:
        self._open.remove(ledger)
        self._ask({"do": "close", "ledger": ledger}, CALL_SECONDS)

    def load(self, artefact: Artefact) -> None:
        """Compile a contract for the processor."""
        code = base64.b64encode(artefact.code).decode("ascii")
        self._ask({"do": "load", "digest": artefact.digest, "code": code}, LOAD_SECONDS)

    def stand(self, ledger: int, contract: str, standing: str) -> None:
        request = {"do": "stand", "ledger": ledger, "contract": contract, "standing": standing}
        self._ask(request, CALL_SECONDS)

    def state(self, ledger: int, contract: str) -> dict[str, bytes]:
        """Key or key#field → value, in order."""
        answer = self._ask({"do": "state", "ledger": ledger, "contract": contract}, CALL_SECONDS)
        return {key: value.encode("latin-1") for key, value in answer["state"]}

    def execute(self, request: Message, known: Mapping[str, Artefact]) -> dict[str, Any]:
        """What came of a transaction, as `inside.server` tells it. `known`: every contract's
        artefact by its digest, for the host forgets what it has compiled and has not used."""
        for _ in range(len(known) + 1):
            answer = self._ask({"do": "execute", **request}, CALL_SECONDS)
            if "missing" not in answer:
                return answer
            self.load(known[answer["missing"]])
        raise BoxBroken("the host of contracts cannot hold all that this call needs")

    def _ask(self, message: Message, seconds: float) -> dict[str, Any]:
        answer = self._daemon.ask(message, seconds=seconds, answer_bytes=ANSWER_BYTES)
        if "refused" in answer:
            raise Refused(answer["refused"])
        if "broken" in answer:
            self._daemon.close()
            raise BoxBroken(f"the host of contracts broke: {answer['broken']}")
        return answer


def jail() -> Jail:
    """What the host runs in. Raises `Unavailable` where wasmtime is not installed."""
    spec = importlib.util.find_spec("wasmtime")
    if spec is None or spec.origin is None:
        raise Unavailable("the package wasmtime is not installed: `pip install wasmtime`")
    return Jail(
        command=(PYTHON, *PYTHON_FLAGS, "-m", "inside"),
        mounts={"/host/inside": INSIDE, "/packages/wasmtime": Path(spec.origin).parent},
        environment={"PYTHONPATH": "/host:/packages", "PYTHONHASHSEED": "0"},
        memory_bytes=MEMORY_BYTES,
        disk_bytes=32 << 20,
        memory_files=True,
    )


def wasmtime_version() -> str:
    """Raises `Unavailable` where it is not installed."""
    jail()
    return importlib.metadata.version("wasmtime")
