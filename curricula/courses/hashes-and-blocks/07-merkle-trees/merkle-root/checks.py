from hashlib import sha256

from judge import check, equal


def leaf(record):
    return sha256(b"\x00" + record).digest()


def tree(records):
    """The reference."""
    found = [[leaf(record) for record in records]]
    while len(found[-1]) > 1:
        level = found[-1]
        up = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        found.append(up + level[2 * len(up) :])
    return [[node.hex() for node in level] for level in found]


LETTERS = [b"A", b"B", b"C", b"D", b"E"]


@check("leaves", en="Leaves and inner nodes are marked", zh="叶子与内部节点带标记", points=1)
def leaves(solution, values, rng):
    equal(
        solution.leaf(b"A").hex()[:8],
        "c00b4d3c",
        misconception="leaf-like-inner",
        en="A leaf is the hash of the byte 00 and the record.",
        zh="叶子是字节 00 加记录的哈希。",
    )
    equal(solution.inner(leaf(b"A"), leaf(b"B")).hex()[:8], "ed692f01")


@check("lesson", en="The tree of the lesson", zh="课文中的那棵树", points=2)
def lesson(solution, values, rng):
    equal(solution.root(LETTERS)[:8], "2bdbcd79")
    equal(solution.levels(LETTERS), tree(LETTERS))


@check("small", en="One record, and none", zh="一条记录，以及没有记录", points=1)
def small(solution, values, rng):
    equal(solution.root([b"A"]), leaf(b"A").hex())
    equal(solution.root([]), sha256(b"").hexdigest())
    equal(solution.levels([]), [])


@check("doubling", en="A, B, C is not A, B, C, C", zh="A、B、C 不同于 A、B、C、C", points=2, hidden=True)
def doubling(solution, values, rng):
    records = [rng.randbytes(3) for _ in range(3)]
    equal(
        solution.root(records),
        tree(records)[-1][0],
        misconception="odd-node-is-doubled",
        en="A node without a partner moves up as it is.",
        zh="落单的节点原样上移。",
    )
    equal(solution.root(records) == solution.root([*records, records[-1]]), False)


@check("sizes", en="Trees of many sizes", zh="各种大小的树", points=3, hidden=True)
def sizes(solution, values, rng):
    for size in sorted(rng.sample(range(2, 40), 6)):
        records = [rng.randbytes(rng.randint(0, 80)) for _ in range(size)]
        equal(solution.levels(records), tree(records))
        equal(solution.root(records), tree(records)[-1][0])
