"""The desk in a real browser, by the keyboard alone: what an agent does while somebody waits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import browsing
import pytest
from msgspec import structs
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    expect,
)

from bot import agents, flags, logins, notes
from bot.flags import Flagged
from bot.logins import COOKIE
from bot.resources import Live, Resources

PASSWORD = "correct horse"  # noqa: S105 - of nobody
REFUSED = "Failed to load resource"  # what a test means to have refused
HOSTILE = '"><script>window.hit=1</script><img src=x onerror="window.hit=1">{{7*7}}'
CONTROLS = ", ".join(f"{tag}:visible" for tag in ("button", "a", "input", "select", "textarea"))
NAMED = "one => one.outerHTML.slice(0, 120)"
OUTLINED = "one => one === document.body || getComputedStyle(one).outlineStyle !== 'none'"
AXE = Path(__file__).parents[1] / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def context(browser: Browser, served_at: str) -> Iterator[BrowserContext]:
    """A fresh profile that may use the clipboard of this host."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=served_at)
    yield made
    made.close()


@pytest.fixture
def resources(resources: Resources) -> Resources:
    """A deployment of 苏州 at which 小王 may log in."""
    agents.add(resources.store, "小王", PASSWORD)
    return structs.replace(
        resources, live=Live(structs.replace(resources.service, region="suzhou"))
    )


@pytest.fixture
def gate(context: BrowserContext, served_at: str) -> Iterator[Page]:
    """The login page; whatever the console says against the page is a failure."""
    said: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            said.append(message.text)

    page = context.new_page()
    page.on("console", noted)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{served_at}/desk")
    yield page
    assert not said


@pytest.fixture
def login(context: BrowserContext, resources: Resources, served_at: str) -> None:
    """小王 has logged in before, as after a night with the window open."""
    token = logins.begin(resources.store, "小王")
    assert token
    there = served_at.replace("http:", "https:")  # a cookie of this name is a secure one
    context.add_cookies([{"name": COOKIE, "value": token, "url": there, "secure": True}])


@pytest.fixture
def desk(login: None, gate: Page) -> Page:
    """The desk of 小王, the search box in focus."""
    ready(gate)
    return gate


def log_in(page: Page, password: str = PASSWORD) -> None:
    """By the keyboard: the name is in focus."""
    expect(page.locator("#name")).to_be_focused()
    page.locator("#name").press("Control+a")
    press(page, "小王", "Tab")
    press(page, password, "Enter")


def ready(page: Page) -> None:
    """The desk's script is there, the box in focus."""
    expect(page.locator("select[name=region] option")).not_to_have_count(0)
    expect(page.locator("#search")).to_be_focused()


def press(page: Page, *keys: str) -> None:
    """Type texts and press keys, one after the other."""
    for key in keys:
        if re.fullmatch(r"(?:(?:Alt|Control|Shift)\+.+|Enter|Escape|Tab|Arrow\w+|\?|/)", key):
            page.keyboard.press(key)
        elif key.isascii():
            page.keyboard.type(key)
        else:
            page.keyboard.insert_text(key)


def open_card(page: Page, typed: str, title: str) -> None:
    """Look something up and open the first that is found."""
    press(page, "Escape", typed, "Enter")
    expect(page.locator("#card-title")).to_have_text(title)


def shot(page: Page, name: str) -> None:
    """A picture for a person to look at."""
    browsing.shot(page, f"desk-{name}")


