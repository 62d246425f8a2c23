from __future__ import annotations

from functools import partial

from lab04_cnn import figures as own
from lab04_cnn.cases import FUNCTIONS, HIDDEN, cases
from lab04_cnn.shifts import VARIANTS, ahead_when_shifted

from labkit.i18n import texts
from labkit.metrics import accuracy
from labkit.report import figures
from labkit.rubric import answers, rules
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Evidence
from labkit.rubric.lab import FIVE_STEPS, Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import HoldOut
from labkit.rubric.verdict import Status, Verdict

_ = texts(__file__)

_PARAMETERS = 60_000
_agrees = partial(answers.agrees, atol=1e-5)  # lets who computes in float32 pass


def _written_out(evidence: Evidence) -> Verdict:
    """Nothing outside the five steps convolves, and the functions by hand do without a library.

    A function of the student's own that makes layers for the network may use Keras.
    """
    ready = ("numpy.convolve", "numpy.correlate", "numpy.lib.stride_tricks", "scipy")
    computing = ("tensorflow.nn", "keras.ops")
    anywhere = answers.without(*ready, *computing, besides=FIVE_STEPS)(evidence)
    if anywhere.status is not Status.PASSED:
        return anywhere
    return answers.without("tensorflow", "keras", inside=FUNCTIONS)(evidence)


