from judge import check, equal, fail


def audit(solution, height, first):
    """The result of an audit of copies that differ from `first` on."""
    auditor = solution.Auditor(height)
    limit = (height - 1).bit_length() + 1 if height else 0
    answers = 0
    while (asked := auditor.question()) is not None:
        if not isinstance(asked, int) or not 1 <= asked <= height:
            fail(en=f"There is no block {asked}.", zh=f"没有 {asked} 号区块。")
        if answers == limit:
            fail(
                en=f"The clerk went home after {limit} answers for {height} blocks.",
                zh=f"{height} 个区块，办事员回答 {limit} 次之后下班了。",
                misconception="search-from-the-start",
            )
        auditor.answer(first is None or asked < first)
        answers += 1
    return auditor.result()


@check("lesson", en="The sixteen blocks of the lesson", zh="课文中的十六个区块", points=2)
def lesson(solution, values, rng):
    equal(audit(solution, 16, 11), 11)


@check("equal", en="Copies that are equal", zh="相同的副本", points=1)
def equal_copies(solution, values, rng):
    equal(
        audit(solution, 16, None),
        None,
        misconception="copies-always-differ",
        en="They do not differ at all. Ask about the last block first.",
        zh="它们根本没有不同。请先问最后一个区块。",
    )
    equal(audit(solution, 0, None), None)


@check("anchors", en="The earliest anchor that binds", zh="最早的有约束力的锚", points=2)
def anchors(solution, values, rng):
    known = [(830, "2026-10-11"), (700, "2026-09-27"), (812, "2026-10-04"), (900, "2026-10-18")]
    equal(
        [solution.bound(known, height) for height in (812, 813, 700, 901)],
        ["2026-10-04", "2026-10-11", "2026-09-27", None],
        en="An anchor binds its own block and everything below it; the earliest says most.",
        zh="锚约束它所在的区块以及下面的一切；最早的那个说明得最多。",
    )


@check("every", en="Every place in small ledgers", zh="小账本中的每一处", points=3, hidden=True)
def every_place(solution, values, rng):
    for height in range(1, 8):
        for first in [*range(1, height + 1), None]:
            equal(audit(solution, height, first), first)


@check("large", en="Large ledgers, few questions", zh="大账本，少提问", points=3, hidden=True)
def large(solution, values, rng):
    for _ in range(4):
        height = rng.randint(1000, 100_000)
        first = rng.randint(1, height)
        equal(audit(solution, height, first), first)


@check("random-anchors", en="Random anchors", zh="随机的锚", points=1, hidden=True)
def random_anchors(solution, values, rng):
    for _ in range(4):
        known = [
            (rng.randint(1, 50), f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")
            for _ in range(rng.randint(0, 6))
        ]
        height = rng.randint(1, 50)
        days = [day for anchored, day in known if anchored >= height]
        equal(solution.bound(known, height), min(days) if days else None)
