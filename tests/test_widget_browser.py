"""The widget in a real Chromium, on a page of another origin with a strict policy of its own."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import browsing
import pytest
from browsing import serving
from msgspec import structs
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from bot.bench_servers import free_port
from bot.resources import Resources
from bot.widget.wording import say

AXE = Path(__file__).parents[1] / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"
HOST_STYLE = "* { letter-spacing: 2px } button { display: block; width: 100%; color: red }"
Opener = Callable[..., Page]


class Host:
    """A web page of somebody else, on an origin of its own."""

    def __init__(self, ours: str, port: int) -> None:
        self.ours = ours
        self.url = f"http://localhost:{port}"
        self.attributes = 'data-region="suzhou"'

    def policy(self) -> str:
        """What the page allows: itself, and the script and the interface of ours."""
        return (
            f"default-src 'self'; script-src {self.ours}; connect-src {self.ours}; "
            "style-src 'self'; base-uri 'none'"
        )

    def html(self) -> str:
        """The page."""
        return (
            '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>医保局</title><link rel="stylesheet" href="/style.css"></head>'
            '<body><main><h1>医保局</h1><p id="text">办事指南</p><a id="link" href="#x">指南</a>'
            f'</main><script src="{self.ours}/widget.js" {self.attributes} async></script>'
            "</body></html>"
        )


@pytest.fixture
def host(resources: Resources) -> Iterator[Host]:
    """The page of somebody else, and our server, which allows it."""
    port = free_port()
    settings = structs.replace(
        resources.settings,
        origins=(f"http://localhost:{port}",),
        map_url="https://map.example.cn/?q={address}",
    )
    with serving(structs.replace(resources, settings=settings)) as ours:
        made = Host(ours, port)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                style = self.path == "/style.css"
                body = (HOST_STYLE if style else made.html()).encode()
                self.send_response(204 if self.path == "/favicon.ico" else 200)
                self.send_header("Content-Type", "text/css" if style else "text/html")
                self.send_header("Content-Security-Policy", made.policy())
                self.end_headers()
                self.wfile.write(b"" if self.path == "/favicon.ico" else body)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield made
        server.shutdown()
        server.server_close()


@pytest.fixture
def opened(browser: Browser, host: Host) -> Iterator[Opener]:
    """Open the page of somebody else; at the end nothing was wrong in the console."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_(attributes: str = 'data-region="suzhou"', **options: Any) -> Page:
        host.attributes = attributes
        settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        context = browser.new_context(**{**settings, **options}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: _note(wrong, line.type, line.text))
        page.goto(host.url)
        page.wait_for_function("window.yiwentong")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


def _note(wrong: list[str], kind: str, text: str) -> None:
    """Errors but those of a network that a test takes away, or of an answer that it made up."""
    if kind == "error" and not text.startswith("Failed to load resource"):
        wrong.append(text)


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name=say("widget_launcher"))


def field(page: Page) -> Locator:
    return page.get_by_label(say("widget_input"))


def asked(page: Page, text: str) -> Locator:
    """Ask by the keyboard and wait for the answer, which is given back."""
    before = page.locator(".turn:not(.asking)").count()
    field(page).fill(text)
    field(page).press("Enter")
    answer = page.locator(".turn:not(.asking)").nth(before)
    answer.wait_for()
    return answer


def shot(page: Page, name: str) -> None:
    """A picture for a person to look at."""
    browsing.shot(page, f"widget-{name}")


def font(locator: Locator, what: str) -> float:
    """A computed length in CSS pixels."""
    found = locator.evaluate(f"one => parseFloat(getComputedStyle(one).{what})")
    return float(found)


def test_it_is_taken_in_by_one_line_under_a_strict_policy(opened: Opener) -> None:
    """The button stands, styled, and nothing of the page has moved or been blocked."""
    page = opened()
    shot(page, "closed")

    box = launcher(page).bounding_box()
    assert box is not None
    assert box["width"] == box["height"] == 68
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
    assert page.evaluate("document.cookie") == ""
    colour = launcher(page).evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(20, 90, 145)"
    assert launcher(page).evaluate("one => getComputedStyle(one).letterSpacing") == "normal"


