"""The engine `evm`: Solidity on a fresh chain of its own, as `ethereum` or as `changan`.

`engine` compiles (`solc`) and opens ledgers (`ledger`); both work through a daemon in a jail, whose
inner half lies in `inside/`. `abi` reads and shows arguments, results, events and errors.
"""
