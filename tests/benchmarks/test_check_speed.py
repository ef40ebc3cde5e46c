"""How fast an answer comes: ratios within one run where the machine matters.  (-m long --benchmark-enable -s)"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from derivations.checking import check_claim, extended
from derivations.kernel.algebra import Algebra
from derivations.meaning import Translation, equal
from derivations.reading import read_claim
from derivations.setting import Context, Network, Setting
from derivations.settling import Settler

pytestmark = pytest.mark.long

CLAIMS = [
    "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)",
    "∂J/∂W^l = δ^l (a^{l-1})^T",
    "∂J/∂b^l = δ^l",
    "δ^L = ∇_a J ⊙ σ'(z^L)",
]


def seconds(program: str, repeat: int = 7) -> float:
    """The shortest processor time of a cold process, in seconds; without site, whose cost is the installation's."""
    paths = [path for path in sys.path if path.endswith("site-packages")] + [str(Path(__file__).parents[2])]
    command = ["-S", "-c", f"import sys; sys.path += {paths!r}; {program}"]
    times = []
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(repeat):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], capture_output=True, check=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_a_cold_check_takes_a_fifth_of_importing_sympy() -> None:
    program = "from chapters.command import main; main(['check', '--json', '∂J/∂W^l = δ^l (a^{l-1})^T'])"
    ratio = seconds(program) / seconds("import sympy")
    print(f"\ncold check: {ratio:.3f} of import sympy")
    assert ratio <= 0.2


def test_a_check_needs_little_memory() -> None:
    program = (
        "import resource; from chapters.command import main; main(['check', '∂J/∂W^l = δ^l (a^{l-1})^T']);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    megabytes = int(done.stdout.split()[-1]) / 1024
    print(f"\npeak memory: {megabytes:.0f} MB")
    assert megabytes < 60


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_warm_claim(claim: str, benchmark: BenchmarkFixture) -> None:
    setting = Setting(network=Network())
    verdict = benchmark(lambda: check_claim(claim, setting)[0])
    assert verdict.verdict == "proved"


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_kernel_on_a_warm_claim(claim: str, benchmark: BenchmarkFixture) -> None:
    setting = Setting(network=Network())
    left, right = read_claim(claim, setting.vocabulary).sides

    def decided() -> bool:
        settler = Settler(Context.of(setting, [left, right]))
        sides = settler.settle_sides(left, right)
        return equal(Translation(settler, sides), *sides)

    assert benchmark(decided)


def deep_sheet(depth: int) -> str:
    lines = ["x : n0", f"y : n{depth}", "f : elementwise", "a0 := x"]
    for k in range(1, depth + 1):
        lines += [f"W{k} : n{k} x n{k - 1}", f"b{k} : n{k}", f"z{k} := W{k} a{k - 1} + b{k}", f"a{k} := f(z{k})"]
    lines += [f"J := 1/2 ‖a{depth} - y‖²", f"d{depth} := (a{depth} - y) ⊙ f'(z{depth})"]
    lines += [f"d{k} := (W{k + 1}ᵀ d{k + 1}) ⊙ f'(z{k})" for k in range(depth - 1, 0, -1)]
    return "\n".join(lines)


def test_all_gradients_of_eight_layers(benchmark: BenchmarkFixture) -> None:
    setting = extended(Setting(), deep_sheet(8))
    claims = [read_claim(f"∂J/∂W{k} = d{k} a{k - 1}ᵀ", setting.vocabulary).sides for k in range(1, 9)]
    claims += [read_claim(f"∂J/∂b{k} = d{k}", setting.vocabulary).sides for k in range(1, 9)]

    def decided() -> bool:
        algebra, settler = Algebra(), Settler(Context.of(setting, [side for sides in claims for side in sides]))
        settled = [settler.settle_sides(*sides) for sides in claims]
        translation = Translation(settler, tuple(side for sides in settled for side in sides), algebra)
        return all(equal(translation, *sides) for sides in settled)

    start = perf_counter()
    assert decided()
    print(f"\nall 16 gradients, first time: {(perf_counter() - start) * 1000:.0f} ms")
    assert benchmark(decided)
