"""The Solidity compiler: one daemon in a jail, started anew after anything odd.

The compiler is native code turned into WebAssembly. After an exception, a stack that ran over or
memory that ran out its state is unknown: every later compilation might fail. So whatever is not a
plain answer ends the daemon, and the next compilation starts another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chains.evm import programs
from chains.types import Diagnostic, NotCompiled
from sandbox.jails import Daemon, Jail
from sandbox.types import BoxBroken, Stopped, Unavailable

COMPILE_SECONDS = 10.0
START_SECONDS = 60.0
MEMORY_BYTES = 1 << 30
STACK_BYTES = 64 << 20
STACK_KIBIBYTES = 60_000
"""What node may use of it. With less, 300 parentheses in one another poison the compiler."""
HEAP_MEGABYTES = 256
LARGEST_BYTES = 320 << 20
"""Of memory outside the heap: the compiler's own only grows. Beyond it starts anew."""
MOST_SOURCE_BYTES = 256 << 10
MOST_DIAGNOSTICS = 50
BROKEN = {
    "Exception",
    "FatalError",
    "InternalCompilerError",
    "JSONError",
    "SMTLogicException",
    "UnimplementedFeatureError",
    "YulException",
}
"""Types of errors after which the compiler itself is in doubt."""
WARMING = "pragma solidity *; contract Warm { uint256 public kept; }"
"""The first compilation takes several times as long as a later one: no learner is charged it."""
SELECTED = (
    "abi",
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.bytecode.sourceMap",
)


class Compiler:
    """Use `compile`; `close` ends the daemon, which the next use starts again."""

    def __init__(self, seconds: float = COMPILE_SECONDS) -> None:
        self._seconds = seconds
        self._daemon: Daemon | None = None

    def versions(self) -> dict[str, str]:
        """What the running compiler says of itself. Raises `Unavailable`."""
        hello = self._running().hello
        return {"solc": str(hello["version"]), "node": str(hello["node"])}

    def compile(
        self, sources: Mapping[str, str], evm_version: str, *, tree: bool
    ) -> dict[str, Any]:
        """The compiler's output (standard JSON) for these files, without errors in it; with the
        syntax tree, which takes a third more time, if it is wanted.

        Imports find only these files. Raises `NotCompiled` for mistakes in the sources, `Stopped`
        where the compiler ran over its limits because of them, and `Unavailable`.
        """
        size = sum(len(text.encode()) for text in sources.values())
        if size > MOST_SOURCE_BYTES:
            message = f"{size} bytes of source are too much; {MOST_SOURCE_BYTES} are the limit"
            raise NotCompiled([Diagnostic("error", message)])
        output = self._ask(standard_json(sources, evm_version, tree=tree))
        errors = [each for each in output.get("errors", ()) if each["severity"] == "error"]
        if any(each["type"] in BROKEN for each in errors):
            self.close()
        if errors:
            raise NotCompiled(diagnostics(errors, sources))
        return output

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = self._running().ask(message, seconds=self._seconds)
        except (Stopped, BoxBroken):
            self.close()
            raise
        if "output" not in answer:
            self.close()
            why = f"the compiler gave up: {answer.get('exception', '')}"
            raise NotCompiled([Diagnostic("error", why)])
        if answer["bytes"] > LARGEST_BYTES:
            self.close()
        output: dict[str, Any] = answer["output"]
        return output

    def _running(self) -> Daemon:
        if self._daemon is None or not self._daemon.alive:
            self.close()
            self._daemon = Daemon(_jail(), start_seconds=START_SECONDS)
            warming = standard_json({"warm.sol": WARMING}, "cancun", tree=True)
            try:
                self._daemon.ask(warming, seconds=START_SECONDS)
            except Stopped as stopped:
                raise Unavailable(f"the Solidity compiler does not start: {stopped}") from stopped
        return self._daemon

    def close(self) -> None:
        if self._daemon is not None:
            self._daemon.close()
            self._daemon = None


def _jail() -> Jail:
    options = (f"--stack-size={STACK_KIBIBYTES}", f"--max-old-space-size={HEAP_MEGABYTES}")
    return Jail(
        command=("/node", *options, "/inside/compiler.cjs"),
        mounts={
            "/node": programs.node(),
            "/solc/soljson.js": programs.solc(),
            "/inside": programs.INSIDE,
        },
        memory_bytes=MEMORY_BYTES,
        stack_bytes=STACK_BYTES,
        disk_bytes=1 << 20,
    )


def standard_json(sources: Mapping[str, str], evm_version: str, *, tree: bool) -> dict[str, Any]:
    """What the compiler is asked: without optimiser, for speed, and without metadata in the
    code, so that comments and names of files change no byte of it."""
    return {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sources.items()},
        "settings": {
            "evmVersion": evm_version,
            "optimizer": {"enabled": False},
            "metadata": {"bytecodeHash": "none", "appendCBOR": False},
            "outputSelection": {"*": {"*": list(SELECTED), "": ["ast"] if tree else []}},
        },
    }


def warnings(output: Mapping[str, Any], sources: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Those about a place in the sources: what has none is about our own settings."""
    placed = [each for each in output.get("errors", ()) if each.get("sourceLocation")]
    return diagnostics(placed, sources)


def diagnostics(
    errors: Iterable[Mapping[str, Any]], sources: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    return tuple(_diagnostic(each, sources) for each in errors)[:MOST_DIAGNOSTICS]


def _diagnostic(error: Mapping[str, Any], sources: Mapping[str, str]) -> Diagnostic:
    severity = "error" if error["severity"] == "error" else "warning"
    message = str(error["message"])[:2000]
    place = error.get("sourceLocation") or {}
    text = sources.get(place.get("file", ""))
    if text is None or place.get("start", -1) < 0:
        return Diagnostic(severity, message)
    line, column = position(text, place["start"])
    return Diagnostic(severity, message, place["file"], line, column)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at this offset in bytes of UTF-8."""
    before = text.encode()[:offset].decode("utf-8", "ignore")
    line_start = before.rfind("\n") + 1
    return before.count("\n") + 1, len(before) - line_start + 1
