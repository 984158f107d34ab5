# misconception: time-only-looks-back
import hashlib
import json
from datetime import datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fault(block, parent, now):
    try:
        header = block["header"]
        if set(block) != {"header", "records"} or len(header) != 4:
            return "shape"
        if type(header["height"]) is not int or len(header["time"]) != 20:
            return "shape"
        if len(header["previous"]) != 64 or len(header["body"]) != 64:
            return "shape"
        if not isinstance(block["records"], list) or not all(type(r) is str for r in block["records"]):
            return "shape"
        time = datetime.strptime(header["time"], FORM)
    except (KeyError, TypeError, ValueError):
        return "shape"
    if header["height"] != parent["height"] + 1:
        return "height"
    if header["previous"] != digest(parent):
        return "previous"
    if time < datetime.strptime(parent["time"], FORM):
        return "time"
    return "none" if header["body"] == digest(block["records"]) else "body"
