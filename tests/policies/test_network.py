"""Doctrine networks: plain tanh layers, and heuristics as a special case of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds
from numpy.typing import NDArray
from policies.members import some_network

from ssa_psro.game import FEATURES, SUMMARY, CoverageGame
from ssa_psro.policies import HEURISTICS, ConstantDoctrine, DoctrineNetwork, make_policy, play


def as_network(weights: NDArray[np.float64]) -> DoctrineNetwork:
    """A network with zero head weights and the doctrine as its bias; the hidden part is random."""
    parameters = dict(some_network(3).parameters)
    parameters["actor.head.weight"] = np.zeros_like(parameters["actor.head.weight"])
    parameters["actor.head.bias"] = weights.astype(np.float32)
    return DoctrineNetwork("embedded", parameters)


@pytest.mark.parametrize("name", HEURISTICS)
def test_a_heuristic_is_a_network(name: str) -> None:
    """The same episodes bit for bit, once its weights are rounded to single precision."""
    game, seeds = CoverageGame(make_arena(2)), some_seeds(6)
    weights = make_policy(name).weights
    rounded = ConstantDoctrine(name, tuple(weights.astype(np.float32).astype(np.float64)))
    opponent = make_policy("random")
    expected = play(game, rounded, opponent, seeds)
    found = play(game, as_network(weights), opponent, seeds)
    np.testing.assert_array_equal(found.payoffs, expected.payoffs)
    for statistic, numbers in expected.statistics.items():
        np.testing.assert_array_equal(found.statistics[statistic], numbers, statistic)


def test_the_forward_pass_by_hand() -> None:
    network = some_network(5, hidden=(3, 2))
    summary = np.random.default_rng(0).random((4, len(SUMMARY))).astype(np.float32)
    found = network.weights(summary)
    parameters = {name: array.astype(float) for name, array in network.parameters.items()}
    for row, expected_row in zip(summary, found, strict=True):
        layer = [float(x) for x in row]
        for index in range(2):
            weight, bias = (parameters[f"actor.{index}.{kind}"] for kind in ("weight", "bias"))
            layer = [math.tanh(np.dot(w, layer) + b) for w, b in zip(weight, bias, strict=True)]
        head = parameters["actor.head.weight"] @ np.array(layer) + parameters["actor.head.bias"]
        np.testing.assert_allclose(expected_row, np.clip(head, -1, 1), atol=1e-5)


def test_weights_are_clipped_single_precision() -> None:
    parameters = dict(some_network(1).parameters)
    parameters["actor.head.weight"] = parameters["actor.head.weight"] * 100
    network = DoctrineNetwork("wild", parameters)
    weights = network.weights(np.random.default_rng(1).random((50, len(SUMMARY)), np.float32))
    assert weights.shape == (50, len(FEATURES))
    assert weights.dtype == np.float32
    assert np.abs(weights).max() == 1
    assert (np.abs(weights) < 1).any()


def test_a_linear_network_needs_no_hidden_layer() -> None:
    head = np.eye(len(FEATURES), len(SUMMARY), dtype=np.float32)
    bias = np.zeros(len(FEATURES), np.float32)
    network = DoctrineNetwork("linear", {"actor.head.weight": head, "actor.head.bias": bias})
    summary = np.random.default_rng(2).random((3, len(SUMMARY)), np.float32)
    found = network.weights(summary)
    np.testing.assert_allclose(found[:, : len(SUMMARY)], summary, rtol=1e-6)
    assert not found[:, len(SUMMARY) :].any()


def test_only_the_actor_plays() -> None:
    game, seeds = CoverageGame(make_arena(2)), some_seeds(4)
    network, opponent = some_network(7), make_policy("reactive")
    actor = {key: array for key, array in network.parameters.items() if key.startswith("actor.")}
    expected = play(game, network, opponent, seeds).payoffs
    found = play(game, DoctrineNetwork("actor", actor), opponent, seeds).payoffs
    np.testing.assert_array_equal(found, expected)


def test_a_network_changes_its_doctrine_with_the_situation() -> None:
    game, network = CoverageGame(make_arena(2)), some_network(7)
    state = game.start(some_seeds(4))
    first = network.act(game.view(state, 0))
    game.advance(state, first, first)
    second = network.act(game.view(state, 0))
    assert np.abs(first.doctrine - second.doctrine).max() > 0.01
    assert np.abs(first.doctrine[0] - first.doctrine[1]).max() > 0.01


def test_a_network_is_constant_if_its_head_ignores_what_it_sees() -> None:
    assert as_network(make_policy("aggressive").weights).constant
    assert not some_network(3).constant


def test_a_squashed_head_is_bounded_by_a_tanh() -> None:
    plain = some_network(5)
    squashed = DoctrineNetwork("squashed", {**plain.parameters, "squash": np.ones(1, np.float32)})
    summary = np.random.default_rng(0).random((20, len(SUMMARY)), np.float32)
    small = {**plain.parameters, "actor.head.weight": plain.parameters["actor.head.weight"] / 100}
    small["actor.head.bias"] = plain.parameters["actor.head.bias"] / 100
    unclipped = DoctrineNetwork("small", small).weights(summary) * 100
    np.testing.assert_allclose(squashed.weights(summary), np.tanh(unclipped), atol=1e-4)
