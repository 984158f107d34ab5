"""Contracts in Go, against our copy of the interface that ChainMaker's own SDK has.

The compiler and the linker are started themselves and not by `go build`: they read nothing but the
files, and packages from the list that they are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chains.chainmaker import compiling, go_imports
from chains.chainmaker.compiling import Compiled
from chains.chainmaker.toolchains import Toolchain
from chains.types import Diagnostic, NotCompiled

COMPILE_OPTIONS = ("-p", "main", "-lang=go1.24", "-complete", "-pack", "-trimpath", "/work")
LINK_OPTIONS = ("-buildmode=c-shared", "-s", "-w", "-buildid=")
_ENTRY = "chainwright_entry.go"
_ENTRY_SOURCE = """package main

import "chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"

func init() { sandbox.Main = main }
"""
_FORMATTING_ENTRY_SOURCE = """package main

import (
	"fmt"

	"chainmaker.org/chainmaker/contract-sdk-go/v2/sandbox"
)

func init() {
	sandbox.Main = main
	sandbox.FormatWith(fmt.Sprintf)
}
"""
ENTRIES = (_ENTRY_SOURCE, _FORMATTING_ENTRY_SOURCE)
"""What may be compiled beside a contract."""
_OBJECT = "contract.a"
_MADE = "contract.wasm"
_LOG = re.compile(r"\b(?:Debugf|Infof|Warnf|Errorf)\b")
_LOG_OF_ERROR = re.compile(
    _LOG.pattern + r"""\(\s*(?:err\.Error\(\)|"[^"%\\]*"|"[^"%\\]*%[vs][^"%\\]*",\s*err)\s*\)"""
)
"""A log line that is a plain text, or says an error, as most contracts do in `main` alone."""
_LINE = re.compile(r"(?P<file>[^:\s]+):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)")


def compile_sources(sources: Mapping[str, str], toolchain: Toolchain) -> Compiled:
    """The module, and no warnings: Go has none. Raises `NotCompiled`, `Stopped`, `BoxBroken`."""
    refused = [
        fault for name in sorted(sources) for fault in go_imports.faults(name, sources[name])
    ]
    if refused:
        raise NotCompiled(refused)
    files = {**compiling.encoded(sources), _ENTRY: entry(sources).encode()}
    command = [toolchain.programs["compile"], *COMPILE_OPTIONS, "-importcfg", "/library/imports"]
    command += ["-o", _OBJECT, *sorted(files)]
    finished = compiling.run(toolchain, command, files=files, makes=_OBJECT)
    compiled, _ = compiling.product(finished, _OBJECT, list(diagnostics(finished.output, sources)))
    command = [toolchain.programs["link"], *LINK_OPTIONS, "-importcfg", "/library/importcfg"]
    command += ["-o", _MADE, _OBJECT]
    finished = compiling.run(toolchain, command, files={_OBJECT: compiled}, makes=_MADE)
    return compiling.product(finished, _MADE, [])


def entry(sources: Mapping[str, str]) -> str:
    """The file that joins a contract to the SDK. With `fmt`, which takes as long to start in every
    call as Go itself, only where log lines need it."""
    is_formatting = any(_LOG.search(_LOG_OF_ERROR.sub("", text)) for text in sources.values())
    return _FORMATTING_ENTRY_SOURCE if is_formatting else _ENTRY_SOURCE


def diagnostics(output: str, sources: Mapping[str, str]) -> Iterator[Diagnostic]:
    """What the compiler said: a remark begins with a place and goes on in lines after a tab."""
    remarks: list[str] = []
    for line in output.splitlines():
        if line.startswith("\t") and remarks:
            remarks[-1] += f" {line.strip()}"
        else:
            remarks.append(line)
    for remark in remarks:
        found = _LINE.match(remark)
        if found is None:
            continue
        if found["file"] == _ENTRY and "undefined: main" in remark:
            yield Diagnostic("error", "there is no func main, which calls sandbox.Start")
            continue
        message = compiling.clean(found["message"])
        file = compiling.place(found["file"], sources)
        if file:
            column = int(found["column"]) if found["column"] else None
            yield Diagnostic("error", message, file, int(found["line"]), column)
        else:
            yield Diagnostic("error", message)
