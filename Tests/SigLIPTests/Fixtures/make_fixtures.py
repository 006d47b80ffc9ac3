"""Records what Hugging Face transformers makes of randomised SigLIP checkpoints and of hard prompts.

    make_fixtures.py small TOKENIZER_DIR      writes the fixtures beside this script
    make_fixtures.py relevance                writes relevance.safetensors beside this script
    make_fixtures.py full TOKENIZER_DIR DIR   writes a random So400m-448 checkpoint (3.5 GB) and its answers to DIR

TOKENIZER_DIR holds the published spiece.model (see encoder-facts.md 1.4). Needs torch 2.7.1, transformers 4.53.0,
sentencepiece 0.2.0 (the release of its time; 0.2.3 breaks ties between long runs of one character in another way) and
safetensors. The weights of the small checkpoint are not stored: `SmallCheckpoint.swift` draws the
same numbers from the same generator, so that the fixtures hold answers only.
"""

import hashlib
import io
import json
import os
import random
import shutil
import sys

import numpy as np
import sentencepiece
import torch
import transformers
from safetensors.numpy import save_file
from transformers import SiglipConfig, SiglipModel, SiglipTokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
STORED = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
IMAGE_SIZE = 73
OTHER_SIZES = [48, 101, 896]


# --- the generator that SmallCheckpoint.swift repeats ---------------------------------------------------------------


