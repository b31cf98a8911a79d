from __future__ import annotations

import msgspec
import pytest

from workbench.loaders.json_records import decoder
from workbench.loaders.tiktok_records import KNOWN, Comment, Page, Video


@pytest.mark.parametrize("number", [7300000000000000001, 2**63 - 1, 2**64 + 1])
def test_ids_are_exact(number):
    assert decoder(Video)(f'{{"id": {number}}}'.encode()).id == number
    assert decoder(Comment)(f'{{"id": "{number}"}}'.encode()).id == str(number)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"id": 1.5}',
        b'{"id": 1, "like_count": 1e30}',
        b'{"id": 1, "view_count": "x"}',
        b'{"id": 1, "like_count": 9223372036854775808}',
        b'{"id": 1, "hashtag_names": "a"}',
    ],
)
def test_what_is_no_video(data):
    with pytest.raises(msgspec.ValidationError):
        decoder(Video)(data)


def test_lists_may_hold_nothing():
    video = decoder(Video)(b'{"id": 1, "hashtag_names": [null], "hashtag_info_list": [null, {}]}')
    assert video.hashtag_names == [None]
    assert decoder(Page)(b'{"data": {}, "error": {"code": "x"}}').data is not None


def test_keys_that_nothing_reads_are_told():
    data = b'{"data": {"videos": [{"id": 1, "new": 2, "effect_info_list": [{"odd": 1}]}]}}'
    assert KNOWN.unknown(data) == {"new"}
