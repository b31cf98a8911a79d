"""The key of a project: made once, for its owner only, never beside the data it protects."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError, UsageError
from workbench.privacy.keys import KEY_BYTES, key_file, load_key

posix = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    folder = tmp_path / "keys"
    monkeypatch.setenv("WORKBENCH_KEYS", str(folder))
    return folder


def test_a_key_is_made_once_and_stays_the_same(keys):
    assert not keys.exists()
    first = load_key("strait")
    assert len(first) == KEY_BYTES == 32
    assert load_key("strait") == first
    assert [file.name for file in keys.iterdir()] == ["strait.key"]
    assert bytes.fromhex((keys / "strait.key").read_text("ascii")) == first


def test_every_project_has_its_own_and_a_lost_one_does_not_come_back(keys):
    made = {load_key(name) for name in ("strait", "canal", "default")}
    assert len(made) == 3
    (keys / "strait.key").unlink()
    assert load_key("strait") not in made


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_it_whatever_the_umask(keys, mask):
    before = os.umask(mask)
    try:
        load_key("strait")
    finally:
        os.umask(before)
    assert stat.S_IMODE((keys / "strait.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610, 0o601])
def test_a_key_that_others_can_reach_is_refused_and_the_remedy_works(keys, mode):
    key = load_key("strait")
    file = keys / "strait.key"
    file.chmod(mode)
    with pytest.raises(InputError, match=f"others can read the key.*mode {mode:04o}.*chmod 600"):
        load_key("strait")
    file.chmod(0o600)
    assert load_key("strait") == key
    file.chmod(0o400)
    assert load_key("strait") == key


def test_the_key_is_not_made_inside_the_study(tmp_path, monkeypatch):
    study = tmp_path / "study"
    study.mkdir()
    for folder in (study, study / "deep" / "down", study / "x" / ".." / "keys"):
        monkeypatch.setenv("WORKBENCH_KEYS", str(folder))
        with pytest.raises(InputError, match=r"inside the study.*set WORKBENCH_KEYS to a folder"):
            load_key("strait", outside=study)
    assert list(study.iterdir()) == []
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path / "study-keys"))
    assert load_key("strait", outside=study) == load_key("strait")


@posix
def test_a_link_does_not_smuggle_the_key_into_the_study(tmp_path, keys):
    study = tmp_path / "study"
    study.mkdir()
    keys.symlink_to(study)
    with pytest.raises(InputError, match="inside the study"):
        load_key("strait", outside=study)
    assert list(study.iterdir()) == []


def test_a_name_does_not_lead_the_key_into_the_study(tmp_path, keys):
    study = tmp_path / "study"
    study.mkdir()
    with pytest.raises(UsageError, match=r"a plain name: \.\./study/strait"):
        load_key("../study/strait", outside=study)
    with pytest.raises(UsageError, match="a plain name"):
        load_key("")
    assert list(study.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"abcd", b"00" * 31, b"00" * 33, b"no hexadecimal", b"\xc3\xa9"]
)
def test_a_damaged_key_is_refused_and_left_as_it_is(keys, content):
    load_key("strait")
    file = keys / "strait.key"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"the key is damaged.*strait\.key.*from a backup"):
        load_key("strait")
    assert file.read_bytes() == content


def test_a_place_that_cannot_hold_it_is_named(keys):
    keys.write_text("a file, no folder")
    with pytest.raises(InputError, match=r"cannot make the key.*strait\.key"):
        load_key("strait")


def test_the_place_is_the_users_configuration_unless_said_otherwise(tmp_path, monkeypatch):
    assert key_file("strait") == tmp_path / "keys" / "strait.key"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for unset in (lambda: monkeypatch.setenv("WORKBENCH_KEYS", ""),
                  lambda: monkeypatch.delenv("WORKBENCH_KEYS")):  # fmt: skip
        unset()
        assert key_file("strait") == tmp_path / "config" / "workbench" / "keys" / "strait.key"
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    own = tmp_path / "home" / ".config" / "workbench" / "keys" / "strait.key"
    assert key_file("strait") == own


@settings(max_examples=15)
@given(st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True), min_size=2, unique=True))
def test_names_never_share_a_key(names):
    assert len({key_file(name) for name in names}) == len(names)
    assert len({load_key(name) for name in names}) == len(names)
    assert [load_key(name) for name in names] == [load_key(name) for name in names]
