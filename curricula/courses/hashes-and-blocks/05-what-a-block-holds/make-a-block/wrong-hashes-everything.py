# misconception: name-covers-the-records-directly
import hashlib
import json


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def name(block):
    return digest(block)


def make(parent, records, time):
    header = {
        "height": parent["header"]["height"] + 1 if parent else 0,
        "previous": name(parent) if parent else "0" * 64,
        "time": time,
        "body": digest(records),
    }
    return {"header": header, "records": records}
