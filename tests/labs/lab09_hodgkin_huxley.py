"""Wrong answers to lab 9, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant


def _mutant(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _mutant(
        "nothing_at_the_gap",
        {"quotient"},
        (
            "    return xp.where(near, 1 + x / 2, safe / (1 - xp.exp(-safe)))",
            "    return x / (1 - xp.exp(-x))",
        ),
    ),
    _mutant(
        "the_gap_is_filled_too_late",
        {"gradients"},
        ("safe / (1 - xp.exp(-safe))", "x / (1 - xp.exp(-x))"),
    ),
    _mutant(
        "m_as_in_1952",
        {"rates_m"},
        (
            "quotient((v + 40) / 10, xp), 4 * xp.exp(-(v + 65) / 18)",
            "quotient((v - 25) / 10, xp), 4 * xp.exp(-v / 18)",
        ),
    ),
    _mutant("h_without_its_minus", {"rates_h"}, ("xp.exp(-(v + 35) / 10)", "xp.exp((v + 35) / 10)")),
    _mutant("n_a_tenth", {"rates_n"}, ("0.1 * quotient(", "0.01 * quotient(")),
    _mutant("closed_for_open", {"steady_state"}, ("a / (a + b) for a, b", "b / (a + b) for a, b")),
    _mutant("one_gate_m_too_few", {"currents"}, ("G_NA * m**3 * h", "G_NA * m**2 * h")),
    _mutant(
        "outward_lifts_the_potential",
        {"derivatives"},
        ("current - sodium - potassium - leak", "current + sodium + potassium + leak"),
    ),
    _mutant(
        "gates_never_close",
        {"derivatives"},
        ("alpha * (1 - state[gate]) - beta * state[gate]", "alpha * (1 - state[gate])"),
    ),
    _mutant(
        "euler_forgets_how_long",
        {"euler_step"},
        (
            "return state + dt * derivatives(state, current, xp)",
            "return state + derivatives(state, current, xp)",
        ),
    ),
    _mutant(
        "euler_changes_what_it_was_given",
        {"simulate"},
        (
            "    return state + dt * derivatives(state, current, xp)",
            "    state += dt * derivatives(state, current, xp)\n    return state",
        ),
    ),
    _mutant("last_slope_at_half_time", {"rk4_step"}, ("state + dt * k3", "state + dt / 2 * k3")),
    _mutant(
        "equal_weights",
        {"rk4_step"},
        ("dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)", "dt / 4 * (k1 + k2 + k3 + k4)"),
    ),
    _mutant(
        "no_first_state", {"simulate"}, ("return np.array(states)\n", "return np.array(states[1:])\n")
    ),
    _mutant(
        "current_one_step_early",
        {"simulate"},
        ("for row in current:\n", "for row in np.vstack([current[1:], current[-1:]]):\n"),
    ),
    _mutant(
        "always_euler",
        {"action_potential"},
        ('step = euler_step if method == "euler" else rk4_step', "step = euler_step"),
    ),
    _mutant(
        "crossings_down_as_well",
        {"spike_times"},
        ("(v[:-1] < 0) & (v[1:] >= 0)", "(v[:-1] < 0) != (v[1:] < 0)"),
    ),
    _mutant("times_of_samples", {"spike_times"}, ("(k + v[k] / (v[k] - v[k + 1])) * dt", "k * dt")),
    _mutant(
        "spikes_counted_not_timed",
        {"firing_rate"},
        ("1000 / np.mean(np.diff(times)) if", "1000 * len(times) / (duration - skip) if"),
    ),
    _mutant(
        "wrong_samples_meet",
        {"step_errors"},
        ("potential(dt / 2)[::2]", "potential(dt / 2)[: round(duration / dt) + 1]"),
    ),
    _mutant(
        "signed_errors",
        {"step_errors"},
        (
            "np.max(np.abs(potential(dt) - potential(dt / 2)[::2]))",
            "np.max(potential(dt) - potential(dt / 2)[::2])",
        ),
    ),
    _mutant(
        "two_ends_make_a_line",
        {"convergence_order"},
        (
            "float(np.polyfit(np.log(steps), np.log(errors), 1)[0])",
            "float(np.log(errors[0] / errors[-1]) / np.log(steps[0] / steps[-1]))",
        ),
    ),
    _mutant(
        "a_line_without_logarithms",
        {"convergence_order"},
        ("np.polyfit(np.log(steps), np.log(errors), 1)", "np.polyfit(steps, errors, 1)"),
    ),
    _mutant(
        "the_layer_gives_the_old_state",
        {"layer"},
        ("return state[:, :1], [state]", "return states[0][:, :1], [state]"),
    ),
    _mutant(
        "the_layer_forgets_its_state",
        {"layer"},
        ("return state[:, :1], [state]", "return state[:, :1], states"),
    ),
)
