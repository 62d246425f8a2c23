"""What the functions of lab 16 should return: facts by sets, slopes by TensorFlow's tape and Keras."""

import keras
import numpy as np
import tensorflow as tf
from family import RELATIONS, Family, all_right, left_over, relatives
from sklearn.preprocessing import OneHotEncoder


def kin(parents, spouse):
    found = relatives(Family(parents, spouse, np.zeros(len(spouse))))
    tables = np.zeros((4, len(spouse), len(spouse)))
    for table, kind in zip(tables, ("parents", "spouses", "siblings", "elders")):
        for person, others in found[kind].items():
            table[person, list(others)] = 1
    return tables


def answers(tables, female):
    parent, married, sibling, beside = np.swapaxes(tables, 1, 2) > 0  # whose, who
    found = {"father": parent, "husband": married, "son": parent.T}
    found |= {"uncle": beside, "brother": sibling, "nephew": beside.T}
    women = np.flatnonzero(female)
    made = np.zeros((len(RELATIONS), *parent.shape))
    for number, name in enumerate(RELATIONS):
        kind = found.get(name)
        those = found[RELATIONS[number - 1]] if kind is None else kind
        for who, whose in np.argwhere(those):
            made[number, whose, who] = (who in women) == (kind is None)
    return made


def questions(truth):
    people = truth.shape[1]
    asked = [
        (person, people + relation)
        for person in range(people)
        for relation in range(len(truth))
        if truth[relation, person].any()
    ]
    rows = [truth[relation - people, person] for person, relation in asked]
    return np.array(asked), np.array([row / np.count_nonzero(row) for row in rows])


def one_hot(numbers, size):
    encoder = OneHotEncoder(categories=[range(size)], sparse_output=False)
    return encoder.fit_transform(np.reshape(numbers, (-1, 1))).reshape(*numbers.shape, size)


def forward(weights, x):
    return [layer.numpy() for layer in _layers([tf.constant(array) for array in weights], x)]


def cost(outputs, y):
    return keras.losses.CategoricalCrossentropy(dtype="float64")(y, outputs)


def backward(weights, x, y):
    variables = [tf.Variable(array) for array in weights]
    return tuple(slope.numpy() for slope in _slopes(variables, x, y)[1])


def update(weight, velocity, gradient, rate, momentum, decay):
    variable = keras.Variable(weight, dtype="float64")
    optimizer = keras.optimizers.SGD(rate, momentum)
    optimizer.build([variable])
    optimizer.momentums[0].assign(velocity)
    optimizer.apply([tf.constant(gradient + decay * weight)], [variable])
    return variable.numpy(), optimizer.momentums[0].numpy()


def learn(weights, x, y, sweeps, rate, momentum, decay):
    variables = [tf.Variable(array) for array in weights]
    optimizer = keras.optimizers.SGD(rate, momentum)
    optimizer.build(variables)

    @tf.function
    def sweep():
        now, slopes = _slopes(variables, x, y)
        decayed = [slope + decay * variable for slope, variable in zip(slopes, variables)]
        optimizer.apply(decayed, variables)
        return now

    costs = [sweep().numpy() for _sweep in range(sweeps)]
    last, _rest = _slopes(variables, x, y)
    return np.array([*costs, last.numpy()]), *(variable.numpy() for variable in variables)


def right(outputs, y):
    return all_right(outputs, y)


def explained(codes, groups):
    return 1 - left_over(codes, groups)


def with_keras(weights, x):
    return forward(weights, x)[-1]


def _layers(weights, x):
    table, w1, b1, w2, b2, w3, b3 = weights
    codes = tf.concat([tf.math.tanh(tf.gather(table, x[:, place])) for place in (0, 1)], axis=1)
    hidden = tf.math.tanh(tf.nn.bias_add(codes @ w1, b1))
    answer = tf.nn.bias_add(hidden @ w2, b2)
    return codes, hidden, answer, tf.nn.softmax(tf.nn.bias_add(answer @ w3, b3))


def _slopes(variables, x, y):
    """The cost, and its slope for each variable."""
    with tf.GradientTape() as tape:
        outputs = _layers(variables, x)[-1]
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(y, outputs))
    return loss, [tf.convert_to_tensor(slope) for slope in tape.gradient(loss, variables)]
