# misconception: meaning-fixes-bytes
import hashlib
import json


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def name(block):
    return digest(block["header"])


def make(parent, records, time):
    header = {
        "height": parent["header"]["height"] + 1 if parent else 0,
        "previous": name(parent) if parent else "0" * 64,
        "time": time,
        "body": digest(records),
    }
    return {"header": header, "records": list(records)}
