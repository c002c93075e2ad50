"""Noise detection by the peers' own packages on given features, for bench/peers.js.

Says `ready`, then reads one JSON object a line,
    {"features": FILE, "rows": N, "dimensions": D, "labels": FILE, "classes": C, "seed": 0}
(little-endian float32 unit rows (N, D); int32 given labels (N)), and answers each with one line
    {"peers": [{"name", "package", "version", "flags", "scoresFile", "seconds", "peakMemoryMiB"}]}
or {"error": TEXT}. `flags` are the rows called noise, `scoresFile` (beside the features) holds float32 (N), higher is
noisier. Each group of peers runs in a forked child on one thread. Rows of one group share its work (one fit, several
cuts) and so its `seconds` and `peakMemoryMiB`; the latter is the child's highest resident memory above what it began
with: libraries and features are not in it.

Choices for the peers were made for their F1 on spoilt LFW (20 % mixed noise, seeds 1 and 2, MobileFaceNet), with
the truth in hand, so in their favour:
- cleanlab: probabilities out of sample from logistic regression (multinomial, lbfgs, default tolerance: a looser one is
  quicker and costs F1). Its default C = 1 underfits unit rows, so the default filter, the best filter at C = 1 (mean F1
  of all seven), and the best pair (C = 10 of 1, 3, 10, 30, 100; predicted_neq_given) are given. Datalab's outlier rule
  (average distance to 10 neighbours beyond Q3 + 1.7 IQR; computed without Datalab) flags nothing on seed 1, strangers
  included, so adding it changes nothing; OutOfDistribution's scores multiplied in lower the AUROC.
- SubCenterArcFaceLoss: margin, scale, K = 3 and the test are the package's; how long to train the head is the user's,
  and the test hangs on it (more training makes noise fit too). Adam, 4 epochs (of 3 to 40) and the rate of 0.01 to 0.3
  with the best mean F1, once for the default threshold of 75 degrees and once over thresholds of 60 to 75.

Not run: fastdup 2.54 (non-commercial licence, starts Sentry telemetry on import, needs numpy < 2) and cleanvision
0.3.7 (judges the quality of image files; takes neither features nor labels).
"""
import os

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
os.environ["CUDA_VISIBLE_DEVICES"] = ""  # a forked child cannot go on with a graphics card

import json
import math
import multiprocessing
import resource
import sys
import time
import traceback
import warnings
from importlib.metadata import version

import numpy as np
import torch
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from pytorch_metric_learning.losses import SubCenterArcFaceLoss
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 10
FOLDS = 5
BATCH, EPOCHS, STEPS = 128, 4, 76  # of SubCenterArcFaceLoss; at least so many epochs and steps

torch.set_num_threads(1)
warnings.simplefilter("ignore")


def out_of_sample(features, labels, c, seed):
    """Probabilities (N, C) of a model that has not seen the row. A class of fewer images than folds has each in
    another fold, so each is judged by a model that knows the others; there are fewer only if no class fills them."""
    folds = min(FOLDS, np.bincount(labels).max())
    model = LogisticRegression(C=c, max_iter=300)
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    return cross_val_predict(model, features, labels, cv=split, method="predict_proba")


def cleanlab(c, variants):
    """`variants`: (name, filter, label quality). An image alone under its label is out: no model can know its class
    without it. It is never flagged, and gets the median score."""

    def run(features, labels, seed):
        judged = np.flatnonzero(np.bincount(labels)[labels] > 1)
        given = np.unique(labels[judged], return_inverse=True)[1]
        probabilities = out_of_sample(features[judged], given, c, seed)
        for name, filter_by, quality in variants:
            flagged = find_label_issues(given, probabilities, filter_by=filter_by, n_jobs=1)
            score = 1 - get_label_quality_scores(given, probabilities, method=quality)
            scores = np.full(len(labels), np.median(score))
            scores[judged] = score
            yield name, judged[flagged], scores

    return run


def neighbours_of(features):
    """Rows (N, k) of the others, nearest first by cosine; k is 10, or all there are."""
    nearest = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(features) - 1), metric="cosine").fit(features)
    return nearest.kneighbors(return_distance=False)


def simifeat_vote(features, labels, _seed):
    """SimiFeat's vote (Zhu et al., ICML 2022): of 10 neighbours with the point itself, flagged iff the most frequent
    label is not the given one (of equals the lowest, as argmax has it). Scores are -log of the given label's share.
    Written from its description: its code is non-commercial and on no registry."""
    voters = np.column_stack([labels, labels[neighbours_of(features)[:, : NEIGHBOURS - 1]]])
    votes = np.zeros((len(labels), labels.max() + 1))
    np.add.at(votes, (np.arange(len(labels))[:, None], voters), 1 / voters.shape[1])
    agreement = votes[np.arange(len(labels)), labels]
    yield "SimiFeat-V", np.flatnonzero(votes.argmax(1) != labels), -np.log(agreement + 1e-8)