def uniform(name, count):
    """`count` floats in [-1, 1): SplitMix64, seeded with the FNV-1a hash of `name`, top 24 bits of each output."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    whole = (z >> np.uint64(40)).astype(np.int64) - 2**23
    return whole.astype(np.float32) * np.float32(2.0**-23)


def random_value(name, shape):
    """Every parameter away from its initial value, or mistakes with it would not show."""
    if name == "logit_scale":
        return np.full(shape, 4.72, np.float32)
    if name == "logit_bias":
        return np.full(shape, -16.5, np.float32)
    values = uniform(name, int(np.prod(shape))).reshape(shape)
    if "norm" in name and name.endswith("weight"):
        return np.float32(1) + np.float32(0.5) * values
    if name.endswith("bias"):
        return np.float32(0.25) * values
    if name.endswith("probe"):
        return values
    if "embeddings.position" in name or "embeddings.token" in name:
        return np.float32(0.5) * values
    return np.float32(0.125) * values


def small_config(vocabulary):
    tower = dict(hidden_size=288, num_attention_heads=4, num_hidden_layers=2)
    return SiglipConfig(
        text_config=dict(tower, intermediate_size=345, vocab_size=vocabulary, max_position_embeddings=16),
        vision_config=dict(tower, intermediate_size=333, image_size=IMAGE_SIZE, patch_size=14),
    )


# --- small fixtures -------------------------------------------------------------------------------------------------

CORPUS = """no acute cardiopulmonary process. the heart size is normal. there is a small left pleural effusion.
right apical pneumothorax after biopsy; mild cardiomegaly with pulmonary edema. no focal consolidation is seen.
a nodule of 6 mm in the right upper lobe. ground glass opacity in both lower lobes. rib fracture on the left side.
endotracheal tube and central venous catheter in place. comparison with the prior radiograph shows no change.
atelectasis at the left base. widened mediastinum. the lungs are clear. normal study. moderate hydropneumothorax."""


def train_small_tokenizer():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS.replace(".", "").split("\n") * 4), model_writer=model, vocab_size=352,
        model_type="unigram", byte_fallback=True, normalization_rule_name="identity", pad_id=0, eos_id=1, unk_id=2,
        bos_id=-1, minloglevel=2, num_threads=1,
    )
    path = os.path.join(HERE, "small.spiece.model")
    with open(path, "wb") as file:
        file.write(model.getvalue())
    return path


def record_embeddings(config, prompts):
    arrays = {}
    ids = torch.tensor(prompts)
    arrays["input_ids"] = ids.numpy().astype(np.int64)
    for stored, dtype in STORED.items():
        model = SiglipModel(config).eval()
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                value = torch.from_numpy(random_value(name, tuple(parameter.shape)).copy())
                parameter.copy_(value.to(dtype).to(torch.float32))
            size = IMAGE_SIZE
            pixels = torch.from_numpy(uniform(f"image {size}", 3 * size * size).reshape(1, 3, size, size).copy())
            image = model.vision_model(pixels, output_hidden_states=True)
            text = model.text_model(ids, output_hidden_states=True)
            both = model(input_ids=ids, pixel_values=pixels)
            arrays[f"{stored}.image_embeds"] = both.image_embeds.numpy()
            arrays[f"{stored}.text_embeds"] = both.text_embeds.numpy()
            arrays[f"{stored}.logits_per_image"] = both.logits_per_image.numpy()
            if stored != "F32":
                continue
            # The one state after the last layer that transformers lists is taken before the final layer norm.
            for index in range(3):
                arrays[f"vision.state.{index}"] = image.hidden_states[index][0].numpy()
                arrays[f"text.state.{index}"] = text.hidden_states[index][0].numpy()
            arrays["text.short"] = normalised(model.get_text_features(ids[:1, :5])).numpy()
            for size in OTHER_SIZES:
                pixels = torch.from_numpy(uniform(f"image {size}", 3 * size * size).reshape(1, 3, size, size).copy())
                features = model.get_image_features(pixels, interpolate_pos_encoding=True)
                arrays[f"image_embeds.{size}"] = normalised(features).numpy()
    save(arrays, os.path.join(HERE, "small.safetensors"))


def record_relevance():
    """What autograd says of the pooling head's attention: a * ds/da for every head, s the cosine with a direction."""
    arrays = {}
    model = SiglipModel(small_config(352)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.from_numpy(random_value(name, tuple(parameter.shape)).copy()))
    vision, head = model.vision_model, model.vision_model.head
    directions = torch.from_numpy(uniform("directions", 2 * 288).reshape(2, 288).copy())
    arrays["directions"] = directions.numpy()
    for size in [IMAGE_SIZE, 448]:
        pixels = torch.from_numpy(uniform(f"image {size}", 3 * size * size).reshape(1, 3, size, size).copy())
        with torch.no_grad():
            states = vision(pixels, output_hidden_states=True, interpolate_pos_encoding=size != IMAGE_SIZE).hidden_states
        for layer in [0, 1]:
            tokens = vision.post_layernorm(states[layer + 1]).detach()
            query, key, value = (
                torch.nn.functional.linear(x, w, b).view(-1, 4, 72).transpose(0, 1)
                for x, w, b in zip(
                    [head.probe[0], tokens[0], tokens[0]], head.attention.in_proj_weight.chunk(3),
                    head.attention.in_proj_bias.chunk(3))
            )
            weights = (query @ key.transpose(1, 2) / 72**0.5).softmax(-1).detach().requires_grad_(True)
            answer = head.attention.out_proj((weights @ value).transpose(0, 1).reshape(1, 288))
            pooled = answer + head.mlp(head.layernorm(answer))
            if layer == 1:
                assert torch.allclose(pooled, vision.head(states[-1] * 0 + tokens), atol=1e-4)
            for index in range(2):
                score = torch.nn.functional.normalize(pooled, dim=-1)[0] @ directions[index]
                (gradient,) = torch.autograd.grad(score, weights, retain_graph=True)
                relevance = (weights * gradient).clamp(min=0).mean(0)[0]
                arrays[f"relevance.{size}.{layer}.{index}"] = relevance.detach().numpy()
    save(arrays, os.path.join(HERE, "relevance.safetensors"))


def save(arrays, path):
    """save_file writes the memory of an array as it lies, so that a transposed view would be garbled."""
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path, metadata=versions())


def normalised(features):
    return features / features.norm(dim=-1, keepdim=True)


def versions():
    return {
        "torch": torch.__version__.split("+")[0], "transformers": transformers.__version__,
        "sentencepiece": sentencepiece.__version__, "python": sys.version.split()[0],
    }


