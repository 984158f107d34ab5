"""One small story on a fresh ledger of each engine, told by its digest.

`python -m tests.chains.runs` tells all of them as JSON, in a process of its own.
"""

from __future__ import annotations

import contextlib
import json

import sandbox
from chains.chainmaker import compilers
from chains.engines import Engines, open_engines
from chains.evm.engine import CANARY
from chains.transcripts import digest
from chains.types import Artefact
from sandbox.types import Unavailable

CASES = (
    ("chainmaker", "rust", ""),
    ("chainmaker", "c", ""),
    ("chainmaker", "go", ""),
    ("evm", "solidity", "ethereum"),
    ("evm", "solidity", "changan"),
    ("python", "python", ""),
)
"""Engine, language, profile."""
PYTHON = """\
class Contract:
    def init_contract(self, chain):
        chain.put_state("total", "0")

    def upgrade(self, chain):
        pass

    def add(self, chain, amount):
        total = int(chain.get_state("total")) + int(amount)
        chain.put_state("total", str(total))
        chain.emit_event("added", [str(total), chain.get_sender_org_id(), chain.get_tx_id()])
        return str(total)

    def total(self, chain):
        return chain.get_state("total")
"""
ADD = {"evm": ("put", "value"), "chainmaker": ("add", "amount"), "python": ("add", "amount")}
TOTAL = {"evm": "get", "chainmaker": "total", "python": "total"}


def compiled(engines: Engines, engine: str, language: str, profile: str) -> Artefact:
    """The contract of a case. Raises `Unavailable`."""
    if engine == "chainmaker":
        sources = compilers.canary(language)
    else:
        sources = {"canary.sol": CANARY} if engine == "evm" else {"contract.py": PYTHON}
    return engines.engine(engine).compile(sources, language=language, profile=profile)


def told(engines: Engines, engine: str, profile: str, artefact: Artefact) -> str:
    """The digest of what happened: calls that do well, that fail, that are refused, and an
    upgrade."""
    method, argument = ADD[engine]
    with engines.engine(engine).open(name="main", seed=7, profile=profile) as ledger:
        for name, role in (("centre", "admin"), ("plant", "client")):
            ledger.identity(name, f"{name}.example", role)
        ledger.install("counter", artefact, by="centre")
        for amount in ("2", "40"):
            ledger.invoke("counter", method, {argument: amount}, by="plant", after_seconds=5)
        ledger.invoke("counter", method, {argument: "nonsense"}, by="plant")
        ledger.invoke("counter", "steal", {}, by="plant")
        ledger.freeze("counter", by="plant")
        ledger.upgrade("counter", artefact, by="centre")
        ledger.query("counter", TOTAL[engine], by="centre")
        return digest(ledger.transcript())


def main() -> None:
    found: dict[str, str] = {}
    with contextlib.closing(sandbox.open_boxes()) as boxes:
        engines = open_engines(boxes)
        for case in CASES:
            try:
                artefact = compiled(engines, *case)
                found[" ".join(case)] = told(engines, case[0], case[2], artefact)
            except Unavailable:
                continue
        engines.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
