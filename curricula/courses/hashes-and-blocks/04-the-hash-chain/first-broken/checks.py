import hashlib

from judge import check, equal

START = "0" * 64


def entry(previous, record):
    digest = hashlib.sha256((previous + record).encode()).hexdigest()
    return {"previous": previous, "record": record, "digest": digest}


def chain_of(records):
    chain, previous = [], START
    for record in records:
        chain.append(entry(previous, record))
        previous = chain[-1]["digest"]
    return chain


def log(rng, length):
    return chain_of([f"{rng.randrange(24):02d}:00 {rng.randrange(90) / 10} C" for _ in range(length)])


@check("right", en="A chain in order", zh="完好的链")
def right(solution, values, rng):
    chain = log(rng, 5)
    equal(solution.first_broken(chain, chain[-1]["digest"]), None)
    equal(solution.first_broken([], START), None)


@check("record", en="A changed record", zh="记录被改")
def record(solution, values, rng):
    chain = log(rng, 5)
    head = chain[-1]["digest"]
    chain[2]["record"] = "12:00 5.0 C"
    equal(
        solution.first_broken(chain, head),
        2,
        en="Compute the digest of every entry yourself; do not trust the one that stands there.",
        zh="每个条目的摘要都要自己重算，不能相信写在那里的那个。",
        misconception="stored-digests-are-trusted",
    )


@check("mended-one", en="Changed, and its own digest mended", zh="改了记录，并补了自己的摘要", points=2)
def mended_one(solution, values, rng):
    chain = log(rng, 5)
    head = chain[-1]["digest"]
    chain[1] = entry(chain[1]["previous"], "12:00 5.0 C")
    equal(
        solution.first_broken(chain, head),
        2,
        en="Entry 1 is right in itself now; entry 2 still names the old digest.",
        zh="条目 1 自身已经没有毛病；条目 2 写的仍是旧摘要。",
        misconception="record-alone-is-hashed",
    )


@check("rebuilt", en="All rebuilt: only the head tells", zh="全部重建：只有链头能揭穿", points=2)
def rebuilt(solution, values, rng):
    chain = log(rng, 4)
    forged = chain_of(["00:00 5.0 C"] + [item["record"] for item in chain[1:]])
    equal(
        solution.first_broken(forged, chain[-1]["digest"]),
        4,
        en="Compare the last digest with the head that you know from elsewhere.",
        zh="要把最后一个摘要与从别处得知的链头比较。",
        misconception="consistent-means-unchanged",
    )


@check("hidden-cut", en="Entries removed, moved or added", zh="条目被删、被挪、被加", points=2, hidden=True)
def cut(solution, values, rng):
    chain = log(rng, 8)
    head = chain[-1]["digest"]
    place = rng.randrange(1, 6)
    equal(solution.first_broken(chain[:place] + chain[place + 1 :], head), place)
    equal(solution.first_broken(chain[1:], head), 0)
    swapped = chain[:place] + [chain[place + 1], chain[place]] + chain[place + 2 :]
    equal(solution.first_broken(swapped, head), place)
    equal(
        solution.first_broken(chain[:-1], head),
        7,
        en="If the end was cut off, only the head can tell.",
        zh="末尾被截掉时，只有链头能揭穿。",
        misconception="consistent-means-unchanged",
    )


@check("hidden-random", en="Random tampering", zh="随机改动", points=2, hidden=True)
def tampering(solution, values, rng):
    for _ in range(6):
        chain = log(rng, rng.randint(2, 12))
        head = chain[-1]["digest"]
        place = rng.randrange(len(chain))
        field = rng.choice(["record", "digest", "previous"])
        chain[place][field] = rng.randbytes(32).hex()
        equal(
            solution.first_broken(chain, head),
            place,
            en="A random change was reported at the wrong place.",
            zh="有一处随机改动报错了位置。",
        )
