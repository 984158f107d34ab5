"""`python -m inside`: the daemon that `chains.chainmaker.engine` starts in a jail."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

from .server import Server


def main() -> None:
    """Greet, then answer every line with a line, until there are no more."""
    server = Server()
    say({"ready": True})
    for line in sys.stdin.buffer:
        try:
            answer = server.answer(json.loads(line))
        except Exception:  # noqa: BLE001 - a fault of ours: it is told, and no contract is blamed
            answer = {"broken": traceback.format_exc()[-2000:]}
        say(answer)


def say(message: dict[str, Any]) -> None:
    encoded = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.buffer.flush()


main()
