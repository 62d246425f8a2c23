"""Lab 6: two networks that play against each other, and digits that nobody ever wrote.

Run it with `make lab6` or `labkit run lab6`. You write the losses of the two players, a turn of each,
and the five steps in the life of a Keras model: define, compile, fit, evaluate, predict. README.md in
this folder has the idea and the mathematics.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

LATENT = 16  # numbers that an image is made from


def discriminator_loss(real, fake):
    """Cross-entropy of the discriminator, which should say 1 to real images and 0 to generated ones.

    real: (n, 1) what it says of real images: net inputs before the sigmoid, any number.
    fake: (m, 1) what it says of generated ones.
    Returns a number: the mean over the real images plus the mean over the generated ones.
    """
    # cut: With the softplus, softplus(z) = ln(1 + e^z), you have -ln sigmoid(z) = softplus(-z) and
    # -ln(1 - sigmoid(z)) = softplus(z). ops.softplus never overflows; write both means with it.
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
    # end cut


def generator_loss(fake):
    """The non-saturating loss of the generator, which wants its images to be called real.

    fake: (m, 1) what the discriminator says of generated images, before the sigmoid.
    Returns a number: the mean of -ln sigmoid(fake).
    """
    # cut: One mean of one softplus. Which sign does its argument have?
    return ops.mean(ops.softplus(-fake))
    # end cut


class Gan(keras.Model):
    """Generator and discriminator in one model, so that `model.fit` trains both."""

    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.seeds = keras.random.SeedGenerator()
        self.discriminator_mean = keras.metrics.Mean("discriminator_loss")
        self.generator_mean = keras.metrics.Mean("generator_loss")

    def compile(self, generator_optimizer, discriminator_optimizer):
        """Take an optimizer for each player."""
        super().compile()
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer

    def noise(self, rows):
        """Normal noise that `rows` images are made from."""
        return keras.random.normal((rows, LATENT), seed=self.seeds)

    def means(self, discriminator, generator):
        """Take in the losses of a batch; return their means over the batches so far, for Keras."""
        self.discriminator_mean.update_state(discriminator)
        self.generator_mean.update_state(generator)
        return {mean.name: mean.result() for mean in (self.discriminator_mean, self.generator_mean)}

    def discriminator_turn(self, real):
        """Improve the discriminator once, on real images and as many generated; return its loss."""
        # cut: Generate ops.shape(real)[0] images from noise, with training=True. Inside a
        # tf.GradientTape let the discriminator judge the real and the generated ones and compute its
        # loss. Outside, take the gradient by its own trainable variables alone and give it to its
        # optimizer: optimizer.apply(gradients, variables).
        generated = self.generator(self.noise(ops.shape(real)[0]), training=True)
        with tf.GradientTape() as tape:
            loss = discriminator_loss(
                self.discriminator(real, training=True),
                self.discriminator(generated, training=True),
            )
        variables = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss
        # end cut

    def generator_turn(self, rows):
        """Improve the generator once, on as many images as `rows`; return its loss."""
        # cut: Here the gradient has to go through the discriminator back into the generator, so both
        # are called inside the tape. Whose variables are moved, and by which optimizer?
        noise = self.noise(rows)
        with tf.GradientTape() as tape:
            generated = self.generator(noise, training=True)
            loss = generator_loss(self.discriminator(generated, training=True))
        variables = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss
        # end cut

    def train_step(self, data):
        """One batch of `fit`: a turn of each player."""
        # cut: Unpack the images as in test_step. Let the discriminator play, then the generator with
        # as many images, and return what self.means makes of their losses.
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        discriminator = self.discriminator_turn(real)
        generator = self.generator_turn(ops.shape(real)[0])
        return self.means(discriminator, generator)
        # end cut

    def test_step(self, data):
        """One batch of `evaluate`: both losses, and nobody learns."""
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        fake = self.discriminator(self.generator(self.noise(ops.shape(real)[0])))
        real = self.discriminator(real)
        return self.means(discriminator_loss(real, fake), generator_loss(fake))


def define() -> keras.Model:
    """Return a Gan of a generator and a discriminator.

    The generator takes noise, (LATENT,), and gives images, (28, 28), of 0 to 1. The discriminator
    takes such images and gives one number each: above 0 for real, below 0 for generated.
    """
    # cut: Build two Sequential models and return Gan(generator, discriminator). The generator: a few
    # Dense layers, each with BatchNormalization and LeakyReLU behind it, then 784 units with a sigmoid
    # and a Reshape to (28, 28). The discriminator: Flatten, a Dense layer with LeakyReLU, Dropout, and
    # one linear unit.
    generator = keras.Sequential(
        [
            layers.Input((LATENT,)),
            layers.Dense(256, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dense(512, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dense(784, activation="sigmoid"),
            layers.Reshape((28, 28)),
        ]
    )
    discriminator = keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(384),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dropout(0.4),
            layers.Dense(1),
        ]
    )
    return Gan(generator, discriminator)
    # end cut


def compile(model: keras.Model) -> None:
    """Give each player an optimizer of its own."""
    # cut: Call model.compile with two Adam optimizers, generator_optimizer and
    # discriminator_optimizer. A beta_1 of 0.5 instead of 0.9 keeps the game calm. Give the
    # generator's use_ema, ema_momentum and ema_overwrite_frequency as well, and after every epoch
    # its weights become their own moving average: far better images, for nothing.
    model.compile(
        generator_optimizer=keras.optimizers.Adam(
            0.001,
            beta_1=0.5,
            use_ema=True,
            ema_momentum=0.995,
            ema_overwrite_frequency=430,  # batches of 128 in an epoch
        ),
        discriminator_optimizer=keras.optimizers.Adam(0.001, beta_1=0.5),
    )
    # end cut


def fit(model: keras.Model, x: np.ndarray, y: np.ndarray) -> keras.callbacks.History:
    """Train on x, (55000, 28, 28) uint8; return the history. The labels y are of no use here."""
    # cut: Bring the pixels to 0..1, as float32, and call model.fit with the images alone.
    return model.fit(x / np.float32(255), epochs=12, batch_size=128, verbose=2)
    # end cut


def evaluate(model: keras.Model, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return "discriminator_loss" and "generator_loss" on images the model never saw, as a dict."""
    # cut: Scale x as in fit and call model.evaluate so that it returns a dict.
    return model.evaluate(x / np.float32(255), verbose=0, return_dict=True)
    # end cut


def predict(model: keras.Model, z: np.ndarray) -> np.ndarray:
    """Return the images that the generator makes of the noise z, (n, LATENT): shape (n, 28, 28)."""
    # cut: Ask the generator, not the whole model.
    return model.generator.predict(z, verbose=0)
    # end cut