def holding(page: Page, pattern: str) -> list[Route]:
    """The requests that fit a pattern, each held until somebody lets it go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(pattern), hold)
    return held


def found(page: Page) -> Locator:
    """What the search box offers for all that is typed by now."""
    return page.locator("#hits:not([aria-busy]) [role=option]")


def copied(page: Page) -> str:
    """What lies in the clipboard."""
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def test_who_is_not_logged_in_logs_in_first(gate: Page) -> None:
    """The desk leads to the login page; a wrong password says so and keeps the name."""
    expect(gate).to_have_url(re.compile("/desk/login$"))
    shot(gate, "login")
    log_in(gate, "wrong password")

    expect(gate.get_by_role("alert")).to_contain_text("名字或密码不对")
    expect(gate.locator("#name")).to_have_value("小王")
    log_in(gate)
    expect(gate).to_have_url(re.compile("/desk$"))


def test_five_wrong_passwords_lock(gate: Page) -> None:
    """Then the right one is refused as well, with the same words."""
    for _ in range(agents.FAILURES):
        log_in(gate, "wrong password")
        expect(gate.get_by_role("alert")).to_contain_text("锁定")

    log_in(gate)
    expect(gate).to_have_url(re.compile("/desk/login$"))
    expect(gate.get_by_role("alert")).to_contain_text("锁定15分钟")


def test_the_cookie_is_hidden_from_scripts(gate: Page, context: BrowserContext) -> None:
    """A script that got in would find nothing to send away."""
    log_in(gate)
    ready(gate)
    (cookie,) = context.cookies()

    assert cookie["name"].startswith("__Host-")
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert gate.evaluate("() => document.cookie") == ""


def test_initials_open_a_card(desk: Page) -> None:
    """What tx xe means is the first hit, and Enter opens it: the figures stand large."""
    shot(desk, "empty")
    press(desk, "tx xe")
    expect(found(desk).first).to_contain_text("透析限额")
    press(desk, "Enter")

    expect(desk.locator("#card-title")).to_have_text("透析")
    figures = desk.locator(".column .figure")
    expect(figures).to_have_text(["无限额", "90%", "95%", "35万元以内", "90%"])
    assert int(figures.first.evaluate("one => parseInt(getComputedStyle(one).fontSize)")) >= 24
    expect(desk.locator(".script p")).to_have_count(3)
    expect(desk.locator(".warn").first).to_contain_text("不要与“肾衰非透析”混淆")
    expect(desk.locator(".proof")).to_contain_text("恶性肿瘤治疗期")
    shot(desk, "card")


def test_who_types_fast_opens_what_was_typed(desk: Page) -> None:
    """Enter right behind the last letter waits for what it finds."""
    held = holding(desk, r"/desk/search\?q=ks\+dz&")
    with desk.expect_request(re.compile(r"/desk/search\?q=ks\+dz&")):
        press(desk, "ks dz", "Enter")
    expect(desk.locator("#trail li")).to_have_count(0)
    held[0].continue_()

    expect(desk.locator("#card-title")).to_have_text("昆山市经办地址")


def test_a_slow_earlier_search_never_replaces_a_later_one(desk: Page) -> None:
    """Not even where it comes back after it, and could no longer be called off."""
    desk.evaluate("() => { AbortController.prototype.abort = () => undefined; }")
    held = holding(desk, r"/desk/search\?q=%E9%AB%98&")
    press(desk, "高")
    with desk.expect_response(re.compile(r"/desk/search\?q=%E9%AB%98%E8%A1%80%E5%8E%8B&")):
        press(desk, "血压")
    expect(found(desk).first).to_contain_text("高血压")
    before = found(desk).all_inner_texts()

    with desk.expect_response(re.compile(r"/desk/search\?q=%E9%AB%98&")):
        held[0].fulfill(json={"hits": []})
    desk.evaluate("() => new Promise((done) => setTimeout(done, 0))")
    assert found(desk).all_inner_texts() == before


def test_a_slow_earlier_card_never_replaces_a_later_one(desk: Page) -> None:
    """It joins what was opened, and what was asked for last stays before the agent's eyes."""
    held = holding(desk, r"/desk/card\?.*kind=disease")
    press(desk, "tx xe")
    expect(found(desk).first).to_contain_text("透析")
    with desk.expect_request(re.compile("/desk/card")):
        press(desk, "Enter")
    press(desk, "Escape", "ks dz", "Enter")
    expect(desk.locator("#card-title")).to_have_text("昆山市经办地址")
    held[0].continue_()

    expect(desk.locator("#trail li")).to_have_count(2)
    expect(desk.locator("#card-title")).to_have_text("昆山市经办地址")
    expect(desk.locator("#trail [aria-current]")).to_contain_text("昆山")


