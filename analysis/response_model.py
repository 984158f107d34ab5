"""The two-parameter logistic model, fitted by marginal maximum likelihood. Pure numpy.

A learner of ability t gets item j right with probability 1 / (1 + exp(-a_j (t - b_j))): `b` is its
difficulty, `a` its discrimination; t is normal(0, 1) over the learners. Bock and Aitkin's EM
(Psychometrika 46, 1981): the ability is summed out over fixed nodes, and each item is a weighted
logistic regression on them. Weak priors (slope normal(1, 1), intercept normal(0, 3)) keep an item
finite that nearly all get right; a slope may be negative, since a wrong key makes it so. What a
learner has not answered is left out, as if missing at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NODES = 41
EDGE = 5.0
"""Nodes stand from -EDGE to EDGE."""
MOST_STEPS = 500
CLOSE = 1e-4
"""Change of every parameter at which the fit has converged."""
SLOPE_PRIOR, SLOPE_SD, INTERCEPT_SD = 1.0, 1.0, 3.0
STEEPEST = 6.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The parameters of each item, in the order of the columns."""

    slope: Floats
    """a: discrimination."""
    difficulty: Floats
    """b: the ability at which half get it right; far out where the slope is near 0."""
    slope_error: Floats
    difficulty_error: Floats
    ability: Floats
    """Of each learner: the mean of what is to be believed of it after their answers."""
    steps: int
    converged: bool


def fit(right: Floats) -> Fitted:
    """Fit learners × items: 1 right, 0 wrong, NaN not answered."""
    answered = ~np.isnan(right)
    given = np.where(answered, right, 0.0)
    wrong = np.where(answered, 1.0 - right, 0.0)
    nodes = np.linspace(-EDGE, EDGE, NODES)
    prior = np.exp(-(nodes**2) / 2)
    prior /= prior.sum()
    slope = np.ones(right.shape[1])
    share = np.clip(given.sum(0) / np.maximum(answered.sum(0), 1), 0.01, 0.99)
    intercept = np.log(share / (1 - share))
    converged, steps = False, 0
    while not converged and steps < MOST_STEPS:
        steps += 1
        weights = _posterior(given, wrong, slope, intercept, nodes, prior)
        before = np.concatenate([slope, intercept])
        slope, intercept = _regress(
            given.T @ weights, answered.T.astype(float) @ weights, slope, intercept, nodes
        )
        converged = bool(np.abs(np.concatenate([slope, intercept]) - before).max() < CLOSE)
    weights = _posterior(given, wrong, slope, intercept, nodes, prior)
    errors = _errors(given, answered, weights, slope, intercept, nodes)
    away = np.where(np.abs(slope) < 1e-3, np.copysign(1e-3, slope), slope)
    return Fitted(slope, -intercept / away, *errors, weights @ nodes, steps, converged)


def probability(slope: Floats, intercept: Floats, nodes: Floats) -> Floats:
    """Items × nodes: the share that gets an item right at each node."""
    return np.asarray(1 / (1 + np.exp(-(slope[:, None] * nodes + intercept[:, None]))))


def _posterior(
    given: Floats, wrong: Floats, slope: Floats, intercept: Floats, nodes: Floats, prior: Floats
) -> Floats:
    """Learners × nodes: how likely each node is after the answers."""
    logits = slope[:, None] * nodes + intercept[:, None]
    # log P and log (1 - P), without overflow.
    likelihood = -(given @ np.logaddexp(0, -logits) + wrong @ np.logaddexp(0, logits))
    likelihood += np.log(prior)
    likelihood -= likelihood.max(axis=1, keepdims=True)
    weights = np.exp(likelihood)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _regress(
    right: Floats, seen: Floats, slope: Floats, intercept: Floats, nodes: Floats
) -> tuple[Floats, Floats]:
    """One Newton step of every item's regression on the nodes, with the priors."""
    expected = probability(slope, intercept, nodes)
    rest = right - seen * expected
    weight = seen * expected * (1 - expected)
    slope_rise = rest @ nodes - (slope - SLOPE_PRIOR) / SLOPE_SD**2
    intercept_rise = rest.sum(1) - intercept / INTERCEPT_SD**2
    aa = weight @ nodes**2 + 1 / SLOPE_SD**2
    dd = weight.sum(1) + 1 / INTERCEPT_SD**2
    ad = weight @ nodes
    determinant = aa * dd - ad * ad
    slope_step = (dd * slope_rise - ad * intercept_rise) / determinant
    intercept_step = (aa * intercept_rise - ad * slope_rise) / determinant
    size = np.maximum(1.0, np.maximum(np.abs(slope_step), np.abs(intercept_step)))
    slope = np.clip(slope + slope_step / size, -STEEPEST, STEEPEST)
    return slope, intercept + intercept_step / size


def _errors(
    given: Floats,
    answered: NDArray[np.bool_],
    weights: Floats,
    slope: Floats,
    intercept: Floats,
    nodes: Floats,
) -> tuple[Floats, Floats]:
    """Standard errors of slope and difficulty, from the learners' own scores of the likelihood
    (the empirical information; what items owe to each other is left out)."""
    expected = probability(slope, intercept, nodes)
    intercept_score = np.where(answered, given - weights @ expected.T, 0.0)
    mean_node = (weights @ nodes)[:, None]
    slope_score = np.where(answered, given * mean_node - weights @ (expected * nodes).T, 0.0)
    aa = (slope_score**2).sum(0) + 1 / SLOPE_SD**2
    dd = (intercept_score**2).sum(0) + 1 / INTERCEPT_SD**2
    ad = (slope_score * intercept_score).sum(0)
    determinant = np.maximum(aa * dd - ad * ad, 1e-12)
    slope_variance, intercept_variance, covariance = (
        dd / determinant,
        aa / determinant,
        -ad / determinant,
    )
    away = np.where(np.abs(slope) < 1e-3, 1e-3, slope)
    # b = -d / a, by the delta method.
    difficulty_variance = (
        intercept_variance / away**2
        + intercept**2 / away**4 * slope_variance
        - 2 * intercept / away**3 * covariance
    )
    return np.sqrt(slope_variance), np.sqrt(np.maximum(difficulty_variance, 0.0))
