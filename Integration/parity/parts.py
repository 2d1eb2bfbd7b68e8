"""Each part beside its counterpart in PyTorch: values, gradients, paths and rates of seeded numbers."""

import json
from collections.abc import Callable

import torch
from fledge import Table, difference, finish, fledge
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import lr_scheduler

Function = Callable[..., Tensor]


def apply(part: str, x: Tensor, *flags: str) -> tuple[Tensor, Tensor]:
    """What a part makes of numbers, and the gradient of the sum of that with respect to them."""
    answer = json.loads(fledge("apply", part, "--input", json.dumps(x.tolist()), "--gradient", *flags))
    return torch.tensor(answer["output"], dtype=torch.float64), torch.tensor(answer["gradient"], dtype=torch.float64)


def compare(table: Table, name: str, part: str, theirs: Function, x: Tensor, *flags: str) -> None:
    """Value and gradient on the Float64 reference backend, and the worse of the two on the Float32 CPU backend."""
    x = x.clone().requires_grad_()
    y = theirs(x)
    y.sum().backward()
    expected = (y.detach(), x.grad)
    exact, fast = (
        [difference(ours, reference) for ours, reference in zip(apply(part, x, *flags, "--backend", b), expected)]
        for b in ("reference", "cpu")
    )
    table.row(name, *exact, max(fast))


def table_of(title: str) -> Table:
    return Table(title, 60, {"value": 1e-12, "gradient": 1e-12, "cpu, Float32": 1e-5})


def activations() -> None:
    """Silu follows softmax, whose sum has no gradient. The gradient of PyTorch's hardsigmoid has a 1/6 in Float32."""
    table = table_of("Activations, of 2×3×4×5 numbers")
    x = 2 * torch.randn(2, 3, 4, 5)
    for part, theirs in {
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "leaky-relu": F.leaky_relu,
        "leaky-relu(0.2)": lambda x: F.leaky_relu(x, 0.2), "elu": F.elu, "elu(0.5)": lambda x: F.elu(x, 0.5),
        "selu": F.selu, "gelu": F.gelu, "gelu(tanh)": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu,
        "swish(1.5)": lambda x: x * torch.sigmoid(1.5 * x), "mish": F.mish, "softplus": F.softplus,
        "softplus(3)": lambda x: F.softplus(x, 3), "softsign": F.softsign,
        "hard-sigmoid": lambda x: (x + 3).clamp(0, 6) / 6, "hard-swish": F.hardswish, "relu6": F.relu6,
        "identity": lambda x: x,
        "softmax, silu": lambda x: F.silu(F.softmax(x, 1)), "log-softmax, silu": lambda x: F.silu(F.log_softmax(x, 1)),
    }.items():  # fmt: skip
        compare(table, part, part, theirs, x)


def losses() -> None:
    """Fledge sums hinge over the classes, as the lectures do; MultiMarginLoss takes their mean."""
    table = table_of("Losses, an example each of 6")
    scores, classes = 3 * torch.randn(6, 5), torch.randint(0, 5, (6,))
    numbers = torch.randn(6, 5)
    for part, theirs, target in [
        ("softmax-cross-entropy", lambda x, t: F.cross_entropy(x, t, reduction="none"), classes),
        ("softmax-cross-entropy(label-smoothing: 0.1)",
         lambda x, t: F.cross_entropy(x, t, reduction="none", label_smoothing=0.1), classes),
        ("hinge", lambda x, t: 5 * F.multi_margin_loss(x, t, reduction="none"), classes),
        ("hinge(margin: 2, squared: true)",
         lambda x, t: 5 * F.multi_margin_loss(x, t, p=2, margin=2, reduction="none"), classes),
        ("mean-squared-error", lambda x, t: F.mse_loss(x, t, reduction="none").mean(1), numbers),
        ("mean-absolute-error", lambda x, t: F.l1_loss(x, t, reduction="none").mean(1), numbers),
        ("huber", lambda x, t: F.huber_loss(x, t, reduction="none").mean(1), numbers),
        ("huber(delta: 0.3)", lambda x, t: F.huber_loss(x, t, delta=0.3, reduction="none").mean(1), numbers),
        ("binary-cross-entropy", lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction="none").mean(1),
         torch.rand(6, 5)),
    ]:  # fmt: skip
        against = json.dumps(target.tolist())
        compare(table, part, part, lambda x: theirs(x, target), scores, "--target", against, "--kind", "loss")


def regularizers() -> None:
    table = table_of("Regularizers, of 4×6 weights")
    x = torch.randn(4, 6)
    compare(table, "l2(0.01)", "l2(0.01)", lambda x: 0.01 * x.square().sum(), x)
    compare(table, "l1(0.01)", "l1(0.01)", lambda x: 0.01 * x.abs().sum(), x)
    both = "elastic-net(l1: 0.01, l2: 0.1)"
    compare(table, both, both, lambda x: 0.01 * x.abs().sum() + 0.1 * x.square().sum(), x)


