"""Lab 17's game against Gymnasium's CartPole-v1, and the rubric's against both."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric import find
from labkit.rubric.evidence import Answer

LAB = find.lab("lab17")  # puts its folder where the imports below find it

from lab17_neuroevolution import cases, judging, pole  # noqa: E402

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def solution() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lab17_solution", find.solution(LAB))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def environment() -> Any:
    return gymnasium.make("CartPole-v1")


def _players(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Networks that fall soon and some that last, and a start for each."""
    generator = np.random.default_rng(seed)
    crowd = cases._players(generator)[:: 500 // count][:count]
    return crowd, cases.starts(generator, count)


def _game(environment: Any, genes: np.ndarray, start: np.ndarray, answers: Any) -> np.ndarray:
    """The states of one game in the environment, decided by `answers` on exact states."""
    environment.reset()
    cart = environment.unwrapped
    cart.state, states, over = start.copy(), [start], False
    while not over:
        push = int(np.asarray(answers(genes[None], states[-1][None]))[0, 0] > 0)
        _seen, _reward, fell, late, _more = environment.step(push)
        over = fell or late
        states.append(cart.state)
    return np.array(states)


def test_the_environment_has_the_numbers_of_the_handout(environment: Any) -> None:
    cart = environment.unwrapped
    assert (cart.gravity, cart.masscart, cart.masspole, cart.length) == (9.8, 1.0, 0.1, 0.5)
    assert (cart.force_mag, cart.tau, cart.x_threshold) == (10.0, pole.STEP, 2.4)
    assert cart.theta_threshold_radians == pytest.approx(np.radians(12))
    assert cart.kinematics_integrator == "euler"
    assert environment.spec.max_episode_steps == pole.STEPS


@given(SEEDS)
def test_a_step_is_that_of_the_environment(seed: int) -> None:
    generator = np.random.default_rng(seed)
    state = generator.uniform(-1, 1, 4) * [2.4, 5, 0.2, 5]
    push = int(generator.integers(2))
    cart: Any = gymnasium.make("CartPole-v1").unwrapped
    cart.reset(seed=0)
    cart.state = state.copy()
    _seen, _reward, fell, _late, _more = cart.step(push)
    moved = pole.moved(state, np.array(push == 1))
    np.testing.assert_allclose(moved, cart.state, rtol=1e-12, atol=1e-13)
    assert bool(pole.standing(moved)) != fell


def test_the_solution_steps_as_the_environment_does(solution: ModuleType, environment: Any) -> None:
    genes, starts = _players(1, 20)
    for one, start in zip(genes, starts):
        states = _game(environment, one, start, solution.answers)
        right = np.asarray(solution.answers(one[None], states[:-1]))[0] > 0
        moved = np.asarray(solution.step(states[:-1], right))
        np.testing.assert_allclose(moved, states[1:], rtol=1e-12, atol=1e-13)
        over = np.asarray(solution.fallen(states[1:]))
        assert not over[:-1].any()
        assert over[-1] or len(over) == pole.STEPS


def test_whole_games_last_as_long_as_in_the_environment(solution: ModuleType, environment: Any) -> None:
    genes, starts = _players(2, 20)
    lasted = np.diagonal(np.asarray(solution.play(genes, starts, pole.STEPS)))
    there = [
        len(_game(environment, one, start, solution.answers)) - 1 for one, start in zip(genes, starts)
    ]
    assert min(there) < 50
    assert max(there) > 150
    sure = judging._SURE  # beyond, rounding decides when a game ends
    assert np.minimum(lasted, sure).tolist() == np.minimum(there, sure).tolist()


def test_five_hundred_networks_play_five_hundred_steps_in_one_graph(solution: ModuleType) -> None:
    generator = np.random.default_rng(3)
    genes, starts = cases._players(generator), cases.starts(generator, 1)
    before = solution.play.experimental_get_tracing_count()
    lasted = np.asarray(solution.play(genes, starts, pole.STEPS))
    graph = solution.play.get_concrete_function(genes, starts, pole.STEPS).graph
    kinds = [operation.type for operation in graph.get_operations()]
    assert lasted.shape == (500, 1)
    assert lasted.max() == pole.STEPS
    assert kinds.count("While") + kinds.count("StatelessWhile") == 1
    assert len(kinds) < 100  # no copy of the step for each of the 500
    assert solution.play.experimental_get_tracing_count() == before + 1


def test_the_rubric_and_the_solution_play_alike(solution: ModuleType) -> None:
    genes, starts = _players(4, 50)
    mine = np.minimum(np.asarray(solution.play(genes, starts, pole.STEPS)), judging._SURE)
    theirs = np.minimum(pole.lengths(genes, starts), judging._SURE)
    assert (mine != theirs).mean() < 0.01


@given(SEEDS)
def test_a_course_is_as_long_as_its_game(seed: int) -> None:
    genes, starts = _players(seed, 5)
    lasted = pole.lengths(genes[:1], starts[:1], 80).item()
    states = pole.course(genes[0], starts[0], 80)
    assert len(states) == lasted + 1
    assert pole.standing(states[:-1]).all()
    assert lasted == 80 or not pole.standing(states[-1])


def test_a_game_may_differ_late_but_not_early() -> None:
    right = np.full((10, 10), 450)
    verdicts = []
    for steps in (449, 60):
        mine = right.copy()
        mine[:3] = steps
        evidence = _one_play(mine, right)
        verdicts.append(judging.plays()(evidence).full)
    assert verdicts == [True, False]


def test_a_champion_that_is_no_network_is_none() -> None:
    genes = np.zeros((6, 25))
    for returned in (None, (), (np.zeros(24),), (np.full(25, np.nan),), (np.array("a"),)):
        assert judging.champion(Answer("one", (genes,), returned, None)) is None
    assert judging.champion(Answer("one", (genes,), (np.ones(25),), None)) is not None


def test_hidden_starts_differ_from_population_to_population() -> None:
    first, second = (
        judging.hidden_starts(
            Answer("one", (np.random.default_rng(seed).normal(size=(6, 25)),), None, None)
        )
        for seed in (1, 2)
    )
    assert not np.isclose(first, second).any()
    assert pole.standing(first).all()


def _one_play(mine: np.ndarray, right: np.ndarray) -> Any:
    """Evidence of a single call of `play`."""
    from labkit.rubric.evidence import Evidence, Step, StepState, TrainingEvidence
    from labkit.sandbox.calls import Call

    training = TrainingEvidence(
        steps=(Step("play", StepState.DONE),), returned={"play": {"population:0": mine}}
    )
    return Evidence(
        {"main": training},
        calls=(Call("play", "population", (np.zeros((10, 25)), np.zeros((10, 4)), 500)),),
        expected={"play": {"population:0": right}},
    )
