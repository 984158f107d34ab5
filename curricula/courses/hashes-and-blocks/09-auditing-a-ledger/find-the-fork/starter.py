class Auditor:
    """Finds the first height at which two copies differ, by asking about one height at a time."""

    def __init__(self, height):
        self.height = height
        self.next = 1
        self.found = None

    def question(self):
        """The height to compare next, or None when the result is known."""
        if self.found is not None or self.next > self.height:
            return None
        return self.next

    def answer(self, equal):
        """The answer to the last question."""
        if equal:
            self.next += 1
        else:
            self.found = self.next

    def result(self):
        """The smallest height at which the copies differ, or None."""
        return self.found


def bound(anchors, height):
    """The earliest day on which a record of that height was anchored, or None."""
    return None
