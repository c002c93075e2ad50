"""Figures of verification scores by scikit-learn and by a 10-fold script written from insightface's description, for
test/conformance/score-figures.test.ts. Versions: scikit-learn 1.9.1, numpy 2.4.6.
`golden` writes score-figures.json, lists with their figures; `judge` reads {"scores", "same", "qualities"?} a line from
stdin and answers with the figures."""
import json
import sys

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve, top_k_accuracy_score
from sklearn.model_selection import KFold

FARS = ["1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6"]


def ten_folds(scores, same):
    """Squared distances against arange(0, 4, 0.01), folds as they lie, strictly below is the same."""
    distances = 2 - 2 * scores
    thresholds = np.arange(0, 4, 0.01)
    accuracies = []
    for train, test in KFold(n_splits=10, shuffle=False).split(scores):
        right = [np.mean((distances[train] < t) == same[train]) for t in thresholds]
        best = thresholds[np.argmax(right)]
        accuracies.append(np.mean((distances[test] < best) == same[test]))
    return float(np.mean(accuracies)), float(np.std(accuracies))


def equal_error_rate(fpr, tpr):
    """Where 1 - TPR = FPR on the straight lines between the points of scikit-learn's curve."""
    gap = (1 - tpr) - fpr
    right = int(np.argmax(gap <= 0))
    if gap[right] == 0:
        return float(fpr[right])
    left = right - 1
    share = gap[left] / (gap[left] - gap[right])
    return float(fpr[left] + share * (fpr[right] - fpr[left]))


def figures(scores, same):
    scores, same = np.array(scores, float), np.array(same, bool)
    fpr, tpr, _ = roc_curve(same, scores, drop_intermediate=False)
    accuracy, std = ten_folds(scores, same)
    impostors = int((~same).sum())
    return {
        "accuracy": accuracy,
        "std": std,
        "auc": float(roc_auc_score(same, scores)),
        "eer": equal_error_rate(fpr, tpr),
        "tarAtFar": {
            far: float(tpr[fpr <= float(far)].max()) if impostors * float(far) >= 10 - 1e-6 else None for far in FARS
        },
    }


def quality_weight(cosines, qualities, same):
    """alpha, beta: the best weight of the quality at 50 false match rates, as a line over its threshold."""
    impostors = int((~same).sum())
    rates = np.geomspace(max(1e-5, 1 / impostors), 1e-2, 50)
    weights = np.linspace(-0.5 / qualities.max(), 0.5 / qualities.max(), 21)
    chosen, thresholds = [], []
    for rate in rates:
        best = None
        for weight in sorted(weights, key=lambda w: (round(abs(w), 12), w)):
            scores = cosines + weight * qualities
            allowed = int(np.floor(rate * impostors * (1 + 1e-12)))
            threshold = np.partition(scores[~same], impostors - 1 - allowed)[impostors - 1 - allowed]
            missed = np.mean(scores[same] <= threshold)
            if best is None or missed < best[0]:
                best = missed, weight, threshold
        chosen.append(best[1])
        thresholds.append(best[2])
    beta, intercept = np.polyfit(thresholds, chosen, 1)
    return {"alpha": float(-intercept), "beta": float(beta)}


def drawn(random, genuine, impostor, digits):
    """Cosines that fall with the quality for genuine pairs, shuffled; rounded, so that some are equal."""
    qualities = random.uniform(8, 30, genuine + impostor)
    same = np.arange(genuine + impostor) < genuine
    cosines = np.where(same, 0.25 + 0.018 * qualities, 0.25 - 0.008 * qualities) + random.normal(0, 0.16, len(same))
    order = random.permutation(len(same))
    cosines = np.clip(cosines, -1, 1)
    return np.round(cosines, digits)[order], np.round(qualities, 2)[order], same[order]


def faces(random):
    people, probes, dimensions = 30, 80, 6
    gallery = random.normal(size=(people, dimensions)).round(3)
    of = random.integers(0, people, probes)
    asked = (gallery[of] + 0.7 * random.normal(size=(probes, dimensions))).round(3)
    unit = lambda rows: rows / np.linalg.norm(rows, axis=1, keepdims=True)
    likeness = unit(asked) @ unit(gallery).T
    cmc = [float(top_k_accuracy_score(of, likeness, k=k, labels=range(people))) for k in range(1, 21)]
    return {"gallery": gallery.tolist(), "probes": asked.tolist(), "of": of.tolist(), "cmc": cmc}


def golden():
    random = np.random.default_rng(8)
    lists = []
    for genuine, impostor, digits in [(900, 1103, 3), (40, 57, 1), (300, 700, 4)]:
        cosines, qualities, same = drawn(random, genuine, impostor, digits)
        entry = {"scores": cosines.tolist(), "qualities": qualities.tolist(), "same": same.astype(int).tolist()}
        entry["figures"] = figures(cosines, same)
        if impostor >= 500:
            entry["fit"] = quality_weight(cosines, qualities, same)
        lists.append(entry)
    return {"lists": lists, "faces": faces(random)}


if sys.argv[1] == "golden":
    print(json.dumps(golden(), separators=(",", ":")))
else:
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(figures(asked["scores"], asked["same"])))
