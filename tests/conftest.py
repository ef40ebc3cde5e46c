"""What every test is held to."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


class _Failing(logging.Handler):
    """A fault of ours that has cost a hint only: a person still gets the verdict, a test fails."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(f"A hint was lost: {record.getMessage()}") from (record.exc_info or (None, None))[1]


@pytest.fixture(autouse=True, scope="session")
def _no_hint_is_lost() -> Iterator[None]:
    logger, handler = logging.getLogger("derivations"), _Failing()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield
    logger.removeHandler(handler)
    logger.setLevel(level)
