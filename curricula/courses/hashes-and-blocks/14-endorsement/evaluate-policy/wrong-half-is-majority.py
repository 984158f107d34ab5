# misconception: half-is-majority
import re


def endorsers(policy, endorsements):
    """The organisations that endorsed with a role that counts."""
    roles = policy["roles"]
    return {e["organisation"] for e in endorsements if not roles or e["role"] in roles}


def satisfied(policy, endorsements):
    """Whether the endorsements satisfy the policy."""
    rule = policy["rule"]
    signed = endorsers(policy, endorsements)
    listed = set(policy["organisations"])
    got, total = len(signed & listed), len(listed)
    if rule == "FORBIDDEN":
        return False
    if rule == "SELF":
        return total > 0 and policy["owner"] in signed
    return total > 0 and enough(rule, got, total)


def enough(rule, got, total):
    """Whether `got` of `total` organisations are enough for a rule that counts."""
    if rule == "ALL":
        return got == total
    if rule == "ANY":
        return got >= 1
    if rule == "MAJORITY":
        return 2 * got >= total
    parts = re.fullmatch(r"(\d+)(?:/(\d+))?", rule)
    if parts is None or int(parts[1]) == 0:
        raise ValueError(f"unknown rule {rule!r}")
    if parts[2] is None:
        return got >= int(parts[1])
    above, below = int(parts[1]), int(parts[2])
    if above > below:
        raise ValueError(f"a share above one: {rule!r}")
    return got * below >= total * above


def missing(policy, endorsements):
    """Organisations on the list that have not endorsed, sorted."""
    return sorted(set(policy["organisations"]) - endorsers(policy, endorsements))
