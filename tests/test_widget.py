"""The widget's file and the pages of the project, as they are served."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import text as sql
from starlette.testclient import TestClient

from bot import agents
from bot.answers import reply
from bot.messages import Answer, Cited, Items, Option, Spot, Steps, Sum, Table, Text
from bot.resources import Resources
from bot.server import application
from bot.service import LONGEST
from bot.widget.rendering import option_buttons, reply_html
from bot.widget.wording import browser_sentences, say, sentences
from knowledge.pack import Library

FOLDER = Path(__file__).parents[1] / "bot" / "widget"
PAGES = ["/", "/chat", "/example", "/privacy", "/print", "/print?region=suzhou&disease=dialysis"]
HOSTILE = ["<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "' onfocus='alert(1)"]


class Tags(HTMLParser):
    """The tags of a page, as a browser reads them: each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.found.append((tag, dict(attrs)))


def test_a_page_loads_one_small_file(client: TestClient) -> None:
    """widget.js with its style and sentences is at most 15 KB packed."""
    response = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})

    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(response.headers["content-length"]) <= 15 * 1024
    assert len(gzip.compress(response.content, 9)) <= 15 * 1024


def test_another_origin_may_load_it(client: TestClient) -> None:
    """The header that lets other origins take it in stands once, and any cache may keep it."""
    response = client.get("/widget.js")

    assert response.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert response.headers["cache-control"].startswith("public, max-age=")
    assert response.headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("weak", ["", "W/"])
def test_what_a_browser_has_is_not_sent_again(client: TestClient, encoding: str, weak: str) -> None:
    """The ETag of each coding, weakened by a proxy or not, is answered with 304."""
    headers = {"Accept-Encoding": encoding}
    tag = client.get("/widget.js", headers=headers).headers["etag"]
    again = client.get("/widget.js", headers={**headers, "If-None-Match": f'"x", {weak}{tag}'})

    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/widget.js", headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_script_calls_nobody_else_and_makes_no_markup(client: TestClient) -> None:
    """No third party, cookie, markup from strings or code from strings is in it."""
    script = client.get("/widget.js").text

    assert set(re.findall(r"https?://[^\"'\s]+", script)) == {"http://www.w3.org/2000/svg"}
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "cookie"):
        assert word not in script
    assert not re.search(r"\beval\(|new Function|import\(", script)


def test_the_map_of_the_deployment_is_in_the_script(resources: Resources) -> None:
    """YIWENTONG_MAP_URL reaches the browser; without it there is no map."""
    settings = structs.replace(resources.settings, map_url="https://map.example.cn/?q={address}")
    with TestClient(application(structs.replace(resources, settings=settings))) as client:
        assert "https://map.example.cn/?q={address}" in client.get("/widget.js").text


def test_every_sentence_of_the_script_is_there_and_used() -> None:
    """What the script says has a sentence, and no sentence is left over."""
    script = "".join(file.read_text("utf-8") for file in FOLDER.glob("*.js"))
    used = set(re.findall(r"\bsay\.(\w+)", script))
    chosen = {"source_official", "source_teaser", "up", "down"}  # say[…] by what a reply holds

    assert used | chosen == set(browser_sentences("zh-Hans"))


def test_both_scripts_have_the_same_blanks() -> None:
    """A sentence in traditional characters keeps its blanks and differs where it should."""
    for name, sentence in sentences("zh-Hans").items():
        other = sentences("zh-Hant")[name]
        assert re.findall(r"\{\w+\}", sentence) == re.findall(r"\{\w+\}", other), name
    assert say("widget_send", "zh-Hant") == "發送"


def test_code_holds_no_sentence() -> None:
    """Neither the scripts nor the templates hold Chinese; it is all in widget.yaml."""
    for file in FOLDER.iterdir():
        if file.suffix in {".js", ".html", ".css"}:
            assert not re.search(r"[\u4e00-\u9fff]", file.read_text("utf-8")), file.name


