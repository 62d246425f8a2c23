"""Lab 5: type a sentence, and see its tags and what the gates do at each word."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np

from labkit.errors import ModelFileError
from labkit.i18n import Text, texts
from labkit.playground.gates import readers
from labkit.playground.images import as_shares
from labkit.playground.page import Page, in_this_language
from labkit.playground.pictures import percent, said
from labkit.playground.tagged import TAGS, picture, table
from labkit.playground.vocabulary import Sentence, Vocabulary, vocabulary

if TYPE_CHECKING:
    import keras

__all__ = ["PAGE", "SENTENCES", "tagger"]

_ = texts(__file__)

SENTENCES = (
    "El joven es muy alto.",
    "El joven habla muy alto.",
    "Bajo la escalera despacio.",
    "Bajo la escalera duerme un gato.",
    "El viejo cura cura a un enfermo.",
)
"""The first two differ in their third word, and so in what their last one is; the next two in how they
go on, and so in what their first one is."""

Tagger = Callable[[np.ndarray], np.ndarray]
"""From the numbers of the words of one sentence to ten shares a word, (words, 10)."""


def build(model: keras.Model | None) -> None:
    """The sentence, its tags, and the gates of the first LSTM layer."""
    words = vocabulary()
    tags, ways = tagger(model, words), readers(model) if model else ()
    first = words.read(SENTENCES[1])
    memory = ways[0](first.numbers).memory[: len(first.words)] if ways else np.zeros((1, 2))
    liveliest = 1 + int(np.nan_to_num(memory.std(axis=0)).argmax())
    none = "" if ways or model is None else _without(model)

    @in_this_language
    def look(text: str, way: int, unit: float) -> tuple[str, str, str, str]:
        sentence = words.read(text)
        if not sentence.words:
            return said(_("Type a sentence.")), "", "", ""
        shares = tags(sentence.numbers)[: len(sentence.words)]
        gates = ways[way % len(ways)](sentence.numbers) if ways else None
        place = min(max(int(unit), 1), memory.shape[1]) - 1
        rows = table(sentence, shares, words.ambiguous, gates, place)
        seen = picture(sentence, gates, place) if gates else none
        return said(_told(sentence, shares)), _noted(sentence), rows, seen

    with gr.Row():
        with gr.Column(scale=2, min_width=300):
            text = gr.Textbox(SENTENCES[1], label=str(_("A sentence in Spanish")), elem_id="sentence")
            for place, sentence in enumerate(SENTENCES):
                button = gr.Button(sentence, size="sm", elem_id=f"sentence{place}")
                button.click(_put(sentence), None, [text], show_progress="hidden")
            another = gr.Button(str(_("Another sentence of the lab")), size="md", elem_id="another")
            way = gr.Radio(
                [(str(_("from left to right")), 0), (str(_("from right to left")), 1)],
                value=0, label=str(_("The LSTM that reads")), elem_id="way", visible=len(ways) > 1,
            )  # fmt: skip
            unit = gr.Slider(
                1, memory.shape[1], value=liveliest, step=1, label=str(_("Unit")), elem_id="unit",
                buttons=[], visible=bool(ways),
            )  # fmt: skip
        with gr.Column(scale=4, min_width=420):
            start = look(SENTENCES[1], 0, liveliest)
            outputs = [
                gr.HTML(value, apply_default_css=False, elem_id=name, elem_classes="spare")
                for name, value in zip(("said", "note", "tags", "gates"), start)
            ]
    seed = gr.State(1)
    for given in (text, way, unit):
        given.change(
            look, [text, way, unit], outputs, show_progress="hidden", trigger_mode="always_last"
        )
    another.click(
        lambda seed: (words.drawn(seed), seed + 1), [seed], [text, seed], show_progress="hidden"
    )


def tagger(model: keras.Model | None, words: Vocabulary) -> Tagger:
    """The function that asks a model for the tags of a sentence.

    Raises:
        ModelFileError: It takes or gives something else, or does not know all words.
    """
    given: Any = None if model is None else model.input_shape
    answered: Any = None if model is None else model.output_shape
    lengths = (None, words.length)
    fits = isinstance(given, tuple) and isinstance(answered, tuple) and len(answered) == 3
    fits = fits and len(given) == 2 and given[1] in lengths and answered[1] in lengths
    if model is None or not fits or answered[2] != len(TAGS):
        raise _unfit(_("The model takes {given} and gives {answered}.", given=given, answered=answered))
    network = model

    def shares(numbers: np.ndarray) -> np.ndarray:
        return as_shares(np.asarray(network(numbers[None], training=False))[0])

    last = max(words.ids.values())
    try:
        shares(np.full(words.length, last, "int32"))
    except Exception as error:  # whatever a layer says of a number beyond its table
        raise _unfit(_("The model cannot be asked about word {number}.", number=last)) from error
    return shares


def _unfit(happened: Text) -> ModelFileError:
    return ModelFileError(
        happened,
        _("This page needs one from the numbers of words, as in lab 5, to ten probabilities a word."),
        _("Open a model that the lab exported, or name one with --model."),
    )


def _put(sentence: str) -> Callable[[], str]:
    """The function that puts a sentence into the box."""
    return lambda: sentence


def _without(model: keras.Model) -> str:
    """Why there are no gates."""
    names = ", ".join(
        f"{type(layer).__name__}({type(inner).__name__})"
        if (inner := getattr(layer, "forward_layer", None))
        else type(layer).__name__
        for layer in model.layers
    )
    words = _(
        "No gates are shown: this page knows those of an LSTM, by itself or in a Bidirectional, and "
        "the layers of this network are: {names}.",
        names=names,
    )
    return f'<p class="small">{escape(str(words))}</p>'


def _told(sentence: Sentence, shares: np.ndarray) -> Text:
    """Which word the network is least sure of."""
    word = int(shares.max(axis=1).argmin())
    return _(
        "It is least sure of “{word}”, word {place}: {tag}, with {share}.",
        word=sentence.words[word],
        place=word + 1,
        tag=TAGS[int(shares[word].argmax())],
        share=percent(shares[word].max()),
    )


def _noted(sentence: Sentence) -> str:
    """Which words it was not given as they are."""
    notes = []
    if sentence.unknown:
        listed = ", ".join(sentence.unknown)
        notes.append(
            _(
                "Not a word of its training, and given to it as the unknown word: {words}. It has only "
                "the neighbours to go by.",
                words=listed,
            )
        )
    if sentence.left_out:
        listed = " ".join(sentence.left_out)
        notes.append(_("Left out, for no sentence of the lab is that long: {words}.", words=listed))
    return "".join(f'<p class="small" role="status">{escape(str(note))}</p>' for note in notes)


PAGE = Page(
    _("Words that mean what their neighbours say"),
    _(
        "Type a sentence of the lab's small Spanish, and see the tag of each word. Change one word: "
        "which other words change their tags, before it or behind it? And which gate let that through?"
    ),
    build,
)
