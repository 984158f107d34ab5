# misconception: all-name-the-first
import hashlib

START = "0" * 64


def entry(previous, record):
    digest = hashlib.sha256((previous + record).encode("utf-8")).hexdigest()
    return {"previous": previous, "record": record, "digest": digest}


def build(records):
    chain = []
    for record in records:
        chain.append(entry(chain[0]["digest"] if chain else START, record))
    return chain


def head(records):
    chain = build(records)
    return chain[-1]["digest"] if chain else START
