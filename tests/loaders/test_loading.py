from __future__ import annotations

import errno
import gzip
import json
import random
import signal
import subprocess
import sys
import time
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.loaders.making import snapshot, whole
from workbench import loaders
from workbench.errors import InputError, SchemaError, UsageError
from workbench.model import Corpus, parts
from workbench.model.parts import corpus_lock

GOOD = b"source,target\n" + b"".join(b"%d,%d\n" % (i, i + 1) for i in range(50))
BAD = GOOD + b"broken\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_bytes(GOOD)
    (tmp_path / "in" / "b.csv.gz").write_bytes(gzip.compress(BAD))
    return tmp_path


def hidden(name: str, table: pa.Table) -> pa.Table:
    """Replace every account by a star."""
    for column in ("actor_id", "target_id", "account_id"):
        if column in table.column_names:
            place = table.column_names.index(column)
            table = table.set_column(place, column, pa.array(["*"] * table.num_rows, pa.string()))
    return table


def test_files_become_sources_and_every_record_is_accounted_for(folder):
    corpus = loaders.load(folder / "in", into=folder / "corpus")
    report = corpus.report
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (101, 100, 1, 0)
    assert report.formats == {"edge_list": 2}
    assert report.seconds > 0
    assert report.peak_mb > 10
    assert len(corpus.sources) == 2
    sources = {row["path"]: row for row in corpus.table("sources").to_pylist()}
    row = sources[str(folder / "in" / "b.csv.gz")]
    assert (row["bytes"], row["format"], row["detected_by"]) == (len(BAD), "edge_list", "content")
    assert (row["records_read"], row["records_ok"], row["records_rejected"]) == (51, 50, 1)
    assert row["privacy"] == "raw"
    assert Corpus.open(folder / "corpus").report.records_read == 101


def test_loading_again_changes_no_byte_and_counts_every_record_as_duplicate(folder):
    first = loaders.load(folder / "in", into=folder / "corpus")
    before = snapshot(folder / "corpus")
    (folder / "in" / "a.csv").rename(folder / "in" / "renamed.txt")
    second = loaders.load(folder / "in", into=folder / "corpus")
    assert snapshot(folder / "corpus") == before
    report = second.report
    assert (report.records_read, report.ok, report.rejected, report.duplicates) == (101, 0, 0, 101)
    assert report.refused == first.report.refused
    assert second.fingerprint == first.fingerprint


def test_the_same_bytes_twice_in_one_call_are_loaded_once(folder):
    (folder / "in" / "copy.gz").write_bytes(gzip.compress(GOOD))
    report = loaders.load(folder / "in").report
    assert (report.ok, report.duplicates) == (100, 50)
    assert report.formats == {"edge_list": 3}


def test_order_place_and_packing_do_not_matter(folder):
    one = loaders.load([folder / "in/a.csv", folder / "in/b.csv.gz"], into=folder / "one")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("2", GOOD)
        archive.writestr("1", BAD)
    two = loaders.load(folder / "all.zip", into=folder / "two")
    assert one.fingerprint == two.fingerprint == loaders.load(folder / "all.zip").fingerprint


def test_what_a_folder_holds_besides_data_is_left_out_and_noted(folder):
    (folder / "in" / "README.txt").write_text("This folder holds data.\nIt is not data itself.\n")
    (folder / "in" / "empty").write_bytes(b"")
    report = loaders.load(folder / "in").report
    assert report.records_read == 101
    left = [note for note in report.notes if note.startswith("left out")]
    assert [note.partition("/in/")[2].split(":")[0] for note in left] == ["README.txt", "empty"]
    with pytest.raises(InputError, match="no format known here"):
        loaders.load(str(folder / "in" / "*"))
    for name in ("a.csv", "b.csv.gz"):
        (folder / "in" / name).unlink()
    with pytest.raises(InputError, match="no format known here"):
        loaders.load(folder / "in")


def test_a_corpus_inside_the_folder_is_not_loaded_into_itself(folder):
    for expected in (100, 0):
        report = loaders.load(folder / "in", into=folder / "in" / "study" / "corpus").report
        assert (report.records_read, report.ok) == (101, expected)
        assert len(report.notes) == (1 if expected else 0)


def test_a_strict_load_that_meets_a_reject_keeps_nothing(folder):
    loaders.load(folder / "in" / "a.csv", into=folder / "corpus")
    (folder / "in" / "0.csv").write_bytes(GOOD + b"x,y\n")
    before = snapshot(folder / "corpus")
    with pytest.raises(InputError, match=r"1 cells where 2 are expected \(.*b.csv.gz:52\)"):
        loaders.load(folder / "in", into=folder / "corpus", strict=True)
    assert snapshot(folder / "corpus") == before
    (folder / "in" / "b.csv.gz").unlink()
    report = loaders.load(folder / "in", into=folder / "corpus", strict=True).report
    assert (report.ok, report.duplicates) == (51, 50)


