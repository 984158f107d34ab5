"""Keeps fresh chains ready and relays between them and the host.

Lines of JSON in, lines of JSON out (see `sandbox.jails.Daemon`). Each session is an anvil of its
own, which talks over a socket in this jail; the next one is started as soon as one is taken.

    {"open": "cancun"}                                  → {"session": 1}
    {"session": 1, "requests": [["eth_chainId", []]]}   → {"replies": [{"result": "0x7a69"}]}
    {"session": 1, "close": true}                       → {}

What a contract makes large is cut here: call trees to `MOST_CALLS` calls, `DEEPEST` deep, with
short data; replies that are longer than `LONGEST_REPLY` all the same are not read to their end.
After a tree that had to be cut for its size, a session tells no more calls within transactions.
Nothing here judges anything.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ANVIL = "/anvil"
START_SECONDS = 20.0
LONGEST_REPLY = 24 << 20
CHUNK = 1 << 20
MOST_CALLS = 1000
DEEPEST = 64
LONGEST_DATA = 8192
"""Characters of the input or the output of a call within a transaction."""
LONGEST_RESULT = 2 + (64 << 11)
"""Characters of what the transaction itself returns."""

TRANSACTION = "$transaction"

OPTIONS = (
    *("--silent", "--accounts", "1", "--balance", "0", "--auto-impersonate"),
    *("--chain-id", "31337", "--timestamp", "1700000000", "--base-fee", "0", "--gas-price", "0"),
    *("--gas-limit", "30000000", "--threads", "1", "--host", "127.0.0.1", "--no-cors"),
    *("--disable-default-create2-deployer", "--disable-console-log", "--disable-min-priority-fee"),
)


class TooLong(Exception):
    """A reply was longer than anybody will read."""


class Chain:
    """One anvil and the line to it."""

    def __init__(self, number: int, hardfork: str) -> None:
        self._path = f"/tmp/anvil-{number}"  # noqa: S108 - its own in every jail
        port = str(20_000 + number % 30_000)
        command = [ANVIL, *OPTIONS, "--hardfork", hardfork, "--ipc", self._path, "--port", port]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._line: socket.socket | None = None
        self.crowded = False
        """Whether a contract has made so many calls that there was no room for them. Telling them
        takes anvil time that grows with the square of their number: that is not asked for twice."""

    def ask(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """The reply to one request. Raises `TooLong`."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        line = self._connected()
        line.sendall(json.dumps(request).encode())
        try:
            return self._receive(line)
        except TooLong:
            line.close()  # the rest of the reply is nobody's
            self._line = None
            raise

    def _receive(self, line: socket.socket) -> dict[str, Any]:
        """One JSON object, with nothing behind it that says where it ends."""
        received = bytearray()
        while True:
            part = line.recv(CHUNK)
            if not part:
                raise ConnectionError("anvil ended")
            received += part
            if len(received) > LONGEST_REPLY:
                raise TooLong
            if received.rstrip().endswith(b"}"):
                with contextlib.suppress(json.JSONDecodeError):
                    reply: dict[str, Any] = json.loads(received)
                    return reply

    def _connected(self) -> socket.socket:
        if self._line is None:
            self._line = self._connect(time.monotonic() + START_SECONDS)
        return self._line

    def _connect(self, deadline: float) -> socket.socket:
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(self._path)
            except OSError:
                line.close()
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.001)
            else:
                return line

    def end(self) -> None:
        if self._line is not None:
            self._line.close()
        self._process.kill()
        self._process.wait()
        Path(self._path).unlink(missing_ok=True)


