"""What a WebAssembly module asks for and offers, read from its sections without running it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\0asm\x01\0\0\0"
_IMPORTS, _EXPORTS = 2, 7
_FUNCTION, _TABLE, _MEMORY, _GLOBAL, _TAG = range(5)


class NoModule(Exception):
    """The bytes are no WebAssembly module."""


@dataclass(frozen=True, slots=True)
class Outline:
    imports: tuple[tuple[str, str], ...]
    """Module and name of each thing that is asked for."""
    functions: frozenset[str]
    """Names of the exported functions."""
    has_memory: bool
    """Whether a memory is exported as `memory`."""


def outline(module: bytes) -> Outline:
    """Raises `NoModule`."""
    if not module.startswith(MAGIC):
        raise NoModule("it does not begin as a module does")
    imports: tuple[tuple[str, str], ...] = ()
    exports: tuple[tuple[str, int], ...] = ()
    try:
        for number, reader in _sections(module):
            if number == _IMPORTS:
                imports = tuple(_imports(reader))
            elif number == _EXPORTS:
                exports = tuple(_exports(reader))
    except (IndexError, UnicodeDecodeError) as error:
        raise NoModule("a section is damaged") from error
    functions = frozenset(name for name, kind in exports if kind == _FUNCTION)
    return Outline(imports, functions, ("memory", _MEMORY) in exports)


class _Reader:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.at = len(MAGIC)

    def byte(self) -> int:
        self.at += 1
        return self.source[self.at - 1]

    def number(self) -> int:
        """An unsigned number of at most 64 bits."""
        value = 0
        for shift in range(0, 70, 7):
            part = self.byte()
            value |= (part & 0x7F) << shift
            if part < 0x80:
                return value
        raise NoModule("a number is too long")

    def take(self, length: int) -> bytes:
        taken = self.source[self.at : self.at + length]
        if len(taken) < length:
            raise NoModule("it ends too early")
        self.at += length
        return taken

    def name(self) -> str:
        return self.take(self.number()).decode()

    def limits(self) -> None:
        flags = self.byte()
        self.number()
        if flags & 1:
            self.number()


def _sections(module: bytes) -> Iterator[tuple[int, _Reader]]:
    reader = _Reader(module)
    while reader.at < len(module):
        number = reader.byte()
        content = _Reader(reader.take(reader.number()))
        content.at = 0
        yield number, content


def _imports(reader: _Reader) -> Iterator[tuple[str, str]]:
    for _ in range(reader.number()):
        yield reader.name(), reader.name()
        kind = reader.byte()
        if kind == _TABLE:
            reader.byte()
            reader.limits()
        elif kind == _MEMORY:
            reader.limits()
        elif kind == _GLOBAL:
            reader.take(2)
        else:  # a function or a tag
            if kind == _TAG:
                reader.byte()
            reader.number()


def _exports(reader: _Reader) -> Iterator[tuple[str, int]]:
    for _ in range(reader.number()):
        name, kind = reader.name(), reader.byte()
        reader.number()
        yield name, kind
