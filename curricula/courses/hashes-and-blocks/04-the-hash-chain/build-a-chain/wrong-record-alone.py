# misconception: record-alone-is-hashed
import hashlib

START = "0" * 64


def entry(previous, record):
    digest = hashlib.sha256(record.encode("utf-8")).hexdigest()
    return {"previous": previous, "record": record, "digest": digest}


def build(records):
    chain = []
    previous = START
    for record in records:
        chain.append(entry(previous, record))
        previous = chain[-1]["digest"]
    return chain


def head(records):
    chain = build(records)
    return chain[-1]["digest"] if chain else START
