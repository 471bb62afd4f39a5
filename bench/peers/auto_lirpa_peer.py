"""auto_LiRPA: bounds of every layer by rows that walk back, through lines of one slope, as the paper has them."""

import math

from auto_LiRPA import BoundedModule, BoundedTensor, PerturbationLpNorm

import peer


def load(model, given):
    x = given.x
    limits = {}
    if given.norm == "linf" and given.box is not None:
        low, high = given.box
        limits = {"x_L": (x - given.epsilon).clamp(min=low), "x_U": (x + given.epsilon).clamp(max=high)}
    norm = {"linf": math.inf, "l2": 2}[given.norm]
    # The name of the option, in older versions and in newer ones.
    options = {"relu": "same-slope", "activation_bound_option": "same-slope"}
    bounded = BoundedModule(model, x, bound_opts=options)
    ball = BoundedTensor(x, PerturbationLpNorm(norm=norm, eps=given.epsilon, **limits))
    return lambda: bounded.compute_bounds(x=(ball,), C=given.specifications(), method="backward", bound_upper=False)[0]


peer.main(load)
