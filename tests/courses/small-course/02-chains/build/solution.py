from hashlib import sha256


def digest(block):
    return sha256(repr(sorted(block.items())).encode()).hexdigest()


def build(words):
    chain = []
    for word in words:
        chain.append({"word": word, "previous": digest(chain[-1]) if chain else ""})
    return chain
