"""The interactive view in a browser: drawn, found, clicked, filtered, and silent."""

from __future__ import annotations

import importlib
import re
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tests.browser import started, violations, visit
from tests.plotting.figures import camps
from workbench.model import InteractionGraph, NodeScores, Partition
from workbench.plotting import view
from workbench.plotting.layout import layout
from workbench.plotting.style import PALETTE
from workbench.plotting.view_edges import drawn_edges

pytestmark = pytest.mark.xdist_group("browser")
NAME = "Zoë «née» </script><b>ب 🕊"


@pytest.fixture(scope="module")
def browser():
    with started() as running:
        yield running


def label(account):
    return NAME if account.endswith("007") else f"label {account[2:]}"


@pytest.fixture(scope="module")
def seen():
    """Two camps, weights from 1 to 3, and the posts behind two edges."""
    graph, side = camps(25, seed=3)
    source, target, _ = graph.without_self_loops().arcs()
    graph = InteractionGraph.from_edges(
        graph.accounts[source], graph.accounts[target], 1 + (source + target) % 3
    )
    camp = Partition.from_labels(graph, np.where(side, "north", "south"), method="given")
    source, target, weight = graph.arcs()
    posts = [
        {
            "account": graph.accounts[source[e]],
            "target": graph.accounts[target[e]],
            "post_id": f"x:secret{e}{i}",
            "created_at": f"2031-03-0{i + 1}T10:0{i}:59Z",
            "kind": "share",
            "text": "secret words",
        }
        for e in (0, 5)
        for i in range(int(weight[e]))
    ]
    return graph, camp, pd.DataFrame(posts)


@pytest.fixture(scope="module")
def made(seen):
    graph, camp, posts = seen
    return view(graph, colour=camp, labels=label, evidence=posts, seed=7)


