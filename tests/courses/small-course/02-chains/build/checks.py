from hashlib import sha256

from judge import check, equal


def digest(block):
    return sha256(repr(sorted(block.items())).encode()).hexdigest()


@check("length", en="One block for each word", zh="每个词一个区块", points=1)
def length(solution, values, rng):
    equal(len(solution.build(["a", "b", "c"])), 3)


@check(
    "links",
    en="Each block names the one before",
    zh="每个区块都指向前一个区块",
    points=2,
    hidden=True,
)
def links(solution, values, rng):
    words = [rng.randbytes(4).hex() for _ in range(rng.randint(2, 6))]
    chain = solution.build(words)
    for before, block in zip(chain, chain[1:]):
        equal(
            block["previous"],
            digest(before),
            en="A block must name the hash of the one before.",
            zh="区块必须记录前一个区块的哈希。",
        )
