// One unit and the groups around it: a click on a group leads to its choice in the list.

import { hasWebGL, openMap, prewarm } from "../../ui/js/map.js";

const COLOURS = { open: "#2a7d54", reason: "#b2660e", closed: "#8a8178" };
const OWN = "#8f1d1f";
const WORDS = { open: "可以移入", reason: "写明理由可以移入", closed: "不能移入，原因见名单" };

const point = (coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates } });
const collection = (features) => ({ type: "FeatureCollection", features });
const star = (host, units, properties) => ({
  type: "Feature", properties, geometry: { type: "MultiLineString", coordinates: units.map((unit) => [host, unit]) },
});

function pick(number) {
  for (const one of document.querySelectorAll(".is-picked")) one.classList.remove("is-picked");
  const choice = document.getElementById(`to-${number}`);
  if (!choice) return;
  choice.classList.add("is-picked");
  choice.scrollIntoView({ block: "center", behavior: "smooth" });
  (choice.querySelector("input, button") ?? choice.querySelector("a")).focus({ preventScroll: true });
}

function card({ number, name, verdict }) {
  const box = document.createElement("div");
  box.className = "cp-card";
  const title = document.createElement("strong");
  title.textContent = `第 ${number} 组`;
  const words = document.createElement("div");
  words.textContent = `${name}牵头；${WORDS[verdict]}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = verdict === "closed" ? "看原因" : "选这一组";
  button.addEventListener("click", () => pick(number));
  box.append(title, words, button);
  return box;
}

function addLayers(map, places) {
  const colour = ["match", ["get", "verdict"], ...Object.entries(COLOURS).flat(), COLOURS.closed];
  const groups = places.groups.map(({ host, units, number, name, verdict }) => ({ host, units, told: { number, name, verdict } }));
  map.addSource("stars", { type: "geojson", data: collection(groups.map((one) => star(one.host, one.units, one.told))) });
  map.addSource("members", { type: "geojson", data: collection(groups.flatMap((one) => one.units.map((unit) => point(unit, one.told)))) });
  map.addSource("hosts", { type: "geojson", data: collection(groups.map((one) => point(one.host, one.told))) });
  map.addSource("own", { type: "geojson", data: collection([point(places.unit)]) });
  map.addLayer({ id: "stars", type: "line", source: "stars", paint: { "line-color": colour, "line-width": 2 } });
  map.addLayer({ id: "members", type: "circle", source: "members", paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": colour, "circle-stroke-width": 2 } });
  map.addLayer({ id: "hosts", type: "circle", source: "hosts", paint: { "circle-radius": 9, "circle-color": colour, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  map.addLayer({ id: "own", type: "circle", source: "own", paint: { "circle-radius": 8, "circle-color": OWN, "circle-stroke-color": "#fff", "circle-stroke-width": 3 } });
}

async function start(box) {
  const places = JSON.parse(box.dataset.places);
  const note = document.getElementById("edit-map-note");
  if (!places.unit) {
    note.textContent = "台账中没有这家单位的位置，地图上画不出来；在名单里选。";
    return;
  }
  if (!hasWebGL()) {
    note.textContent = "这台电脑的浏览器不能显示地图；在名单里选，内容相同。";
    return;
  }
  prewarm(box);
  const shown = [point(places.unit), ...places.home.map((one) => point(one)), ...places.groups.flatMap(({ host, units }) => [host, ...units].map((one) => point(one)))];
  const map = await openMap(box, shown, { padding: 40, maxZoom: 17 });
  addLayers(map, places);
  const layers = ["hosts", "members", "stars"];
  map.on("click", ({ point: { x, y }, lngLat }) => {
    const [hit] = map.queryRenderedFeatures([[x - 8, y - 8], [x + 8, y + 8]], { layers });
    if (!hit) return;
    new maplibregl.Popup({ maxWidth: "260px" }).setLngLat(lngLat).setDOMContent(card(hit.properties)).addTo(map);
  });
  map.on("mousemove", ({ point: at }) => {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(at, { layers }).length ? "pointer" : "";
  });
  map.once("idle", () => { box.dataset.ready = "yes"; });
}

function startOnce() {
  const box = document.getElementById("edit-map");
  if (!box || box.dataset.started) return;
  box.dataset.started = "yes";
  start(box).catch(() => {
    document.getElementById("edit-map-note").textContent = "地图没有画出来；在名单里选，内容相同。";
  });
}

document.addEventListener("htmx:afterSettle", startOnce);
startOnce();
