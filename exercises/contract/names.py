"""Names in what an author wrote: `$asset` is a value, `@address:grid` something of the ledger's.

Both may stand anywhere in a text and in the keys of tables. `$$` is a dollar and `@@` an at sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.texts import shown
from exercises.types import Broken, Json

NAME = re.compile(
    r"\$\$|@@|\$(?P<value>[A-Za-z_][A-Za-z0-9_]*)"
    r"|@(?P<word>[a-z]+):(?P<path>[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)"
)
WORDS: Mapping[str, str] = {
    "address": "the address of an identity: @address:grid",
    "key": "the public key of an identity: @key:grid",
    "result": "the result of an earlier step: @result:issue",
    "tx": "the transaction id of an earlier step: @tx:issue",
    "time": "the time of an earlier step: @time:issue",
    "header": "the block header of an earlier step: @header:a/lock",
    "headers": "all block headers up to that one: @headers:a/lock",
    "forgedheader": "a header that fits the forged leaf: @forgedheader:a/lock",
    "proof": "the proof that an earlier step is on its ledger: @proof:a/lock",
    "forged": "the same with one part forged: @forged:a/lock/leaf",
    "replayed": "a proof that was used before: @replayed:a/lock",
}
"""What `@word:` may ask for."""
OF_A_TRANSACTION = {
    "arg": "an argument of the transaction: @arg:asset",
    "by": "who called: @by:name",
}
"""What `@word:` may ask for besides, in a law about each transaction."""

Resolve = Callable[[str, list[str]], str]
"""The text for `@word:a/b`, given the word and the parts of the path. Raises Broken."""


@dataclass(frozen=True, slots=True)
class Names:
    values: Mapping[str, Json]
    resolve: Resolve

    def text(self, words: str) -> str:
        """`words` with every name in it filled in. Raises Broken for a name that is none."""

        def filled(found: re.Match[str]) -> str:
            if found["value"]:
                if found["value"] not in self.values:
                    raise Broken(f"checks.toml: there is no value named {found['value']}")
                return shown(self.values[found["value"]])
            if found["word"]:
                return self.resolve(found["word"], found["path"].split("/"))
            return found.group()[0]

        return NAME.sub(filled, words)

    def all(self, value: Any) -> Any:
        """The same for all texts in tables and lists, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(key): self.all(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.all(item) for item in value]
        return value


def names_in(value: Any) -> Iterator[tuple[str, str]]:
    """Every name in texts, tables and lists: `("$", name)`, or `(word, path)`."""
    if isinstance(value, str):
        for found in NAME.finditer(value):
            if found["value"]:
                yield "$", found["value"]
            elif found["word"]:
                yield found["word"], found["path"]
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from names_in(key)
            yield from names_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from names_in(item)


def only_values(values: Mapping[str, Json]) -> Names:
    """For pages: values are filled in, what only a ledger knows stays as it was written."""
    return Names(values, lambda word, path: f"@{word}:{'/'.join(path)}")
