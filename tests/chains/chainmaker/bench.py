"""The host of contracts in the test's own process, without a jail."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from chains.chainmaker.inside.codec import Item, decoded
from chains.chainmaker.inside.server import Message, Server
from tests.chains.chainmaker.wat import Wat

KEPT = {"cfg#owner": "grid", "cfg#time": "noon", "name": "carbon"}
"""What `keeper` holds."""
SENDER = ["grid.example", "client", "a key", "an address"]


class Bench:
    """One ledger on one host."""

    def __init__(self) -> None:
        self.server = Server()
        self.height = 0
        self.ask(do="open", ledger=1)

    def ask(self, **request: Any) -> Message:
        return self.server.answer(request)

    def load(self, code: bytes) -> Message:
        return self.ask(do="load", digest=digest_of(code), code=base64.b64encode(code).decode())

    def run(self, contract: str, method: str, *, keep: bool = True, **more: Any) -> Message:
        """One transaction, by `SENDER` unless told."""
        self.height += 1
        request = {
            "do": "execute",
            "ledger": 1,
            "contract": contract,
            "method": method,
            "args": {},
            "sender": SENDER,
            "id": f"{self.height:064x}",
            "height": self.height,
            "time": 1_700_000_000 + self.height,
            "keep": keep,
        }
        return self.ask(**request | more)

    def install(self, contract: str, made: Wat | bytes) -> Message:
        """Raises `AssertionError` when the module was refused."""
        code = made.module() if isinstance(made, Wat) else made
        assert self.load(code) == {}
        return self.run(contract, "", digest=digest_of(code))

    def state(self, contract: str) -> dict[str, str]:
        return dict(self.ask(do="state", ledger=1, contract=contract)["state"])

    def try_method(self, *steps: str, made: Wat) -> Message:
        """What comes of these steps in a contract of their own."""
        made.method("go", *steps)
        installed = self.install("trial", made)
        assert installed["root"]["status"] == "ok"
        return self.run("trial", "go")


def digest_of(code: bytes) -> str:
    return hashlib.sha256(code).hexdigest()


def ended(outcome: Message) -> tuple[str, str]:
    """How it ended, and why."""
    return outcome["root"]["status"], outcome["root"]["message"]


def keeper() -> Wat:
    """A contract that holds `KEPT`."""
    made = Wat()
    steps = [
        made.put("name", b"carbon"),
        made.put("cfg", b"noon", "time"),
        made.put("cfg", b"grid", "owner"),
    ]
    made.method("init_contract", *steps, made.success(b"ready"))
    return made


def items_of(outcome: dict[str, Any]) -> list[Item]:
    return decoded(outcome["root"]["result"].encode("latin-1"))
