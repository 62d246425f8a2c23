"""Lab 16: what is looked at."""

from __future__ import annotations

from lab16_family_tree import figures
from lab16_family_tree.cases import SHOWN, cases
from lab16_family_tree.family import make
from lab16_family_tree.judging import converges, every_draw_answers, generalizes, share_right

from labkit.i18n import texts
from labkit.rubric import rules
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import FIVE_STEPS, Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import RepeatedHoldOut

_ = texts(__file__)

_PARAMETERS = 700

_FUNCTIONS = ("kin", "answers", "questions", "one_hot", "forward", "cost", "backward", "update")
_FUNCTIONS += ("learn", "right", "explained", "with_keras")

_BY_HAND = (
    Check(
        "kin",
        title=_("kin() finds parents, spouses, siblings, uncles and aunts"),
        points=0.75,
        rule=agrees("kin"),
        hint=_("Whom does -1 name, if it is used as a number? And who is nobody's own sibling?"),
    ),
    Check(
        "answers",
        title=_("answers() has a table for each of the twelve relations"),
        points=0.5,
        rule=agrees("answers"),
        hint=_("Column j is who answers. Whose sex decides between uncle and aunt: theirs, or i's?"),
    ),
    Check(
        "questions",
        title=_("questions() lists what can be asked, with shares of the answers"),
        points=0.5,
        rule=agrees("questions"),
        hint=_("Hinton's trees have 104 rows and 112 answers. Which column comes first in a row?"),
    ),
    Check(
        "one_hot",
        title=_("one_hot() marks the place of each number"),
        points=0.25,
        rule=agrees("one_hot"),
        hint=_("Which row of the identity matrix has its 1 in column k?"),
    ),
    Check(
        "forward",
        title=_("forward() gives what every layer says"),
        points=0.5,
        needs=("one_hot",),
        rule=agrees("forward", ("worked_example", "other_sizes", "hintons_trees"), atol=1e-6),
        hint=_("Work the example through: which layers have a tanh, and which one has nothing at all?"),
    ),
    Check(
        "large",
        title=_("It does so when net inputs are in the thousands"),
        points=0.25,
        needs=("forward",),
        rule=agrees("forward", ("large",), atol=1e-6),
        hint=_("What becomes of a softmax if one number is subtracted from all net inputs of a row?"),
    ),
    Check(
        "cost",
        title=_("cost() is the mean cross-entropy"),
        points=0.25,
        rule=agrees("cost", rtol=1e-4),
        hint=_("Sum over the people of a row, then the mean over rows. And what about the sign?"),
    ),
    Check(
        "backward",
        title=_("backward() gives the gradient for all seven arrays"),
        points=1,
        needs=("forward",),
        rule=agrees("backward", rtol=1e-4, atol=1e-6),
        hint=_("Is the mean over rows in it? Which layers' slope is not 1? Start at the end."),
    ),
    Check(
        "update",
        title=_("update() steps with momentum and weight decay"),
        points=0.5,
        rule=agrees("update", rtol=1e-4),
        hint=_("What does the velocity keep of itself? Is the decay part of the slope?"),
    ),
    Check(
        "learn",
        title=_("learn() is right after every sweep"),
        points=0.75,
        needs=("cost", "backward", "update"),
        rule=agrees("learn", ("few_sweeps", "no_momentum"), rtol=1e-3, atol=1e-5),
        hint=_("Are all gradients of a sweep taken before an array moves? Who keeps the velocities?"),
    ),
    Check(
        "converges",
        title=_("After a thousand sweeps it has learnt the families"),
        points=0.25,
        needs=("learn",),
        rule=holds(
            "learn",
            converges,
            _("the costs should begin near ln 24 and end below 0.1, where the reference does."),
            (SHOWN,),
        ),
        hint=_("Do you make all the sweeps you are asked for?"),
    ),
    Check(
        "right",
        title=_("right() says which questions are answered right"),
        points=0.5,
        rule=agrees("right"),
        hint=_("Colin has two uncles: both must come before everybody else. And of equal outputs?"),
    ),
    Check(
        "explained",
        title=_("explained() measures what a unit tells"),
        points=0.5,
        rule=agrees("explained", atol=1e-6),
        hint=_("A unit with one value for all English and another for all Italians gets 1. And 0 / 0?"),
    ),
    Check(
        "with_keras",
        title=_("The same network in Keras says the same"),
        points=0.5,
        rule=agrees("with_keras", rtol=1e-4, atol=1e-5, made_with="keras"),
        hint=_("An Embedding has no activation of its own. Which of your layers have one by hand?"),
    ),
    Check(
        "own_work",
        title=_("The network by hand is written out"),
        points=0.5,
        needs=("forward", "backward", "update"),
        rule=without(
            "tensorflow", "keras", "torch", "jax", "autograd", "scipy", "sklearn", "networkx",
            besides=("network", "with_keras", *FIVE_STEPS),
        ),
        hint=_("Products of matrices, tanh and exp are all the machinery there is."),
    ),
)  # fmt: skip

