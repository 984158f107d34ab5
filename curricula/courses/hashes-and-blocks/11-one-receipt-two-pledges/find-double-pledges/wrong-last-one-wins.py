# misconception: last-one-wins
class Ledger:
    """The state of all receipts after the events applied so far."""

    def __init__(self):
        self.holders = {}
        self.rejected = []

    def apply(self, event):
        """True when the event was valid and has been applied."""
        if not self._is_valid(event):
            self.rejected.append(event)
            return False
        # A cancelled receipt stays known, with no holder, so that it is never issued again.
        self.holders[event["receipt"]] = event.get("to")
        return True

    def _is_valid(self, event):
        receipt = event["receipt"]
        if event["type"] == "issue":
            return receipt not in self.holders
        return self.holders.get(receipt) is not None

    def holder(self, receipt):
        return self.holders.get(receipt)

    def refused(self):
        return list(self.rejected)


def holders_at(events, n):
    """Receipt → holder after the first n events."""
    ledger = Ledger()
    for event in events[:n]:
        ledger.apply(event)
    return {receipt: holder for receipt, holder in ledger.holders.items() if holder is not None}
