"""Draws frames with and without text, to train the detector of burned-in text with.

Everything is drawn here from random numbers; no image of anyone and none of another source goes in.

    python draw_frames.py OUTPUT --seed 1 --count 1600

writes NNNNN.raw (samples row by row, little endian), `frames.json` (what stands where) and `list` (for
`phantoms text-candidates`). Needs numpy and Pillow, and the DejaVu fonts of Debian's fonts-dejavu.
"""
import argparse, glob, io, json, os
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

parser = argparse.ArgumentParser()
parser.add_argument("output")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--count", type=int, default=1500)
options = parser.parse_args()
rng = np.random.default_rng(options.seed)
FONTS = [f for f in sorted(glob.glob("/usr/share/fonts/truetype/dejavu/*.ttf")) if "Math" not in f]


def smooth(h, w, s):
    grid = rng.standard_normal((h // s + 3, w // s + 3)).astype(np.float32)
    picture = Image.fromarray(grid).resize((w + 2 * s, h + 2 * s), Image.BICUBIC)
    return np.asarray(picture)[s : s + h, s : s + w]


def ultrasound(h, w):
    g = rng.standard_normal((2, h, w)).astype(np.float32)
    for axis in [2, 2, 1][: rng.integers(1, 4)]:
        g = g + np.roll(g, 1, axis) + np.roll(g, -1, axis)
    envelope = np.hypot(g[0], g[1])
    envelope /= envelope.mean()
    image = np.clip(rng.uniform(40, 80) * np.log1p(envelope * np.exp(1.2 * smooth(h, w, 60)) * 1.5), 0, 255)
    y, x = np.mgrid[:h, :w]
    r, a = np.hypot(x - w / 2, y + h * 0.1), np.abs(np.arctan2(x - w / 2, y + h * 0.1))
    image *= (r > h * 0.2) & (r < h) & (a < rng.uniform(0.4, 0.9))
    if rng.random() < 0.7:  # a scale of ticks, and a bar of greys
        for k in range(int(h * 0.1), int(h * 0.9), max(8, h // 20)):
            image[k : k + 1, w - 12 : w - (6 if (k // 10) % 2 else 4)] = 200
        image[int(h * 0.3) : int(h * 0.7), 8:16] = np.linspace(255, 0, int(h * 0.7) - int(h * 0.3))[:, None]
    return image.astype(np.uint8)


def tomogram(h, w):
    y, x = np.mgrid[:h, :w]
    image = np.full((h, w), -1000, np.float32)
    image[((x - w / 2) / (w * 0.42)) ** 2 + ((y - h / 2) / (h * 0.3)) ** 2 < 1] = 40
    for side in (-1, 1):
        lung = ((x - w / 2 - side * w * 0.18) / (w * 0.12)) ** 2 + ((y - h * 0.48) / (h * 0.18)) ** 2 < 1
        image[lung] = -850
        for _ in range(rng.integers(10, 60)):
            cx, cy, r = w / 2 + side * w * 0.18 + rng.normal() * w * 0.06, h * 0.48 + rng.normal() * h * 0.08, rng.uniform(0.8, 4)
            x0, x1, y0, y1 = max(0, int(cx - 20)), int(cx + 20), max(0, int(cy - 20)), int(cy + 20)
            d = np.hypot(x[y0:y1, x0:x1] - cx, y[y0:y1, x0:x1] - cy)
            part = image[y0:y1, x0:x1]
            image[y0:y1, x0:x1] = np.where(lung[y0:y1, x0:x1], np.maximum(part, -850 + 900 * np.exp(-((d / r) ** 2))), part)
    for _ in range(14):
        t = rng.uniform(0, 6.28)
        d = ((x - w / 2 - w * 0.38 * np.cos(t)) / (w * 0.02)) ** 2 + ((y - h / 2 - h * 0.26 * np.sin(t)) / (h * 0.012)) ** 2
        image[d < 1] = 700
    image[np.abs(y - (h * 0.86 + (x - w / 2) ** 2 / (w * 2.5))) < 2] = -200
    image += 250 * smooth(h, w, 6) * (rng.random() < 0.4) + rng.normal(0, rng.uniform(2, 25), (h, w))
    if rng.random() < 0.5:
        image = (image + np.roll(image, 1, 0) + np.roll(image, 1, 1) + np.roll(image, (1, 1), (0, 1))) / 4
    return (np.clip(image, -1024, 3071) + 1024).astype(np.uint16)


def radiograph(h, w):
    image = 1500 + 400 * smooth(h, w, max(8, h // 4)) + 150 * smooth(h, w, max(8, h // 15)) + 60 * smooth(h, w, 8)
    y, x = np.mgrid[:h, :w]
    for k in range(8):
        d = np.abs(y - h * (0.15 + 0.08 * k) - (np.abs(x - w / 2) / w) ** 2 * h * 0.3)
        image += 180 * (d < h * 0.008) + 60 * np.exp(-((d / (h * 0.012)) ** 2))
    picture = Image.new("F", (w, h))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(0, 40)):  # wires, staples, grids, vessels
        p = rng.uniform(0, 1, 2) * (w, h)
        q = p + rng.normal(0, rng.choice([0.02, 0.1, 0.3]), 2) * (w, h)
        draw.line([*p, *q], fill=float(rng.uniform(50, 900)), width=int(rng.integers(1, 7)))
    if rng.random() < 0.3:
        for k in range(0, w, int(rng.integers(6, 60))):
            draw.line([k, 0, k, h], fill=float(rng.uniform(30, 90)))
    if rng.random() < 0.3:  # a row of equal things: staples, ticks, beads, teeth
        n, s = int(rng.integers(4, 20)), int(rng.integers(4, 30))
        x0, y0, kind = rng.uniform(0, w * 0.7), rng.uniform(0, h * 0.9), rng.integers(4)
        for k in range(n):
            b = [x0 + 1.6 * s * k, y0, x0 + 1.6 * s * k + s * [1, 0.3, 0.9, 0.15][kind], y0 + s]
            (draw.ellipse if kind in (0, 2) else draw.rectangle)(b, fill=None if kind == 0 else 700.0, outline=700.0, width=max(1, s // 6))
    image += np.asarray(picture)
    image += rng.normal(0, rng.uniform(2, 40), (h, w))
    if rng.random() < 0.5:
        e = int(h * rng.uniform(0.02, 0.1))
        image[:e], image[-e:], image[:, :e], image[:, -e:] = rng.choice([0, 60]), 30, 20, 20
    return np.clip(image, 0, 4095).astype(np.uint16)


def texture(h, w):
    """Noise of every coarseness, folded, cut off or in squares: edges and blobs of all kinds."""
    image = sum(smooth(h, w, s) * s**0.7 for s in [2, 4, 8, 16, 32, 64] if rng.random() < 0.7) + 0.01 * smooth(h, w, 8)
    image = image / max(1e-6, np.abs(image).max())
    kind = rng.integers(6)
    if kind == 0: image = np.abs(image)
    if kind == 1: image = np.sign(image) * np.abs(image) ** 0.3
    if kind == 2: image = np.minimum(np.abs(image) * 6, 1)  # dark branching lines
    if kind == 3: image = np.maximum(image * 3 - 1.2, 0)
    if kind == 4: image = np.round(image * rng.integers(2, 6)) / 3
    if kind == 5:
        s = int(rng.integers(2, 24))
        image = np.kron(image[::s, ::s], np.ones((s, s)))[:h, :w]
        image = np.pad(image, ((0, h - image.shape[0]), (0, w - image.shape[1])), mode="edge")
    low, high = image.min(), image.max()
    image = (image - low) / max(1e-6, high - low)
    if rng.random() < 0.5: image = image * (smooth(h, w, 120) > rng.uniform(-0.5, 0.5))
    if rng.random() < 0.5: return np.clip(255 * image + rng.normal(0, rng.choice([0, 1, 4]), (h, w)), 0, 255).astype(np.uint8)
    return np.clip(rng.choice([900, 4000, 20000]) * image + rng.normal(0, rng.choice([0, 1, 20]), (h, w)), 0, 65535).astype(np.uint16)


def shapes(h, w):
    """Polygons, arcs and boxes on flat ground, grey or in colour."""
    colour = rng.random() < 0.4
    picture = Image.new("RGB", (w, h), tuple(int(v) for v in rng.integers(0, 80, 3)))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.integers(3, 60)):
        fill = tuple(int(v) for v in (rng.integers(0, 256, 3) if colour else [rng.integers(0, 256)] * 3))
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        s, t = np.exp(rng.uniform(0.7, 4.5, 2))
        kind = rng.integers(5)
        if kind == 0: draw.rectangle([x, y, x + s, y + t], outline=fill, width=int(rng.integers(1, 4)))
        if kind == 1: draw.rectangle([x, y, x + s, y + t], fill=fill)
        if kind == 2: draw.ellipse([x, y, x + s, y + t], outline=fill, width=int(rng.integers(1, 4)))
        if kind == 3: draw.line([(x + rng.normal() * s, y + rng.normal() * t) for _ in range(4)], fill=fill, width=int(rng.integers(1, 4)))
        if kind == 4:
            for k in range(rng.integers(3, 12)):
                draw.rectangle([x + 1.5 * s / 3 * k, y, x + 1.5 * s / 3 * k + s / 4, y + t / 2], fill=fill)
    image = np.asarray(picture).astype(np.float32)
    if rng.random() < 0.5: image = image + rng.normal(0, rng.uniform(1, 8), (h, w, 1))
    image = np.clip(image, 0, 255).astype(np.uint8)
    return image if colour else np.ascontiguousarray(image[..., 0])


def frame():
    h = int(rng.integers(220, 900))
    w = int(h * rng.uniform(0.8, 1.35))
    kinds = [(0.25, radiograph), (0.45, tomogram), (0.62, ultrasound), (0.85, texture), (0.95, shapes)]
    k = rng.random()
    for limit, draw in kinds:
        if k < limit: return draw(h, w), draw.__name__
    return np.full((h, w), rng.integers(0, 200), np.uint8), "flat"


def words():
    capitals, small = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
    pick = lambda letters, n: "".join(rng.choice(list(letters)) for _ in range(n))
    name = lambda: pick(capitals, 1) + pick(small, rng.integers(2, 10))
    return [
        lambda: name().upper() + rng.choice(["^", ", ", " "]) + name().upper(),
        lambda: name() + rng.choice([" ", ", "]) + name(),
        lambda: pick("0123456789", rng.integers(3, 10)),
        lambda: "%02d.%02d.%04d" % (rng.integers(1, 29), rng.integers(1, 13), rng.integers(1930, 2025)),
        lambda: "%04d-%02d-%02d %02d:%02d" % (rng.integers(1930, 2025), rng.integers(1, 13), rng.integers(1, 29), rng.integers(24), rng.integers(60)),
        lambda: rng.choice(["ID: ", "MRN ", "DOB ", "#", "Acc "]) + pick(capitals + "0123456789", rng.integers(4, 9)),
        lambda: pick(capitals + small + "0123456789-/.", rng.integers(3, 7)),
    ][rng.integers(7)]()


def mask_of(text, font):
    box = font.getbbox(text)
    picture = Image.new("L", (box[2] - box[0] + 4, box[3] - box[1] + 4))
    ImageDraw.Draw(picture).text((2 - box[0], 2 - box[1]), text, fill=255, font=font)
    return picture


def burn(image):
    """Draws one text; `None` where its contrast would be less than a reader needs."""
    h, w = image.shape[:2]
    top = 255 if image.dtype == np.uint8 else 65535
    size = int(np.clip(np.exp(rng.uniform(np.log(9), np.log(80))), 9, min(h, w) / 5))
    kind = rng.random()
    if kind < 0.15: font = ImageFont.load_default(size=size)
    elif kind < 0.3: font, size = ImageFont.load_default_imagefont(), 10
    else: font = ImageFont.truetype(FONTS[rng.integers(len(FONTS))], size)
    mask = mask_of(words(), font)
    if kind < 0.3 and kind >= 0.15 and rng.random() < 0.4:
        factor = int(rng.integers(2, 4))
        mask, size = mask.resize((mask.width * factor, mask.height * factor), Image.NEAREST), size * factor
    if rng.random() < 0.4: mask = mask.point(lambda v: 255 if v >= 128 else 0)
    turn = rng.choice([0, 0, 0, 0, 90, 180, 270, -1])
    if turn == -1: mask = mask.rotate(float(rng.uniform(-15, 15)), Image.BICUBIC, expand=True)
    elif turn: mask = mask.rotate(int(turn), expand=True)
    m = np.asarray(mask).astype(np.float32) / 255
    mh, mw = m.shape
    if mh >= h - 4 or mw >= w - 4: return None
    y, x = int(rng.integers(2, h - mh - 1)), int(rng.integers(2, w - mw - 1))
    under = image[y : y + mh, x : x + mw].astype(np.float32)
    grey = under.mean(-1) if image.ndim == 3 else under
    local = np.asarray(Image.fromarray(grey.astype(np.float32)).resize((max(1, mw // 8), max(1, mh // 8)), Image.BOX).resize((mw, mh), Image.BILINEAR))
    noise = float(np.std(np.diff(grey, axis=1))) / 1.414
    low, high = (0.0, 255.0) if top == 255 else (float(np.percentile(image, 0.5)), float(np.percentile(image, 99.5)) + 100)
    need = max(0.12 * (high - low), 6 * noise)
    style = rng.choice(["max", "white", "mid", "low", "dark", "outline", "box"])
    if style in ("max", "outline", "box"): value = 255.0 if top == 255 else float(rng.choice([high, 4095 if high <= 4095 else 65535, high * 1.3]))
    elif style == "white": value = low + 0.9 * (high - low)
    elif style == "mid": value = low + rng.uniform(0.3, 0.8) * (high - low)
    elif style == "low": value = np.percentile(grey, 98) + need * rng.uniform(1, 1.4) if rng.random() < 0.6 else np.percentile(grey, 2) - need * rng.uniform(1, 1.4)
    else: value = low
    value = float(np.clip(value, 0, top))
    spread = lambda a: a[..., None] if image.ndim == 3 else a
    if style == "outline":
        around = np.asarray(Image.fromarray((m * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))) / 255.0
        under = under * (1 - spread(around)) + low * spread(around)
    elif style == "box": under = np.full_like(under, low)
    elif np.abs(value - local).min() < need: return None
    ink = np.array([[value] * 3, [value, value, 0], [value * 0.3, value, value]])[rng.integers(3)] if image.ndim == 3 else value
    image[y : y + mh, x : x + mw] = np.clip(under * (1 - spread(m)) + spread(m) * ink + 0.5, 0, top).astype(image.dtype)
    ys, xs = np.nonzero(m > 0.3)
    return dict(box=[int(x + xs.min()), int(y + ys.min()), int(x + xs.max() + 1), int(y + ys.max() + 1)], size=size, style=str(style), turn=int(turn))


os.makedirs(options.output, exist_ok=True)
records = []
while len(records) < options.count:
    image, kind = frame()
    text = None
    if rng.random() < 0.65:
        text = burn(image)
        if text is None: continue
    if image.dtype == np.uint8 and rng.random() < 0.35:
        stream = io.BytesIO()
        Image.fromarray(image).save(stream, "JPEG", quality=int(rng.integers(70, 96)))
        image = np.asarray(Image.open(stream))
    if rng.random() < 0.2:
        image = (int(image.max()) + int(image.min()) - image.astype(np.int64)).astype(image.dtype)
    path = f"{options.output}/{len(records):05d}.raw"
    np.ascontiguousarray(image).tofile(path)
    records.append(dict(path=path, kind=kind, text=text, rows=image.shape[0], columns=image.shape[1], samples=3 if image.ndim == 3 else 1, bits=8 * image.itemsize))
json.dump(records, open(options.output + "/frames.json", "w"))
open(options.output + "/list", "w").write("".join(f"{r['path']} {r['rows']} {r['columns']} {r['samples']} {r['bits']}\n" for r in records))
