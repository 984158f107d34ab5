import hashlib
import json
from typing import Any

Block = dict[str, Any]


def canonical(value: object) -> bytes:
    """The one way to write a value: sorted fields, no spaces, UTF-8."""
    return json.dumps(value).encode()


def name(block: Block) -> str:
    """The digest of the block's header."""
    return ""


def make(parent: Block | None, records: list[str], time: str) -> Block:
    """The block after `parent`, or block 0."""
    return {"header": {}, "records": records}