def token_ids(tokenizer, text, length):
    return tokenizer(text, padding="max_length", truncation=True, max_length=length)["input_ids"]


def record_tokens(tokenizer, texts, length, name):
    rows = []
    for text in texts:
        ids = token_ids(tokenizer, text, length)
        assert len(ids) == length
        while ids and ids[-1] == 1:
            ids.pop()
        rows.append({"text": text, "ids": ids})
    write_lines(name, {"length": length, "versions": versions()}, rows)


def write_lines(name, head, rows):
    """One row a line, so that a difference can be read."""
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "rows": [\n')
        file.write(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows))
        file.write("\n]}\n")


def record_characters():
    """str.lower() of each character alone, and str.isspace(), in the planes that hold cased characters."""
    digest = hashlib.sha256()
    for code in range(0x20000):
        if 0xD800 <= code < 0xE000:
            continue
        lower = chr(code).lower()
        if lower != chr(code):
            digest.update(f"{code:X} {' '.join(f'{ord(c):X}' for c in lower)}\n".encode())
    spaces = [code for code in range(0x110000) if chr(code).isspace()]
    with open(os.path.join(HERE, "characters.json"), "w") as file:
        json.dump({"lower": digest.hexdigest(), "spaces": spaces, "versions": versions()}, file, indent=1)
        file.write("\n")


# --- hard prompts ---------------------------------------------------------------------------------------------------


