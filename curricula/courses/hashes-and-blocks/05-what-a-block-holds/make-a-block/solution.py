import hashlib
import json
from typing import Any

Block = dict[str, Any]


def canonical(value: object) -> bytes:
    """The one way to write a value: sorted fields, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def name(block: Block) -> str:
    """The digest of the block's header."""
    return digest(block["header"])


def make(parent: Block | None, records: list[str], time: str) -> Block:
    """The block after `parent`, or block 0."""
    header = {
        "height": parent["header"]["height"] + 1 if parent else 0,
        "previous": name(parent) if parent else "0" * 64,
        "time": time,
        "body": digest(records),
    }
    return {"header": header, "records": list(records)}
