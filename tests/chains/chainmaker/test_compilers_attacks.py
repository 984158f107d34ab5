"""Sources that attack the compilers: nothing of the host comes in, and nothing runs away."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.caches import Cache
from chains.chainmaker import compilers, wasm
from sandbox.types import Cause, Stopped
from tests.chains.chainmaker.contracts import GO, RUST, C, compiled, needs, refused

SECRET = "a-secret-of-the-host-that-no-contract-may-hold"
OURS = Path(compilers.__file__)
"""A file of the host's that our own process can read."""


def go(imports: str = "", rest: str = "") -> str:
    return GO.replace("import (\n", f"import (\n{imports}\n").rstrip() + f"\n{rest}\n"


READS_OF_FILES = [
    ("rust", f'{RUST}pub static X: &str = include_str!("/etc/passwd");', "couldn't read passwd"),
    ("rust", f'{RUST}pub static X: &[u8] = include_bytes!("{OURS}");', "couldn't read comp"),
    ("rust", f'{RUST}include!("/etc/hostname");', "couldn't read hostname"),
    ("rust", f'{RUST}#[path = "/etc/hostname"]\nmod x;', "couldn't read hostname"),
    ("rust", f'{RUST}pub static X: &str = include_str!("/proc/1/environ");', "couldn't read"),
    ("rust", f'{RUST}pub static X: &str = env!("SECRET_OF_TESTS");', "environment variable `SEC"),
    (
        "rust",
        f'{RUST}pub static X: &[u8] = include_bytes!("/proc/self/mountinfo");',
        "a contract cannot include mountinfo: it is not its own",
    ),
    (
        "rust",
        f'{RUST}pub static X: &[u8] = include_bytes!("libcontract_sdk_rust.rlib");',
        "a contract cannot include libcontract_sdk_rust.rlib: it is not its own",
    ),
    ("c", f'#include "/etc/passwd"\n{C}', "'passwd' file not found"),
    ("c", f'#include "../../../../{OURS}"\n{C}', "compilers.py' file not found"),
    ("c", f'{C}__asm__(".incbin \\"/etc/passwd\\"");', "Could not find incbin file 'passwd'"),
    ("go", go("", "//go:embed /etc/passwd\nvar x string"), 'go:embed requires import "embed"'),
    ("go", go('_ "embed"', "//go:embed /etc/passwd\nvar x string"), "a contract cannot import"),
    ("go", go('_ "os"'), "a contract cannot import 'os': a contract has no files"),
]
RUST_IMPORT = f"""{RUST}
extern "C" {{
    fn system();
}}
#[no_mangle]
pub extern "C" fn f() {{
    unsafe {{ system() }}
}}
"""
RUST_LINK = f"""{RUST}
#[link(name = "evil", kind = "static")]
extern "C" {{
    fn evil();
}}
#[no_mangle]
pub extern "C" fn f() {{
    unsafe {{ evil() }}
}}
"""
RUST_LOOP = f"""{RUST}
pub const X: u32 = {{
    let mut i = 0u32;
    loop {{
        i ^= 1;
        if i > 1 {{
            break;
        }}
    }}
    i
}};
"""
WAYS_OUT = [
    (
        "rust",
        RUST_IMPORT,
        "system of env is asked for, which the chain does not offer",
    ),
    (
        "rust",
        RUST_LINK,
        "evil",
    ),
    ("rust", f"{RUST}extern crate rustc_driver;", "can't find crate for `rustc_driver`"),
    (
        "rust",
        f'{RUST}#[no_mangle] pub extern "C" fn allocate(n: i32) -> i32 {{ n }}',
        "wasm-ld: error: duplicate symbol: allocate",
    ),
    ("c", f"{C}METHOD(f) {{ system(0); }}", "implicit declaration of function 'system'"),
    ("c", f"int system(int);\n{C}METHOD(f) {{ system(0); }}", "undefined symbol: system"),
    ("c", f"{C}void deallocate(void *p) {{}}", "duplicate symbol: deallocate"),
    ("go", go('_ "C"'), "a contract cannot import 'C': a contract is Go alone"),
    ("go", go('_ "unsafe"'), "a contract cannot import 'unsafe': it goes around Go's types"),
    ("go", go('_ "syscall"'), "a contract cannot import 'syscall': there is no operating"),
    ("go", go('_ "os/exec"'), "a contract cannot import 'os/exec': a contract has no files"),
    ("go", go('_ "net/http"'), "a contract cannot import 'net/http': nodes would hear"),
    ("go", go('_ "math/rand"'), "a contract cannot import 'math/rand': each node would draw"),
    ("go", go('_ "github.com/a/b"'), "a contract cannot import 'github.com/a/b': of packages"),
    ("go", go('_ "o\\x73"'), "a contract cannot import 'o\\\\x73': it is none of the"),
    ("go", go("", "//go:linkname f runtime.exit\nfunc f(int32)"), "//go:linkname only allowed"),
    ("go", go("", "func f(int32)"), "missing function body"),
    (
        "go",
        go("", "//go:wasmimport env evil\nfunc f()\nfunc init() { f() }"),
        "evil of env is asked for, which the chain does not offer",
    ),
    (
        "go",
        go("", "//go:wasmexport allocate\nfunc f() {}"),
        "the compiler gave up: link: duplicated definition of symbol allocate",
    ),
]
BLOW_UPS = [
    ("rust", f"{RUST}fn f() {{ {'(' * 60000}{')' * 60000} }}", "the compiler was ended by signal"),
    ("rust", RUST_LOOP, ""),
    (
        "rust",
        f"{RUST}#[no_mangle] pub static X: [u8; 3_000_000_000] = [1; 3_000_000_000];",
        "values of the type `[u8; 3000000000]` are too big",
    ),
    ("c", f"{C}#include __FILE__\n", "redefinition of 'init_contract'"),
    ("c", f"{C}int x = {'(' * 60000}1{')' * 60000};", "bracket nesting level exceeded"),
    ("go", go("", "var x [1 << 33]byte\nfunc init() { println(x[0]) }"), "main.x: symbol too"),
    ("go", go("", "const x = 1 << (1 << 40)"), "invalid operation: invalid shift count"),
]


