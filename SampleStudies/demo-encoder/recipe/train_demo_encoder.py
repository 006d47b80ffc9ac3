"""Trains the demo encoder: a small SigLIP that knows phantoms and nothing else.

Every image is scored against all finding prompts at once, present and absent ones, and learns from what is true of it
(the sigmoid loss of SigLIP with several positives). What triage computes in the end - softmax of the averaged present
against the averaged absent prompts - is trained directly as well. While training, each patch also says which finding
covers it; that head is thrown away afterwards.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

# Threads that wait asleep: on a shared machine spinning costs half the speed. Must be set before torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import SiglipConfig, SiglipModel

from phantom_data import GRID, SIZE, Phantoms, Prompts
from tokenizer import TEXT_LENGTH, token_ids, train_tokenizer

HERE = Path(__file__).resolve().parent
PATCH = 16
HIDDEN = 192
SEED = 20_260_101
# What is small in the image counts more, in the order of the findings: a nodule covers one or two patches of a hundred.
PATCH_WEIGHTS = [1.5, 2.0, 1.0, 2.0, 16.0, 6.0]
FINDING_WEIGHTS = [0.7, 0.8, 0.8, 1.0, 2.0, 0.7]


def configuration(vocabulary: int) -> SiglipConfig:
    shared = dict(hidden_size=HIDDEN, intermediate_size=512, num_attention_heads=6)
    return SiglipConfig(
        vision_config=dict(shared, num_hidden_layers=4, image_size=SIZE, patch_size=PATCH),
        text_config=dict(
            shared, num_hidden_layers=2, vocab_size=vocabulary, max_position_embeddings=TEXT_LENGTH,
            projection_size=HIDDEN, pad_token_id=1, bos_token_id=1, eos_token_id=1,
        ),
    )


def whitening_patches(images: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Weight [count, PATCH * PATCH] and bias of the principal components of patches, scaled to equal variance.

    Neighbouring pixels say nearly the same, so a random patch embedding shows the encoder little but brightness. Whitened
    components show edges and spots from the first step on; what is fainter than the noise of a detector stays small.
    """
    chosen = images[:: max(1, len(images) // 600)][:600].astype(np.float64) / 127.5 - 1
    side = SIZE // PATCH
    patches = chosen.reshape(-1, side, PATCH, side, PATCH).transpose(0, 1, 3, 2, 4).reshape(-1, PATCH * PATCH)
    mean = patches.mean(0)
    values, vectors = np.linalg.eigh(np.cov((patches - mean).T))
    order = np.argsort(values)[::-1][:count]
    signs = np.sign(vectors[np.abs(vectors).argmax(0), np.arange(len(values))])
    weight = ((vectors * signs)[:, order] / np.sqrt(values[order] + 0.02**2)).T
    return weight.astype(np.float32), (-weight @ mean).astype(np.float32)


def sine_positions(side: int, width: int) -> np.ndarray:
    """Sines and cosines of row and column, float32 [side * side, width]: where a patch lies, from the first step on."""
    frequencies = np.exp(-np.log(40.0) * np.arange(width // 4) / (width // 4))
    angles = np.arange(side)[:, None] * frequencies
    wave = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    grid = np.concatenate([np.repeat(wave, side, axis=0), np.tile(wave, (side, 1))], axis=1)
    return (0.6 * grid).astype(np.float32)


class Learner(nn.Module):
    """The encoder and the two heads that only training uses."""

    def __init__(self, config: SiglipConfig, prompt_count: int):
        super().__init__()
        self.siglip = SiglipModel(config)
        self.cells = GRID * PATCH // SIZE
        self.patch_head = nn.Linear(HIDDEN, 6 * self.cells**2)
        self.prompt_head = nn.Linear(HIDDEN, prompt_count)
        with torch.no_grad():
            self.siglip.logit_scale.fill_(math.log(12.0))
            self.siglip.logit_bias.fill_(-0.5)
            self.patch_head.bias.fill_(-3.0)

    @torch.no_grad()
    def prepare(self, images: np.ndarray):
        """Starts the patch embedding and the positions from what is known of the images."""
        embeddings = self.siglip.vision_model.embeddings
        weight, bias = whitening_patches(images, HIDDEN)
        weight = torch.from_numpy(weight).view(HIDDEN, 1, PATCH, PATCH).expand(-1, 3, -1, -1) / 3
        embeddings.patch_embedding.weight.copy_(weight)
        embeddings.patch_embedding.bias.copy_(torch.from_numpy(bias))
        embeddings.position_embedding.weight.copy_(torch.from_numpy(sine_positions(SIZE // PATCH, HIDDEN)))

    def images(self, pixels):
        """uint8 or float [B, S, S] in 0...255 -> embeddings [B, D] and coverage logits [B, 6, GRID, GRID]."""
        gray = (pixels.float() / 255 - 0.5) / 0.5
        output = self.siglip.vision_model(pixel_values=gray[:, None].expand(-1, 3, -1, -1))
        side, k = SIZE // PATCH, self.cells
        cells = self.patch_head(output.last_hidden_state).view(-1, side, side, 6, k, k)
        cells = cells.permute(0, 3, 1, 4, 2, 5).reshape(-1, 6, GRID, GRID)
        return output.pooler_output, cells

    def texts(self, ids):
        return F.normalize(self.siglip.text_model(input_ids=ids).pooler_output, dim=-1)


def zero_shot_logits(images, texts, ensembles, scale):
    """[B, findings]: the logit of the softmax of averaged present against averaged absent prompts."""
    present = F.normalize(torch.stack([texts[p].mean(0) for p, _ in ensembles]), dim=-1)
    absent = F.normalize(torch.stack([texts[a].mean(0) for _, a in ensembles]), dim=-1)
    return scale * (images @ (present - absent).T)


def augmented(images, coverage, random: np.random.Generator):
    """Shifts by whole cells, other windows and gammas, a little noise: what other stations would have sent."""
    count = images.shape[0]
    dy, dx = (int(v) for v in random.integers(-1, 2, 2))
    cell = SIZE // GRID
    images = torch.roll(images, (dy * cell, dx * cell), (1, 2)).float() / 255
    coverage = torch.roll(coverage, (dy, dx), (2, 3))

    def draw(low, high):
        return torch.from_numpy(random.uniform(low, high, (count, 1, 1)).astype(np.float32))

    images = images.clamp(0, 1) ** torch.exp(draw(-0.22, 0.22))
    images = (images - 0.5) * draw(0.85, 1.15) + 0.5 + draw(-0.06, 0.06)
    images = images + torch.randn_like(images) * draw(0.0, 0.012)
    return (images.clamp(0, 1) * 255).floor(), coverage


def losses(learner, images, coverage, findings, prompts, texts, ensembles):
    pooled, cells = learner.images(images)
    embeddings = F.normalize(pooled, dim=-1)
    direct = F.binary_cross_entropy_with_logits(learner.prompt_head(pooled), prompts)
    scale, bias = learner.siglip.logit_scale.exp(), learner.siglip.logit_bias
    logits = zero_shot_logits(embeddings, texts, ensembles, scale)
    ensemble = F.binary_cross_entropy_with_logits(logits, findings, weight=torch.tensor(FINDING_WEIGHTS))
    pairs = F.binary_cross_entropy_with_logits(scale * embeddings @ texts.T + bias, prompts)
    target = (coverage.float() / 255 * 4).clamp(max=1)
    weight = torch.tensor(PATCH_WEIGHTS).view(1, 6, 1, 1)
    patches = F.binary_cross_entropy_with_logits(cells, target, pos_weight=weight)
    return ensemble + pairs + direct + 3 * patches, (ensemble.item(), direct.item(), patches.item())


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve by midranks."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = int(truth.sum())
    negatives = len(truth) - positives
    return float((ranks[truth > 0.5].sum() - positives * (positives + 1) / 2) / (positives * negatives))


@torch.no_grad()
def held_out_aurocs(learner, phantoms: Phantoms, prompts: Prompts, ids) -> list[float]:
    learner.eval()
    texts = learner.texts(ids)
    images = torch.from_numpy(phantoms.images)
    embeddings = torch.cat([F.normalize(learner.images(part)[0], dim=-1) for part in images.split(128)])
    scores = zero_shot_logits(embeddings, texts, prompts.ensembles(), learner.siglip.logit_scale.exp()).numpy()
    truth = prompts.finding_truth(phantoms)
    learner.train()
    return [auroc(scores[:, index], truth[:, index]) for index in range(truth.shape[1])]


def teach_meanings(learner: Learner, ids, truths, steps: int = 150):
    """Teaches the text tower alone which prompts are true together: embeddings as similar as their truths correlate."""
    wanted = torch.corrcoef(truths.T)
    optimizer = torch.optim.AdamW(learner.siglip.text_model.parameters(), lr=1e-3, weight_decay=0.0)
    for step in range(steps):
        texts = learner.texts(ids)
        loss = (texts @ texts.T - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 50 == 0:
            print(f"  text step {step + 1}/{steps} {loss.item():.4f}", flush=True)


class Average:
    """An exponential moving average of a model's parameters."""

    def __init__(self, learner: nn.Module, decay: float):
        self.decay = decay
        self.values = {name: value.detach().clone() for name, value in learner.state_dict().items()}

    @torch.no_grad()
    def update(self, learner: nn.Module, step: int):
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in learner.state_dict().items():
            if value.is_floating_point():
                self.values[name].lerp_(value, 1 - decay)


def export(learner: Learner, tokenizer, directory: Path):
    """Writes a plain Hugging Face snapshot with F16 tensors."""
    directory.mkdir(parents=True, exist_ok=True)
    weights = {
        name: value.detach().half().contiguous() for name, value in learner.siglip.state_dict().items()
        if not name.endswith("position_ids")
    }
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    config = learner.siglip.config.to_dict()
    keep = ("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers")
    vision = {key: config["vision_config"][key] for key in keep + ("image_size", "patch_size")}
    text = {
        key: config["text_config"][key]
        for key in keep + ("vocab_size", "max_position_embeddings", "projection_size", "pad_token_id", "bos_token_id",
                           "eos_token_id")
    }
    write_json(directory / "config.json", {
        "architectures": ["SiglipModel"], "model_type": "siglip", "torch_dtype": "float16",
        "vision_config": {"model_type": "siglip_vision_model", **vision},
        "text_config": {"model_type": "siglip_text_model", **text},
    })
    write_json(directory / "preprocessor_config.json", {
        "do_normalize": True, "do_rescale": True, "do_resize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
        "image_processor_type": "SiglipImageProcessor", "resample": 2, "rescale_factor": 1 / 255,
        "size": {"height": SIZE, "width": SIZE},
    })
    write_json(directory / "tokenizer_config.json", {
        "tokenizer_class": "SiglipTokenizer", "model_max_length": TEXT_LENGTH, "do_lower_case": True,
        "eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>", "model_input_names": ["input_ids"],
    })


def write_json(path: Path, content: dict):
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def parameter_groups(learner: nn.Module, decay: float):
    """Weight decay for matrices only."""
    plain = [p for n, p in learner.named_parameters() if p.ndim < 2 or "embedding" in n or "probe" in n]
    chosen = {id(p) for p in plain}
    decayed = [p for p in learner.parameters() if id(p) not in chosen]
    return [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]


def train(arguments):
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    random = np.random.default_rng(SEED)
    prompts = Prompts.read(HERE / "prompts.json")
    arguments.output.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(prompts.texts + prompts.corpus, arguments.output)
    ids = token_ids(tokenizer, prompts.texts)
    phantoms, held_out = Phantoms.read(arguments.data), Phantoms.read([arguments.held_out])
    findings = torch.from_numpy(prompts.finding_truth(phantoms))
    truths = torch.from_numpy(prompts.prompt_truth(phantoms))
    images, coverage = torch.from_numpy(phantoms.images), torch.from_numpy(phantoms.coverage)

    learner = Learner(configuration(tokenizer.vocab_size), len(prompts.texts))
    if arguments.start:
        learner.siglip.load_state_dict({n: v.float() for n, v in load_file(arguments.start).items()}, strict=False)
    else:
        learner.prepare(phantoms.images)
        teach_meanings(learner, ids, truths)
    names = [finding["name"] for finding in prompts.findings]
    print(f"{sum(p.numel() for p in learner.siglip.parameters()):,} parameters, {len(phantoms):,} phantoms", flush=True)
    optimizer = torch.optim.AdamW(parameter_groups(learner, 0.05), lr=arguments.rate, betas=(0.9, 0.98))
    steps = len(phantoms) // arguments.batch
    total, warm = steps * arguments.epochs, arguments.warm
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, 0.5 * (1 + math.cos(math.pi * min(1, s / total))) + 0.005))
    average = Average(learner, 0.997)
    best, log, step, begun = 0.0, [], 0, time.time()
    for epoch in range(arguments.stop_after or arguments.epochs):
        order = torch.from_numpy(random.permutation(len(phantoms)))
        running = np.zeros(3)
        for start in range(0, steps * arguments.batch, arguments.batch):
            rows = order[start : start + arguments.batch]
            batch, covers = augmented(images[rows], coverage[rows], random)
            # The text tower learns at every fourth step; between them its embeddings stand still, which saves a third.
            texts = learner.texts(ids) if step % 4 == 0 else texts.detach()
            loss, parts = losses(learner, batch, covers, findings[rows], truths[rows], texts, prompts.ensembles())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            average.update(learner, step)
            running += parts
            if step % 50 == 0:
                print(f"  step {step}/{total} {time.time() - begun:.0f}s {np.round(running / (step - epoch * steps), 4)}",
                      flush=True)
        averaged = Learner(learner.siglip.config, len(prompts.texts))
        averaged.load_state_dict({n: v.half().float() if v.is_floating_point() else v for n, v in average.values.items()})
        areas = held_out_aurocs(averaged, held_out, prompts, ids)
        mean = float(np.mean(areas))
        log.append({"epoch": epoch + 1, "mean": round(mean, 4), "loss": [round(float(v), 4) for v in running / steps],
                    **{n: round(a, 4) for n, a in zip(names, areas)}})
        print(json.dumps(log[-1]), f"{time.time() - begun:.0f}s", flush=True)
        if mean > best:
            best = mean
            export(averaged, tokenizer, arguments.output)
    write_json(arguments.output / "training-log.json", {"epochs": log})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="directories of phantoms training-set")
    parser.add_argument("--held-out", type=Path, required=True, help="a training set of other seeds")
    parser.add_argument("--output", type=Path, required=True, help="the model directory")
    parser.add_argument("--start", type=Path, help="a model.safetensors to go on from, instead of from nothing")
    parser.add_argument("--epochs", type=int, default=8, help="the length of the learning rate's cosine")
    parser.add_argument("--stop-after", type=int, help="epochs to run, when fewer than --epochs")
    parser.add_argument("--warm", type=int, default=200, help="steps until the full learning rate")
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--threads", type=int, default=2)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