@pytest.fixture(scope="module")
def file(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vue d’été, été ☀")
    return made.save(folder / "le réseau #1 100%.html")


@pytest.fixture
def opened(browser, file):
    with visit(browser, file) as there:
        ready(there.page)
        yield there


def ready(page):
    """Wait until the network is drawn."""
    page.wait_for_selector("#stage canvas")
    page.wait_for_timeout(100)


def spot(page, number):
    """Return where node `number` (from 1) is on the screen, and its radius there, in pixels."""
    return page.evaluate(
        """i => {
          const { sigma } = globalThis.view;
          const node = sigma.getNodeDisplayData(String(i));
          const { x, y } = sigma.framedGraphToViewport(node);
          const box = document.getElementById("stage").getBoundingClientRect();
          return { x: x + box.left, y: y + box.top, radius: sigma.scaleSize(node.size) };
        }""",
        number - 1,
    )


def covers(other, one):
    """Return whether the middle of one node lies under the disc of another, or a pixel beside."""
    return np.hypot(other["x"] - one["x"], other["y"] - one["y"]) <= other["radius"] + 1


def shown(page):
    return page.locator("#shown").inner_text()


def test_every_node_is_drawn_in_the_colour_of_its_community(opened, made, seen):
    graph, camp, _ = seen
    page = opened.page
    counted = page.evaluate(
        "[view.sigma.getGraph().order, view.sigma.getGraph().size,"
        " view.sigma.getSetting('renderLabels')]"
    )
    assert counted == [graph.nodes, graph.edges - graph.self_loops, True]
    page.evaluate(  # without names, which lie over their neighbours
        """() => {
          globalThis.view.sigma.setSetting("renderLabels", false);
          globalThis.view.sigma.refresh();
          return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )
    page.wait_for_timeout(300)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    table = made.to_pandas()
    at = [spot(page, number) for number in table["number"]]
    wrong = []
    clear = 0
    for i, (one, community) in enumerate(zip(at, table["community"], strict=True)):
        if any(covers(other, one) for j, other in enumerate(at) if j != i):
            continue
        clear += 1
        wanted = PALETTE[camp.names.index(community)]
        pixel = picture.getpixel((round(one["x"]), round(one["y"])))
        if pixel != tuple(int(wanted[k : k + 2], 16) for k in (1, 3, 5)):
            wrong.append((int(table["number"].iloc[i]), community, pixel))
    assert clear >= 0.8 * graph.nodes  # the others lie under a neighbour
    assert wrong == []
    assert opened.complaints == []


@pytest.fixture
def server():
    """An address on this machine, and who asked it for something."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/", asked
        running.shutdown()


TRY = """async (address) => {
  await fetch(address + "fetched").catch(() => 0);
  const image = new Image();
  image.src = address + "image";
  document.body.append(image);
  const script = document.createElement("script");
  script.textContent = "globalThis.ran = true";
  document.body.append(script);
  await new Promise((done) => setTimeout(done, 300));
  return globalThis.ran ?? false;
}"""


def test_nothing_leaves_the_page_and_nothing_could(browser, opened, server, tmp_path):
    page = opened.page
    page.locator("#search").fill("label")
    page.locator("#results button").first.click()
    page.locator("#reset").click()
    page.wait_for_timeout(300)
    assert opened.strangers == []
    assert opened.complaints == []
    address, asked = server
    assert page.evaluate(TRY, address) is False
    assert asked == []
    plain = tmp_path / "plain.html"
    plain.write_text("<!doctype html><title>x</title>", "utf-8")
    with visit(browser, plain) as there:  # any other page could
        assert there.page.evaluate(TRY, address) is True
        assert sorted(asked) == ["/fetched", "/image"]
        assert len(there.strangers) == 2


def test_search_finds_by_part_of_a_name_whatever_its_accents(opened):
    page = opened.page
    page.locator("#search").fill("zoe «NEE»")
    assert page.locator("#results button").all_inner_texts() == [NAME]
    assert page.locator("#found").inner_text() == "1 account found"
    page.locator("#search").fill("nobody at all")
    assert page.locator("#results button").count() == 0
    assert page.locator("#found").inner_text() == "0 accounts found"


def test_a_click_opens_neighbours_and_the_posts_behind_them(opened, made, seen):
    graph, camp, posts = seen
    page = opened.page
    table = made.to_pandas()
    actor = posts["account"].iloc[0]
    number = int(table.loc[table["account"] == actor, "number"].iloc[0])
    at = spot(page, number)
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector("#details:not([hidden])")
    place = graph.position(actor)
    facts = page.locator("#facts dd").all_inner_texts()
    assert facts == [camp.names[camp.labels[place]], f"{graph.in_strength()[place]:.0f}"]
    source, target, weight = graph.arcs()
    lists = page.locator("#neighbours ul")
    wanted = [
        {(graph.accounts[target[e]], weight[e]) for e in np.flatnonzero(source == place)},
        {(graph.accounts[source[e]], weight[e]) for e in np.flatnonzero(target == place)},
    ]
    for i, edges in enumerate(wanted):
        found = lists.nth(i).locator("> li")
        told = {text.partition("\n")[0].strip() for text in found.all_inner_texts()}
        assert told == {f"{label(account)} weight {w:.0f}" for account, w in edges}
    item = lists.nth(0).locator("> li", has=page.locator("details")).first
    item.locator("summary").click()
    mine = posts[(posts["account"] == actor)]
    rows = [line.split("\t") for line in item.locator("tbody tr").all_inner_texts()]
    first = mine[mine["target"] == mine["target"].iloc[0]]
    assert rows == [
        [str(row + 1), f"2031-03-0{i + 1} 10:0{i} UTC", "retweet"]
        for i, row in enumerate(first.index)
    ]
    assert page.evaluate("view.state.near.size") == len({a for some in wanted for a, _ in some})
    page.keyboard.press("Escape")
    assert page.locator("#details").is_hidden()


def test_filters_hide_communities_and_light_edges(opened, seen):
    graph, camp, _ = seen
    page = opened.page
    source, target, weight = graph.arcs()
    everything = (
        f"Shown: {graph.nodes} of {graph.nodes} accounts, {graph.edges} of {graph.edges} edges."
    )
    assert shown(page) == everything
    page.get_by_role("checkbox", name="north").uncheck()
    south = camp.labels == camp.names.index("south")
    left = int((south[source] & south[target]).sum())
    assert shown(page).startswith(f"Shown: {south.sum()} of")
    assert f" {left} of {graph.edges} edges" in shown(page)
    page.locator("#reset").click()
    assert shown(page) == everything
    page.locator("#weight").focus()
    page.keyboard.press("End")
    heavy = weight >= 3
    ends = len(set(source[heavy]) | set(target[heavy]))
    assert f"Shown: {ends} of {graph.nodes} accounts, {heavy.sum()} of" in shown(page)
    assert page.locator("#weight-shown").inner_text() == "at least 3"
    hidden = page.evaluate(
        "view.sigma.getGraph().edges().filter("
        "(e) => view.sigma.getEdgeDisplayData(e).hidden).length"
    )
    assert hidden == graph.edges - heavy.sum()


def test_lists_hold_what_the_filters_show(opened, made, seen):
    graph, camp, _ = seen
    page = opened.page
    table = made.to_pandas()
    number = int(table.loc[table["community"] == "south", "number"].iloc[0])
    page.evaluate(f"view.go({number - 1})")
    page.get_by_role("checkbox", name="north").uncheck()
    place = graph.position(table["account"][number - 1])
    source, target, _ = graph.arcs()
    south = camp.labels == camp.names.index("south")
    left = [south[target[source == place]].sum(), south[source[target == place]].sum()]
    told = page.locator("#neighbours h3").all_inner_texts()
    everybody = [(source == place).sum(), (target == place).sum()]
    assert [[int(number) for number in re.findall(r"\d+", text)] for text in told] == [
        [few] if few == all_of_them else [few, all_of_them]
        for few, all_of_them in zip(left, everybody, strict=True)
    ]
    assert left != everybody
    names = set(table.loc[table["community"] == "south", "label"])
    page.locator("#search").fill("label")
    assert set(page.locator("#results button").all_inner_texts()) <= names
    page.get_by_role("checkbox", name="south").uncheck()
    assert page.locator("#details").is_hidden()
    assert page.locator("#results button").count() == 0


def test_a_small_number_keeps_its_figures_and_nothing_is_said_of_no_community(browser, tmp_path):
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"], [0.00025, 2])
    scores = NodeScores.from_values(graph, np.array([0.000123, 0.25, 1234.5]), name="pagerank")
    made = view(graph, size=scores, labels=str.upper, seed=1, language="fr")
    with visit(browser, made.save(tmp_path / "small.html")) as there:
        ready(there.page)
        there.page.evaluate("view.go(2)")
        assert there.page.locator("#facts").inner_text().split("\n") == ["PageRank", "0,000123"]
        assert "poids 0,00025" in there.page.locator("#neighbours").inner_text()
        assert there.page.locator("#weight-shown").inner_text() == "au moins 0,00025"
        assert there.page.locator("#communities").is_hidden()
        there.page.locator("#search").fill("2")  # the number of a node that has a name
        assert there.page.locator("#results button").all_inner_texts() == ["B"]


def test_hovering_names_an_account(opened, made):
    page = opened.page
    at = spot(page, 1)
    page.mouse.move(at["x"] - 40, at["y"] - 40)
    page.mouse.move(at["x"], at["y"])
    page.wait_for_selector("#tip:not([hidden])")
    first = made.to_pandas().iloc[0]
    assert page.locator("#tip").inner_text().split("\n") == [
        first["label"], first["community"],
        f"in-strength (acts upon the account) {first['score']:.0f}",
    ]  # fmt: skip


def test_everything_can_be_done_by_keyboard(opened, made):
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "stage"
    before = page.evaluate("view.sigma.getCamera().getState()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.press("+")
    page.wait_for_timeout(400)
    after = page.evaluate("view.sigma.getCamera().getState()")
    assert after["x"] > before["x"]
    assert after["ratio"] < before["ratio"]
    page.keyboard.press("0")
    page.wait_for_timeout(500)
    back = page.evaluate("view.sigma.getCamera().getState()")
    assert back == pytest.approx(before)
    page.locator("#search").focus()
    page.keyboard.type(made.to_pandas()["label"].iloc[3])
    page.keyboard.press("Enter")
    assert page.locator("#details").is_visible()
    assert page.evaluate("document.activeElement.id") == "details"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [1280, 500])
def test_no_barrier_is_found(browser, seen, tmp_path, language, width):
    graph, camp, posts = seen
    page_file = view(graph, colour=camp, evidence=posts, language=language, seed=7).save(
        tmp_path / "view.html"
    )
    with visit(browser, page_file, width=width) as there:
        ready(there.page)
        assert there.page.evaluate("document.documentElement.lang") == language
        there.page.evaluate("view.go(0)")
        there.page.locator("summary").first.click()
        there.page.wait_for_timeout(400)
        assert violations(there.page) == []
        sideways = "document.documentElement.scrollWidth > innerWidth"
        assert not there.page.evaluate(sideways)


def test_the_check_sees_a_barrier(browser, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><title>x</title><img src='data:,'>", "utf-8")
    with visit(browser, bad) as there:
        assert {found.partition(":")[0] for found in violations(there.page)} >= {
            "image-alt",
            "html-has-lang",
        }


def test_where_scripts_do_not_run_the_picture_is_shown(browser, file):
    with visit(browser, file, scripts=False) as there:
        assert there.page.locator("#picture").is_visible()
        assert there.page.locator("#panel").is_hidden()
        assert there.page.locator("#stage").is_hidden()


def test_without_webgl_the_picture_and_the_lists_remain(browser, file):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(file.as_uri())
    page.wait_for_selector("body.lists")
    assert page.locator("#picture").is_visible()
    page.locator("#search").fill("label")
    page.locator("#results button").first.click()
    assert page.locator("#neighbours li").count() > 0
    context.close()


def test_in_a_notebook_the_page_runs_in_a_frame_apart(browser, made, tmp_path):
    cell = tmp_path / "exported.html"
    html = made._repr_mimebundle_()["text/html"]
    cell.write_text(f"<!doctype html><html lang=en><title>x</title>{html}", "utf-8")
    with visit(browser, cell) as there:
        frame = there.page.frame_locator("iframe")
        frame.locator("#stage canvas").first.wait_for()
        frame.locator("#search").fill(NAME)
        assert frame.locator("#results button").all_inner_texts() == [NAME]
        assert frame.locator("body").evaluate("document => globalThis.origin") == "null"
        assert [url for url in there.strangers if url != "about:srcdoc"] == []
        assert there.complaints == []


def test_of_too_large_a_graph_the_picture_can_be_looked_at(browser, seen, tmp_path, monkeypatch):
    graph, camp, _ = seen
    module = importlib.import_module("workbench.plotting.view")
    monkeypatch.setattr(module, "drawn_edges", partial(drawn_edges, most_edges=60))
    made = view(graph, colour=camp, layout=layout(graph, seed=1))
    with visit(browser, made.save(tmp_path / "large.html")) as there:
        page = there.page
        ready(page)
        assert page.evaluate("view.sigma.getGraph().size") == 60
        assert f"holds 60 of {graph.edges} edges" in page.locator("footer").inner_text()
        page.evaluate("view.go(0)")
        assert "in this page)" in page.locator("#neighbours h3").first.inner_text()
        assert page.locator("#picture").is_hidden()
        page.locator("#whole").click()
        assert page.locator("#picture").is_visible()


def test_a_lone_node_and_graphs_without_direction_are_drawn(browser, tmp_path):
    lone = InteractionGraph.from_edges(["a"], ["a"])
    pair = InteractionGraph.from_edges(["a", "b"], ["b", "a"], [3, 3], kind="co_url")
    scores = NodeScores.from_values(pair, np.array([0.25, 1.5]), name="page_rank")
    for made, nodes, edges in ((view(lone, seed=1), 1, 0), (view(pair, size=scores, seed=1), 2, 1)):
        with visit(browser, made.save(tmp_path / "small.html")) as there:
            ready(there.page)
            counted = there.page.evaluate(
                "[view.sigma.getGraph().order, view.sigma.getGraph().size]"
            )
            assert counted == [nodes, edges]
            there.page.evaluate("view.go(0)")
            heading = there.page.locator("#neighbours h3").first.inner_text()
            assert heading == ("Linked with 1 account" if edges else "Acts upon 0 accounts")
            assert there.complaints == []