def test_what_a_page_may_set_is_documented() -> None:
    """Every attribute and every custom property that is read stands in docs/widget.md."""
    document = (FOLDER.parents[1] / "docs" / "widget.md").read_text("utf-8")
    script = (FOLDER / "widget.js").read_text("utf-8")
    style = (FOLDER / "widget.css").read_text("utf-8")
    properties = set(re.findall(r"--yiwentong(-[a-z][\w-]*)", style))

    for attribute in set(re.findall(r"this\.dataset\.(\w+)", script)):
        assert f"`data-{attribute}`" in document
    for name in {one.removesuffix("-dark") for one in properties}:
        assert f"{name}`" in document, name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_its_strict_policy(client: TestClient, path: str) -> None:
    """Scripts and styles are files of our own: none stands in the page, no attribute runs."""
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    tags = Tags(response.text).found

    assert response.status_code == 200
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert all(attributes.get("src") for tag, attributes in tags if tag == "script")
    assert not [tag for tag, _ in tags if tag == "style"]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert not [tag for tag, attributes in tags if "style" in attributes]


def test_only_the_chat_may_be_framed_and_only_by_known_origins(resources: Resources) -> None:
    """The chat names the origins of the setting; every other page refuses frames."""
    settings = structs.replace(resources.settings, origins=("https://gov.example.cn",))
    with TestClient(application(structs.replace(resources, settings=settings))) as client:
        chat, demo = client.get("/chat"), client.get("/")

    assert (
        "frame-ancestors 'self' https://gov.example.cn;" in chat.headers["content-security-policy"]
    )
    assert "x-frame-options" not in chat.headers
    assert "frame-ancestors 'none'" in demo.headers["content-security-policy"]
    assert demo.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_is_there(client: TestClient, path: str) -> None:
    """Every script, style and picture of a page, and every page of ours it links to, is served."""
    for tag, attributes in Tags(client.get(path).text).found:
        where = attributes.get("src") or (attributes.get("href") if tag in {"link", "a"} else None)
        if where and not where.startswith("#"):
            assert client.get(f"/{where.removeprefix('.')}").status_code == 200, where


def test_a_file_that_is_none_of_the_pages_is_not_served(client: TestClient) -> None:
    """Neither code nor a path out of the folder is given away."""
    for name in ("pages.py", "widget.yaml", "..%2fweb.yaml", "chat.html"):
        assert client.get(f"/widget/{name}").status_code == 404, name


def test_the_demo_page_says_what_is_known(client: TestClient, library: Library) -> None:
    """Every region with the documents it stands on, and the ways on."""
    page = client.get("/").text

    for pack in library.packs:
        assert f">{pack.region.name}<" in page
        assert all(source.title in page for source in pack.sources)
    for path in ("chat", "openapi.json", "example", "print"):
        assert f'href="{path}"' in page


def test_the_demo_page_leads_to_the_desk_where_there_is_one(
    client: TestClient, resources: Resources
) -> None:
    """From the moment somebody is let in, without a restart."""
    assert 'href="desk"' not in client.get("/").text

    agents.add(resources.store, "小王", "a long enough word")
    assert 'href="desk"' in client.get("/").text
    assert client.get("/desk").status_code == 200


def test_a_page_comes_in_the_script_that_is_wanted(client: TestClient) -> None:
    """By the browser's language, or by what the address says, which goes first."""
    taiwan = {"Accept-Language": "zh-TW,zh;q=0.9"}

    assert "門診慢特病諮詢" in client.get("/", headers=taiwan).text
    assert '<html lang="zh-Hant">' in client.get("/?language=zh-Hant").text
    assert "门诊慢特病咨询" in client.get("/?language=zh-Hans", headers=taiwan).text
    assert client.get("/").headers["vary"] == "Accept-Language"


def hidden_fields(page: str) -> dict[str, str]:
    """What the hidden fields of the first form send."""
    tags = Tags(page).found
    fields = [a for tag, a in tags if tag == "input" and a.get("type") == "hidden"]
    return {str(one["name"]): str(one["value"]) for one in fields}


