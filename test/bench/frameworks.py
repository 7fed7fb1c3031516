"""frameworks.py KIND DATA ROWS INPUTS BATCH EPOCHS LR SHUFFLE SEED [SHARE_ROWS SHARE_EPOCHS]

The same training in other people's words. Answers each line on standard input with "SECONDS LOSS", the loss over all rows
at the end. KIND: torch-loader (the tutorial's loop), torch (without DataLoader), numpy, sklearn; `versions` prints what
is installed.
"""

import sys
import time

KINDS = {}


def kind(name):
    def register(function):
        KINDS[name] = function
        return function

    return register


class Work:
    def __init__(self, data, rows, inputs, batch, epochs, lr, shuffle, seed, share_rows=1, share_epochs=1):
        import numpy as np

        self.rows, self.inputs, self.batch, self.epochs = int(rows), int(inputs), int(batch), int(epochs)
        self.lr, self.shuffle, self.seed = float(lr), shuffle == "1", int(seed)
        numbers = np.fromfile(data, dtype=np.float32)
        cut = self.rows * self.inputs
        self.x = numbers[:cut].reshape(self.rows, self.inputs)
        self.y = numbers[cut : cut + self.rows].reshape(self.rows, 1)
        self.weight = numbers[cut + self.rows : -1].reshape(1, self.inputs)
        self.bias = numbers[-1:]
        self.rows = round(self.rows * float(share_rows))
        self.epochs = max(1, round(self.epochs * float(share_epochs)))
        self.batch = min(self.batch, self.rows)
        self.x, self.y = self.x[: self.rows], self.y[: self.rows]

    def loss(self, weight, bias):
        import numpy as np

        residual = self.x.astype(np.float64) @ np.asarray(weight, np.float64).reshape(-1) + float(bias)
        return float(np.mean((residual - self.y[:, 0]) ** 2))


def torch_parts(work):
    import torch

    torch.manual_seed(work.seed)
    model = torch.nn.Linear(work.inputs, 1)
    assert torch.equal(model.weight.detach(), torch.from_numpy(work.weight)), "initial weights differ"
    optimizer = torch.optim.SGD(model.parameters(), lr=work.lr)
    return torch, model, optimizer, torch.from_numpy(work.x), torch.from_numpy(work.y)


@kind("torch-loader")
def torch_loader(work):
    torch, model, optimizer, x, y = torch_parts(work)
    from torch.utils.data import DataLoader, TensorDataset

    start = time.perf_counter()
    loader = DataLoader(TensorDataset(x, y), work.batch, shuffle=work.shuffle)
    for _ in range(work.epochs):
        for xb, yb in loader:
            loss = torch.nn.functional.mse_loss(model(xb), yb)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    seconds = time.perf_counter() - start
    return seconds, model.weight.detach().numpy(), model.bias.item()


def torch_orders(torch, work):
    """The order of each epoch, as DataLoader draws it; None where rows are not shuffled."""
    for _ in range(work.epochs):
        torch.empty((), dtype=torch.int64).random_()
        if work.shuffle:
            seed = int(torch.empty((), dtype=torch.int64).random_().item())
            yield torch.randperm(work.rows, generator=torch.Generator().manual_seed(seed))
        else:
            yield None


def batches(work, x, y, order):
    """Batches without copying where rows are in sequence."""
    for at in range(0, work.rows, work.batch):
        if order is None:
            yield x[at : at + work.batch], y[at : at + work.batch]
        else:
            rows = order[at : at + work.batch]
            yield x[rows], y[rows]


@kind("torch")
def torch_indexed(work):
    """Index tensors instead of a DataLoader; module, loss and optimizer as the tutorial has them."""
    torch, model, optimizer, x, y = torch_parts(work)
    start = time.perf_counter()
    for order in torch_orders(torch, work):
        for xb, yb in batches(work, x, y, order):
            loss = torch.nn.functional.mse_loss(model(xb), yb)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    seconds = time.perf_counter() - start
    return seconds, model.weight.detach().numpy(), model.bias.item()


@kind("torch-by-hand")
def torch_by_hand(work):
    """Only autograd is left: vectors instead of a module, a dot product as the loss, the step written out."""
    torch, model, _, x, y = torch_parts(work)
    start = time.perf_counter()
    weight = model.weight.detach().reshape(-1).clone().requires_grad_()
    bias = model.bias.detach().clone().requires_grad_()
    for order in torch_orders(torch, work):
        for xb, yb in batches(work, x, y[:, 0], order):
            residual = torch.addmv(bias.expand(len(yb)), xb, weight) - yb
            loss = residual.dot(residual) / len(yb)
            loss.backward()
            with torch.no_grad():
                weight -= work.lr * weight.grad
                bias -= work.lr * bias.grad
            weight.grad = bias.grad = None
    seconds = time.perf_counter() - start
    return seconds, weight.detach().numpy(), bias.item()


@kind("numpy")
def numpy_by_hand(work):
    import numpy as np

    x, y = work.x, work.y[:, 0]
    start = time.perf_counter()
    draws = np.random.default_rng(work.seed)
    weight, bias = work.weight[0].copy(), np.float32(work.bias[0])
    for _ in range(work.epochs):
        order = draws.permutation(work.rows) if work.shuffle else None
        for xb, yb in batches(work, x, y, order):
            residual = xb @ weight
            residual += bias - yb
            rate = np.float32(work.lr * 2 / len(yb))
            weight -= rate * (residual @ xb)
            bias -= rate * residual.sum()
    seconds = time.perf_counter() - start
    return seconds, weight, bias


@kind("sklearn")
def sgd_regressor(work):
    """Knows batches of one row only: the rate is as much smaller as the batches are."""
    import warnings

    from sklearn.linear_model import SGDRegressor

    warnings.filterwarnings("ignore")
    model = SGDRegressor(
        loss="squared_error", alpha=0, penalty=None, learning_rate="constant", eta0=2 * work.lr / work.batch,
        max_iter=work.epochs, tol=None, shuffle=work.shuffle, random_state=work.seed,
    )  # fmt: skip
    start = time.perf_counter()
    model.fit(work.x, work.y[:, 0], coef_init=work.weight[0].copy(), intercept_init=work.bias.copy())
    seconds = time.perf_counter() - start
    return seconds, model.coef_, model.intercept_[0]


def versions():
    for name in ("numpy", "torch", "sklearn"):
        try:
            print(name, __import__(name).__version__)
        except ImportError:
            pass


if sys.argv[1] == "versions":
    versions()
else:
    work = Work(*sys.argv[2:])
    for _ in sys.stdin:
        seconds, weight, bias = KINDS[sys.argv[1]](work)
        print(seconds, work.loss(weight, bias), flush=True)
