"""The page of samples beside this file: sentences of the generator with their tags.

Make it again with ``PYTHONPATH=labs python -m lab05_lstm.samples``.
"""

from __future__ import annotations

import random
from pathlib import Path

from lab05_lstm.readings import ambiguous
from lab05_lstm.sentences import sentence, spelled

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).with_name("SAMPLES.md")
_COUNT = 100
_HEAD = """\
# Samples · Muestras

A hundred sentences of the generator, from seed 5. Below them stand the tags of their words: N noun,
V verb, A adjective, D determiner, P pronoun, S preposition, R adverb, C conjunction, F punctuation, as
in the EAGLES tags for Spanish. Words in bold may be of several classes.

Cien frases del generador, con la semilla 5. Debajo están las etiquetas de sus palabras: N sustantivo,
V verbo, A adjetivo, D determinante, P pronombre, S preposición, R adverbio, C conjunción, F puntuación,
como en las etiquetas EAGLES para el español. Las palabras en negrita pueden ser de varias clases.

{count} words have several classes · {count} palabras tienen varias clases: {words}.

"""


def page() -> str:
    """The page, as Markdown."""
    rng = random.Random(5)
    table = ambiguous()
    rows = []
    for number in range(1, _COUNT + 1):
        tokens = sentence(rng)
        marked = [f"**{word}**" if word in table else word for word, _tag in tokens]
        marked[0] = marked[0].replace(tokens[0][0], spelled([tokens[0][0]]))
        rows.append(f"{number}. {spelled(marked)}  \n   `{' '.join(tag for _word, tag in tokens)}`")
    words = ", ".join(f"{word} ({'/'.join(sorted(tags))})" for word, tags in table.items())
    return _HEAD.format(count=len(table), words=words) + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
