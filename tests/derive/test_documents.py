"""Documents: LaTeX compiles, HTML is one file and well-formed, Markdown and JSON say what they should."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chapters.command import main
from derivations.setting import Network
from tests.derive.cases import CASES, derivation

_EVERY_LOSS = [case for case in CASES if case[1].activation is None and case[2] == "denominator"]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("notation", ["superscript", "bracket"])
def test_latex_compiles(notation: str, tmp_path: Path) -> None:
    from derivations.rendering.derivation_latex import document

    text = document([(derivation(case), ()) for case in _EVERY_LOSS], notation=notation)  # type: ignore[arg-type]
    (tmp_path / "derivations.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "derivations.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-3000:]
    assert b"Overfull" not in run.stdout
    assert (tmp_path / "derivations.pdf").stat().st_size > 10_000


def test_latex_leaves_no_letter_that_it_cannot_print() -> None:
    from derivations.rendering.derivation_latex import document

    text = document([(derivation(case), ()) for case in CASES])
    assert sorted({character for character in text if ord(character) > 126}) == []


def test_html_is_one_well_formed_page_without_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "--format", "html"]) == 0
    page = capsys.readouterr().out
    body = page[page.index("<body") : page.index("</body>") + len("</body>")]
    ElementTree.fromstring(body.replace("&#x2062;", ""))
    assert page.count("<section>") == 4
    for outside in ("http:", "https:", "<script", "<link", "src=", "@import"):
        assert outside not in page


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "BP3", "--format", "markdown", "--form", "matrix"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("## BP3: the gradient of a bias\n")
    assert "### As matrices" in text
    assert "### Entry by entry" not in text
    assert "4. $" in text


@pytest.mark.parametrize("asked", [["--format", "json"], ["--json"]])
def test_json(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "BP2", *asked]) == 0
    (told,) = json.loads(capsys.readouterr().out)["derivations"]
    assert told["equation"] == "BP2"
    assert told["statement"] == "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)"
    assert told["index"][0] | {"reason": ""} == {
        "lhs": "δˡⱼ",
        "rhs": "∂J/∂zˡⱼ",
        "rule": "definition of δ",
        "reason": "",
        "shape": "1 × 1",
        "chain": "",
        "proved": True,
    }
    assert told["matrix"][0]["shape"] == "nₗ × 1"
    assert {"title", "assumptions", "words"} <= told.keys()


def test_a_derivation_shows_itself() -> None:
    found = derivation(("BP3", Network(), "denominator"))
    assert "<math" in found._repr_html_()
    assert "$$" in found._repr_markdown_()
    assert str(found).startswith("BP3   ∂J/∂bˡ = δˡ")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_of_own_gradients_compiles(tmp_path: Path) -> None:
    from derivations.rendering.derivation_latex import document
    from tests.derive.test_own_models import ASKED, derived

    found = [(derived(name, asked, form=form), ()) for name, asked in ASKED for form in (None, "index")]  # type: ignore[arg-type]
    (tmp_path / "gradients.tex").write_text(document(found), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "gradients.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=180, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-3000:]
    assert b"Overfull" not in run.stdout


@pytest.mark.long
def test_latex_of_own_gradients_leaves_no_letter_that_it_cannot_print() -> None:
    from derivations.rendering.derivation_latex import document
    from tests.derive.test_own_models import ASKED, derived

    found = [(derived(name, asked, form=form), ()) for name, asked in ASKED for form in (None, "index")]  # type: ignore[arg-type]
    assert sorted({character for character in document(found) if ord(character) > 126}) == []
