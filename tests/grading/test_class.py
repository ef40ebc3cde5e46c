"""A whole class in one run: every verdict as planned, nobody lost, nothing left behind."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from chapters.command import main
from tests.grading.submissions import Planned, large_class, lay_down, small_class


def graded(plans: list[Planned], tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """Grade the class; whatever is not as planned, in words."""
    lay_down(plans, tmp_path / "class")
    out = tmp_path / "out" / "grades.csv"
    out.parent.mkdir()
    code = main(["lab", "grade", str(tmp_path / "class"), "--out", str(out), "--json", *options])
    said = json.loads(capsys.readouterr().out)
    rows: dict[str, list[dict[str, object]]] = {}
    for row in said["submissions"]:
        rows.setdefault(str(row["student"]), []).append(row)
    assert sorted(rows) == sorted(plan.student for plan in plans)
    assert code == int(any(not row["graded"] for row in said["submissions"]))
    with out.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [(row["student"], float(row["points"]), row["status"]) for row in table] == [
        (row["student"], row["points"], row["status"]) for row in said["submissions"]
    ]
    assert sorted(path.stem for path in out.with_suffix("").glob("*.md")) == sorted(rows)
    assert sorted(path.name for path in out.parent.iterdir()) == ["grades", "grades.csv"]
    return [problem for plan in plans for problem in differences(plan, rows[plan.student], out.with_suffix(""))]


def differences(plan: Planned, rows: list[dict[str, object]], reports: Path) -> list[str]:
    """What came out otherwise than planned."""
    name = f"{plan.student} ({plan.what})"
    report = (reports / f"{plan.student}.md").read_text(encoding="utf-8")
    if plan.nothing:
        earned = [row["points"] for row in rows if row["points"]]
        found = [f"{name}: earned {earned}"] if earned else []
        return found + [
            f"{name}: {row['status']}"
            for row in rows
            if plan.problem is not None and plan.problem not in str(row["status"])
        ]
    (row,) = rows
    if not row["graded"]:
        return [f"{name}: {row['status']}"]
    parts = {part["name"]: part for part in row["parts"]}  # type: ignore[attr-defined]
    found = [
        f"{name}: {part} earned {parts[part]['points']}, planned {earned}: {parts[part]['reason']}"
        for part, earned in plan.earned.items()
        if parts[part]["points"] != earned
    ]
    found += [f"{name}: {part} earned all" for part in plan.less if parts[part]["points"] >= parts[part]["of"]]
    found += [f"{name}: {part['name']} without a reason" for part in parts.values() if not part["reason"]]
    if any(part["reason"].split()[0].strip("`*_:,.") not in report for part in parts.values()):
        found.append(f"{name}: the report does not say why")
    return found


def left_running() -> str:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
    return "\n".join(line for line in listed.splitlines() if "sleep 7777" in line)


def check(plans: list[Planned], tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> None:
    assert graded(plans, tmp_path, capsys, *options) == []
    assert left_running() == ""
    for place in (Path("/tmp"), Path.home(), tmp_path, tmp_path / "class"):
        assert not (place / "BACKPROOF-WAS-HERE").exists()


def test_a_small_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plans = small_class()
    assert sum("hostile" in plan.what for plan in plans) >= 15
    check(plans, tmp_path, capsys, "--seconds", "15")


@pytest.mark.long
def test_a_class_of_200(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plans = large_class(200)
    assert len(plans) == 200
    assert len({plan.what for plan in plans if plan.what.startswith("wrong")}) >= 20
    assert len({plan.what for plan in plans if plan.what.startswith(("hostile", "odd"))}) >= 15
    check(plans, tmp_path, capsys, "--seconds", "25", "--jobs", str(max(2, os.cpu_count() or 2)))
