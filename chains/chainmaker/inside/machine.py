"""Compiles modules and links them to the host. Deterministic: see `_configuration`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wasmtime

from . import limits
from .outcomes import Refused
from .wasi import WASI_MODULES, WASI_TYPES

KEPT_BYTES = 24 << 20
"""Of modules that are kept for the next ledger, as they came; compiled they take six times that."""
SMALLEST = 64 << 10
"""What even the smallest counts for: compiled, it fills some pages."""
MOST_EXPORTS = 1000

_MAGIC = b"\0asm\1\0\0\0"
_START_SECTION = 8

_LETTERS = {"i": wasmtime.ValType.i32, "I": wasmtime.ValType.i64}
_KINDS = {"i32": "i", "i64": "I"}
ENV_TYPES = {
    "sys_call": ("iiii", "i"),
    "log_message": ("ii", ""),
    "log_message_with_type": ("iii", ""),
}

Host = Callable[..., Any]
"""What a contract calls: given module, name and the numbers that it passed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module that can be started."""

    start: wasmtime.InstancePre
    methods: frozenset[str]
    """Exported functions that take and give nothing."""
    allocates: bool
    """Whether it wants its arguments written where its function `allocate` says."""
    size: int
    """Of the module before it was compiled, in bytes."""


class Machine:
    """Modules, compiled once each. `host` answers for all of them."""

    def __init__(self, host: Host) -> None:
        self.engine = wasmtime.Engine(_configuration())
        self._linker = wasmtime.Linker(self.engine)
        self._modules: OrderedDict[str, Loaded] = OrderedDict()
        for module, types in _imports().items():
            for name, (parameters, results) in types.items():
                kind = wasmtime.FuncType(_types(parameters), _types(results))
                self._linker.define_func(module, name, kind, _bound(host, module, name))

    def get(self, digest: str) -> Loaded | None:
        """The module, unless it was never loaded or has been forgotten."""
        loaded = self._modules.get(digest)
        if loaded is not None:
            self._modules.move_to_end(digest)
        return loaded

    def load(self, digest: str, code: bytes) -> None:
        """Compile a module and keep it. Raises `Refused` for one that the host does not take."""
        if len(code) > limits.MODULE_BYTES:
            most = limits.MODULE_BYTES >> 20
            raise Refused(f"the module has {len(code)} bytes, more than {most} MiB")
        if starts_by_itself(code):
            raise Refused("the contract has a start function, which would run before any method")
        try:
            module = wasmtime.Module(self.engine, code)
        except wasmtime.WasmtimeError:
            raise Refused("the contract is no WebAssembly module that the host can run") from None
        _check_imports(module)
        functions = _functions(module)
        self._modules[digest] = Loaded(
            start=self._linker.instantiate_pre(module),
            methods=frozenset(name for name, kind in functions.items() if kind == ("", "")),
            allocates=functions.get("allocate") == ("i", "i"),
            size=max(len(code), SMALLEST),
        )
        while sum(loaded.size for loaded in self._modules.values()) > KEPT_BYTES:
            self._modules.popitem(last=False)

    def store(self, memory_bytes: int) -> wasmtime.Store:
        """A new, empty machine for one call of a contract, with fuel to bring it up.

        What bringing it up costs differs from host to host, for some copy what others map. Nothing
        of the contract's own runs in it, so whoever calls gives it its own fuel afterwards.
        """
        store = wasmtime.Store(self.engine)
        store.set_limits(
            memory_size=memory_bytes,
            table_elements=limits.TABLE_ELEMENTS,
            instances=1,
            tables=16,
            memories=1,
        )
        store.set_fuel(limits.FUEL)
        return store


def _configuration() -> wasmtime.Config:
    """Only what gives the same answer on every host.

    Compiled without optimising and with the simplest allocation of registers: most code runs for
    a millisecond, and that of Go, a few megabytes of it, is ready in a third of the time.
    """
    config = wasmtime.Config()
    config.cranelift_flag_set("regalloc_algorithm", "single_pass")
    config.consume_fuel = True
    config.cranelift_nan_canonicalization = True
    config.cranelift_opt_level = "none"
    config.max_wasm_stack = limits.STACK_BYTES
    config.wasm_threads = False
    config.wasm_relaxed_simd = False
    config.wasm_memory64 = False
    config.wasm_multi_memory = False
    config.wasm_exceptions = False
    config.wasm_gc = False
    config.wasm_function_references = False
    config.wasm_tail_call = False
    config.wasm_stack_switching = False
    config.wasm_wide_arithmetic = False
    config.wasm_custom_page_sizes = False
    return config


def starts_by_itself(code: bytes) -> bool:
    """Whether the module names a start function. Its sections are listed one after the other, each
    with a number and a length; a list that is malformed will not compile either."""
    at = len(_MAGIC)
    while at < len(code):
        section, length, shift = code[at], 0, 0
        at += 1
        while at < len(code):
            byte = code[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte <= 0x7F:
                break
        if section == _START_SECTION:
            return True
        at += length
    return False


def _imports() -> dict[str, dict[str, tuple[str, str]]]:
    return {"env": ENV_TYPES} | dict.fromkeys(WASI_MODULES, WASI_TYPES)


def _types(letters: str) -> list[wasmtime.ValType]:
    return [_LETTERS[letter]() for letter in letters]


def _letters(types: list[wasmtime.ValType]) -> str:
    return "".join(_KINDS.get(str(kind), "?") for kind in types)


def _bound(host: Host, module: str, name: str) -> Callable[..., Any]:
    def function(*numbers: int) -> Any:
        return host(module, name, *numbers)

    return function


def _check_imports(module: wasmtime.Module) -> None:
    known = _imports()
    for wanted in module.imports:
        name = f"{wanted.module}.{wanted.name}"
        expected = known.get(wanted.module, {}).get(wanted.name or "")
        if expected is None:
            raise Refused(f"the contract imports {limits.brief(name)}, which the ledger has not")
        kind = wanted.type
        if not isinstance(kind, wasmtime.FuncType) or expected != (
            _letters(kind.params),
            _letters(kind.results),
        ):
            raise Refused(f"the contract imports {limits.brief(name)} as something that it is not")


def _functions(module: wasmtime.Module) -> dict[str, tuple[str, str]]:
    """What the module exports, with the letters of parameters and results. Raises `Refused`."""
    exports = module.exports
    if len(exports) > MOST_EXPORTS:
        raise Refused(f"the contract exports {len(exports)} things, more than {MOST_EXPORTS}")
    types = {export.name: export.type for export in exports}
    memory = types.get("memory")
    if not isinstance(memory, wasmtime.MemoryType):
        raise Refused("the contract exports no memory")
    if memory.limits.min * 65536 > limits.MEMORY_BYTES:
        most = limits.MEMORY_BYTES >> 20
        raise Refused(f"the contract begins with more than {most} MiB of memory")
    functions = {
        name: (_letters(kind.params), _letters(kind.results))
        for name, kind in types.items()
        if isinstance(kind, wasmtime.FuncType)
    }
    if functions.get("init_contract") != ("", ""):
        raise Refused("the contract exports no method init_contract")
    return functions
