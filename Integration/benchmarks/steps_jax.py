"""Times a training step of the benchmark networks in JAX, in the modes that its users choose from.

    python steps_jax.py NETWORK BATCH STEPS [THREADS [MODES]]

Prints one JSON object: {"modes": {mode: median milliseconds}, "peak_bytes": …}. A step is the gather of the batch, forward,
backward and update, compiled as one function whose state is donated. XLA takes its threads from the processors that it may
run on, so THREADS narrows those before JAX is imported (as `taskset` would).
"""

import json
import os
import resource
import statistics
import sys
import time

if len(sys.argv) > 4:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[4])])
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
from jax import lax
from jax import numpy as jnp

# The networks: lists of layers, each a function that makes (parameters, apply, shape that goes on) for a key and the shape
# that comes in. Apply takes the parameters, the values, a random key and the step's context.


class Context:
    """What a step hands its layers: the type of the operands; what batch normalisation saw, for the running statistics."""

    def __init__(self, kind):
        self.kind = kind
        self.statistics = []


def dense(outputs):
    def make(key, shape):
        weights = jax.random.normal(key, (shape[-1], outputs)) * (2 / shape[-1]) ** 0.5

        def apply(parameters, x, key, context):
            weights, bias = parameters
            return x.astype(context.kind) @ weights.astype(context.kind) + bias.astype(context.kind)

        return (weights, jnp.zeros(outputs)), apply, (outputs,)

    return make


