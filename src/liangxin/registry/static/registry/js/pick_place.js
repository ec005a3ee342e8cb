// A click on the map fills in longitude and latitude; the numbers typed move the mark.
import { addStreetLabel, hasWebGL, openMap, prewarm } from "../../ui/js/map.js";

const DIGITS = 6;
const box = document.getElementById("pick-map");
const lon = document.getElementById("id_lon");
const lat = document.getElementById("id_lat");
const system = document.getElementById("id_coordinate_system");

function typedPlace() {
  const place = [Number.parseFloat(lon.value), Number.parseFloat(lat.value)];
  // Degrees of another system would put the mark beside the building.
  return place.every(Number.isFinite) && system.value === "WGS-84" ? place : null;
}

async function start() {
  const streets = JSON.parse(document.getElementById("pick-streets").textContent);
  prewarm(box);
  const map = await openMap(box, streets.features);
  map.addSource("streets", { type: "geojson", data: streets });
  map.addLayer({ id: "streets", type: "fill", source: "streets", paint: { "fill-color": "#fff", "fill-opacity": box.dataset.tiles ? 0.15 : 1 } });
  map.addLayer({ id: "borders", type: "line", source: "streets", paint: { "line-color": "#b9b0a2", "line-width": 1 } });
  streets.features.forEach((feature) => addStreetLabel(map, feature));
  const mark = new maplibregl.Marker({ color: "#b3261e" });
  const show = () => {
    const place = typedPlace();
    if (place) mark.setLngLat(place).addTo(map);
    else mark.remove();
    return place;
  };
  const known = show();
  if (known) map.jumpTo({ center: known, zoom: box.dataset.tiles ? 15 : 11 });
  map.on("click", (event) => {
    lon.value = event.lngLat.lng.toFixed(DIGITS);
    lat.value = event.lngLat.lat.toFixed(DIGITS);
    system.value = "WGS-84";
    show();
  });
  for (const field of [lon, lat, system]) field.addEventListener("change", show);
}

if (hasWebGL()) start();
else box.closest("section").hidden = true;
