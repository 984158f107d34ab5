from judge import check, equal


def tx(name, reads, writes):
    return {"id": name, "reads": reads, "writes": writes}


def replay(state, block):
    """The reference."""
    after, marks, seen = dict(state), [], set()
    for t in block:
        valid = t["id"] not in seen and all(
            (after[key][1] if key in after else 0) == read for key, read in t["reads"].items()
        )
        seen.add(t["id"])
        marks.append(valid)
        if not valid:
            continue
        for key, value in t["writes"].items():
            before = after[key][1] if key in after else 0
            if value is None:
                after.pop(key, None)
            else:
                after[key] = (value, before + 1)
    return marks, after


def answer(solution, state, block):
    marks, after = solution.validate(state, block)
    return list(marks), {key: tuple(entry) for key, entry in after.items()}


QUOTA = {"quota": (100, 7)}
CLERKS = [tx("t1", {"quota": 7}, {"quota": 20}), tx("t2", {"quota": 7}, {"quota": 40})]


@check("clerks", en="Two clerks, one quota", zh="两个办事员，一份配额", points=2)
def clerks(solution, values, rng):
    equal(
        answer(solution, QUOTA, CLERKS),
        ([True, False], {"quota": (20, 8)}),
        misconception="checks-against-the-start",
        en="When the second one's turn comes, the version is 8.",
        zh="轮到第二笔时，版本已经是 8。",
    )


@check("goes-on", en="A refusal does not stop the block", zh="一笔被拒，区块继续", points=1)
def goes_on(solution, values, rng):
    block = [*CLERKS, tx("t3", {"other": 0}, {"other": 1}), tx("t4", {"quota": 8}, {"quota": 5})]
    equal(
        answer(solution, QUOTA, block),
        ([True, False, True, True], {"quota": (5, 9), "other": (1, 1)}),
        misconception="one-conflict-stops-the-block",
    )


@check("pairs", en="Which may not run together", zh="哪些不能同时执行", points=2)
def pairs(solution, values, rng):
    block = [
        tx("a", {"x": 1}, {"y": 1}),
        tx("b", {"x": 1}, {"z": 1}),
        tx("c", {"y": 0}, {"w": 1}),
        tx("d", {}, {"x": 2}),
    ]
    equal(
        [tuple(pair) for pair in solution.conflicts(block)],
        [(0, 2), (0, 3), (1, 3)],
        misconception="only-writes-conflict",
        en="To read what another writes is a conflict. To read the same is none.",
        zh="读别人要写的键，是冲突；都只是读同一个键，不是。",
    )


@check("branches", en="Alternative blocks on one state", zh="同一状态上的几个候选区块", points=1, hidden=True)
def branches(solution, values, rng):
    blocks = [CLERKS, CLERKS[::-1], []]
    after = solution.branches(QUOTA, blocks)
    equal(
        [{key: tuple(entry) for key, entry in state.items()} for state in after],
        [{"quota": (20, 8)}, {"quota": (40, 8)}, {"quota": (100, 7)}],
        misconception="state-is-shared",
        en="The first branch has changed the state on which the second one stands.",
        zh="第一条分支改动了第二条分支所依据的状态。",
    )


@check("twice", en="The same id twice, and deletions", zh="重复的 id，以及删除", points=2, hidden=True)
def twice(solution, values, rng):
    block = [
        tx("t1", {}, {"a": 1, "quota": None}),
        tx("t1", {}, {"a": 2}),
        tx("t2", {"quota": 7}, {"a": 3}),
        tx("t3", {"quota": 0}, {"quota": 9}),
        tx("t4", {"quota": 1, "a": 1}, {"a": None}),
    ]
    equal(
        answer(solution, QUOTA, block),
        ([True, False, False, True, True], {"quota": (9, 1)}),
        en="A deleted key counts as version 0 again; an id counts once in a block.",
        zh="被删除的键版本又视为 0；同一个 id 在区块中只算一次。",
    )


@check("random", en="Random blocks", zh="随机区块", points=3, hidden=True)
def random_blocks(solution, values, rng):
    for _ in range(5):
        state = {key: (rng.randint(1, 99), rng.randint(1, 3)) for key in "abcd"}
        block = []
        for number in range(rng.randint(4, 10)):
            reads = {key: rng.randint(0, 4) for key in rng.sample("abcde", rng.randint(0, 2))}
            if rng.random() < 0.6:
                reads = {key: state[key][1] if key in state else 0 for key in reads}
            writes = {key: rng.choice([None, 5, 6]) for key in rng.sample("abcde", rng.randint(1, 2))}
            block.append(tx(f"t{rng.randint(0, number + 3)}", reads, writes))
        equal(answer(solution, state, block), replay(state, block))
