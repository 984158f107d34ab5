def tolerated(n):
    """How many liars n members can tolerate."""
    return max(0, (n - 1) // 3)


def quorum(n):
    """How many votes make a wave complete."""
    return (n + tolerated(n)) // 2 + 1


def choices(votes, members, height, round):
    """Member → the set of hashes that it voted for in that height and round."""
    chosen = {}
    for vote in votes:
        if vote["member"] in members and (vote["height"], vote["round"]) == (height, round):
            chosen.setdefault(vote["member"], set()).add(vote["hash"])
    return chosen


def equivocators(votes, members, height, round):
    """Members who voted for more than one hash in that height and round, sorted."""
    chosen = choices(votes, members, height, round)
    return sorted(member for member, hashes in chosen.items() if len(hashes) > 1)


def decide(votes, members, height, round):
    """The hash that has a quorum, or None."""
    counts = {}
    for hashes in choices(votes, members, height, round).values():
        if len(hashes) == 1:
            (digest,) = hashes
            counts[digest] = counts.get(digest, 0) + 1
    for digest, count in counts.items():
        if count >= quorum(len(members)):
            return digest
    return None
