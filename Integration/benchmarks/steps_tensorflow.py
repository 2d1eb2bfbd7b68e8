"""Times a training step of the benchmark networks in TensorFlow, in the modes that its users choose from.

    python steps_tensorflow.py NETWORK BATCH STEPS [THREADS [MODES]]

Prints one JSON object: {"modes": {mode: median milliseconds}, "peak_bytes": …}. A step is the gather of the batch, forward,
backward and update, as one tf.function.
"""

import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def convolution(x, outputs, kernel=3, stride=1):
    if stride > 1 and kernel > 1:  # "same" of a stride pads one side alone; the other peers pad both
        x = layers.ZeroPadding2D(kernel // 2)(x)
    padding = "valid" if stride > 1 else "same"
    x = layers.Conv2D(outputs, kernel, stride, padding, use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def mlp():
    x = inputs = keras.Input((784,))
    x = layers.Dense(512, "relu")(x)
    x = layers.Dense(256, "relu")(x)
    return inputs, layers.Dense(10)(x)


def lenet():
    x = inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(128, "relu")(layers.Flatten()(x))
    return inputs, layers.Dense(10)(layers.Dropout(0.5)(x))


def vgg():
    x = inputs = keras.Input((32, 32, 3))
    for width in (64, 128, 256):
        for _ in range(2):
            x = layers.ReLU()(convolution(x, width))
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(256, "relu")(layers.Flatten()(x))
    return inputs, layers.Dense(10)(x)


def resnet20():
    x = inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(convolution(x, 16))
    for width in (16, 32, 64):
        for block in range(3):
            widens = block == 0 and width > 16
            stride = 2 if widens else 1
            body = convolution(layers.ReLU()(convolution(x, width, 3, stride)), width)
            shortcut = convolution(x, width, 1, stride) if widens else x
            x = layers.ReLU()(layers.Add()([body, shortcut]))
    return inputs, layers.Dense(10)(layers.GlobalAveragePooling2D()(x))


def autoencoder():
    x = inputs = keras.Input((784,))
    for width in (1000, 500, 250, 30, 250, 500, 1000, 784):
        x = layers.Dense(width, {30: None, 784: "sigmoid"}.get(width, "relu"))(x)
    return inputs, x


NETWORKS = {"mlp": mlp, "lenet": lenet, "vgg": vgg, "resnet20": resnet20, "autoencoder": autoencoder}


def median_milliseconds(network, batch, steps, compiled=False, policy="float32"):
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    keras.mixed_precision.set_global_policy(policy)
    inputs, outputs = NETWORKS[network]()
    model = keras.Model(inputs, outputs)
    images = tf.random.uniform((1024, *inputs.shape[1:]))
    targets = images if network == "autoencoder" else tf.range(1024) % 10
    if network in ("mlp", "autoencoder"):
        optimizer = keras.optimizers.Adam(1e-3)
    else:
        optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=compiled)
    def train(images, targets):
        chosen = tf.random.uniform((batch,), 0, 1024, tf.int32)
        wanted = tf.gather(targets, chosen)
        with tf.GradientTape() as tape:
            predicted = tf.cast(model(tf.gather(images, chosen), training=True), tf.float32)
            if network == "autoencoder":
                loss = tf.reduce_mean((predicted - wanted) ** 2)
            else:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, predicted))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    times = []
    for step in range(steps + 3):
        start = time.perf_counter()
        train(images, targets).numpy()
        if step >= 3:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    network, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])  # XLA's own threads obey this alone
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    modes = {"function": {}, "xla": {"compiled": True}, "bfloat16": {"policy": "mixed_bfloat16"}}
    modes["bfloat16-xla"] = {"compiled": True, "policy": "mixed_bfloat16"}
    results = {}
    for name in sys.argv[5].split(",") if len(sys.argv) > 5 else modes:
        try:
            results[name] = median_milliseconds(network, batch, steps, **modes[name])
        except Exception as error:  # a mode that this machine lacks
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
    print(json.dumps({"modes": results, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
