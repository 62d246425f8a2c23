from __future__ import annotations

from lab20_boltzmann import figures
from lab20_boltzmann.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.rules import Rule
from labkit.rubric.verdict import Status, Verdict

_ = texts(__file__)

FUNCTIONS = ("energy", "probabilities", "gibbs", "statistics", "learn")
FUNCTIONS += ("hidden_probabilities", "visible_probabilities", "free_energy", "pseudo_likelihood")
FUNCTIONS += ("reconstruction_error", "dream", "contrast", "train", "with_keras")

_READY = ("keras", "tensorflow", "torch", "jax", "scipy", "sklearn")


def _both(*functions: str) -> Rule:
    """Both functions are right; the first that is not has the word."""

    def rule(evidence: Evidence) -> Verdict:
        verdicts = [agrees(function)(evidence) for function in functions]
        lost = [verdict for verdict in verdicts if verdict.status is not Status.PASSED]
        return (lost or verdicts)[0]

    return rule


def _learns(evidence: Evidence) -> Verdict:
    """Whether digits that the machine never saw have become likelier to it, and their errors fewer."""
    ran = agrees("train", ("from_particles",), rtol=1e-4, atol=1e-6)(evidence)
    if ran.status is not Status.PASSED:
        return ran
    machine, errors = figures.trained(evidence), figures.errors(evidence)
    if machine is None or errors is None:
        return Verdict.failed(
            _("train(), case digits: it returned no weights and errors of the right shape.")
        )
    fresh = figures.fresh(evidence)
    before = figures.pseudo(*evidence.answer("train", "digits").arguments[0], fresh)
    after = figures.pseudo(*machine, fresh)
    found = {"before": f"{before:.1f}", "after": f"{after:.1f}"}
    if after > 0.8 * before and errors[-1] < 0.75 * errors[0]:
        return Verdict.passed(
            _("The pseudo-likelihood of digits it never saw rose from {before} to {after}.", **found)
        )
    return Verdict.failed(
        _(
            "The pseudo-likelihood of digits it never saw went from {before} to {after}, the error of "
            "the reconstructions from {first} to {last}; expected both to get much better.",
            **found,
            first=f"{errors[0]:.3f}",
            last=f"{errors[-1]:.3f}",
        )
    )