def hard_prompts():
    import string

    golden = [
        "no pneumothorax", "ground-glass opacity", "X-ray of the chest", "diabetic retinopathy severity: none",
        "1.5 cm nodule", "L4/L5 disc", "nodule > 6 mm", "T1-weighted MRI", "5 µm", "½ dose", "ﬁbrosis", "", ".",
    ]
    clinical = [
        "A 62 y/o M w/ SOB & CP; r/o PE.", "Pneumothorax, right-sided (3.2 cm)", "pleural_effusion", "NG-tube in situ",
        "C5–C6 disc — no cord signal", "Hounsfield units: -1,024…+3,071", "↑ CTR > 0.5", "ΔT ≈ 2 °C", "SpO₂ 93 %",
        "T₂*‑weighted", "β-lactam", "α-fetoprotein", "5×5×7 mm", "≥ 3 cm", "±0.5 mm", "1/2", "10⁶ cells", "m² kg³",
        "¿Qué hallazgo?", "Pleuraerguß links", "STRASSE ẞ ß", "Épanchement pleural", "naïve œdème", "ŒDÈME", "Ångström",
        "ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ", "Ǆ ǅ ǆ", "ĳ Ĳ", "№ 5", "℃ ℉ Å Ω", "㎝ ㎜ ㏄ ㎏", "ＦＵＬＬ ｗｉｄｔｈ １２３", "①②③", "Ⅳ ⅳ", "½ ⅓ ¼ ⅞",
    ]
    letters = [
        "İstanbul", "ISPARTA ıspartalı", "ΣΊΣΥΦΟΣ", "ΟΔΥΣΣΕΥΣ", "ΑΣ", "Σ", "ΑΣ Β", "ЖУРНАЛ", "Ёлка", "ԱԲԳ", "ႠႡႢ", "ᲐᲑᲒ",
        "ᎠᎡᎢ ꭰꭱ", "𐐀𐐁𐐂", "𝐀𝐁𝐂 𝒜ℬ𝒞", "Ⓐⓑ", "🅰🅱", "ⱤꞫꟅ", "ꟀꟐ", "Ɐ Ɑ", "ẠẢẤ", "DŽungla", "À Á Â", "A\u0300 E\u0301 C\u0327",
        "a\u0323\u0307", "a\u0307\u0323", "I\u0307", "i\u0307", "ſ", "K Å", "\u1e9e", "\u0345\u03b1", "ᾳ ᾼ ᾴ",
        "ü u\u0308", "ﷺ", "ﻻ", "שָׁלוֹם", "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดี", "ကြောင်း", "ខ្មែរ", "አማርኛ", "தமிழ்",
        "肺炎", "気胸なし", "胸部X線写真", "기흉 없음", "ｶﾞｷﾞｸﾞ", "ガギグ", "か\u3099", "がく", "漢字かな交じり文", "𠮷野家", "龍龘",
        "\u1100\u1161\u11a8", "각", "ㄱㅏㄱ",
    ]
    emoji = [
        "🫁", "🫀 heart", "👩‍⚕️", "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "1️⃣", "☢️ ☣", "🏳️‍🌈", "🦴🦷", "😀😀😀", "a😀b", "❤", "❤️", "©®™",
        "\U0001F9FF", "\U0001FAE0", "\U0001FAE9",
    ]
    spaces = [
        " ", "  ", "\t", "\n", "\r\n", " leading", "trailing ", "  both  ", "a\tb", "a\nb", "a\r\nb", "a\u00a0b", "a\u2003b",
        "a\u200bb", "a\u2028b", "a\u3000b", "a\u1680b", "a\u0085b", "a\u001cb", "a\u001fb", "a\u000bb", "a\u000cb", "\ufeffa",
        "a\ufeffb", "a\u2060b", "a\u00adb", "a\u180eb", "a \u00a0 \u2003 b", "\u001dx\u001e", "a\u0001b", "a\u007fb", "\u0080",
        "a . b", " . a . ", "- -", "a -", "- a", "a - b",
    ]
    markers = [
        "\u2581", "\u2581\u2581", "a\u2581b", "\u2581a", "a\u2581", "_", "a_b", "__init__", "</s>", "<unk>", "</S>", "<UNK>",
        "<Unk>", "< unk >", "</s", "/s>", "<<unk>>", "<</s>>", "</s></s>", "<unk><unk>", "</s> text", "text </s>",
        "text</s>more", "a <unk> b", "a<unk>b", "<unk>a", "a</s>", "</s>.", ".</s>", " </s> ", "\t<unk>\n", "<pad>", "<s>", "[PAD]",
        "<0x41>", "<0xE2>", "▁</s>", "_</s>", "\u2581 </s>", "a</s>b<unk>c</s>", "</s>\u2581a", "unk", "s", "<unk", "unk>",
        "</s>\u001c\u0085x", "x\u3000<unk>\u3000y", "A</S>B", "\u0338x", "<unk>\u0338", "ſ/s>", "</ſ>",
    ]
    repeats = [c * n for c in ["a", "ab", "no ", "ha", "0", "9", "x", "é", "肺", "😀", "-", ".", "! ", "ß"] for n in (2, 3, 7, 40, 130)]
    marks = [c for c in string.punctuation] + [
        string.punctuation, string.punctuation * 3, "…", "–", "—", "‘quoted’", "“quoted”", "«x»", "¡!", "¿?", "•", "·", "′ ″",
        "don't", "don’t", "e.g.", "i.e.,", "x=y", "a+b", "50%", "$5", "#1", "a&b", "@", "a|b", "~5", "^2", "`x`", "{}", "[x]",
        "(x)", "\\n", "/a/b", "a;b", "a:b", "?!", "、。", "！？", "・", "॥",
    ]
    long = [
        "no evidence of pneumothorax or pleural effusion " * 12, "pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
        "x" * 500, "肺" * 100, "😀" * 40, "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 4,
        " ".join(str(n) for n in range(100)), "word " * 62, "word " * 63, "word " * 64, "word " * 65, "word " * 62 + "</s>",
        "word " * 63 + "</s>", "\u0300" * 70, "é" * 64,
    ]
    picker = random.Random(20_250_607)
    ranges = [
        (0x20, 0x7F), (0xA0, 0x250), (0x250, 0x3FF), (0x400, 0x530), (0x5D0, 0x6FF), (0x900, 0x0DFF), (0x1E00, 0x2000),
        (0x2000, 0x2BFF), (0x3040, 0x30FF), (0x4E00, 0x4F00), (0xAC00, 0xAD00), (0xF900, 0xFAFF), (0xFB00, 0xFDFF),
        (0xFE00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x300, 0x36F),
    ]
    mixed = []
    for _ in range(80):
        pieces = []
        for _ in range(picker.randint(1, 24)):
            low, high = ranges[picker.randrange(len(ranges))] if picker.random() < 0.6 else ranges[0]
            pieces.append(chr(picker.randint(low, high - 1)))
        mixed.append("".join(pieces))
    texts = golden + clinical + letters + emoji + spaces + markers + repeats + marks + long + mixed
    return list(dict.fromkeys(texts))