def test_a_dry_run_reports_the_same_and_leaves_everything_as_it_is(folder):
    loaders.load(folder / "in" / "a.csv", into=folder / "corpus")
    before = snapshot(folder / "corpus")
    dry = loaders.load(folder / "in", into=folder / "corpus", dry_run=True)
    assert snapshot(folder / "corpus") == before
    place = dry.path
    assert (dry.report.ok, dry.report.rejected, dry.report.duplicates) == (50, 1, 50)
    assert dry.rows("interactions") == 50
    del dry
    assert not place.exists()
    real = loaders.load(folder / "in", into=folder / "corpus").report
    assert (real.ok, real.rejected, real.duplicates) == (50, 1, 50)
    loaders.load(folder / "in", into=folder / "nowhere", dry_run=True)
    assert not (folder / "nowhere").exists()


def test_pseudonyms_come_from_the_function_and_the_mode_is_recorded(folder):
    corpus = loaders.load(
        folder / "in", into=folder / "corpus", privacy="pseudonymous", pseudonymise=hidden
    )
    assert set(corpus.table("interactions").column("actor_id").to_pylist()) == {"*"}
    assert set(corpus.table("accounts").column("account_id").to_pylist()) == {"*"}
    assert set(corpus.table("sources").column("privacy").to_pylist()) == {"pseudonymous"}
    with pytest.raises(InputError, match="in the corpus already, loaded as pseudonymous"):
        loaders.load(folder / "in", into=folder / "corpus")
    with pytest.raises(UsageError, match="needs the function"):
        loaders.load(folder / "in", privacy="pseudonymous")
    with pytest.raises(UsageError, match="no such privacy mode: secret"):
        loaders.load(folder / "in", privacy="secret")
    raw = loaders.load(folder / "in", pseudonymise=hidden)
    assert "1" in raw.table("interactions").column("actor_id").to_pylist()


def test_kinds_are_acts_by_any_name(folder):
    for name, kind in (("retweet", "share"), ("boost", "share"), ("Reply", "reply")):
        corpus = loaders.load(folder / "in" / "a.csv", kind=name)
        assert corpus.table("interactions").column("kind").unique().to_pylist() == [kind]
        options = json.loads(corpus.table("sources").column("options_json")[0].as_py())
        assert options == {"kind": kind}
    with pytest.raises(UsageError, match="not a kind of act: co_hashtag"):
        loaders.load(folder / "in" / "a.csv", kind="co_hashtag")


def test_a_named_format_is_taken_and_recorded(folder):
    (folder / "x").write_text("who,whom\na,b\n")
    corpus = loaders.load(folder / "x", format="edge_list")
    assert corpus.table("sources").column("detected_by").to_pylist() == ["option"]
    with pytest.raises(UsageError, match="no such format: exel"):
        loaders.load(folder / "x", format="exel")


def test_a_broken_archive_is_loaded_as_far_as_it_goes_with_one_reject(tmp_path):
    noise = random.Random(1)
    lines = b"".join(b"%d,%d\n" % (noise.getrandbits(60), i) for i in range(100_000))
    file = tmp_path / "cut.gz"
    file.write_bytes(gzip.compress(lines)[:-200_000])
    report = loaders.load(file, into=tmp_path / "corpus").report
    assert whole(report)
    assert report.ok > 10_000
    assert report.rejected in {1, 2}  # the break, and perhaps a line that is cut in two
    reasons = Corpus.open(tmp_path / "corpus").table("rejects").column("reason").to_pylist()
    assert "the compressed data is broken" in reasons[-1]
    assert loaders.load(file, into=tmp_path / "corpus").report.ok == 0
    with pytest.raises(InputError, match=r"the compressed data is broken|cells where 2"):
        loaders.load(file, strict=True)


def test_two_loads_at_once_are_refused(folder):
    with (
        corpus_lock(folder / "corpus"),
        pytest.raises(InputError, match="another process is writing"),
    ):
        loaders.load(folder / "in", into=folder / "corpus")
    assert loaders.load(folder / "in", into=folder / "corpus").report.ok == 100


def test_a_study_of_another_schema_version_is_refused(folder):
    (folder / "corpus").mkdir()
    (folder / "corpus" / "corpus.json").write_text('{"schema": 99, "sources": {}}')
    before = snapshot(folder / "corpus")
    for dry_run in (False, True):
        with pytest.raises(SchemaError, match="another schema version: 99"):
            loaders.load(folder / "in", into=folder / "corpus", dry_run=dry_run)
    (folder / "corpus" / ".lock").unlink(missing_ok=True)
    assert snapshot(folder / "corpus") == before


def test_parts_that_no_list_names_are_swept(folder):
    corpus = loaders.load(folder / "in" / "a.csv", into=folder / "corpus")
    orphan = folder / "corpus" / "posts" / f"{'0' * 64}.parquet"
    orphan.parent.mkdir()
    orphan.write_bytes(b"left behind")
    loaders.load(folder / "in", into=folder / "corpus")
    assert not orphan.exists()
    assert all(part.exists() for part in corpus.parts("interactions"))


