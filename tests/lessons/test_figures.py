"""The figures: their numbers are right, and each is drawn three ways."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from chapters.lessons.figures import curves, data, draw, in_svg, in_text, names, networks
from chapters.lessons.figures.broadcast import Sum
from chapters.lessons.figures.diagrams import Diagram
from chapters.lessons.figures.plots import Plot
from derivations.rendering.text import columns

each_figure = pytest.mark.parametrize("name", names())


def shown(name: str, width: int, plain: bool = False) -> str:
    return "\n".join("".join(text for text, _ in line) for line in in_text(name, width, plain))


@each_figure
@pytest.mark.parametrize("width", [76, 56, 44])
def test_a_figure_fits_the_page(name: str, width: int) -> None:
    lines = shown(name, width).splitlines()
    assert len(lines) >= 3
    assert max(map(columns, lines)) <= width


@each_figure
def test_plain_figures_are_words_and_numbers(name: str) -> None:
    told = shown(name, 56, plain=True)
    assert not re.search("[─-▟⠀-⣿]", told)
    assert max(map(len, told.splitlines())) <= 56
    assert re.search(r"\w{3}", told)


@each_figure
def test_an_svg_stands_on_its_own(name: str) -> None:
    text = in_svg(name)
    assert text == in_svg(name), "the same every time"
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"]
    identities = [node.attrib["id"] for node in root.iter() if "id" in node.attrib]
    assert len(identities) == len(set(identities))
    assert all(identity.startswith(f"{name}-") for identity in identities)
    used = re.findall(r'(?:href="#|url\(#)([^")]+)', text)
    assert set(used) <= set(identities)
    assert "currentColor" in text
    assert "<script" not in text
    assert set(re.findall(r"https?://[\w./-]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@each_figure
def test_on_a_card_nothing_depends_on_the_page(name: str) -> None:
    assert "currentColor" not in draw(name)._repr_svg_()


def test_the_worked_example() -> None:
    diagram = data("relu-network")
    assert isinstance(diagram, Diagram)
    assert [neuron.inside for neuron in diagram.neurons] == ["3", "4", "8", "3", "46", "0"]
    hidden = np.maximum(np.array(networks.RELU_WEIGHTS[0]) @ [3, 4] + [9, -3], 0)
    assert hidden.tolist() == [8, 3]
    assert np.maximum(np.array(networks.RELU_WEIGHTS[1]) @ hidden + [5, 0], 0).tolist() == [46, 0]


def test_each_arrow_of_the_network_has_its_own_weight_named_to_from() -> None:
    diagram = networks.network()
    labels = {(arrow.start, arrow.end): arrow.label for arrow in diagram.arrows}
    assert len(set(labels.values())) == len(labels) == 9
    assert labels["x2", "h3"] == "$w^1_{32}$"
    assert labels["h3", "o"] == "$w^2_{13}$"
    assert "w¹₃₂" in shown("network", 76)


def test_broadcasting_is_numpys() -> None:
    figure = data("broadcast")
    assert isinstance(figure, Sum)
    assert figure.total == ((11, 12, 13), (21, 22, 23))


def test_gradients_vanish_explode_or_stay() -> None:
    norms = {way: curves.gradient_norm_by_layer(*way) for way in curves.WAYS_TO_BEGIN}
    assert norms["sigmoid", "small"][0] < 1e-12 < 1 < norms["sigmoid", "small"][-1]
    assert norms["tanh", "normal"][0] > 100 * norms["tanh", "normal"][-1]
    for way in (("tanh", "xavier"), ("relu", "he")):
        assert max(norms[way]) < 10 * min(norms[way])


def test_equal_weights_stay_equal_and_random_ones_do_not() -> None:
    equal, drawn = curves.symmetry().panels
    first, *others = (np.array(one.y) for one in equal.series)
    assert all(np.allclose(first, other, atol=1e-12) for other in others)
    assert equal.series[0].y[0] != equal.series[0].y[-1], "they learn"
    assert len({one.y for one in drawn.series}) == 3
    for panel in (equal, drawn):
        low, high = panel.y_range
        assert all(low <= value <= high for one in panel.series for value in one.y)


def test_only_the_cross_entropy_keeps_its_error() -> None:
    entropy, square = curves.softmax_saturation().panels[0].series
    assert entropy.y[-1] == pytest.approx(np.sqrt(2.0), rel=1e-3)
    assert square.y[-1] < 1e-4


def test_the_cost_falls_and_more_steps_fall_further() -> None:
    series = curves.loss_curve().panels[0].series
    for one in series:
        assert all(after < before for before, after in zip(one.y, one.y[1:], strict=False))
    assert series[0].y[-1] > series[1].y[-1] > series[2].y[-1]


def test_each_way_down_the_valley_gets_down() -> None:
    for panel in curves.optimisers().panels:
        (path,) = panel.series
        (left, right), (low, high) = panel.x_range, panel.y_range
        assert all(left <= x <= right and low <= y <= high for x, y in zip(path.x, path.y, strict=True))
        start, end = ((path.x[k] ** 2 + 25 * path.y[k] ** 2) / 2 for k in (0, -1))
        assert end < start / 50


def test_slopes_are_the_functions_slopes() -> None:
    plot = data("activations")
    assert isinstance(plot, Plot)
    for panel in plot.panels[:2]:
        function, slope = panel.series
        found = np.gradient(np.array(function.y), np.array(function.x))
        assert np.allclose(found[1:-1], slope.y[1:-1], atol=5e-3)


def test_a_mask_switches_off_what_it_covers() -> None:
    diagram = networks.dropout()
    off = {neuron.name for neuron in diagram.neurons if neuron.off}
    assert 0 < len(off) < 6
    assert all(arrow.off == (bool({arrow.start, arrow.end} & off)) for arrow in diagram.arrows)