# --- full size ------------------------------------------------------------------------------------------------------

SO400M = dict(hidden_size=1152, intermediate_size=4304, num_attention_heads=16, num_hidden_layers=27)
PROMPTS = ["no pneumothorax", "Enlarged cardiac silhouette, moderate (CTR > 0.5)", ""]


def make_full(tokenizer_directory, directory):
    os.makedirs(directory, exist_ok=True)
    torch.manual_seed(448)
    config = SiglipConfig(text_config=SO400M, vision_config=dict(SO400M, patch_size=14, image_size=448))
    model = SiglipModel(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name and name.endswith("weight"):
                parameter.uniform_(0.5, 1.5)
            elif name == "logit_scale":
                parameter.fill_(4.72)
            elif name == "logit_bias":
                parameter.fill_(-16.5)
            elif name.endswith("bias"):
                parameter.uniform_(-0.25, 0.25)
            elif "embeddings" in name and "patch" not in name or name.endswith("probe"):
                parameter.uniform_(-0.5, 0.5)
            else:
                fan_in = int(np.prod(parameter.shape[1:]))
                parameter.uniform_(-1.8 / fan_in**0.5, 1.8 / fan_in**0.5)
        model.save_pretrained(directory, max_shard_size="20GB")
        # As published: what is not written has the default of the class.
        with open(os.path.join(directory, "config.json"), "w") as file:
            vision = dict(SO400M, patch_size=14, image_size=448)
            json.dump({"model_type": "siglip", "text_config": SO400M, "vision_config": vision}, file, indent=1)
        for name in ["spiece.model", "tokenizer_config.json", "special_tokens_map.json"]:
            shutil.copy(os.path.join(tokenizer_directory, name), directory)
        tokenizer = SiglipTokenizer.from_pretrained(tokenizer_directory)
        ids = torch.tensor([token_ids(tokenizer, prompt, 64) for prompt in PROMPTS])
        rows = torch.linspace(-1, 1, 448)
        pixels = torch.stack([rows.view(-1, 1) * rows * 0.5, torch.sin(9 * rows).view(-1, 1) * rows, rows.expand(448, 448)])
        pixels = (pixels + 0.5 * torch.rand(3, 448, 448) - 0.25).clamp(-1, 1).unsqueeze(0)
        both = model(input_ids=ids, pixel_values=pixels)
    arrays = {
        "pixel_values": pixels.numpy(), "input_ids": ids.numpy(), "image_embeds": both.image_embeds.numpy(),
        "text_embeds": both.text_embeds.numpy(), "logits_per_image": both.logits_per_image.numpy(),
    }
    save(arrays, os.path.join(directory, "expected.safetensors"))


def make_small(tokenizer_directory):
    path = train_small_tokenizer()
    small = SiglipTokenizer(path, model_max_length=16)
    prompts = ["no pneumothorax", "Small LEFT pleural effusion.", ""]
    record_embeddings(small_config(352), [token_ids(small, prompt, 16) for prompt in prompts])
    texts = hard_prompts()
    record_tokens(small, texts, 16, "small-tokens.json")
    record_tokens(SiglipTokenizer.from_pretrained(tokenizer_directory), texts, 64, "published-tokens.json")
    record_characters()
    print(len(texts), "prompts")


if __name__ == "__main__":
    if sys.argv[1] == "small":
        make_small(sys.argv[2])
    elif sys.argv[1] == "relevance":
        record_relevance()
    else:
        make_full(sys.argv[2], sys.argv[3])