def test_the_form_goes_on_with_a_conversation(client: TestClient) -> None:
    """The page of an answer carries its session, which the next question needs."""
    first = client.post("/chat", data={"text": "昆山在哪办", "region": "suzhou"})
    assert "前进西路1801号" in first.text
    fields = hidden_fields(first.text)
    second = client.post("/chat", data={**fields, "text": "太仓的呢"})

    assert fields["region"] == "suzhou"
    assert "十八港路29号" in second.text
    assert hidden_fields(second.text)["session"] == fields["session"]


def test_an_option_is_a_button_that_says_it(client: TestClient) -> None:
    """Without a region the regions are buttons of the form."""
    tags = Tags(client.post("/chat", data={"text": "透析限额多少"}).text).found
    said = [attributes.get("value") for tag, attributes in tags if tag == "button"]

    assert {"北京", "苏州"} <= set(said)


def test_an_answer_comes_in_traditional_characters(client: TestClient) -> None:
    """The form's language holds for the answer and stays for the next one."""
    page = client.post(
        "/chat", data={"text": "怎麼備案", "region": "suzhou", "language": "zh-Hant"}
    ).text

    assert "線下可在門慢特定點醫療機構" in page
    assert "来源" not in page
    assert hidden_fields(page)["language"] == "zh-Hant"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_sent_becomes_markup(client: TestClient, text: str) -> None:
    """A question, a region, a session, a language: the page has the tags it has anyway."""
    plain = client.post("/chat", data={"text": "嗯嗯"}).text
    for field in ("text", "region", "session", "language"):
        page = client.post("/chat", data={"text": "嗯嗯", field: text}).text
        tags = [tag for tag, _ in Tags(page).found]
        assert "img" not in tags[tags.index("main") :]
        assert tags.count("script") == [tag for tag, _ in Tags(plain).found].count("script")
        assert not re.search(r"<[^>]*\bon(error|focus)=", re.sub(r'"[^"]*"', "", page))
    page = client.get("/print", params={"region": text, "disease": text, "district": text}).text
    assert "<img src=x" not in page
    assert "<script>" not in page


def hostile(text: str) -> Answer:
    """An answer that holds a text wherever one can stand."""
    blocks = (
        Text(text), Text(text), Steps(text, (text,)), Items((text,)),
        Table((text,), ((text, text),)), Spot(text, text, text, text), Sum((text, text)),
    )  # fmt: skip
    cited = (Cited("s", text, text, "2023-10", "official", text),)
    return Answer("answered", blocks, cited, (Option(text, text),))


@pytest.mark.parametrize("text", HOSTILE)
def test_every_block_is_escaped(text: str) -> None:
    """Blocks, sources and options are text, whatever a pack holds."""
    said = reply(hostile(text))
    page = reply_html(said) + option_buttons(said.options)
    tags = Tags(page).found

    assert {tag for tag, _ in tags} <= {
        "p", "ol", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td", "address",
        "strong", "details", "summary", "button",
    }  # fmt: skip
    assert {name for _, attributes in tags for name in attributes} <= {
        "class", "scope", "name", "value",
    }  # fmt: skip


def test_what_cannot_be_answered_is_not_lost(client: TestClient, resources: Resources) -> None:
    """Too long: said, and still in the field. No database: answered all the same."""
    long = "透析" * LONGEST
    page = client.post("/chat", data={"text": long}).text
    assert f"{long}</textarea>" in page

    assert say("chat_none") in client.post("/chat", data={"text": " \n"}).text
    big = client.post("/chat", data={"text": "x" * 300_000})
    assert big.status_code == 413
    assert "262144" in big.text

    with resources.store.engine.begin() as connection:
        connection.execute(sql("DROP TABLE sessions"))
    lost = client.post("/chat", data={"text": "昆山在哪办"})
    assert lost.status_code == 200
    assert "前进西路" in lost.text


