"""Chang'An Chain (ChainMaker): its WebAssembly contracts, run by a host of our own.

`engine` compiles contracts and opens ledgers; the modules run in `inside`, behind a wall.
"""
