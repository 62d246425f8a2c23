from __future__ import annotations

from functools import partial

from lab06_gan import figures, measures
from lab06_gan.cases import FUNCTIONS, cases
from lab06_gan.judging import CURVES, both_losses, claims_both, images, measured, originals, varied

from labkit.i18n import texts
from labkit.rubric import answers, rules
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import Adversarial

_ = texts(__file__)

_LATENT = 16
_agrees = partial(answers.agrees, rtol=1e-4)  # float32, and more than one way to write a logarithm

LAB = Lab(
    number=6,
    slug="gan",
    title=_("Two networks at play, and digits nobody wrote"),
    chapter=_("Networks that create"),
    order=200,
    minutes=120,
    seconds=75,
    teaches=_("a GAN with its own train step, Fréchet distance, mode collapse"),
    builds_on=(4, 14),
    protocol=Adversarial("mnist", latent=_LATENT),
    by_hand=ByHand(FUNCTIONS, cases),
    budget=Budget(cpu_seconds=900, parameters=4_000_000, epochs=200),
    checks=(
        Check(
            "discriminator_loss",
            title=_("discriminator_loss() is the cross-entropy of both kinds of images"),
            points=0.5,
            rule=_agrees("discriminator_loss"),
            hint=_("Real images should get 1, generated ones 0. Which of them has the minus sign?"),
        ),
        Check(
            "generator_loss",
            title=_("generator_loss() does not saturate"),
            points=0.5,
            rule=_agrees("generator_loss"),
            hint=_(
                "When the discriminator sees through every image, this loss has to be large and steep."
            ),
        ),
        *life_cycle(
            0.5,
            hints={
                "define": _("Two Sequential models; Gan(generator, discriminator) makes one of them."),
                "compile": _("Gan.compile says what its arguments are called. Whose are they?"),
                "fit": _(
                    "Try both turns on a few images first: gan.train_step(x[:128] / np.float32(255))."
                ),
                "export": _("It is saved alone, as gan.generator. Is it made of Keras' own layers?"),
            },
            titles={
                "compile": _("compile() gives each player an optimizer"),
                "fit": _("fit() lets both players learn"),
                "export": _("The trained generator can be saved and loaded"),
            },
        ),
        Check(
            "losses",
            title=_("Both losses are in the history"),
            points=0.5,
            needs=("fit",),
            rule=both_losses(),
            hint=_("What train_step returns is what Keras keeps. Does it return both?"),
        ),
        Check(
            "images",
            title=_("The generator gives images of 0 to 1"),
            points=0.5,
            needs=("export",),
            rule=images(),
            hint=_(
                "Which activation ends between 0 and 1, and which layer makes 28 rows of 784 numbers?"
            ),
        ),
        Check(
            "evaluate",
            title=_("evaluate() reports both losses"),
            points=0.5,
            needs=("fit",),
            rule=claims_both(),
            hint=_("model.evaluate returns a list unless you ask for a dict."),
        ),
        Check(
            "predict",
            title=_("predict() gives the images of some noise"),
            points=0.5,
            needs=("images",),
            rule=rules.predicts(lambda found: found, question="main:generated"),
            hint=_("Noise goes into the generator; the whole model is never called."),
        ),
        Check(
            "coverage",
            title=_("It makes every digit, about as often as people do"),
            points=1.5,
            needs=("images",),
            rule=measured(
                _("Overlap of its digits with real ones"),
                lambda made, real: measures.coverage(
                    measures.shares(measures.probabilities(made)),
                    measures.shares(measures.probabilities(real)),
                ),
                CURVES["coverage"],
                ".1%",
            ),
            hint=_("Which digits are missing in the report? See “mode collapse” in the handout."),
        ),
        Check(
            "confidence",
            title=_("What it makes can be read"),
            points=1,
            needs=("images",),
            rule=measured(
                _("Mean confidence of the classifier"),
                lambda made, _real: measures.confidence(measures.probabilities(made)),
                CURVES["confidence"],
                ".1%",
            ),
            hint=_("Do its digits grow clearer in the film? Then let them play on."),
        ),
        Check(
            "frechet",
            title=_("To the classifier its digits are spread like real ones"),
            points=1.5,
            needs=("images",),
            rule=measured(
                _("Fréchet distance to real digits"),
                lambda made, real: measures.frechet(measures.features(made), measures.features(real)),
                CURVES["frechet"],
                ".1f",
            ),
            hint=_("More epochs, a wider generator, or a moving average of its weights bring it down."),
        ),
        Check(
            "variety",
            title=_("From other noise it makes another image"),
            points=0.5,
            needs=("images",),
            rule=varied(CURVES["variety"]),
            hint=_("Is there fresh noise in every batch, and does all of it reach the first layer?"),
        ),
        Check(
            "originals",
            title=_("It copies no training image"),
            points=0.5,
            needs=("images",),
            rule=originals(CURVES["originals"], CURVES["distance"]),
            hint=_("It is meant to draw from noise alone. Where do training images get into it?"),
        ),
    ),
    figures=(
        Figure(
            "film",
            title=_("Digits out of noise, epoch by epoch"),
            draw=figures.film,
            caption=_("Each place keeps its noise; what the generator makes of it changes."),
        ),
        Figure(
            "strip",
            title=_("The same, side by side"),
            draw=figures.strip,
            caption=_("Ten of these places after some of the epochs."),
        ),
        Figure(
            "game",
            title=_("The game"),
            draw=figures.game,
            caption=_(
                "Both losses by epoch. At the dotted lines the discriminator can only toss a coin."
            ),
        ),
        Figure(
            "walk",
            title=_("A walk through latent space"),
            draw=figures.walk,
            caption=_(
                "Each row goes straight from one noise to the next row's. Where does a digit turn?"
            ),
        ),
        Figure(
            "digits",
            title=_("Real and generated digits"),
            draw=figures.digits,
            caption=_(
                "By what the classifier takes them for; on the right, how many of each there are."
            ),
        ),
        Figure(
            "copies",
            title=_("Generated digits and the training images nearest to them"),
            draw=figures.copies,
            caption=_("A generator that had learnt by heart would show the same image twice."),
        ),
    ),
)