def test_what_comes_for_a_call_that_is_over_is_not_shown(desk: Page) -> None:
    """The next caller's agent sees nothing of the one before."""
    held = holding(desk, "/desk/card")
    press(desk, "tx xe")
    expect(found(desk).first).to_contain_text("透析")
    with desk.expect_request(re.compile("/desk/card")):
        press(desk, "Enter")
    with desk.expect_response(re.compile("/desk/call")):
        press(desk, "Alt+n")
    with desk.expect_response(re.compile("/desk/card")):
        held[0].continue_()
    desk.evaluate("() => new Promise((done) => setTimeout(done, 50))")

    expect(desk.locator("#trail li")).to_have_count(0)


def test_arrows_choose_among_what_is_found(desk: Page) -> None:
    """Down and up, round the end, told to a screen reader."""
    press(desk, "tx")
    options = found(desk)
    expect(options.first).to_have_attribute("aria-selected", "true")
    press(desk, "ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    press(desk, "ArrowDown", "ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(desk.locator("#search")).to_have_attribute("aria-activedescendant", "hit-1")
    title = options.nth(1).locator(".title").inner_text()
    press(desk, "Enter")

    expect(desk.locator("#trail [aria-current]")).to_contain_text(re.compile(title[:2]))


def test_the_keys_of_an_input_method_do_nothing(desk: Page) -> None:
    """Enter and Escape that choose a character open nothing and clear nothing."""
    press(desk, "tx")
    expect(found(desk).first).to_contain_text("透析")
    for key in ("Enter", "Escape", "ArrowDown"):
        desk.locator("#search").dispatch_event("keydown", {"key": key, "isComposing": True})
    desk.locator("#search").dispatch_event("keydown", {"key": "Enter", "keyCode": 229})

    expect(desk.locator("#search")).to_have_value("tx")
    expect(found(desk).first).to_have_attribute("aria-selected", "true")
    expect(desk.locator("#trail li")).to_have_count(0)


def test_what_an_input_method_wrote_is_searched_when_it_is_done(desk: Page) -> None:
    """Not the letters on the way."""
    asked: list[str] = []
    desk.on("request", lambda one: asked.append(one.url) if "/desk/search" in one.url else None)
    session = desk.context.new_cdp_session(desk)
    session.send("Input.imeSetComposition", {"text": "tou", "selectionStart": 3, "selectionEnd": 3})
    session.send("Input.insertText", {"text": "透析"})

    expect(found(desk).first).to_contain_text("透析")
    assert not [url for url in asked if "tou" in url]


def test_a_question_is_asked_by_a_second_enter(desk: Page) -> None:
    """The first opens the card, the second takes a turn; a third does not ask it again."""
    asked: list[str] = []
    desk.on("request", lambda one: asked.append(one.url) if "/desk/ask" in one.url else None)
    press(desk, "透析职工能报多少钱", "Enter")
    expect(desk.locator("#card-title")).to_have_text("透析")
    expect(desk.locator("#hint")).to_contain_text("再按一次 Enter")
    press(desk, "Enter")

    expect(desk.locator("#card-title")).to_have_text("透析职工能报多少钱")
    expect(desk.locator(".answer .lead")).to_contain_text("无限额")
    expect(desk.locator(".reading")).to_contain_text("险种：职工医保")
    shot(desk, "answer")
    press(desk, "Enter", "Enter", "Enter")
    expect(desk.locator("#trail li").last).to_contain_text("透析")
    assert len(asked) <= 2


def test_what_nothing_was_found_for_can_be_asked(desk: Page) -> None:
    """The only choice is the question itself, and an option in the answer answers back."""
    press(desk, "我想问问怎么去办理登记呀", "Control+Enter")

    expect(desk.locator("#card-title")).to_have_text("我想问问怎么去办理登记呀")
    expect(desk.locator(".answer")).to_be_visible()


def test_what_is_known_of_the_caller_is_used(desk: Page) -> None:
    """Set by keyboard; the card marks the caller's column, a bare facet finds the disease."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+u", "Alt+q")
    expect(desk.locator("select[name=region]")).to_be_focused()
    press(desk, "Tab", "Tab", "ArrowDown", "ArrowDown")
    expect(desk.locator("select[name=population]")).to_have_value("retired")
    expect(desk.locator("select[name=scheme]")).to_have_value("employee")
    expect(desk.locator(".column.mine .who")).to_have_text("职工医保")
    expect(desk.locator(".script")).not_to_contain_text("居民医保")
    shot(desk, "caller")

    press(desk, "Escape", "xe")
    expect(found(desk).first).to_contain_text("透析限额")
    press(desk, "Escape", "限额多少", "Control+Enter")
    expect(desk.locator(".answer .lead")).to_contain_text("透析，职工医保（退休）：无限额")


def test_two_diseases_are_compared_side_by_side(desk: Page) -> None:
    """The twin is offered at once; another one is found by its initials."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+p")
    expect(desk.locator("#hint")).to_contain_text("与“透析”对比")
    expect(found(desk).first).to_contain_text("肾衰非透析")
    press(desk, "Enter")

    table = desk.locator("table.compare")
    expect(table.locator("thead th")).to_have_text(["苏州｜透析", "苏州｜肾衰非透析"])
    limits = table.locator("tr", has_text="职工医保｜限额").locator("td")
    expect(limits).to_have_text(["无限额", "8000元"])
    # 35万 counts inpatient costs too, 8000 does not: there is no figure between them.
    expect(table).not_to_contain_text("限额相差")
    shot(desk, "compare")

    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+p", "xyb")
    expect(found(desk).first).to_contain_text("血友病")
    press(desk, "Enter")
    expect(table.locator("thead th").last).to_have_text("苏州｜血友病")


