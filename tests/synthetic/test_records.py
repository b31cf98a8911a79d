from __future__ import annotations

from workbench.synthetic.records import post_record, problem


def test_keys_that_do_not_apply_are_absent():
    record = post_record(
        "7", "1", 0, text="a", entities={}, language="fr", references=[], views=120
    )
    absent = {"in_reply_to_user_id", "referenced_tweets", "entities", "attachments"}
    assert not absent & record.keys()
    assert record["conversation_id"] == "7"
    assert record["edit_history_tweet_ids"] == ["7"]
    assert record["public_metrics"]["like_count"] == 2


def test_an_answer_names_whom_and_what_it_answers():
    record = post_record(
        "7",
        "1",
        0,
        text="a",
        entities={"hashtags": []},
        language="en",
        references=[("replied_to", "5"), ("quoted", "6")],
        media=["3_1"],
        answers=("4", "2"),
    )
    assert record["in_reply_to_user_id"] == "2"
    assert record["conversation_id"] == "4"
    assert record["referenced_tweets"] == [
        {"type": "replied_to", "id": "5"},
        {"type": "quoted", "id": "6"},
    ]
    assert record["attachments"] == {"media_keys": ["3_1"]}


def test_a_missing_post_is_deleted_or_protected():
    assert problem("5", "deleted")["title"] == "Not Found Error"
    protected = problem("5", "protected")
    assert protected["title"] == "Authorization Error"
    assert protected["resource_id"] == protected["value"] == "5"
