"""Sources that attack by being compiled: none of them ever has to run.

In the text, FILE is where the host laid out a secret. A compiler reads files, holds what it
unfolds and prints what it found, so each must end in a complaint or in a limit, without the secret.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    language: str
    """`c` or `rust`."""
    name: str
    tries: str
    """What it is after, as the rest of a sentence that begins with "tries to"."""
    text: str


SOURCES: tuple[Source, ...] = (
    Source(
        "c",
        "include-secret",
        "print a file of the host in a complaint of the preprocessor",
        '#include "FILE"\nint f(void) { return 1; }\n',
    ),
    Source(
        "c",
        "include-accounts",
        "print the accounts of the host in a complaint of the preprocessor",
        '#include "/etc/passwd"\n#include "/etc/shadow"\nint f(void) { return 1; }\n',
    ),
    Source(
        "c",
        "embed-secret",
        "carry a file of the host into the object by the assembler",
        'asm(".section secret\\n.incbin \\"FILE\\"\\n");\n',
    ),
    Source(
        "c",
        "embed-process",
        "carry the memory map and the environment of a process into the object",
        'asm(".section secret\\n.incbin \\"/proc/1/environ\\"\\n.incbin \\"/proc/1/maps\\"\\n");\n',
    ),
    Source(
        "c", "embed-endless", "read a file without an end", 'asm(".incbin \\"/dev/zero\\"\\n");\n'
    ),
    Source("c", "include-itself", "include itself without an end", '#include "source"\n' * 3),
    Source(
        "c",
        "unfold",
        "unfold macros until the memory is gone",
        "#define A0 x x x x x x x x\n"
        + "".join(
            f"#define A{n} A{n - 1} A{n - 1} A{n - 1} A{n - 1} A{n - 1} A{n - 1}\n"
            for n in range(1, 14)
        )
        + "A13\n",
    ),
    Source(
        "c",
        "large-object",
        "write an object larger than the disk",
        'asm(".fill 100000000, 8, 7\\n");\n',
    ),
    Source(
        "c",
        "deep",
        "nest until the stack is gone",
        f"int f(void) {{ return {'(' * 200_000}1{')' * 200_000}; }}\n",
    ),
    Source(
        "rust",
        "include-secret",
        "carry a file of the host into the object",
        'pub static SECRET: &str = include_str!("FILE");\n',
    ),
    Source(
        "rust",
        "include-accounts",
        "compile the accounts of the host, or carry them into the object",
        'include!("/etc/passwd");\npub static A: &[u8] = include_bytes!("/etc/shadow");\n',
    ),
    Source(
        "rust",
        "module-secret",
        "print a file of the host in a complaint about a module",
        '#[path = "FILE"]\nmod secret;\n',
    ),
    Source(
        "rust",
        "environment",
        "print the environment of the compiler's parent",
        'compile_error!(env!("SECRET_KEY"));\n',
    ),
    Source(
        "rust",
        "include-endless",
        "read a file without an end",
        'pub static A: &[u8] = include_bytes!("/dev/zero");\n',
    ),
    Source(
        "rust",
        "evaluate",
        "evaluate without an end while compiling",
        "pub const A: u64 = { let mut n = 0u64; loop { n += 1; if n == 0 { break } } n };\n"
        "#![allow(long_running_const_eval)]\n",
    ),
    Source(
        "rust",
        "unfold",
        "unfold macros until the memory is gone",
        '#![recursion_limit = "100000000"]\n'
        "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)*) } }\nm!(x);\n",
    ),
)
