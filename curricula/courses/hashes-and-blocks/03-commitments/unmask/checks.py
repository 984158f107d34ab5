import hashlib

from judge import check, equal


def masked(text, salt=b""):
    return hashlib.sha256(salt + text.encode()).hexdigest()


@check("plain", en="No salt", zh="不加盐")
def plain(solution, values, rng):
    text = values["ward"] + "7" * values["size"]
    equal(solution.unmask(masked(text), values["ward"], values["size"], b""), text)


@check("zeros", en="Leading zeros", zh="前导零")
def zeros(solution, values, rng):
    text = values["ward"] + "042"
    equal(
        solution.unmask(masked(text), values["ward"], 3, b""),
        text,
        en="The digits include leading zeros.",
        zh="数字部分包括前导零。",
        misconception="numbers-are-texts",
    )


@check("salted", en="A known salt does not help", zh="公开的盐帮不上忙")
def salted(solution, values, rng):
    text = values["ward"] + "318"
    equal(
        solution.unmask(masked(text, b"2026"), values["ward"], 3, b"2026"),
        text,
        en="The bytes of the salt stand before the bytes of the text.",
        zh="盐的字节放在文字的字节前面。",
        misconception="order-does-not-matter",
    )


@check("nobody", en="A digest of something else", zh="别的内容的摘要")
def nobody(solution, values, rng):
    equal(solution.unmask(masked("elsewhere"), values["ward"], 2, b""), None)


@check("hidden-ends", en="The first and the last candidate", zh="第一个与最后一个候选", points=2, hidden=True)
def hidden_ends(solution, values, rng):
    prefix = rng.randbytes(2).hex() + "/"
    for digits in (1, 3):
        for text in (prefix + "0" * digits, prefix + "9" * digits):
            equal(
                solution.unmask(masked(text), prefix, digits, b""),
                text,
                en="The first or the last candidate was not tried.",
                zh="第一个或最后一个候选没有试到。",
                misconception="off-by-one-range",
            )


@check("hidden-list", en="A whole list under one salt", zh="同一个盐下的一整串", points=3, hidden=True)
def hidden_list(solution, values, rng):
    prefix, salt = "员工" + rng.randbytes(1).hex() + "-", rng.randbytes(16)
    for _ in range(8):
        text = f"{prefix}{rng.randrange(10_000):04d}"
        equal(
            solution.unmask(masked(text, salt), prefix, 4, salt),
            text,
            en="One digest of a random list was not unmasked.",
            zh="随机名单中有一个摘要没有还原。",
        )
