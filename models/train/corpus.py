"""Fetch the packages of `sources.py`, turn them into clean text and split it into training and held-out documents.

Writes WORK/text/<kind>.<train|heldout>.jsonl, one document a line, and WORK/sources.json with what each package gave.
A document is held out by the hash of its text, whole, so no page is half trained on; near-copies of a document that
was already read (either side) are dropped, so a held-out page has no twin in the training text.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import multiprocessing
import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Iterator

from htmltext import page_to_text
from readers import bible_module, catalogue, chinese_share, pieces, quoted_chinese, r_strings
from sources import DEBIAN, NPM_CHINESE, NPM_LICENCES, NPM_PACKAGES, NPM_SKIP, DebianSource

#: A source bigger than this is cut (whole documents, by hash order), so no project drowns the others.
CAP = {"prose": 6_000_000, "python": 3_500_000, "typescript": 2_500_000, "markdown": 600_000, "json": 400_000, "chinese": 3_000_000}
#: One document in this many is held out; there are few in Chinese.
HELDOUT_ONE_IN = {"chinese": 15}
_NOTICE = re.compile(r"copyright|licen[sc]e|SPDX|all rights reserved", re.I)


def run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def fetch(work: Path) -> None:
    """Download and unpack; what is there already is kept."""
    for folder in ("deb", "x", "npm"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    for package in dict.fromkeys([s.package for s in DEBIAN] + ["bible-kjv"]):  # the reader program: the text package is compressed
        target = work / "x" / package
        if not target.exists():
            run("apt-get", "download", "-q", package, cwd=work / "deb")
            archive = next((work / "deb").glob(f"{package}_*.deb"))
            run("dpkg-deb", "-x", str(archive), str(target), cwd=work)
    if not (work / "npm" / "node_modules").exists():
        run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", *NPM_PACKAGES, *NPM_CHINESE, cwd=work / "npm")


def read(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix in (".gz", ".dz") else raw


def strip_notice(text: str) -> str:
    """Drop a leading licence comment: it is the same thousand times over; the notices are listed in SOURCES.md."""
    match = re.match(r"(?:#![^\n]*\n)?\s*(/\*.*?\*/\s*|(?:(?:#|//)[^\n]*\n)+\s*)", text, re.S)
    return text[match.end():] if match and _NOTICE.search(match.group(1)) else text


def worth_reading(text: str, kind: str) -> bool:
    """Not minified, not a table of numbers, not another language, not a stub."""
    if not 200 <= len(text) <= 400_000:
        return False
    if kind == "chinese":
        return chinese_share(text) > 0.2
    lines = text.splitlines()
    if kind in ("python", "typescript") and (max(map(len, lines)) > 1000 or len(text) / len(lines) > 90):
        return False
    sample = text[:20000]
    letters = sum(c.isalpha() and c.isascii() for c in sample) / len(sample)
    foreign = sum(ord(c) > 0x24F for c in sample) / len(sample)
    return letters > (0.35 if kind == "json" else 0.5) and foreign < 0.02


def debian_documents(job: tuple[Path, DebianSource]) -> list[tuple[str, str, str]]:
    work, source = job
    root, found = work / "x" / source.package, []
    if source.package == "bible-kjv-text":
        program = work / "x" / "bible-kjv" / "usr" / "bin" / "bible"
        data = root / "usr" / "lib"
        text = subprocess.run([str(program), "-p", str(data), "-l2000", "gen1:1-rev22:21"], capture_output=True, text=True, check=True).stdout
        text = re.sub(r"(?m)^\s*(?:\w* ?\d+:)?\d+ ", "", text)
        return [(source.kind, source.package, part) for part in list(pieces(text))[::4]]  # archaic: a quarter
    for path in sorted(root.rglob("*")):
        name = "/" + str(path.relative_to(root))
        if path.is_symlink() or not path.is_file() or not name.endswith(source.suffixes):
            continue
        if (source.include and not any(p in name for p in source.include)) or any(p in name for p in source.exclude):
            continue
        raw = read(path)
        if ".html" in source.suffixes:
            texts = [page_to_text(raw)]
        elif source.suffixes == (".dict.dz",):
            texts = list(pieces(raw.decode("utf-8", "replace")))
        elif source.suffixes == (".bzz",):
            texts = list(pieces(bible_module(raw)))
        elif source.suffixes[0].endswith(".rdb"):
            texts = list(pieces(r_strings(raw)))
        elif source.suffixes == (".mo",):
            texts = list(pieces(catalogue(raw)))
        else:
            texts = [strip_notice(raw.decode("utf-8", "replace"))]
        found += [(source.kind, source.package, t) for t in texts if worth_reading(t, source.kind)]
    return found


def npm_licence(manifest: dict[str, object]) -> str | None:
    licence = manifest.get("license")
    if isinstance(licence, dict):
        licence = licence.get("type")
    choices = re.split(r"\s+OR\s+", str(licence or "").strip("()"))
    return next((c for c in choices if c in NPM_LICENCES), None)


def npm_documents(work: Path) -> Iterator[tuple[str, str, str, str]]:
    """(kind, package, licence, text) of every package that declares a licence we accept."""
    modules = work / "npm" / "node_modules"
    for manifest_path in sorted(modules.glob("*/package.json")) + sorted(modules.glob("@*/*/package.json")):
        folder = manifest_path.parent
        name = str(folder.relative_to(modules))
        manifest = json.loads(manifest_path.read_text("utf-8"))
        licence = npm_licence(manifest)
        if licence is None or any(skip in name for skip in NPM_SKIP):
            continue
        label = f"{name}@{manifest.get('version', '?')}"
        has_ts = any(p.suffix == ".ts" and not p.name.endswith(".d.ts") for p in folder.glob("src*/**/*.ts"))
        for path in sorted(folder.rglob("*")):
            inner = "/" + str(path.relative_to(folder))
            if "node_modules" in inner or not path.is_file() or path.stat().st_size > 1_500_000:
                continue
            if "/zh-cn/" in inner or re.search(r"zh-cn\.[^/]*js$|zh_CN\.[^/]*js$", inner):
                for text in pieces(quoted_chinese(path.read_text("utf-8", "replace"))):
                    if worth_reading(text, "chinese"):
                        yield "chinese", label, licence, text
                continue
            if path.name.endswith((".d.mts", ".d.cts")) or ".min." in path.name or "/locale" in inner or "CHANGELOG" in path.name.upper():
                continue
            if path.suffix in (".ts", ".tsx"):
                if path.name.endswith(".d.ts") and (has_ts or "/dist/" in inner):
                    continue
                kind = "typescript"
            elif path.suffix == ".js" and not has_ts and not re.search(r"/(dist|umd|build|cjs|esm|bundles?|min|es|amd|_cjs|_esm)/", inner):
                kind = "typescript"
            elif path.suffix.lower() in (".md", ".markdown"):
                kind = "markdown"
            elif path.suffix == ".json":
                kind = "json"
            else:
                continue
            text = path.read_text("utf-8", "replace")
            if kind == "json" and len(text) > 30_000:
                continue
            text = strip_notice(text) if kind == "typescript" else text
            if kind == "markdown" and chinese_share(text) > 0.2:
                kind = "chinese"
            if worth_reading(text, kind):
                yield kind, label, licence, text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for downloads and text, outside the repository (about 4 GB)")
    parser.add_argument("--jobs", type=int, default=2, help="processes that convert pages")
    args = parser.parse_args()
    work: Path = args.work.resolve()
    fetch(work)

    licences = {s.package: (s.licence, s.holder) for s in DEBIAN}
    documents: list[tuple[str, str, str]] = []
    with multiprocessing.Pool(args.jobs) as pool:
        for batch in pool.imap(debian_documents, [(work, s) for s in DEBIAN], chunksize=1):
            documents += batch
    for kind, label, licence, text in npm_documents(work):
        licences[label] = (licence, label)
        documents.append((kind, label, text))

    # Hash order mixes the projects and makes the caps and the near-copy rule independent of the file system.
    keyed = sorted((hashlib.sha256(t.encode()).hexdigest(), k, p, t) for k, p, t in documents)
    seen_lines: set[int] = set()
    seen_docs: set[str] = set()
    taken: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    out_dir = work / "text"
    out_dir.mkdir(exist_ok=True)
    files = {}
    for digest, kind, package, text in keyed:
        project = package if kind in ("python", "prose") else package.split("@")[1 if package.startswith("@") else 0]
        if digest in seen_docs or taken[kind, project] > CAP[kind]:
            continue
        seen_docs.add(digest)
        lines = [hash(line.strip()) for line in text.splitlines() if len(line) >= 30]
        if lines and sum(line in seen_lines for line in lines) > 0.5 * len(lines):
            continue
        seen_lines.update(lines)
        taken[kind, project] += len(text)
        split = "heldout" if int(digest[:8], 16) % HELDOUT_ONE_IN.get(kind, 60) == 0 else "train"
        key = f"{kind}.{split}"
        if key not in files:
            files[key] = (out_dir / f"{key}.jsonl").open("w", encoding="utf-8")
        files[key].write(json.dumps({"id": digest[:16], "source": package, "text": text}, ensure_ascii=False) + "\n")
        totals[key] += len(text.encode())
        totals[f"{kind}/{package}"] += len(text.encode())
    for file in files.values():
        file.close()
    summary = {
        "bytes": {k: v for k, v in sorted(totals.items()) if "/" not in k},
        "packages": [
            {"package": k.split("/", 1)[1], "kind": k.split("/", 1)[0], "bytes": v, "licence": licences[k.split("/", 1)[1]][0], "holder": licences[k.split("/", 1)[1]][1]}
            for k, v in sorted(totals.items()) if "/" in k
        ],
    }
    (work / "sources.json").write_text(json.dumps(summary, indent=1))
    print(json.dumps(summary["bytes"], indent=1))


if __name__ == "__main__":
    main()
