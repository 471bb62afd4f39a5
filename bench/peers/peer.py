"""What every peer does: builds the network in PyTorch, then answers on standard output, one JSON object for each line of standard input.

A line `margins` is answered by J of every example, `[batch][classes]`, a line `run` by nothing but the end of the work. What Python
prints otherwise goes to standard error.
"""

import json
import os
import sys


def main(load):
    """`load(model, facts)` returns a function of no arguments that computes J, a tensor `[batch, classes]`."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import torch

    with open(sys.argv[1]) as file:
        facts = json.load(file)
    torch.set_num_threads(facts["threads"])
    margins = load(network(facts), examples(facts))
    say(answers, {"ready": True, "torch": torch.__version__})
    for line in sys.stdin:
        with torch.no_grad():
            found = margins()
        say(answers, {"margins": found.tolist()} if line.strip() == "margins" else {})


def say(stream, answer):
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


def network(facts):
    """`torch.nn.Sequential` with the weights of the file."""
    import torch
    from safetensors.torch import load_file

    weights = load_file(facts["weights"])
    return torch.nn.Sequential(*[layer(each, weights) for each in facts["layers"]]).eval()


def layer(facts, weights):
    import torch

    kind = facts["kind"]
    if kind == "relu":
        return torch.nn.ReLU()
    if kind == "flatten":
        return torch.nn.Flatten()
    weight, bias = weights[facts["name"] + ".weight"], weights.get(facts["name"] + ".bias")
    if kind == "dense":
        made = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    else:
        made = torch.nn.Conv2d(
            weight.shape[1],
            weight.shape[0],
            tuple(weight.shape[2:]),
            stride=tuple(facts["strides"]),
            padding=tuple(facts["padding"]),
            bias=bias is not None,
        )
    made.load_state_dict({"weight": weight} if bias is None else {"weight": weight, "bias": bias})
    for parameter in made.parameters():
        parameter.requires_grad = False
    return made


class examples:
    """`x` `[batch, channels, height, width]` or `[batch, features]`, `labels` `[batch]`, and the ball around them."""

    def __init__(self, facts):
        from safetensors.torch import load_file

        loaded = load_file(facts["inputs"])
        self.x, self.labels = loaded["x"], loaded["labels"].long()
        self.classes, self.norm, self.epsilon, self.box = (facts[key] for key in ("classes", "norm", "epsilon", "box"))

    def specifications(self):
        """Rows of `e_label - e_t`, `[batch, classes, classes]`."""
        import torch

        eye = torch.eye(self.classes)
        return eye[self.labels].unsqueeze(1) - eye.unsqueeze(0)