LAB = Lab(
    number=4,
    slug="cnn",
    title=_("Convolution, and a network made of it"),
    chapter=_("Networks that learn from data"),
    order=100,
    minutes=150,
    seconds=35,
    teaches=_("convolution by hand, a CNN, translation"),
    builds_on=(2,),
    protocol=HoldOut("mnist", beside=("dense",), variants=VARIANTS),
    by_hand=ByHand(FUNCTIONS, cases),
    budget=Budget(cpu_seconds=600, parameters=_PARAMETERS, epochs=60),
    checks=(
        Check(
            "output_size",
            title=_("output_size() counts the places of a window"),
            points=0.5,
            rule=_agrees("output_size"),
            hint=_("A window of 3 goes over 8 pixels in steps of 2. Draw its places: how many fit?"),
        ),
        Check(
            "pad",
            title=_("pad() adds rows and columns of zeros"),
            points=0.5,
            rule=_agrees("pad"),
            hint=_("At which row and column of the new array does the image begin? Where does it end?"),
        ),
        Check(
            "windows",
            title=_("windows() finds every window of an image"),
            points=0.5,
            needs=("output_size",),
            rule=_agrees("windows"),
            hint=_("Place (i, j) begins at row i * stride. Up to which row does its slice go?"),
        ),
        Check(
            "correlate",
            title=_("correlate() gives the map of the worked example"),
            points=0.5,
            needs=("pad", "windows"),
            rule=_agrees("correlate", ("worked_example", "valid")),
            hint=_("Work the first two places out on paper: which pixel meets which weight?"),
        ),
        Check(
            "strides",
            title=_("correlate() keeps to any padding and stride"),
            points=0.5,
            needs=("correlate",),
            rule=_agrees("correlate", tuple(HIDDEN)),
            hint=_("What comes first: the padding, or counting the places? And is the image square?"),
        ),
        Check(
            "convolve",
            title=_("convolve() flips the kernel"),
            points=0.5,
            needs=("strides",),
            rule=_agrees("convolve"),
            hint=_("Turned by half a circle, a kernel is upside down and also swaps left and right."),
        ),
        Check(
            "same",
            title=_("correlate_same() pads as Keras does"),
            points=0.5,
            needs=("strides",),
            rule=_agrees("correlate_same"),
            hint=_("An odd number of zeros has no halves: which side gets more? Can it be below 0?"),
        ),
        Check(
            "max_pool",
            title=_("max_pool() keeps the largest pixel of each window"),
            points=0.5,
            needs=("windows",),
            rule=_agrees("max_pool"),
            hint=_("Is there a maximum for each window? All pixels of one may lie below 0."),
        ),
        Check(
            "average_pool",
            title=_("average_pool() gives the mean of each window"),
            points=0.5,
            needs=("windows",),
            rule=_agrees("average_pool"),
            hint=_("How many pixels has a window of f by f?"),
        ),
        Check(
            "sobel",
            title=_("sobel() finds edges and how steep they are"),
            points=0.5,
            needs=("correlate",),
            rule=_agrees("sobel"),
            hint=_("Which of the two maps should answer to an upright stripe, and with which sign?"),
        ),
        Check(
            "equivariance",
            title=_("equivariance() compares the map of the shifted with the shifted map"),
            points=0.5,
            needs=("correlate",),
            rule=_agrees("equivariance"),
            hint=_("Which of the two is shifted before, and which afterwards? Both by as much?"),
        ),
        Check(
            "own_work",
            title=_("The ten functions are written out"),
            points=0.5,
            needs=("strides", "convolve", "same", "max_pool", "average_pool", "sobel"),
            rule=_written_out,
            hint=_("Two loops over slices of the image are all the machinery there is."),
        ),
        *life_cycle(
            0.25,
            hints={
                "define": _("Which layers does an image pass on its way to ten probabilities?"),
            },
        ),
        Check(
            "softmax_head",
            title=_("The last layer gives one probability per digit"),
            points=0.25,
            needs=("export",),
            rule=rules.output(units=10, activation="softmax"),
            hint=_("Ten classes, one neuron each; which activation makes ten numbers sum to one?"),
        ),
        Check(
            "scaling",
            title=_("The network sees small numbers, not 0 to 255"),
            points=0.25,
            needs=("export",),
            rule=rules.scaled(),
            hint=_("The model is given raw pixels. Which layer can bring them to 0..1 inside it?"),
        ),
        Check(
            "parameters",
            title=_("At most 60,000 parameters"),
            points=0.5,
            needs=("export",),
            rule=rules.parameters(_PARAMETERS),
            hint=_("Most weights sit behind the Flatten. How large is the map that goes into it?"),
        ),
        Check(
            "early_stopping",
            title=_("Training stops early and keeps the best weights"),
            points=0.25,
            needs=("fit",),
            rule=rules.stops_early(),
            hint=_(
                "What does EarlyStopping watch, who computes it, and which weights stay at the end?"
            ),
        ),
        Check(
            "evaluate",
            title=_("evaluate() reports the accuracy"),
            points=0.25,
            needs=("export",),
            rule=rules.evaluates("accuracy", accuracy),
            hint=_("model.evaluate returns a list unless you ask for a dict."),
        ),
        Check(
            "predict",
            title=_("predict() names the digit"),
            points=0.25,
            needs=("export",),
            rule=rules.predicts(lambda answers: answers.argmax(axis=1)),
            hint=_("Of ten probabilities, which one is the answer? One integer per image."),
        ),
        Check(
            "accuracy",
            title=_("It reads digits it has never seen, better than a dense network"),
            points=2.25,
            needs=("export",),
            rule=rules.metric(_("Accuracy on hidden digits"), accuracy, {0.975: 0, 0.988: 1}, ".2%"),
            hint=_("Do both losses still fall? More kernels cost few weights; more epochs cost none."),
        ),
        Check(
            "translation",
            title=_("It still reads digits that stand two pixels off their place"),
            points=1,
            needs=("export",),
            rule=ahead_when_shifted(pixels=2, at_least=0.08),
            hint=_("Which of your layers look for the same thing everywhere, and which do not?"),
        ),
    ),
    figures=(
        Figure(
            "edges",
            title=_("Edges, as your Sobel kernels see them"),
            draw=own.edges,
            caption=_(
                "In the two maps grey is 0, white positive, black negative: white where a pixel is "
                "followed by brighter ones. What one of them misses, the other sees."
            ),
        ),
        Figure(
            "pooling",
            title=_("What pooling keeps"),
            draw=own.pooling,
            caption=_(
                "Half as many rows and columns. Which of the two blurs, which makes strokes bold?"
            ),
        ),
        Figure(
            "equivariance",
            title=_("Shift, then correlate; correlate, then shift"),
            draw=own.equivariance,
            caption=_(
                "Both ways give the same map. They differ along the seam alone, where zeros came in "
                "beside the paper."
            ),
        ),
        Figure(
            "kernels",
            title=_("Kernels your network has learnt"),
            draw=own.kernels,
            caption=_(
                "Above, the strongest kernels of your first layer: orange is negative, violet positive."
                " Below, the map that each of them makes of a hidden digit."
            ),
        ),
        Figure(
            "moved",
            title=_("One digit, moved"),
            draw=own.moved,
            caption=_("A hidden digit off its place, and what both networks read in it."),
        ),
        Figure(
            "shifts",
            title=_("How well moved digits are read"),
            draw=own.shifts,
            caption=_(
                "The dense network has seen no moved digit. Each of 2,000 hidden ones was moved to the "
                "right, down, to the left or up."
            ),
        ),
        Figure(
            "confusion",
            title=_("What it confuses"),
            draw=lambda evidence: figures.confusion(evidence, "mnist"),
            caption=_("Rows are the true digit, columns what the model says; the diagonal is right."),
        ),
        Figure(
            "most_wrong",
            title=_("Surest mistakes"),
            draw=lambda evidence: figures.most_wrong(evidence, "mnist"),
            caption=_("The hidden digits it was most sure about, and wrong. Would you have known?"),
        ),
    ),
)
