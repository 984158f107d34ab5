"""The imports of a Go file are found where they are, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.chainmaker import go_imports, toolchains
from chains.types import Diagnostic


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('package main\nimport "os"\n', ["os"]),
        ('package main; import "os"; import "fmt"', ["os", "fmt"]),
        ('package main\nimport (\n\t"os"\n\tf "fmt"\n\t. "io"\n)\nimport _ "net"', None),
        ("package main\nimport `os`\n", ["os"]),
        ('// import "os"\npackage main\n/* import "net" */\nimport "fmt"', ["fmt"]),
        ('package main\nimport ("os" /* ) */; "net")\n', ["os", "net"]),
        ('package main\nfunc f() {}\nvar s = "os"\n', []),
        ('package main\nvar s = "import" + "os"\n', []),
        ('package main\nimport "os"; type T struct{ a int `json:"net"` }', ["os"]),
        ("", []),
        ('package main\nimport "os', []),
    ],
)
def test_imports_are_found(source: str, expected: list[str] | None) -> None:
    found = [path for path, _ in go_imports.imports(source)]
    assert found == (["os", "fmt", "io", "net"] if expected is None else expected)


def test_a_fault_has_its_line_and_column_in_bytes() -> None:
    source = 'package main\n\nimport (\n\t"fmt"\n\t/* 链 */ "os/exec"\n)\n'
    assert list(go_imports.faults("a.go", source)) == [
        Diagnostic(
            "error",
            "a contract cannot import 'os/exec': a contract has no files, arguments or"
            " environment: its state is on the ledger",
            "a.go",
            5,
            12,
        )
    ]


def test_what_contracts_have_is_no_fault() -> None:
    lines = "\n".join(f'\t"{path}"' for path in (*go_imports.OURS, *toolchains.GO_PACKAGES))
    assert list(go_imports.faults("a.go", f"package main\nimport (\n{lines}\n)\n")) == []


@given(st.text(alphabet='imports()"`/*\n \\;.os_', max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for path, at in go_imports.imports(text):
        assert text[at] in '"`'
        assert text[at + 1 :].startswith(path)


@given(st.lists(st.sampled_from(["os", "fmt", "unsafe", "net/http", "C"]), max_size=5), st.data())
def test_every_import_of_a_file_is_found(paths: list[str], data: st.DataObject) -> None:
    comment = st.sampled_from(["", "// (\n", '/* "x" ) */', "\n", " "])
    lines = ["package main\n"]
    for path in paths:
        parts = ["import", " ", data.draw(st.sampled_from(["", "_ ", ". ", "name "])), f'"{path}"']
        lines.append(data.draw(comment) + data.draw(comment).join(parts) + "\n")
    if data.draw(st.booleans()):
        lines.append('func main() { println("import", "os") }\n')
    assert [path for path, _ in go_imports.imports("".join(lines))] == paths