def test_a_page_sets_its_looks(opened: Opener) -> None:
    """A custom property of the page goes before the project's own colour, size and distance."""
    page = opened()
    page.evaluate(
        """() => {
          const { style } = document.documentElement;
          style.setProperty('--yiwentong-accent', 'rgb(122, 31, 43)');
          style.setProperty('--yiwentong-size', '20px');
          style.setProperty('--yiwentong-edge', '40px');
        }"""
    )
    box = launcher(page).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] == 1280 - 40
    colour = launcher(page).evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour == "rgb(122, 31, 43)"
    launcher(page).click()
    assert font(field(page), "fontSize") == 20


def test_a_region_is_asked_for_and_chosen_by_button(opened: Opener) -> None:
    """透析限额多少 without a region offers the regions; the choice is answered."""
    page = opened("")
    launcher(page).click()
    answer = asked(page, "透析限额多少")
    options = answer.get_by_role("group", name=say("widget_options")).get_by_role("button")
    assert options.all_inner_texts() == ["北京", "苏州"]

    options.nth(1).click()
    expect(page.locator(".turn:not(.asking)")).to_have_count(2)
    expect(page.locator(".turn").last).to_contain_text("无限额")
    assert page.locator(".turn .choices").count() == 0


def test_a_follow_up_goes_on_with_the_conversation(opened: Opener) -> None:
    """太仓的呢 after 昆山在哪办 is answered with 太仓's address, which can be copied and mapped."""
    page = opened()
    launcher(page).click()
    asked(page, "昆山在哪办")
    answer = asked(page, "太仓的呢")

    expect(answer).to_contain_text("太仓市十八港路29号")
    link = answer.get_by_role("link", name=say("widget_map_label"))
    url = link.get_attribute("href") or ""
    assert url.startswith("https://map.example.cn/?q=%E5%A4%AA")
    assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    "way", ["() => {}", "() => { navigator.clipboard.writeText = () => Promise.reject(); }"]
)
def test_an_address_is_copied(opened: Opener, way: str) -> None:
    """What the copy button takes is the address alone, also where the new way is refused."""
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate(way)
    launcher(page).click()
    answer = asked(page, "太仓在哪办")
    answer.get_by_role("button", name=say("widget_copy_address")).click()

    expect(answer.get_by_role("button", name=say("widget_copied"))).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()").startswith("太仓市十八港路29号")


def test_every_block_is_shown_as_what_it_is(opened: Opener) -> None:
    """A table, a calculation, steps, a list, and the sources folded."""
    page = opened(viewport={"width": 390, "height": 844})
    launcher(page).click()
    table = asked(page, "苏州各区地址都有哪些")
    shot(page, "table")
    assert table.locator("table tr").count() == 10
    wide = table.locator(".table").evaluate("one => one.scrollWidth - one.clientWidth")
    page_wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide >= 0
    assert page_wide <= 390

    sum_ = asked(page, "肺癌放疗退休人员花5万报多少")
    assert sum_.locator(".sum p").count() == 3
    assert "45500" in sum_.locator(".sum strong").inner_text()

    steps = asked(page, "怎么备案")
    assert steps.locator("ol li").count() == 3
    assert steps.locator(".answer > ul li").count() == 3
    source = steps.locator("details")
    assert source.get_attribute("open") is None
    source.locator("summary").click()
    expect(source).to_contain_text(
        "一本通》（苏州医保，2023年10月）一（三）门诊慢特病备案办理方式、"
    )


