"""Make a picture of a page small: at most 256 colours, written as an indexed PNG."""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

PALETTE_SIZE = 256
# The commonest colours stay as they are, every other becomes the nearest of them.
INDEXED = """async ([data, size]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + data)).blob());
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const shown = pen.getImageData(0, 0, image.width, image.height).data;
  const pixels = new Uint32Array(image.width * image.height);
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 1) {
    const colour = shown[at * 4] * 65536 + shown[at * 4 + 1] * 256 + shown[at * 4 + 2];
    pixels[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const commonest = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  const palette = commonest.slice(0, size).map(([colour]) => parts(colour));
  const places = new Map(palette.map(([r, g, b], place) => [r * 65536 + g * 256 + b, place]));
  const nearest = (colour) => {
    const [red, green, blue] = parts(colour);
    let best = 0, least = Infinity;
    palette.forEach(([r, g, b], place) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) { least = far; best = place; }
    });
    places.set(colour, best);
    return best;
  };
  let text = "";
  for (const colour of pixels) text += String.fromCharCode(places.get(colour) ?? nearest(colour));
  return [image.width, image.height, palette.flat(), btoa(text)];
}"""


def shrink(path: Path, *, page: Page) -> None:
    """Rewrite a PNG with fewer colours, by the canvas of any open page."""
    data = base64.b64encode(path.read_bytes()).decode()
    width, height, colours, text = page.evaluate(INDEXED, [data, PALETTE_SIZE])
    indices = base64.b64decode(text)
    rows = (indices[top : top + width] for top in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(colours)), (b"IDAT", pixels), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
