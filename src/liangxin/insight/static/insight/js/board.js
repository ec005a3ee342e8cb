// The map of the board: streets shaded by their gap, organisations as clustered points.

import { addStreetLabel, fetched, fetchScript, hasWebGL, openMap, prewarm } from "../../ui/js/map.js";

const SHADES = ["#f7ebe1", "#eccbb5", "#dda285", "#c67259", "#9c3a34"];
const NO_DATA = "#efece6";
const OPEN = "#3a332d";
const DONE = "#22684a";
const UNIT = 1e-5;

const box = document.getElementById("map");
const note = document.getElementById("map-note");
const rows = new Map(
  [...document.querySelectorAll(".board-streets tr[data-group]")].map((row) => [row.dataset.group, row]),
);

function listAddress(street) {
  return `${box.dataset.list}&street=${street}`;
}

function percent(share) {
  return share === null ? "—" : `${(share * 100).toFixed(1)}%`;
}

function pointFeatures(columns, states) {
  const features = [];
  for (let i = 0; i < columns.ids.length; i += 1) {
    const state = columns.states[i];
    if (!states.includes(state)) continue;
    features.push({
      type: "Feature",
      geometry: { type: "Point", coordinates: [columns.lon[i] * UNIT, columns.lat[i] * UNIT] },
      properties: { id: columns.ids[i], open: state === "0" ? 1 : 0 },
    });
  }
  return { type: "FeatureCollection", features };
}

function chosenStates() {
  const boxes = [...document.querySelectorAll("[data-points-of]")];
  return boxes.filter((one) => one.checked).map((one) => one.dataset.pointsOf).join("");
}

function numberImage(text) {
  const ratio = 2;
  const canvas = document.createElement("canvas");
  canvas.width = 44 * ratio;
  canvas.height = 20 * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = '600 12px system-ui, "Noto Sans CJK SC", sans-serif';
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = "#fff";
  pen.fillText(text, 22, 10.5);
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), ratio };
}

function addStreets(map, streets) {
  map.addSource("streets", { type: "geojson", data: streets });
  const shade = ["match", ["get", "shade"], ...SHADES.flatMap((colour, number) => [number, colour]), NO_DATA];
  const marked = (yes, no) => ["case", ["boolean", ["feature-state", "marked"], false], yes, no];
  map.addLayer({ id: "streets", type: "fill", source: "streets", paint: { "fill-color": shade, "fill-opacity": box.dataset.tiles ? 0.7 : 1 } });
  map.addLayer({ id: "borders", type: "line", source: "streets", paint: { "line-color": marked("#26221f", "#fff"), "line-width": marked(3, 1.4) } });
  for (const street of streets.features) {
    const { share } = street.properties;
    addStreetLabel(map, street, share === null ? "" : percent(share));
  }
}

// Seen whole, the district shows its shades and names; dots grow and get their numbers on the way in.
function addPoints(map) {
  const far = map.getZoom() + 0.4;
  const near = far + 0.8;
  const empty = { type: "FeatureCollection", features: [] };
  map.addSource("points", {
    type: "geojson", data: empty, cluster: true, clusterRadius: 38, clusterMaxZoom: 15,
    clusterProperties: { open: ["+", ["get", "open"]] },
  });
  const colour = ["case", [">", ["get", "open"], 0], OPEN, DONE];
  const grown = (scale) => ["*", scale, ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1, 9, 10, 15, 50, 26]];
  const onTheWay = (before, after) => ["interpolate", ["linear"], ["zoom"], far, before, near, after];
  map.addLayer({
    id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"],
    paint: {
      "circle-color": colour, "circle-opacity": onTheWay(0.4, 0.82), "circle-radius": onTheWay(grown(0.35), grown(1)),
      "circle-stroke-color": "#fff", "circle-stroke-width": onTheWay(0.6, 1.5), "circle-stroke-opacity": onTheWay(0.5, 1),
    },
  });
  map.addLayer({
    id: "counts", type: "symbol", source: "points", filter: ["has", "point_count"], minzoom: near,
    layout: { "icon-image": ["concat", "n", ["get", "point_count_abbreviated"]], "icon-allow-overlap": true },
  });
  map.addLayer({
    id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-color": colour, "circle-radius": onTheWay(2.5, 5.5),
      "circle-stroke-color": "#fff", "circle-stroke-width": onTheWay(0.5, 1.2),
    },
  });
}

function marker(map) {
  let marked = null;
  return (street) => {
    if (marked === street) return;
    if (marked !== null) {
      map.setFeatureState({ source: "streets", id: Number(marked) }, { marked: false });
      rows.get(marked)?.classList.remove("is-marked");
    }
    marked = street;
    if (street === null) return;
    map.setFeatureState({ source: "streets", id: Number(street) }, { marked: true });
    rows.get(street)?.classList.add("is-marked");
  };
}

async function showPlace(map, place, ids) {
  const response = await fetch(`${box.dataset.place}&ids=${ids.join(",")}`);
  if (!response.ok) return;
  new maplibregl.Popup({ maxWidth: "300px", focusAfterOpen: true }).setLngLat(place).setHTML(await response.text()).addTo(map);
}

