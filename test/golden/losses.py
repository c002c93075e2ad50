"""Value and gradients of every loss in PyTorch, on small inputs that are written beside them.

    python test/golden/losses.py > test/golden/losses.json     # torch 2.5.1, pytorch-metric-learning 2.9.0, numpy 2.4.6, CPU

Where pytorch-metric-learning has a loss, the value is its own (`from`), and so are the gradients where it does not differentiate
through an angular margin. Elsewhere margins are detached, as opensphere writes them: c + (phi(c) - c).detach().
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F
from pytorch_metric_learning import losses as pml
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import BatchHardMiner

torch.set_default_dtype(torch.float64)
B, D, C = 6, 8, 5
LABELS = torch.tensor([0, 3, 1, 1, 4, 0])
random = np.random.default_rng(8)


def rows(*shape, scale=1.0):
    return torch.tensor(np.round(scale * random.standard_normal(shape), 4))


def cosines(x, w, k):
    return (F.normalize(x) @ F.normalize(w).T).view(B, -1, k).max(2)[0]


def margined(cosine, labels, phi):
    """Detached margin: phi of the target cosine on the way forward, the cosine itself on the way back."""
    own = cosine.gather(1, labels[:, None])
    return cosine.scatter(1, labels[:, None], own + (phi(own) - own).detach())


def arc(m):
    return lambda c: torch.where(c > -math.cos(m), torch.cos(torch.acos(c) + m), c - m * math.sin(m))


def psi(angle):
    k = torch.floor(angle / math.pi)
    return (-1) ** k * torch.cos(angle) - 2 * k


def angle(c):
    return torch.acos(c.clamp(-1, 1))


def anneal(c, m, l):
    return (l * c + psi(m * angle(c))) / (1 + l)


def length(x):
    return x.norm(dim=1, keepdim=True)


def arcface(i, m=17.2, m1=1, m3=0, s=24):
    m2 = math.radians(m) * i.share
    phi = arc(m2) if m1 == 1 else (lambda c: psi((1 + (m1 - 1) * i.share) * angle(c) + m2))
    return F.cross_entropy(s * margined(i.cosine, i.labels, lambda c: phi(c) - m3 * i.share), i.labels)


def cosface(i, s, m):
    return F.cross_entropy(s * margined(i.cosine, i.labels, lambda c: c - m * i.share), i.labels)


def magface(i, l_m=15.5, u_m=27.5, l_a=0.44, u_a=4.86, weight=20, s=24):
    l_a, u_a = l_a * D**0.5, u_a * D**0.5
    a = length(i.x).clamp(l_a, u_a)
    m = (math.radians(l_m) + (math.radians(u_m) - math.radians(l_m)) * (a - l_a) / (u_a - l_a)) * i.share
    own = i.cosine.gather(1, i.labels[:, None])
    c = own.detach()
    phi = torch.where(c > -torch.cos(m), torch.cos(torch.acos(c) + m), c - m * torch.sin(m))
    logits = i.cosine.scatter(1, i.labels[:, None], own + phi - c)
    return F.cross_entropy(s * logits, i.labels) + weight * (1 / a + a / u_a**2).mean()


def gb_cosface(i, alpha=0.15, s=32, m=0.16, rate=0.01):
    m = m * i.share
    own = i.cosine.gather(1, i.labels[:, None])[:, 0]
    others = torch.stack([torch.cat([row[:y], row[y + 1 :]]) for row, y in zip(i.cosine, i.labels)])
    rival = torch.logsumexp(s * others, 1) / s
    v = ((own + rival) / 2).detach()
    p = v + alpha * (min(max(i.state["boundary"], 0.5), 0.7) - v)
    first = F.cross_entropy(torch.stack([2 * s * (own - m), 2 * s * p], 1), torch.zeros(B, dtype=int))
    second = F.cross_entropy(torch.stack([2 * s * (p - m), 2 * s * rival], 1), torch.zeros(B, dtype=int))
    i.next = {"boundary": (1 - rate) * i.state["boundary"] + rate * v.mean().item()}
    return (first + second) / 2


def simplex(i, weight=10):
    return weight * ((i.x - D**0.5 * i.w[i.labels]) ** 2).sum(1).mean() / (2 * D)


def joint(i, attributes=None, shares=None, weights=None, margin=0.3):
    softmax = F.cross_entropy(24 * i.cosine, i.labels, label_smoothing=0.1)
    distance = LpDistance(normalize_embeddings=False)
    triplets = BatchHardMiner(distance=distance)
    reducer = pml.TripletMarginLoss(margin=margin, distance=distance)
    # The miner leaves out images without a positive; here every image counts, its own distance of 0 included.
    d = torch.cdist(i.before, i.before)
    same = i.labels[:, None] == i.labels[None]
    hardest = (d * same).max(1)[0] - (d + 1e6 * same).min(1)[0]
    mined = triplets(i.before, i.labels)
    picked = torch.unique(mined[0])
    assert torch.allclose(F.relu(hardest + margin)[picked][F.relu(hardest + margin)[picked] > 0].mean(), reducer(i.before, i.labels, mined))
    loss = softmax + F.relu(hardest + margin).mean()
    if attributes is None:
        return loss
    said = i.before @ weights["attributes"] + weights["attributeBias"]
    known = (attributes >= 0).double()
    bce = F.binary_cross_entropy_with_logits(said, attributes.clamp(min=0), pos_weight=(1 - shares) / shares, reduction="none")
    return loss + 0.1 * (bce * known).sum() / known.sum()


class Inputs:
    pass


def with_w(loss, w):
    loss.W.data = w.detach().T.clone()
    return loss


cases = []


def case(loss, formula, settings={}, k=1, share=1.0, step=0, state={}, peer=None, peer_gradients=False, fixed=False, extras={}, labels=None, centres=None):
    x, before = rows(B, D), rows(B, D)
    x[2] *= 0.2  # shorter than any norm that counts
    w = rows(C * k, D, scale=0.5) if centres is None else centres
    if not fixed:
        x[4] = torch.round(-3 * w[4 * k : 4 * k + k].mean(0) + 0.1 * x[4], decimals=4)  # beyond pi - m
    i = Inputs()
    i.x, i.before, i.w = (t.clone().requires_grad_() for t in (x, before, w))
    i.share, i.step, i.state, i.next = share, step, state, None
    i.cosine = cosines(i.x, i.w, k)
    i.labels = LABELS if labels is None else labels(i.cosine.detach())
    weights = {name: rows(*shape, scale=0.3).requires_grad_() for name, shape in extras.get("weights", {}).items()}
    arguments = {key: value for key, value in extras.items() if key != "weights"}
    value = formula(i, **arguments, **({"weights": weights} if weights else {}))
    wanted = {"embedding": i.x, "beforeNeck": i.before, "centres": i.w, **weights}
    gradients = dict(zip(wanted, torch.autograd.grad(value, wanted.values(), allow_unused=True)))
    made_by = "formula"
    if peer:
        y = x.clone().requires_grad_()
        module = with_w(peer, w)
        theirs = module(y, LABELS)
        assert abs(theirs.item() - value.item()) < 1e-5 * max(1, abs(value.item())), (loss, theirs.item(), value.item())
        if peer_gradients:
            gx, gw = torch.autograd.grad(theirs, [y, module.W])
            assert torch.allclose(gx, gradients["embedding"]) and torch.allclose(gw.T, gradients["centres"])
            gradients.update(embedding=gx, centres=gw.T)
        value, made_by = theirs, f"pytorch-metric-learning {type(peer).__name__}"
    numbers = lambda t: [float(f"{v:.7g}") for v in t.detach().flatten().tolist()]
    cases.append({
        "loss": loss, "settings": settings, "subcenters": k, "marginShare": share, "step": step, "state": state, "from": made_by,
        "shape": [B, D, C], "labels": LABELS.tolist(), "embedding": numbers(x), "beforeNeck": numbers(before), "centres": numbers(w),
        **({"attributes": numbers(extras["attributes"]), "shares": numbers(extras["shares"])} if "attributes" in extras else {}),
        **({"weights": {name: {"shape": list(t.shape), "values": numbers(t)} for name, t in weights.items()}} if weights else {}),
        "value": value.item(), "gradients": {name: numbers(g) for name, g in gradients.items() if g is not None},
        **({"next": i.next} if i.next else {}),
    })


def peer(cls, **arguments):
    module = cls(num_classes=C, embedding_size=D, **arguments)
    return module.double()


def relabelled(degrees):
    def change(cosine):
        labels = LABELS.clone()
        for row, (c, y) in enumerate(zip(cosine, LABELS)):
            others = c.clone()
            others[y] = -4
            if angle(c[y]) - angle(others.max()) > math.radians(degrees):
                labels[row] = others.argmax()
        return labels
    return change


no_annealing = {"annealFrom": 0, "annealTo": 0}
case("arcface", arcface, peer=peer(pml.ArcFaceLoss, margin=17.2, scale=24))
case("arcface", lambda i: arcface(i, m=28.6, s=64), {"scale": 64, "marginDegrees": 28.6}, k=3, peer=peer(pml.SubCenterArcFaceLoss, margin=28.6, scale=64, sub_centers=3))
case("arcface", lambda i: arcface(i, m=17.2, m3=0.2), {"preset": "combined"}, share=0.5)
case("arcface", lambda i: arcface(i, m=8, m1=1.35, m3=0.1), {"angleFactor": 1.35, "marginDegrees": 8, "cosineMargin": 0.1}, k=2)
case("arcface", arcface, {"relabelAfter": 0, "relabelDegrees": 10}, labels=relabelled(10))
case("cosface", lambda i: cosface(i, 24, 0.2), peer=peer(pml.CosFaceLoss, margin=0.2, scale=24), peer_gradients=True)
case("cosface", lambda i: cosface(i, 64, 0.35), {"scale": 64, "margin": 0.35}, k=2, share=0.3)
case("am-softmax", lambda i: cosface(i, 30, 0.35), peer=peer(pml.CosFaceLoss, margin=0.35, scale=30), peer_gradients=True)
case("am-softmax", lambda i: F.cross_entropy(length(i.x) * margined(i.cosine, i.labels, lambda c: c - 0.35), i.labels), {"normaliseFeatures": False}, k=2)
weighted = lambda i, m, l: F.cross_entropy(length(i.w).T * length(i.x) * margined(i.cosine, i.labels, lambda c: anneal(c, m, l)), i.labels)
case("l-softmax", lambda i: weighted(i, 4, 0), no_annealing, peer=peer(pml.LargeMarginSoftmaxLoss, margin=4))
case("l-softmax", lambda i: weighted(i, 3, max(5, 1000 / (1 + 0.12 * 500))), {"margin": 3}, step=500)
short = lambda i, m, l: F.cross_entropy(length(i.x) * margined(i.cosine, i.labels, lambda c: anneal(c, m, l)), i.labels)
case("a-softmax", lambda i: short(i, 4, 0), no_annealing, peer=peer(pml.SphereFaceLoss, margin=4))
case("a-softmax", lambda i: short(i, 4, max(5, 1000 / (1 + 0.12 * 5000))), step=5000, k=2)
case("a-softmax", lambda i: F.cross_entropy(30 * margined(i.cosine, i.labels, lambda c: psi((1 + 0.7 * i.share) * angle(c))), i.labels), {"style": "r", "scale": 30}, k=2)
case("magface", magface, k=2)
case("magface", lambda i: magface(i, 25.8, 45.8, 0.8, 1.1, 35, 64), {"scale": 64, "lowestDegrees": 25.8, "highestDegrees": 45.8, "lowestLength": 0.8, "highestLength": 1.1, "lengthWeight": 35}, share=0.5)
case("gb-cosface", gb_cosface, state={"boundary": 0.62}, k=2)
case("gb-cosface", gb_cosface, state={"boundary": 0.1}, share=0.5)
corners = np.linalg.qr(np.eye(C) - 1 / C)[0][:, : C - 1]  # another way to a simplex than ours: the coordinates of centred unit vectors
corners = torch.tensor(np.round(np.pad(corners / np.linalg.norm(corners, axis=1, keepdims=True), ((0, 0), (0, D - C + 1))), 4))
case("simplex", simplex, fixed=True, centres=corners)
case("norm-softmax", lambda i: F.cross_entropy(20 * i.cosine, i.labels), peer=None, k=3)
normalised = pml.NormalizedSoftmaxLoss(num_classes=C, embedding_size=D, temperature=1 / 20).double()
case("norm-softmax", lambda i: F.cross_entropy(20 * i.cosine, i.labels), peer=normalised, peer_gradients=True)
case("joint", joint, k=2)
attributes = torch.tensor([[1.0, 0], [0, -1], [-1, -1], [1, 1], [0, 0], [-1, 1]])
case("joint", joint, {"attributes": "attributes.csv"}, extras={"attributes": attributes, "shares": torch.tensor([0.5, 0.25]), "weights": {"attributes": (D, 2), "attributeBias": (2,)}})
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
