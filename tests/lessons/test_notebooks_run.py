"""Every chapter's notebook runs from top to bottom, and prints what it shows. One kernel serves them all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager
from nbclient import NotebookClient

from chapters.lessons.notebook import notebook
from tests.lessons.texts import NAMES, judgements, lesson

SECONDS_FOR_A_CELL = 60


@pytest.fixture(scope="module")
def kernel() -> Iterator[KernelManager]:
    with tempfile.TemporaryDirectory(dir="/tmp" if Path("/tmp").is_dir() else None) as folder:
        manager = KernelManager(transport="ipc", connection_file=str(Path(folder) / "kernel.json"))
        manager.start_kernel(cwd=folder)
        yield manager
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_runs_and_prints_what_it_shows(name: str, kernel: KernelManager) -> None:
    made = nbformat.reads(notebook(lesson(name), judgements=judgements(name)), as_version=4)
    expected = [_printed(cell) for cell in made.cells]
    made.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    NotebookClient(made, km=kernel, timeout=SECONDS_FOR_A_CELL).execute()
    for cell, shown in zip(made.cells[1:], expected, strict=True):
        assert _printed(cell) == shown, cell.source
        drawn = [out for out in cell.get("outputs", []) if out.output_type == "execute_result"]
        assert all("image/svg+xml" in out.data for out in drawn if "draw(" in cell.source)


def _printed(cell: nbformat.NotebookNode) -> str:
    """What a cell prints; a kernel may send it in several pieces."""
    streams = [out.text for out in cell.get("outputs", []) if out.output_type == "stream" and out.name == "stdout"]
    return "\n".join(line.rstrip() for line in "".join(streams).strip("\n").splitlines())
