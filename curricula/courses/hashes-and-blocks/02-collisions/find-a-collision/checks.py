import hashlib

from judge import check, equal, true


def judge_pair(solution, prefix, digits):
    first, second = solution.collide(prefix, digits)
    true(
        first != second,
        en="The two texts must be different: every text agrees with itself.",
        zh="两段文字必须不同：任何文字都与自己相同。",
        misconception="a-text-collides-with-itself",
    )
    true(
        first.startswith(prefix) and second.startswith(prefix),
        en="Both texts must begin with the prefix.",
        zh="两段文字都必须以给定的前缀开头。",
    )
    equal(
        hashlib.sha256(second.encode()).hexdigest()[:digits],
        hashlib.sha256(first.encode()).hexdigest()[:digits],
        en="The digests do not agree in the digits that were asked for.",
        zh="两个摘要在要求的位数上并不相同。",
    )


@check("one-digit", en="One digit", zh="一位")
def one_digit(solution, values, rng):
    judge_pair(solution, values["prefix"], 1)


@check("three-digits", en="Three digits (12 bits)", zh="三位（12 比特）")
def three_digits(solution, values, rng):
    judge_pair(solution, values["prefix"], 3)


@check("no-prefix", en="An empty prefix", zh="空前缀")
def no_prefix(solution, values, rng):
    judge_pair(solution, "", 3)


@check("five-digits", en="Five digits (20 bits)", zh="五位（20 比特）", points=2)
def five_digits(solution, values, rng):
    judge_pair(solution, values["prefix"], 5)


@check("hidden-prefixes", en="Random prefixes", zh="随机前缀", points=2, hidden=True)
def hidden_prefixes(solution, values, rng):
    for digits in (2, 3, 4, 4):
        judge_pair(solution, rng.randbytes(3).hex() + "/", digits)


@check("hidden-eight", en="Eight digits (32 bits), in time", zh="八位（32 比特），限时完成", points=3, hidden=True)
def hidden_eight(solution, values, rng):
    judge_pair(solution, rng.randbytes(4).hex() + ":", 8)
