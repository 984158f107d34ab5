def build(words):
    """Return a list of blocks, each {"word": …, "previous": hash of the block before}."""
    return []
