import hashlib

from judge import check, equal

START = "0" * 64
LOG = [
    "08:00 box V-118 4.2 C depot",
    "11:30 box V-118 5.1 C truck 7",
    "15:10 box V-118 9.8 C truck 7",
    "18:45 box V-118 4.6 C clinic",
]


def digest(previous, record):
    return hashlib.sha256((previous + record).encode()).hexdigest()


def chain_of(records):
    chain, previous = [], START
    for record in records:
        mine = digest(previous, record)
        chain.append({"previous": previous, "record": record, "digest": mine})
        previous = mine
    return chain


@check("entry", en="One entry", zh="一个条目")
def one_entry(solution, values, rng):
    equal(
        solution.entry(START, LOG[0]),
        chain_of(LOG[:1])[0],
        en="The digest is taken over `previous` and the record together.",
        zh="摘要要对 `previous` 和记录一起计算。",
        misconception="record-alone-is-hashed",
    )


@check("links", en="Each entry names the one before", zh="每个条目都指明前一个", points=2)
def links(solution, values, rng):
    chain = solution.build(LOG)
    equal(len(chain), 4)
    equal(chain[0]["previous"], START)
    for number in range(1, 4):
        equal(
            chain[number]["previous"],
            chain_of(LOG)[number - 1]["digest"],
            en="`previous` is the digest of the entry directly before: not of the first one, and not of its record alone.",
            zh="`previous` 是紧挨着的前一个条目的摘要：不是第一个条目的，也不只是它的记录的摘要。",
            misconception="previous-is-the-record" if number == 1 else "all-name-the-first",
        )


@check("head", en="The head of the lesson's log", zh="课文日志的链头", points=2)
def log_head(solution, values, rng):
    equal(
        solution.head(LOG), "5b312ad753c06e31cb5a813539397eb3a989655fc724d3332cef8acc9ac1687d"
    )


@check("empty", en="No records", zh="没有记录")
def empty(solution, values, rng):
    equal(solution.build([]), [])
    equal(solution.head([]), START)


@check("hidden-random", en="Random chains", zh="随机的链", points=2, hidden=True)
def random_chains(solution, values, rng):
    for _ in range(4):
        records = [rng.randbytes(rng.randint(0, 9)).hex() for _ in range(rng.randint(2, 9))]
        equal(
            solution.build(records),
            chain_of(records),
            en="A random chain differs from the right one.",
            zh="有一条随机的链与正确结果不同。",
        )


@check("hidden-order", en="Equal records, other order", zh="记录相同，次序不同", points=2, hidden=True)
def order(solution, values, rng):
    records = [f"批次 {rng.randrange(10)}" for _ in range(7)]
    turned = records[::-1]
    equal(solution.head(records), chain_of(records)[-1]["digest"])
    equal(
        solution.head(turned),
        chain_of(turned)[-1]["digest"],
        en="The head must depend on the order of the records.",
        zh="链头必须取决于记录的次序。",
    )