@pytest.mark.parametrize(("steps", "head"), [(1, "居民医保"), (2, "北京｜透析")])
def test_schemes_and_regions_are_compared(desk: Page, steps: int, head: str) -> None:
    """They are offered behind the twins."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+p", *["ArrowDown"] * steps, "Enter")

    expect(desk.locator("table.compare thead th").last).to_contain_text(head)


def test_comparing_can_be_called_off(desk: Page) -> None:
    """Escape, and the box searches as before."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+p", "Escape", "ks dz", "Enter")

    expect(desk.locator("#card-title")).to_have_text("昆山市经办地址")


def test_a_card_is_copied_as_text(desk: Page) -> None:
    """Figures, source and date, ready to be sent."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+c")

    expect(desk.get_by_role("status").filter(has_text="已复制")).to_be_visible()
    assert "【苏州｜透析】" in copied(desk)
    assert "2023年10月" in copied(desk)


def test_an_expense_is_reckoned_while_it_is_typed(desk: Page) -> None:
    """For the group that is chosen, in steps; what is no amount is said to be none."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+j")
    expect(desk.locator("#calc-cost")).to_be_focused()
    press(desk, "6")
    desk.keyboard.insert_text("万")
    expect(desk.locator(".result")).to_contain_text("能结付5.5万元")
    expect(desk.locator(".result .sum li")).to_have_count(3)
    press(desk, "Tab", "38")
    desk.keyboard.insert_text("万")
    expect(desk.locator(".result")).to_contain_text("95%")
    press(desk, "Tab", "ArrowDown")
    expect(desk.locator(".result")).to_contain_text("居民医保：不能结付")
    press(desk, "Shift+Tab", "x")
    expect(desk.locator(".result .wrong")).to_contain_text("例如 60000")


def test_a_hospital_matters_where_the_rate_does(desk: Page) -> None:
    """Only then is it asked for; both are reckoned until one is chosen."""
    open_card(desk, "gxy", "高血压")
    expect(desk.locator("#calc-hospital")).to_be_visible()
    press(desk, "Alt+j", "1000")
    expect(desk.locator(".result .sum")).to_have_count(2)
    press(desk, "Tab", "Tab", "Tab", "ArrowDown")
    expect(desk.locator(".result .sum")).to_have_count(1)
    shot(desk, "open")


