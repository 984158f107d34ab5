from judge import check, equal

FOUR = ["grid", "plant", "regulator", "verifier"]


def vote(member, digest, height=7, round=0):
    return {"member": member, "height": height, "round": round, "hash": digest}


@check("numbers", en="The numbers of four to thirteen members", zh="四到十三个成员的数字", points=2)
def numbers(solution, values, rng):
    equal([solution.tolerated(n) for n in range(4, 14)], [1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
    equal(
        [solution.quorum(n) for n in range(4, 14)],
        [3, 4, 4, 5, 6, 6, 7, 8, 8, 9],
        misconception="majority-is-enough",
        en="Any two quorums must share more members than can lie.",
        zh="任意两个法定集合共有的成员，必须多于可能说谎的成员。",
    )


@check("three-of-four", en="Three votes of four decide, two do not", zh="四票中三票可决，两票不可", points=1)
def three_of_four(solution, values, rng):
    votes = [vote("grid", "x"), vote("plant", "x"), vote("verifier", "x")]
    equal(solution.decide(votes, FOUR, 7, 0), "x")
    equal(solution.decide(votes[:2], FOUR, 7, 0), None)


@check("doubles", en="A vote that arrives twice counts once", zh="同一张票到达两次只算一次", points=1)
def doubles(solution, values, rng):
    votes = [vote("grid", "x"), vote("grid", "x"), vote("plant", "x")]
    equal(solution.decide(votes, FOUR, 7, 0), None)
    equal(solution.equivocators(votes, FOUR, 7, 0), [])


@check("strangers", en="Strangers do not vote", zh="外人不能投票", points=1, hidden=True)
def strangers(solution, values, rng):
    votes = [vote("grid", "x"), vote("plant", "x"), vote("broker", "x"), vote("broker", "y")]
    equal(
        solution.decide(votes, FOUR, 7, 0),
        None,
        misconception="strangers-count",
        en="One of the voters is no member of the ledger.",
        zh="投票者中有一个不是账本成员。",
    )
    equal(solution.equivocators(votes, FOUR, 7, 0), [])


@check("rounds", en="Votes of other rounds and heights do not count", zh="别的轮次和高度的票不算", points=1, hidden=True)
def rounds(solution, values, rng):
    votes = [vote("grid", "x"), vote("plant", "x", round=1), vote("verifier", "x", height=8)]
    votes += [vote("grid", "y", round=1)]
    equal(
        solution.decide(votes, FOUR, 7, 0),
        None,
        misconception="messages-are-votes",
        en="To vote for X in round 0 and for Y in round 1 is honest: the round failed.",
        zh="第 0 轮投 X、第 1 轮投 Y 是诚实的：因为上一轮没有成功。",
    )
    equal(solution.equivocators(votes, FOUR, 7, 0), [])


@check("equivocators", en="Finds equivocators and counts them for nothing", zh="找出两面投票者，且其票不算", points=2, hidden=True)
def find_equivocators(solution, values, rng):
    votes = [vote("verifier", "y"), vote("grid", "x"), vote("plant", "x"), vote("verifier", "x")]
    equal(solution.equivocators(votes, FOUR, 7, 0), ["verifier"])
    equal(
        solution.decide(votes, FOUR, 7, 0),
        None,
        misconception="first-vote-counts",
        en="Who voted for two hashes has voted for none.",
        zh="投了两个哈希的人，等于没投。",
    )
    equal(solution.decide([*votes, vote("regulator", "x")], FOUR, 7, 0), "x")


@check("random", en="Random rounds of seven members", zh="七个成员的随机轮次", points=3, hidden=True)
def random_rounds(solution, values, rng):
    members = [f"m{number}" for number in range(7)]
    for _ in range(6):
        favourite = rng.choice(["x", "y"])
        liars = rng.sample(members, rng.randint(0, 2))
        votes = []
        for member in members:
            if member in liars:
                votes += [vote(member, "x"), vote(member, "y")]
            elif rng.random() < 0.85:
                votes += [vote(member, favourite)] * rng.randint(1, 2)
        rng.shuffle(votes)
        honest = len({v["member"] for v in votes} - set(liars))
        equal(solution.equivocators(votes, members, 7, 0), sorted(liars))
        equal(solution.decide(votes, members, 7, 0), favourite if honest >= 5 else None)
