"""Real compilers and interpreters in jails, and sources that attack them; as far as installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from sandbox import Stopped, Unavailable, jails
from sandbox.attacks.compilers import SOURCES, Source
from sandbox.canaries import bait
from sandbox.jails import Finished, Jail

pytestmark = pytest.mark.slow

PATIENT = 120.0


@cache
def compiler(language: str) -> Jail | None:
    """A jail that compiles `/work/source` to `/work/object`, where this host has the compiler."""
    if language == "c":
        folders = sorted(Path("/usr/lib").glob("llvm-*/bin/clang"))
        flags = ("-x", "c", "-O1", "-c", "source", "-o", "object")
        return Jail((str(folders[-1]), *flags), {}, proc=True) if folders else None
    rustc = shutil.which("rustc")
    if rustc is None:
        return None
    asked = subprocess.run(
        [rustc, "--print", "sysroot"], check=False, capture_output=True, text=True
    )
    if asked.returncode != 0:
        return None
    command = ("/rust/bin/rustc", "--crate-type=lib", "--emit=obj", "-o", "object", "source")
    return Jail(command, {"/rust": Path(asked.stdout.strip())}, proc=True)


def compiled(language: str, text: str, wall_seconds: float = PATIENT) -> Finished:
    jail = compiler(language)
    if jail is None:
        pytest.skip(f"no compiler for {language}")
    try:
        assert jails.breaches(proc=True) == []
    except Unavailable as unavailable:
        pytest.skip(unavailable.reason)
    files = {"source": text.encode()}
    return jails.run(jail, files=files, collect=["object"], wall_seconds=wall_seconds)


HONEST = {
    "c": "#include <stddef.h>\nint f(size_t x) { return x + 1; }\n",
    "rust": 'pub fn f(x: u32) -> String { format!("{}", x + 1) }\n',
}


@pytest.mark.parametrize("language", HONEST)
def test_an_honest_source_is_compiled(language: str) -> None:
    finished = compiled(language, HONEST[language])
    assert (finished.exit_code, finished.output) == (0, "")
    assert finished.files["object"].startswith(b"\x7fELF")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.language}-{source.name}")
def test_a_hostile_source_gets_nothing(source: Source) -> None:
    with bait() as laid:
        text = source.text.replace("FILE", str(laid.facts["file"]))
        try:
            finished = compiled(source.language, text, wall_seconds=4.0)
        except Stopped:
            assert laid.taken("") == ""
        else:
            said = [finished.output, *finished.files.values()]
            assert laid.taken(said) == ""
            assert (finished.exit_code != 0, finished.files) == (True, {})


def node(script: str, *flags: str, stack_bytes: int = 8 << 20) -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("no node")
    jail = Jail(("/node", *flags, "-e", script), {"/node": Path(program)}, stack_bytes=stack_bytes)
    return jails.run(jail, files={}, wall_seconds=PATIENT).output


def test_node_runs_and_finds_no_host() -> None:
    script = "try { require('fs').readFileSync('/etc/passwd') } catch (e) { console.log(e.code) }"
    assert node(script) == "ENOENT\n"


def test_node_has_the_stack_that_it_is_given() -> None:
    script = (
        "let depth = 0; function fall() { depth++; fall() }"
        "try { fall() } catch (e) { console.log(e.constructor.name, depth > 300000) }"
    )
    deep = node(script, "--stack-size=60000", stack_bytes=64 << 20)
    assert (node(script), deep) == ("RangeError false\n", "RangeError true\n")
