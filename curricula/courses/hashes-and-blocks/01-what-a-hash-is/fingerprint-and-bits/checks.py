import hashlib

from judge import check, equal

RECORD = "patient=P-20417;test=HbA1c;value={};unit=%;date=2026-03-02"


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def difference(first, second):
    return (int(digest(first), 16) ^ int(digest(second), 16)).bit_count()


@check("abc", en="The digest of abc", zh="abc 的摘要")
def abc(solution, values, rng):
    equal(
        solution.fingerprint("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        en="The answer is 64 lower-case hexadecimal digits.",
        zh="结果应是 64 位小写十六进制数字。",
    )


@check("chinese", en="A record with Chinese characters", zh="含中文的记录")
def chinese(solution, values, rng):
    text = "患者=P-20417;血红蛋白=132"
    equal(
        solution.fingerprint(text),
        digest(text),
        en="Encode the text as UTF-8: every character must count.",
        zh="请按 UTF-8 编码：每个字符都要算进去。",
        misconception="text-is-bytes",
    )


@check("lesson", en="The two records of the lesson", zh="本课的两条记录", points=2)
def lesson(solution, values, rng):
    equal(
        solution.changed_bits(RECORD.format("6.1"), RECORD.format("6.7")),
        136,
        en="Count bits of the digests: a hexadecimal digit stands for four of them.",
        zh="要数的是摘要的比特：一个十六进制数字代表 4 个比特。",
        misconception="hex-digit-is-a-bit",
    )


@check("same", en="Equal texts: no bit differs", zh="文字相同：没有比特不同")
def same(solution, values, rng):
    equal(solution.changed_bits("copy", "copy"), 0)


@check("hidden-digests", en="Digests of random texts", zh="随机文字的摘要", points=2, hidden=True)
def hidden_digests(solution, values, rng):
    for length in (0, 1, 55, 56, 64, 300):
        text = "".join(rng.choice("abc 123 电子病历é") for _ in range(length))
        equal(
            solution.fingerprint(text),
            digest(text),
            en="One of the random texts has another digest.",
            zh="有一段随机文字的摘要不对。",
        )


@check("hidden-bits", en="Changed bits of random pairs", zh="随机文字对的比特差", points=3, hidden=True)
def hidden_bits(solution, values, rng):
    for _ in range(6):
        first, second = (rng.randbytes(rng.randint(1, 20)).hex() for _ in range(2))
        equal(
            solution.changed_bits(first, second),
            difference(first, second),
            en="The number of differing bits is wrong for a random pair.",
            zh="有一对随机文字的比特差不对。",
            misconception="hex-digit-is-a-bit",
        )
