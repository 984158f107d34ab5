import hashlib

from judge import check, equal, raises

SALT = hashlib.sha256(b"example salt of lesson 3").digest()


def commitment_to(value, salt):
    return hashlib.sha256(salt + value.encode()).hexdigest()


@check("lesson", en="The sealed reading of the lesson", zh="课文中的密封读数")
def lesson(solution, values, rng):
    equal(
        solution.commit("1842.6 t", SALT),
        "a9dfc9d0f301d719fba0c02f01183dcfd58d143cdc4960be84b1b1000486ba35",
        en="Hash the 32 bytes of the salt first and then the bytes of the value.",
        zh="先是盐的 32 个字节，再是值的字节。",
        misconception="a-digest-hides-its-input",
    )


@check("opens", en="The right opening is accepted", zh="正确的打开被接受")
def opens(solution, values, rng):
    equal(solution.verify(commitment_to("1842.6 t", SALT), "1842.6 t", SALT), True)
    equal(solution.verify(commitment_to("1842.6 t", SALT).upper(), "1842.6 t", SALT), True)


@check("other-value", en="Another value is refused", zh="另一个值被拒绝")
def other_value(solution, values, rng):
    equal(
        solution.verify(commitment_to("1842.6 t", SALT), "1742.6 t", SALT),
        False,
        en="The commitment binds: another value does not open it.",
        zh="承诺具有绑定性：另一个值打不开它。",
        misconception="verifying-without-the-salt",
    )


@check("short-salt", en="A salt of another length", zh="长度不对的盐", points=2)
def short_salt(solution, values, rng):
    raises("ValueError", solution.commit, "1842.6 t", SALT[:31])
    equal(solution.verify("00" * 32, "1842.6 t", b""), False)


@check("hidden-boundary", en="The boundary cannot move", zh="边界挪不动", points=2, hidden=True)
def hidden_boundary(solution, values, rng):
    salt = rng.randbytes(31) + b"7"
    sealed = commitment_to("500 t", salt)
    equal(
        solution.verify(sealed, "7500 t", salt[:31]),
        False,
        en="A shorter salt and a longer value with the same bytes must not open a commitment.",
        zh="字节相同、但盐更短而值更长的组合，不得打开承诺。",
        misconception="parts-need-no-boundary",
    )


@check("hidden-random", en="Random values and salts", zh="随机的值与盐", points=3, hidden=True)
def hidden_random(solution, values, rng):
    for _ in range(5):
        value, salt = f"{rng.randrange(9000)} 吨", rng.randbytes(32)
        sealed = commitment_to(value, salt)
        equal(solution.commit(value, salt), sealed)
        equal(solution.verify(sealed, value, salt), True)
        equal(
            solution.verify(sealed, value, rng.randbytes(32)),
            False,
            en="Another salt must not open the commitment.",
            zh="换一个盐不得打开承诺。",
            misconception="verifying-without-the-salt",
        )
