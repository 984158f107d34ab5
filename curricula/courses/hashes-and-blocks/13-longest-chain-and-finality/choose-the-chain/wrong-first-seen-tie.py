# misconception: first-seen-wins
def line_of(block, by_id):
    """The ids from the first block to this one, or None when the block does not count."""
    line = []
    while block is not None:
        if not block["valid"]:
            return None
        line.append(block["id"])
        if block["parent"] is None:
            return line[::-1]
        block = by_id.get(block["parent"])
    return None


def chain(blocks):
    """Ids of the longest chain that counts, from first to last."""
    by_id = {block["id"]: block for block in blocks}
    best = []
    for block in blocks:
        line = line_of(block, by_id)
        if line is None:
            continue
        if len(line) > len(best):
            best = line
    return best


def final(blocks, depth):
    """Ids of that chain with at least `depth` blocks on top of them."""
    ids = chain(blocks)
    return ids[: max(0, len(ids) - depth)]


def abandoned(before, after):
    """Ids of `before` that `after` no longer holds."""
    return [name for name in before if name not in after]
