"""The on-ramp: contracts in Python, for the first steps only.

Python is **no language of Chang'An Chain** and of no other ledger that this product knows. A
contract here behaves as one of ChainMaker's would (state, events, callers, calls of other
contracts, iterators, all by the names of its SDK), so that a beginner meets these ideas before a
compiler. Whoever goes on writes Go, Rust, C or Solidity.

What differs: nothing is compiled; a cost counts the calls of the chain and their bytes, and no
computing (`chains.onramp.costs`); loops that never ask the chain are stopped by the clock.
"""
