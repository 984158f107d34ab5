"""For operators: `python -m chains.node network.toml version`, and `… verify CONTRACT …`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chains.node.client import Connection
from chains.node.network import Misconfigured, read_network
from chains.node.refusals import NotDone
from chains.node.verification import verify_contract


def main(arguments: Sequence[str] | None = None) -> int:
    """0: yes; 1: the chain says no; 2: the chain could not be asked."""
    given = _parser().parse_args(arguments)
    try:
        with Connection(read_network(given.network)) as connection:
            if given.command == "version":
                block = connection.block()
                _say(f"{connection.version()}, block {block.height}")
                return 0
            return _verify(connection, given)
    except (Misconfigured, NotDone) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2


def _verify(connection: Connection, given: argparse.Namespace) -> int:
    found = verify_contract(
        connection,
        contract=given.contract,
        organisation=given.organisation,
        transactions=given.transaction,
        name=given.name,
    )
    if found.contract is not None:
        described = found.contract
        _say(f"{described.name} {described.version}: {described.organisation}, {described.state}")
    for receipt in found.receipts:
        _say(f"{receipt.tx_id} block {receipt.block} {receipt.method}: {receipt.code}")
    for problem in found.problems:
        _say(" ".join(filter(None, (problem.reason, problem.tx_id, problem.found))))
    return 0 if found.passed else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chains.node")
    parser.add_argument("network", type=Path, help="a TOML file: see docs/real-network.md")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("version", help="whether the node can be reached with these certificates")
    verify = commands.add_parser("verify", help="whether a contract and transactions are theirs")
    verify.add_argument("contract")
    verify.add_argument("--organisation", required=True)
    verify.add_argument("--name", default="", help="common name of the member")
    verify.add_argument("--transaction", action="append", default=[], help="an id; may be repeated")
    return parser


if __name__ == "__main__":
    sys.exit(main())