_FIVE_STEPS = (
    *life_cycle(
        0.25,
        hints={
            "define": _("network() builds it; which five sizes do Hinton's trees need?"),
            "compile": _(
                "model.compile takes an optimizer and a loss; the labels are rows that sum to 1."
            ),
            "fit": _("Give model.fit the questions, the answers, a number of epochs and a batch size."),
        },
        titles={
            "compile": _("compile() chooses loss and optimizer"),
        },
    ),
    Check(
        "softmax_head",
        title=_("The last layer gives a chance for each person"),
        points=0.25,
        needs=("export",),
        rule=rules.output(units=24, activation="softmax"),
        hint=_("One unit for each of 24 people, and chances that sum to one."),
    ),
    Check(
        "parameters",
        title=_("At most 700 parameters: too few to learn by heart"),
        points=0.5,
        needs=("export",),
        rule=rules.parameters(_PARAMETERS),
        hint=_("How many units does each code have? The table has 36 rows of them."),
    ),
    Check(
        "evaluate",
        title=_("evaluate() reports the share that is right"),
        points=0.25,
        needs=("export",),
        rule=rules.evaluates("right", share_right),
        hint=_("right() needs the model's chances and the answers; what does mean() make of it?"),
    ),
    Check(
        "predict",
        title=_("predict() names the most probable person"),
        points=0.25,
        needs=("export",),
        rule=rules.predicts(lambda outputs: outputs.argmax(axis=1)),
        hint=_("One whole number for each question, from 0 to 23."),
    ),
    Check(
        "draws",
        title=_("It is trained anew for every draw of held-out questions"),
        points=0.25,
        needs=("export",),
        rule=every_draw_answers,
        hint=_("Does your code rely on who has which number? In every draw people have others."),
    ),
    Check(
        "generalizes",
        title=_("It answers questions it has never seen"),
        points=2,
        needs=("draws", "softmax_head"),
        rule=generalizes,
        hint=_(
            "Does the loss reach its floor? If it does, the network may know its rows by heart: what "
            "keeps weights small?"
        ),
    ),
)

LAB = Lab(
    number=16,
    slug="family_tree",
    title=_("Hinton's family trees"),
    chapter=_("Networks that learn from data"),
    order=110,
    minutes=180,
    teaches=_("distributed codes, embeddings, weight decay, generalization"),
    seconds=25,
    builds_on=(2, 13, 14),
    protocol=RepeatedHoldOut(make, repeats=10, lightly=5),
    by_hand=ByHand(_FUNCTIONS, cases),
    budget=Budget(cpu_seconds=120, parameters=10_000, epochs=5_000),
    checks=_BY_HAND + _FIVE_STEPS,
    figures=(
        Figure(
            "trees",
            title=_("Hinton's two families"),
            draw=figures.trees,
            caption=_(
                "The sign = joins who is married. But for names the two trees are the same, and "
                "nobody tells the network."
            ),
        ),
        Figure(
            "units",
            title=_("What the six units say of people"),
            draw=figures.units,
            caption=_(
                "The codes your learn() found, each person at the place in the tree: full squares are "
                "positive, empty ones negative, and the larger the stronger. Above each unit, what it "
                "tells best, and the share of its variance that this explains."
            ),
        ),
        Figure(
            "sweeps",
            title=_("Cost by sweep"),
            draw=figures.sweeps,
            caption=_(
                "Your learn() on 100 of the 104 questions. The floor is not 0: where two answers are "
                "right, no chance is above one half, and weight decay holds the rest down."
            ),
        ),
        Figure(
            "four",
            title=_("Four questions it was never told"),
            draw=figures.four,
            caption=_(
                "Whom your Keras model names, and how sure it is; full bars are right answers. Four "
                "questions are luck: what counts is below."
            ),
        ),
        Figure(
            "held_out",
            title=_("Which held-out questions are answered right"),
            draw=figures.held_out,
            caption=_(
                "Every square is a question held out of one training: full ones were answered right. "
                "Which relations are hard, and how many rows are there to learn them from?"
            ),
        ),
    ),
)
