# misconception: sender-sends-well-formed
import hashlib
import json
from datetime import datetime, timedelta

FORM = "%Y-%m-%dT%H:%M:%SZ"


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fault(block, parent, now):
    header = block["header"]
    if header["height"] != parent["height"] + 1:
        return "height"
    if header["previous"] != digest(parent):
        return "previous"
    time = datetime.strptime(header["time"], FORM)
    limit = datetime.strptime(now, FORM) + timedelta(seconds=120)
    if not datetime.strptime(parent["time"], FORM) < time <= limit:
        return "time"
    return "none" if header["body"] == digest(block["records"]) else "body"
