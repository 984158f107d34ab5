# misconception: state-is-shared
def version(state, key):
    """The version of a key; 0 for one that is not there."""
    return state[key][1] if key in state else 0


def validate(state, block):
    """(marks, state after): which transactions are valid, in order, and what they leave."""
    after = state
    marks, seen = [], set()
    for transaction in block:
        fresh = transaction["id"] not in seen
        seen.add(transaction["id"])
        current = all(version(after, key) == read for key, read in transaction["reads"].items())
        marks.append(fresh and current)
        if fresh and current:
            write(after, transaction["writes"])
    return marks, after


def write(state, writes):
    """Apply a write set in place."""
    for key, value in writes.items():
        if value is None:
            state.pop(key, None)
        else:
            state[key] = (value, version(state, key) + 1)


def branches(state, blocks):
    """The states after each of several alternative blocks on top of the same state."""
    return [validate(state, block)[1] for block in blocks]


def conflicts(block):
    """Pairs of positions that may not run at the same time."""
    pairs = []
    for i, first in enumerate(block):
        for j in range(i + 1, len(block)):
            second = block[j]
            touched = set(second["reads"]) | set(second["writes"])
            if set(first["writes"]) & touched or set(second["writes"]) & set(first["reads"]):
                pairs.append((i, j))
    return pairs
