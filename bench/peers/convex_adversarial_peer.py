"""The paper authors' own package."""

from convex_adversarial import DualNetwork

import peer


def load(model, given):
    ball = {"norm_type": {"linf": "l1", "l2": "l2"}[given.norm], "data_parallel": False}
    if given.box is not None:
        ball.update(bounded_input=True, input_l=given.box[0], input_u=given.box[1])
    return lambda: DualNetwork(model, given.x, given.epsilon, **ball)(given.specifications())


peer.main(load)
