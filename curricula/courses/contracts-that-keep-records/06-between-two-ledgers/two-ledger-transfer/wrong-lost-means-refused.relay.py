# misconception: timeout-is-an-answer
NEXT = {"locked": "claim", "issued": "confirm", "refused": "cancel"}


def relay(event, proof):
    """Carry an event to the other ledger: first the header of its block, then its proof."""
    return carried(event, proof, NEXT.get(event["topic"]))


def timeout(event, proof):
    """A message was lost. Only a transfer that nobody has decided yet can be refused."""
    return carried(event, proof, "refuse")


def carried(event, proof, method):
    if method is None:
        return []
    other = "b" if event["ledger"] == "a" else "a"
    return [
        {"ledger": other, "method": "sync", "args": {"header": event["header"]}},
        {"ledger": other, "method": method, "args": {"proof": proof}},
    ]
