"""The documentation keeps up with the program: sizes, links, names, commands, labels, examples."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from fashion_finder import cli, sample
from tests.tiny_model import write_tiny_model

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "user-guide.md"
PAGES = (
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
    ROOT / "training" / "README.md",
)
PRESENT = tuple(
    page for page in PAGES if page.name != "CHANGELOG.md"
)  # of the program as it stands
LINKED = (*PAGES, ROOT / "models" / "MODEL_CARD.md", ROOT / "tests" / "data" / "README.md")
PROGRAMS = ("benchmarks", "scripts", "training", "tests")  # folders of programs with options
SOURCES = (*PROGRAMS, "fashion_finder", "packaging", "requirements", "docs")
HOMES = (ROOT, ROOT / "fashion_finder")  # what paths on a page are relative to
WINDOW = ROOT / "fashion_finder" / "ui"

README_BYTES = 8192
TABLE_COLUMNS = 100

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^    .*\n(?:\n(?=    ))?)+", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)
_FILE = re.compile(r"(?<![\w/.*-])[\w-][\w.-]*(?:/[\w.-]+)*\.(?:md|onnx|py|sh|spec|svg|toml|txt)\b")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_KEYS = re.compile(r'"((?:(?:Ctrl|Shift|Alt)\+)+\w+)"')
_MADE_BY_BUILDING = {"NOTICES.txt"}


def page_id(page: Path) -> str:
    """A page's name in the report."""
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=page_id)
each_present_page = pytest.mark.parametrize("page", PRESENT, ids=page_id)


def code_of(page: Path) -> Iterator[str]:
    """The code on a page, line by line: fenced, indented or inline; continued lines joined."""
    text = page.read_text(encoding="utf-8")
    for _, block in _FENCED.findall(text):
        yield from block.splitlines()
    for line in _FENCED.sub("", text).replace("\\\n", " ").splitlines():
        if line.startswith("    "):
            yield line.strip()
        else:
            yield from _INLINE.findall(line)


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual hosts derive them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@cache
def sources(folder: str) -> str:
    """All Python below a folder, or of one file."""
    path = ROOT / folder
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def file_names() -> frozenset[str]:
    """The names of all files that the repository's folders hold."""
    return frozenset(path.name for folder in SOURCES for path in (ROOT / folder).rglob("*"))


def options_meant_by(line: str) -> str:
    """The source that must know the options in a line of code; empty for other people's programs."""
    if re.search(r"\b(?:pip|uv)\b", line):
        return ""
    program = re.search(rf"\b({'|'.join(PROGRAMS)})/[\w/]+\.py\b", line)
    if program:
        return sources(program[1])
    module = re.search(r"-m (tests\.\w+)", line)
    if module:
        return sources(module[1].replace(".", "/") + ".py")
    if "fashion-finder" in line:
        return sources("fashion_finder/cli.py")
    return "\n".join(map(sources, (*PROGRAMS, "fashion_finder/cli.py")))


def plain(label: str) -> str:
    """A label without its mnemonic, its dots and what is filled into it."""
    return " ".join(re.sub(r"\{\w+\}", "", label.replace("&", "")).removesuffix("…").split())


def test_the_readme_is_a_front_page() -> None:
    """At most 8 KB, with a picture and both commands."""
    assert len(README.read_bytes()) <= README_BYTES
    text = README.read_text(encoding="utf-8")
    assert re.search(r"^!\[.+\]\(docs/screenshots/.+\)$", text, re.MULTILINE)
    assert {"make run", "make test"} <= {line.partition("  ")[0] for line in code_of(README)}


@each_page
def test_tables_are_narrow(page: Path) -> None:
    """They can be read in a terminal, and in a review."""
    lines = page.read_text(encoding="utf-8").splitlines()
    wide = [line for line in lines if line.startswith("|") and len(line) > TABLE_COLUMNS]
    assert not wide


@pytest.mark.parametrize("page", LINKED, ids=page_id)
def test_links_resolve(page: Path) -> None:
    """Every relative link names a file of the repository, and a heading in it."""
    for found in _LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = "".join(found).partition("#")
        if name.startswith("https:"):
            continue
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        assert not anchor or anchor in anchors_of(target), f"{name}#{anchor}"


def test_every_page_is_linked_from_the_readme() -> None:
    """No page is left to be found by chance."""
    text = README.read_text(encoding="utf-8")
    missing = [page_id(page) for page in PAGES[1:] if f"({page_id(page)}" not in text]
    assert not missing


