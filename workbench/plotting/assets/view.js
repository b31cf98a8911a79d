// The interactive view: draws the data of the page, and answers search, filters, clicks and keys.
"use strict";
(() => {
  const { Graph, Sigma, EdgeLineProgram, EdgeRectangleProgram, NodeCircleProgram } = globalThis.libraries;
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, nodes, edges, communities } = data;
  const n = nodes.x.length;
  const m = edges.source.length;
  const FAINT = "#e3e6ea";
  const LISTED = 25;
  const RESULTS = 8;
  const LARGEST = 5;
  const STEPS = 60;

  const decimals = new Intl.NumberFormat(data.language, { maximumFractionDigits: 3 });
  const figures = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 3 });
  /** A number as its language writes it; a small one, such as a share, keeps its figures. */
  const written = (value) => (Math.abs(value) < 1 ? figures : decimals).format(value);
  const plural = new Intl.PluralRules(data.language);
  const byId = (id) => document.getElementById(id);
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /** A text of the interface with its places filled; `n` chooses singular or plural. */
  function say(key, places = {}) {
    const form = words[key] ?? words[`${key}_${plural.select(places.n)}`] ?? words[`${key}_other`];
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      const value = places[name];
      return typeof value === "number" ? written(value) : value;
    });
  }

  function element(tag, content = "", attributes = {}) {
    const made = document.createElement(tag);
    made.append(...[content].flat());
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  // What is drawn ---------------------------------------------------------------------------------

  const nameOf = (i) => nodes.name?.[i] ?? say("unnamed", { number: String(i + 1) });
  const groupOf = (i) => nodes.group[i];
  const communityOf = (i) => data.names[nodes.community[i]] ?? say("without_community");
  const folding = Array.from({ length: n }, (_, i) => folded(nameOf(i)));

  const nodeShown = new Uint8Array(n).fill(1);
  const edgeShown = new Uint8Array(m).fill(1);
  const state = { selected: null, near: new Set(), hidden: new Set(), least: 0 };

  const outgoing = Array.from({ length: n }, () => []);
  const incoming = Array.from({ length: n }, () => []);
  for (let e = 0; e < m; e += 1) {
    outgoing[edges.source[e]].push(e);
    incoming[edges.target[e]].push(e);
  }
  const evidenceOf = new Map();
  data.evidence?.edge.forEach((edge, row) => {
    if (!evidenceOf.has(edge)) evidenceOf.set(edge, []);
    evidenceOf.get(edge).push(row);
  });

  function graphOfData() {
    const graph = new Graph({ type: "directed", multi: false, allowSelfLoops: false });
    // The largest are added last, so that they lie on top; so are the heaviest edges.
    for (let i = n - 1; i >= 0; i -= 1) {
      graph.addNode(String(i), {
        i, x: nodes.x[i], y: nodes.y[i], size: nodes.radius[i],
        color: communities[groupOf(i)].colour, label: nameOf(i),
      });
    }
    for (let e = m - 1; e >= 0; e -= 1) {
      const inside = groupOf(edges.source[e]) === groupOf(edges.target[e]);
      graph.addEdgeWithKey(String(e), String(edges.source[e]), String(edges.target[e]), {
        e, size: 0.7, color: inside ? communities[groupOf(edges.source[e])].tint : data.between,
      });
    }
    return graph;
  }

  function drawnNode(_, node) {
    if (!nodeShown[node.i]) return { ...node, hidden: true };
    if (state.selected === null) return node;
    if (node.i === state.selected) return { ...node, forceLabel: true, highlighted: true, zIndex: 2 };
    if (state.near.has(node.i)) return { ...node, zIndex: 1 };
    return { ...node, color: FAINT, label: "", zIndex: 0 };
  }

  function drawnEdge(_, edge) {
    if (!edgeShown[edge.e]) return { ...edge, hidden: true };
    if (state.selected === null) return edge;
    const ends = [edges.source[edge.e], edges.target[edge.e]];
    if (!ends.includes(state.selected)) return { ...edge, hidden: true };
    return { ...edge, color: data.chosen, size: 1.2 };
  }

  function ring(context, node) {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = "#202124";
    context.stroke();
  }

  /** A label beside its dot, with a white edge so that lines do not cut through it. */
  function label(context, node, settings) {
    if (!node.label) return;
    context.font = `${settings.labelSize}px ${settings.labelFont}`;
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = "#fff";
    context.fillStyle = settings.labelColor.color;
    const place = [node.label, node.x + node.size + 3, node.y + settings.labelSize / 3];
    context.strokeText(...place);
    context.fillText(...place);
  }

  function start() {
    const made = new Sigma(graphOfData(), byId("stage"), {
      nodeReducer: drawnNode,
      edgeReducer: drawnEdge,
      nodeProgramClasses: { circle: NodeCircleProgram },
      edgeProgramClasses: { thin: EdgeLineProgram, line: EdgeRectangleProgram },
      defaultEdgeType: m > 20000 ? "thin" : "line",
      renderLabels: Boolean(nodes.name),
      labelDensity: 0.5,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 5,
      labelFont: '"DejaVu Sans", system-ui, sans-serif',
      labelSize: 12,
      labelColor: { color: "#202124" },
      defaultDrawNodeLabel: label,
      defaultDrawNodeHover: ring,
      hideEdgesOnMove: m > 20000,
      minCameraRatio: 0.005,
      maxCameraRatio: 5,
      zIndex: true,
    });
    made.setCustomBBox(data.frame); // far-flung nodes must not shrink the picture
    return made;
  }

  // Filters ---------------------------------------------------------------------------------------

  /** Decide what is shown: communities that are not hidden, edges of enough weight, and, once the
   *  weight filter is used, only those that still have an edge. */
  function filter() {
    const thinned = state.least > steps[0];
    const kept = new Uint8Array(n);
    for (let e = 0; e < m; e += 1) {
      const [source, target] = [edges.source[e], edges.target[e]];
      const open = !state.hidden.has(groupOf(source)) && !state.hidden.has(groupOf(target));
      edgeShown[e] = open && edges.weight[e] >= state.least ? 1 : 0;
      if (edgeShown[e]) kept[source] = kept[target] = 1;
    }
    for (let i = 0; i < n; i += 1) {
      nodeShown[i] = !state.hidden.has(groupOf(i)) && (kept[i] || !thinned) ? 1 : 0;
    }
    const stays = state.selected !== null && nodeShown[state.selected];
    choose(stays ? state.selected : null);
    search();
    const shown = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
    byId("shown").textContent = say("shown", {
      nodes: shown(nodeShown), of_nodes: n, edges: shown(edgeShown), of_edges: m,
    });
    redraw();
  }

  /** The weights to choose from: all distinct ones, or so many quantiles of them. */
  function weightSteps() {
    const distinct = [...new Set(edges.weight)].sort((a, b) => a - b);
    if (distinct.length <= STEPS) return distinct.length ? distinct : [0];
    const chosen = Array.from({ length: STEPS }, (_, k) =>
      distinct[Math.round((k * (distinct.length - 1)) / (STEPS - 1))]);
    return [...new Set(chosen)];
  }
  const steps = weightSteps();
  state.least = steps[0];

  function setUpFilters() {
    const slider = byId("weight");
    slider.max = String(steps.length - 1);
    slider.disabled = steps.length < 2;
    const told = () => {
      const text = say("at_least", { weight: steps[Number(slider.value)] });
      byId("weight-shown").textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    slider.addEventListener("input", told);
    slider.addEventListener("change", () => {
      state.least = steps[Number(slider.value)];
      filter();
    });
    told();
    communities.forEach((community, group) => {
      if (!community.size) return;
      const box = element("input", "", { type: "checkbox", value: group });
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) state.hidden.delete(group);
        else state.hidden.add(group);
        filter();
      });
      const dot = element("span", "", { class: "dot" });
      dot.style.background = community.colour;
      const size = element("span", ` ${written(community.size)}`, { class: "count" });
      byId("communities").append(
        element("label", [box, " ", dot, element("bdi", community.name), size]));
    });
    byId("communities").hidden = !data.names.length;
  }

  function drawAreas() {
    const sized = data.areas.map(({ radius, value }) => {
      const side = 2 * radius + 2;
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("width", side);
      svg.setAttribute("height", side);
      svg.setAttribute("aria-hidden", "true");
      const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      for (const name of ["cx", "cy"]) circle.setAttribute(name, side / 2);
      circle.setAttribute("r", radius);
      circle.setAttribute("fill", "#9aa0a6");
      svg.append(circle);
      return element("span", [svg, written(value)]);
    });
    byId("areas").append(element("span", say("area", { measure: data.measure })), ...sized);
  }

  // One node --------------------------------------------------------------------------------------

  /** Choose a node, or none; its lists hold what the filters show. */
  function choose(i) {
    state.selected = i;
    state.near = new Set();
    byId("details").hidden = i === null;
    if (i === null) return;
    for (const e of outgoing[i]) if (edgeShown[e]) state.near.add(edges.target[e]);
    for (const e of incoming[i]) if (edgeShown[e]) state.near.add(edges.source[e]);
    describe(i);
  }

  function select(i) {
    choose(i);
    if (i !== null) byId("details").scrollIntoView({ block: "nearest" });
    redraw();
  }

  function describe(i) {
    byId("details-title").replaceChildren(element("bdi", nameOf(i)));
    const facts = [
      ...(data.names.length ? [[say("community"), communityOf(i)]] : []),
      [data.measure, written(nodes.score[i])],
    ];
    byId("facts").replaceChildren(
      ...facts.flatMap(([term, value]) => [element("dt", term), element("dd", element("bdi", value))]));
    const neighbours = byId("neighbours");
    neighbours.replaceChildren();
    if (data.directed) {
      neighbours.append(...listOf("acts", outgoing[i], (e) => edges.target[e]));
      neighbours.append(...listOf("acted_upon", incoming[i], (e) => edges.source[e]));
    } else {
      const other = (e) => (edges.source[e] === i ? edges.target[e] : edges.source[e]);
      neighbours.append(...listOf("linked", [...outgoing[i], ...incoming[i]], other));
    }
    byId("no-evidence").hidden = Boolean(data.evidence);
    byId("no-evidence").textContent = say("no_evidence");
  }

  function listOf(heading, found, other) {
    const shown = found.filter((e) => edgeShown[e]);
    shown.sort((a, b) => edges.weight[b] - edges.weight[a] || other(a) - other(b));
    const title = element("h3", say(heading, { n: shown.length }));
    // A filter, or a page that holds a part of the network, leaves neighbours out.
    if (shown.length < found.length) title.append(" ", say("of_page", { all: found.length }));
    else if (data.partial) title.append(" ", say("in_page"));
    const list = element("ul");
    const add = (some) => list.append(...some.map((e) => neighbour(e, other(e))));
    add(shown.slice(0, LISTED));
    if (shown.length <= LISTED) return [title, list];
    const more = element("button", say("all", { n: shown.length }), { type: "button" });
    more.addEventListener("click", () => {
      add(shown.slice(LISTED));
      more.remove();
      list.children[LISTED].querySelector("button").focus();
    });
    return [title, list, more];
  }

  function neighbour(e, i) {
    const weight = say("weighs", { n: edges.weight[e] });
    const item = element("li", [nodeButton(i), element("span", ` ${weight}`, { class: "count" })]);
    const rows = evidenceOf.get(e) ?? [];
    if (rows.length) {
      const all = rows.length >= edges.weight[e];
      const told = say(all ? "posts" : "some_posts", { n: rows.length, of: edges.weight[e] });
      const summary = element("summary", told);
      item.append(element("details", [summary, posts(rows)]));
    }
    return item;
  }

  function posts(rows) {
    const { evidence } = data;
    const columns = ["post", "time", "kind", "text"].filter((name) => evidence[name]);
    const head = columns.map((name) => element("th", say(`column_${name}`), { scope: "col" }));
    const body = rows.map((row) =>
      element("tr", columns.map((name) => element("td", element("bdi", evidence[name][row]), { class: name }))));
    return element("table", [
      element("thead", element("tr", head)),
      element("tbody", body),
    ]);
  }

  function nodeButton(i) {
    const dot = element("span", "", { class: "dot", "aria-hidden": "true" });
    dot.style.background = communities[groupOf(i)].colour;
    const button = element("button", [dot, element("bdi", nameOf(i))], { type: "button", class: "node" });
    button.addEventListener("click", () => {
      go(i);
      byId("details").focus();
    });
    return button;
  }

  /** Select a node and bring it into the picture. */
  function go(i) {
    select(i);
    const place = sigma?.getNodeDisplayData(String(i));
    if (!place) return;
    const ratio = Math.min(sigma.getCamera().ratio, 0.6);
    sigma.getCamera().animate({ x: place.x, y: place.y, ratio }, { duration: 250 });
  }

  // Search ----------------------------------------------------------------------------------------

  function search() {
    const wanted = folded(byId("search").value.trim());
    const found = [];
    for (let i = 0; i < n; i += 1) {
      const fits = folding[i].includes(wanted) || String(i + 1) === wanted;
      if (nodeShown[i] && fits) found.push(i);
    }
    // The nodes are numbered from the largest, so that the first found are the largest ones.
    byId("results").replaceChildren(
      ...found.slice(0, wanted ? RESULTS : LARGEST).map((i) => element("li", nodeButton(i))));
    byId("found").textContent = wanted ? say("found", { n: found.length }) : say("largest");
  }

  // Keys, mouse, buttons --------------------------------------------------------------------------

  function move(x, y) {
    const camera = sigma.getCamera();
    const step = 0.15 * camera.ratio;
    camera.animate({ x: camera.x + x * step, y: camera.y + y * step }, { duration: 100 });
  }

  const keys = {
    ArrowLeft: () => move(-1, 0),
    ArrowRight: () => move(1, 0),
    ArrowUp: () => move(0, 1),
    ArrowDown: () => move(0, -1),
    "+": () => sigma.getCamera().animatedZoom(),
    "=": () => sigma.getCamera().animatedZoom(),
    "-": () => sigma.getCamera().animatedUnzoom(),
    0: () => reset(),
  };

  function reset() {
    byId("search").value = "";
    byId("weight").value = "0";
    byId("weight").dispatchEvent(new Event("input"));
    for (const box of byId("communities").querySelectorAll("input")) box.checked = true;
    state.hidden.clear();
    state.least = steps[0];
    choose(null);
    filter();
    sigma?.getCamera().animatedReset({ duration: 250 });
  }

  function hover(i, event) {
    byId("stage").style.cursor = i === null ? "" : "pointer";
    const tip = byId("tip");
    tip.hidden = i === null;
    if (i === null) return;
    const score = `${data.measure} ${written(nodes.score[i])}`;
    const community = data.names.length ? ["\n", element("bdi", communityOf(i))] : [];
    tip.replaceChildren(element("bdi", nameOf(i)), ...community, `\n${score}`);
    const right = event.x > byId("stage").clientWidth / 2;
    tip.style.left = right ? "" : `${event.x + 14}px`;
    tip.style.right = right ? `${byId("stage").clientWidth - event.x + 14}px` : "";
    tip.style.top = `${Math.max(0, event.y - 10)}px`;
  }

  function listen() {
    byId("search").addEventListener("input", search);
    byId("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter") byId("results").querySelector("button")?.click();
    });
    byId("reset").addEventListener("click", reset);
    byId("close").addEventListener("click", () => {
      select(null);
      byId("search").focus();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") select(null);
    });
    byId("whole").hidden = !byId("picture");
    byId("whole").addEventListener("click", ({ target }) => {
      const whole = document.body.classList.toggle("whole");
      target.setAttribute("aria-pressed", String(whole));
    });
  }

  function listenToDrawing() {
    byId("closer").addEventListener("click", keys["+"]);
    byId("farther").addEventListener("click", keys["-"]);
    byId("stage").addEventListener("keydown", (event) => {
      if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    sigma.on("enterNode", ({ node, event }) => hover(Number(node), event));
    sigma.on("leaveNode", () => hover(null));
    sigma.on("clickNode", ({ node }) => select(Number(node)));
    sigma.on("clickStage", () => select(null));
  }

  function redraw() {
    sigma?.refresh({ skipIndexation: true });
  }

  /** Draw, or say why not and show the picture: the lists work without WebGL too. */
  function draw() {
    try {
      sigma = start();
      listenToDrawing();
    } catch (error) {
      document.body.classList.replace("live", "lists");
      console.warn(say("no_webgl"), error.message);
    }
    globalThis.view = { sigma, state, select, go };
  }

  /** Call back once an element has a size: a frame in a notebook may be shown later than it runs. */
  function whenSized(one, callback) {
    const observer = new ResizeObserver(() => {
      if (!one.clientWidth || !one.clientHeight) return;
      observer.disconnect();
      callback();
    });
    observer.observe(one);
  }

  let sigma = null;
  document.body.classList.add("live");
  setUpFilters();
  drawAreas();
  listen();
  filter();
  whenSized(byId("stage"), draw);
})();
