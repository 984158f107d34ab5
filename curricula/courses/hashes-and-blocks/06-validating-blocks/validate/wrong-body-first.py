# misconception: order-of-checks-is-free
import hashlib
import json
from datetime import datetime, timedelta

FORM = "%Y-%m-%dT%H:%M:%SZ"


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fault(block, parent, now):
    try:
        header = block["header"]
        if header["body"] != digest(block["records"]):
            return "body"
        if header["height"] != parent["height"] + 1:
            return "height"
        if header["previous"] != digest(parent):
            return "previous"
        time = datetime.strptime(header["time"], FORM)
        limit = datetime.strptime(now, FORM) + timedelta(seconds=120)
        if not datetime.strptime(parent["time"], FORM) < time <= limit:
            return "time"
    except (KeyError, TypeError, ValueError):
        return "shape"
    return "none"
