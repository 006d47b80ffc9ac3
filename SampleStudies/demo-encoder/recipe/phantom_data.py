"""The phantoms on disk and what is true of each: images, coverage rasters and prompt truth."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SIZE = 160
GRID = 20


@dataclass
class Phantoms:
    """A training set as `phantoms training-set` wrote it, one row a phantom."""

    images: np.ndarray  # uint8 [N, SIZE, SIZE]
    coverage: np.ndarray  # uint8 [N, 6, GRID, GRID]
    truth: list[dict[str, str]]

    @classmethod
    def read(cls, directories: list[Path]) -> "Phantoms":
        images, coverage, truth = [], [], []
        for directory in directories:
            images.append(np.fromfile(directory / "images.u8", np.uint8).reshape(-1, SIZE, SIZE))
            coverage.append(np.fromfile(directory / "coverage.u8", np.uint8).reshape(-1, 6, GRID, GRID))
            with open(directory / "ground-truth.csv", newline="") as table:
                truth += list(csv.DictReader(table))
        return cls(np.concatenate(images), np.concatenate(coverage), truth)

    def __len__(self) -> int:
        return len(self.truth)


@dataclass
class Prompts:
    """The texts of prompts.json; the first `6 * 2 * k` are scored, the details follow."""

    findings: list[dict]
    details: list[dict]
    corpus: list[str]

    @classmethod
    def read(cls, path: Path) -> "Prompts":
        content = json.loads(path.read_text())
        return cls(content["findings"], content["details"], content["corpus"])

    @property
    def texts(self) -> list[str]:
        scored = [text for finding in self.findings for text in finding["present"] + finding["absent"]]
        return scored + [detail["text"] for detail in self.details]

    def ensembles(self) -> list[tuple[list[int], list[int]]]:
        """For each finding the rows of `texts` that hold its present and its absent prompts."""
        result, start = [], 0
        for finding in self.findings:
            present, absent = len(finding["present"]), len(finding["absent"])
            result.append(
                (list(range(start, start + present)), list(range(start + present, start + present + absent)))
            )
            start += present + absent
        return result

    def finding_truth(self, phantoms: Phantoms) -> np.ndarray:
        """float32 [N, findings], 1 where the finding is present."""
        columns = [finding["column"] for finding in self.findings]
        return np.array([[float(row[c]) for c in columns] for row in phantoms.truth], np.float32)

    def prompt_truth(self, phantoms: Phantoms) -> np.ndarray:
        """float32 [N, prompts], 1 where a prompt is true of a phantom."""
        columns = []
        for index, finding in enumerate(self.findings):
            present = self.finding_truth(phantoms)[:, index]
            columns += [present] * len(finding["present"]) + [1 - present] * len(finding["absent"])
        for detail in self.details:
            columns.append(np.array([holds(detail["when"], row) for row in phantoms.truth], np.float32))
        return np.stack(columns, axis=1)


def holds(condition: dict[str, list], row: dict[str, str]) -> bool:
    """Whether every column has one of the listed texts, or lies in the range of a pair of numbers."""
    for column, allowed in condition.items():
        value = row[column]
        if isinstance(allowed[0], str):
            if not set(value.split(";")) & set(allowed):
                return False
        elif not value or not allowed[0] <= float(value) <= allowed[1]:
            return False
    return True
