from __future__ import annotations

from lab19_attention import figures, judging, scores, tables
from lab19_attention.cases import FUNCTIONS, LARGE, cases

from labkit.i18n import texts
from labkit.rubric import rules
from labkit.rubric.answers import agrees
from labkit.rubric.by_hand import ByHand
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.life_cycle import life_cycle
from labkit.rubric.protocol import Unrolled
from labkit.rubric.protocols import Generated

_ = texts(__file__)

LAB = Lab(
    number=19,
    slug="attention",
    title=_("Attention: a network that conjugates"),
    chapter=_("Sequences and memory"),
    order=160,
    minutes=150,
    seconds=45,
    teaches=_("encoder and decoder, additive attention, teacher forcing"),
    builds_on=(5,),
    protocol=Generated(
        tables.make,
        holdout=tables.HOLDOUT,
        dataset="verbs",
        unrolled=Unrolled(tables.STEPS, tables.START),
    ),
    by_hand=ByHand(FUNCTIONS, cases),
    budget=Budget(cpu_seconds=600, parameters=500_000, epochs=40),
    checks=(
        Check(
            "shifted",
            title=_("By hand: what a decoder is given in training"),
            points=0.5,
            rule=agrees("shifted"),
            hint=_("Write an answer of three symbols, and below it what is known before each of them."),
        ),
        Check(
            "scores",
            title=_("By hand: how well a query fits a key"),
            points=0.5,
            rule=agrees("scores", rtol=1e-4, atol=1e-5),
            hint=_("Every query meets every key: which axis of either array has to be of length 1?"),
        ),
        Check(
            "weights",
            title=_("By hand: scores become weights, and padding gets none"),
            points=0.5,
            rule=agrees("weights", ("worked_example", "no_padding", "hidden"), rtol=1e-4, atol=1e-5),
            hint=_("Padding must be out before the sum is taken. Over which axis do weights sum to 1?"),
        ),
        Check(
            "large_scores",
            title=_("By hand: large scores do no harm"),
            points=0.25,
            needs=("weights",),
            rule=agrees("weights", (LARGE,), rtol=1e-4, atol=1e-5),
            hint=_("A softmax stays as it is when the same number is subtracted from all scores."),
        ),
        Check(
            "context",
            title=_("By hand: the context is a weighted mean of the values"),
            points=0.25,
            rule=agrees("context", rtol=1e-4, atol=1e-5),
            hint=_("Which axis do weights and values share?"),
        ),
        Check(
            "attend",
            title=_("By hand: attention, as a whole"),
            points=0.5,
            needs=("scores", "weights", "context"),
            rule=agrees("attend", rtol=1e-4, atol=1e-5),
            hint=_("Keys are compared with the queries. And what is averaged?"),
        ),
        Check(
            "attend_with_keras",
            title=_("Keras' layer says the same"),
            points=0.5,
            rule=agrees("attend_with_keras", rtol=1e-4, atol=1e-5, made_with="keras"),
            hint=_(
                "The layer takes queries, values and keys, in that order, and a mask of the values."
            ),
        ),
        Check(
            "greedy",
            title=_("By hand: one symbol after another, the likeliest each time"),
            points=0.5,
            rule=agrees("greedy"),
            hint=_("Which row of the table holds for the next step? And is the end itself said?"),
        ),
        Check(
            "finished",
            title=_("By hand: nothing stands behind the end"),
            points=0.5,
            rule=agrees("finished"),
            hint=_("Let one answer have two ends, and another none. Which places stay?"),
        ),
        Check(
            "own_work",
            title=_("Attention is your own"),
            points=0.5,
            needs=("attend",),
            rule=judging.own_work,
            hint=_("NumPy is all it takes: a sum, tanh, exp, and products."),
        ),
        *life_cycle(
            0.25,
            hints={
                "define": _(
                    "An encoder reads the question, a decoder the answer so far. What joins them?"
                ),
                "fit": _("The model takes SOURCE + STEPS columns. Which stand behind the question?"),
                "export": _(
                    "Only Keras' own layers. An Embedding that masks, and what reads its mask, belong "
                    "into one Sequential."
                ),
            },
            titles={
                "export": _("The trained model can be saved, loaded, and asked symbol by symbol"),
            },
        ),
        Check(
            "head",
            title=_("It gives one probability for each symbol"),
            points=0.25,
            needs=("export",),
            rule=rules.output(units=tables.ANSWER, activation="softmax"),
            hint=_("ANSWER symbols; which activation makes so many numbers sum to one?"),
        ),
        Check(
            "evaluate",
            title=_("evaluate() reports the share of forms that are exactly right"),
            points=0.25,
            needs=("head",),
            rule=rules.evaluates("exact", scores.exact),
            hint=_(
                "A form with one wrong letter is wrong. Does predict() see the right answer so far?"
            ),
        ),
        Check(
            "predict",
            title=_("predict() says forms symbol by symbol"),
            points=0.5,
            needs=("head",),
            rule=rules.predicts(scores.finished),
            hint=_("What the model says at one step it is given at the next. What stands behind END?"),
        ),
        Check(
            "exact",
            title=_("It conjugates regular verbs that it has never met"),
            points=3,
            needs=("head",),
            rule=judging.exact,
            hint=_(
                "Trained accuracy high and forms wrong? Then something in training told it the answer: "
                "which layers may read to the right, and which may not?"
            ),
        ),
        Check(
            "irregular",
            title=_("Irregular verbs it bends to the rule, as children do"),
            points=0.5,
            needs=("head",),
            rule=judging.bends,
            hint=_("They follow no rule, so it cannot know them. Does it know the rule well enough?"),
        ),
    ),
    figures=(
        Figure(
            "attention",
            title=_("Where your network looks while it conjugates"),
            draw=figures.attention,
            caption=_(
                "A column for each symbol that it says, · for the end; a row for each symbol of the "
                "question. The darker, the more it looks there. It has trained on none of these verbs."
            ),
        ),
        Figure(
            "by_tense",
            title=_("How often it is right, by tense and ending"),
            draw=figures.by_tense,
            caption=_(
                "Forms of regular verbs that it has never met, with the changes of spelling that the "
                "sound asks for (busqué, cojo, leyó) counted apart."
            ),
        ),
        Figure(
            "mistakes",
            title=_("Regular forms that it got wrong"),
            draw=figures.mistakes,
            caption=_("What it said, and what is right."),
        ),
        Figure(
            "irregular",
            title=_("What it makes of irregular verbs"),
            draw=figures.irregular,
            caption=_(
                "Nobody showed it these verbs. Where it says what the rule would have, it generalizes: "
                "so do children, who say “yo sabo”."
            ),
        ),
    ),
)
