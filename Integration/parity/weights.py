"""Weights travel both ways unchanged: models trained by Fledge predict the same in PyTorch, and back."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from fledge import Table, difference, exported, finish, load, predictions, train
from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self, body: nn.Sequential, shortcut: nn.Module) -> None:
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x) + self.shortcut(x)


def global_average_pool() -> nn.Module:
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


@dataclass
class Network:
    name: str
    inputs: tuple[int, ...]
    # With {momentum}: 0.1, or 0 where a step must leave the running moments of batch normalisation as they are.
    fledge: str
    pytorch: Callable[[], nn.Sequential]


networks = [
    Network(
        "mlp", (1, 28, 28), "mlp(hidden: [64, 32])",
        lambda: nn.Sequential(
            nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))),
    Network(
        "lenet", (1, 28, 28), "lenet",
        lambda: nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
            nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))),
    Network(
        "batch-norm, strides, leaky-relu, elu", (3, 17, 19),
        """conv(8, 5, padding: valid), leaky-relu(0.2), conv(12, 3, stride: 2, bias: false),
        batch-norm(momentum: {momentum}), elu, max-pool(3, stride: 2, padding: 1), flatten, dropout(0.3), dense(10)""",
        lambda: nn.Sequential(
            nn.Conv2d(3, 8, 5), nn.LeakyReLU(0.2), nn.Conv2d(8, 12, 3, 2, padding=1, bias=False), nn.BatchNorm2d(12),
            nn.ELU(), nn.MaxPool2d(3, stride=2, padding=1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(12 * 4 * 4, 10))),
    Network(
        "groups, dilation, pools, gelu", (4, 20, 18),
        """conv(12, 3, groups: 4, dilation: 2), gelu, conv(8, 2, padding: 2, groups: 2, bias: false),
        average-pool(3, stride: 2, padding: 1), batch-norm(momentum: {momentum}, epsilon: 1e-3),
        gelu(approximate: tanh), conv(16, 1), global-average-pool, dense(10, bias: false)""",
        lambda: nn.Sequential(
            nn.Conv2d(4, 12, 3, padding=2, dilation=2, groups=4), nn.GELU(),
            nn.Conv2d(12, 8, 2, padding=2, groups=2, bias=False), nn.AvgPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(8, eps=1e-3), nn.GELU("tanh"), nn.Conv2d(8, 16, 1), global_average_pool(),
            nn.Linear(16, 10, bias=False))),
    Network(
        "batch-norm of features", (40,),
        "dense(24), batch-norm(momentum: {momentum}), tanh, sequence(dense(16), sigmoid), dense(10)",
        lambda: nn.Sequential(
            nn.Linear(40, 24), nn.BatchNorm1d(24), nn.Tanh(), nn.Sequential(nn.Linear(24, 16), nn.Sigmoid()),
            nn.Linear(16, 10))),
    Network(
        "residual, repeat", (3, 12, 12),
        """conv(8), residual([conv(16, stride: 2), batch-norm(momentum: {momentum}), relu, conv(16)],
        shortcut: conv(16, 1, stride: 2)), repeat(2, conv(16), relu), global-average-pool, dense(10)""",
        lambda: nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            Residual(
                nn.Sequential(
                    nn.Conv2d(8, 16, 3, 2, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1)),
                nn.Conv2d(8, 16, 1, 2)),
            nn.Sequential(*[nn.Sequential(nn.Conv2d(16, 16, 3, padding=1), nn.ReLU()) for _ in range(2)]),
            global_average_pool(), nn.Linear(16, 10))),
]  # fmt: skip


def to_pytorch(network: Network, dataset: str, inputs: Tensor) -> float:
    """Some steps in Fledge, so that moments and weights have moved; then the predictions of both."""
    run = train(dataset, network.fledge.format(momentum=0.1), "adam", batch=32)
    model = network.pytorch().eval()
    load(model, exported(run))
    return difference(predictions(run, inputs), model(inputs))


def from_pytorch(network: Network, dataset: str, inputs: Tensor) -> tuple[int, float]:
    """PyTorch's weights through a step at rate 0: how many numbers have changed; the predictions of both."""
    model = network.pytorch().eval()
    for batch_norm in (m for m in model.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)):
        for tensor in (batch_norm.weight, batch_norm.bias, batch_norm.running_mean, batch_norm.running_var):
            nn.init.uniform_(tensor, 0.5, 1.5)
    run = train(dataset, network.fledge.format(momentum=0), "sgd(rate: 0)", batch=32, initial=model.state_dict())
    sent = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    back = exported(run)
    changed = sum(
        int((sent[name].view(torch.int32) != back[name].view(torch.int32)).sum()) for name in sent.keys() & back.keys())
    changed += len(sent.keys() ^ back.keys())
    return changed, difference(predictions(run, inputs), model(inputs))


@torch.no_grad()
def main() -> None:
    torch.manual_seed(1)
    table = Table(
        "Weights, Float32: export → load_state_dict(strict=True), and save_file → --initial-weights → export.\n"
        "Predictions of 16 inputs: worst difference relative to the greatest prediction.",
        40, {"predictions, exported": 1e-5, "numbers changed": 0, "predictions, imported": 1e-5})
    for network in networks:
        dataset = f"synthetic({', '.join(map(str, network.inputs))}, count: 128)"
        inputs = torch.rand(16, *network.inputs)
        table.row(network.name, to_pytorch(network, dataset, inputs), *from_pytorch(network, dataset, inputs))
    finish()


main()