LAB = Lab(
    number=20,
    slug="boltzmann",
    title=_("Machines that dream"),
    chapter=_("Neurons, memories and energy"),
    order=190,
    minutes=150,
    seconds=10,
    teaches=_("partition function, Gibbs sampling, contrastive divergence"),
    builds_on=(7, 11),
    budget=Budget(cpu_seconds=90),
    by_hand=ByHand(FUNCTIONS, cases),
    datasets=("mnist",),
    checks=(
        Check(
            "energy",
            title=_("Every state has its energy, biases included"),
            points=0.5,
            rule=agrees("energy"),
            hint=_(
                "The double sum counts each pair twice. Does the sum of the biases have a half too?"
            ),
        ),
        Check(
            "probabilities",
            title=_("Energies make probabilities, and these sum to one"),
            points=0.5,
            needs=("energy",),
            rule=agrees("probabilities", ("worked_example", "ten_units")),
            hint=_(
                "Is a state of low energy probable or improbable? In which order do the states come?"
            ),
        ),
        Check(
            "large",
            title=_("They do so for energies in the thousands as well"),
            points=0.5,
            needs=("probabilities",),
            rule=agrees("probabilities", ("large",), atol=1e-12),
            hint=_(
                "Only differences of energies matter. What if the lowest is taken for the zero level?"
            ),
        ),
        Check(
            "gibbs",
            title=_("Gibbs sampling visits one unit after the other"),
            points=1,
            rule=agrees("gibbs"),
            hint=_(
                "By what does the second unit decide: by what the first was, or by what it has just "
                "become? And is a number of 0.5 below a probability of 0.5?"
            ),
        ),
        Check(
            "statistics",
            title=_("Means of units and of pairs are weighed by probability"),
            points=0.5,
            rule=agrees("statistics"),
            hint=_("How much does a state of probability 0 count? And is a unit a pair with itself?"),
        ),
        Check(
            "learn",
            title=_("It learns by the data's statistics minus the model's"),
            points=1,
            needs=("probabilities", "statistics"),
            rule=agrees("learn"),
            hint=_(
                "Do the model's statistics belong to the couplings of this step? Which of the two "
                "distributions stands before the logarithm?"
            ),
        ),
        Check(
            "units",
            title=_("Hidden units follow the visible ones, and the other way round"),
            points=0.5,
            rule=_both("hidden_probabilities", "visible_probabilities"),
            hint=_("One matrix for both ways. Which way does it have to be transposed?"),
        ),
        Check(
            "free_energy",
            title=_("The free energy sums over all hidden states"),
            points=0.5,
            rule=agrees("free_energy", ("worked_example", "hidden")),
            hint=_("A machine without any weights gives -ln 2 for each hidden unit: mind the sign."),
        ),
        Check(
            "free_large",
            title=_("It does so for large sums as well"),
            points=0.5,
            needs=("free_energy",),
            rule=agrees("free_energy", ("large",)),
            hint=_("What is ln(1 + exp(a)) nearly, for a = 2000? NumPy has a function for it."),
        ),
        Check(
            "pseudo",
            title=_("The pseudo-likelihood compares a sample with a neighbour"),
            points=0.5,
            needs=("free_energy",),
            rule=agrees("pseudo_likelihood"),
            hint=_(
                "If flipping makes the free energy rise, the sample is a good one. One unit in each "
                "row, and all V of them are spoken for."
            ),
        ),
        Check(
            "reconstruction",
            title=_("A reconstruction goes up and down again"),
            points=0.5,
            needs=("units",),
            rule=agrees("reconstruction_error"),
            hint=_("Probabilities both ways, and a mean over everything: rows as well as units."),
        ),
        Check(
            "dream",
            title=_("A dream draws hidden and visible units in turn"),
            points=0.5,
            needs=("units",),
            rule=agrees("dream"),
            hint=_("Each step begins where the last one ended. Are they zeros and ones that go on?"),
        ),
        Check(
            "contrast",
            title=_("What it should learn: the data minus the dream"),
            points=0.5,
            needs=("units",),
            rule=agrees("contrast"),
            hint=_("There may be more dreams than data. What is each of the two divided by?"),
        ),
        Check(
            "divergence",
            title=_("Contrastive divergence makes the right steps"),
            points=0.5,
            needs=("reconstruction", "dream", "contrast"),
            rule=agrees("train", ("from_the_data",), rtol=1e-4, atol=1e-6),
            hint=_("Do data and dream see the same weights? And which rows are in this batch?"),
        ),
        Check(
            "persistent",
            title=_("Persistent particles go on from where they were left"),
            points=0.5,
            needs=("reconstruction", "dream", "contrast"),
            rule=agrees("train", ("from_particles",), rtol=1e-4, atol=1e-6),
            hint=_("Where are the particles after a batch, and where does the next dream begin?"),
        ),
        Check(
            "learns",
            title=_("Trained on digits, it finds new digits probable"),
            points=0.5,
            needs=("persistent",),
            rule=_learns,
            hint=_("Does it make every step of every epoch that it is given numbers for?"),
        ),
        Check(
            "keras",
            title=_("Two layers of Keras say the same"),
            points=0.5,
            rule=agrees("with_keras", rtol=1e-4, atol=1e-6, made_with="keras"),
            hint=_(
                "A Dense layer multiplies inputs by its kernel. What is the kernel on the way down?"
            ),
        ),
        Check(
            "own_work",
            title=_("It is made of NumPy's sums and products"),
            points=0.5,
            needs=("probabilities", "units"),
            rule=without(*_READY, besides=("with_keras",)),
            hint=_("Everything is a sum, a product of matrices or a comparison. The sigmoid is given."),
        ),
    ),
    figures=(
        Figure(
            "machine",
            title=_("Counted and sampled"),
            draw=figures.machine,
            caption=_(
                "The twenty most probable of 1,024 states of ten units: by your sum over all of them, "
                "and how often your chains were there."
            ),
        ),
        Figure(
            "filters",
            title=_("What hidden units look for"),
            draw=figures.filters,
            caption=_(
                "The strongest forty columns of your couplings, as images. Light pixels switch a "
                "hidden unit on, dark ones off: pieces of strokes beside the paper around them."
            ),
        ),
        Figure(
            "fantasies",
            title=_("Dreams of digits"),
            draw=figures.fantasies,
            caption=_(
                "Your twelve first particles. They begin at digits and then never see one again; what "
                "they dream is all the machine's own. The last row has their probabilities in place of "
                "draws."
            ),
        ),
        Figure(
            "free_energies",
            title=_("Digits it never saw, and noise"),
            draw=figures.free_energies,
            caption=_(
                "The noise takes each pixel from another digit. To the untrained machine the two are "
                "alike on average; to yours digits lie far lower, so they are far more probable."
            ),
        ),
    ),
)