def deep_knn(features, labels, _seed):
    """Deep k-NN (Bahri et al., ICML 2020): flagged iff fewer than half of the neighbours agree; then with no more
    neighbours than the label has other images (an image alone is not flagged and has the median score)."""
    agrees = labels[neighbours_of(features)] == labels[:, None]
    share = agrees.mean(1)
    yield "k-NN vote, k=10", np.flatnonzero(share < 0.5), 1 - share
    k = np.minimum(agrees.shape[1], np.bincount(labels)[labels] - 1)
    share = np.where(np.arange(agrees.shape[1]) < k[:, None], agrees, False).sum(1) / np.maximum(k, 1)
    share[k == 0] = np.median(share[k > 0]) if k.any() else 1
    yield "k-NN vote, k=min(10, n-1)", np.flatnonzero((share < 0.5) & (k > 0)), 1 - share


def class_mean(features, labels, _seed):
    """The usual script: angle to the mean of the label's unit rows, itself among them."""
    means = np.zeros((labels.max() + 1, features.shape[1]))
    np.add.at(means, labels, features)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    cosine = np.einsum("nd,nd->n", features, means[labels])
    for degrees in (60, 75):
        yield f"class mean, {degrees} degrees", np.flatnonzero(cosine < np.cos(np.radians(degrees))), 1 - cosine


def subcenter_arcface(rate, degrees, name):
    """The package's head trained on frozen features, then its own test. get_outliers always gives a pair, of rows and
    dominant centres (D, C), whatever is asked for; its threshold is in degrees."""

    def run(features, labels, seed):
        torch.manual_seed(seed)
        x, y = torch.from_numpy(features), torch.from_numpy(labels).long()
        loss = SubCenterArcFaceLoss(num_classes=int(labels.max()) + 1, embedding_size=features.shape[1])
        optimizer = torch.optim.Adam(loss.parameters(), lr=rate)
        for _ in range(max(EPOCHS, math.ceil(STEPS / math.ceil(len(y) / BATCH)))):
            for batch in torch.randperm(len(y)).split(BATCH):
                optimizer.zero_grad()
                loss(x[batch], y[batch]).backward()
                optimizer.step()
        outliers, centres = loss.get_outliers(x, y, threshold=degrees)
        cosine = (x * torch.nn.functional.normalize(centres, dim=0).T[y]).sum(1)
        yield name, outliers.long().sort().values.numpy(), 1 - cosine.numpy()

    return run


GROUPS = [
    (
        "cleanlab",
        cleanlab(
            1,
            [
                ("cleanlab, defaults", "prune_by_noise_rate", "self_confidence"),
                ("cleanlab, low_self_confidence", "low_self_confidence", "self_confidence"),
            ],
        ),
    ),
    ("cleanlab", cleanlab(10, [("cleanlab, C=10, predicted_neq_given", "predicted_neq_given", "self_confidence")])),
    (None, simifeat_vote),
    ("scikit-learn", deep_knn),
    (None, class_mean),
    ("pytorch-metric-learning", subcenter_arcface(0.03, 75, "SubCenterArcFaceLoss.get_outliers, defaults")),
    ("pytorch-metric-learning", subcenter_arcface(0.1, 60, "SubCenterArcFaceLoss.get_outliers, 60 degrees")),
]


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_child(run, features, labels, seed, reply):
    """Sends ((rows, seconds, MiB above the start), None), or (None, what went wrong)."""
    try:
        before, begin = peak_mib(), time.perf_counter()
        rows = list(run(features, labels, seed))
        reply.send(((rows, time.perf_counter() - begin, peak_mib() - before), None))
    except Exception:  # noqa: BLE001 - whatever it is, the one who asked is told
        reply.send((None, traceback.format_exc()))


def measured(run, features, labels, seed):
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=in_child, args=(run, features, labels, seed, theirs))
    child.start()
    theirs.close()
    try:
        answer, wrong = ours.recv()
    except EOFError:
        answer, wrong = None, "a peer ended without an answer (out of memory?)"
    child.join()
    if wrong:
        raise RuntimeError(wrong)
    return answer


def peers(request):
    features = np.fromfile(request["features"], "<f4").reshape(request["rows"], request["dimensions"])
    given = np.fromfile(request["labels"], "<i4")
    if len(given) != len(features) or given.min() < 0 or given.max() >= request["classes"]:
        raise ValueError(f"labels must be {len(features)} numbers from 0 to {request['classes'] - 1}")
    labels = np.unique(given, return_inverse=True)[1]  # without the numbers nobody has
    answers = []
    for package, run in GROUPS:
        rows, seconds, mib = measured(run, features, labels, request.get("seed", 0))
        for name, flags, scores in rows:
            file = f"{request['features']}.scores-{len(answers)}.f32"
            scores.astype("<f4").tofile(file)
            answers.append(
                {
                    "name": name,
                    "package": package or "re-implemented",
                    "version": package and version(package),
                    "flags": flags.tolist(),
                    "scoresFile": file,
                    "seconds": seconds,
                    "peakMemoryMiB": mib,
                }
            )
    return answers


def warm():
    """Everything once on two small clusters, so that no peer pays for what its package loads on first use."""
    labels = np.repeat([0, 1], 4)
    features = np.eye(2, dtype=np.float32)[labels]
    for _, run in GROUPS:
        list(run(features, labels, 0))


if __name__ == "__main__":
    warm()
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps({"peers": peers(json.loads(line))}), flush=True)
        except Exception as error:  # noqa: BLE001 - the one who asked is told, and may ask again
            print(json.dumps({"error": str(error)}), flush=True)