def test_a_flag_is_raised_and_closed(desk: Page, resources: Resources) -> None:
    """By the keyboard: the remark, the list, the reason."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+w")
    expect(desk.locator("#remark")).to_be_focused()
    press(desk, "今年的限额变了", "Control+Enter")
    expect(desk.locator("#flag")).to_be_hidden()
    (raised,) = flags.listed(resources.store)
    assert (raised.remark, raised.question, raised.agent) == ("今年的限额变了", "透析", "小王")
    assert raised.understood["card"] == {"kind": "disease", "id": "dialysis", "region": "suzhou"}
    assert "无限额" in raised.answer

    desk.get_by_role("link", name="标错记录").press("Enter")
    expect(desk.locator(".flag")).to_contain_text("今年的限额变了")
    shot(desk, "flags")
    desk.locator("#because-1").focus()
    press(desk, "已按新文件改", "Enter")
    expect(desk.locator(".state.closed")).to_contain_text("已按新文件改")


def test_a_flag_without_a_remark_is_not_sent(desk: Page, resources: Resources) -> None:
    """Escape leaves the dialog and brings the focus back."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+w", "Control+Enter")
    expect(desk.locator("#flag")).to_be_visible()
    press(desk, "Escape")

    expect(desk.locator("#flag")).to_be_hidden()
    expect(desk.locator("#search")).to_be_focused()
    assert flags.listed(resources.store) == ()


def test_one_goes_back_to_what_was_open(desk: Page) -> None:
    """Alt R to the one before; the list of the call to any."""
    open_card(desk, "tx xe", "透析")
    open_card(desk, "ks dz", "昆山市经办地址")
    open_card(desk, "gxy", "高血压")
    press(desk, "Alt+r")
    expect(desk.locator("#card-title")).to_have_text("昆山市经办地址")
    press(desk, "Alt+r")
    expect(desk.locator("#card-title")).to_have_text("透析")
    desk.locator("#trail button").nth(2).press("Enter")
    expect(desk.locator("#card-title")).to_have_text("高血压")


def test_a_new_call_knows_nothing_of_the_last(desk: Page) -> None:
    """Cards, chips, box and history go with one key."""
    open_card(desk, "tx xe", "透析")
    press(desk, "Alt+u", "Alt+n")

    expect(desk.locator("#trail li")).to_have_count(0)
    expect(desk.locator("#card-title")).to_have_text("打字查，回车开")
    expect(desk.locator("select[name=disease]")).to_have_value("")
    expect(desk.locator("#search")).to_be_focused()
    press(desk, "限额多少", "Control+Enter")
    expect(desk.locator(".answer")).to_contain_text("哪一种病")


def test_an_unsaved_note_is_not_lost_without_a_word(desk: Page, resources: Resources) -> None:
    """Only then a new call asks; Escape keeps everything, yes clears it, nothing is kept."""
    press(desk, "Alt+m", "明天回电")
    press(desk, "Alt+n")
    expect(desk.locator("#confirm")).to_be_visible()
    press(desk, "Escape")
    expect(desk.locator("#note")).to_have_value("明天回电")
    press(desk, "Alt+n", "Tab", "Enter")
    expect(desk.locator("#note")).to_have_value("")
    press(desk, "Alt+m", "又一个", "Alt+n", "Escape")
    expect(desk.locator("#note")).to_have_value("又一个")

    assert notes.listed(resources.store, "小王") == ()
    desk.locator("#note").fill("")


def test_a_note_is_kept_when_it_is_saved(desk: Page, resources: Resources) -> None:
    """With what was known of the caller, and a new call no longer asks."""
    press(desk, "Alt+m", "明天回电", "Control+Enter")
    expect(desk.locator("#note-state")).to_have_text("已保存")
    (kept,) = notes.listed(resources.store, "小王")
    assert (kept.text, kept.context) == ("明天回电", {"region": "suzhou"})

    press(desk, "Alt+n")
    expect(desk.locator("#confirm")).to_be_hidden()
    desk.get_by_role("link", name="我的记录").press("Enter")
    expect(desk.locator(".flag")).to_contain_text("明天回电")


