"""The engine `evm`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from chains import caches
from chains.caches import Cache
from chains.evm import coinless, contracts, profiles, programs, solc
from chains.evm.anvil import Chains
from chains.evm.ledger import EvmLedger
from chains.evm.profiles import Profile
from chains.evm.solc import Compiler
from chains.types import Artefact, Diagnostic, Health, NotCompiled
from sandbox.types import BoxBroken, Stopped, Unavailable

LANGUAGE = "solidity"
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}\.sol")
CANARY = """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Canary {
    uint256 private kept;
    function put(uint256 value) external { kept = value; }
    function get() external view returns (uint256) { return kept; }
}
"""


class EvmEngine:
    """Solidity on fresh chains. Starts its two daemons when they are first needed."""

    name = "evm"
    languages: Sequence[str] = (LANGUAGE,)
    profiles: Sequence[str] = tuple(profiles.PROFILES)

    def __init__(
        self, cache: Cache | None = None, *, compile_seconds: float = solc.COMPILE_SECONDS
    ) -> None:
        """`cache`: where artefacts are kept; without one, nowhere."""
        self._cache = cache
        self._compiler = Compiler(compile_seconds)
        self._chains = Chains()

    def health(self) -> Sequence[Health]:
        versions: dict[str, str] = {}
        try:
            versions = {**self._compiler.versions(), "anvil": programs.version("@foundry-rs/anvil")}
            reason = "; ".join(filter(None, map(self._canary, self.profiles)))
        except (BoxBroken, Stopped, NotCompiled) as error:
            reason = str(error)
        return (Health(self.name, LANGUAGE, not reason, versions, reason),)

    def _canary(self, profile: str) -> str:
        """What is wrong with a profile; best nothing."""
        artefact = self._compiled({"canary.sol": CANARY}, profiles.profile(profile), "")
        with self.open(profile=profile) as ledger:
            ledger.identity("canary", "canary.example", "admin")
            ledger.install("canary", artefact, by="canary")
            ledger.invoke("canary", "put", {"value": "7"}, by="canary")
            works = ledger.query("canary", "get", by="canary").result == "7"
        return "" if works else f"the canary of the profile {profile} gave a wrong answer"

    def compile(self, sources: Mapping[str, str], *, language: str, profile: str = "") -> Artefact:
        """See `Engine`. The main contract is the last one of the first file; a ledger that installs
        the artefact under the name of another contract of these files takes that one instead.
        Raises `Unavailable` for a profile or language that this engine does not have."""
        if language != LANGUAGE:
            raise Unavailable(f"The engine evm has no language {language}.")
        found = profiles.profile(profile)
        misnamed = [name for name in sources if not FILE.fullmatch(name)]
        if misnamed or not sources:
            message = "files of a contract are called like Carbon.sol"
            raise NotCompiled([Diagnostic("error", message, next(iter(misnamed), ""))])
        digest = caches.digest_of(
            engine=self.name,
            profile=found.name,
            sources=[[name, text] for name, text in sources.items()],
            settings=solc.standard_json({}, found.evm_version, tree=found.coinless),
            solc=programs.version("solc"),
        )
        kept = self._cache.get(digest) if self._cache else None
        if kept is not None:
            return kept
        artefact = self._compiled(sources, found, digest)
        if self._cache:
            self._cache.put(artefact)
        return artefact

    def _compiled(self, sources: Mapping[str, str], profile: Profile, digest: str) -> Artefact:
        output = self._compiler.compile(sources, profile.evm_version, tree=profile.coinless)
        if profile.coinless and (refused := coinless.refusals(output, sources)):
            raise NotCompiled(refused)
        code = contracts.written(output, profile, sources)
        warnings = solc.warnings(output, sources)
        return Artefact(self.name, LANGUAGE, digest, code, contracts.described(code), warnings)

    def open(self, *, name: str = "main", seed: int = 0, profile: str = "") -> EvmLedger:
        """See `Engine`. Raises `Unavailable` for a profile that this engine does not have."""
        found = profiles.profile(profile)
        return EvmLedger(self._chains.open(found.hardfork), found, name, seed)

    def close(self) -> None:
        self._compiler.close()
        self._chains.close()