@pytest.mark.parametrize("moment", ["write", "commit", "listing"])
def test_a_full_disk_is_one_line_of_error_and_nothing_half_written(folder, monkeypatch, moment):
    loaders.load(folder / "in" / "a.csv", into=folder / "corpus")
    before = snapshot(folder / "corpus")
    fingerprint = Corpus.open(folder / "corpus").fingerprint

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    place = {
        "write": (pq.ParquetWriter, "write_table"),
        "commit": (parts, "_fsync"),
        "listing": (parts, "write_listing"),
    }[moment]
    with monkeypatch.context() as patch:
        patch.setattr(*place, full)
        with pytest.raises(InputError, match=r"cannot write to the corpus.*No space left"):
            loaders.load(folder / "in", into=folder / "corpus")
    assert Corpus.open(folder / "corpus").fingerprint == fingerprint
    assert not list((folder / "corpus").glob(".part-*"))
    if moment != "listing":
        assert snapshot(folder / "corpus") == before
    assert loaders.load(folder / "in", into=folder / "corpus").report.ok == 50


def test_the_kernel_refusing_to_write_is_one_line_of_error(folder):
    """The limit on the size of a file is the nearest to a full disk that needs no root."""
    lines = b"".join(b"%d %d %d RT\n" % (i * i, i**3, i) for i in range(300_000))
    (folder / "big").write_bytes(lines)
    command = [sys.executable, "-c", SCRIPT, str(folder / "big"), str(folder / "corpus")]
    limited = ["bash", "-c", 'ulimit -f 512; exec "$@"', "bash", *command]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("workbench.errors.InputError: cannot write to the corpus: ")
    assert "File too large" in last
    assert Corpus.open(folder / "corpus").sources == []
    assert not list((folder / "corpus").glob(".part-*"))


def test_a_disk_error_while_reading_is_one_line_of_error(folder, monkeypatch):
    from workbench.loaders.inputs import Input

    def broken(_entry, _advance=None):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Input, "digest", broken)
    with pytest.raises(InputError, match=r"cannot read the input: .*a.csv \(Input/output error\)"):
        loaders.load(folder / "in", into=folder / "corpus")


def test_progress_goes_through_every_byte_twice(folder, monkeypatch):
    steps = []

    class Recorder(loaders.loading.Progress):
        def update(self, n: float) -> None:
            steps.append(n)
            super().update(n)

    monkeypatch.setattr(loaders.loading, "Progress", Recorder)
    loaders.load(folder / "in")
    on_disk = sum(file.stat().st_size for file in (folder / "in").iterdir())
    assert sum(steps) == pytest.approx(2 * on_disk)
    assert min(steps) >= 0


SCRIPT = """
import sys
from workbench import loaders
from workbench.loaders import edge_list
edge_list._BLOCK = 1 << 14
loaders.load(sys.argv[1], into=sys.argv[2], progress=False)
"""


def run(folder, corpus, *, kill_after: float | None = None) -> int:
    command = [sys.executable, "-c", SCRIPT, str(folder / "big"), str(corpus)]
    process = subprocess.Popen(command)
    try:
        return process.wait(kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()


def killed_again_and_again(folder, kills: int, rows: int) -> None:
    """Kill loads of four files at random moments, then let one end: the corpus is the same."""
    (folder / "big").mkdir()
    for i in range(4):
        lines = b"".join(b"%d %d %d RT\n" % (i, j, 1341100972 + j) for j in range(rows))
        (folder / "big" / f"{i}.txt").write_bytes(lines + b"broken\n")
    started = time.perf_counter()
    assert run(folder, folder / "expected") == 0
    duration = time.perf_counter() - started
    expected = Corpus.open(folder / "expected")
    moments = random.Random(7)
    killed = 0
    for _ in range(kills):
        killed += run(folder, folder / "corpus", kill_after=moments.uniform(0.3, 1) * duration) < 0
        if (folder / "corpus" / "corpus.json").exists():
            seen = Corpus.open(folder / "corpus")
            assert set(seen.sources) <= set(expected.sources)
            assert seen.rows("interactions") == len(seen.sources) * rows
    assert run(folder, folder / "corpus") == 0
    assert killed > 0
    found = Corpus.open(folder / "corpus")
    assert found.listing == expected.listing
    assert found.fingerprint == expected.fingerprint
    names = {file.name for file in (folder / "corpus").iterdir()}
    assert names == {file.name for file in (folder / "expected").iterdir()}


def test_a_killed_load_leaves_no_trace_in_the_result(tmp_path):
    killed_again_and_again(tmp_path, kills=2, rows=40_000)


@pytest.mark.slow
def test_ten_killed_loads_leave_no_trace_in_the_result(tmp_path):
    killed_again_and_again(tmp_path, kills=10, rows=150_000)