def test_the_help_opens_and_closes(desk: Page) -> None:
    """By ? from the empty box and from the card; in a question it is a character."""
    press(desk, "?")
    expect(desk.locator("#help")).to_be_visible()
    shot(desk, "help")
    press(desk, "Escape")
    expect(desk.locator("#help")).to_be_hidden()
    expect(desk.locator("#search")).to_be_focused()
    press(desk, "tx?")
    expect(desk.locator("#search")).to_have_value("tx?")
    press(desk, "Alt+o", "?")
    expect(desk.locator("#help")).to_be_visible()
    press(desk, "Enter")
    expect(desk.locator("#card")).to_be_focused()
    press(desk, "/")
    expect(desk.locator("#search")).to_be_focused()


def test_everything_is_reached_by_tab(desk: Page) -> None:
    """Every control of the page with a card open, each with a focus that can be seen."""
    open_card(desk, "tx xe", "透析")
    controls = desk.locator(CONTROLS).all()
    desk.locator("select[name=region]").focus()
    reached = set()
    for _ in range(len(controls) + 8):
        reached.add(desk.evaluate(f"() => ({NAMED})(document.activeElement)"))
        assert desk.evaluate(f"() => ({OUTLINED})(document.activeElement)")
        press(desk, "Tab")

    missed = {control.evaluate(NAMED) for control in controls} - reached
    assert not missed


def test_nothing_that_people_wrote_is_run(desk: Page, resources: Resources) -> None:
    """In the box, a question, a remark, a note, a flag and whatever a server sends as a card."""
    texts = "region_name title name group day old copy lead general".split()
    proof = dict.fromkeys(("fact", "place", "row", "words", "certainty"), HOSTILE)
    link = dict.fromkeys(("kind", "id", "region", "title", "line"), HOSTILE)
    card = {
        **dict.fromkeys(texts, HOSTILE),
        **{key: [HOSTILE] for key in ("documents", "script", "points")},
        "shape": "entry",
        "kind": "rule",
        "id": "x",
        "region": "suzhou",
        "ordered": False,
        "fields": [{"label": HOSTILE, "value": HOSTILE}],
        "proofs": [proof],
        "related": [link],
    }
    hit = dict.fromkeys(("title", "line", "region_name", "ask", "facet"), HOSTILE)
    hits = {"hits": [{**hit, "kind": "rule", "id": "x", "region": "suzhou"}]}
    desk.route("**/desk/card?*", lambda route: route.fulfill(json=card))
    desk.route("**/desk/search?*", lambda route: route.fulfill(json=hits))
    desk.keyboard.insert_text(HOSTILE)
    expect(found(desk).first).to_contain_text("<script>")
    press(desk, "Enter")
    expect(desk.locator("#card-title")).to_have_text(HOSTILE)
    press(desk, "Control+Enter")
    expect(desk.locator(".answer")).to_be_visible()
    press(desk, "Alt+w")
    desk.keyboard.insert_text(HOSTILE)
    press(desk, "Control+Enter")
    expect(desk.locator("#flag")).to_be_hidden()
    press(desk, "Alt+m")
    desk.keyboard.insert_text(HOSTILE)
    press(desk, "Control+Enter")
    expect(desk.locator("#note-state")).to_have_text("已保存")

    for link in ("标错记录", "我的记录"):
        assert desk.evaluate("() => window.hit") is None
        assert desk.locator("main img, main script").count() == 0
        desk.get_by_role("link", name=link).click()
        expect(desk.locator(".flag")).to_contain_text("<script>")
    assert desk.evaluate("() => window.hit") is None
    assert flags.listed(resources.store)[0].remark == HOSTILE


