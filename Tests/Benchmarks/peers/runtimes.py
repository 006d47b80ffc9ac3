"""One program that runs the vision tower of a checkpoint, for compare_encoders.py to take turns with.

    runtimes.py NAME CHECKPOINT WORK THREADS FORM

Loads, writes `ready`, and then for every line it reads embeds once and writes the seconds an image took. FORM is `latency`,
one image on all threads, or `throughput`, as many images at once as there are threads, one thread each. WORK keeps what the
other programs make of the checkpoint: the ONNX file, and the models quantised from it.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

SIDE = 448


def pixels(seed=0):
    """Smooth structure with noise, in [-1, 1]."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = sum(
        generator.normal() * np.sin(2 * np.pi * (generator.integers(1, 9) * x + generator.integers(1, 9) * y) + index)
        for index in range(6))
    image = np.stack([waves, waves, waves]) * 0.25 + generator.normal(0, 0.05, (3, SIDE, SIDE))
    return np.clip(image, -1, 1).astype(np.float32)[None]


def vision_tower(checkpoint):
    import torch
    from transformers import SiglipVisionModel

    class Pooled(torch.nn.Module):
        """The tower's embedding before normalisation."""

        def __init__(self):
            super().__init__()
            self.model = SiglipVisionModel.from_pretrained(
                checkpoint, torch_dtype=torch.float32, attn_implementation="sdpa").eval()

        def forward(self, values):
            return self.model(values).pooler_output

    return Pooled().eval()


def exported(checkpoint, work):
    """The tower as an ONNX file, made once."""
    import torch

    path = os.path.join(work, "vision.onnx")
    if not os.path.exists(path):
        with torch.no_grad():
            torch.onnx.export(
                vision_tower(checkpoint), (torch.from_numpy(pixels()),), path + ".tmp", input_names=["pixel_values"],
                output_names=["pooled"], opset_version=17, dynamo=False)
        os.rename(path + ".tmp", path)
    return path


# --- the programs: each gives a function that embeds an image, and one that embeds `threads` of them at once ----------


def pytorch(checkpoint, work, threads, form, precision):
    import torch

    torch.set_num_threads(threads if form == "latency" else 1)
    model, image = vision_tower(checkpoint), torch.from_numpy(pixels())
    if precision == "bf16":
        model, image = model.to(torch.bfloat16), image.to(torch.bfloat16)

    def embed():
        with torch.inference_mode():
            return model(image)

    return embed, in_threads(embed, threads)


def onnxruntime_(checkpoint, work, threads, form, precision):
    import onnxruntime

    path = exported(checkpoint, work)
    if precision == "int8":
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantised = os.path.join(work, "vision-dynamic-int8.onnx")
        if not os.path.exists(quantised):
            quantize_dynamic(path, quantised + ".tmp", per_channel=True, weight_type=QuantType.QInt8)
            os.rename(quantised + ".tmp", quantised)
        path = quantised
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads if form == "latency" else 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    image = {"pixel_values": pixels()}

    def embed():
        return session.run(None, image)

    return embed, in_threads(embed, threads)


def quantised_openvino(checkpoint, work):
    """Static 8-bit quantisation with SmoothQuant, as NNCF's documentation advises for transformers."""
    import nncf
    import openvino

    path = os.path.join(work, "vision-nncf-int8.xml")
    if not os.path.exists(path):
        images = nncf.Dataset([pixels(seed) for seed in range(1, 5)])
        model = nncf.quantize(
            openvino.convert_model(exported(checkpoint, work)), images, model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED, subset_size=4, fast_bias_correction=True)
        temporary = os.path.join(work, "unfinished-int8.xml")
        openvino.save_model(model, temporary, compress_to_fp16=False)
        os.rename(temporary[:-4] + ".bin", path[:-4] + ".bin")
        os.rename(temporary, path)
    return path


def openvino_(checkpoint, work, threads, form, precision):
    import openvino

    path = quantised_openvino(checkpoint, work) if precision == "int8" else exported(checkpoint, work)
    settings = {
        "INFERENCE_PRECISION_HINT": "f32" if precision == "fp32" else "bf16", "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1 if form == "latency" else threads, "ENABLE_CPU_PINNING": True,
    }
    compiled = openvino.Core().compile_model(path, "CPU", settings)
    image = pixels()
    requests = [compiled.create_infer_request() for _ in range(threads)]

    def embed_many():
        for request in requests:
            request.start_async([image])
        for request in requests:
            request.wait()

    return lambda: requests[0].infer([image]), embed_many


def in_threads(embed, threads):
    pool = ThreadPoolExecutor(threads)
    return lambda: [future.result() for future in [pool.submit(embed) for _ in range(threads)]]


PROGRAMS = {"pytorch": pytorch, "onnxruntime": onnxruntime_, "openvino": openvino_}


def main(name, checkpoint, work, threads, form):
    program, precision = name.rsplit("-", 1)
    threads = int(threads)
    one, many = PROGRAMS[program](checkpoint, work, threads, form, precision)
    run, images = (one, 1) if form == "latency" else (many, threads)
    run()
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print((time.perf_counter() - start) / images, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
