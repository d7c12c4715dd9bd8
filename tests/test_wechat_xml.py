"""What a platform sends is read strictly; nothing that is written leaves its field."""

from __future__ import annotations

import json

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat_xml import UnreadableError, as_json, fields_of, fit, xml

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
REFUSED = {
    "nothing": b"",
    "no XML": b"hello",
    "cut off": b"<xml><ToUserName>a</ToUserName>",
    "another root": b"<html></html>",
    "a DTD": b"<!DOCTYPE xml><xml></xml>",
    "an external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>',
    "an entity bomb": f'<!DOCTYPE xml [<!ENTITY l0 "x">{BOMB}]><xml><a>&l9;</a></xml>'.encode(),
    "an unknown entity": b"<xml><a>&nbsp;</a></xml>",
    "a field twice": b"<xml><a>1</a><a>2</a></xml>",
    "GBK": "<xml><a>透析</a></xml>".encode("gbk"),
    "UTF-16": "<xml><a>透析</a></xml>".encode("utf-16"),
    "a NUL": b"<xml><a>\x00</a></xml>",
    "a control character": b"<xml><a>\x0b</a></xml>",
    "half a character in XML": b"<xml><a>\xed\xa0\x80</a></xml>",
    "JSON cut off": b'{"a": 1',
    "JSON twice": b'{"a": 1, "a": 2}',
    "half a character in JSON": b'{"a": "\\ud800"}',
    "deep JSON": b'{"a":' + b"[" * 60_000,
    "two documents": b'{"a": 1}{"a": 2}',
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_message_is_refused(body: bytes) -> None:
    """With one error, whatever is wrong with it."""
    with pytest.raises(UnreadableError):
        fields_of(body)


def test_a_message_in_both_forms() -> None:
    """The same fields, text as text; what lies deeper is passed over."""
    body = "<xml><A><![CDATA[透析]]></A><B>1</B><C/><D><E>1</E></D></xml>"
    assert fields_of(body.encode()) == {"A": "透析", "B": "1", "C": "", "D": ""}
    assert fields_of(b"\xef\xbb\xbf" + body.encode()) == fields_of(body.encode())
    assert fields_of('{"A": "透析", "B": 1, "D": {"E": 1}}'.encode()) == {"A": "透析", "B": "1"}


def test_a_very_deep_message_ends_nothing() -> None:
    """As deep as 64 KB can be."""
    depth = 9_000
    assert fields_of(b"<xml>" + b"<a>" * depth + b"</a>" * depth + b"</xml>") == {"a": ""}


@pytest.mark.parametrize("declared", ["gb2312", "utf-16", "no-such-encoding"])
def test_a_declared_encoding_changes_nothing(declared: str) -> None:
    """The bytes are UTF-8, whatever they say."""
    body = f'<?xml version="1.0" encoding="{declared}"?><xml><A>透析</A></xml>'
    assert fields_of(body.encode()) == {"A": "透析"}


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_is_written_stays_in_its_field(text: str) -> None:
    """As it is, but for what no XML can hold; nothing beside it changes."""
    fields = {"Content": text + "]]><x>&lt;]]", "CreateTime": 5}
    root = fromstring(xml(fields))

    assert [part.tag for part in root] == ["Content", "CreateTime"]
    # A parser reads every way to end a line as one.
    expected = fit(str(fields["Content"])).replace("\r\n", "\n").replace("\r", "\n")
    assert root[0].text == expected
    assert json.loads(as_json(fields))["Content"] == fit(str(fields["Content"]))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    """There is no third way."""
    try:
        found = fields_of(b"<xml>" + body + b"</xml>")
    except UnreadableError:
        return
    assert all(isinstance(value, str) for value in found.values())