class Bridge:
    def __init__(self) -> None:
        self._sessions: dict[int, Chain] = {}
        self._spares: dict[str, Chain] = {}
        self._started = 0
        self._opened = 0

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if "open" in message:
            return {"session": self._open(message["open"])}
        chain = self._sessions[message["session"]]
        if message.get("close"):
            del self._sessions[message["session"]]
            chain.end()
            return {}
        return {"replies": _replies(chain, message["requests"])}

    def _open(self, hardfork: str) -> int:
        chain = self._spares.pop(hardfork, None) or self._start(hardfork)
        chain.ask("eth_chainId", [])
        self._opened += 1
        self._sessions[self._opened] = chain
        self._spares[hardfork] = self._start(hardfork)
        return self._opened

    def _start(self, hardfork: str) -> Chain:
        self._started += 1
        return Chain(self._started, hardfork)


def _replies(chain: Chain, requests: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """One after the other. `TRANSACTION` among the parameters is the hash of the transaction that
    was sent last; when none was, the request is not made."""
    replies: list[dict[str, Any]] = []
    sent = None
    for method, params in requests:
        if TRANSACTION in params and sent is None:
            replies.append({"error": {"message": "no transaction"}})
            continue
        reply = _reply(chain, method, [sent if each == TRANSACTION else each for each in params])
        if method == "eth_sendTransactionSync" and "result" in reply:
            sent = reply["result"]["transactionHash"]
        replies.append(_short(chain, reply))
    return replies


def _reply(chain: Chain, method: str, params: list[Any]) -> dict[str, Any]:
    """The reply, or where it is too long the same without the calls within the transaction."""
    if not chain.crowded:
        with contextlib.suppress(TooLong):
            return chain.ask(method, params)
        chain.crowded = True
    with contextlib.suppress(TooLong):
        return chain.ask(method, [_top_call_only(each) for each in params])
    return {"error": {"message": "too long"}}


def _top_call_only(options: Any) -> Any:
    if isinstance(options, dict) and options.get("tracer") == "callTracer":
        return {**options, "tracerConfig": {"onlyTopCall": True}}
    return options


def _short(chain: Chain, reply: dict[str, Any]) -> dict[str, Any]:
    result = reply.get("result")
    if isinstance(result, dict):
        result.pop("logsBloom", None)
        if "gasUsed" in result and "type" in result and "input" in result:
            _shorten_call(chain, result)
        for accounts in (result, result.get("pre"), result.get("post")):
            _without_code(accounts)
    return {name: reply[name] for name in ("result", "error") if name in reply}


def _shorten_call(chain: Chain, call: dict[str, Any]) -> None:
    call["destroyed"] = list(_destroyed(call))
    left = [MOST_CALLS]
    _cut_calls(call, left, DEEPEST)
    call["output"] = _cut(call.get("output"), LONGEST_RESULT)
    if not left[0]:
        chain.crowded = True


def _without_code(accounts: Any) -> None:
    for account in accounts.values() if isinstance(accounts, dict) else ():
        if isinstance(account, dict):
            account.pop("code", None)


def _destroyed(call: Mapping[str, Any]) -> Iterator[str]:
    """Addresses of the accounts that gave themselves up, in calls that went well."""
    if "error" in call:
        return
    if call.get("type") == "SELFDESTRUCT":
        yield call["from"]
    for within in call.get("calls", ()):
        yield from _destroyed(within)


def _cut_calls(call: dict[str, Any], left: list[int], depth: int) -> None:
    """Keep the first calls of the tree, as long as any are left, with short data in them."""
    kept = []
    for within in call.get("calls", ()) if depth > 1 else ():
        if not left[0]:
            break
        left[0] -= 1
        within["input"] = _cut(within.get("input"), LONGEST_DATA)
        within["output"] = _cut(within.get("output"), LONGEST_DATA)
        _cut_calls(within, left, depth - 1)
        kept.append(within)
    call["calls"] = kept


def _cut(data: Any, characters: int) -> str:
    """The data, or where they are long their beginning and how many bytes they were."""
    if not isinstance(data, str):
        return "0x"
    if len(data) <= characters:
        return data
    return f"{data[:74]}…{(len(data) - 2) // 2} bytes"


def main() -> None:
    sys.setrecursionlimit(20_000)
    bridge = Bridge()
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the line to the host
    for line in sys.stdin:
        print(json.dumps(bridge.answer(json.loads(line))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