def test_a_bad_form_is_told_on_the_page(client: TestClient) -> None:
    """Bytes that are no form, and too many fields, are answered with a page."""
    assert client.post("/chat", content=b"\xff\xfe").status_code == 400
    many = "&".join(f"f{number}=1" for number in range(50))
    response = client.post("/chat", content=many.encode())

    assert response.status_code == 400
    assert "<form" in response.text


def test_a_session_that_is_none_begins_anew(client: TestClient) -> None:
    """An id that nobody gave is not taken over."""
    page = client.post("/chat", data={"text": "你好", "session": "short"}).text

    assert len(hidden_fields(page)["session"]) == 22


def test_the_sheet_holds_papers_steps_office_and_source(client: TestClient) -> None:
    """What was asked for by id is on the sheet, with the document and its month."""
    query = {"region": "suzhou", "disease": "dialysis", "district": "kunshan"}
    page = client.get("/print", params=query).text
    sheet = page[page.index('class="sheet"') :]

    assert "门诊慢特病备案办事清单：透析" in sheet
    checklist = sheet[sheet.index('class="check"') : sheet.index("</ul>")]
    assert checklist.count("<li>") == 3
    assert "前进西路1801号" in sheet
    assert "（苏州医保，2023年10月）" in sheet
    assert sheet.count("以上是2023年10月的规定") == 1


def test_the_sheet_is_that_of_the_conversation(client: TestClient) -> None:
    """Disease and district that were said before are taken, not asked for again."""
    session = None
    for text in ("透析限额多少", "苏州", "昆山在哪办"):
        said = client.post("/api/v1/ask", json={"text": text, "session": session}).json()
        session = said["session"]
    page = client.post("/print", data={"session": session}).text

    assert "办事清单：透析" in page
    assert "前进西路1801号" in page


def test_a_region_without_offices_says_where_to_ask(client: TestClient) -> None:
    """What the documents do not hold is said on the sheet, and no district is asked for."""
    page = client.get("/print", params={"region": "beijing"}).text
    office = page[page.index(say("sheet_office")) :]

    assert "北京" in office
    assert say("sheet_which_office") not in office


def test_without_a_region_the_sheet_asks_for_one(client: TestClient) -> None:
    """Nothing known is a choice, not an error; a region that is not there is named."""
    fresh = client.get("/print")
    assert '<option value="suzhou">' in fresh.text
    assert 'class="sheet"' not in fresh.text
    assert '<option value="suzhou">' in client.post("/print", data={}).text

    unknown = client.get("/print", params={"region": "南京"})
    assert unknown.status_code == 404
    assert "没有收录“南京”" in unknown.text


def test_a_district_of_another_region_is_left_out(client: TestClient) -> None:
    """Changing only the region of the choice is no error."""
    query = {"region": "beijing", "disease": "dialysis", "district": "kunshan"}
    page = client.get("/print", params=query)

    assert page.status_code == 200
    assert "昆山" not in page.text
    assert client.get("/print", params={"region": "suzhou", "disease": "x"}).status_code == 404


@pytest.mark.parametrize("region", ["suzhou", "beijing"])
def test_every_disease_has_a_sheet(client: TestClient, library: Library, region: str) -> None:
    """Papers, steps and a source are on the sheet of each disease of a region."""
    for disease in library.pack(region).diseases:
        query = {"region": region, "disease": disease.id}
        page = client.get("/print", params=query).text
        assert f"办事清单：{disease.short}" in page, disease.id
        assert '<ul class="check">' in page, disease.id
        assert "<ol>" in page, disease.id
        assert "来源：《" in page, disease.id


def test_every_district_has_its_office_on_the_sheet(client: TestClient, library: Library) -> None:
    """The address on the sheet is the one of the district that was chosen."""
    for office in library.pack("suzhou").offices:
        query = {"region": "suzhou", "district": office.district}
        page = client.get("/print", params=query).text
        assert office.address in page, office.id
        assert page.count('class="spot"') == 1, office.id
