from __future__ import annotations

import gzip
import hashlib
import io
import os
import sys
import zipfile

import pytest
import zstandard

from workbench.errors import InputError
from workbench.loaders.inputs import Input, find_inputs, one_input

DATA = b"a,b\n" * 50_000


def content(entry: Input) -> bytes:
    with entry.open() as handle:
        return handle.read()


def zip_of(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


PACKED = {
    "plain": DATA,
    "gzip": gzip.compress(DATA),
    "gzip in two parts": gzip.compress(DATA[:100]) + gzip.compress(DATA[100:]),
    "zstd": zstandard.compress(DATA),
    "zstd in two frames": zstandard.compress(DATA[:100]) + zstandard.compress(DATA[100:]),
    "zip": zip_of({"a.csv": DATA}),
    "gzip in zip": zip_of({"a.csv.gz": gzip.compress(DATA)}),
}


@pytest.mark.parametrize("packing", PACKED)
def test_the_same_bytes_are_the_same_source_however_packed(tmp_path, packing):
    file = tmp_path / "no_suffix_tells"
    file.write_bytes(PACKED[packing])
    (entry,) = find_inputs(file)
    assert content(entry) == DATA
    assert entry.digest() == (hashlib.sha256(DATA).hexdigest(), len(DATA))
    assert entry.damage is None


@pytest.mark.parametrize("packing", ["gzip", "zstd", "zip"])
def test_a_packed_input_that_breaks_off_is_read_as_far_as_it_goes(tmp_path, packing):
    noise = b"".join(hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(20_000))
    file = tmp_path / "cut"
    if packing == "zip":
        packed = bytearray(zip_of({"a": noise}))
        packed[len(packed) // 2] ^= 0xFF
    else:
        pack = gzip.compress if packing == "gzip" else zstandard.compress
        packed = pack(noise)[: len(noise) // 2]
    file.write_bytes(packed)
    (entry,) = find_inputs(file)
    read = content(entry)
    assert entry.damage.startswith("the compressed data is broken")
    assert len(noise) // 4 < len(read) <= len(noise)
    assert packing == "zip" or noise.startswith(read)


def test_folders_are_walked_and_hidden_files_left_out(tmp_path):
    for name in ("b.csv", "deep/a.csv", ".hidden", ".git/x", "__MACOSX/y"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x")
    found = find_inputs(tmp_path)
    assert [entry.path for entry in found] == [
        str(tmp_path / "b.csv"),
        str(tmp_path / "deep/a.csv"),
    ]
    assert all(entry.found for entry in found)


def test_globs_lists_and_archives_name_each_input_once(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "c.zip").write_bytes(zip_of({"z/2.csv": b"2", "1.csv": b"1", "dir/": b""}))
    found = find_inputs([str(tmp_path / "*.csv"), tmp_path / "a.csv", tmp_path / "c.zip"])
    assert [os.path.relpath(entry.path, tmp_path) for entry in found] == [
        "a.csv",
        "b.csv",
        "c.zip!1.csv",
        "c.zip!z/2.csv",
    ]
    assert content(found[-1]) == b"2"
    assert found[-1].disk_bytes > 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.csv", "no such file"),
        ("*.nothing", "no file matches"),
        ("empty", "the folder has no files"),
        ("bad.zip", "cannot read the input"),
        ("void.zip", "the archive has no files"),
    ],
)
def test_what_names_nothing_is_an_error(tmp_path, name, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 not an archive")
    with zipfile.ZipFile(tmp_path / "void.zip", "w") as archive:
        archive.writestr(".hidden", b"x")
    with pytest.raises(InputError, match=message):
        find_inputs(tmp_path / name)
    with pytest.raises(InputError, match="nothing to load"):
        find_inputs([])


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        find_inputs(tmp_path / "pipe")


def test_an_unreadable_file_is_one_line_of_error(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    (entry,) = find_inputs(file)

    def denied(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    with pytest.raises(InputError, match=r"cannot read the input: .*a.csv \(Permission denied\)"):
        find_inputs(file)
    with pytest.raises(InputError, match="Permission denied"):
        entry.head()


@pytest.mark.parametrize(
    ("magic", "name"),
    [
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00", "xz"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"Rar!", "RAR"),
    ],
)
def test_other_packings_are_named(tmp_path, magic, name):
    (tmp_path / "f").write_bytes(magic + b"....")
    with pytest.raises(InputError, match=f"packed with {name}.*unpack it first"):
        find_inputs(tmp_path / "f")[0].head()


def test_one_input_takes_standard_input_and_one_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(DATA))))
    with one_input("-") as entry:
        assert content(entry) == DATA
    (tmp_path / "two.zip").write_bytes(zip_of({"a": b"1", "b": b"2"}))
    with pytest.raises(InputError, match="not one file"), one_input(tmp_path / "two.zip"):
        pass


def test_hashing_tells_how_far_it_is(tmp_path):
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(os.urandom(3 << 20)))
    steps: list[int] = []
    (entry,) = find_inputs(file)
    entry.digest(steps.append)
    assert steps == sorted(steps)
    assert len(steps) > 2
    assert steps[-1] == entry.disk_bytes
