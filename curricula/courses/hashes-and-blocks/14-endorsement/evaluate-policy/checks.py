from judge import check, equal, raises

LIST = ["grid", "verifier", "regulator"]


def policy(rule, organisations=LIST, roles=("admin",), owner="plant"):
    return {"rule": rule, "organisations": list(organisations), "roles": list(roles), "owner": owner}


def by(*names, role="admin"):
    return [{"organisation": name, "role": role} for name in names]


@check("lesson", en="The table of the lesson", zh="课文中的那张表", points=2)
def lesson(solution, values, rng):
    majority = policy("MAJORITY")
    equal(solution.satisfied(majority, by("verifier", "regulator")), True)
    equal(
        solution.satisfied(majority, by("verifier", "verifier")),
        False,
        misconception="signatures-not-organisations",
        en="Two certificates of one organisation are one organisation.",
        zh="同一机构的两张证书只算一个机构。",
    )
    equal(solution.satisfied(majority, by("verifier", "plant")), False)
    equal(
        solution.satisfied(majority, by("verifier") + by("regulator", role="client")),
        False,
        misconception="any-role-will-do",
        en="The regulator's signature is by a role that does not count.",
        zh="监管机构的签名所用的角色不算数。",
    )


@check("all-any", en="ALL and ANY", zh="ALL 与 ANY", points=1)
def all_any(solution, values, rng):
    equal(solution.satisfied(policy("ALL"), by(*LIST)), True)
    equal(solution.satisfied(policy("ALL"), by("grid", "verifier")), False)
    equal(solution.satisfied(policy("ANY"), by("grid")), True)
    equal(solution.satisfied(policy("ANY"), []), False)


@check("half", en="Half is not more than half", zh="一半不是超过一半", points=1)
def half(solution, values, rng):
    four = [*LIST, "insurer"]
    equal(
        solution.satisfied(policy("MAJORITY", four), by("grid", "insurer")),
        False,
        misconception="half-is-majority",
        en="Two of four is half.",
        zh="四个中的两个正好是一半。",
    )
    equal(solution.satisfied(policy("MAJORITY", four), by("grid", "insurer", "verifier")), True)


@check("shares", en="Numbers and shares, exactly", zh="数与分数，精确计算", points=2, hidden=True)
def shares(solution, values, rng):
    for _ in range(12):
        total = rng.randint(1, 12)
        names = [f"org{number}" for number in range(total)]
        got = rng.randint(0, total)
        below = rng.randint(2, 9)
        above = rng.randint(1, below)
        endorsed = by(*rng.sample(names, got))
        equal(
            solution.satisfied(policy(f"{above}/{below}", names), endorsed),
            got * below >= total * above,
            en="Compare whole numbers, not rounded shares.",
            zh="请比较整数，而不是四舍五入的比例。",
        )
        number = rng.randint(1, 12)
        equal(solution.satisfied(policy(str(number), names), endorsed), got >= number)


@check("self", en="SELF and FORBIDDEN", zh="SELF 与 FORBIDDEN", points=1, hidden=True)
def self_and_forbidden(solution, values, rng):
    equal(solution.satisfied(policy("SELF"), by("plant")), True)
    equal(solution.satisfied(policy("SELF"), by("plant", role="client")), False)
    equal(solution.satisfied(policy("SELF"), by(*LIST)), False)
    equal(solution.satisfied(policy("FORBIDDEN"), by(*LIST, "plant")), False)


@check("closed", en="What nobody understands lets nothing pass", zh="看不懂的一律不放行", points=2, hidden=True)
def closed(solution, values, rng):
    for rule in ("0", "-1", "3/2", "1/0", "0/3", "most", "", "2/", "1.5"):
        raises("ValueError", solution.satisfied, policy(rule), by(*LIST))
    for rule in ("ALL", "ANY", "MAJORITY", "1", "1/2"):
        equal(
            solution.satisfied(policy(rule, []), by(*LIST)),
            False,
            en="With nobody on the list, nobody has agreed.",
            zh="名单上没有人，就没有人同意过。",
        )


@check("missing", en="Says who is missing", zh="说出还缺谁", points=1, hidden=True)
def missing(solution, values, rng):
    equal(solution.missing(policy("ALL"), by("verifier", "plant")), ["grid", "regulator"])
    equal(solution.missing(policy("ALL"), by("grid", role="client")), sorted(LIST))
    open_roles = policy("ALL", roles=())
    equal(solution.missing(open_roles, by("grid", role="client")), ["regulator", "verifier"])
