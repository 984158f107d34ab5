from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judge import check, equal


def meter(rng):
    """A fresh pair of keys: the private object and the 32 public bytes."""
    private = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
    return private, private.public_key().public_bytes_raw()


def reading(rng):
    return b'{"kwh":%d,"meter":"LS-2","month":"2026-10"}' % rng.randint(100, 9999)


def report(name, body, private, public_key):
    return {
        "meter": name,
        "body": body,
        "signature": private.sign(body),
        "public_key": public_key,
    }


def entry(public_key, *, revoked=False):
    return {"public_key": public_key, "revoked": revoked}


@check("honest", en="Accepts an honest report", zh="接受真实的报告", points=1)
def honest(solution, values, rng):
    private, public = meter(rng)
    equal(
        solution.is_authentic(report("LS-2", reading(rng), private, public), {"LS-2": entry(public)}),
        True,
    )


@check("changed", en="Refuses a changed body", zh="拒绝被改动的内容", points=1)
def changed(solution, values, rng):
    private, public = meter(rng)
    forged = report("LS-2", reading(rng), private, public)
    forged["body"] = forged["body"].replace(b"kwh", b"kWh")
    equal(
        solution.is_authentic(forged, {"LS-2": entry(public)}),
        False,
        en="The signature covers other bytes. Catch the exception and answer False.",
        zh="签名覆盖的是另一串字节。请捕获异常并返回 False。",
    )


@check("own-key", en="Does not believe a key that the report brings along", zh="不相信报告自带的公钥", points=2)
def own_key(solution, values, rng):
    _, registered = meter(rng)
    forger, forged_key = meter(rng)
    equal(
        solution.is_authentic(
            report("LS-2", reading(rng), forger, forged_key), {"LS-2": entry(registered)}
        ),
        False,
        misconception="key-from-the-message",
        en="The forger signed with a fresh key and put it into the report. Take the key from the registry.",
        zh="伪造者用一把新钥匙签名，并把它放进了报告。公钥要从登记表里取。",
    )


@check("unknown", en="Refuses meters that nobody registered", zh="拒绝没有登记的电表", points=1)
def unknown(solution, values, rng):
    private, public = meter(rng)
    equal(solution.is_authentic(report("LS-9", reading(rng), private, public), {}), False)


@check("revoked", en="Refuses revoked meters", zh="拒绝已吊销的电表", points=1, hidden=True)
def revoked(solution, values, rng):
    private, public = meter(rng)
    registry = {"LS-2": entry(public, revoked=True)}
    equal(
        solution.is_authentic(report("LS-2", reading(rng), private, public), registry),
        False,
        misconception="revocation-is-optional",
        en="A revoked key still verifies. The registry says that it no longer counts.",
        zh="被吊销的钥匙照样能通过验签，是登记表说它不再算数。",
    )


@check("malformed", en="Never raises, whatever the signature is", zh="无论签名是什么，都不抛出异常", points=2, hidden=True)
def malformed(solution, values, rng):
    private, public = meter(rng)
    registry = {"LS-2": entry(public)}
    good = report("LS-2", reading(rng), private, public)
    for signature in (b"", b"\0" * 64, good["signature"][:-1], good["signature"] + b"\0", None, 7):
        equal(
            solution.is_authentic({**good, "signature": signature}, registry),
            False,
            en="A signature of the wrong form is a wrong signature.",
            zh="形式不对的签名就是错误的签名。",
        )
    spaced = {**good, "body": good["body"] + b" "}
    equal(
        solution.is_authentic(spaced, registry),
        False,
        en="Bytes were added after signing. Verify exactly the bytes that will be stored.",
        zh="签名之后多了字节。请对将要存下的那串字节原样验签。",
    )


@check("batch", en="Keeps the order and takes each body once", zh="保持次序，每个 body 只收一次", points=2, hidden=True)
def batch(solution, values, rng):
    first, second = meter(rng), meter(rng)
    registry = {"LS-2": entry(first[1]), "LS-3": entry(second[1])}
    bodies = [b'{"kwh":%d,"n":%d}' % (rng.randint(1, 10**6), number) for number in range(4)]
    reports = [
        report("LS-2", bodies[0], *first),
        report("LS-3", bodies[1], *second),
        report("LS-3", bodies[2], *first),
        report("LS-2", bodies[0], *first),
        report("LS-2", bodies[3], *first),
    ]
    equal(
        solution.accepted(reports, registry),
        [bodies[0], bodies[1], bodies[3]],
        misconception="replay-is-a-second-event",
        en="Five reports: one signed with another meter's key, one sent twice.",
        zh="五份报告中，一份用了别的电表的钥匙，一份发了两遍。",
    )