@pytest.mark.parametrize(("language", "source", "message"), READS_OF_FILES + WAYS_OUT + BLOW_UPS)
def test_an_attack_is_a_mistake_that_is_told(
    language: str, source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(language)
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET)
    found = [diagnostic.message for diagnostic in refused(language, source, tmp_path)]
    assert [one for one in found if message in one], found
    assert not any(folder in one for one in found for folder in ("/work/", "/tmp/", "/toolchain"))
    assert all(len(one) <= 600 for one in found)


@pytest.mark.parametrize(
    ("language", "source"),
    [
        (
            "rust",
            RUST.replace('b"made"', 'option_env!("SECRET_OF_TESTS").unwrap_or("none").as_bytes()'),
        ),
        ("c", f'#if __has_include("/etc/passwd") || __has_include("{OURS}")\n#error\n#endif\n{C}'),
        ("c", f"{C}const char *where = __FILE__ __BASE_FILE__;"),
    ],
)
def test_what_a_contract_learns_of_the_host_is_nothing(
    language: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(language)
    monkeypatch.setenv("SECRET_OF_TESTS", SECRET)
    code = compiled(language, source, tmp_path).code
    assert SECRET.encode() not in code
    assert str(OURS.parent.parent.parent).encode() not in code


@pytest.mark.parametrize(
    ("language", "source", "cause"),
    [
        (
            "c",
            "".join(f"#define A{i} A{i - 1} A{i - 1}\n" for i in range(1, 34))
            + f"#define A0 +1\n{C}int x = 0 A33;",
            Cause.MEMORY,
        ),
        (
            "c",
            '#define A0 _Pragma("GCC warning \\"flood\\"")\n'
            + "".join(f"#define A{i} A{i - 1} A{i - 1}\n" for i in range(1, 15))
            + f"{C}A14",
            Cause.OUTPUT,
        ),
    ],
    ids=["macros that double", "a flood of warnings"],
)
def test_a_compiler_that_runs_away_is_stopped(
    language: str, source: str, cause: Cause, tmp_path: Path
) -> None:
    needs(language)
    with pytest.raises(Stopped) as caught:
        compiled(language, source, tmp_path)
    assert caught.value.cause is cause


def test_a_flood_of_errors_is_cut(tmp_path: Path) -> None:
    needs("rust")
    source = RUST + "\n".join(f'fn a{i}() -> u8 {{ "x" }}' for i in range(40))
    assert len(refused("rust", source, tmp_path)) == 30


@pytest.mark.parametrize(
    ("language", "directive"), [("go", "//line /etc/passwd:7"), ("c", '#line 7 "/etc/passwd"')]
)
def test_a_file_that_is_not_the_learners_is_never_named(
    language: str, directive: str, tmp_path: Path
) -> None:
    needs(language)
    source = {"go": go("", f"{directive}\nfunc f() {{ x }}"), "c": f"{C}{directive}\nint f = x;"}
    (found,) = refused(language, source[language], tmp_path)
    assert (found.file, found.line, found.column) == ("", None, None)
    assert "passwd" not in found.message


def test_a_compiler_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    """Files of one learner are not there when the next one's are compiled."""
    needs("c")
    sources = {"contract.c": f'#include "mine.h"\n{C}', "mine.h": "#define MINE 1\n"}
    compilers.compile_contract(sources, "c", cache=Cache(tmp_path))
    (found,) = refused("c", sources["contract.c"], tmp_path)
    assert found.message == "'mine.h' file not found"


def test_a_pragma_of_cgo_asks_for_nothing(tmp_path: Path) -> None:
    needs("go")
    source = go("", '//go:cgo_import_dynamic x y "libc.so.6"')
    plain = wasm.outline(compiled("go", GO, tmp_path).code)
    assert wasm.outline(compiled("go", source, tmp_path).code) == plain