async function openCluster(map, feature) {
  const source = map.getSource("points");
  const { cluster_id: cluster, point_count: count } = feature.properties;
  const place = feature.geometry.coordinates;
  const zoom = await source.getClusterExpansionZoom(cluster);
  if (zoom <= 15) {
    map.easeTo({ center: place, zoom: zoom + 0.5 });
    return;
  }
  const leaves = await source.getClusterLeaves(cluster, Math.min(count, 300), 0);
  await showPlace(map, place, leaves.map((leaf) => leaf.properties.id));
}

// A finger is wider than a dot: what lies within a few pixels counts as hit, dots before streets.
function hitAt(map, { x, y }) {
  const around = [[x - 7, y - 7], [x + 7, y + 7]];
  const [dot] = map.queryRenderedFeatures(around, { layers: ["points", "clusters"] });
  return dot ?? map.queryRenderedFeatures([x, y], { layers: ["streets"] })[0];
}

function listen(map, mark) {
  map.on("click", (event) => {
    const hit = hitAt(map, event.point);
    if (!hit) return;
    if (hit.layer.id === "clusters") openCluster(map, hit);
    else if (hit.layer.id === "points") showPlace(map, hit.geometry.coordinates, [hit.properties.id]);
    else window.location.assign(listAddress(hit.id));
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = hitAt(map, event.point) ? "pointer" : "";
    const [street] = map.queryRenderedFeatures(event.point, { layers: ["streets"] });
    mark(street ? String(street.id) : null);
  });
  map.on("mouseout", () => mark(null));
  for (const [street, row] of rows) {
    if (!street) continue;
    for (const kind of ["focusin", "mouseenter"]) row.addEventListener(kind, () => mark(street));
    for (const kind of ["focusout", "mouseleave"]) row.addEventListener(kind, () => mark(null));
  }
}

// An officer of one street sees that street large; the neighbours stay around it without figures.
function ownStreets(streets) {
  const own = streets.features.filter(({ properties }) => properties.share !== null);
  return own.length ? own : streets.features;
}

async function drawMap(streets, points) {
  const map = await openMap(box, ownStreets(streets));
  map.on("styleimagemissing", ({ id }) => {
    if (!/^n[\d.k]+$/.test(id) || map.hasImage(id)) return;
    const { image, ratio } = numberImage(id.slice(1));
    map.addImage(id, image, { pixelRatio: ratio });
  });
  addStreets(map, streets);
  map.once("render", () => { box.dataset.painted = String(Math.round(performance.now())); });
  addPoints(map);
  listen(map, marker(map));
  const columns = await points;
  const show = () => map.getSource("points").setData(pointFeatures(columns, chosenStates()));
  document.querySelectorAll("[data-points-of]").forEach((one) => one.addEventListener("change", show));
  show();
  map.once("idle", () => { box.dataset.ready = String(Math.round(performance.now())); });
}

// Without WebGL: the same streets, shades and figures as a chart on an ordinary canvas.
async function drawChart(streets) {
  await fetchScript(box.dataset.echarts);
  echarts.registerMap("liangxin-streets", streets);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const data = streets.features.map(({ id, properties }) => ({
    name: properties.name, value: properties.gap, street: id, share: properties.share,
    itemStyle: { areaColor: properties.shade === null ? NO_DATA : SHADES[properties.shade] },
  }));
  chart.setOption({
    tooltip: { renderMode: "richText", formatter: ({ data: one }) => (one ? `${one.name}\n${one.value} 家 · ${percent(one.share)}` : "") },
    series: [{
      type: "map", map: "liangxin-streets", nameProperty: "name", data, selectedMode: false,
      label: { show: true, fontSize: 12, color: "#2c2521", formatter: ({ name, data: one }) => (one ? `${name}\n${percent(one.share)}` : name) }, itemStyle: { borderColor: "#fff" },
      emphasis: { itemStyle: { borderColor: "#26221f", borderWidth: 2, areaColor: "inherit" } },
    }],
  });
  chart.on("click", ({ data: one }) => one && window.location.assign(listAddress(one.street)));
  window.addEventListener("resize", () => chart.resize());
  for (const [street, row] of rows) {
    const name = data.find((one) => String(one.street) === street)?.name;
    if (!name) continue;
    row.addEventListener("focusin", () => chart.dispatchAction({ type: "highlight", name }));
    row.addEventListener("focusout", () => chart.dispatchAction({ type: "downplay", name }));
  }
  document.querySelector(".board-dots").hidden = true;
  note.textContent = "这台电脑的浏览器不能显示动态地图，已换成简图，没有单位的位置；数字与右表相同。";
  box.dataset.ready = String(Math.round(performance.now()));
}

async function start() {
  const withMap = hasWebGL();
  // Asked for at once, so that it comes while the streets are being drawn.
  const points = withMap ? fetched(box.dataset.points) : null;
  points?.catch(() => {});
  if (withMap) prewarm(box);
  const streets = await fetched(box.dataset.streets);
  if (!streets.features.length) {
    box.hidden = true;
    document.querySelector(".board-legend").hidden = true;
    note.textContent = "还没有导入街道边界，地图暂不能画；旁边的表不受影响。";
    return;
  }
  await (withMap ? drawMap(streets, points) : drawChart(streets));
}

start().catch(() => {
  note.textContent = "地图没有画出来，请刷新页面再试；旁边的表不受影响。";
});
