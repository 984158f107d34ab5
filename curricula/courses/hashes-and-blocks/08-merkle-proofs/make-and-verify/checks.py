from hashlib import sha256

from judge import check, equal


def leaf(record):
    return sha256(b"\x00" + record).digest()


def inner(left, right):
    return sha256(b"\x01" + left + right).digest()


def reference(records, index):
    """(proof, root) of a position."""
    level, proof = [leaf(record) for record in records], []
    while len(level) > 1:
        partner = index ^ 1
        if partner < len(level):
            proof.append(("left" if partner < index else "right", level[partner].hex()))
        up = [inner(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, index = up + level[2 * len(up) :], index // 2
    return proof, level[0].hex()


def tuples(proof):
    return [tuple(step) for step in proof]


LETTERS = [b"A", b"B", b"C", b"D", b"E"]


@check("lesson", en="The proof of C in the tree of five", zh="五条记录的树中 C 的证明", points=2)
def lesson(solution, values, rng):
    proof, root = reference(LETTERS, 2)
    equal(
        tuples(solution.prove(LETTERS, 2)),
        proof,
        misconception="side-is-my-own",
        en="The side says where the partner stands, not where you stand.",
        zh="side 指的是伙伴在哪一侧，不是自己在哪一侧。",
    )
    equal(solution.verify(b"C", proof, root), True)


@check("changed", en="Refuses another record and another root", zh="拒绝别的记录和别的根", points=1)
def changed(solution, values, rng):
    proof, root = reference(LETTERS, 2)
    equal(solution.verify(b"X", proof, root), False)
    equal(solution.verify(b"C", proof, "00" * 32), False)
    equal(solution.verify(b"C", proof[:-1], root), False)


@check("alone", en="A block of one record", zh="只有一条记录的区块", points=1)
def alone(solution, values, rng):
    equal(tuples(solution.prove([b"A"], 0)), [])
    equal(solution.verify(b"A", [], leaf(b"A").hex()), True)
    equal(solution.index_of([], 1), 0)


@check("shortened", en="An inner node does not pass for a record", zh="内部节点不能冒充记录", points=2, hidden=True)
def shortened(solution, values, rng):
    records = [rng.randbytes(8) for _ in range(4)]
    proof, root = reference(records, 0)
    fake = leaf(records[0]) + leaf(records[1])
    equal(
        solution.verify(fake, proof[1:], root),
        False,
        misconception="leaf-like-inner",
        en="64 bytes, two digests, were shown as a record with a proof that is one step shorter.",
        zh="两个摘要共 64 字节被当作记录出示，证明少了一步。",
    )
    plain = sha256(sha256(fake).digest() + bytes.fromhex(proof[1][1])).hexdigest()
    equal(solution.verify(fake, proof[1:], plain), False)


@check("rude", en="A malformed proof is a wrong proof", zh="畸形的证明就是错误的证明", points=2, hidden=True)
def rude(solution, values, rng):
    proof, root = reference(LETTERS, 0)
    for step in (("up", proof[0][1]), ("left", "xyz"), ("right", ""), ("right", proof[0][1][:-2])):
        equal(
            solution.verify(b"A", [step, *proof[1:]], root),
            False,
            misconception="prover-is-polite",
            en="Answer False; do not raise.",
            zh="请返回 False，不要抛出异常。",
        )


@check("random", en="Every position of trees of many sizes", zh="各种大小的树的各个位置", points=4, hidden=True)
def random_trees(solution, values, rng):
    for size in sorted(rng.sample(range(2, 20), 5)):
        records = [rng.randbytes(6) for _ in range(size)]
        for index in sorted({0, size - 1, rng.randrange(size)}):
            proof, root = reference(records, index)
            equal(tuples(solution.prove(records, index)), proof)
            equal(solution.verify(records[index], proof, root), True)
            equal(solution.index_of(proof, size), index)