def convolution(outputs, kernel=3, stride=1, padding="SAME", bias=False):
    def make(key, shape):
        fan_in = kernel * kernel * shape[-1]
        weights = jax.random.normal(key, (kernel, kernel, shape[-1], outputs)) * (2 / fan_in) ** 0.5
        sides = [(kernel // 2, kernel // 2)] * 2 if padding == "SAME" else [(0, 0)] * 2

        def apply(parameters, x, key, context):
            x = lax.conv_general_dilated(
                x.astype(context.kind), parameters[0].astype(context.kind), (stride, stride), sides,
                dimension_numbers=("NHWC", "HWIO", "NHWC"))
            return x + parameters[1].astype(context.kind) if bias else x

        size = [(length + 2 * side[0] - kernel) // stride + 1 for length, side in zip(shape, sides)]
        return (weights, jnp.zeros(outputs)) if bias else (weights,), apply, (*size, outputs)

    return make


def batch_norm(key, shape):
    """Normalises with the batch's statistics, in Float32."""

    def apply(parameters, x, key, context):
        gain, bias = parameters
        values = x.astype(jnp.float32)
        mean = values.mean((0, 1, 2))
        variance = (values * values).mean((0, 1, 2)) - mean * mean
        context.statistics.append((mean, variance))
        return ((values - mean) * (gain * lax.rsqrt(variance + 1e-5)) + bias).astype(context.kind)

    return (jnp.ones(shape[-1]), jnp.zeros(shape[-1])), apply, shape


def stateless(function, shape_of=lambda shape: shape):
    return lambda key, shape: ((), lambda parameters, x, key, context: function(x, key), shape_of(shape))


def dropout(rate):
    def drop(x, key):
        return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0).astype(x.dtype)

    return stateless(drop)


relu = stateless(lambda x, key: jnp.maximum(x, 0))
sigmoid = stateless(lambda x, key: jax.nn.sigmoid(x))
max_pool = stateless(
    lambda x, key: lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID"),
    lambda shape: (shape[0] // 2, shape[1] // 2, shape[2]))
average_all = stateless(lambda x, key: x.mean((1, 2)), lambda shape: (shape[-1],))
flatten = stateless(lambda x, key: x.reshape(x.shape[0], -1), lambda shape: (shape[0] * shape[1] * shape[2],))


def sequence(layers):
    def make(key, shape):
        made = []
        for index, layer in enumerate(layers):
            parameters, apply, shape = layer(jax.random.fold_in(key, index), shape)
            made.append((parameters, apply))

        def apply_all(parameters, x, key, context):
            for index, (_, apply) in enumerate(made):
                x = apply(parameters[index], x, jax.random.fold_in(key, index), context)
            return x

        return [parameters for parameters, _ in made], apply_all, shape

    return make


def residual(outputs, stride, project):
    body = sequence([convolution(outputs, stride=stride), batch_norm, relu, convolution(outputs), batch_norm])
    projection = sequence([convolution(outputs, 1, stride), batch_norm] if project else [])

    def make(key, shape):
        own, apply_body, result = body(key, shape)
        short, apply_projection, _ = projection(jax.random.fold_in(key, 99), shape)

        def apply(parameters, x, key, context):
            total = apply_body(parameters[0], x, key, context) + apply_projection(parameters[1], x, key, context)
            return jnp.maximum(total, 0)

        return (own, short), apply, result

    return make


def mlp():
    return [dense(512), relu, dense(256), relu, dense(10)], (784,)


def lenet():
    features = [convolution(32, padding="VALID", bias=True), relu, convolution(64, padding="VALID", bias=True), relu]
    return features + [max_pool, dropout(0.25), flatten, dense(128), relu, dropout(0.5), dense(10)], (28, 28, 1)


def vgg():
    layers = []
    for width in (64, 128, 256):
        layers += [convolution(width), batch_norm, relu] * 2 + [max_pool]
    return layers + [flatten, dense(256), relu, dense(10)], (32, 32, 3)


def resnet20():
    layers = [convolution(16), batch_norm, relu]
    for width in (16, 32, 64):
        for block in range(3):
            widens = block == 0 and width > 16
            layers.append(residual(width, 2 if widens else 1, widens))
    return layers + [average_all, dense(10)], (32, 32, 3)


def autoencoder():
    encoder = [dense(1000), relu, dense(500), relu, dense(250), relu, dense(30)]
    return encoder + [dense(250), relu, dense(500), relu, dense(1000), relu, dense(784), sigmoid], (784,)


def adam(parameters, gradients, moments, step, rate=1e-3):
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], gradients)
    left, right = 1 - 0.9**step, 1 - 0.999**step
    update = lambda p, m, v: p - rate * (m / left) / (jnp.sqrt(v / right) + 1e-8)
    return jax.tree.map(update, parameters, first, second), (first, second)


def momentum(parameters, gradients, velocity, step, rate=0.01):
    velocity = jax.tree.map(lambda v, g: 0.9 * v + g, velocity, gradients)
    return jax.tree.map(lambda p, v: p - rate * v, parameters, velocity), velocity


def median_milliseconds(network, batch, steps, kind):
    layers, shape = NETWORKS[network]()
    key = jax.random.key(0)
    parameters, apply, _ = sequence(layers)(key, shape)
    images = jax.random.uniform(key, (1024, *shape))
    targets = images if network == "autoencoder" else jnp.arange(1024) % 10
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    if network in ("mlp", "autoencoder"):
        update, moments = adam, (zeros, jax.tree.map(jnp.zeros_like, parameters))
    else:
        update, moments = momentum, zeros

    def loss(parameters, inputs, wanted, key):
        context = Context(kind)
        outputs = apply(parameters, inputs, key, context).astype(jnp.float32)
        if network == "autoencoder":
            value = jnp.mean((outputs - wanted) ** 2)
        else:
            value = -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), wanted[:, None], 1))
        return value, context.statistics

    def train(state, images, targets):
        parameters, moments, running, step, key = state
        key, choose, drop = jax.random.split(key, 3)
        chosen = jax.random.randint(choose, (batch,), 0, 1024)
        measure = jax.value_and_grad(loss, has_aux=True)
        (value, seen), gradients = measure(parameters, images[chosen], targets[chosen], drop)
        parameters, moments = update(parameters, gradients, moments, step)
        running = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, running, seen)
        return (parameters, moments, running, step + 1, key), value

    train = jax.jit(train, donate_argnums=0)
    seen = jax.eval_shape(loss, parameters, images[:batch], targets[:batch], key)[1]
    running = jax.tree.map(lambda like: jnp.zeros(like.shape), seen)
    state = (parameters, moments, running, jnp.float32(1), key)
    times = []
    for step in range(steps + 3):
        start = time.perf_counter()
        state, value = train(state, images, targets)
        jax.block_until_ready((state, value))
        if step >= 3:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


NETWORKS = {"mlp": mlp, "lenet": lenet, "vgg": vgg, "resnet20": resnet20, "autoencoder": autoencoder}


def main():
    network, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    modes = {"jit": jnp.float32, "bfloat16": jnp.bfloat16}
    results = {}
    for name in sys.argv[5].split(",") if len(sys.argv) > 5 else modes:
        try:
            results[name] = median_milliseconds(network, batch, steps, modes[name])
        except Exception as error:  # a mode that this machine lacks
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
    print(json.dumps({"modes": results, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
