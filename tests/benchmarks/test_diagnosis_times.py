"""How long a diagnosis and a document take. The bounds are those that the project promises."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from derivations import check
from tests.diagnosis.variants import variants

RIGHT = (
    r"\delta^L = \frac{\partial J}{\partial a^L} \odot \sigma'(z^L)",
    r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
    r"\frac{\partial J}{\partial b^l} = \delta^l",
    r"\frac{\partial J}{\partial W^l} = \delta^l (a^{l-1})^T",
    r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
)
WRONG = r"\frac{\partial J}{\partial W^l} = a^{l-1} (\delta^l)^T"


def document(count: int) -> str:
    """A chapter of so many formulas, one in twenty of them wrong."""
    formulas = [WRONG if k % 20 == 10 else RIGHT[k % len(RIGHT)] for k in range(count)]
    return "% backproof: use network\n" + "".join(
        f"Text.\n\\begin{{equation}}\n  {f}.\n\\end{{equation}}\n" for f in formulas
    )


@pytest.mark.long
def test_a_diagnosis_takes_less_than_300_ms_at_the_median() -> None:
    times = []
    for variant in list(variants())[::23]:
        start = time.perf_counter()
        check(variant.claim, variant.network)
        times.append(time.perf_counter() - start)
    assert median(times) <= 0.3


@pytest.mark.long
def test_a_chapter_of_200_formulas(tmp_path: Path) -> None:
    path = tmp_path / "chapter.tex"
    path.write_text(document(200), encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"]
    start = time.perf_counter()
    with subprocess.Popen([*command, "check", str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.perf_counter() - start
        rest = process.stdout.read()
    whole = time.perf_counter() - start
    assert "190 proved" in rest
    assert first <= 0.3
    assert whole <= 3
