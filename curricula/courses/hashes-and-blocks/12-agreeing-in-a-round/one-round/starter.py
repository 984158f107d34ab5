def tolerated(n):
    """How many liars n members can tolerate."""
    return 0


def quorum(n):
    """How many votes make a wave complete."""
    return n // 2 + 1


def equivocators(votes, members, height, round):
    """Members who voted for more than one hash in that height and round, sorted."""
    return []


def decide(votes, members, height, round):
    """The hash that has a quorum, or None."""
    counts = {}
    for vote in votes:
        counts[vote["hash"]] = counts.get(vote["hash"], 0) + 1
    for digest, count in counts.items():
        if count >= quorum(len(members)):
            return digest
    return None