def drawn_filters(channels: int, filters: int, kernel: int, groups: int) -> Tensor:
    """The weights that `apply` draws for a convolution, read off with images of a single 1."""
    ones = torch.eye(channels * kernel * kernel).reshape(-1, channels, kernel, kernel)
    read, _ = apply(f"conv({filters}, {kernel}, padding: valid, groups: {groups})", ones)
    full = read.reshape(channels, kernel, kernel, filters).permute(3, 0, 1, 2)
    width = channels // groups
    first = [f // (filters // groups) * width for f in range(filters)]
    return torch.stack([full[f, start : start + width] for f, start in enumerate(first)])


def layers() -> None:
    """Silu follows where the sum's gradient would be the same everywhere or zero."""
    table = table_of("Layers, followed by silu")
    rows, images = torch.randn(5, 7), torch.randn(2, 6, 9, 8)
    weight = apply("dense(4)", torch.eye(7))[0].T

    def row(part: str, theirs: Function, x: Tensor, *flags: str) -> None:
        compare(table, " ".join((part, *flags)), f"{part}, silu", lambda x: F.silu(theirs(x)), x, *flags)

    row("dense(4)", lambda x: F.linear(x, weight), rows)
    for filters, kernel, stride, padding, dilation, groups in [
        (4, 3, 1, "same", 1, 1), (4, 3, 2, "same", 1, 1), (4, 5, 1, "valid", 1, 2), (6, 3, 2, "3", 2, 3),
        (12, 3, 1, "same", 2, 6), (4, 2, 3, "1", 1, 1), (4, 1, 1, "valid", 1, 1),
    ]:  # fmt: skip
        filter_weights = drawn_filters(6, filters, kernel, groups)
        # Fledge's same pads as PyTorch's padding=k//2 does, whatever the stride, which PyTorch's own 'same' refuses.
        pad = {"same": dilation * (kernel - 1) // 2, "valid": 0}.get(padding) or int(padding.isdigit() and padding)
        row(
            f"conv({filters}, {kernel}, {stride}, {padding}, dilation: {dilation}, groups: {groups})",
            lambda x: F.conv2d(x, filter_weights, None, stride, pad, dilation, groups), images)  # fmt: skip
    for kernel, stride, padding, added in [(3, 1, 1, 0), (3, 2, 1, 1), (2, 2, 0, 0)]:
        # A single pixel lays down its filters.
        pixels = torch.eye(6)[..., None, None]
        laid, _ = apply(f"conv-transpose(4, {kernel}, {stride}, valid)", pixels)
        row(
            f"conv-transpose(4, {kernel}, {stride}, {padding}, {added})",
            lambda x: F.conv_transpose2d(x, laid, None, stride, padding, added), images)  # fmt: skip
    row("max-pool", lambda x: F.max_pool2d(x, 2), images)
    row("max-pool(3, stride: 2, padding: 1)", lambda x: F.max_pool2d(x, 3, 2, 1), images)
    row("average-pool", lambda x: F.avg_pool2d(x, 2), images)
    row("average-pool(3, stride: 2, padding: 1)", lambda x: F.avg_pool2d(x, 3, 2, 1), images)
    row("global-average-pool", lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), images)
    row("batch-norm", nn.BatchNorm2d(6).double().train(), images, "--training")
    row("batch-norm", nn.BatchNorm1d(7).double().train(), rows, "--training")
    row("batch-norm(epsilon: 0.1)", nn.BatchNorm2d(6, eps=0.1).double().eval(), images)
    row("dropout", lambda x: x, images)
    row("flatten", lambda x: x.flatten(1), images)
    row("reshape(3, 18, 8)", lambda x: x.reshape(2, 3, 18, 8), images)
    row("zero-pad(2)", lambda x: F.pad(x, (2, 2, 2, 2)), images)


def path(make: Callable[..., torch.optim.Optimizer], rosenbrock: bool, start: list[float], steps: int) -> Tensor:
    point = torch.tensor(start, requires_grad=True)
    optimizer = make([point])
    points = []
    for _ in range(steps):
        optimizer.zero_grad()
        x, y = point
        height = (1 - x) ** 2 + 100 * (y - x**2) ** 2 if rosenbrock else x**2 + 10 * y**2
        height.backward()
        optimizer.step()
        points.append(point.detach().clone())
    return torch.stack(points)


def optimizers() -> None:
    """Parameters that are not named are the defaults of both."""
    table = Table("Optimizers, Float64: 100 points of a path", 60, {"quadratic": 1e-6, "rosenbrock": 1e-6})
    o = torch.optim
    for part, make in {
        "sgd(rate: 1e-3)": lambda p: o.SGD(p, 1e-3),
        "sgd(rate: 1e-3, momentum: 0.9)": lambda p: o.SGD(p, 1e-3, 0.9),
        "sgd(rate: 1e-3, momentum: 0.9, nesterov: true)": lambda p: o.SGD(p, 1e-3, 0.9, nesterov=True),
        "sgd(rate: 1e-3, momentum: 0.9, dampening: 0.3)": lambda p: o.SGD(p, 1e-3, 0.9, 0.3),
        "sgd(rate: 1e-3, momentum: 0.9, weight-decay: 0.1)": lambda p: o.SGD(p, 1e-3, 0.9, weight_decay=0.1),
        "rmsprop": lambda p: o.RMSprop(p),
        "rmsprop(momentum: 0.9, centered: true)": lambda p: o.RMSprop(p, momentum=0.9, centered=True),
        "adam": lambda p: o.Adam(p),
        "adam(rate: 0.1, beta1: 0.8, beta2: 0.9)": lambda p: o.Adam(p, 0.1, (0.8, 0.9)),
        "adam(rate: 0.1, amsgrad: true)": lambda p: o.Adam(p, 0.1, amsgrad=True),
        "adam(rate: 0.1, weight-decay: 0.1)": lambda p: o.Adam(p, 0.1, weight_decay=0.1),
        "adamw": lambda p: o.AdamW(p),
        "adamw(rate: 0.1, amsgrad: true, weight-decay: 0.1)":
            lambda p: o.AdamW(p, 0.1, amsgrad=True, weight_decay=0.1),
        "adagrad": lambda p: o.Adagrad(p),
        "adagrad(rate: 0.5, rate-decay: 0.1, initial-sum: 0.1)": lambda p: o.Adagrad(p, 0.5, 0.1, 0, 0.1),
    }.items():  # fmt: skip
        figures = []
        for surface, start in {"quadratic": [4.0, 2.0], "rosenbrock": [-1.2, 1.0]}.items():
            flags = ["--steps", 100, "--on", surface, "--start", ",".join(map(str, start))]
            lines = [json.loads(line) for line in fledge("trace", part, *flags).splitlines()]
            theirs = path(make, surface == "rosenbrock", start, 100)
            figures.append(difference([[line["x"], line["y"]] for line in lines], theirs))
        table.row(part, *figures)


def schedulers() -> None:
    """Those whose definitions coincide; the first five count epochs."""
    table = Table("Schedulers: 40 rates from 0.1, 4 steps an epoch", 60, {"rate": 1e-12})
    s = lr_scheduler
    for part, steps_a_tick, make in [
        ("constant", 4, lambda o: s.ConstantLR(o, 1)),
        ("step(every: 3, factor: 0.5)", 4, lambda o: s.StepLR(o, 3, 0.5)),
        ("multi-step(2, 5, 6)", 4, lambda o: s.MultiStepLR(o, [2, 5, 6])),
        ("exponential(0.8)", 4, lambda o: s.ExponentialLR(o, 0.8)),
        ("inverse-time(0.5)", 4, lambda o: s.LambdaLR(o, lambda epoch: 1 / (1 + 0.5 * epoch))),
        ("cosine", 1, lambda o: s.CosineAnnealingLR(o, 40)),
        ("cosine(minimum: 0.02)", 1, lambda o: s.CosineAnnealingLR(o, 40, 0.02)),
        ("linear(minimum: 0.02)", 1, lambda o: s.LinearLR(o, 1, 0.2, 40)),
        ("polynomial(power: 2)", 1, lambda o: s.PolynomialLR(o, 40, 2)),
        ("warmup(fraction: 0.25)", 1, lambda o: s.LinearLR(o, 0.1, 1, 9)),
        ("cosine(warmup: 0.25)", 1,
         lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, 1, 9), s.CosineAnnealingLR(o, 30)], [10])),
    ]:  # fmt: skip
        flags = ["--steps", 40, "--rate", 0.1, "--steps-per-epoch", 4]
        ours = [json.loads(line)["rate"] for line in fledge("trace", part, *flags).splitlines()]
        optimizer = torch.optim.SGD([torch.zeros(1)], 0.1)
        scheduler = make(optimizer)
        theirs = []
        for step in range(1, 41):
            theirs.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if step % steps_a_tick == 0:
                scheduler.step()
        table.row(part, difference(ours, theirs))


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    for kind in (activations, losses, regularizers, layers, optimizers, schedulers):
        kind()
    finish()


main()
