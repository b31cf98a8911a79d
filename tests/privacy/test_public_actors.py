"""The list of those who may be named: what it takes, and who is shown because of it."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import ROOT
from workbench.errors import InputError
from workbench.privacy import Pseudonymiser, PublicActors, read_public_actors


def listed(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "actors.csv"
    file.write_bytes(text.encode(encoding))
    return read_public_actors(file)


def test_ids_handles_and_names(tmp_path):
    actors = listed(
        tmp_path,
        "account_id,handle,name\ntwitter:90001,Tides_Gov,Ministry of Tides\n"
        'twitter:90002,DailyWave,"The Wave, daily"\n',
    )
    assert actors.ids == {"twitter:90001", "twitter:90002"}
    assert actors.handles == {"tides_gov", "dailywave"}
    assert actors.name("twitter:90001") == "Ministry of Tides"
    assert actors.name("twitter:90002") == "The Wave, daily"
    assert actors.source == str(tmp_path / "actors.csv")
    with pytest.raises(KeyError):
        actors.name("twitter:90003")


def test_the_name_falls_back_to_the_handle_and_then_to_the_id(tmp_path):
    actors = listed(tmp_path, "account_id,handle,name\na:1,Gov,\na:2,,Press\na:3,,\na:4\n")
    assert actors.names == {"a:1": "Gov", "a:2": "Press", "a:3": "a:3", "a:4": "a:4"}
    assert actors.handles == {"gov"}
    assert listed(tmp_path, "account_id\na:1\n").names == {"a:1": "a:1"}


def test_unknown_columns_their_order_and_surplus_cells_do_not_matter(tmp_path):
    plain = listed(tmp_path, "account_id,handle,name\na:1,Gov,Press\n")
    other = listed(tmp_path, "camp,name,account_id,role,handle\nx,Press,a:1,ministry,Gov,more\n")
    assert other == plain


def test_rows_without_an_id_name_nobody_but_keep_their_handle(tmp_path):
    actors = listed(tmp_path, "account_id,handle,name\n,Gov,Press\n\na:1,,One\n")
    assert actors.names == {"a:1": "One"}
    assert actors.handles == {"gov"}


@pytest.mark.parametrize("handle", ["@Tides_Gov", "TIDES_GOV", " tides_gov "])
def test_handles_are_found_however_the_list_spells_them(tmp_path, handle):
    actors = listed(tmp_path, f"account_id,handle\na:1,{handle}\n")
    assert actors.handles == {"tides_gov"}
    assert Pseudonymiser(b"k" * 32, public_actors=actors).text("@Tides_Gov") == "@tides_gov"


def test_files_as_spreadsheets_write_them(tmp_path):
    text = "account_id,handle,name\r\na:1,Gov,Été\r\n"
    assert listed(tmp_path, text, "utf-8-sig").names == {"a:1": "Été"}


@pytest.mark.parametrize("text", ["", "\n", "account_id,handle\n", "id,handle\na:1,Gov\n"])
def test_a_list_without_ids_is_refused_with_what_it_takes(tmp_path, text):
    expected = r"no such column or no rows: account_id \(.*actors\.csv:1\).*optionally handle"
    with pytest.raises(InputError, match=expected):
        listed(tmp_path, text)


def test_what_cannot_be_read_is_refused_with_its_name(tmp_path):
    reason = r"cannot read the list of public actors: .*{}"
    with pytest.raises(InputError, match=reason.format("missing")):
        read_public_actors(tmp_path / "missing.csv")
    with pytest.raises(InputError, match=reason.format("")):
        read_public_actors(tmp_path)
    with pytest.raises(InputError, match=reason.format("actors")):
        listed(tmp_path, "account_id,name\na:1,Été\n", "latin-1")
    with pytest.raises(InputError, match=reason.format("actors")):
        listed(tmp_path, 'account_id,name\na:1,"' + "x" * (csv.field_size_limit() + 1))


def test_nobody_is_public_without_a_list():
    assert PublicActors().ids == frozenset()
    assert PublicActors().handles == frozenset()


def test_only_the_listed_are_shown_by_name():
    actors = read_public_actors(ROOT / "datasets" / "crisis_small" / "truth" / "public_actors.csv")
    names = Pseudonymiser(b"k" * 32, public_actors=actors)
    for account in sorted(actors.ids):
        assert names.label(account) == actors.names[account]
        assert names.account(account) == account
        assert names.label(account + "0").startswith("p1_")
    assert all(names.handle(handle.upper()) == handle for handle in actors.handles)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8)


@settings(max_examples=30)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,3}:[0-9]{1,5}", fullmatch=True), cells, min_size=1))
def test_every_list_that_is_written_is_read_back(tmp_path_factory, names):
    file = tmp_path_factory.mktemp("lists") / "actors.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([["account_id", "name"], *names.items()])
    assert read_public_actors(file).names == {key: name or key for key, name in names.items()}
