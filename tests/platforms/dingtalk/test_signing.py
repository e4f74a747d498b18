import pytest

from bot.platforms.dingtalk.signing import Envelope, Refused, check_robot, sign, sign_card
from tests.platforms.dingtalk.conftest import PAYLOADS


@pytest.mark.parametrize("vector", PAYLOADS["robot_sign"], ids=lambda vector: vector["secret"])
def test_robot_signature_is_the_recorded_one(vector):
    assert sign(vector["secret"], vector["timestamp"]) == vector["sign"]


def test_card_signature_is_the_recorded_one():
    vector = PAYLOADS["card_sign"]

    assert sign_card(vector["apiSecret"], vector["timestamp"]) == vector["sign"]


@pytest.mark.parametrize("vector", PAYLOADS["event_crypto"], ids=lambda vector: vector["source"][:40])
def test_published_event_opens(vector):
    envelope = Envelope(vector["token"], vector["aes_key"], vector["owner_key"])
    query = {name: vector[name] for name in ("signature", "timestamp", "nonce")}

    assert envelope.open(query, vector["encrypt"]) == vector["plaintext"]


def test_event_for_another_app_is_refused():
    vector = PAYLOADS["event_crypto"][0]
    envelope = Envelope(vector["token"], vector["aes_key"], "dinganother")

    with pytest.raises(Refused, match="app_key"):
        envelope.open({name: vector[name] for name in ("signature", "timestamp", "nonce")}, vector["encrypt"])


def test_answer_opens_with_the_same_keys():
    envelope = Envelope("token", PAYLOADS["keys"]["event_aes_key"], "dingkey")
    sealed = envelope.seal("success")
    query = {"msg_signature": sealed["msg_signature"], "timestamp": sealed["timeStamp"], "nonce": sealed["nonce"]}

    assert envelope.open(query, sealed["encrypt"]) == "success"


@pytest.mark.parametrize("age_s", [-3599, 3599])
def test_timestamp_within_an_hour_is_believed(age_s):
    check_robot({"timestamp": "1000000000", "sign": sign("secret", "1000000000")}, "secret", 1_000_000 + age_s)


@pytest.mark.parametrize(
    ("timestamp", "wall_s", "reason"),
    [
        ("1000000000", 1_003_602.0, "1 小时"),
        ("1000000000", 996_398.0, "1 小时"),
        ("soon", 0.0, "毫秒"),
        ("", 0.0, "毫秒"),
    ],
)
def test_bad_timestamp_is_refused(timestamp, wall_s, reason):
    with pytest.raises(Refused, match=reason):
        check_robot({"timestamp": timestamp, "sign": sign("secret", timestamp)}, "secret", wall_s)
