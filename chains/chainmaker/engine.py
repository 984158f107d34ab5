"""The engine `chainmaker`: contracts in Go, Rust and C on a host of our own.

The host runs the same WebAssembly that nodes of Chang'An Chain run (their Rust and TinyGo
contracts need no change); Go contracts are written against the SDK of ChainMaker's Go runtime.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chains.chainmaker import compilers
from chains.chainmaker.daemon import Host, wasmtime_version
from chains.chainmaker.ledger import ChainMakerLedger
from chains.types import Artefact, Health, NotCompiled
from sandbox.types import BoxBroken, Stopped, Unavailable


class ChainMakerEngine:
    """See `chains.types.Engine`. The host is started at the first ledger."""

    name = "chainmaker"
    languages: Sequence[str] = compilers.LANGUAGES
    profiles: Sequence[str] = ()

    def __init__(self) -> None:
        self._host: Host | None = None

    def health(self) -> Sequence[Health]:
        return tuple(self._health(language) for language in self.languages)

    def compile(self, sources: Mapping[str, str], *, language: str, profile: str = "") -> Artefact:
        if language not in self.languages or profile:
            known = ", ".join(self.languages)
            raise Unavailable(f"the engine {self.name} knows {known}, and no profiles")
        return compilers.compile_contract(sources, language)

    def open(self, *, name: str = "main", seed: int = 0, profile: str = "") -> ChainMakerLedger:
        """A fresh ledger. Raises `Unavailable` where the host cannot be started."""
        if profile:
            raise Unavailable(f"the engine {self.name} has no profiles")
        if self._host is None or not self._host.alive or self._host.worn:
            self.close()
            self._host = Host()
        return ChainMakerLedger(self._host, name, seed)

    def close(self) -> None:
        if self._host is not None:
            self._host.close()
            self._host = None

    def _health(self, language: str) -> Health:
        versions: dict[str, str] = {}
        try:
            versions = {"wasmtime": wasmtime_version(), **compilers.versions(language)}
            reason = self._canary(language)
        except (BoxBroken, Stopped, NotCompiled) as error:
            reason = str(error)
        return Health(self.name, language, not reason, versions, reason)

    def _canary(self, language: str) -> str:
        """What is wrong with a counter compiled and run in this language; "" for nothing."""
        artefact = self.compile(compilers.canary(language), language=language)
        with self.open(name="canary") as ledger:
            ledger.identity("canary", "canary.example", "admin")
            steps = [ledger.install("counter", artefact, by="canary")]
            steps += [ledger.invoke("counter", "add", {"amount": "2"}, by="canary") for _ in "ab"]
            steps.append(ledger.query("counter", "total", by="canary"))
        found = [step.result or step.message for step in steps]
        expected = ["installed", "2", "4", "4"]
        return "" if found == expected else f"the counter said {found}, not {expected}"