def test_the_conversation_survives_a_reload_until_it_is_cleared(opened: Opener) -> None:
    """Turns, the session and what was half typed are there again; 清空 takes the turns away."""
    page = opened()
    launcher(page).click()
    asked(page, "昆山在哪办")
    field(page).fill("太仓")
    page.reload()
    page.wait_for_function("window.yiwentong")

    expect(page.locator(".turn")).to_contain_text("前进西路1801号")
    expect(field(page)).to_have_value("太仓")
    expect(asked(page, "太仓的呢")).to_contain_text("十八港路29号")

    page.get_by_role("button", name=say("widget_clear_label")).click()
    expect(page.locator(".turn")).to_have_count(0)
    page.reload()
    page.wait_for_function("window.yiwentong")
    assert page.locator(".turn").count() == 0


def test_nothing_is_lost_while_the_server_is_out_of_reach(opened: Opener) -> None:
    """Offline is said, what is typed meanwhile stays, and the question is sent once it is back."""
    page = opened()
    launcher(page).click()
    page.context.set_offline(True)
    field(page).fill("昆山在哪办")
    field(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text(say("widget_offline"))
    field(page).fill("还有一个问题")
    shot(page, "offline")
    page.context.set_offline(False)

    expect(page.locator(".turn:not(.asking)")).to_contain_text("前进西路1801号")
    expect(page.locator(".notice")).to_be_empty()
    expect(field(page)).to_have_value("还有一个问题")


def test_the_return_of_the_network_ends_a_wait(opened: Opener) -> None:
    """However long the wait still is, the question is sent as soon as there is a network again."""
    page = opened()
    launcher(page).click()
    headers = {
        "Retry-After": "600",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
    }
    page.route("**/api/v1/ask", lambda route: route.fulfill(status=503, headers=headers))
    field(page).fill("昆山在哪办")
    field(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text(say("widget_busy"))
    page.unroute("**/api/v1/ask")
    page.context.set_offline(True)
    page.context.set_offline(False)

    expect(page.locator(".turn:not(.asking)")).to_contain_text("前进西路1801号")


def test_a_question_on_its_way_can_be_taken_back(opened: Opener) -> None:
    """取消发送 puts it back into the field, before what was typed since."""
    page = opened()
    launcher(page).click()
    page.context.set_offline(True)
    field(page).fill("昆山在哪办")
    field(page).press("Enter")
    page.get_by_role("button", name=say("widget_cancel")).click()

    expect(field(page)).to_have_value("昆山在哪办")
    expect(page.locator(".turn")).to_have_count(0)
    page.context.set_offline(False)
    expect(asked(page, "太仓在哪办")).to_contain_text("十八港路")


def test_a_question_outlives_a_reload_while_it_waits(opened: Opener) -> None:
    """What was not delivered is delivered after the reload."""
    page = opened()
    launcher(page).click()
    page.route("**/api/v1/ask", lambda route: route.abort())
    field(page).fill("昆山在哪办")
    field(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text(say("widget_offline"))
    page.unroute("**/api/v1/ask")
    page.reload()

    expect(page.locator(".turn:not(.asking)")).to_contain_text("前进西路1801号")


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_is_told_and_kept(opened: Opener, status: int) -> None:
    """With 429 or 503 the server's sentence and the wait are shown; then it is asked again."""
    page = opened()
    launcher(page).click()
    answers = [status]

    def once(route: Route) -> None:
        if not answers:
            route.continue_()
            return
        headers = {
            "Retry-After": "7",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
            "Content-Type": "application/problem+json",
        }
        route.fulfill(status=answers.pop(), headers=headers, body='{"detail": "请过 7 秒再试。"}')

    page.route("**/api/v1/ask", once)
    field(page).fill("昆山在哪办")
    field(page).press("Enter")
    expect(page.locator(".notice")).to_contain_text("请过 7 秒再试。")
    expect(page.locator(".notice")).to_contain_text(re.compile("[67]秒后再试"))
    page.get_by_role("button", name=say("widget_again")).click()

    expect(page.locator(".turn:not(.asking)")).to_contain_text("前进西路1801号")


def test_a_refused_question_goes_back_to_the_field(opened: Opener) -> None:
    """What the server cannot take is told in its words, and nothing typed is lost."""
    page = opened()
    launcher(page).click()
    page.route(
        "**/api/v1/ask",
        lambda route: route.fulfill(
            status=413,
            headers={"Access-Control-Allow-Origin": "*"},
            body='{"detail": "请求的内容最多 65536 字节。"}',
        ),
    )
    field(page).fill("昆山在哪办")
    field(page).press("Enter")

    expect(page.locator(".notice")).to_contain_text("最多 65536 字节")
    expect(field(page)).to_have_value("昆山在哪办")


def test_a_page_with_a_region_that_there_is_not_still_answers(opened: Opener) -> None:
    """The slip of a site is written to its console; the person is asked where instead."""
    page = opened('data-region="atlantis"')
    launcher(page).click()

    expect(asked(page, "透析限额多少")).to_contain_text("您在哪里参保")


def test_a_question_is_sent_once(opened: Opener) -> None:
    """Enter pressed again and again before the answer is there is one question."""
    page = opened()
    launcher(page).click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    field(page).fill("昆山在哪办")
    page.evaluate(
        """() => {
          const root = document.querySelector('yiwentong-widget').shadowRoot;
          const input = root.querySelector('textarea');
          for (let n = 0; n < 5; n += 1) {
            if (n) input.value = '昆山在哪办';
            input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
          }
        }"""
    )
    page.locator(".turn:not(.asking)").wait_for()

    assert len([url for url in sent if url.endswith("/ask")]) == 1
    expect(field(page)).to_have_value("昆山在哪办")


def test_enter_of_an_input_method_never_sends(opened: Opener) -> None:
    """Enter that ends a composition stays with it; Shift+Enter is a new line."""
    page = opened()
    launcher(page).click()
    field(page).fill("kunshan")
    field(page).dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "composed": True}
    )
    field(page).dispatch_event(
        "keydown", {"key": "Enter", "keyCode": 229, "bubbles": True, "composed": True}
    )
    field(page).press("Shift+Enter")

    expect(field(page)).to_have_value("kunshan\n")
    assert page.locator(".turn").count() == 0


def test_it_is_used_by_the_keyboard_alone(opened: Opener) -> None:
    """Tab reaches the button, the focus stays inside, Escape closes and gives it back."""
    page = opened()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    page.keyboard.type("昆山在哪办")
    page.keyboard.press("Enter")
    page.locator(".turn:not(.asking)").wait_for()

    inside = "document.activeElement.tagName === 'YIWENTONG-WIDGET'"
    for key in ["Tab"] * 20 + ["Shift+Tab"] * 20:
        page.keyboard.press(key)
        assert page.evaluate(inside), key
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    assert page.get_by_role("dialog").count() == 0


def test_an_answer_is_announced(opened: Opener) -> None:
    """A live region holds what the answer says, without its buttons."""
    page = opened()
    launcher(page).click()
    asked(page, "血友病职工限额多少")
    status = page.locator(".unseen[role=status]")

    expect(status).to_contain_text("血友病，职工医保：限额10万元。")
    expect(status).not_to_contain_text(say("widget_copy"))


def test_the_button_never_lies_over_the_focus(opened: Opener) -> None:
    """A link that the keyboard comes to under the button makes it step aside."""
    page = opened()
    box = launcher(page).bounding_box()
    assert box is not None
    page.evaluate(
        """([x, y]) => {
          const link = document.getElementById('link');
          Object.assign(link.style, {position: 'fixed', left: x + 'px', top: y + 'px'});
        }""",
        [box["x"] + 10, box["y"] + 10],
    )
    page.keyboard.press("Tab")
    expect(page.locator("#link")).to_be_focused()
    page.wait_for_function(
        """() => {
          const one = document.getElementById('link').getBoundingClientRect();
          const root = document.querySelector('yiwentong-widget').shadowRoot;
          return root.querySelector('.launcher').getBoundingClientRect().bottom <= one.top;
        }"""
    )


@pytest.mark.parametrize("size", [24, 30])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_elderly_mode_is_large_and_remembered(opened: Opener, width: int, size: int) -> None:
    """24 to 30 px, line spacing 1.3 and more, targets of 60 by 60, nothing cut off."""
    page = opened(viewport={"width": width, "height": 844}, has_touch=width == 390)
    launcher(page).click()
    page.get_by_role("button", name=say("widget_elderly_label")).click()
    for _ in range((size - 24) // 2):
        page.get_by_role("button", name=say("widget_larger_label")).click()
    answer = asked(page, "昆山在哪办")
    shot(page, f"elderly-{width}-{size}")

    for part in [*answer.locator("p, summary, button").all(), field(page)]:
        assert font(part, "fontSize") >= size
    for part in answer.locator("p").all():
        assert font(part, "lineHeight") / font(part, "fontSize") >= 1.3
    for button in page.locator(".panel").locator("button, a, summary, textarea").all():
        box = button.bounding_box()
        if button.is_visible():
            assert box is not None
            assert min(box["width"], box["height"]) >= 59.9, button.inner_text()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    turns = page.locator(".turns").bounding_box()
    assert turns is not None
    assert turns["height"] >= 844 / 2

    page.reload()
    page.wait_for_function("window.yiwentong")
    assert font(field(page), "fontSize") == size


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("elderly", [False, True])
def test_text_stands_out_from_its_ground(opened: Opener, scheme: str, elderly: bool) -> None:  # noqa: FBT001
    """The contrast of every text is 4.5 to 1 and more."""
    page = opened(color_scheme=scheme)
    launcher(page).click()
    if elderly:
        page.get_by_role("button", name=say("widget_elderly_label")).click()
    asked(page, "昆山在哪办")
    shot(page, f"{scheme}{'-elderly' if elderly else ''}")
    page.evaluate("document.getAnimations().forEach((one) => one.finish())")

    assert min(page.evaluate(CONTRASTS)) >= 4.5


CONTRASTS = """() => {
  const shadow = document.querySelector('yiwentong-widget').shadowRoot;
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!colour.endsWith(', 0)')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...shadow.querySelectorAll('.panel *')]
    .filter((one) => one.checkVisibility() && one.getAttribute('aria-disabled') !== 'true')
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(ground(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
}"""


def test_every_target_is_large_enough(opened: Opener) -> None:
    """Whatever can be pressed is at least 24 by 24 px, also before the elderly mode."""
    page = opened()
    launcher(page).click()
    answer = asked(page, "昆山在哪办")
    answer.get_by_role("button", name=say("widget_down")).click()

    for part in page.locator(".panel").locator("button, a, summary, textarea, input").all():
        if part.is_visible():
            box = part.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, part.inner_text()


def test_on_a_phone_it_fills_the_screen(opened: Opener) -> None:
    """The panel is the screen, and what is typed into is at its foot."""
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    launcher(page).tap()
    asked(page, "备案要带什么材料")
    shot(page, "phone")

    panel = page.get_by_role("dialog").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 390, "height": 844}
    foot = field(page).bounding_box()
    assert foot is not None
    assert 700 < foot["y"] + foot["height"] <= 844


def test_text_twice_as_large_loses_nothing(opened: Opener) -> None:
    """At 200 % (half the viewport) everything is there and nothing scrolls sideways."""
    page = opened(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    launcher(page).click()
    answer = asked(page, "备案要带什么材料")

    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    for part in (page.get_by_role("button", name=say("widget_close"), exact=True), field(page)):
        expect(part).to_be_in_viewport()
    answer.locator(".actions button").last.scroll_into_view_if_needed()
    expect(answer.locator(".actions button").last).to_be_in_viewport()


def test_a_page_drives_it_and_hears_of_it(opened: Opener) -> None:
    """open, ask and close of window.yiwentong, and an event for each."""
    page = opened()
    heard = page.evaluate(
        """async () => {
          const heard = [];
          for (const name of ['open', 'answer', 'close'])
            document.addEventListener(`yiwentong:${name}`,
              (event) => heard.push([name, event.detail?.status ?? null]));
          const reply = await yiwentong.ask('昆山在哪办');
          heard.push(reply.status);
          yiwentong.close();
          return heard;
        }"""
    )
    assert heard == [["open", None], ["answer", "answered"], "answered", ["close", None]]


def test_attributes_set_what_is_said_where_and_in_which_script(opened: Opener) -> None:
    """Greeting, suggestions, side and script are the page's; the server is told the script."""
    page = opened(
        'data-region="suzhou" data-greeting="市民您好" data-suggest="昆山在哪办|太仓在哪办" '
        'data-position="left" data-language="zh-Hant"'
    )
    box = page.locator(".launcher").bounding_box()
    assert box is not None
    assert box["x"] == 24
    page.locator(".launcher").click()
    expect(page.locator(".greeting")).to_contain_text("市民您好")
    expect(page.get_by_role("button", name="發送")).to_be_visible()
    with page.expect_request("**/api/v1/ask") as sent:
        page.get_by_role("button", name="太仓在哪办").click()
    assert sent.value.header_value("Accept-Language") == "zh-Hant"
    page.locator(".turn:not(.asking)").wait_for()


HOSTILE = (
    "<img src=x onerror=window.hurt=1>",
    '"><script>window.hurt=1</script>',
    "javascript:window.hurt=1",
)


def hostile_reply(text: str) -> dict[str, Any]:
    """A reply that holds a text wherever a text can stand."""
    return {
        "kind": "answered",
        "status": "answered",
        "text": text,
        "blocks": [
            {"kind": "text", "text": text},
            {"kind": "steps", "title": text, "items": [text]},
            {"kind": "list", "items": [text]},
            {"kind": "table", "head": [text], "rows": [[text, text]]},
            {"kind": "place", "name": text, "address": text, "online": text, "note": text},
            {"kind": "sum", "lines": [text, text]},
            {"kind": text, "text": text},
        ],
        "citations": [
            {"source": text, "title": text, "issuer": text, "issued": text, "authority": text,
             "place": text}
        ],
        "options": [{"label": text, "say": text}],
        "understood": {"topic": "materials", "slots": {}, "confidence": 1.0},
        "as_of": text,
        "session": text,
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(opened: Opener, text: str) -> None:
    """Hostile attributes, questions, answers, options, maps and storage are shown as text."""
    attribute = text.replace('"', "&quot;")
    page = opened(
        f'data-greeting="{attribute}" data-suggest="{attribute}" data-region="{attribute}" '
        f'data-map="javascript:window.hurt=1//{{address}}" data-position="{attribute}" '
        f'data-language="{attribute}"'
    )
    page.route(
        "**/api/v1/ask",
        lambda route: route.fulfill(
            json=hostile_reply(text), headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    launcher(page).click()
    answer = asked(page, text)
    expect(answer.locator(".lead")).to_have_text(text)
    page.reload()  # and once more from what was kept
    page.wait_for_function("window.yiwentong")
    page.locator(".turn").wait_for()

    assert page.evaluate("window.hurt") is None
    assert page.locator(".panel img, .panel script").count() == 0
    assert page.locator(".panel a:not([href$='/privacy'])").count() == 0
    assert text in page.locator(".turn .asked").inner_text()


@pytest.mark.parametrize(
    "kept",
    [
        "not json",
        "[]",
        "null",
        '{"turns": 7, "session": {}, "draft": []}',
        '{"turns": [null, {"asked": 1}, {"asked": "a", "reply": {"blocks": 5, "options": "x"}}]}',
        '{"session": "no", "turns": [{"asked": "", "reply": {"blocks": [0, {"kind": "table"}]}}]}',
    ],
)
def test_what_something_else_kept_breaks_nothing(opened: Opener, kept: str) -> None:
    """Storage with other contents, or a session that is none, begins anew and answers."""
    page = opened()
    page.evaluate("kept => sessionStorage.setItem('yiwentong', kept)", kept)
    page.evaluate("addEventListener('pagehide', () => 0)")
    page.goto(page.url)
    page.wait_for_function("window.yiwentong")
    page.evaluate("yiwentong.open()")

    expect(asked(page, "昆山在哪办")).to_contain_text("前进西路1801号")


def test_an_opinion_is_sent_once_with_its_reason(opened: Opener) -> None:
    """没用 asks why; the reason goes to the server with the session, and thanks are shown."""
    page = opened()
    launcher(page).click()
    asked(page, "昆山在哪办")
    answer = asked(page, "太仓的呢")
    assert page.locator(".rating").count() == 1  # of the last answer only
    answer.get_by_role("button", name=say("widget_down")).click()
    with page.expect_response("**/api/v1/feedback") as taken:
        answer.get_by_role("button", name="看不懂").click()

    assert taken.value.status == 204
    sent = taken.value.request.post_data_json
    assert (sent["rating"], sent["reason"]) == ("down", "看不懂")
    expect(answer).to_contain_text(say("widget_rated"))
    page.reload()
    expect(page.locator(".turn").last).to_contain_text(say("widget_rated"))


def test_speech_is_offered_only_where_the_browser_has_it(browser: Browser, host: Host) -> None:
    """Without speech there is neither 朗读 nor the microphone; with it both, and 朗读 speaks."""
    context = browser.new_context()
    context.add_init_script(
        "for (const name of ['speechSynthesis', 'SpeechRecognition', 'webkitSpeechRecognition',"
        " 'SpeechSynthesisUtterance']) delete window[name];"
        "delete Window.prototype.speechSynthesis;"
    )
    page = context.new_page()
    page.goto(host.url)
    page.wait_for_function("window.yiwentong")
    launcher(page).click()
    answer = asked(page, "昆山在哪办")
    assert page.get_by_role("button", name=say("widget_listen")).count() == 0
    assert answer.get_by_role("button", name=say("widget_speak")).count() == 0
    context.close()

    context = browser.new_context()
    context.add_init_script(
        """window.spoken = [];
        speechSynthesis.speak = (utterance) => spoken.push([utterance.lang, utterance.text]);
        window.webkitSpeechRecognition = class extends EventTarget {
          start() {
            setTimeout(() => {
              const event = new Event('result');
              event.results = [[{transcript: '昆山在哪办'}]];
              this.dispatchEvent(event);
              this.dispatchEvent(new Event('end'));
            });
          }
        };
        window.SpeechRecognition = undefined;"""
    )
    page = context.new_page()
    page.goto(host.url)
    page.wait_for_function("window.yiwentong")
    launcher(page).click()
    page.get_by_role("button", name=say("widget_listen")).click()
    expect(field(page)).to_have_value("昆山在哪办")
    answer = asked(page, "昆山在哪办")
    answer.get_by_role("button", name=say("widget_speak")).click()
    language, text = page.evaluate("spoken[0]")
    assert language == "zh-CN"
    assert "前进西路1801号" in text
    context.close()


def test_the_sheet_of_the_conversation_is_one_page(opened: Opener) -> None:
    """打印带走 opens papers, steps and the office that was named, on one A4 page."""
    page = opened()
    launcher(page).click()
    asked(page, "透析在昆山哪里备案")
    answer = asked(page, "要带什么材料")
    with page.context.expect_page() as opening:
        answer.get_by_role("button", name=say("widget_print_label")).click()
    sheet = opening.value
    sheet.wait_for_load_state()
    shot(sheet, "sheet")

    expect(sheet.locator(".sheet h1")).to_contain_text("透析")
    assert sheet.locator(".check li").count() == 3
    expect(sheet.locator(".spot")).to_contain_text("前进西路1801号")
    expect(sheet.locator("footer")).to_contain_text("2023年10月")
    for part in sheet.locator(".sheet p, .sheet li").all():
        assert font(part, "fontSize") >= 14 * 96 / 72 - 0.01
    pdf = sheet.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_the_full_page_is_the_same_conversation(page: Page, served_at: str) -> None:
    """/chat holds the widget as a page: no button, no dialog, the region of its address."""
    page.goto(f"{served_at}/chat?region=suzhou")
    page.wait_for_function("window.yiwentong")
    expect(asked(page, "透析限额多少")).to_contain_text("无限额")
    shot(page, "chat")

    assert page.get_by_role("dialog").count() == 0
    assert launcher(page).count() == 0
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= 900


def test_the_demo_page_asks_in_the_widget(page: Page, served_at: str) -> None:
    """A question of the demo page is answered in the widget, without leaving the page."""
    wrong: list[str] = []
    page.on("console", lambda line: _note(wrong, line.type, line.text))
    page.goto(served_at)
    page.wait_for_function("window.yiwentong")
    shot(page, "demo")
    page.get_by_role("button", name="昆山在哪办").click()

    expect(page.locator(".turn:not(.asking)")).to_contain_text("前进西路1801号")
    assert page.url.rstrip("/") == served_at
    page.goto(f"{served_at}/example")
    page.wait_for_function("window.yiwentong")
    page.get_by_role("button", name=say("widget_close"), exact=True).last.click()
    expect(page.locator("#log li").last).to_have_text("yiwentong:close")
    assert wrong == []


def test_without_a_script_a_form_asks(browser: Browser, served_at: str) -> None:
    """/chat answers, offers its options as buttons and prints, all without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{served_at}/chat")
    page.get_by_label(say("widget_input")).fill("透析限额多少")
    page.get_by_role("button", name=say("widget_send")).click()
    page.get_by_role("button", name="苏州").click()
    expect(page.locator(".answer")).to_contain_text("无限额")
    page.get_by_label(say("widget_input")).fill("要带什么材料")
    page.get_by_role("button", name=say("widget_send")).click()
    shot(page, "no-script")
    page.get_by_role("button", name=say("widget_print")).click()

    expect(page.locator(".sheet h1")).to_contain_text("透析")
    context.close()


@pytest.fixture
def axe() -> str:
    """The accessibility engine, which no test fetches by itself."""
    if not AXE.exists():
        pytest.skip("no axe-core: npm install --prefix build/node axe-core")
    return AXE.read_text("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds, by rule and place."""
    page.evaluate(axe)
    found = page.evaluate(
        "async () => (await axe.run(document)).violations.flatMap((rule) =>"
        " rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`))"
    )
    return list(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_widget(opened: Opener, axe: str, scheme: str) -> None:
    """Closed, open, with answers of every kind, and in the elderly mode."""
    page = opened(color_scheme=scheme)
    assert violations(page, axe) == []
    launcher(page).click()
    assert violations(page, axe) == []
    for text in ("苏州各区地址都有哪些", "怎么备案", "昆山在哪办", "肺癌放疗退休花5万报多少"):
        asked(page, text)
    page.locator("summary").first.click()
    assert violations(page, axe) == []
    page.locator(".turn").last.get_by_role("button", name=say("widget_down")).click()
    page.get_by_role("button", name=say("widget_elderly_label")).click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/chat", "/example", "/print", "/print?region=suzhou&district=kunshan"]
)
def test_axe_finds_nothing_on_a_page(
    browser: Browser, served_at: str, axe: str, scheme: Any, path: str
) -> None:
    """The demo, the chat, the example and the sheet."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(served_at + path)
    page.wait_for_load_state("networkidle")

    assert violations(page, axe) == []
    context.close()


def test_axe_finds_nothing_without_a_script(browser: Browser, served_at: str, axe: str) -> None:
    """The plain form with an answer: read from a page whose script was refused."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{served_at}/chat?region=suzhou")
    page.get_by_label(say("widget_input")).fill("怎么备案")
    page.get_by_role("button", name=say("widget_send")).click()
    expect(page.locator(".answer")).to_contain_text("一站式")

    assert violations(page, axe) == []
    context.close()
