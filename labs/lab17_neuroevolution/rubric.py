from __future__ import annotations

from lab17_neuroevolution import figures
from lab17_neuroevolution.cases import cases
from lab17_neuroevolution.judging import balanced, histories, plays, solved

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = ("decode", "answers", "with_keras", "fitness_xor", "best", "by_tournament", "by_rank")
FUNCTIONS += (
    "crossover",
    "mutate",
    "next_generation",
    "solve_xor",
    "step",
    "fallen",
    "play",
    "balance",
)


def _elite_first(answer: Answer) -> bool:
    """Whether the population is as large as before, and begins with the elite as it was."""
    genes, parents = answer.arguments[0], answer.arguments[2]
    spared = len(genes) - parents.shape[1]
    mine, right = answer.returned[0], answer.expected[0]
    return mine.shape == right.shape and bool((abs(mine - right)[:spared] <= 1e-9).all())


def _children_last(answer: Answer) -> bool:
    """Whether children end the population in order."""
    count = answer.arguments[2].shape[1]
    mine, right = answer.returned[0], answer.expected[0]
    return bool((abs(mine[-count:] - right[-count:]) <= 1e-9).all())


LAB = Lab(
    number=17,
    slug="neuroevolution",
    title=_("Training by genetics"),
    chapter=_("Networks that learn from data"),
    order=120,
    minutes=120,
    seconds=12,
    teaches=_("selection, crossover, mutation, a pole balanced"),
    builds_on=(13,),
    budget=Budget(cpu_seconds=240),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "decode",
            title=_("Genes become the weights of networks"),
            points=0.5,
            rule=agrees("decode"),
            hint=_("Which part comes first, and does it go through inputs or hidden neurons first?"),
        ),
        Check(
            "answers",
            title=_("A whole population answers at once"),
            points=0.5,
            needs=("decode",),
            rule=agrees("answers"),
            hint=_("Write down the axes of each product. Where does the axis of networks stand?"),
        ),
        Check(
            "keras",
            title=_("Keras gives the same answers"),
            points=0.5,
            needs=("decode",),
            rule=agrees("with_keras", rtol=1e-4, atol=1e-5, made_with="keras"),
            hint=_("Which activation has the hidden layer, and which has the output?"),
        ),
        Check(
            "fitness",
            title=_("Fitness says how well a network does XOR"),
            points=0.5,
            needs=("answers",),
            rule=agrees("fitness_xor"),
            hint=_("A network that says one half of everything has a fitness of 0.75."),
        ),
        Check(
            "best",
            title=_("Truncation takes the fittest, in order"),
            points=0.5,
            rule=agrees("best"),
            hint=_("Who comes first, and what becomes of the order of equals if you sort backwards?"),
        ),
        Check(
            "tournament",
            title=_("The fittest entrant wins the tournament"),
            points=0.5,
            rule=agrees("by_tournament"),
            hint=_("A place within the tournament is not the number of the individual."),
        ),
        Check(
            "rank",
            title=_("On the wheel of fortune, fields are as wide as ranks"),
            points=0.5,
            rule=agrees("by_rank"),
            hint=_("Whose field begins at 0? And is it fitness or rank that makes a field wide?"),
        ),
        Check(
            "crossover",
            title=_("A child has each gene from one of its parents"),
            points=0.5,
            rule=agrees("crossover"),
            hint=_("Whose gene is it where the mask is true?"),
        ),
        Check(
            "mutate",
            title=_("Mutation adds noise to some genes"),
            points=0.5,
            rule=agrees("mutate"),
            hint=_("What becomes of a gene that is not hit? And of one that is: is noise all it is?"),
        ),
        Check(
            "elite",
            title=_("The elite lives on unchanged"),
            points=0.5,
            needs=("best",),
            rule=holds(
                "next_generation",
                _elite_first,
                _("the first rows should be the fittest, unchanged, and all rows as many as before."),
            ),
            hint=_("How many are spared if all rows together are to be as many as before?"),
        ),
        Check(
            "children",
            title=_("Children are crossed, then mutated"),
            points=0.5,
            needs=("crossover", "mutate"),
            rule=holds(
                "next_generation",
                _children_last,
                _("the last rows should be the children of the given parents, in order."),
            ),
            hint=_("Which row of parents is a, which is b? What is it that mutates?"),
        ),
        Check(
            "history",
            title=_("Generation by generation, the best never gets worse"),
            points=0.5,
            needs=("fitness", "rank", "elite", "children"),
            rule=histories(),
            hint=_("When do you judge: before breeding or after? How often, for T generations?"),
        ),
        Check(
            "xor",
            title=_("Without any gradient, networks learn XOR"),
            points=0.5,
            needs=("history",),
            rule=solved(0.95),
            hint=_("Does the mean rise from generation to generation? If not, who become parents?"),
        ),
        Check(
            "step",
            title=_("Pole and cart move as mechanics wants"),
            points=0.5,
            rule=agrees("step"),
            hint=_("From rest, pushed to the right: the cart gains 0.195 m/s, the pole -0.293 rad/s."),
        ),
        Check(
            "fallen",
            title=_("It knows when the game is over"),
            points=0.5,
            rule=agrees("fallen"),
            hint=_("There are two limits, each on both sides. In which units is the angle?"),
        ),
        Check(
            "play",
            title=_("All games are played at once, each to its own end"),
            points=1,
            needs=("answers", "step", "fallen"),
            rule=plays(),
            hint=_(
                "A game that is over stays over. Does the step in which the pole falls count, as it "
                "should?"
            ),
        ),
        Check(
            "balance",
            title=_("Bred networks balance the pole, from starts they never saw"),
            points=1,
            needs=("tournament", "elite", "children", "play"),
            rule=balanced({150: 0, 375: 1}),
            hint=_("Look at the curves of fitness. Does the mean rise, or only the best?"),
        ),
        Check(
            "own_work",
            title=_("Networks and game are written out"),
            points=0.5,
            needs=("answers",),
            rule=without("keras", "gymnasium", "gym", "scipy", "sklearn", besides=("with_keras",)),
            hint=_("Sums, products and tf.tanh are enough. Where does Keras or a library step in?"),
        ),
    ),
    figures=(
        Figure(
            "fitness",
            title=_("Fitness by generation"),
            draw=figures.fitness,
            caption=_(
                "The best of each population never gets worse where fitness is exact. The mean follows "
                "slowly: most mutations do harm."
            ),
        ),
        Figure(
            "plane",
            title=_("What a bred network makes of XOR"),
            draw=figures.plane,
            caption=_("The line is where its answer is 0. Hidden neurons bend it, as in lab 13."),
        ),
        Figure(
            "film",
            title=_("The champion, at a tenth of a second a frame"),
            draw=figures.film,
            caption=_("From a start that it was not bred on: the first four seconds of its game."),
        ),
        Figure(
            "trace",
            title=_("A game, step by step"),
            draw=figures.trace,
            caption=_(
                "The champion, and a network that follows the angle alone. Beyond the dotted lines the "
                "game is over."
            ),
        ),
    ),
)
