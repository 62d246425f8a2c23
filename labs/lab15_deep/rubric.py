from __future__ import annotations

from lab15_deep import figures
from lab15_deep.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = ("spread", "gradient_norms", "deviation", "initial_weights", "normalize")
FUNCTIONS += ("batch_norm_training", "batch_norm_inference", "batch_norm_backward")
FUNCTIONS += ("penalty", "dropout", "epoch", "with_keras")

_DROPPING = ("training_worked_example", "training_hidden", "training_at_rate_0")
_BATCHES = ("batch_worked_example", "batch_hidden", "batch_too_large_hidden")
_BATCHES += ("mini_batch_hidden", "mini_batch_onwards")

LAB = Lab(
    number=15,
    slug="deep",
    title=_("Making depth train"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=60,
    minutes=120,
    seconds=6,
    teaches=_("vanishing gradients, initializers, batch normalization, dropout"),
    builds_on=(14,),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "spread",
            title=_("How large the activations are, layer by layer"),
            points=0.5,
            rule=agrees("spread", atol=0),
            hint=_("Does the list begin with the inputs? And is it a root of a mean of squares?"),
        ),
        Check(
            "gradient_norms",
            title=_("How long each layer's gradient is"),
            points=0.5,
            rule=agrees("gradient_norms", atol=0),
            hint=_(
                "Which layer's slope belongs to which δ, and whose weights does it go back through? "
                "The first length is the first layer's."
            ),
        ),
        Check(
            "glorot",
            title=_("Glorot's deviation looks at both sides of a layer"),
            points=0.5,
            rule=agrees("deviation", ("glorot_worked_example", "glorot_hidden")),
            hint=_("What the docstring names are variances. With fans 3 and 5 it should be 0.5."),
        ),
        Check(
            "he",
            title=_("He's deviation looks at the inputs alone"),
            points=0.5,
            rule=agrees("deviation", ("he_worked_example", "he_hidden")),
            hint=_("A ReLU loses half of what comes in. With 8 inputs the deviation should be 0.5."),
        ),
        Check(
            "initial_weights",
            title=_("Weights with that deviation, normal and uniform"),
            points=0.5,
            needs=("glorot", "he"),
            rule=agrees("initial_weights"),
            hint=_(
                "Which side of the shape is fan_in? And numbers from -1 to 1 do not yet have the "
                "deviation 1: which have they?"
            ),
        ),
        Check(
            "normalize",
            title=_("Inputs are scaled by what the training rows have"),
            points=0.5,
            rule=agrees("normalize"),
            hint=_("Would a single new row, scaled by its own mean, ever be anything but 0?"),
        ),
        Check(
            "batch_outputs",
            title=_("In training a batch is normalized by itself"),
            points=0.5,
            rule=agrees("batch_norm_training", parts={0: _("outputs")}),
            hint=_(
                "Mean 0 and variance 1 come first, then gamma and beta. Does EPSILON stand under the "
                "root, and is the variance divided by m?"
            ),
        ),
        Check(
            "running",
            title=_("The running mean and variance follow slowly"),
            points=0.5,
            rule=agrees(
                "batch_norm_training", parts={1: _("running means"), 2: _("running variances")}
            ),
            hint=_(
                "A momentum of 0.99 keeps 99 %. Of what? And there is no EPSILON in what is remembered."
            ),
        ),
        Check(
            "inference",
            title=_("In inference the running ones are used"),
            points=0.5,
            rule=agrees("batch_norm_inference"),
            hint=_("One of the cases is a single row. What is its own variance worth?"),
        ),
        Check(
            "backward_gamma_beta",
            title=_("Back through it: the gradients of gamma and beta"),
            points=0.5,
            rule=agrees(
                "batch_norm_backward", parts={1: _("gradient of gamma"), 2: _("gradient of beta")}
            ),
            hint=_("Each has a part in every row of its column. By what was gamma multiplied there?"),
        ),
        Check(
            "backward_inputs",
            title=_("Back through it: the gradient of the inputs"),
            points=1,
            rule=agrees("batch_norm_backward", parts={0: _("gradient of the inputs")}),
            hint=_(
                "Moving a whole column changes no output. So what must its gradient sum to? The mean "
                "answers for one part of it, the variance for the other."
            ),
        ),
        Check(
            "penalty",
            title=_("L1 and L2 put a price on weights"),
            points=0.5,
            rule=agrees("penalty", parts={0: _("price")}),
            hint=_("Sums, not means; and Keras puts no half before the squares."),
        ),
        Check(
            "penalty_gradient",
            title=_("The price has a slope"),
            points=0.5,
            rule=agrees("penalty", parts={1: _("gradient of the price")}),
            hint=_("L1 pulls all weights equally hard, L2 large ones harder. And what of a 0?"),
        ),
        Check(
            "dropout",
            title=_("In training dropout silences some and makes up for it"),
            points=0.5,
            rule=agrees("dropout", _DROPPING),
            hint=_("The mean should stay, about. A number equal to the rate: stays or goes?"),
        ),
        Check(
            "dropout_off",
            title=_("In inference it does nothing"),
            points=0.5,
            needs=("dropout",),
            rule=agrees("dropout", ("inference_worked_example", "inference_hidden")),
            hint=_("What remained in training was already divided. Is anything left to correct?"),
        ),
        Check(
            "online",
            title=_("Online: an update after every row"),
            points=0.5,
            rule=agrees("epoch", ("online_worked_example", "online_hidden")),
            hint=_("Each row sees the weights that the row before it left. Which costs are asked for?"),
        ),
        Check(
            "batch",
            title=_("In batches: an update by the mean of some rows"),
            points=0.5,
            needs=("online",),
            rule=agrees("epoch", _BATCHES),
            hint=_("30 rows in batches of 8: how many are in the last, and by what is it divided?"),
        ),
        Check(
            "with_keras",
            title=_("Keras' layers, given the same weights, say the same"),
            points=0.5,
            rule=agrees("with_keras", rtol=1e-4, atol=1e-4, made_with="keras"),
            hint=_(
                "A kernel of Keras is (inputs, neurons). And which of the two calls may learn from its "
                "batch?"
            ),
        ),
        Check(
            "own_work",
            title=_("The functions are written out"),
            points=0.5,
            needs=("gradient_norms", "batch_outputs", "penalty", "dropout"),
            rule=without(
                "keras", "tensorflow", "torch", "jax", "scipy", "sklearn", besides=("with_keras",)
            ),
            hint=_("Means, roots, comparisons and products of matrices are all it takes."),
        ),
    ),
    figures=(
        Figure(
            "gradients",
            title=_("How long the gradient is in each of twelve layers"),
            draw=figures.gradients,
            caption=_(
                "Where lines fall to the left, the first layers learn least: through sigmoids, always. "
                "Level is not enough: with small weights every layer of tanh or ReLU gets a gradient "
                "a hundred thousand times too short or worse; with large ones it explodes."
            ),
        ),
        Figure(
            "spread",
            title=_("How large the activations are in each of twelve layers"),
            draw=figures.spread,
            caption=_(
                "Layer 0 is the input. Right weights keep activations about where they began, though "
                "tanh loses a little in each layer. Through sigmoids they gather around one half, "
                "whatever comes in."
            ),
        ),
        Figure(
            "batch",
            title=_("A batch before and after normalization"),
            draw=figures.batch,
            caption=_(
                "Six neurons, 24 rows. Bars reach from one deviation below the mean to one above. "
                "Rows keep their order in each column; only place and width change."
            ),
        ),
        Figure(
            "updates",
            title=_("One epoch, updated online and in batches"),
            draw=figures.updates,
            caption=_(
                "The same rows in the same order, at the same rate. Online makes thirty updates, some "
                "uphill; the whole batch makes one, and could bear a larger rate."
            ),
        ),
    ),
)
