import hashlib

START = "0" * 64


def entry(previous: str, record: str) -> dict[str, str]:
    """One entry: previous, record and digest."""
    digest = hashlib.sha256((previous + record).encode("utf-8")).hexdigest()
    return {"previous": previous, "record": record, "digest": digest}


def build(records: list[str]) -> list[dict[str, str]]:
    """The chain of the records, in order."""
    chain: list[dict[str, str]] = []
    previous = START
    for record in records:
        chain.append(entry(previous, record))
        previous = chain[-1]["digest"]
    return chain


def head(records: list[str]) -> str:
    """The digest of the last entry; 64 zeros for no records."""
    chain = build(records)
    return chain[-1]["digest"] if chain else START
