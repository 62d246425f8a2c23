from __future__ import annotations

from lab09_hodgkin_huxley import figures
from lab09_hodgkin_huxley.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = (
    "quotient",
    "rates_m",
    "rates_h",
    "rates_n",
    "steady_state",
    "currents",
    "derivatives",
    "euler_step",
    "rk4_step",
    "simulate",
    "spike_times",
    "firing_rate",
    "step_errors",
    "convergence_order",
    "run_layer",
    "rate_slopes",
)

LAB = Lab(
    number=9,
    slug="hodgkin_huxley",
    title=_("The neuron itself"),
    chapter=_("Neurons, memories and energy"),
    order=170,
    minutes=120,
    seconds=5,
    teaches=_("Hodgkin-Huxley, Euler, RK4, order of convergence"),
    builds_on=(10,),
    budget=Budget(cpu_seconds=60),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "quotient",
            title=_("quotient() has a value where it is 0/0"),
            points=0.5,
            rule=agrees("quotient"),
            hint=_("What is (1 - e^-x) close to where x is small, and so what is x divided by it?"),
        ),
        Check(
            "rates_m",
            title=_("The gate m opens and closes at the right rates"),
            points=0.5,
            needs=("quotient",),
            rule=agrees("rates_m"),
            hint=_("At -40 mV the rates are 1 and 0.997 per ms. Which of yours is not?"),
        ),
        Check(
            "rates_h",
            title=_("The gate h opens and closes at the right rates"),
            points=0.5,
            rule=agrees("rates_h"),
            hint=_("At rest, -65 mV, α is 0.07 per ms. At -35 mV, β is 0.5 per ms."),
        ),
        Check(
            "rates_n",
            title=_("The gate n opens and closes at the right rates"),
            points=0.5,
            needs=("quotient",),
            rule=agrees("rates_n"),
            hint=_("0.01 (V + 55) is how many times (V + 55) / 10?"),
        ),
        Check(
            "steady_state",
            title=_("After a long time each gate is where it opens as often as it closes"),
            points=0.5,
            needs=("rates_m", "rates_h", "rates_n"),
            rule=agrees("steady_state"),
            hint=_("Set α (1 - x) equal to β x and solve it for x."),
        ),
        Check(
            "currents",
            title=_("Sodium, potassium and leak carry the right currents"),
            points=0.5,
            rule=agrees("currents"),
            hint=_("Three gates m and one h, four gates n. At V = E_K, which current has to be 0?"),
        ),
        Check(
            "derivatives",
            title=_("V, m, h and n change as the equations say"),
            points=1,
            needs=("rates_m", "rates_h", "rates_n", "currents"),
            rule=agrees("derivatives"),
            hint=_("An outward current is positive. Does it raise the potential inside, or lower it?"),
        ),
        Check(
            "euler_step",
            title=_("Euler's method goes straight on for one step"),
            points=0.5,
            needs=("derivatives",),
            rule=agrees("euler_step"),
            hint=_("How far do you get in dt ms if you change by so much per ms?"),
        ),
        Check(
            "rk4_step",
            title=_("Runge and Kutta look ahead three times"),
            points=1,
            needs=("derivatives",),
            rule=agrees("rk4_step"),
            hint=_(
                "From where, and how far, do you go to find each of the four slopes? Their weights?"
            ),
        ),
        Check(
            "simulate",
            title=_("Step by step, by Euler's method"),
            points=1,
            needs=("steady_state", "euler_step"),
            rule=agrees("simulate", ("euler",), atol=1e-4),
            hint=_(
                "Row 0 is the state before any step. Which row of current leads from row k to k + 1?"
            ),
        ),
        Check(
            "action_potential",
            title=_("Action potentials, threshold and refractory period, by Runge and Kutta"),
            points=0.5,
            needs=("simulate", "rk4_step"),
            rule=agrees("simulate", ("rk4", "pulses", "two_pulses"), atol=1e-4),
            hint=_("Which step does your simulation take when it is asked for rk4?"),
        ),
        Check(
            "spike_times",
            title=_("A spike has a time between two samples"),
            points=0.5,
            rule=agrees("spike_times"),
            hint=_("One crossing on the way up for each spike. Where does the straight line meet 0?"),
        ),
        Check(
            "firing_rate",
            title=_("The firing rate jumps from nothing to fifty a second"),
            points=0.5,
            needs=("action_potential", "spike_times"),
            rule=agrees("firing_rate", rtol=0.01, atol=0.1),
            hint=_("It is made of the intervals between spikes, not of how many fit into the time."),
        ),
        Check(
            "step_errors",
            title=_("The error of both methods is measured against half the step"),
            points=0.5,
            needs=("action_potential",),
            rule=agrees("step_errors", rtol=1e-3, atol=1e-8),
            hint=_(
                "Both simulations last as long. Every how many samples of the finer one do they meet?"
            ),
        ),
        Check(
            "convergence_order",
            title=_("The order of a method is a slope"),
            points=0.5,
            rule=agrees("convergence_order", rtol=1e-4),
            hint=_(
                "Take the logarithm of error = c · dt^p. Which line do you have to fit, through what?"
            ),
        ),
        Check(
            "layer",
            title=_("As a Keras layer, a neuron is a cell of a recurrent network"),
            points=0.5,
            needs=("steady_state", "euler_step"),
            rule=agrees("run_layer", rtol=1e-4, atol=1e-3),
            hint=_(
                "You write Neuron.call. Neurons are rows there, columns in your functions; and then?"
            ),
        ),
        Check(
            "gradients",
            title=_("The rates have gradients everywhere"),
            points=0.5,
            needs=("rates_m", "rates_n"),
            rule=agrees("rate_slopes", rtol=1e-4, atol=1e-6),
            hint=_("A gradient also passes through what xp.where did not choose. What is 0/0 there?"),
        ),
    ),
    figures=(
        Figure(
            "spike",
            title=_("An action potential and its gates"),
            draw=figures.spike,
            caption=_(
                "First m opens and sodium lifts the potential; then h closes, n opens, and it falls."
            ),
        ),
        Figure(
            "currents",
            title=_("The currents that make it"),
            draw=figures.currents,
            caption=_(
                "Sodium flows in, below 0; potassium flows out. At the end little is left of them."
            ),
        ),
        Figure(
            "gates",
            title=_("The gates at every potential"),
            draw=figures.gates,
            caption=_(
                "Where each gate goes, and how fast: m is the quick one, h and n take their time."
            ),
        ),
        Figure(
            "refractory",
            title=_("Threshold and refractory period"),
            draw=figures.refractory,
            caption=_(
                "Left, pulses of 1 ms: a spike is all or nothing. Right, a second pulse after a first "
                "one: too early, and none is strong enough; a little later, it takes a stronger one."
            ),
        ),
        Figure(
            "firing",
            title=_("Firing rate against current"),
            draw=figures.firing,
            caption=_("Below a certain current it falls silent (crosses); just above, it fires fast."),
        ),
        Figure(
            "convergence",
            title=_("Order of convergence"),
            draw=figures.convergence,
            caption=_(
                "Half the step: half the error for Euler, about a sixteenth for Runge and Kutta."
            ),
        ),
    ),
)
