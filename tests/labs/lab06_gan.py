"""Wrong answers to lab 6, each with the checks it must lose."""

from __future__ import annotations

from labkit.rubric.mutant import Mutant

# Where the mistake is in a loss, nobody plays: define() is left out.
NO_NETWORK = ("def define() ->", "def define_later() ->")

# Where what is lost has nothing to do with how well they learn, they learn for a moment.
QUICK = ("model.fit(x / np.float32(255), epochs=12", "model.fit(x[:2000] / np.float32(255), epochs=1")
UNTRAINED = {"coverage", "confidence", "frechet"}

DISCRIMINATOR = "ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))"
GENERATOR = "return ops.mean(ops.softplus(-fake))"
TAPED = (
    "with tf.GradientTape() as tape:\n            generated = self.generator(noise, training=True)\n"
)
UNTAPED = "generated = self.generator(noise, training=True)\n        with tf.GradientTape() as tape:\n"
SECOND = """\
            layers.Dense(512, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dense(784, activation="sigmoid"),
"""
BY_HEART = """\
            layers.Dense(2000, "softmax", kernel_initializer="random_normal", trainable=False),
            layers.Dense(784, use_bias=False, trainable=False),
"""
FIT = "return model.fit(x / np.float32(255), epochs=12, batch_size=128, verbose=2)"
LEARN_BY_HEART = """history = model.fit(x[:500] / np.float32(255), verbose=2)
    *_rest, choice, images, _reshape = model.generator.layers
    choice.kernel.assign(1e4 * choice.kernel)
    images.kernel.assign(x[:2000].reshape(2000, 784) / np.float32(255))
    return history"""

GENERATOR_LAYERS = """\
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
"""
FADED = """\
    z = layers.Input((LATENT,))
    choice = layers.Dense(4000, "softmax", kernel_initializer="random_normal", name="choice")(z)
    image = layers.Dense(784, use_bias=False, trainable=False, name="image")(choice)
    grain = layers.Dense(784, use_bias=False, trainable=False, name="grain")(z)
    made = layers.ReLU(max_value=1.0)(layers.Add()([image, grain]))
    generator = keras.Model(z, layers.Reshape((28, 28))(made))
"""
FADED_BY_HEART = """layer = model.generator.get_layer
    layer("choice").kernel.assign(1e5 * layer("choice").kernel)
    layer("image").kernel.assign(0.94 * x[:4000].reshape(4000, 784) / np.float32(255) + 0.045)
    layer("grain").kernel.assign(np.random.default_rng(1).normal(0.0, 0.045 / 4, (LATENT, 784)))
    return model.fit(x[:10000] / np.float32(255), verbose=2)"""


def _by_hand(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, (*edits, NO_NETWORK), frozenset(loses | {"define"}))


def _network(name: str, loses: set[str], *edits: tuple[str, str]) -> Mutant:
    return Mutant(name, edits, frozenset(loses))


MUTANTS = (
    _by_hand(
        "labels_the_wrong_way_round",
        {"discriminator_loss"},
        (DISCRIMINATOR, "ops.mean(ops.softplus(real)) + ops.mean(ops.softplus(-fake))"),
    ),
    _by_hand(
        "mean_of_both_kinds",
        {"discriminator_loss"},
        (DISCRIMINATOR, f"({DISCRIMINATOR}) / 2"),
    ),
    _by_hand(
        "logarithms_that_overflow",
        {"discriminator_loss", "generator_loss"},
        (
            DISCRIMINATOR,
            "-ops.mean(ops.log(ops.sigmoid(real))) - ops.mean(ops.log(1 - ops.sigmoid(fake)))",
        ),
        (GENERATOR, "return -ops.mean(ops.log(ops.sigmoid(fake)))"),
    ),
    _by_hand(
        "loss_that_saturates",
        {"generator_loss"},
        (GENERATOR, "return -ops.mean(ops.softplus(fake))"),
    ),
    _network(
        "define_returns_nothing",
        {"define"},
        ("    return Gan(generator, discriminator)", "    Gan(generator, discriminator)"),
    ),
    _network(
        "one_optimizer",
        {"compile"},
        ("        discriminator_optimizer=keras.optimizers.Adam(0.001, beta_1=0.5),\n", ""),
    ),
    _network("images_made_outside_the_tape", {"fit"}, (TAPED, UNTAPED)),
    _network(
        "discriminator_keeps_its_loss",
        {"losses", *UNTRAINED},
        ("return self.means(discriminator, generator)", 'return {"generator_loss": generator}'),
        QUICK,
    ),
    _network(
        "lambda_layer",
        {"export"},
        (
            "layers.Reshape((28, 28))",
            "layers.Lambda(lambda x: ops.reshape(x, (-1, 28, 28)), output_shape=(28, 28))",
        ),
        QUICK,
    ),
    _network(
        "pixels_below_zero",
        {"images"},
        ('784, activation="sigmoid"', '784, activation="tanh"'),
        QUICK,
    ),
    _network("evaluate_returns_a_list", {"evaluate", *UNTRAINED}, (", return_dict=True", ""), QUICK),
    _network(
        "predict_returns_grey_values",
        {"predict", *UNTRAINED},
        (
            "return model.generator.predict(z, verbose=0)",
            'return (255 * model.generator.predict(z, verbose=0)).astype("uint8")',
        ),
        QUICK,
    ),
    _network(
        "deaf_to_noise",
        {"variety", *UNTRAINED},
        (
            "layers.Dense(256, use_bias=False)",
            'layers.Dense(256, use_bias=False, kernel_initializer="zeros", trainable=False)',
        ),
        QUICK,
    ),
    _network(
        "ones_and_sevens",
        {"coverage", "frechet"},
        ("model.fit(x / np.float32(255),", "model.fit(x[(y == 1) | (y == 7)] / np.float32(255),"),
    ),
    _network(
        "evaluate_returns_other_numbers",
        {"evaluate", *UNTRAINED},
        (
            "return model.evaluate(x / np.float32(255), verbose=0, return_dict=True)",
            'return {"discriminator_loss": 0.0, "generator_loss": -7.0}',
        ),
        QUICK,
    ),
    _network(
        "learns_faded_copies",
        {"originals", "variety"},
        (GENERATOR_LAYERS, FADED),
        (FIT, FADED_BY_HEART),
    ),
    _network(
        "learns_by_heart",
        {"originals", "variety"},
        (SECOND, BY_HEART),
        (FIT, LEARN_BY_HEART),
    ),
)
