"""Writes a random SigLIP checkpoint of So400m's sizes at 448 pixels, in Hugging Face layout.

    make_checkpoint.py DIR [--layers N] [--outliers] [--seed S]

Every parameter is away from its initial value. Matrices keep the size of what goes through them, so that 27 layers neither
vanish nor explode. --outliers adds what trained encoders have and random ones lack: eight channels whose layer
normalisations are a hundred times larger, and one patch position that draws attention. --layers makes a shallow one for a
trial of the scripts. The tokenizer is the small one of the tests; prompts get other tokens than with MedSigLIP's, timings
do not change.
"""

import argparse
import json
import os
import shutil

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
TOKENIZER = os.path.join(HERE, "../../SigLIPTests/Fixtures/small.spiece.model")
SIZE, INNER, HEADS, GRID, PATCH, TOKENS, VOCABULARY = 1152, 4304, 16, 32, 14, 64, 32000


def tensors(layers, outliers, seed):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape, scale):
        return torch.randn(*shape, generator=generator) * scale

    found = {}

    def linear(name, inputs, outputs, shape=None, scale=1.0):
        found[name + ".weight"] = normal(*(shape or (outputs, inputs)), scale=scale * inputs**-0.5)
        found[name + ".bias"] = normal(outputs, scale=0.1)

    def norm(name):
        found[name + ".weight"] = 1 + normal(SIZE, scale=0.2)
        found[name + ".bias"] = normal(SIZE, scale=0.1)

    def perceptron(name, scale):
        linear(name + ".fc1", SIZE, INNER)
        linear(name + ".fc2", INNER, SIZE, scale=scale)

    def tower(name):
        # What the layers add to the residual stream is together about as large as what enters it.
        share = (2 * layers) ** -0.5
        for index in range(layers):
            layer = f"{name}.encoder.layers.{index}"
            norm(layer + ".layer_norm1")
            for part in ["q", "k", "v", "out"]:
                linear(f"{layer}.self_attn.{part}_proj", SIZE, SIZE, scale=2 * share if part == "out" else 1.0)
            norm(layer + ".layer_norm2")
            perceptron(layer + ".mlp", 2 * share)

    vision, text, head = "vision_model", "text_model", "vision_model.head"
    linear(vision + ".embeddings.patch_embedding", 3 * PATCH**2, SIZE, shape=(SIZE, 3, PATCH, PATCH))
    found[vision + ".embeddings.patch_embedding.weight"] = structure_filters(
        found[vision + ".embeddings.patch_embedding.weight"])
    found[vision + ".embeddings.position_embedding.weight"] = normal(GRID**2, SIZE, scale=0.5)
    tower(vision)
    norm(vision + ".post_layernorm")
    found[head + ".probe"] = normal(1, 1, SIZE, scale=1.0)
    found[head + ".attention.in_proj_weight"] = normal(3 * SIZE, SIZE, scale=SIZE**-0.5)
    found[head + ".attention.in_proj_bias"] = normal(3 * SIZE, scale=0.1)
    linear(head + ".attention.out_proj", SIZE, SIZE)
    norm(head + ".layernorm")
    perceptron(head + ".mlp", 1.0)
    found[text + ".embeddings.token_embedding.weight"] = normal(VOCABULARY, SIZE, scale=1.0)
    found[text + ".embeddings.position_embedding.weight"] = normal(TOKENS, SIZE, scale=0.5)
    tower(text)
    norm(text + ".final_layer_norm")
    linear(text + ".head", SIZE, SIZE)
    found["logit_scale"], found["logit_bias"] = torch.tensor([4.72]), torch.tensor([-16.5])
    if outliers:
        add_outliers(found, layers, generator)
    return found


def structure_filters(weights):
    """Filters that answer to structure more than to brightness, as trained ones do.

    Random ones see little but the mean of a patch, so that nine tenths of what tells two embeddings apart would lie in one
    direction: ranks by any finding would then be ranks by brightness, or noise.
    """
    return 3 * (weights - 0.9 * weights.mean(dim=(2, 3), keepdim=True))


def add_outliers(found, layers, generator):
    """In the vision tower: large normalised channels, whose readers have learned to take them down again, and a sink."""
    channels = torch.randperm(SIZE, generator=generator)[:8]
    for index in range(layers):
        layer = f"vision_model.encoder.layers.{index}"
        for norm, readers in [("1", ["q_proj", "k_proj", "v_proj"]), ("2", ["fc1"])]:
            found[f"{layer}.layer_norm{norm}.weight"][channels] *= 100
            for reader in readers:
                group = "mlp" if reader == "fc1" else "self_attn"
                found[f"{layer}.{group}.{reader}.weight"][:, channels] /= 100
    found["vision_model.embeddings.position_embedding.weight"][0] *= 40


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--layers", type=int, default=27)
    parser.add_argument("--outliers", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.directory, exist_ok=True)
    tower = dict(
        hidden_size=SIZE, intermediate_size=INNER, num_attention_heads=HEADS, num_hidden_layers=options.layers)
    config = {
        "architectures": ["SiglipModel"], "model_type": "siglip", "torch_dtype": "float32",
        "text_config": dict(tower, model_type="siglip_text_model", vocab_size=VOCABULARY,
                            max_position_embeddings=TOKENS, projection_size=SIZE),
        "vision_config": dict(tower, model_type="siglip_vision_model", image_size=GRID * PATCH, patch_size=PATCH),
    }
    with open(os.path.join(options.directory, "config.json"), "w") as file:
        json.dump(config, file, indent=1)
    shutil.copy(TOKENIZER, os.path.join(options.directory, "spiece.model"))
    with torch.no_grad():
        save_file(
            tensors(options.layers, options.outliers, options.seed),
            os.path.join(options.directory, "model.safetensors"), metadata={"format": "pt"})


if __name__ == "__main__":
    main()
