from judge import check, equal


def issue(receipt, to):
    return {"type": "issue", "receipt": receipt, "to": to}


def transfer(receipt, giver, to):
    return {"type": "transfer", "receipt": receipt, "from": giver, "to": to}


def cancel(receipt, giver):
    return {"type": "cancel", "receipt": receipt, "from": giver}


def replay(events):
    """The reference: (holders with None for cancelled ones, verdicts)."""
    holders, verdicts = {}, []
    for event in events:
        receipt = event["receipt"]
        if event["type"] == "issue":
            valid = receipt not in holders
        else:
            valid = holders.get(receipt) is not None and holders[receipt] == event["from"]
        if valid:
            holders[receipt] = event.get("to")
        verdicts.append(valid)
    return holders, verdicts


LESSON = [
    issue("R-17", "trader"),
    transfer("R-17", "trader", "bank A"),
    transfer("R-17", "trader", "bank B"),
    transfer("R-17", "bank A", "trader"),
    transfer("R-17", "trader", "bank B"),
]


@check("lesson", en="The table of the lesson", zh="课文中的那张表", points=2)
def lesson(solution, values, rng):
    ledger = solution.Ledger()
    equal(
        [ledger.apply(event) for event in LESSON],
        [True, True, False, True, True],
        misconception="last-one-wins",
        en="Event 3 comes from somebody who no longer holds the receipt; event 5 from somebody who does again.",
        zh="事件 3 的发起人已不持有仓单，事件 5 的发起人又重新持有了。",
    )
    equal(ledger.holder("R-17"), "bank B")


@check("refusals", en="Remembers what it refused", zh="记得拒绝过什么", points=1)
def refusals(solution, values, rng):
    ledger = solution.Ledger()
    for event in LESSON:
        ledger.apply(event)
    equal(ledger.refused(), [LESSON[2]])


@check("unknown", en="Nobody holds what was never issued", zh="从未签发的仓单无人持有", points=1)
def unknown(solution, values, rng):
    ledger = solution.Ledger()
    equal(ledger.holder("R-1"), None)
    equal(ledger.apply(transfer("R-1", "trader", "bank A")), False)


@check("cancelled", en="A cancelled receipt never comes back", zh="注销的仓单不会回来", points=2, hidden=True)
def cancelled(solution, values, rng):
    ledger = solution.Ledger()
    events = [
        issue("R-2", "trader"),
        cancel("R-2", "bank A"),
        cancel("R-2", "trader"),
        issue("R-2", "trader"),
        transfer("R-2", "trader", "bank A"),
        transfer("R-2", None, "bank A"),
    ]
    equal(
        [ledger.apply(event) for event in events],
        [True, False, True, False, False, False],
        misconception="cancelled-is-unknown",
        en="The goods have left. A second issue of the same number is a second receipt for nothing.",
        zh="货物已经出库。同一号码再次签发，就是一张对应不到任何货物的仓单。",
    )
    equal(ledger.holder("R-2"), None)


@check("random", en="Random histories of three receipts", zh="三张仓单的随机历史", points=3, hidden=True)
def random_histories(solution, values, rng):
    people = ["trader", "bank A", "bank B", "carrier"]
    for _ in range(4):
        events = []
        for _ in range(25):
            receipt = f"R-{rng.randint(1, 3)}"
            kind = rng.choice(["issue", "transfer", "transfer", "transfer", "cancel"])
            giver, to = rng.choice(people), rng.choice(people)
            if kind == "issue":
                events.append(issue(receipt, to))
            elif kind == "transfer":
                events.append(transfer(receipt, giver, to))
            elif rng.random() < 0.3:
                events.append(cancel(receipt, giver))
        _, verdicts = replay(events)
        ledger = solution.Ledger()
        equal([ledger.apply(event) for event in events], verdicts)


@check("moment", en="The holders at any moment", zh="任意时刻的持有人", points=2, hidden=True)
def moment(solution, values, rng):
    events = [*LESSON, issue("R-18", "carrier"), cancel("R-18", "carrier"), issue("R-19", "trader")]
    for n in range(len(events) + 1):
        holders, _ = replay(events[:n])
        equal(
            solution.holders_at(events, n),
            {receipt: holder for receipt, holder in holders.items() if holder is not None},
        )