def test_a_server_out_of_reach_is_said_and_loses_nothing(desk: Page) -> None:
    """What was typed and what was open stay."""
    open_card(desk, "tx xe", "透析")
    desk.context.set_offline(offline=True)
    press(desk, "Alt+m", "回电", "Control+Enter")
    expect(desk.locator("#note-state")).to_contain_text("连不上服务器")
    expect(desk.locator("#note")).to_have_value("回电")
    press(desk, "Escape", "ks dz")
    expect(desk.locator("#status")).to_contain_text("连不上服务器")
    expect(desk.locator("#card-title")).to_have_text("透析")
    desk.context.set_offline(offline=False)
    desk.locator("#note").fill("")


def test_a_login_that_is_over_is_said(desk: Page, context: BrowserContext) -> None:
    """The page does not go away with what was not saved."""
    context.clear_cookies()
    press(desk, "tx")

    expect(desk.locator("#status")).to_contain_text("重新登录")
    expect(desk).to_have_url(re.compile("/desk$"))


def test_the_page_does_not_jump(desk: Page) -> None:
    """The box, the card and its actions stand where they stood, whatever is found or opened."""
    places = []
    for typed, title in (("tx xe", "透析"), ("ks dz", "昆山市经办地址"), ("gxy", "高血压")):
        open_card(desk, typed, title)
        parts = [
            desk.locator(one).bounding_box() for one in ("#search", "#card", "#note", "#trail")
        ]
        copy = desk.get_by_role("button", name="复制").bounding_box()
        assert copy
        places.append((parts, copy["y"]))

    assert places[0] == places[1] == places[2]


def test_the_page_fits_a_small_window(desk: Page) -> None:
    """At 320 pixels, as at 400 % of enlargement, nothing is cut off sideways."""
    open_card(desk, "tx xe", "透析")
    desk.set_viewport_size({"width": 320, "height": 640})

    assert desk.evaluate("() => document.documentElement.scrollWidth") <= 320


@pytest.fixture
def axe() -> str:
    """The checks of axe-core."""
    if not AXE.is_file():
        pytest.skip("no axe-core: npm install --prefix build/node axe-core")
    return AXE.read_text("utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice."""
    page.evaluate(f"() => {{ {axe}; }}")
    result = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in result["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(gate: Page, axe: str, resources: Resources, scheme: str) -> None:
    """Login, empty desk, card, comparison, answer, dialogs, flags, notes; light and dark."""
    gate.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    seen = {"login": violations(gate, axe)}
    log_in(gate)
    ready(gate)
    seen["empty"] = violations(gate, axe)
    open_card(gate, "tx xe", "透析")
    press(gate, "Alt+j", "60000")
    expect(gate.locator(".result .lead")).to_be_visible()
    seen["card"] = violations(gate, axe)
    shot(gate, f"{scheme}")
    open_card(gate, "gxy", "高血压")
    seen["open"] = violations(gate, axe)
    press(gate, "Alt+p", "Enter")
    expect(gate.locator("table.compare")).to_be_visible()
    seen["compare"] = violations(gate, axe)
    press(gate, "Escape", "透析能报多少", "Control+Enter")
    expect(gate.locator(".answer")).to_be_visible()
    seen["answer"] = violations(gate, axe)
    press(gate, "Alt+w")
    seen["flag"] = violations(gate, axe)
    press(gate, "Escape", "Escape", "?")
    seen["help"] = violations(gate, axe)
    press(gate, "Escape")
    flagged = Flagged("旧了", "透析", {"topic": "benefit"}, "无限额")
    first = flags.raise_flag(resources.store, flagged, agent="小王", packs="abc")
    flags.raise_flag(resources.store, flagged, agent="小王", packs="abc")
    flags.close(resources.store, first, by="小王", because="已改")
    notes.save(resources.store, "小王", "回电", {"region": "suzhou"})
    for path in ("flags", "notes"):
        gate.goto(re.sub("/desk.*", f"/desk/{path}", gate.url))
        seen[path] = violations(gate, axe)

    assert {name: one for name, one in seen.items() if one} == {}
