"""Writes small dictionaries in the layouts of other tools, each with inputs, codes and outputs.

    pip install -r bench/peers/formats_requirements.txt      # in a new virtual environment; installs torch too
    python bench/peers/formats_golden.py test/golden/formats

The classes of dictionary_learning compute its dictionaries. Three layouts have no library to install (OpenAI's, Gemma
Scope's, Kissane's): the lines below compute these, after their papers and published code.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

D_IN, D_SAE, ROWS, K = 8, 16, 6, 3


def weights(seed: int) -> dict[str, torch.Tensor]:
    """Row-vector convention: x @ W_enc [d_in, d_sae], acts @ W_dec [d_sae, d_in]."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    return {
        "W_enc": normal(D_IN, D_SAE) / D_IN**0.5,
        "b_enc": normal(D_SAE) * 0.2,
        "W_dec": normal(D_SAE, D_IN) * 0.4,
        "b_dec": normal(D_IN) * 0.3,
        "threshold": normal(D_SAE).abs() * 0.4,
        "x": normal(ROWS, D_IN) * 1.5 + 0.2,
    }


def write_io(folder: Path, x: torch.Tensor, acts: torch.Tensor, recon: torch.Tensor, note: dict) -> None:
    tensors = {"x": x, "acts": acts, "recon": recon}
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, folder / "io.safetensors")
    (folder / "note.json").write_text(json.dumps(note, indent=1) + "\n")


def top_k(pre: torch.Tensor, k: int) -> torch.Tensor:
    values, indices = pre.topk(k, dim=-1)
    return torch.zeros_like(pre).scatter(-1, indices, values.relu())


def openai(root: Path, activation: str, seed: int) -> None:
    folder = root / "openai" / activation.lower()
    folder.mkdir(parents=True, exist_ok=True)
    w = weights(seed)
    mean = w["x"].mean(-1, keepdim=True)
    # unbiased, and without the epsilon on the way out
    deviation = w["x"].std(-1, keepdim=True)
    normalised = (w["x"] - mean) / (deviation + 1e-5) if activation == "TopK" else w["x"]
    pre = (normalised - w["b_dec"]) @ w["W_enc"] + w["b_enc"]
    acts = top_k(pre, K) if activation == "TopK" else pre.relu()
    recon = acts @ w["W_dec"] + w["b_dec"]
    if activation == "TopK":
        recon = recon * deviation + mean
    state = {
        "pre_bias": w["b_dec"],
        "latent_bias": w["b_enc"],
        "stats_last_nonzero": torch.zeros(D_SAE, dtype=torch.long),
        "latents_activation_frequency": torch.ones(D_SAE),
        "latents_mean_square": torch.zeros(D_SAE),
        # views with strides of their own, as a transposed parameter is saved
        "encoder.weight": w["W_enc"].T,
        "decoder.weight": w["W_dec"].T,
        "activation": activation,
        "activation_state_dict": {"k": K, "postact_fn": "ReLU"} if activation == "TopK" else {},
    }
    torch.save(state, folder / "autoencoder.pt")
    write_io(folder, w["x"], acts, recon, {"layout": "openai", "activation": activation})


def gemma_scope(root: Path, compressed: bool, seed: int) -> None:
    folder = root / "gemma_scope" / ("jumprelu_compressed" if compressed else "jumprelu")
    folder.mkdir(parents=True, exist_ok=True)
    w = weights(seed)
    pre = w["x"] @ w["W_enc"] + w["b_enc"]
    acts = pre.relu() * (pre > w["threshold"])
    arrays = {name: w[name].numpy() for name in ("W_enc", "b_enc", "W_dec", "b_dec", "threshold")}
    if compressed:
        arrays["W_dec"] = np.asfortranarray(arrays["W_dec"].astype(np.float64))
    (np.savez_compressed if compressed else np.savez)(folder / "params.npz", **arrays)
    write_io(folder, w["x"], acts, acts @ w["W_dec"] + w["b_dec"], {"layout": "gemma-scope"})


