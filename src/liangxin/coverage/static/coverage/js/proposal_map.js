// The map of a proposal: a star for each group from its host to its units, and who is left out.

import { addStreetLabel, bounds, fetched, fetchScript, hasWebGL, openMap, prewarm } from "../../ui/js/map.js";

const COLOURS = { site: "#1c5fa8", street: "#2a7d54", industry: "#b2660e" };
const LEFT_OUT = "#5b544d";
const GROUND = "#fbf9f5";
const WIDE = window.matchMedia("(min-width: 641px)");
const NOTHING = { type: "FeatureCollection", features: [] };

const collection = (features) => ({ type: "FeatureCollection", features });

// Lines from each host to its units, and everything that belongs to a group told by its number.
function starsOf(data) {
  const hosts = new Map(data.hosts.features.map((host) => [host.properties.group, host]));
  const units = data.units.features.map((one) => {
    const host = hosts.get(one.properties.group);
    return { ...one, properties: { ...one.properties, mode: host?.properties.mode ?? "street" } };
  });
  const lines = units.filter((one) => hosts.has(one.properties.group)).map((one) => ({
    type: "Feature",
    properties: one.properties,
    geometry: {
      type: "MultiLineString",
      coordinates: one.geometry.coordinates.map((place) => [hosts.get(one.properties.group).geometry.coordinates, place]),
    },
  }));
  return { hosts, units, lines };
}

function asked() {
  const form = document.getElementById("list-form");
  const value = (name) => form?.querySelector(`[name="${name}"]`)?.value ?? "";
  return { street: Number(value("street")) || 0, mode: value("mode"), founding: value("founding"), cross: value("cross") };
}

// The same conditions as the list's: a group is of every street in which a unit of it lies.
function isAsked({ properties: { streets, mode, standing } }, wanted) {
  if (wanted.street && !streets.includes(wanted.street)) return false;
  if (wanted.mode && mode !== wanted.mode) return false;
  if (wanted.founding && Boolean(standing) !== (wanted.founding === "join")) return false;
  if (wanted.cross) return (streets.length > 1) === (wanted.cross === "yes");
  return true;
}

function hostWords({ name, standing }) {
  return standing ? `并入${name}` : `${name}牵头`;
}

function groupAddress(box, number) {
  return box.dataset.group.replace("/0/", `/${number}/`);
}

