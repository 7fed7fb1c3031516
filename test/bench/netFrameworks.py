"""netFrameworks.py KIND DATA ROWS BATCH EPOCHS LR SEED ACTIVATION LOSS WIDTHS...

A net in PyTorch, without DataLoader. Answers each line on standard input with "SECONDS LOSS", the loss over all rows at the
end. KIND: torch (module and optimizer as people write them), torch-by-hand (only autograd is left).
"""

import sys
import time

import numpy as np
import torch
from torch.nn import functional

kind, data, rows, batch, epochs, lr, seed, activation, loss_name, *widths = sys.argv[1:]
rows, batch, epochs, lr, seed = int(rows), int(batch), int(epochs), float(lr), int(seed)
widths = [int(width) for width in widths]
numbers = np.fromfile(data, dtype=np.float32)
cut = rows * widths[0]
x = torch.from_numpy(numbers[:cut].reshape(rows, widths[0]))
y = torch.from_numpy(numbers[cut : cut + rows])
y = y.long() if loss_name == "cross_entropy" else y.reshape(rows, 1)
first = torch.from_numpy(numbers[cut + rows :])
loss_of = getattr(functional, loss_name)
act = torch.tanh if activation == "Tanh" else torch.relu


def orders():
    """The order of each epoch, as DataLoader draws it."""
    for _ in range(epochs):
        torch.empty((), dtype=torch.int64).random_()
        drawn = int(torch.empty((), dtype=torch.int64).random_().item())
        yield torch.randperm(rows, generator=torch.Generator().manual_seed(drawn))


def start_model():
    torch.manual_seed(seed)
    layers = []
    for i, width in enumerate(widths[1:]):
        layers.append(torch.nn.Linear(widths[i], width))
        if i < len(widths) - 2:
            layers.append(getattr(torch.nn, activation)())
    model = torch.nn.Sequential(*layers)
    flat = torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])
    assert torch.equal(flat, first), "initial parameters differ"
    return model


def train():
    model = start_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    start = time.perf_counter()
    for order in orders():
        for at in range(0, rows, batch):
            chosen = order[at : at + batch]
            loss = loss_of(model(x[chosen]), y[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    return time.perf_counter() - start, model


def train_by_hand():
    model = start_model()
    parameters = list(model.parameters())
    pairs = list(zip(parameters[::2], parameters[1::2]))
    start = time.perf_counter()
    for order in orders():
        for at in range(0, rows, batch):
            chosen = order[at : at + batch]
            values = x[chosen]
            for weight, bias in pairs[:-1]:
                values = act(functional.linear(values, weight, bias))
            loss = loss_of(functional.linear(values, *pairs[-1]), y[chosen])
            gradients = torch.autograd.grad(loss, parameters)
            with torch.no_grad():
                torch._foreach_add_(parameters, gradients, alpha=-lr)
    return time.perf_counter() - start, model


for _ in sys.stdin:
    seconds, model = (train if kind == "torch" else train_by_hand)()
    with torch.no_grad():
        print(seconds, loss_of(model(x), y).item(), flush=True)
