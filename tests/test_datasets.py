"""Every dataset has a card that tells the truth, and no trace of a real person."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from urllib.parse import urlsplit

import pytest

from tests.refresh_datasets import PARTS, ROOT, generate, shape
from tests.synthetic.raw import edges, read, summary
from workbench.synthetic.snowflake import milliseconds, time_ms

CARDS = {path.parent.name: path for path in sorted(ROOT.glob("*/card.toml"))}
KEYS = {
    "title": str,
    "version": str,
    "summary": str,
    "license": str,
    "citation": str,
    "source_url": str,
    "collected_from": object,
    "collected_until": object,
    "platforms": list,
    "languages": list,
    "unit_of_row": str,
    "sampling": str,
    "known_biases": list,
    "identifiers": str,
    "personal_data": str,
    "redistribution": str,
    "labels_process": str,
    "contact": str,
    "files": list,
}
FILE_KEYS = {"path", "sha256", "bytes", "rows", "columns", "description"}
LARGEST_FOLDER, LARGEST_FILE = 2_000_000, 450_000


@pytest.fixture(scope="module", params=CARDS)
def folder(request):
    return CARDS[request.param].parent


@pytest.fixture(scope="module")
def card(folder):
    return tomllib.loads((folder / "card.toml").read_text(encoding="utf-8"))


def text_of(path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")


def test_every_folder_has_a_card_and_a_page():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert folders == set(CARDS)
    assert "crisis_small" in folders
    assert all((ROOT / name / "README.md").is_file() for name in folders)


def test_cards_have_every_key(card):
    assert KEYS.keys() <= card.keys()
    for key, kind in KEYS.items():
        assert isinstance(card[key], kind), key
        assert card[key], key
    assert card["identifiers"] in {"synthetic", "pseudonymous", "public-figures"}
    assert card["redistribution"] in {"allowed", "ids-only", "none"}
    assert all(file.keys() == FILE_KEYS for file in card["files"])


def test_files_are_those_of_the_card(folder, card):
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found - {"card.toml", "README.md"} == {file["path"] for file in card["files"]}
    for file in card["files"]:
        path = folder / file["path"]
        data = path.read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"], file["path"]
        assert len(data) == file["bytes"] < LARGEST_FILE
        assert shape(path) == (file["rows"], file["columns"])
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < LARGEST_FOLDER


def test_synthetic_data_can_be_made_again_byte_for_byte(folder, card, tmp_path):
    if card["identifiers"] != "synthetic":
        pytest.skip("only synthetic data has a recipe")
    generate(card, tmp_path / "out")
    made = {p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*") if p.is_file()}
    kept = {p.relative_to(folder) for n in PARTS for p in [folder / n, *(folder / n).rglob("*")]}
    assert made == {path for path in kept if (folder / path).is_file()}
    for path in made:
        # What gzip packs is compared unpacked: other builds of zlib pack the same bytes otherwise.
        if path.name != "manifest.json":
            assert text_of(tmp_path / "out" / path) == text_of(folder / path), path


def test_no_handle_id_or_address_could_be_real(folder, card):
    if card["identifiers"] != "synthetic":
        pytest.skip("the card says that these are no synthetic identifiers")
    future = milliseconds("2028-01-01")
    for file in card["files"]:
        text = text_of(folder / file["path"])
        for handle in re.findall(r"@(\w+)(?![\w…])", text):  # whole ones, not cut by a retweet
            assert handle.endswith("_sim"), handle
        for name in re.findall(r'"username":"([^"]+)"', text):
            assert name.endswith("_sim"), name
        for number in re.findall(r"(?<!\d)\d{17,19}(?!\d)", text):
            assert time_ms(int(number)) >= future, number
        for address in re.findall(r'https?://[^\s"\\,]+', text):
            if "…" in address:  # cut in the text of a retweet; the whole address is in the original
                continue
            url = urlsplit(address)
            status = re.fullmatch(r"/\w+_sim/status/\d{19}", url.path)
            reserved = (url.hostname or "").rpartition(".")[2] in {"example", "test"}
            assert reserved or (url.hostname == "twitter.com" and status), address


def test_crisis_small_holds_what_its_truth_says():
    raw = read(ROOT / "crisis_small")
    counted = edges(raw)
    for row in raw.truth["graphs"]:
        kind = row.pop("kind")
        expected = summary(counted[kind], bipartite=kind == "account_hashtag")
        assert {key: int(value) for key, value in row.items()} == expected, kind


def test_the_page_of_crisis_small_gives_its_numbers():
    page = (ROOT / "crisis_small" / "README.md").read_text(encoding="utf-8")
    raw = read(ROOT / "crisis_small")
    assert f"{len(raw.posts):,} posts on {len(raw.pages)} pages" in page
    assert f"any of the {len(raw.truth['accounts']):,} accounts" in page
    assert f"the {len(raw.truth['public_actors'])} institutions and journalists" in page
    assert f"{len(raw.truth['pile_on'])} accounts, nearly all of them strangers" in page
    pairs = len({row["cascade"] for row in raw.truth["cascades"]}) // 2
    assert f"{pairs} pairs of equal size" in page
    cells = {row["campaign"] for row in raw.truth["accounts"] if row["campaign"]}
    assert len(cells) == 4
    assert sum(bool(row["campaign"]) for row in raw.truth["accounts"]) == 4 * 8
