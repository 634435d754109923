"""Loads Loupe's exports with the library of each layout, and compares codes and outputs with Loupe's.

    pip install -r bench/peers/formats_requirements.txt      # in a new virtual environment; installs torch too
    npx tsx bench/formats.ts FOLDER
    python bench/peers/formats_check.py FOLDER

Differences are relative to the largest value of the library. Prints one line for each layout, and exits with 1 if a
difference exceeds 1e-5. Gemma Scope's and Kissane's layouts have no library: numpy and torch read the files, and the
formulas of their papers are below. OpenAI's loader follows its published class.
"""

import json
import os
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from safetensors.torch import load_file

TOLERANCE = 1e-5


def saelens(folder: Path, x: torch.Tensor):
    from sae_lens import SAE

    sae = SAE.load_from_disk(folder)
    # forward, not decode: a transcoder adds its skip term only there
    return sae.encode(x), sae(x).flatten(1)


def dictionary_learning(folder: Path, x: torch.Tensor):
    from dictionary_learning.dictionary import AutoEncoder
    from dictionary_learning.utils import load_dictionary
    from sae_lens.loading import pretrained_sae_loaders as loaders

    torch.load(folder / "ae.pt", weights_only=True)
    # SAELens's own importer of these folders, from the disk instead of the hub
    local = lambda repo_id, filename, force_download: str(folder / Path(filename).name)  # noqa: E731
    with mock.patch.object(loaders, "hf_hub_download", local):
        loaders.dictionary_learning_sae_huggingface_loader_1("owner/name", "folder")
    if json.loads((folder / "config.json").read_text())["trainer"]["dict_class"] == "AutoEncoder":
        # by default it rescales codes to unit decoder norms
        module = AutoEncoder.from_pretrained(folder / "ae.pt", normalize_decoder=False)
    else:
        module, _ = load_dictionary(str(folder), "cpu")
    return module.encode(x.flatten(1)), module(x.flatten(1))


def sparsify(folder: Path, x: torch.Tensor):
    os.environ["SPARSIFY_DISABLE_TRITON"] = "1"  # its kernels are for GPUs
    from sparsify import SparseCoder

    coder = SparseCoder.load_from_disk(folder)
    x = x.flatten(1)
    top = coder.encode(x)
    acts = torch.zeros(x.shape[0], coder.num_latents).scatter(1, top.top_indices, top.top_acts)
    return acts, coder(x, x).sae_out


def openai(folder: Path, x: torch.Tensor):
    state = torch.load(folder / "autoencoder.pt", weights_only=True)
    d_sae, d_in = state["encoder.weight"].shape
    activation, settings = state.pop("activation"), state.pop("activation_state_dict", {})
    module = torch.nn.Module()
    module.pre_bias = torch.nn.Parameter(torch.zeros(d_in))
    module.latent_bias = torch.nn.Parameter(torch.zeros(d_sae))
    module.encoder = torch.nn.Linear(d_in, d_sae, bias=False)
    module.decoder = torch.nn.Linear(d_sae, d_in, bias=False)
    module.register_buffer("stats_last_nonzero", torch.zeros(d_sae, dtype=torch.long))
    module.register_buffer("latents_activation_frequency", torch.ones(d_sae))
    module.register_buffer("latents_mean_square", torch.zeros(d_sae))
    module.load_state_dict(state, strict=True)
    x = x.flatten(1)
    mean, deviation = x.mean(-1, keepdim=True), x.std(-1, keepdim=True)
    pre = (x - mean) / (deviation + 1e-5) if activation == "TopK" else x
    pre = module.encoder(pre - module.pre_bias) + module.latent_bias
    if activation == "TopK":
        top = pre.topk(settings["k"])
        acts = torch.zeros_like(pre).scatter(-1, top.indices, top.values.relu())
    else:
        acts = pre.relu()
    recon = module.decoder(acts) + module.pre_bias
    return acts, recon * deviation + mean if activation == "TopK" else recon


def gemma_scope(folder: Path, x: torch.Tensor):
    p = {name: torch.from_numpy(array) for name, array in np.load(folder / "params.npz").items()}
    pre = x.flatten(1) @ p["W_enc"] + p["b_enc"]
    acts = (pre > p["threshold"]) * pre.relu()
    return acts, acts @ p["W_dec"] + p["b_dec"]


def attention_saes(folder: Path, x: torch.Tensor):
    p = torch.load(folder / "sae.pt", weights_only=True)
    acts = ((x.flatten(1) - p["b_dec"]) @ p["W_enc"] + p["b_enc"]).relu()
    return acts, acts @ p["W_dec"] + p["b_dec"]


READERS = {
    "saelens": saelens,
    "dictionary-learning": dictionary_learning,
    "sparsify": sparsify,
    "openai": openai,
    "gemma-scope": gemma_scope,
    "attention-saes": attention_saes,
}


def difference(found: torch.Tensor, expected: torch.Tensor) -> float:
    assert found.shape == expected.shape, f"Loupe's shape is {tuple(found.shape)}, theirs {tuple(expected.shape)}"
    return ((found - expected).abs().max() / expected.abs().max().clamp_min(1e-30)).item()


@torch.no_grad()
def main() -> None:
    worst = {name: {"cases": 0, "acts": 0.0, "recon": 0.0} for name in READERS}
    for case in sorted(Path(sys.argv[1]).iterdir()):
        io = load_file(case / "io.safetensors")
        for name, reader in READERS.items():
            if not (case / name).is_dir():
                continue
            acts, recon = reader(case / name, io["x"])
            row = worst[name]
            row["cases"] += 1
            for key, ours, theirs in (("acts", io["acts"], acts), ("recon", io["recon"], recon)):
                found = difference(ours, theirs)
                if found > TOLERANCE:
                    print(f"{case.name} as {name}: {key} differ by {found:.1e}")
                row[key] = max(row[key], found)
    for name, row in worst.items():
        print(f"{name}: {row['cases']} dictionaries, codes {row['acts']:.1e}, output {row['recon']:.1e}")
    sys.exit(int(any(max(row["acts"], row["recon"]) > TOLERANCE for row in worst.values())))


if __name__ == "__main__":
    main()
