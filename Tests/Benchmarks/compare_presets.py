"""Measures how far the presets are apart on the phantom radiographs: 8-bit steps and cosines of embeddings.

    compare_presets.py BUCKY [SIZE ...]     run in the root of the repository; BUCKY is the built command

Runs `bucky preprocess` with every preset over the radiographs of SampleStudies and compares each tensor with that of the
default. At the demo encoder's size, 160, it also compares its embeddings. Prints rows for the table in Windowing/README.md.
Needs NumPy, safetensors, and for the embeddings torch and transformers.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file

PRESETS = [
    "tf-bilinear-padded", "tf-bilinear", "training", "hf-slow", "hf-slow-bilinear", "hf-fast", "hf-fast-bilinear",
    "google-container",
]
ENCODER = "SampleStudies/demo-encoder"


def tensors(bucky, preset, size):
    """By source, radiographs only; what the preset refuses is left out."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [bucky, "preprocess", "SampleStudies/studies", "--output", folder, "--preset", preset, "--size", str(size),
             "--format", "safetensors", "--quiet"],
            stdout=subprocess.DEVNULL, check=False)
        rows = load_file(os.path.join(folder, "tensors.safetensors"))["pixel_values"]
        with open(os.path.join(folder, "log.jsonl")) as log:
            lines = [json.loads(line) for line in log]
    return {
        line["source"]: rows[line["index"]] for line in lines
        if line["outcome"] == "used" and not line["source"].startswith("13-ct")
    }


def embeddings(images):
    import torch
    from transformers import SiglipModel

    torch.set_num_threads(1)
    model = SiglipModel.from_pretrained(ENCODER, torch_dtype=torch.float32).eval()
    with torch.no_grad():
        found = model.get_image_features(torch.from_numpy(np.stack(images)))
    return (found / found.norm(dim=1, keepdim=True)).numpy()


def main(bucky, sizes):
    for size in sizes:
        results = {preset: tensors(bucky, preset, size) for preset in PRESETS}
        sources = sorted(set.intersection(*(set(result) for result in results.values())))
        default = np.stack([results[PRESETS[0]][source] for source in sources])
        reference = embeddings(list(default)) if size == 160 else None
        print(f"{size} x {size}, {len(sources)} radiographs")
        for preset in PRESETS[1:]:
            other = np.stack([results[preset][source] for source in sources])
            steps = np.abs(other - default) * 127.5
            row = f"| `{preset}` | {steps.mean():.2f} | {round(steps.max())} |"
            if reference is not None:
                cosines = (embeddings(list(other)) * reference).sum(1)
                row += f" {np.median(cosines):.4f} | {cosines.min():.4f} |"
            print(row)


if __name__ == "__main__":
    main(sys.argv[1], [int(size) for size in sys.argv[2:]] or [160, 448])
