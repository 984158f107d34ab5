import hashlib
import json

from judge import check, equal

PARENT = {
    "height": 12,
    "previous": "2eb248dfd5c7a8368bab62cfdd99842fabcb1a15dadd3b59fb6c9e2c4f1296f9",
    "time": "2026-03-02T08:00:00Z",
    "body": "d08c213b39a9b9534eca4b6550aec154318c82cfb3eb18ce70c3d3811b5595a2",
}
NOW = "2026-03-02T08:05:00Z"


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def block_on(parent, records, time, **changed):
    header = {
        "height": parent["height"] + 1,
        "previous": digest(parent),
        "time": time,
        "body": digest(records),
    }
    return {"header": {**header, **changed}, "records": records}


def good(time="2026-03-02T08:04:10Z", **changed):
    return block_on(PARENT, ["receipt 0073"], time, **changed)


@check("valid", en="A valid block", zh="有效的区块")
def valid(solution, values, rng):
    equal(solution.fault(good(), PARENT, NOW), "none")


@check("one-fault", en="One fault each", zh="每次一个毛病", points=2)
def one_fault(solution, values, rng):
    equal(solution.fault(good(height=14), PARENT, NOW), "height")
    equal(solution.fault(good(previous="0" * 64), PARENT, NOW), "previous")
    equal(solution.fault(good(body="0" * 64), PARENT, NOW), "body")


@check("times", en="Too early, too late, just right", zh="太早、太晚、刚好", points=2)
def times(solution, values, rng):
    for time, answer in (
        ("2026-03-02T08:00:00Z", "time"),
        ("2026-03-02T08:00:01Z", "none"),
        ("2026-03-02T07:59:59Z", "time"),
        ("2026-03-02T08:07:00Z", "none"),
        ("2026-03-02T08:07:01Z", "time"),
    ):
        equal(
            solution.fault(block_on(PARENT, [], time), PARENT, NOW),
            answer,
            en="Later than the parent, and at most 120 seconds after `now`.",
            zh="要晚于父区块，且最多比 `now` 晚 120 秒。",
            misconception="time-only-looks-back",
        )


@check("first", en="Several faults: the first is named", zh="有多个毛病：报第一个", points=2)
def first(solution, values, rng):
    worst = good(height=99, previous="f" * 64, body="f" * 64, time="2020-01-01T00:00:00Z")
    equal(
        solution.fault(worst, PARENT, NOW),
        "height",
        en="Name the first check that fails, in the order of the statement.",
        zh="按题目的次序，报第一个没通过的检查。",
        misconception="order-of-checks-is-free",
    )
    late = good(body="f" * 64, time="2026-03-02T07:00:00Z")
    equal(solution.fault(late, PARENT, NOW), "time", misconception="order-of-checks-is-free")


@check("shape", en="Malformed blocks", zh="畸形的区块", points=2)
def shape(solution, values, rng):
    for block in (None, [], {}, {"header": {}, "records": []}, good(height="13"), good(time="now")):
        equal(
            solution.fault(block, PARENT, NOW),
            "shape",
            en="Look at the shape before you use any field.",
            zh="使用任何字段之前，先检查形状。",
            misconception="sender-sends-well-formed",
        )


@check("hidden-shapes", en="More malformed blocks", zh="更多畸形的区块", points=3, hidden=True)
def more_shapes(solution, values, rng):
    extra = good(note="hello")
    missing = good()
    del missing["header"][rng.choice(["height", "previous", "time", "body"])]
    surplus = {**good(), "size": 3}
    for block in (
        extra,
        missing,
        surplus,
        good(height=True),
        good(height=13.0),
        good(previous="0" * 63),
        good(body=None),
        good(time="2026-02-30T08:00:00Z"),
        good(time="2026-3-2T08:04:10Z"),
        {**good(), "records": "receipt 0073"},
        {**good(), "records": [7]},
    ):
        equal(
            solution.fault(block, PARENT, NOW),
            "shape",
            en="Exactly the named fields, exactly the named types, and a date that exists.",
            zh="字段必须恰好是那几个，类型必须完全符合，日期必须真实存在。",
            misconception="sender-sends-well-formed",
        )


@check("hidden-random", en="Random chains with random faults", zh="随机的链，随机的毛病", points=3, hidden=True)
def random_faults(solution, values, rng):
    parent = PARENT
    for minute in range(1, 7):
        records = [rng.randbytes(3).hex() + " 箱" for _ in range(rng.randint(0, 5))]
        time = f"2026-03-02T08:{minute:02d}:{rng.randrange(60):02d}Z"
        right = block_on(parent, records, time)
        equal(solution.fault(right, parent, "2026-03-02T08:09:00Z"), "none")
        fault = rng.choice(["height", "previous", "body"])
        wrong = parent["height"] + rng.choice([0, 2]) if fault == "height" else rng.randbytes(32).hex()
        broken = block_on(parent, records, time, **{fault: wrong})
        equal(
            solution.fault(broken, parent, "2026-03-02T08:09:00Z"),
            fault,
            en="A random fault was named wrongly.",
            zh="有一个随机毛病报错了。",
        )
        parent = right["header"]
