"""A generator of images, judged by a classifier of the kit's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labkit import data
from labkit.rubric.protocol import PUBLIC_SEED, Question, Training, Trial
from labkit.rubric.protocols.files import no_table, save

__all__ = ["Adversarial"]

_WATCHED = 25  # images drawn after every epoch
_ENDS, _BETWEEN = 6, 8  # of the walk: places, and steps from one to the next


@dataclass(frozen=True, slots=True)
class Adversarial:
    """One training on images; the exported generator is asked for new ones.

    The classifier is then asked about them, and about as many hidden ones: images of 0 to 1, of which
    it gives features, and behind them the probabilities of the classes. Questions::

        main:generated          images from normal noise nobody saw
        main:walk               images on straight lines from noise to noise
        classifier:generated    what the classifier says of the generated images
        classifier:hidden       what it says of real ones, whose labels are the truth

    Args:
        dataset: Name in the catalogue.
        latent: Numbers that an image is made from.
        images: How many are asked for.
        holdout: Images taken off those trained on for the student's own `evaluate`.
        part: Attribute of the student's model that is the generator.
    """

    dataset: str
    latent: int
    images: int = 2_000
    holdout: int = 5_000
    part: str = "generator"

    def prepare(self, folder: Path, seed: int | None, table: Path | None = None) -> Trial:
        """See `Protocol.prepare`; a table of the user's own is refused."""
        import numpy as np

        no_table(table, self.dataset)
        split = data.split(self.dataset, seed=seed, folder=folder)
        generator = np.random.default_rng(PUBLIC_SEED if seed is None else seed)
        noise = generator.normal(size=(self.images + _WATCHED + _ENDS, self.latent)).astype("float32")
        asked, watched, ends = np.split(noise, [self.images, self.images + _WATCHED])
        steps = np.linspace(0, 1, _BETWEEN, endpoint=False, dtype="float32")[:, None]
        walk = np.concatenate([a + steps * (b - a) for a, b in zip(ends, [*ends[1:], ends[0]])])
        real = data.open_array(split.hidden_x)[: self.images].astype("float32") / 255
        files = {
            name: save(folder / f"{name}.npy", values)
            for name, values in (("z", asked), ("z_watched", watched), ("z_walk", walk), ("real", real))
        }
        cut = len(data.open_array(split.y)) - self.holdout
        return Trial(
            trainings=(Training("main", split.x, split.y, stop=cut),),
            holdout=Training("holdout", split.x, split.y, start=cut),
            asked=files["z"],
            watched=files["z_watched"],
            part=self.part,
            models={"classifier": data.model(self.dataset, "classifier")},
            questions=(
                Question("main", "generated", files["z"]),
                Question("main", "walk", files["z_walk"]),
                Question("classifier", "generated", after="main:generated"),
                Question("classifier", "hidden", files["real"]),
            ),
            truth={"classifier:hidden": split.hidden_y[: self.images]},
        )

    def lighter(self) -> Adversarial:
        """Itself: one training is the least there is."""
        return self
