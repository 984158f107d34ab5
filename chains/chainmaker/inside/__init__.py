"""The host of ChainMaker's WebAssembly contracts: what runs in the jail.

It imports the standard library, wasmtime and its neighbours, and nothing of ours besides. It holds
the state of open ledgers, executes one transaction at a time and says what came of it; it decides
nothing that is graded, and the code that it runs can at worst lie about itself.

Nothing here asks the host for the time, for randomness or for an order: a transaction is a function
of the modules, the state and the request.
"""
