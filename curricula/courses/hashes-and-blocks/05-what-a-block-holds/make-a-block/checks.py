import hashlib
import json

from judge import check, equal

RECEIPTS = [
    "receipt 0071: 40 boxes, depot to truck 7",
    "receipt 0072: 40 boxes, truck 7 to clinic",
]
HEADER = {
    "height": 12,
    "previous": "2eb248dfd5c7a8368bab62cfdd99842fabcb1a15dadd3b59fb6c9e2c4f1296f9",
    "time": "2026-03-02T08:00:00Z",
    "body": "d08c213b39a9b9534eca4b6550aec154318c82cfb3eb18ce70c3d3811b5595a2",
}


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


@check("canonical", en="Sorted, no spaces", zh="已排序，无空格")
def sorted_fields(solution, values, rng):
    equal(
        solution.canonical({"tonnes": 1842, "site": "Plant 3"}),
        b'{"site":"Plant 3","tonnes":1842}',
    )


@check("utf8", en="Chinese text as UTF-8", zh="中文按 UTF-8 编码")
def utf8(solution, values, rng):
    equal(
        solution.canonical({"地点": ["三号电厂"]}),
        '{"地点":["三号电厂"]}'.encode(),
        en="Texts stand as they are, in UTF-8, not as \\u escapes.",
        zh="文字照原样写，按 UTF-8 编码，而不是 \\u 转义。",
        misconception="meaning-fixes-bytes",
    )


@check("name", en="The name of block 12", zh="第 12 号区块的名字", points=2)
def block_name(solution, values, rng):
    equal(
        solution.name({"header": HEADER, "records": RECEIPTS}),
        "f669d4eded5be85277e882219b877e9ae6a701e1158042190bef5014be637b6e",
        en="Only the header is hashed.",
        zh="只对区块头做哈希。",
        misconception="name-covers-the-records-directly",
    )


@check("genesis", en="Block 0", zh="第 0 号区块")
def genesis(solution, values, rng):
    equal(
        solution.make(None, RECEIPTS, "2026-01-01T00:00:00Z"),
        {
            "header": {
                "height": 0,
                "previous": "0" * 64,
                "time": "2026-01-01T00:00:00Z",
                "body": HEADER["body"],
            },
            "records": RECEIPTS,
        },
    )


@check("hidden-chain", en="A random chain of blocks", zh="随机的区块链", points=3, hidden=True)
def random_chain(solution, values, rng):
    parent, previous = None, "0" * 64
    for height in range(rng.randint(3, 6)):
        records = [f"收据 {rng.randrange(9999):04d}" for _ in range(rng.randint(0, 4))]
        time = f"2026-03-02T08:{height:02d}:00Z"
        block = solution.make(parent, records, time)
        header = {"height": height, "previous": previous, "time": time, "body": digest(records)}
        equal(
            block,
            {"header": header, "records": records},
            en="`previous` is the digest of the header before.",
            zh="`previous` 是前一个区块头的摘要。",
            misconception="previous-is-the-record",
        )
        parent, previous = block, digest(header)


@check("hidden-names", en="Names of random headers", zh="随机区块头的名字", points=2, hidden=True)
def random_names(solution, values, rng):
    for _ in range(4):
        header = {
            "time": f"2026-{rng.randint(1, 9):02d}-01T00:00:00Z",
            "height": rng.randrange(10**6),
            "body": rng.randbytes(32).hex(),
            "previous": rng.randbytes(32).hex(),
        }
        equal(
            solution.name({"records": [rng.randbytes(2).hex()], "header": header}),
            digest(header),
            en="The name depends on the header alone, in canonical form.",
            zh="名字只取决于区块头的规范形式。",
            misconception="name-covers-the-records-directly",
        )
