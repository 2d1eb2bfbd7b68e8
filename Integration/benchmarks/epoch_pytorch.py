"""Times an epoch of Fashion-MNIST in PyTorch: a DataLoader over torchvision's dataset and transforms, as its users write it.

    python epoch_pytorch.py FOLDER WORKERS THREADS TRANSFORMS LAYOUT [BATCHES]

FOLDER holds FashionMNIST/raw/ with the IDX files. TRANSFORMS is `pil` (the dataset's own images) or `tensor` (the second
version of the transforms, on tensors of bytes), LAYOUT `contiguous` or `channels_last`. Prints one JSON object: the seconds from
when the first batch is asked for to the end of the last step, the steps, and the mean loss.
"""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import FashionMNIST
from torchvision.transforms import v2

PADDING, MEAN, DEVIATION = 2, (0.2860,), (0.3530,)


def pil(folder):
    change = transforms.Compose(
        [transforms.RandomCrop(28, PADDING), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
         transforms.Normalize(MEAN, DEVIATION)])
    return FashionMNIST(folder, transform=change)


class Tensors(torch.utils.data.Dataset):
    """The same images without the way through PIL."""

    def __init__(self, folder):
        source = FashionMNIST(folder)
        self.images, self.targets = source.data.unsqueeze(1), source.targets
        self.change = v2.Compose(
            [v2.RandomCrop(28, PADDING), v2.RandomHorizontalFlip(), v2.ToDtype(torch.float32, scale=True),
             v2.Normalize(MEAN, DEVIATION)])

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.change(self.images[index]), self.targets[index]


def main():
    folder, workers, threads, kind, layout = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
    limit = int(sys.argv[6]) if len(sys.argv) > 6 else None
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten(),
        nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))
    form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    model = model.to(memory_format=form)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
    loss_function = nn.CrossEntropyLoss()
    loader = DataLoader({"pil": pil, "tensor": Tensors}[kind](folder), 128, shuffle=True, num_workers=workers)
    total, steps = 0.0, 0
    start = time.perf_counter()
    for images, targets in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(model(images.to(memory_format=form)), targets)
        loss.backward()
        optimizer.step()
        total += loss.item()
        steps += 1
        if steps == limit:
            break
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "steps": steps, "loss": total / steps, "peak_bytes": peak}))


main()
