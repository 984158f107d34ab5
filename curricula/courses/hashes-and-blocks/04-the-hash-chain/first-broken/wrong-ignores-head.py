# misconception: consistent-means-unchanged
import hashlib

START = "0" * 64


def first_broken(chain, head):
    previous = START
    for index, entry in enumerate(chain):
        own = hashlib.sha256((entry["previous"] + entry["record"]).encode()).hexdigest()
        if entry["previous"] != previous or entry["digest"] != own:
            return index
        previous = entry["digest"]
    return None
