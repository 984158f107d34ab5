from judge import check, equal


def block(name, parent, *, valid=True):
    return {"id": name, "parent": parent, "valid": valid}


def lengths(blocks):
    """The reference: id → length, for the blocks that count."""
    by_id = {b["id"]: b for b in blocks}
    known = {}

    def length(name):
        if name not in known:
            b = by_id.get(name)
            if b is None or not b["valid"]:
                known[name] = 0
            elif b["parent"] is None:
                known[name] = 1
            else:
                below = length(b["parent"])
                known[name] = below + 1 if below else 0
        return known[name]

    return {name: length(name) for name in by_id if length(name)}


def longest(blocks):
    found = lengths(blocks)
    if not found:
        return []
    top = max(found.values())
    name = min(name for name, length in found.items() if length == top)
    parents = {b["id"]: b["parent"] for b in blocks}
    line = []
    while name is not None:
        line.append(name)
        name = parents[name]
    return line[::-1]


LESSON = [
    block("811", None),
    block("812a", "811"),
    block("812b", "811"),
    block("813b", "812b"),
]


@check("lesson", en="The fork of the lesson", zh="课文中的分叉", points=2)
def lesson(solution, values, rng):
    equal(solution.chain(LESSON[:2]), ["811", "812a"])
    equal(solution.chain(LESSON), ["811", "812b", "813b"])


@check("arrival", en="The order of arrival does not matter", zh="到达的先后没有影响", points=1)
def arrival(solution, values, rng):
    equal(
        solution.chain(LESSON[::-1]),
        ["811", "812b", "813b"],
        en="813b arrived before its parent.",
        zh="813b 比父块先到。",
    )


@check("tie", en="Equal branches are chosen alike by everybody", zh="一样长时，人人选择相同", points=1)
def tie(solution, values, rng):
    fork = [block("1", None), block("2z", "1"), block("2a", "1")]
    equal(
        solution.chain(fork),
        ["1", "2a"],
        misconception="first-seen-wins",
        en="Who decides by arrival decides differently from his neighbour.",
        zh="以到达先后定夺的节点，会与邻居选得不一样。",
    )


@check("invalid", en="Nothing above an invalid block counts", zh="无效区块之上的一切都不算数", points=2, hidden=True)
def invalid(solution, values, rng):
    blocks = [
        *(block("1", None), block("2", "1"), block("2x", "1", valid=False)),
        *(block("3x", "2x"), block("4x", "3x")),
    ]
    equal(
        solution.chain(blocks),
        ["1", "2"],
        misconception="length-before-validity",
        en="The longest branch stands on an invalid block.",
        zh="最长的那条分支建立在一个无效区块之上。",
    )
    equal(solution.chain([block("1", None, valid=False), block("2", "1")]), [])


@check("orphans", en="A branch without a beginning has no length", zh="没有起点的分支没有长度", points=1, hidden=True)
def orphans(solution, values, rng):
    blocks = [block("1", None), block("8", "7"), block("9", "8"), block("10", "9")]
    equal(
        solution.chain(blocks),
        ["1"],
        misconception="orphans-count",
        en="Block 7 never arrived, so nobody knows whether it is valid.",
        zh="7 号区块从未到达，谁也不知道它是否有效。",
    )
    equal(solution.chain([]), [])


@check("final", en="What has enough blocks on top", zh="上面区块足够多的部分", points=2, hidden=True)
def final(solution, values, rng):
    line = [block(str(n), str(n - 1) if n > 1 else None) for n in range(1, 7)]
    equal(
        [solution.final(line, depth) for depth in (0, 1, 4, 6, 9)],
        [["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5"], ["1", "2"], [], []],
        misconception="depth-counts-itself",
        en="The last block has nothing on top of it: its depth is 0.",
        zh="最后一个区块上面什么也没有：它的深度是 0。",
    )


@check("random", en="Random trees", zh="随机的区块树", points=3, hidden=True)
def random_trees(solution, values, rng):
    for _ in range(5):
        blocks = [block("g0", None)]
        for number in range(rng.randint(8, 24)):
            parent = rng.choice([b["id"] for b in blocks[-6:]] + ["missing"])
            name = f"{rng.choice('abcxyz')}{number}"
            blocks.append(block(name, parent, valid=rng.random() < 0.9))
        rng.shuffle(blocks)
        before, after = longest(blocks[: len(blocks) // 2]), longest(blocks)
        equal(solution.chain(blocks), after)
        equal(solution.abandoned(before, after), [name for name in before if name not in after])
