"""The passive replies WeCom would take open with our seal: what we do not use is understood all the same."""

import pytest

from bot.platforms.wecom.crypto import Seal
from bot.platforms.wecom.events import parse
from tests.doubles.wecom_callbacks import Callbacks
from tests.platforms.wecom.conftest import PAYLOADS

REPLIES = PAYLOADS["passive_replies"]
FIELD = {
    "text": "Content",
    "image": "Image/MediaId",
    "voice": "Voice/MediaId",
    "video": "Video/MediaId",
    "news": "Articles/item/Title",
    "update_button": "Button/ReplaceName",
    "update_template_card": "TemplateCard/CardType",
}


@pytest.mark.parametrize("name", FIELD)
def test_recorded_reply_is_signed_and_says_what_it_says(name: str) -> None:
    seal = Seal(Callbacks.token, Callbacks.aes_key, Callbacks.corp_id)
    sealed = parse(REPLIES[name]["response_body"])
    values = [sealed.findtext(tag, "") for tag in ("MsgSignature", "TimeStamp", "Nonce", "Encrypt")]

    assert seal.is_signed(*values)
    assert seal.decrypt(values[3]).decode() == REPLIES[name]["plaintext_xml"]
    assert parse(REPLIES[name]["plaintext_xml"]).findtext(FIELD[name])


def test_every_recorded_reply_has_its_test() -> None:
    assert set(REPLIES) == {*FIELD, "empty"}
    assert REPLIES["empty"]["response_body"] == ""
