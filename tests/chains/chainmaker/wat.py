"""Small contracts in WebAssembly text, put together call by call.

contract = Wat()
contract.method("save", contract.put("k", b"v"), contract.success(b"done"))
module = contract.module()
"""

from __future__ import annotations

import wasmtime

from chains.chainmaker.inside.codec import Item, Kind, data, encoded, integer, text

SCRATCH = 60_000
"""A free place in every module: lengths and values are read to here."""


class Wat:
    """A module with one page of memory more than its data need."""

    def __init__(self) -> None:
        self._data = bytearray(b"\0" * 16)
        self._methods: dict[str, str] = {}
        self._extra: list[str] = []

    def place(self, content: bytes) -> int:
        """Where in memory these bytes are."""
        at = len(self._data)
        self._data += content
        return at

    def raw(self, method: str, body: str) -> str:
        """A host call whose body is given as two expressions, pointer and length."""
        header = encoded(
            [
                Item("ctx_ptr", 1, Kind.INTEGER, system=True),
                Item("version", b"v1.2.0", Kind.TEXT, system=True),
                Item("method", method.encode(), Kind.TEXT, system=True),
            ]
        )
        at = self.place(header)
        return f"(call $sys_call (i32.const {at}) (i32.const {len(header)}) {body})"

    def call(self, method: str, *items: Item) -> str:
        """A host call whose answer is dropped."""
        return self.send(method, encoded(items))

    def send(self, method: str, body: bytes) -> str:
        return f"(drop {self.raw(method, self.constant(body))})"

    def constant(self, body: bytes) -> str:
        return f"(i32.const {self.place(body)}) (i32.const {len(body)})"

    def put(self, key: str, value: bytes, field: str = "") -> str:
        return self.call("PutState", text("key", key), text("field", field), data("value", value))

    def delete(self, key: str, field: str = "") -> str:
        return self.call("DeleteState", text("key", key), text("field", field))

    def fetch(self, method: str, *items: Item) -> str:
        """Both halves of a read: the length to `SCRATCH`, the bytes to `SCRATCH` + 16."""
        length = self.call(f"{method}Len", *items, integer("value_ptr", SCRATCH))
        return length + self.call(method, *items, integer("value_ptr", SCRATCH + 16))

    def get(self, key: str, field: str = "") -> str:
        return self.fetch("GetState", text("key", key), text("field", field))

    def cross(self, contract: str, method: str, *items: Item, name: str = "CallContract") -> str:
        param = data("param", encoded(items))
        return self.fetch(name, text("contract_name", contract), text("method", method), param)

    def fetched(self) -> str:
        """Succeed with what was fetched last."""
        return f"(drop {self.raw('SuccessResult', self.what_was_fetched())})"

    def what_was_fetched(self) -> str:
        return f"(i32.const {SCRATCH + 16}) (i32.load (i32.const {SCRATCH}))"

    def success(self, result: bytes) -> str:
        return self.send("SuccessResult", result)

    def error(self, message: str) -> str:
        return self.send("ErrorResult", message.encode())

    def event(self, topic: str, *values: str) -> str:
        return self.call(
            "EmitEvent", text("topic", topic), *(text("data", each) for each in values)
        )

    def log(self, line: str) -> str:
        return f"(call $log_message {self.constant(line.encode())})"

    def method(self, name: str, *steps: str) -> None:
        self._methods[name] = "".join(steps)

    def extra(self, declaration: str) -> None:
        """Anything else that a module may have."""
        self._extra.append(declaration)

    def module(self, *, imports: str = "") -> bytes:
        return bytes(wasmtime.wat2wasm(self.source(imports=imports)))

    def source(self, *, imports: str = "") -> str:
        """The module as text."""
        self._methods.setdefault("init_contract", "")
        self._methods.setdefault("upgrade", "")
        methods = "".join(
            f'(func (export "{name}") (local $i i32) {body})'
            for name, body in self._methods.items()
        )
        content = "".join(f"\\{byte:02x}" for byte in self._data)
        assert len(self._data) < SCRATCH
        return f"""(module
          (import "env" "sys_call" (func $sys_call (param i32 i32 i32 i32) (result i32)))
          (import "env" "log_message" (func $log_message (param i32 i32)))
          {imports}
          (memory (export "memory") 3)
          (data (i32.const 0) "{content}")
          (func (export "runtime_type") (result i32) (i32.const 2))
          (func (export "allocate") (param i32) (result i32) (i32.const 131072))
          (func (export "deallocate") (param i32))
          {methods} {"".join(self._extra)})"""
