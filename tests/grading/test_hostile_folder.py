"""Started in a student's folder, the program runs nothing of it: no file that is called like a module is imported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chapters.grading.questions import Check
from chapters.grading.running import check
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from chapters.starting import trusted_modules_only, trusted_path

PROJECT = Path(__file__).resolve().parents[2]
OTHERS = (
    "numpy sympy rich mpmath matplotlib nbformat pytest hypothesis chapters derivations numeric tests "
    "sitecustomize usercustomize conftest backproof distutils __main__ chapters_ _distutils_hack"
)
NAMES = sorted({*sys.stdlib_module_names, *OTHERS.split()})
"""Every module that Python or this program could import."""
LAUNCHER = "import sys\nfrom chapters.command import main\nsys.exit(main())\n"
"""What an installed command consists of."""
BACKPROP = """
import socket, random, layers
def backprop(weights, biases, x, y):
    return layers.nothing
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every module leaves a mark if it is imported, as a file, as a package and as a .pth file."""
    top = tmp_path_factory.mktemp("folder")
    here = top / "class"
    here.mkdir()
    mark = f"open({str(top / 'RAN')!r}, 'a').write(__name__ + '\\n')\n"
    for name in NAMES:
        (here / f"{name}.py").write_text(mark, encoding="utf-8")
    for name in ("json", "numpy", "encodings", "importlib"):
        (here / name).mkdir()
        (here / name / "__init__.py").write_text(mark, encoding="utf-8")
    (here / "evil.pth").write_text("import os; " + mark, encoding="utf-8")
    (here / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-p evil'\n", encoding="utf-8")
    (here / "matplotlibrc").write_text("text.usetex: True\nbackend: module://socket\n", encoding="utf-8")
    for name in ("bp2", "bp2-numpy"):
        lab = load(name)
        drawn = variant(lab, "2301")
        sheet = here / "submissions" / "2301" / name / lab.worksheet
        sheet.parent.mkdir(parents=True)
        sheet.write_text(written(drawn, references(drawn)), encoding="utf-8")
        (here / lab.worksheet).write_text(written(drawn, references(drawn)), encoding="utf-8")
    (top / "bin").mkdir()
    (top / "bin" / "backproof").write_text(LAUNCHER, encoding="utf-8")
    (top / "own").mkdir()
    (top / "own" / "mine.py").write_text(BACKPROP, encoding="utf-8")
    (top / "own" / "layers.py").write_text("nothing = None\n", encoding="utf-8")
    (top / "own" / "random.py").write_text(mark, encoding="utf-8")
    return here


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lab", "grade", "submissions", "--out", "{top}/grades.csv", "--jobs", "2", "--again"], "2 of 2 worksheets"),
        (["lab", "check", "submissions/2301/bp2"], "4 of 4 points"),
        (["lab", "check", "submissions/2301/bp2-numpy"], "points"),
        (["lab", "hint", "submissions/2301/bp2"], "right"),
        (["lab", "list"], "bp2-numpy"),
        (["gradcheck", "{top}/own/mine.py"], "returned nothing"),
        (["gradcheck", "--layers", "3,2", "--batch", "2", "--plot", "{top}/errors.svg"], "BP4"),
        (["check", "∂J/∂b^l = δ^l"], "proved"),
        (["derive", "BP3"], "BP3"),
        (["chapter", "3"], "3"),
        (["chapter", "4", "--format", "html", "--out", "{top}/page.html"], "page.html"),
    ],
    ids=lambda given: " ".join(given[:2]) if isinstance(given, list) else "",
)
def test_nothing_of_the_folder_one_is_in_is_run(folder: Path, arguments: list[str], said: str) -> None:
    top = folder.parent
    command = [sys.executable, str(top / "bin" / "backproof"), *(one.format(top=top) for one in arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    ran = (top / "RAN").read_text(encoding="utf-8").split() if (top / "RAN").exists() else []
    assert ran == []
    assert said in done.stdout + done.stderr


def test_a_judging_process_looks_nowhere_in_the_folder_one_is_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by an entry of the path that is no place, such as an editable installation leaves."""
    for entry in {"__editable__.backproof-0.1.0.finder.__path_hook__", *sys.path}:
        if entry and not os.path.isabs(entry):
            shutil.copytree(folder, folder / "within" / entry, ignore=shutil.ignore_patterns("submissions", "within"))
    monkeypatch.chdir(folder / "within")
    drawn = variant(load("bp2-numpy"), "")
    judgement, _ = check(Check("bp2-numpy", "", written(drawn, references(drawn)), 60.0))
    assert judgement.passed
    assert not (folder.parent / "RAN").exists()


def test_the_folder_one_is_in_is_no_place_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it came onto the path: ``python -c``, ``python -m``, an empty entry of PYTHONPATH."""
    monkeypatch.chdir(tmp_path)
    elsewhere = str(tmp_path.parent)
    monkeypatch.setattr(
        sys, "path", ["", ".", str(tmp_path), "relative", elsewhere, str(PROJECT), os.path.dirname(os.__file__)]
    )
    assert trusted_path() == [elsewhere, str(PROJECT), os.path.dirname(os.__file__)]
    before = list(sys.path)
    with trusted_modules_only():
        assert "" not in sys.path
    assert sys.path == before
    monkeypatch.chdir(PROJECT)
    monkeypatch.setattr(sys, "path", ["", elsewhere])
    assert trusted_path() == [str(PROJECT), elsewhere]  # it is where the program itself lies