@each_present_page
def test_make_targets_exist(page: Path) -> None:
    """Every `make` command on a page has its target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    said = {word for line in code_of(page) for word in re.findall(r"\bmake ([a-z-]+)", line)}
    assert said <= targets


@each_present_page
def test_files_exist(page: Path) -> None:
    """Every file that code on a page names is where it is said to be, or has that very name."""
    for line in code_of(page):
        if " " in line and not re.search(r"\.py\b", line):
            continue  # prose, or a command about files of the reader's
        for said in _FILE.findall(line.partition("://")[0]):
            is_there = any((home / said).exists() for home in (*HOMES, page.parent))
            is_bare = "/" not in said and (said in file_names() or said in _MADE_BY_BUILDING)
            assert is_there or is_bare, said


@each_present_page
def test_options_exist(page: Path) -> None:
    """Every long option on a page is one of the program it stands with."""
    for line in code_of(page):
        known = options_meant_by(line)
        for option in _OPTION.findall(line) if known else ():
            assert f'"{option}"' in known, line


def test_help_and_pages_name_the_same_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """The README has every command, and no page has one that the program lacks."""
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    listing = capsys.readouterr().out.partition("\ncommands:\n")[2]
    commands = set(re.findall(r"^  ([a-z]+)\b", listing, re.MULTILINE))
    said = {
        page: set(re.findall(r"\bfashion-finder ([a-z]+)\b", "\n".join(code_of(page))))
        for page in PRESENT
    }
    assert said[README] == commands
    assert set().union(*said.values()) == commands


def test_the_guide_calls_things_as_the_window_does() -> None:
    """What is bold in the guide, and no sentence, is a label that the window has."""
    literals = (
        node.value
        for file in WINDOW.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    labels = {plain(literal) for literal in literals}
    bold = re.findall(r"\*\*([^*]+)\*\*", GUIDE.read_text(encoding="utf-8"))
    said = {plain(label) for path in bold if not path.endswith(".") for label in path.split(" > ")}
    assert said - labels == set()


def test_the_guide_has_every_key_of_the_window() -> None:
    """Every shortcut is documented."""
    keys = {key.replace("Return", "Enter") for key in _KEYS.findall(sources("fashion_finder/ui"))}
    guide = GUIDE.read_text(encoding="utf-8")
    assert {key for key in keys if key not in guide} == set()


def test_the_guide_can_be_shown_in_the_window() -> None:
    """No HTML, no footnotes, and pictures that lie beside it: all that Qt's reader can do."""
    text = GUIDE.read_text(encoding="utf-8")
    assert not re.search(r"<\w+[ >/]|\[\^", text)
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all(name.startswith("screenshots/") for name in pictures)
    links = {"".join(found) for found in _LINK.findall(text)} - set(pictures)
    assert all(link.startswith("#") for link in links)  # others lead nowhere there


def docstrings(file: Path) -> Iterator[str]:
    """What a module says about itself, its classes and its functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{ast.get_docstring(node) or ''}\n"


def is_program(block: str) -> bool:
    """Whether it is Python that can run as it stands."""
    try:
        parsed = ast.parse(block)
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in parsed.body)


def examples() -> Iterator[tuple[str, str]]:
    """Every Python example with the place where it stands: fenced, or indented in a docstring."""
    for page in LINKED:
        for language, block in _FENCED.findall(page.read_text(encoding="utf-8")):
            if language in {"python", "py"}:
                yield page_id(page), block
    for file in sorted((ROOT / "fashion_finder").rglob("*.py")):
        for text in docstrings(file):
            for block in map(dedent, _INDENTED.findall(text)):
                if is_program(block):
                    yield page_id(file), block


EXAMPLES = list(examples())
WITHOUT_GUARD = {
    "model from elsewhere": """\
from pathlib import Path
from fashion_finder.engine import Engine
Engine.open(Path("finder-data"), Path("model.onnx"))
""",
    "pictures": """\
from fashion_finder.indexing.workers import DecodePool
DecodePool(1).start()
""",
}


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it as a person would who has copied it, at home in a folder with a lookbook."""
    for lookbook in (folder / "lookbook", folder / "Pictures" / "lookbook"):
        lookbook.mkdir(parents=True)
        for picture in sample.pictures()[:6]:
            shutil.copy(picture, lookbook)
    shutil.copy(sample.EXAMPLE, folder / "dress.jpg")
    (folder / "example.py").write_text(script, encoding="utf-8")
    home = {"HOME": str(folder), "USERPROFILE": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "example.py"],
        cwd=folder,
        env=os.environ | home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_examples_are_found() -> None:
    """The one of the Python API stands on a page and in the package's docstring."""
    places = [place for place, _ in EXAMPLES]
    assert "docs/architecture.md" in places
    assert "fashion_finder/engine/__init__.py" in places


@pytest.mark.parametrize(
    "example", [block for _, block in EXAMPLES], ids=[at for at, _ in EXAMPLES]
)
def test_examples_run(example: str, tmp_path: Path) -> None:
    """As a script of its own, which finds pieces of the sample wardrobe."""
    done = run_script(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "lookbook" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize("script", WITHOUT_GUARD.values(), ids=list(WITHOUT_GUARD))
def test_a_script_without_a_guard_is_told(tmp_path: Path, script: str) -> None:
    """Its processes start it all over; Python's own words about that are hard to understand."""
    write_tiny_model(tmp_path / "model.onnx")
    done = run_script(script, tmp_path)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "put what the script does under 'if __name__ == \"__main__\":'" in last
