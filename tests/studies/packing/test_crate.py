"""The metadata keep what RO-Crate 1.1 says must be, whatever the files are called."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.packing.test_package import DATE, unpacked
from workbench.studies.manifest import Exhibit, Manifest
from workbench.studies.packing import pack
from workbench.studies.packing.contents import Contents, Run
from workbench.studies.packing.crate import CRATE, crate

MANIFEST = Manifest(
    made_by="workbench demo", commands=("workbench demo --out $OUT",),
    methods=("leiden", "h_index"),
    inputs=({"name": "a.jsonl", "sha256": "ab", "bytes": 3},), versions={"workbench": "0.1.0"},
    outputs={"a.csv": "00"}, exhibits=(Exhibit("tbl-a", "Who", ("a.csv",)),),
)  # fmt: skip


def read(text):
    """Return the entities by id, after everything that MUST hold was asserted."""
    document = json.loads(text)
    assert document["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    for entity in entities.values():
        assert entity["@type"]
        for name, value in entity.items():
            for one in value if isinstance(value, list) else [value]:
                # Flattened: what is not a text is a reference, and it leads somewhere.
                assert isinstance(one, str) or set(one) == {"@id"}, name
                if isinstance(one, dict) and name != "conformsTo":
                    assert one["@id"] in entities, one
    about = entities[CRATE]
    assert about["@type"] == "CreativeWork"
    assert about["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/")
    root = entities[about["about"]["@id"]]
    assert root["@type"] == "Dataset"
    assert root["@id"].endswith("/")
    assert root["name"]
    assert root["description"]
    assert date.fromisoformat(root["datePublished"])
    licence = entities[root["license"]["@id"]]
    assert licence["name"]
    assert licence["description"]
    files = {key for key, entity in entities.items() if entity["@type"] == "File"}
    assert {part["@id"] for part in root["hasPart"]} == files
    for key in files:
        assert not urlsplit(key).scheme
        assert not key.startswith(("/", "."))
        assert re.fullmatch(r"(?:[^\s\"<>\\^`{|}%?#]|%[0-9A-F]{2})+", key), key
    return entities


NAMES = st.text(
    st.characters(exclude_characters="/\\\0", exclude_categories=("Cs", "Cc", "Z")) | st.just(" "),
    min_size=1, max_size=8,
).filter(lambda name: name.strip(". ") == name and name)  # fmt: skip


@settings(max_examples=60)
@given(st.sets(NAMES, max_size=5), NAMES, st.lists(NAMES, max_size=2))
def test_every_name_keeps_the_specification(names, title, authors):
    sizes = {f"outputs/{name}": 1 for name in names}
    run = Run("", None, replace(MANIFEST, outputs=dict.fromkeys(names, "00"), exhibits=()))
    contents = Contents(title, (run,), authors=tuple(authors), date=DATE)
    entities = read(crate(contents, sizes))
    files = [unquote(key) for key, entity in entities.items() if entity["@type"] == "File"]
    assert sorted(files) == sorted(sizes)
    assert len(entities["#run"]["result"]) == len(names)


def test_a_run_is_an_action_of_a_tool_on_inputs_to_outputs():
    runs = (Run("a", None, MANIFEST), Run("b", None, MANIFEST))
    contents = Contents("T", runs, authors=("A. Nyone",), licence="CC0-1.0", date=DATE)
    entities = read(crate(contents, {"outputs/a/a.csv": 5, "outputs/b/a.csv": 5, "README.md": 9}))
    action = entities["#run-b"]
    assert action["@type"] == "CreateAction"
    assert entities[action["instrument"]["@id"]]["@type"] == "SoftwareApplication"
    assert entities[action["instrument"]["@id"]]["version"] == "0.1.0"
    assert entities[action["object"][0]["@id"]]["identifier"] == "sha256:ab"
    assert action["result"] == [{"@id": "outputs/b/a.csv"}]
    assert action["description"] == "workbench demo --out $OUT"
    assert entities[action["agent"][0]["@id"]]["name"] == "A. Nyone"
    file = entities["outputs/a/a.csv"]
    assert (file["contentSize"], file["encodingFormat"]) == ("5", "text/csv")
    assert file["description"] == "Who"
    cited = [entities[one["@id"]]["name"] for one in entities["./"]["citation"]]
    assert [line.split(" (")[0] for line in cited] == [
        "DeVerna, Aiyappa, Pacheco, Bryden & Menczer", "Hirsch", "Traag, Waltman & van Eck",
    ]  # fmt: skip


def test_the_check_sees_what_is_wrong():
    contents = Contents("T", (Run("", None, MANIFEST),), date=DATE)
    document = json.loads(crate(contents, {"outputs/a.csv": 5}))
    document["@graph"][1]["datePublished"] = "soon"
    with pytest.raises(ValueError, match="Invalid isoformat"):
        read(json.dumps(document))
    document["@graph"][1]["hasPart"] = []
    document["@graph"][1]["datePublished"] = DATE
    with pytest.raises(AssertionError):
        read(json.dumps(document))


def test_the_metadata_of_a_package_name_its_files(made, tmp_path):
    packed = pack(made.run, tmp_path / "p.zip", study=made.study, with_data=True, date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    entities = read((place / CRATE).read_text("utf-8"))
    files = {unquote(key): one for key, one in entities.items() if one["@type"] == "File"}
    assert set(packed.files) - set(files) == {CRATE, "checksums.sha256"}
    for name, entity in files.items():
        assert (place / name).stat().st_size == int(entity["contentSize"])
    assert all("Loaded into data" in one["description"] for one in entities.values()
               if "identifier" in one)  # fmt: skip
