import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

FORM = "%Y-%m-%dT%H:%M:%SZ"


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes (lesson 5)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def moment(text: object) -> datetime | None:
    """The moment that a text names, or None if it names none."""
    if not isinstance(text, str) or len(text) != 20:
        return None
    try:
        return datetime.strptime(text, FORM)
    except ValueError:
        return None


def well_formed(block: Any) -> bool:
    if not isinstance(block, dict) or set(block) != {"header", "records"}:
        return False
    header, records = block["header"], block["records"]
    if not isinstance(records, list) or not all(isinstance(record, str) for record in records):
        return False
    if not isinstance(header, dict) or set(header) != {"height", "previous", "time", "body"}:
        return False
    return (
        type(header["height"]) is int
        and all(isinstance(header[key], str) and len(header[key]) == 64 for key in ("previous", "body"))
        and moment(header["time"]) is not None
    )


def fault(block: Any, parent: dict[str, Any], now: str) -> str:
    """The first check that fails: shape, height, previous, time, body; else none."""
    if not well_formed(block):
        return "shape"
    header = block["header"]
    if header["height"] != parent["height"] + 1:
        return "height"
    if header["previous"] != digest(parent):
        return "previous"
    time, earliest, clock = moment(header["time"]), moment(parent["time"]), moment(now)
    if not earliest < time <= clock + timedelta(seconds=120):
        return "time"
    return "none" if header["body"] == digest(block["records"]) else "body"
