from __future__ import annotations

from lab05_lstm import figures, judging, scores, tables
from lab05_lstm.cases import cases

from labkit.i18n import texts
from labkit.rubric import rules
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocols import Generated

_ = texts(__file__)

LAB = Lab(
    number=5,
    slug="lstm",
    title=_("Words that mean what their neighbours say"),
    chapter=_("Sequences and memory"),
    order=150,
    minutes=90,
    seconds=19,
    teaches=_("LSTM by hand and in Keras, masking, tagging"),
    builds_on=(18,),
    protocol=Generated(tables.make, holdout=tables.HOLDOUT),
    by_hand=ByHand(("lstm_step",), cases),
    budget=Budget(cpu_seconds=240, parameters=1_000_000, epochs=60),
    checks=(
        Check(
            "gates",
            title=_("By hand: three gates and a candidate"),
            points=0.5,
            rule=judging.step_part((2,)),
            hint=_("In which order do the blocks come, and which of the four may be negative?"),
        ),
        Check(
            "state",
            title=_("By hand: what is kept, what is added, what is shown"),
            points=1,
            needs=("gates",),
            rule=judging.step_part((1, 0)),
            hint=_(
                "Which gate multiplies the old memory, and what does the output pass before its gate?"
            ),
        ),
        Check(
            "own_work",
            title=_("The step is your own"),
            points=0.5,
            needs=("gates",),
            rule=judging.own_work,
            hint=_("NumPy is all it takes: two products, a sum, a split and the given sigmoid."),
        ),
        *life_cycle(
            0.5,
            hints={
                "define": _(
                    "Which layers does a row of numbers pass on its way to ten probabilities a word?"
                ),
                "fit": _("Labels come one for each word. Does every layer answer for every word?"),
            },
        ),
        Check(
            "head",
            title=_("It gives each word one probability for each tag"),
            points=0.5,
            needs=("export",),
            rule=judging.head,
            hint=_("Ten tags, padding counted. Which activation makes ten numbers sum to one?"),
        ),
        Check(
            "loss",
            title=_("The loss fits integer labels"),
            points=0.5,
            needs=("export",),
            rule=rules.loss("sparse_categorical_crossentropy"),
            hint=_("The labels are integers, not one-hot vectors. Which cross-entropy is “sparse”?"),
        ),
        Check(
            "padding_unread",
            title=_("Padding is not read"),
            points=1,
            needs=("head",),
            rule=judging.padding_unread,
            hint=_("Which argument of Embedding tells the layers behind it that 0 is no word?"),
        ),
        Check(
            "padding_unlearnt",
            title=_("Padding is not learnt"),
            points=0.5,
            needs=("head",),
            rule=judging.padding_unlearnt,
            hint=_("The mask has to reach the loss. Is there a layer on the way that loses it?"),
        ),
        Check(
            "evaluate",
            title=_("evaluate() reports the share of words that are right"),
            points=0.5,
            needs=("head",),
            rule=rules.evaluates("accuracy", scores.token_accuracy),
            hint=_("Ask model.evaluate for a dict. Is padding among what it counts?"),
        ),
        Check(
            "predict",
            title=_("predict() names the tag of each word, and 0 for padding"),
            points=0.5,
            needs=("head",),
            rule=judging.predicts,
            hint=_("The most probable tag along the last axis. And where x is 0?"),
        ),
        Check(
            "ambiguous",
            title=_("It tells what a word is by its neighbours"),
            points=2,
            needs=("head",),
            rule=judging.ambiguous,
            hint=_(
                "“Bajo la mesa hay…” and “Bajo la escalera.”: on which side is the answer to be found?"
            ),
        ),
        Check(
            "unknown",
            title=_("It places words it has never met"),
            points=0.5,
            needs=("head",),
            rule=judging.unknown,
            hint=_("All of them are word 1. What is left to go by, and does your network see it?"),
        ),
    ),
    figures=(
        Figure(
            "sentences",
            title=_("Hidden sentences, with your model's tags"),
            draw=figures.sentences,
            caption=_(
                "Bold words may be of several classes. Grey below: what the most frequent tag would "
                "have made of it. Sentences with a mistake come first."
            ),
        ),
        Figure(
            "by_word",
            title=_("Word by word, against its most frequent tag"),
            draw=figures.by_word,
            caption=_("The ambiguous words that come most often, the worst at the top."),
        ),
        Figure(
            "confusion",
            title=_("What it confuses"),
            draw=figures.confusion,
            caption=_("Rows are the true tag, columns what the model says; the diagonal is right."),
        ),
        Figure(
            "gates",
            title=_("The gates of one unit, word by word"),
            draw=figures.gates,
            caption=_(
                "By your lstm_step, for a small network trained by the kit. At each article this unit "
                "forgets; its memory is then positive, mostly until a verb or a preposition turns it."
            ),
        ),
    ),
)
