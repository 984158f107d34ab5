# misconception: stored-digests-are-trusted
START = "0" * 64


def first_broken(chain, head):
    previous = START
    for index, entry in enumerate(chain):
        if entry["previous"] != previous:
            return index
        previous = entry["digest"]
    return None if previous == head else len(chain)