def attention_saes(root: Path, extension: str, seed: int) -> None:
    folder = root / "attention_saes" / extension
    folder.mkdir(parents=True, exist_ok=True)
    w = weights(seed)
    acts = ((w["x"] - w["b_dec"]) @ w["W_enc"] + w["b_enc"]).relu()
    state = {name: w[name] for name in ("W_enc", "W_dec", "b_enc", "b_dec")}
    name = "gpt2-small_L5_Hcat_z_ds16_v9"
    if extension == "pt":
        torch.save({key: torch.nn.Parameter(value) for key, value in state.items()}, folder / f"{name}.pt")
    else:
        save_file(state, folder / f"{name}.safetensors")
    cfg = {
        "seed": 49,
        "batch_size": 4096,
        "lr": 0.0012,
        "l1_coeff": 1.0,
        "dict_size": D_SAE,
        "seq_len": 128,
        "enc_dtype": "fp32",
        "model_name": "gpt2-small",
        "site": "z",
        "layer": 5,
        "device": "cuda",
        "head": "cat",
        "concat_heads": True,
        "act_size": D_IN,
        "act_name": "blocks.5.attn.hook_z",
    }
    (folder / f"{name}_cfg.json").write_text(json.dumps(cfg))
    # inputs as the model gives them: two heads of four values
    write_io(folder, w["x"].reshape(ROWS, 2, 4), acts, acts @ w["W_dec"] + w["b_dec"], {"layout": "attention-saes"})


def dictionary_learning(root: Path, dict_class: str, seed: int) -> None:
    from dictionary_learning.dictionary import AutoEncoderNew, GatedAutoEncoder
    from dictionary_learning.trainers.matryoshka_batch_top_k import MatryoshkaBatchTopKSAE

    w = weights(seed)
    linear = {"encoder.weight": w["W_enc"].T, "decoder.weight": w["W_dec"].T}
    if dict_class == "AutoEncoderNew":
        module = AutoEncoderNew(D_IN, D_SAE)
        state = linear | {"encoder.bias": w["b_enc"], "decoder.bias": w["b_dec"]}
    elif dict_class == "GatedAutoEncoder":
        module = GatedAutoEncoder(D_IN, D_SAE)
        state = linear | {"decoder_bias": w["b_dec"], "gate_bias": w["b_enc"], "mag_bias": w["threshold"]}
        state["r_mag"] = w["b_enc"].flip(0)
    else:
        module = MatryoshkaBatchTopKSAE(D_IN, D_SAE, K, [4, 12])
        state = {name: w[name] for name in ("W_enc", "b_enc", "W_dec", "b_dec")}
        state |= {"k": torch.tensor(K), "threshold": torch.tensor(0.3), "group_sizes": torch.tensor([4, 12])}
    module.load_state_dict(state)
    folder = root / "dictionary_learning" / dict_class
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(module.state_dict(), folder / "ae.pt")
    trainer = {"dict_class": dict_class, "activation_dim": D_IN, "dict_size": D_SAE, "layer": 3, "lm_name": "gpt2"}
    trainer |= {"submodule_name": "resid_post_layer_3"} | ({"k": K} if "TopK" in dict_class else {})
    config = {"trainer": trainer, "buffer": {"ctx_len": 128}}
    (folder / "config.json").write_text(json.dumps(config))
    acts = module.encode(w["x"])
    write_io(folder, w["x"], acts, module.decode(acts), {"lib": "dictionary-learning", "version": "0.1.0"})


def main() -> None:
    root = Path(sys.argv[1])
    openai(root, "TopK", 1)
    openai(root, "ReLU", 2)
    gemma_scope(root, False, 3)
    gemma_scope(root, True, 4)
    attention_saes(root, "pt", 5)
    attention_saes(root, "safetensors", 6)
    for seed, dict_class in enumerate(("AutoEncoderNew", "GatedAutoEncoder", "MatryoshkaBatchTopKSAE"), 7):
        dictionary_learning(root, dict_class, seed)


if __name__ == "__main__":
    main()
