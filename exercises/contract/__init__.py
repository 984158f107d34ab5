"""A contract that the learner writes, judged by what ledgers recorded of it.

An engine compiles it and opens fresh ledgers; the author's scenarios are data (checks.toml) that
are run on them. What is expected is compared outside, with the ledger's own record: a contract can
only do things, never say that they were right. See docs/contract-exercises.md.
"""
