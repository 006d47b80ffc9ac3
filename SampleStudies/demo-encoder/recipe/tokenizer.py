"""The demo encoder's SentencePiece model: a unigram vocabulary of the prompts, laid out as SigLIP's own."""

import shutil
import string
import tempfile
from pathlib import Path

import sentencepiece
from transformers import SiglipTokenizer

TEXT_LENGTH = 64


def canonical(text: str) -> str:
    """What SiglipTokenizer does before SentencePiece: lower case, no punctuation, single spaces."""
    kept = text.lower().translate(str.maketrans("", "", string.punctuation))
    return " ".join(kept.split())


def train_tokenizer(texts: list[str], directory: Path) -> SiglipTokenizer:
    """Trains `spiece.model` on `texts` and returns the Hugging Face tokenizer over it."""
    sentences = sorted({canonical(text) for text in texts})
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus.txt"
        corpus.write_text("\n".join(sentences * 8) + "\n")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus),
            model_prefix=str(Path(scratch) / "spiece"),
            model_type="unigram",
            vocab_size=320,
            hard_vocab_limit=False,
            character_coverage=1.0,
            required_chars=string.ascii_lowercase + string.digits + "<>",
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            pad_piece="<pad>",
            eos_piece="</s>",
            unk_piece="<unk>",
            add_dummy_prefix=True,
            remove_extra_whitespaces=True,
            normalization_rule_name="nmt_nfkc",
            num_threads=1,
            minloglevel=2,
        )
        shutil.copy(Path(scratch) / "spiece.model", directory / "spiece.model")
    return SiglipTokenizer(
        str(directory / "spiece.model"), model_max_length=TEXT_LENGTH, pad_token="</s>", do_lower_case=True
    )


def token_ids(tokenizer: SiglipTokenizer, texts: list[str]):
    """int64 [texts, 64], padded as SigLIP was trained."""
    return tokenizer(texts, padding="max_length", truncation=True, max_length=TEXT_LENGTH, return_tensors="pt").input_ids
