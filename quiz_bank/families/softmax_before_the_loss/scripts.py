"""Scripts of eight lines, and for some lines other forms that are mistakes.

A script is right with the first form of every line. One planted form is wrong beyond doubt: all other lines agree with one
another on whether a number is a logit, a probability or its logarithm, so no other single line could be the mistake. The
codes say what a line has in it, as its source does, and not whether that is right.
"""

from typing import Final

Form = tuple[str, str]
"""A code and the source, with the width of the hidden layer and the number of classes to be filled in."""

LINES: Final = 8

_NET: Final = "net = nn.Sequential(nn.Linear(100, {width}), nn.ReLU(), nn.Linear({width}, {classes})"
_SGD: Final[tuple[Form, ...]] = (("sgd", "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)"),)
_LOOP: Final[tuple[Form, ...]] = (("loop", "for x, y in batches:"),)
_STEP: Final[tuple[Form, ...]] = (("step", "    optimizer.zero_grad(); loss.backward(); optimizer.step()"),)
_HIDDEN: Final[tuple[Form, ...]] = (("hidden", 'hidden = keras.layers.Dense({width}, activation="relu")'),)
_MODEL: Final[tuple[Form, ...]] = (("model", "model = keras.Sequential([hidden, output])"),)
_COMPILE: Final[tuple[Form, ...]] = (("compile", 'model.compile(optimizer="adam", loss=loss)'),)
_FIT: Final[tuple[Form, ...]] = (("fit", "model.fit(x, y, epochs=5)"),)

SCRIPTS: Final[dict[str, tuple[tuple[Form, ...], ...]]] = {
    "torch-classes": (
        (("c-net-linear", _NET + ")"), ("c-net-softmax", _NET + ", nn.Softmax(dim=1))")),
        (("c-class-loss", "loss_fn = nn.CrossEntropyLoss()"),),
        _SGD,
        _LOOP,
        (("c-net-of-x", "    logits = net(x)"), ("c-softmax-of-x", "    logits = net(x).softmax(dim=1)")),
        (
            ("c-loss-of-logits", "    loss = loss_fn(logits, y)"),
            ("c-loss-of-softmax", "    loss = loss_fn(logits.softmax(dim=1), y)"),
            ("c-loss-of-argmax", "    loss = loss_fn(logits.argmax(dim=1), y)"),
            ("c-loss-y-first", "    loss = loss_fn(y, logits)"),
        ),
        _STEP,
        (
            ("c-softmax-by-row", "p = net(x_new).softmax(dim=1)  # probabilities of the classes"),
            ("c-softmax-by-column", "p = net(x_new).softmax(dim=0)  # probabilities of the classes"),
            ("c-sigmoid-of-net", "p = net(x_new).sigmoid()  # probabilities of the classes"),
        ),
    ),
    "torch-labels": (
        (("l-net-linear", _NET + ")"), ("l-net-sigmoid", _NET + ", nn.Sigmoid())")),
        (("l-binary-loss", "loss_fn = nn.BCEWithLogitsLoss()"), ("l-class-loss", "loss_fn = nn.CrossEntropyLoss()")),
        _SGD,
        _LOOP,
        (("l-net-of-x", "    logits = net(x)"), ("l-sigmoid-of-x", "    logits = net(x).sigmoid()")),
        (
            ("l-loss-of-logits", "    loss = loss_fn(logits, y)"),
            ("l-loss-of-softmax", "    loss = loss_fn(logits.softmax(dim=1), y)"),
        ),
        _STEP,
        (
            ("l-sigmoid-of-net", "p = net(x_new).sigmoid()  # probability of each label"),
            ("l-softmax-of-net", "p = net(x_new).softmax(dim=1)  # probability of each label"),
        ),
    ),
    "torch-logs": (
        (
            ("n-net-logs", _NET + ", nn.LogSoftmax(dim=1))"),
            ("n-net-softmax", _NET + ", nn.Softmax(dim=1))"),
            ("n-net-linear", _NET + ")"),
        ),
        (("n-likelihood-loss", "loss_fn = nn.NLLLoss()"),),
        _SGD,
        _LOOP,
        (("n-net-of-x", "    log_p = net(x)"), ("n-log-of-x", "    log_p = net(x).log()")),
        (("n-loss-of-logs", "    loss = loss_fn(log_p, y)"), ("n-loss-of-exp", "    loss = loss_fn(log_p.exp(), y)")),
        _STEP,
        (
            ("n-exp-of-net", "p = net(x_new).exp()  # probabilities of the classes"),
            ("n-net-of-new", "p = net(x_new)  # probabilities of the classes"),
        ),
    ),
    "keras-classes": (
        _HIDDEN,
        (
            ("k-output-linear", "output = keras.layers.Dense({classes})"),
            ("k-output-softmax", 'output = keras.layers.Dense({classes}, activation="softmax")'),
            ("k-output-of-one", "output = keras.layers.Dense(1)"),
        ),
        _MODEL,
        (
            ("k-loss-from-logits", "loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)"),
            ("k-loss", "loss = keras.losses.SparseCategoricalCrossentropy()"),
            ("k-loss-binary", "loss = keras.losses.BinaryCrossentropy(from_logits=True)"),
        ),
        _COMPILE,
        _FIT,
        (("k-predict", "logits = model.predict(x_new)"),),
        (
            ("k-softmax", "p = keras.ops.softmax(logits)  # probabilities of the classes"),
            ("k-sigmoid", "p = keras.ops.sigmoid(logits)  # probabilities of the classes"),
        ),
    ),
    "keras-yes-or-no": (
        _HIDDEN,
        (
            ("b-output-sigmoid", 'output = keras.layers.Dense(1, activation="sigmoid")'),
            ("b-output-softmax", 'output = keras.layers.Dense(1, activation="softmax")'),
            ("b-output-linear", "output = keras.layers.Dense(1)"),
        ),
        _MODEL,
        (
            ("b-loss", "loss = keras.losses.BinaryCrossentropy()"),
            ("b-loss-from-logits", "loss = keras.losses.BinaryCrossentropy(from_logits=True)"),
            ("b-loss-categorical", "loss = keras.losses.CategoricalCrossentropy()"),
        ),
        _COMPILE,
        _FIT,
        (
            ("b-predict", "p = model.predict(x_new)  # probability of a yes"),
            ("b-predict-sigmoid", "p = keras.ops.sigmoid(model.predict(x_new))  # probability of a yes"),
        ),
        (("b-above-half", "yes = p > 0.5"), ("b-argmax", "yes = p.argmax(axis=1)")),
    ),
}

SOURCES: Final = {code: source for script in SCRIPTS.values() for forms in script for code, source in forms}
PLANTED: Final = frozenset(code for script in SCRIPTS.values() for forms in script for code, _ in forms[1:])
