"""Contracts in Rust, C and Go become modules, or diagnostics that a learner can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.caches import Cache
from chains.chainmaker import compilers, compilers_go, toolchains, wasm
from chains.types import Diagnostic, NotCompiled
from tests.chains.chainmaker.contracts import (
    GO,
    RUST,
    SMALLEST,
    C,
    compiled,
    file_of,
    needs,
    refused,
)

LANGUAGES = ("rust", "c", "go")
OURS = {"runtime_type", "allocate", "deallocate"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contract_becomes_a_module_of_the_chain(language: str, tmp_path: Path) -> None:
    needs(language)
    sources = compilers.canary(language)
    artefact = compilers.compile_contract(sources, language, cache=Cache(tmp_path))
    outline = wasm.outline(artefact.code)
    methods = {"invoke_contract", "_initialize"} if language == "go" else {"add", "total"}
    assert outline.functions == OURS | {"init_contract", "upgrade"} | methods
    assert outline.has_memory
    assert {name for module, name in outline.imports if module == "env"} <= {
        "sys_call",
        "log_message",
    }
    modules = {"env", "wasi_snapshot_preview1"} if language == "go" else {"env"}
    assert {module for module, _ in outline.imports} == modules
    assert (artefact.engine, artefact.language) == ("chainmaker", language)
    assert artefact.interface == {}
    assert artefact.warnings == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_sources_give_the_same_bytes(language: str, tmp_path: Path) -> None:
    needs(language)
    first = compiled(language, SMALLEST[language], tmp_path / "one")
    second = compiled(language, SMALLEST[language], tmp_path / "two")
    assert first == second
    other = compiled(language, SMALLEST[language].replace("made", "born"), tmp_path / "one")
    assert other.digest != first.digest
    assert other.code != first.code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_compiled_contract_comes_from_the_cache(language: str, tmp_path: Path) -> None:
    needs(language)
    artefact = compiled(language, SMALLEST[language], tmp_path)
    cache = Cache(tmp_path)
    assert cache.get(artefact.digest) == artefact
    cache.put(type(artefact)("chainmaker", language, artefact.digest, b"from the cache"))
    assert compiled(language, SMALLEST[language], tmp_path).code == b"from the cache"


def test_a_digest_tells_what_an_artefact_was_made_of() -> None:
    needs("go")
    go, c = toolchains.go(), toolchains.Toolchain("another", {})
    sources = {"contract.go": GO}
    digests = {
        compilers.digest_of(sources, "go", go),
        compilers.digest_of({"other.go": GO}, "go", go),
        compilers.digest_of({"contract.go": f"{GO}\n"}, "go", go),
        compilers.digest_of(sources, "go", c),
        compilers.digest_of(sources, "c", go),
    }
    assert len(digests) == 5
    assert compilers.digest_of(dict(sources), "go", go) in digests


RUST_ERROR = f'{RUST}fn f() -> u32 {{\n    "text"\n}}\n'
C_ERROR = f"{C}int f(void) {{\n    return nowhere;\n}}\n"
GO_ERROR = f'{GO}\nfunc f() int {{\n\treturn "text"\n}}\n'


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        (
            "rust",
            RUST_ERROR,
            Diagnostic(
                "error", "mismatched types: expected `u32`, found `&str`", "contract.rs", 8, 5
            ),
        ),
        (
            "c",
            C_ERROR,
            Diagnostic("error", "use of undeclared identifier 'nowhere'", "contract.c", 4, 12),
        ),
        (
            "go",
            GO_ERROR,
            Diagnostic(
                "error",
                'cannot use "text" (untyped string constant) as int value in return statement',
                "contract.go",
                17,
                9,
            ),
        ),
    ],
)
def test_an_error_has_its_file_line_and_column(
    language: str, source: str, expected: Diagnostic, tmp_path: Path
) -> None:
    needs(language)
    assert refused(language, source, tmp_path) == (expected,)


def test_an_error_in_a_macro_is_where_the_macro_was_used(tmp_path: Path) -> None:
    needs("rust")
    source = f'{RUST}fn f() {{\n    println!("{{}}");\n}}\n'
    (found,) = refused("rust", source, tmp_path)
    assert (found.file, found.line) == ("contract.rs", 8)


def test_warnings_come_with_the_artefact_and_with_the_cached_one(tmp_path: Path) -> None:
    needs("c")
    source = f"{C}METHOD(f) {{\n    int unused;\n}}\n"
    warning = Diagnostic("warning", "unused variable 'unused' [-Wunused-variable]", "contract.c")
    for _ in range(2):
        (found,) = compiled("c", source, tmp_path).warnings
        assert found == Diagnostic(warning.severity, warning.message, "contract.c", 4, 9)


def test_a_contract_may_have_several_files(tmp_path: Path) -> None:
    needs("rust")
    needs("c")
    needs("go")
    cache = Cache(tmp_path)
    rust = {
        "main-file.rs": f'{RUST}#[no_mangle]\npub extern "C" fn f() {{ crate::second::g() }}\n',
        "second.rs": "pub fn g() {}\n",
    }
    c = {
        "one.c": f'#include "two.h"\n{C}METHOD(f) {{ g(); }}\n',
        "two.c": '#include "two.h"\nvoid g(void) {}\n',
        "two.h": "void g(void);\n",
    }
    go = {"one.go": GO.replace("sdk.Error(m)", "f(m)"), "two.go": GO_SECOND}
    for language, sources in (("rust", rust), ("c", c), ("go", go)):
        artefact = compilers.compile_contract(sources, language, cache=cache)
        assert "init_contract" in wasm.outline(artefact.code).functions


GO_SECOND = """\
package main

