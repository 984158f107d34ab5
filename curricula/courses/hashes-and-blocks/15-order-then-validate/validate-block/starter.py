def validate(state, block):
    """(marks, state after): which transactions are valid, in order, and what they leave."""
    marks = []
    for transaction in block:
        for key, value in transaction["writes"].items():
            state[key] = (value, 1)
        marks.append(True)
    return marks, state


def branches(state, blocks):
    """The states after each of several alternative blocks on top of the same state."""
    return []


def conflicts(block):
    """Pairs of positions that may not run at the same time."""
    return []