function line(words, name = "div") {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

// On the map of a draft a unit can be sent elsewhere: the page of a unit shows where to.
function editLink(box, key, name) {
  const link = line(`给“${name}”换组`, "a");
  link.href = box.dataset.edit.replace("/0/", `/${key}/`);
  return link;
}

// Of the units of a star the one that was clicked.
function nearestUnit({ geometry, properties }, { lng, lat }) {
  const far = geometry.coordinates.map(([x, y]) => (x - lng) ** 2 + (y - lat) ** 2);
  const place = far.indexOf(Math.min(...far));
  return { key: properties.keys[place], name: properties.names[place] };
}

function groupCard(box, { properties: one }, modes) {
  const card = document.createElement("div");
  card.className = "cp-card";
  const title = line(`第 ${one.group} 组 · ${modes[one.mode]}`, "strong");
  const link = line("看这一组", "a");
  link.href = groupAddress(box, one.group);
  card.append(title, line(hostWords(one)), line(`${one.units} 个单位，${one.members} 名党员`), link);
  const tick = document.querySelector(`input[name="group"][value="${one.group}"]`);
  if (tick) {
    const label = document.createElement("label");
    label.className = "lx-check";
    const copy = document.createElement("input");
    copy.type = "checkbox";
    copy.checked = tick.checked;
    copy.addEventListener("change", () => { if (copy.checked !== tick.checked) tick.click(); });
    label.append(copy, "选这一组");
    card.append(label);
  }
  return card;
}

function leftOutCard(box, { properties: one }, reasons) {
  const card = document.createElement("div");
  card.className = "cp-card";
  card.append(line(one.name, "strong"), line(`未能联建：${reasons[one.code]}`));
  if (box.dataset.edit) card.append(editLink(box, one.key, one.name));
  return card;
}

function addLayers(map, data) {
  const colour = ["match", ["get", "mode"], ...Object.entries(COLOURS).flat(), LEFT_OUT];
  const far = map.getZoom();
  const grown = (small, large) => ["interpolate", ["linear"], ["zoom"], far, small, far + 4, large];
  const marked = (yes, no) => ["case", ["boolean", ["feature-state", "marked"], false], yes, no];
  for (const name of ["left_out", "lines", "units", "hosts"]) {
    map.addSource(name, { type: "geojson", data: NOTHING, promoteId: "group" });
  }
  map.addSource("outlines", { type: "geojson", data: data.outlines });
  map.addLayer({ id: "ground-streets", type: "fill", source: "outlines", paint: { "fill-color": GROUND, "fill-opacity": map.getSource("tiles") ? 0.4 : 1 } });
  map.addLayer({ id: "borders", type: "line", source: "outlines", paint: { "line-color": "#c9c0b4", "line-width": 1.2 } });
  map.addLayer({
    id: "left_out", type: "circle", source: "left_out",
    paint: { "circle-radius": grown(2.2, 5), "circle-color": "#fff", "circle-stroke-color": LEFT_OUT, "circle-stroke-width": grown(1, 2) },
  });
  map.addLayer({
    id: "lines", type: "line", source: "lines", layout: { "line-cap": "round" },
    paint: { "line-color": colour, "line-width": grown(marked(3, 1.2), marked(5, 2.4)), "line-opacity": 0.8 },
  });
  map.addLayer({
    id: "units", type: "circle", source: "units",
    paint: { "circle-radius": grown(1.6, 5), "circle-color": "#fff", "circle-stroke-color": colour, "circle-stroke-width": grown(1.2, 2.4) },
  });
  map.addLayer({
    id: "hosts", type: "circle", source: "hosts",
    paint: { "circle-radius": grown(marked(6, 3), marked(11, 8)), "circle-color": colour, "circle-stroke-color": "#fff", "circle-stroke-width": grown(0.8, 2) },
  });
  for (const street of data.outlines.features) addStreetLabel(map, street);
}

// What the list is asked for, and no more, stands on the map.
function show(map, data, stars, wanted) {
  const hosts = data.hosts.features.filter((host) => isAsked(host, wanted));
  const seen = new Set(hosts.map((host) => host.properties.group));
  const ofSeen = ({ properties }) => seen.has(properties.group) || (!stars.hosts.has(properties.group) && !wanted.street);
  map.getSource("hosts").setData(collection(hosts));
  map.getSource("lines").setData(collection(stars.lines.filter(ofSeen)));
  map.getSource("units").setData(collection(stars.units.filter(ofSeen)));
  const withLeftOut = document.querySelector("[data-show-left-out]").checked;
  const leftOut = data.left_out.features.filter(({ properties }) => !wanted.street || properties.street === wanted.street);
  map.getSource("left_out").setData(withLeftOut ? collection(leftOut) : NOTHING);
}

// One street fills the map, and so does the district when none is chosen.
function lookAt(map, data, wanted) {
  const own = data.outlines.features.filter((street) => street.id === wanted.street);
  const features = own.length ? own : everything(data);
  if (features.length) map.fitBounds(bounds(features), { padding: 24, maxZoom: 16, animate: WIDE.matches });
}

// An officer of one street sees that street's groups large, the neighbouring streets around them.
function everything(data) {
  const placed = [...data.hosts.features, ...data.units.features, ...data.left_out.features];
  return placed.length ? placed : data.outlines.features;
}

function hitAt(map, { x, y }) {
  const around = [[x - 6, y - 6], [x + 6, y + 6]];
  const hits = map.queryRenderedFeatures(around, { layers: ["hosts", "units", "lines", "left_out"] });
  return hits.find(({ layer }) => layer.id !== "left_out") ?? hits[0];
}

function marker(map) {
  let marked = null;
  return (group) => {
    if (marked === group) return;
    for (const [number, on] of [[marked, false], [group, true]]) {
      if (number === null) continue;
      for (const source of ["hosts", "lines"]) map.setFeatureState({ source, id: number }, { marked: on });
    }
    marked = group;
  };
}

function listen(box, map, data, stars) {
  const mark = marker(map);
  map.on("click", ({ point, lngLat }) => {
    const hit = hitAt(map, point);
    if (!hit) return;
    const host = stars.hosts.get(hit.properties.group);
    if (hit.layer.id !== "left_out" && !host) {
      window.location.assign(groupAddress(box, hit.properties.group));
      return;
    }
    const card = hit.layer.id === "left_out" ? leftOutCard(box, hit, data.reasons) : groupCard(box, host, data.modes);
    if (box.dataset.edit && host && !host.properties.standing && hit.layer.id !== "left_out") {
      const star = stars.units.find((one) => one.properties.group === hit.properties.group);
      const unit = hit.layer.id === "hosts" || !star ? host.properties : nearestUnit(star, lngLat);
      card.append(editLink(box, unit.key, unit.name));
    }
    new maplibregl.Popup({ maxWidth: "280px", focusAfterOpen: true }).setLngLat(lngLat).setDOMContent(card).addTo(map);
  });
  map.on("mousemove", ({ point }) => {
    const hit = hitAt(map, point);
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    mark(hit && hit.layer.id !== "left_out" ? hit.properties.group : null);
  });
  map.on("mouseout", () => mark(null));
}

function markStreet(street) {
  for (const link of document.querySelectorAll("[data-pick-street]")) {
    const isChosen = Number(link.dataset.pickStreet) === street;
    link.closest("tr").classList.toggle("is-marked", isChosen);
    if (isChosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function followList(refresh) {
  markStreet(asked().street);
  let before = asked();
  const changed = () => {
    const wanted = asked();
    markStreet(wanted.street);
    const isMoved = wanted.street !== before.street;
    before = wanted;
    refresh(wanted, isMoved);
  };
  document.addEventListener("change", ({ target }) => {
    if (target.closest("#list-form, [data-show-left-out]")) changed();
  });
}

async function drawMap(box, data) {
  const stars = starsOf(data);
  const map = await openMap(box, everything(data), { padding: 24 });
  addLayers(map, data);
  listen(box, map, data, stars);
  show(map, data, stars, asked());
  if (asked().street) lookAt(map, data, asked());
  followList((wanted, isMoved) => {
    show(map, data, stars, wanted);
    if (isMoved) lookAt(map, data, wanted);
  });
  map.once("idle", () => { box.dataset.ready = String(Math.round(performance.now())); });
}

function chartSeries(data, stars, wanted) {
  const hosts = data.hosts.features.filter((host) => isAsked(host, wanted));
  const seen = new Set(hosts.map((host) => host.properties.group));
  const lines = stars.lines.filter(({ properties }) => seen.has(properties.group));
  const leftOut = data.left_out.features.filter(({ properties }) => !wanted.street || properties.street === wanted.street);
  const withLeftOut = document.querySelector("[data-show-left-out]").checked;
  return [
    {
      type: "lines", coordinateSystem: "geo", silent: true,
      data: lines.flatMap(({ geometry, properties }) => geometry.coordinates.map((coords) => ({ coords, lineStyle: { color: COLOURS[properties.mode], width: 1.4 } }))),
    },
    {
      type: "scatter", coordinateSystem: "geo", symbolSize: 7,
      data: hosts.map(({ geometry, properties: one }) => ({
        value: geometry.coordinates, group: one.group, itemStyle: { color: COLOURS[one.mode] },
        words: `第 ${one.group} 组\n${hostWords(one)}\n${one.units} 个单位，${one.members} 名党员`,
      })),
    },
    {
      type: "scatter", coordinateSystem: "geo", symbolSize: 5,
      itemStyle: { color: "#fff", borderColor: LEFT_OUT, borderWidth: 1 },
      data: (withLeftOut ? leftOut : []).map(({ geometry, properties: one }) => ({ value: geometry.coordinates, words: `${one.name}\n未能联建：${data.reasons[one.code]}` })),
    },
  ];
}

// Without WebGL: the same stars on an ordinary canvas.
async function drawChart(box, data) {
  if (!data.outlines.features.length) throw new Error("no outlines");
  await fetchScript(box.dataset.echarts);
  const stars = starsOf(data);
  echarts.registerMap("liangxin-outlines", data.outlines);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const geo = { map: "liangxin-outlines", nameProperty: "name", roam: true, top: 24, bottom: 24, left: 24, right: 24, itemStyle: { areaColor: GROUND, borderColor: "#c9c0b4" }, emphasis: { disabled: true }, label: { show: true, color: "#2c2521", fontSize: 12 } };
  const draw = (wanted) => {
    const own = data.outlines.features.filter((street) => street.id === wanted.street);
    const [west, south, east, north] = bounds(own.length ? own : data.outlines.features);
    chart.setOption({
      tooltip: { renderMode: "richText", formatter: ({ data: one }) => one?.words ?? "" },
      geo: { ...geo, boundingCoords: [[west, north], [east, south]] },
      series: chartSeries(data, stars, wanted),
    }, true);
  };
  draw(asked());
  followList(draw);
  chart.on("click", ({ data: one }) => { if (one?.group) window.location.assign(groupAddress(box, one.group)); });
  window.addEventListener("resize", () => chart.resize());
  document.getElementById("map-note").textContent = "这台电脑的浏览器不能显示动态地图，已换成简图；内容与名单相同。";
  box.dataset.ready = String(Math.round(performance.now()));
}

async function start(box) {
  const withMap = hasWebGL();
  if (withMap) prewarm(box);
  const data = await fetched(box.dataset.map);
  await (withMap ? drawMap(box, data) : drawChart(box, data));
}

// On a phone the map stays folded until somebody asks for it: its program is larger than the page.
function startOnce() {
  const box = document.getElementById("map");
  if (!box || box.dataset.started || box.offsetParent === null) return;
  box.dataset.started = "yes";
  start(box).catch(() => {
    document.getElementById("map-note").textContent = "地图没有画出来，请刷新页面再试；下面的名单不受影响。";
  });
}

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-map-open]");
  if (!opener) return;
  const isOpen = document.getElementById("map-card").classList.toggle("is-open");
  opener.setAttribute("aria-expanded", String(isOpen));
  startOnce();
});
// A street of the table sets the filter of the list, which the map follows; without a script it is a link.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pick-street]");
  const choice = document.querySelector('#list-form select[name="street"]');
  if (!link || !choice || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choice.value = choice.value === link.dataset.pickStreet ? "" : link.dataset.pickStreet;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
});

WIDE.addEventListener("change", startOnce);
// The answer of a proposal that was being computed comes into the page without a reload.
document.addEventListener("htmx:afterSettle", startOnce);
startOnce();