import (
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/pb/protogo"
\t"chainmaker.org/chainmaker/contract-sdk-go/v2/sdk"
)

func f(m string) protogo.Response { return sdk.Error(m) }
"""


def test_rust_as_the_chain_documents_it_compiles_too(tmp_path: Path) -> None:
    needs("rust")
    source = RUST.replace(
        "use contract_sdk_rust::sim_context::{self, SimContext};",
        "use crate::easycodec::*;\nuse crate::sim_context;\nuse sim_context::*;\n"
        "pub fn codec() -> EasyCodec { EasyCodec::new() }",
    )
    assert wasm.outline(compiled("rust", source, tmp_path).code).functions == OURS | {
        "init_contract"
    }


def test_a_crate_root_of_the_learners_own_is_taken_as_it_is(tmp_path: Path) -> None:
    needs("rust")
    sources = {"lib.rs": f"#![allow(dead_code)]\nmod other;\n{RUST}", "other.rs": "fn f() {}\n"}
    artefact = compilers.compile_contract(sources, "rust", cache=Cache(tmp_path))
    assert artefact.warnings == ()


@pytest.mark.parametrize(
    ("language", "source", "message"),
    [
        ("rust", "pub fn init_contract() {}\n", "the contract exports no init_contract"),
        ("c", "void init_contract(void) {}\n", "the contract exports no init_contract"),
        ("go", "package main\n", "there is no func main, which calls sandbox.Start"),
        ("go", "package other\n\nfunc main() {}\n", "package other; expected package main"),
    ],
)
def test_what_is_no_contract_is_told_so(
    language: str, source: str, message: str, tmp_path: Path
) -> None:
    needs(language)
    assert refused(language, source, tmp_path)[0].message.startswith(message)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("contract.s", "", "'contract.s' is no name for a source file here"),
        ("../contract.go", GO, "'../contract.go' is no name for a source file here"),
        ("chainwright_entry.go", GO, "'chainwright_entry.go' is no name for a source file here"),
        ("contract.go", f"{GO}\0", "the file is no text"),
        ("contract.go", f"{GO}// \ud800", "the file is no text"),
        ("contract.go", "//" + "x" * (256 << 10), "the files have more than 256 KiB"),
    ],
)
def test_files_that_are_no_sources_are_refused(name: str, text: str, message: str) -> None:
    with pytest.raises(NotCompiled) as caught:
        compilers.check_sources({name: text}, "go")
    assert [found.message for found in caught.value.diagnostics] == [message]


def test_no_file_and_too_many_files_are_refused() -> None:
    with pytest.raises(NotCompiled, match="there is no source file"):
        compilers.check_sources({}, "c")
    with pytest.raises(NotCompiled, match="there is no source file"):
        compilers.check_sources({"only.h": ""}, "c")
    with pytest.raises(NotCompiled, match="there are more than 16 files"):
        compilers.check_sources({f"f{number}.c": "" for number in range(17)}, "c")


def test_a_language_that_there_is_none_of_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="'cobol' is none of rust, c, go"):
        compilers.compile_contract({"contract.cob": ""}, "cobol")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_compiler_tells_its_version(language: str) -> None:
    needs(language)
    ((tool, version),) = compilers.versions(language).items()
    assert tool in {"rustc", "clang", "zig", "go"}
    assert version[0].isdigit()


def test_the_c_compiler_of_the_package_serves_as_well(tmp_path: Path) -> None:
    ziglang = pytest.importorskip("ziglang")
    toolchain = toolchains.zig(Path(ziglang.__file__).parent)
    from chains.chainmaker import compilers_c

    code, warnings = compilers_c.compile_sources({file_of("c"): C}, toolchain)
    assert wasm.outline(code).functions == OURS | {"init_contract"}
    assert warnings == ()
    with pytest.raises(NotCompiled) as caught:
        compilers_c.compile_sources({file_of("c"): C_ERROR}, toolchain)
    assert [(found.file, found.line) for found in caught.value.diagnostics] == [("contract.c", 4)]


@pytest.mark.parametrize(
    ("line", "formats"),
    [
        ('sdk.Instance.Errorf("%v", err)', False),
        ("sdk.Instance.Errorf(err.Error())", False),
        ('sdk.Instance.Infof("a plain line")', False),
        ('sdk.Instance.Infof("%d of %s", 1, "two")', True),
        ('sdk.Instance.Infof("%v", record)', True),
        ("sdk.Instance.Infof(format, err)", True),
        ('sdk.Instance.Infof("%v %v", err, 1)', True),
        ('sdk.Instance.Log("plain")', False),
    ],
)
def test_fmt_is_linked_where_log_lines_need_it(line: str, formats: bool) -> None:
    entry = compilers_go.entry({"a.go": GO, "b.go": f"package main\nfunc f() {{ {line} }}\n"})
    assert ("fmt.Sprintf" in entry) is formats
