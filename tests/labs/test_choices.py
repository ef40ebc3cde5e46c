"""Choices are known by what they say, not letter by letter."""

from __future__ import annotations

import pytest

from chapters.labs.choices import chosen
from chapters.labs.lab import labs
from chapters.labs.variants import variant

COLUMN = ("y.T", "y.reshape(-1, 1)", "y.reshape(1, -1)")
OUTER = ("u v^T", "v u^T", "u^T v", "u ⊙ v")
FITS = ("fits", "does not fit")
ZERO = ("zero", "not zero")
PLACES = ("row 2", "column 2", "bias 2")


@pytest.mark.parametrize(
    ("text", "options", "option"),
    [
        *((text, COLUMN, "y.reshape(-1, 1)") for text in (
            "y.reshape(-1,1)", "`y.reshape(-1, 1)`", "y.reshape( -1 , 1 )", "y.reshape((-1, 1))", "y.reshape([-1,1])",
            "np.reshape(y, (-1, 1))", "y[:, None]", "y[:, np.newaxis]", "y.reshape(len(y), 1)", "y.reshape(y.size,1)",
            "y.reshape(y.shape[0], 1)", "np.expand_dims(y, 1)", "np.expand_dims(y, axis=-1)", "'y.reshape(-1,1)'",
            "numpy.reshape(y,(-1,1))", "“y.reshape(-1, 1)”",
        )),
        *((text, COLUMN, "y.reshape(1, -1)") for text in (
            "y.reshape(1,-1)", "y[None, :]", "y[None]", "np.reshape(y,[1,-1])", "np.expand_dims(y, 0)",
        )),
        *((text, COLUMN, "y.T") for text in ("y.T", "y.transpose()", "np.transpose(y)", "Y.T", "y . T")),
        *((text, OUTER, "u v^T") for text in ("u v^T", "u  v^T", "uv^T", "u vᵀ", "u v^{T}", "u @ v.T", "$u v^\\top$")),
        *((text, OUTER, "u^T v") for text in ("u^T v", "uᵀ v", "u.T @ v")),
        *((text, OUTER, "u ⊙ v") for text in ("u ⊙ v", "u \\odot v", "u⊙v")),
        *((text, FITS, "does not fit") for text in ("does not fit", "Does not fit.", "doesn't fit", "doesn’t  fit",
                                                    '"does not fit"')),
        *((text, FITS, "fits") for text in ("fits", "FITS", "'fits'", "fits!")),
        *((text, ZERO, "not zero") for text in ("not zero", "non-zero", "nonzero", "not  zero")),
        *((text, PLACES, "column 2") for text in ("column 2", "column2", "Column  2", "“column 2”")),
    ],
)  # fmt: skip
def test_an_option_is_known_however_it_is_spelled(text: str, options: tuple[str, ...], option: str) -> None:
    assert chosen(text, options) == option


@pytest.mark.parametrize(
    ("text", "options"),
    [
        *((text, COLUMN) for text in ("y.reshape(-1, 2)", "y.reshape(1, 1)", "x.reshape(-1, 1)", "y", "", "y.reshape",
                                      "y.reshape(len(x), 1)", "y[:, 1]", "(" * 500, "y" * 100_000, "y.T.T")),
        *((text, OUTER) for text in ("u w^T", "v ⊙ w", "u + v", "((((u")),
        *((text, FITS) for text in ("perhaps", "fit or not fit", "no")),
        *((text, PLACES) for text in ("row", "2", "row 3", "column 2 or row 2")),
    ],
)  # fmt: skip
def test_what_is_no_option_is_none(text: str, options: tuple[str, ...]) -> None:
    assert chosen(text, options) is None


def test_each_option_of_each_lab_is_known_as_itself_and_without_its_spaces() -> None:
    count = 0
    for lab in labs():
        for part in variant(lab).parts:
            for question in part.questions:
                for option in question.options:
                    assert chosen(option, question.options) == option
                    assert chosen(f'  "{option}" ', question.options) == option
                    assert chosen(option.upper(), question.options) == option
                    count += 1
    assert count > 20
