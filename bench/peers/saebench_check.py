"""Validates the files of `loupe evaluate --saebench DIR` with the JSON Schemas of the package sae-bench.

    python -m venv /tmp/saebench && /tmp/saebench/bin/pip install jsonschema==4.26.0
    /tmp/saebench/bin/pip install --no-deps sae-bench==0.6.0   # without its dependencies, which include torch
    /tmp/saebench/bin/python bench/peers/saebench_check.py DIR

Prints one JSON object, and exits with 1 if a file does not fit its schema, or if there is no file.
"""

import importlib.util
import json
import sys
from importlib.metadata import version
from pathlib import Path

import jsonschema

SCHEMAS = {
    "core": "core/eval_output_schema_core.json",
    "sparse_probing": "sparse_probing/eval_output_schema_sparse_probing.json",
    "absorption": "absorption/eval_output_schema_absorption_first_letter.json",
}


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    spec = importlib.util.find_spec("sae_bench")
    if spec is None or spec.submodule_search_locations is None:
        sys.exit("the package sae-bench is not installed")
    evals = Path(next(iter(spec.submodule_search_locations))) / "evals"
    files = {}
    for kind, schema in SCHEMAS.items():
        validator = jsonschema.Draft202012Validator(json.loads((evals / schema).read_text()))
        for path in sorted(Path(sys.argv[1], kind).glob("*_eval_results.json")):
            problems = [
                f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
                for error in validator.iter_errors(json.loads(path.read_text()))
            ]
            files[f"{kind}/{path.name}"] = problems[:10]
    print(json.dumps({"sae_bench": version("sae-bench"), "files": files}, indent=2))
    sys.exit(int(not files or any(files.values())))


if __name__ == "__main__":
    main()
