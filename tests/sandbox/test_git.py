"""Real repositories, fetched by the real git: files come as bytes and nothing else happens."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.git import GitLimits, GitRefused, check_address, fetch

WHO = {
    "GIT_AUTHOR_NAME": "Li",
    "GIT_AUTHOR_EMAIL": "li@example.org",
    "GIT_COMMITTER_NAME": "Li",
    "GIT_COMMITTER_EMAIL": "li@example.org",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *command: str) -> str:
    ran = subprocess.run(
        ["git", *command],
        cwd=folder,
        env={**os.environ, **WHO},
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a course in a folder, a hook, and an attribute that asks for a filter."""
    folder = tmp_path / "courses"
    (folder / "small" / "01-a").mkdir(parents=True)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    (folder / "small" / "course.toml").write_text('key = "small"\n')
    (folder / "small" / "01-a" / "lesson.en.md").write_text("# 区块\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("*.md filter=evil\n")
    commit(folder)
    return folder


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Write.")
    return git(folder, "rev-parse", "HEAD")


def fetched(repository: Path, **options: Any) -> dict[str, bytes]:
    return fetch(f"file://{repository}", hosts={""}, schemes=("file",), **options).files


def refused(repository: Path, **options: Any) -> str:
    with pytest.raises(GitRefused) as error:
        fetched(repository, **options)
    return error.value.code


def test_the_newest_files_of_a_folder_come_as_bytes(repository: Path) -> None:
    found = fetch(f"file://{repository}", hosts={""}, schemes=("file",), folder="small/")
    assert found.commit == git(repository, "rev-parse", "HEAD")
    assert found.files == {
        "course.toml": b'key = "small"\n',
        "01-a/lesson.en.md": "# 区块\n".encode(),
    }


def test_another_branch(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "draft")
    (repository / "small" / "course.toml").write_text('key = "draft"\n')
    commit(repository)
    git(repository, "checkout", "--quiet", "main")
    assert fetched(repository, folder="small")["course.toml"] == b'key = "small"\n'
    assert fetched(repository, folder="small", branch="draft")["course.toml"] == b'key = "draft"\n'
    assert refused(repository, branch="gone") == "missing"
    assert refused(repository, folder="gone") == "missing"
    assert refused(repository, branch="--upload-pack=touch") == "branch"


def test_hooks_and_filters_of_the_repository_do_nothing(repository: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for name in ("post-checkout", "post-merge", "reference-transaction"):
        hook = repository / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {trace}\n")
        hook.chmod(0o755)
    git(repository, "config", "filter.evil.smudge", f"touch {trace}")
    trace.unlink(missing_ok=True)
    assert "01-a/lesson.en.md" in fetched(repository, folder="small")
    assert not trace.exists()


def test_links_are_refused_and_submodules_passed_over(repository: Path) -> None:
    git(
        repository,
        *("update-index", "--add", "--cacheinfo"),
        f"160000,{git(repository, 'rev-parse', 'HEAD')},small/other",
    )
    git(repository, "commit", "--quiet", "--message", "Add a submodule.")
    assert sorted(fetched(repository, folder="small")) == ["01-a/lesson.en.md", "course.toml"]
    (repository / "small" / "link").symlink_to("/etc/passwd")
    git(repository, "add", "small/link")
    git(repository, "commit", "--quiet", "--message", "Add a link.")
    assert refused(repository, folder="small") == "link"


def test_size_and_number_are_limited(repository: Path) -> None:
    assert refused(repository, limits=GitLimits(files=1)) == "size"
    (repository / "small" / "large").write_bytes(os.urandom(300_000))
    commit(repository)
    assert refused(repository, limits=GitLimits(unpacked=200_000)) == "size"
    assert refused(repository, limits=GitLimits(packed=100_000)) == "size"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://git.example.org/a.git", ""),
        ("https://git.example.org:443/a.git", ""),
        ("https://git.example.org:8443/a.git", "host"),
        ("https://other.example.org/a.git", "host"),
        ("https://git.example.org.evil.example/a.git", "host"),
        ("http://git.example.org/a.git", "address"),
        ("file:///etc", "address"),
        ("ext::sh -c touch", "address"),
        ("--upload-pack=touch", "address"),
        ("https://user:word@git.example.org/a.git", "address"),
        ("https://git.example.org/a b.git", "address"),
        ("https://[::1", "address"),
    ],
)
def test_only_allowed_hosts_are_spoken_to(url: str, code: str) -> None:
    if not code:
        check_address(url, hosts={"git.example.org"})
        return
    with pytest.raises(GitRefused) as error:
        check_address(url, hosts={"git.example.org"})
    assert error.value.code == code
