"""Compares a dictionary that Loupe exported with SAELens's results for the same folder.

    pip install -r bench/peers/saelens_requirements.txt      # in a new virtual environment; installs torch too
    npx loupe export --dictionary D --format saelens --out FOLDER
    npx loupe encode --dictionary D --input x.safetensors --out y.safetensors
    python bench/peers/saelens_check.py FOLDER x.safetensors y.safetensors

`x.safetensors` holds `x [n, d_in]` (or `[n, heads, d_head]`). `y.safetensors` holds Loupe's `acts [n, d_sae]` and `recon`,
its full output. Prints one JSON object, and exits with 1 if the largest difference, relative to the largest value of
SAELens, exceeds the tolerance, or if a top-k selection differs.
"""

import argparse
import json
import sys

import torch
from safetensors.torch import load_file

from sae_lens import SAE, __version__


def difference(actual: torch.Tensor, expected: torch.Tensor) -> dict[str, float]:
    """Largest difference, absolute and relative to the largest expected value."""
    if actual.shape != expected.shape:
        sys.exit(f"Loupe's shape is {tuple(actual.shape)}, SAELens's {tuple(expected.shape)}")
    largest = (actual - expected).abs().max().item()
    return {"absolute": largest, "relative": largest / max(expected.abs().max().item(), 1e-30)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="folder written by `loupe export --format saelens`")
    parser.add_argument("x", help="safetensors with the inputs")
    parser.add_argument("y", help="safetensors with Loupe's codes and outputs")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()

    sae = SAE.load_from_disk(arguments.folder)
    x = load_file(arguments.x)["x"]
    y = load_file(arguments.y)
    with torch.no_grad():
        acts = sae.encode(x)
        # forward, not decode: a transcoder adds its skip term only there
        output = sae(x).flatten(1)
    result = {
        "sae_lens": __version__,
        "class": type(sae).__name__,
        "architecture": sae.cfg.architecture(),
        "hook_name": sae.cfg.metadata.hook_name,
        "rows": x.shape[0],
        "l0": (acts > 0).sum(1).float().mean().item(),
        "selected_differently": ((acts > 0) != (y["acts"] > 0)).sum().item(),
        "acts": difference(y["acts"], acts),
        "recon": difference(y["recon"].flatten(1), output),
    }
    print(json.dumps(result))
    worst = max(result["acts"]["relative"], result["recon"]["relative"])
    sys.exit(int(worst > arguments.tolerance or result["selected_differently"] > 0))


if __name__ == "__main__":
    main()
