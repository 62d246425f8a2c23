from __future__ import annotations

from lab08_som import figures
from lab08_som.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = (
    "distances",
    "best_matching_unit",
    "decay",
    "neighbourhood",
    "online_step",
    "train_online",
    "train_batch",
    "quantization_error",
    "topographic_error",
    "u_matrix",
    "hits",
    "digit_map",
    "locate",
)

LAB = Lab(
    number=8,
    slug="som",
    title=_("The self-organizing map"),
    chapter=_("Networks that learn from data"),
    order=130,
    minutes=120,
    seconds=4,
    teaches=_("online and batch rule, neighbourhood, U-matrix"),
    builds_on=(10,),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(FUNCTIONS, cases),
    datasets=("mnist",),
    checks=(
        Check(
            "distances",
            title=_("distances() measures every sample against every unit"),
            points=0.5,
            rule=agrees("distances"),
            hint=_("The length of a difference is a root. Over which axis is the sum below it?"),
        ),
        Check(
            "best_match",
            title=_("The best matching unit is the nearest, named by row and column"),
            points=0.5,
            needs=("distances",),
            rule=agrees("best_matching_unit", ("line", "hidden")),
            hint=_("Which of the two numbers of a unit tells how far down it lies?"),
        ),
        Check(
            "ties",
            title=_("Of units equally near, the first is taken"),
            points=0.5,
            needs=("best_match",),
            rule=agrees("best_matching_unit", ("ties",)),
            hint=_("Which of several smallest values does argmin name?"),
        ),
        Check(
            "decay",
            title=_("decay() falls from the first value towards the last"),
            points=0.5,
            rule=agrees("decay"),
            hint=_("By what is each value multiplied to give the next? Is it the same every time?"),
        ),
        Check(
            "neighbourhood",
            title=_("The neighbourhood is a bell around the best matching unit"),
            points=1,
            rule=agrees("neighbourhood"),
            hint=_("One step away, with radius 1, the bell is exp(-1/2). What is yours?"),
        ),
        Check(
            "online_step",
            title=_("A sample pulls all units, the near ones most"),
            points=1,
            needs=("best_match", "neighbourhood"),
            rule=agrees("online_step"),
            hint=_("Which units move, where to, and how much of the way? Try the worked example."),
        ),
        Check(
            "train_online",
            title=_("Sample after sample, while rate and radius fall, colours find their places"),
            points=1,
            needs=("online_step", "decay"),
            rule=agrees("train_online"),
            hint=_("order says which sample comes next. Does every step have its own rate and radius?"),
        ),
        Check(
            "batch_epoch",
            title=_("An epoch of the batch rule moves each unit to its weighted mean"),
            points=1,
            needs=("best_match", "neighbourhood", "decay"),
            rule=agrees("train_batch", ("line", "hidden")),
            hint=_("What is a weighted mean divided by? Try the worked example with pencil and paper."),
        ),
        Check(
            "batch_epochs",
            title=_("Every epoch goes on from the last one, with a smaller radius"),
            points=0.5,
            needs=("batch_epoch",),
            rule=agrees("train_batch", ("epochs",)),
            hint=_("On which weights do the second epoch's best matching units depend?"),
        ),
        Check(
            "quantization",
            title=_("The quantization error is the mean distance to the best matching unit"),
            points=0.5,
            needs=("distances",),
            rule=agrees("quantization_error"),
            hint=_("One distance for each sample, then their mean. Which one?"),
        ),
        Check(
            "topographic",
            title=_("The topographic error counts the samples that lie across a fold"),
            points=1,
            needs=("distances",),
            rule=agrees("topographic_error"),
            hint=_("Is a unit one row down and one column across a neighbour? The docstring knows."),
        ),
        Check(
            "u_matrix",
            title=_("The U-matrix shows how far neighbours lie apart, at the borders too"),
            points=0.5,
            rule=agrees("u_matrix"),
            hint=_("How many neighbours has a unit in a corner, and how many have you divided by?"),
        ),
        Check(
            "hits",
            title=_("hits() counts each class where it falls"),
            points=0.5,
            needs=("best_match",),
            rule=agrees("hits"),
            hint=_("All counts together: are they as many as there are samples?"),
        ),
        Check(
            "layer",
            title=_("As a Keras layer, the map answers whole batches"),
            points=1,
            rule=agrees("locate"),
            hint=_(
                "locate() asks BestMatchingUnit.call(), which you write. A place counts the units row "
                "by row: how many are there in a row?"
            ),
        ),
    ),
    figures=(
        Figure(
            "colours",
            title=_("A map of colours"),
            draw=figures.colours,
            caption=_(
                "Each unit in the colour of its weights. Nobody told the map which colours are alike."
            ),
        ),
        Figure(
            "prototypes",
            title=_("A map of digits"),
            draw=figures.prototypes,
            caption=_(
                "What each unit has learnt, as an image. Look where one digit turns into another."
            ),
        ),
        Figure(
            "u_matrix",
            title=_("The U-matrix"),
            draw=figures.sheet,
            caption=_(
                "Bright units lie far from their neighbours: borders. The number is the digit that "
                "most images on a unit show; where there is none, no image falls."
            ),
        ),
        Figure(
            "hits",
            title=_("Where each digit falls"),
            draw=figures.class_hits,
            caption=_("A map for each digit, rows and columns as above. Which digits share units?"),
        ),
    ),
)
