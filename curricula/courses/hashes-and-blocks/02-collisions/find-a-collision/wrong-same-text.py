# misconception: a-text-collides-with-itself
def collide(prefix: str, digits: int) -> tuple[str, str]:
    return prefix, prefix
