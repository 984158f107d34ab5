# misconception: record-alone-is-hashed
import hashlib

START = "0" * 64


def first_broken(chain, head):
    last = START
    for index, entry in enumerate(chain):
        own = hashlib.sha256((entry["previous"] + entry["record"]).encode()).hexdigest()
        if entry["digest"] != own:
            return index
        last = own
    return None if last == head else len(chain)
