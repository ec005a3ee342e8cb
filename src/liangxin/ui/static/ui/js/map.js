// What every map needs: bounds, labels, the start of MapLibre under a strict CSP. For modules of pages.
// Text on a map is drawn here or stands in markers, since fonts for maps would have to come from outside.

export async function fetched(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

export function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
}

export function bounds(features) {
  const found = [180, 90, -180, -90];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      found[0] = Math.min(found[0], part[0]);
      found[1] = Math.min(found[1], part[1]);
      found[2] = Math.max(found[2], part[0]);
      found[3] = Math.max(found[3], part[1]);
    } else part.forEach(walk);
  };
  features.forEach((feature) => walk(feature.geometry.coordinates));
  return found;
}

function outerRings(geometry) {
  return geometry.type === "MultiPolygon" ? geometry.coordinates.map((part) => part[0]) : [geometry.coordinates[0]];
}

// The centre of gravity of the largest ring: where a street's label stands.
export function labelPlace(geometry) {
  let best = { area: -1, place: [0, 0] };
  for (const ring of outerRings(geometry)) {
    let area = 0;
    let x = 0;
    let y = 0;
    const [ox, oy] = ring[0];
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [ax, ay] = [ring[i][0] - ox, ring[i][1] - oy];
      const [bx, by] = [ring[i + 1][0] - ox, ring[i + 1][1] - oy];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (Math.abs(area) > best.area) {
      best = { area: Math.abs(area), place: [ox + x / (3 * area), oy + y / (3 * area)] };
    }
  }
  return best.place;
}

function style(tileUrl) {
  const ground = { id: "ground", type: "background", paint: { "background-color": "#f3f0ea" } };
  if (!tileUrl) return { version: 8, sources: {}, layers: [ground] };
  const tiles = { type: "raster", tiles: [tileUrl], tileSize: 256 };
  return { version: 8, sources: { tiles }, layers: [ground, { id: "tiles", type: "raster", source: "tiles" }] };
}

const WORDS = {
  "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小", "Map.Title": "地图",
  "Popup.Close": "关闭", "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 滚动可缩放地图",
  "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 滚动可缩放地图",
  "CooperativeGesturesHandler.MobileHelpText": "用两个手指移动地图",
};

// The worker starts while the data are on their way; `box` names its file in data-worker.
export function prewarm(box) {
  maplibregl.setWorkerUrl(box.dataset.worker);
  maplibregl.prewarm();
}

// A map in `box` that shows `features`, on the tiles of data-tiles or on plain ground; resolves when loaded.
export async function openMap(box, features, { padding = 14, maxZoom = 18 } = {}) {
  const map = new maplibregl.Map({
    container: box, style: style(box.dataset.tiles), bounds: bounds(features), fitBoundsOptions: { padding },
    maxZoom, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
    fadeDuration: 0, cooperativeGestures: true, locale: WORDS,
  });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.touchZoomRotate.disableRotation();
  await map.once("load");
  return map;
}

// A street's name on the map, with a smaller line under it.
export function addStreetLabel(map, { geometry, properties }, smaller = "") {
  const label = document.createElement("div");
  label.className = "lx-map-label";
  label.setAttribute("aria-hidden", "true");
  const small = document.createElement("small");
  small.textContent = smaller;
  label.append(properties.name, small);
  new maplibregl.Marker({ element: label }).setLngLat(labelPlace(geometry)).addTo(map);
}

// Without WebGL a chart library stands in; it is large and fetched only then.
export async function fetchScript(url) {
  await new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}
