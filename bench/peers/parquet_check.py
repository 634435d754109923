"""Reads exports of one table in Parquet and CSV with other implementations and compares them with the JSON lines.

    pip install -r bench/peers/parquet_requirements.txt      # in a new virtual environment
    npx loupe export --dictionary D --what features --format jsonl --out FOLDER_JSONL
    npx loupe export --dictionary D --what features --format parquet --out FOLDER_PARQUET
    python bench/peers/parquet_check.py FOLDER_JSONL FOLDER_PARQUET [FOLDER_CSV]

pyarrow reads Parquet row by row, DuckDB reads it again for sums, and Python's csv module reads CSV. Every field of every
row must be equal; float32 values are compared exactly. Prints one JSON object, and exits with 1 if anything differs.
"""

import argparse
import csv
import itertools
import json
import struct
import sys
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

csv.field_size_limit(sys.maxsize)


def manifest_of(folder: Path) -> dict:
    manifest = json.loads((folder / "manifest.json").read_text())
    if not manifest["complete"]:
        sys.exit(f"{folder} is not complete")
    return manifest


def json_rows(folder: Path):
    for file in manifest_of(folder)["files"]:
        # Not splitlines(): it would split a text at U+2028.
        with open(folder / file["path"], encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)


def parquet_rows(folder: Path):
    for file in manifest_of(folder)["files"]:
        for batch in pyarrow.parquet.ParquetFile(folder / file["path"]).iter_batches(batch_size=512):
            yield from batch.to_pylist()


def csv_rows(folder: Path):
    for file in manifest_of(folder)["files"]:
        with open(folder / file["path"], encoding="utf-8", newline="") as records:
            yield from csv.DictReader(records)


def same(found, expected) -> bool:
    """`found` as the other implementation gives it, `expected` from the JSON."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, datetime):
        return found.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z") == expected
    if isinstance(found, float):
        return found == struct.unpack("f", struct.pack("f", expected))[0]
    return found == expected


def same_cell(found: str, expected) -> bool:
    """A CSV cell: an empty one for null, JSON for lists and numbers, texts as they are."""
    if expected is None:
        return found == ""
    return found == expected if isinstance(expected, str) else json.loads(found) == expected


def compare(reference: Path, folder: Path) -> dict:
    manifest = manifest_of(folder)
    read, equal = (parquet_rows, same) if manifest["format"] == "parquet" else (csv_rows, same_cell)
    rows = differing = 0
    first = None
    for found, expected in itertools.zip_longest(read(folder), json_rows(reference)):
        rows += 1
        if found is None or expected is None:
            wrong = ["the number of rows"]
        else:
            wrong = [name for name in expected | found if not equal(found.get(name), expected.get(name))]
        if wrong:
            differing += 1
            first = first or {"row": rows - 1, "fields": wrong}
    listed = sum(file["rows"] for file in manifest["files"])
    return {"format": manifest["format"], "rows": rows, "rows_listed": listed, "rows_differing": differing, "first": first}


SUMS = {
    "features": "count(*), sum(fire_count)::bigint, max(max_activation), sum(len(top_tokens))::bigint",
    "activations": "count(*), sum(len(tokens))::bigint, max(activation), count(DISTINCT feature)",
    "labels": "count(*), count(DISTINCT feature), sum(len(label))::bigint, sum(len(history))::bigint",
}


def sums(folder: Path) -> list:
    """The same query over Parquet or JSON lines, by DuckDB."""
    manifest = manifest_of(folder)
    reader = "read_parquet" if manifest["format"] == "parquet" else "read_ndjson_auto"
    options = "" if reader == "read_parquet" else ", maximum_object_size=67108864"
    files = [str(folder / file["path"]) for file in manifest["files"]]
    row = duckdb.execute(f"SELECT {SUMS[manifest['what']]} FROM {reader}({files}{options})").fetchone()
    return [struct.unpack("f", struct.pack("f", value))[0] if isinstance(value, float) else value for value in row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path, help="folder written with --format jsonl")
    parser.add_argument("folders", type=Path, nargs="+", help="the same table in other formats")
    arguments = parser.parse_args()

    compared = [compare(arguments.reference, folder) for folder in arguments.folders]
    queried = [folder for folder in arguments.folders if manifest_of(folder)["format"] == "parquet"]
    by_duckdb = [sums(folder) for folder in [arguments.reference, *queried]]
    result = {
        "pyarrow": pyarrow.__version__,
        "duckdb": duckdb.__version__,
        "what": manifest_of(arguments.reference)["what"],
        "compared": compared,
        "sums": by_duckdb,
    }
    print(json.dumps(result))
    wrong = any(item["rows_differing"] or item["rows"] != item["rows_listed"] for item in compared)
    sys.exit(int(wrong or any(row != by_duckdb[0] for row in by_duckdb)))


if __name__ == "__main__":
    main()
