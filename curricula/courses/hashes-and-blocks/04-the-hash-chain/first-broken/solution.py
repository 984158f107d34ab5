import hashlib

START = "0" * 64


def first_broken(chain: list[dict[str, str]], head: str) -> int | None:
    """Index of the first wrong entry, len(chain) for another head, None if all is right."""
    previous = START
    for index, entry in enumerate(chain):
        own = hashlib.sha256((entry["previous"] + entry["record"]).encode()).hexdigest()
        if entry["previous"] != previous or entry["digest"] != own:
            return index
        previous = entry["digest"]
    return None if previous == head else len(chain)
