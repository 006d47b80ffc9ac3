"""Trains what judges lines of letters: Sources/Deidentification/Pixels/Detection/TextWeights.swift.

    python train.py FRAMES... --output TextWeights.swift [--hold-out FRAMES...]

FRAMES are folders of draw_frames.py in which `phantoms text-candidates` has left `candidates` (a line of text each) and
`patches` (24 x 96 signed bytes each, 40 a standard deviation). Needs numpy and PyTorch; runs on one thread, so that one
machine always gives the same weights.
"""
import argparse, base64, json, textwrap
import numpy as np, torch

parser = argparse.ArgumentParser()
parser.add_argument("frames", nargs="+")
parser.add_argument("--output")
parser.add_argument("--hold-out", nargs="*", default=[])
parser.add_argument("--epochs", type=int, default=10)
options = parser.parse_args()
torch.manual_seed(1)
torch.set_num_threads(1)
FEATURES = 24
SWIFT = '''/// What training made, written by `Tests/Benchmarks/TextDetector/train.py`: change the recipe, not this file.
enum TextWeights {
  /// Lines whose first score is not above it are no text.
  static let gateThreshold: Float = %r

  /// Layers in the order of ``TextScore``: row by row, a 32-bit factor and signed bytes.
  static let base64 = """
    %s
    """
}
'''


def load(folder):
    """Features, patches, labels (1 text, 0 none, -1 neither) and the frame of each candidate."""
    frames = {r["path"]: r for r in json.load(open(folder + "/frames.json"))}
    features, labels, names = [], [], []
    for line in open(folder + "/candidates"):
        words = line.split()
        x, y, w, h = map(int, words[1:5])
        text = frames[words[0]]["text"]
        label = 0
        if text:
            (left, top, right, bottom), m = text["box"], 0.5 * text["size"]
            inside = max(0, min(x + w, right + m) - max(x, left - m)) * max(0, min(y + h, bottom + m) - max(y, top - m)) / (w * h)
            covered = max(0, min(x + w, right) - max(x, left)) * max(0, min(y + h, bottom) - max(y, top)) / ((right - left) * (bottom - top))
            label = 1 if inside > 0.8 and covered > 0.1 else 0 if inside < 0.3 else -1
        features.append([float(v) for v in words[5 : 5 + FEATURES]])
        labels.append(label)
        names.append(words[0])
    patches = np.fromfile(folder + "/patches", np.int8).reshape(-1, 1, 24, 96)
    return np.array(features, np.float32), patches, np.array(labels), names, frames


class Gate(torch.nn.Module):
    """From the features alone, to spare most candidates the look at their picture."""

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(FEATURES, 16), torch.nn.Linear(16, 1)

    def forward(self, features, patches):
        return self.last(torch.relu(self.first(features)))[:, 0]


class Judge(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.one = torch.nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.two = torch.nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.three = torch.nn.Conv2d(16, 24, 3, stride=2, padding=1)
        self.first, self.last = torch.nn.Linear(48 + FEATURES, 32), torch.nn.Linear(32, 1)

    def forward(self, features, patches):
        x = torch.relu(self.one(patches))
        x = torch.relu(self.two(x))
        x = torch.relu(self.three(x))
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3)), features], 1)
        return self.last(torch.relu(self.first(x)))[:, 0]


data = [load(f) for f in options.frames]
features = torch.from_numpy(np.concatenate([d[0] for d in data]))
patches = np.concatenate([d[1] for d in data])
labels = np.concatenate([d[2] for d in data])
names = sum((d[3] for d in data), [])
print("candidates", len(labels), "text", int((labels == 1).sum()), "none", int((labels == 0).sum()))
# A frame with a thousand candidates teaches as much as thirty frames with one.
counts = {}
for key in zip(names, labels): counts[key] = counts.get(key, 0) + 1
weights = torch.tensor([counts[key] ** -0.5 for key in zip(names, labels)], dtype=torch.float32)
usable = np.nonzero(labels >= 0)[0]
target = torch.from_numpy((labels == 1).astype(np.float32))
random = np.random.default_rng(1)


def train(model, epochs, pool):
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
    steps = epochs * (len(pool) // 256 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        for start in range(0, len(pool), 256):
            if start == 0: order = random.permutation(pool)
            part = order[start : start + 256]
            picture = patches[part] if isinstance(model, Judge) else patches[:1]
            # Text reads the same for this purpose upside down and mirrored.
            if random.random() < 0.5: picture = picture[:, :, :, ::-1]
            if random.random() < 0.5: picture = picture[:, :, ::-1, :]
            picture = torch.from_numpy(np.ascontiguousarray(picture)).float() / 40
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(features[part], picture), target[part], weight=weights[part] * (1 + target[part]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(type(model).__name__, epoch, round(total / (len(pool) // 256 + 1), 5), flush=True)


def scores(model, features, patches):
    with torch.no_grad():
        return np.concatenate([model(features[k : k + 4096], torch.from_numpy(patches[k : k + 4096]).float() / 40).numpy() for k in range(0, len(features), 4096)] or [np.zeros(0)])


def table(title, gate, judge, data):
    features, patches, labels, names, frames = data
    g, j = scores(gate, torch.from_numpy(features), patches), scores(judge, torch.from_numpy(features), patches)
    print(title, "passed by the gate", round(float((g > GATE).mean()), 3))
    for threshold in [-3, -2, -1, 0, 1, 2, 3, 4]:
        found, wrong = set(), set()
        for name, label, a, b in zip(names, labels, g, j):
            if a > GATE and b > threshold: (found if label == 1 else wrong if label == 0 else set()).add(name)
        texts = [n for n, r in frames.items() if r["text"]]
        print(title, threshold, "texts found %.4f" % (len(found) / max(1, len(texts))), "frames with a wrong line %.4f" % (len(wrong) / len(frames)), flush=True)


gate, judge = Gate(), Judge()
train(gate, 20, usable)
g = scores(gate, features, patches)
# The best candidate of nearly every text passes.
best = {}
for name, label, value in zip(names, labels, g):
    if label == 1: best[name] = max(best.get(name, -99), value)
GATE = float(np.quantile(list(best.values()), 0.002)) - 0.5
print("gate", GATE)
train(judge, options.epochs, np.array([k for k in usable if g[k] > GATE]))


def rounded(model):
    """Each row of weights as signed bytes with one factor, as they are stored."""
    text = b""
    for parameter in model.parameters():
        rows = parameter.data.reshape(parameter.shape[0], -1) if parameter.dim() > 1 else parameter.data.reshape(1, -1)
        factor = rows.abs().amax(1, keepdim=True).clamp(min=1e-6) / 127
        whole = torch.round(rows / factor)
        parameter.data = (whole * factor).reshape(parameter.shape)
        for row, f in zip(whole, factor): text += np.float32(f.item()).tobytes() + row.numpy().astype(np.int8).tobytes()
    return text


weights_text = rounded(gate) + rounded(judge)
for folder, part in zip(options.frames, data): table(folder, gate, judge, part)
for folder in options.hold_out: table(folder, gate, judge, load(folder))
if options.output:
    lines = textwrap.wrap(base64.b64encode(weights_text).decode(), 112)
    open(options.output, "w").write(SWIFT % (round(GATE, 4), "\n    ".join(lines)))
