def relay(event, proof):
    """Told of every event on both ledgers. Gives the calls that are to be made.

    event: ledger, contract, topic, data, transaction, block, time, header (a text).
    proof: the proof that the event's transaction is on its ledger (a text).
    """
    # TODO: for example
    # [{"ledger": "b", "method": "sync", "args": {"header": event["header"]}}]
    return []


def timeout(event, proof):
    """Told of an event that was lost, when its time is over."""
    # TODO
    return []
