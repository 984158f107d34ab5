from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge import check, equal, true


def pair(rng):
    private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
    return private, private.public_key().public_bytes_raw()


class Consortium:
    """Keys of one meter and three endorsers, and records signed by them."""

    def __init__(self, rng):
        self.rng = rng
        self.meter, self.meter_key = pair(rng)
        self.pairs = {name: pair(rng) for name in ("grid", "regulator", "verifier")}

    def ledger(self, solution, need=2):
        endorsers = {name: public for name, (_, public) in self.pairs.items()}
        return solution.Ledger({"LS-2": self.meter_key}, endorsers, need)

    def body(self):
        return b'{"kwh":%d,"nonce":"%s"}' % (
            self.rng.randint(1, 9999),
            self.rng.randbytes(4).hex().encode(),
        )

    def record(self, body=None, by=("grid", "verifier")):
        body = body or self.body()
        digest = sha256(body).digest()
        return {
            "meter": "LS-2",
            "body": body,
            "signature": self.meter.sign(body),
            "endorsements": {name: self.pairs[name][0].sign(digest) for name in by},
        }


def reference_root(bodies):
    level = [sha256(b"\x00" + body).digest() for body in bodies]
    while len(level) > 1:
        up = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = up + level[len(up) * 2 :]
    return level[0] if level else sha256(b"").digest()


def block_hash(block):
    return sha256(f"{block['height']}|{block['previous']}|{block['root']}".encode()).hexdigest()


def bodies_of(block):
    return [record["body"] for record in block["records"]]


@check("first-block", en="Proposes and accepts a first block", zh="提出并接受第一个区块", points=2)
def first_block(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution)
    equal(ledger.head(), "0" * 64)
    records = [consortium.record(), consortium.record()]
    block = ledger.propose(records)
    equal((block["height"], block["previous"], bodies_of(block)), (1, "0" * 64, bodies_of({"records": records})))
    equal(block["root"], reference_root(bodies_of(block)).hex())
    equal(ledger.head(), "0" * 64, en="To propose must change nothing.", zh="提议不得改变任何东西。")
    equal(ledger.accept(block), True)
    equal(ledger.head(), block_hash(block))


@check("filters", en="Proposes only what is signed and endorsed", zh="只提议签过名、背过书的记录", points=2)
def filters(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution)
    good = consortium.record()
    unsigned = {**consortium.record(), "body": consortium.body()}
    lonely = consortium.record(by=("grid",))
    stranger = {**consortium.record(), "meter": "LS-9"}
    equal(bodies_of(ledger.propose([unsigned, good, lonely, stranger])), [good["body"]])


@check("claims", en="An endorsement that does not verify is none", zh="验签不过的背书不算背书", points=2, hidden=True)
def claims(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution)
    record = consortium.record(by=("grid",))
    for forged in (b"", b"\0" * 64, record["endorsements"]["grid"]):
        record["endorsements"]["verifier"] = forged
        equal(
            bodies_of(ledger.propose([record])),
            [],
            misconception="claim-is-an-endorsement",
            en="The verifier's name stands there, its signature does not.",
            zh="写着核查机构的名字，却没有它的有效签名。",
        )


@check("replays", en="A body is recorded once", zh="同一 body 只入账一次", points=2, hidden=True)
def replays(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution)
    first, second = consortium.record(), consortium.record()
    block = ledger.propose([first, first])
    equal(bodies_of(block), [first["body"]])
    equal(ledger.accept(block), True)
    equal(
        bodies_of(ledger.propose([first, second])),
        [second["body"]],
        misconception="replay-is-a-second-event",
        en="The first record stands in block 1 already.",
        zh="第一条记录已经在 1 号区块里了。",
    )


@check("enemy", en="Accepts nothing from an enemy", zh="不接受敌人送来的任何东西", points=3, hidden=True)
def enemy(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution)
    true(ledger.accept(ledger.propose([consortium.record()])))
    good = ledger.propose([consortium.record(), consortium.record()])
    bad = consortium.record(by=("grid",))
    smuggled = [*good["records"], bad]
    attempts = [
        {**good, "height": 3},
        {**good, "previous": "0" * 64},
        {**good, "root": "ab" * 32},
        {**good, "records": good["records"][:1]},
        {**good, "records": good["records"][::-1]},
        {**good, "records": smuggled, "root": reference_root(bodies_of({"records": smuggled})).hex()},
    ]
    head = ledger.head()
    for attempt in attempts:
        equal(
            ledger.accept(attempt),
            False,
            misconception="sender-is-honest",
            en="Check everything that the block says against what you compute yourself.",
            zh="区块所说的一切，都要与自己算出来的对照。",
        )
    equal(ledger.head(), head)
    equal(ledger.accept(good), True)


@check("proofs", en="Proofs of trees of every size", zh="各种大小的树的证明", points=3, hidden=True)
def proofs(solution, values, rng):
    consortium = Consortium(rng)
    ledger = consortium.ledger(solution, need=0)
    for size in (1, 2, 3, 5, 6, 7):
        records = [consortium.record(by=()) for _ in range(size)]
        block = ledger.propose(records)
        equal(
            block["root"],
            reference_root(bodies_of(block)).hex(),
            misconception="odd-node-is-doubled",
            en="A node without a partner moves up as it is, and leaves are marked with 00, inner nodes with 01.",
            zh="落单的节点原样上移；叶子前缀为 00，内部节点前缀为 01。",
        )
        true(ledger.accept(block))
        index = rng.randrange(size)
        height, position, path = ledger.find(records[index]["body"])
        equal((height, position), (block["height"], index))
        node = sha256(b"\x00" + records[index]["body"]).digest()
        for side, partner in path:
            joined = partner + node if side == "left" else node + partner
            node = sha256(b"\x01" + joined).digest()
        equal(node.hex(), block["root"])
    equal(ledger.find(b"never recorded"), None)
