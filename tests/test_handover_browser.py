"""Two real browsers and a real server that is killed in between: a person, and an agent."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import browsing
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot import agents
from bot.bench_servers import free_port
from bot.handover_wording import line
from bot.store import opened, url_of

ROOT = Path(__file__).parents[1]
PASSWORD = "correct horse"  # noqa: S105 - of nobody
AXE = ROOT / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"


class Server:
    """`yiwentong serve` as a process of its own, on one port and one folder."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "YIWENTONG_DATA_DIR": str(folder),
            "YIWENTONG_PORT": str(port),
            "YIWENTONG_REGION": "suzhou",
        }
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        words = [sys.executable, "-m", "bot", "serve"]
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            words,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/healthz").close()  # noqa: S310 - our own
                return
            assert self.process.poll() is None

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal, and wait for the end."""
        self.process.send_signal(number)
        self.process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A deployment of 苏州 at which 小王 may log in."""
    folder = tmp_path_factory.mktemp("deployment")
    store = opened(url_of(folder, None))
    agents.add(store, "小王", PASSWORD)
    store.close()
    made = Server(folder)
    yield made
    made.end()


@pytest.fixture
def agent(browser: Browser, server: Server) -> Iterator[Page]:
    """小王 with 接待 switched on."""
    context = browser.new_context(viewport={"width": 1366, "height": 860}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}/desk/login")
    page.fill("#name", "小王")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.goto(f"{server.url}/desk/handovers")
    switch = page.locator("#receiving")
    expect(switch).to_be_enabled()
    if switch.get_attribute("aria-checked") == "false":
        switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    yield page
    context.close()


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator[Page]:
    """Somebody with the widget open."""
    context = browser.new_context(viewport={"width": 1000, "height": 820}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}/chat")
    yield page
    context.close()


def says(page: Page, text: str) -> None:
    """Write into the widget."""
    box = page.locator("textarea")
    box.fill(text)
    box.press("Enter")


def replies(page: Page, text: str) -> None:
    """Write to the person, as their agent."""
    page.fill("#reply", text)
    page.locator("#reply").press("Enter")


def heard(page: Page) -> Locator:
    """What the person sees of the agent."""
    return page.locator(".agent .said")


def taken(agent: Page, person: Page) -> None:
    """The person asks, the agent takes them, by the keyboard."""
    if person.locator(".people").is_hidden():
        says(person, "转人工")
    expect(person.locator(".people")).to_contain_text("第一位")
    expect(agent.locator("#waiting .person")).to_have_count(1)
    agent.locator("#waiting .person").press("Enter")
    expect(agent.locator("#take")).to_be_visible()
    agent.keyboard.press("Alt+t")
    expect(agent.locator("#reply")).to_be_focused()
    expect(person.locator(".people")).to_contain_text("正在接待")


def test_both_sides_talk_over_the_death_of_the_server(
    server: Server, agent: Page, person: Page
) -> None:
    """Nothing that was said before, during or after a kill -9 is lost, or said twice."""
    taken(agent, person)
    replies(agent, "第一句")
    expect(heard(person)).to_have_text(["第一句"])
    says(person, "我在昆山")
    expect(agent.locator(".person-said").last).to_contain_text("我在昆山")

    server.end(signal.SIGKILL)
    replies(agent, "断线时写的")
    expect(agent.locator("#reply-state")).to_contain_text("没有发出去")
    says(person, "断线时问的")
    expect(person.locator(".notice")).to_contain_text("连不上服务器")
    browsing.shot(person, "handover-person-offline")
    server.start()
    agent.locator("#reply").press("Enter")

    expect(heard(person)).to_have_text(["第一句", "断线时写的"])
    expect(agent.locator(".person-said", has_text="断线时问的")).to_have_count(1)
    browsing.shot(agent, "handover-agent")
    person.reload()
    expect(heard(person)).to_have_text(["第一句", "断线时写的"])
    expect(person.locator(".people")).to_contain_text("正在接待")
    browsing.shot(person, "handover-person")

    agent.click("#back")
    expect(person.locator(".word .said").last).to_have_text(line("handed_back"))
    expect(person.locator(".people")).to_be_hidden()
    says(person, "透析职工限额多少")
    expect(person.locator(".answer").last).to_contain_text("无限额")


def test_what_is_looked_up_goes_into_the_reply(agent: Page, person: Page) -> None:
    """Found with a few letters, put in as text, sent after it was read."""
    taken(agent, person)
    agent.keyboard.press("Escape")
    agent.locator("#lines").press("/")
    agent.keyboard.type("透析限额")
    expect(agent.locator("#hits li").first).to_contain_text("透析")
    agent.keyboard.press("Enter")
    expect(agent.locator("#reply")).to_have_value(re.compile("无限额"))
    browsing.shot(agent, "handover-looked-up")
    expect(heard(person)).to_have_count(0)
    agent.locator("#reply").press("Enter")
    expect(heard(person)).to_contain_text("无限额")

    person.get_by_role("button", name="返回机器人").click()
    expect(person.locator(".people")).to_be_hidden()
    expect(agent.locator("#status")).to_contain_text("已经结束")


def test_hostile_words_are_words(agent: Page, person: Page) -> None:
    """On neither side does markup become anything but text."""
    hostile = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    taken(agent, person)
    replies(agent, hostile)
    expect(heard(person)).to_have_text(hostile)
    says(person, hostile)
    expect(agent.locator(".person-said .text").last).to_have_text(hostile)
    assert not any(page.evaluate("window.hit") for page in (agent, person))
    agent.click("#back")


def test_the_launcher_tells_what_came_while_it_was_closed(
    browser: Browser, server: Server, agent: Page
) -> None:
    """With a dot, and in its name; the title of the desk counts who waits."""
    page = browser.new_page()
    page.goto(server.url)
    page.locator(".launcher").click()
    taken(agent, page)
    page.get_by_role("button", name="关闭").click()
    replies(agent, "请看这里")

    expect(page.locator(".launcher.unread")).to_have_accessible_name(re.compile("新消息"))
    page.locator(".launcher").click()
    expect(heard(page)).to_have_text("请看这里")
    agent.click("#back")
    expect(page.locator(".people")).to_be_hidden()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_sides_can_be_used_by_everybody(
    agent: Page, person: Page, scheme: Literal["light", "dark"]
) -> None:
    """Axe finds nothing: while one waits, and while both talk, on the desk and in the widget."""
    if not AXE.is_file():
        pytest.skip("no axe-core: npm install --prefix build/node axe-core")
    for page in (agent, person):
        page.emulate_media(color_scheme=scheme)
    seen = {"empty": violations(agent)}
    says(person, "转人工")
    expect(person.locator(".people")).to_be_visible()
    expect(agent.locator("#waiting .person")).to_be_visible()
    seen |= {"waiting": violations(agent), "waits": violations(person)}
    taken(agent, person)
    replies(agent, "您好")
    expect(heard(person)).to_have_count(1)
    seen |= {"taken": violations(agent), "talks": violations(person)}
    browsing.shot(agent, f"handover-{scheme}")
    agent.click("#back")
    expect(person.locator(".people")).to_be_hidden()

    assert not {where: found for where, found in seen.items() if found}


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice."""
    page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; }}")
    result = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in result["violations"]]
