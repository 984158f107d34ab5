def relay(event, proof):
    if event["topic"] != "locked":
        return []
    return [
        {"ledger": "b", "method": "sync", "args": {"header": event["header"]}},
        {"ledger": "b", "method": "claim", "args": {"proof": proof}},
    ]
