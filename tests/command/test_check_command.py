"""The command line: exit codes, JSON, stdin, and the same output whatever the hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chapters.command import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["∂J/∂b^l = δ^l"], 0),
        (["δ^l = δ^{l+1}"], 1),
        (["δ^l = 2 δ^l"], 1),
        (["δ^l = "], 2),
        (["--given", "A : n x n symmetric", "∂(tr(A))/∂A = eye(n)"], 3),
        (["∂J/∂b^l = δ^l", "δ^l = 2 δ^l", "δ^l ="], 1),
        ([], 2),
        (["--given", "A : huh huh", "A = A"], 2),
        (["b^l"], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", *arguments)[0] == code


def test_json_has_the_fields_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--json", "δ^l = (W^{l+1})^T δ^{l+1} = 2 δ^l")
    report = json.loads(out)
    assert code == 1
    assert sum(report["summary"].values()) == 2
    first = report["claims"][0]
    fields = "text file line column read_as layout verdict assumptions reason witness diagnosis notes seconds"
    assert set(fields.split()) <= set(first)
    assert {"widths", "values", "lhs", "rhs"} <= set(first["witness"])
    assert first["read_as"] == "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹"
    assert first["witness"]["lhs"] != first["witness"]["rhs"]


def test_a_claim_may_begin_with_a_minus_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "--", "-log(0.9) = 0.046")[0] == 1


def test_a_file_and_stdin_are_sheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "model.bp"
    sheet.write_text("x : n\n∂(xᵀ x)/∂x = 2 x\n∂(xᵀ x)/∂x = x\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", str(sheet))
    assert code == 1
    assert f"{sheet}:3:1" in out
    monkeypatch.setattr("sys.stdin", sheet.open(encoding="utf-8"))
    assert run(capsys, "check", "-")[0] == 1


def test_plain_output_has_no_signs_that_do_not_read_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", "--plain", "δ^l = 2 δ^l", "∂J/∂b^l = δ^l")
    assert out.startswith("refuted:")
    assert not set(out) & set("✓✗~│─")


def test_lines_keep_within_the_width_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "check", "--width", "60", "δ^l = (W^{l+1})^T δ^{l+1}", "δ^l = W^{l+1} δ^{l+1}")
    assert max(len(line) for line in out.splitlines()) <= 60


def test_output_is_the_same_for_every_hash_seed() -> None:
    claims = ["δ^l = (W^{l+1})^T δ^{l+1}", "δ^L = a^L - y", "∂J/∂W^l = δ^l (a^{l-1})^T"]
    program = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"
    outputs = set()
    for seed in ("0", "1", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", program, "check", *claims],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=False,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


@pytest.mark.parametrize(
    "claim",
    [
        "x = " + " + ".join(["x"] * 2000),
        "x = " + "(" * 200 + "x" + ")" * 200,
        "x^999999 = x",
        "c = " + " ".join(["(c + 1)"] * 40),
        "c = " + " ".join(["(c + k)"] * 40),
        "c = " + "sin(" * 300,
        "c = " + "c^" * 500,
    ],
)
def test_monsters_get_an_answer(claim: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "--given", "x : n; c : scalar; k : scalar", claim)
    assert code in (0, 1, 2, 3)
    assert out
    assert "internal error" not in err


def test_check_imports_neither_sympy_nor_numpy() -> None:
    program = (
        "import sys; from chapters.command import main; main(['check', '∂J/∂b^l = δ^l'])\n"
        "heavy = {'sympy', 'numpy', 'rich', 'dataclasses', 'inspect'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_file_of_declarations_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "model.bp"
    text = "W : m x n   # weights\nx : n\nJ := ‖W x +\n    0‖²\n∂J/∂x = 2 Wᵀ W x\n  = Wᵀ W x + Wᵀ W x\n"
    sheet.write_text(text, encoding="utf-8")
    assert run(capsys, "check", "--given", str(sheet), "∂J/∂x = 2 Wᵀ W x")[0] == 0
    assert run(capsys, "derive", "--given", str(sheet), "∂J/∂x")[0] == 0
    for command in ("check", "derive"):
        code, _, told = run(capsys, command, "--given", "none.bp", "∂J/∂x = 0" if command == "check" else "∂J/∂x")
        assert (code, told) == (2, f"backproof {command}: there is no file none.bp.\n")


def test_a_document_of_which_nothing_is_checked_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes, plain = tmp_path / "notes.md", tmp_path / "plain.md"
    notes.write_text("A claim:\n\n$$ δ^l = 2 δ^l $$\n", encoding="utf-8")
    plain.write_text("No formula.\n", encoding="utf-8")
    code, _, told = run(capsys, "check", str(notes))
    assert code == 2
    assert "of 1 displayed formulas" in told
    assert run(capsys, "check", str(plain))[0] == 0
