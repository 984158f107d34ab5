# misconception: search-from-the-start
class Auditor:
    """Finds the first height at which two copies differ, by asking about one height at a time."""

    def __init__(self, height):
        self.height = height
        # The copies are equal at `same`; they differ at `different`, once that is known.
        self.same = 0
        self.different = None

    def question(self):
        """The height to compare next, or None when the result is known."""
        if self.different is None:
            return self.height if self.same < self.height else None
        if self.different - self.same == 1:
            return None
        return self.same + 1

    def answer(self, equal):
        """The answer to the last question."""
        asked = self.question()
        if equal:
            self.same = asked
        else:
            self.different = asked

    def result(self):
        """The smallest height at which the copies differ, or None."""
        return self.different


def bound(anchors, height):
    """The earliest day on which a record of that height was anchored, or None."""
    return min((day for anchored, day in anchors if anchored >= height), default=None)
