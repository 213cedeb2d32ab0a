"""The land on the globe of a report's page beside d3-geo's, which cuts polygons at the limb.

    npm pack d3-array@3.2.4 d3-geo@3.1.1     # and unpack dist/*.min.js of both into one folder
    python -m evidence.page.globe runs/quickstart-1/report/index.html FOLDER

Both fill the land in black on a disc of 240 px, seen from directions all over the sphere. Counts
the pixels that differ by more than a third of the scale: those that are on no edge.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evidence.page.browser import Tab, browser, chromium

LOOKS = 400

COMPARE = """
(looks) => {
  const globe = document.querySelector('.timeline').app.globe, radius = 240, size = 500;
  const rings = globe.app.episode.land.map((ring) => {
    const points = [];
    for (let k = 0, lon = 0, lat = 0; k < ring.length; k += 2) {
      points.push([(lon += ring[k]) / 10, (lat += ring[k + 1]) / 10]);
    }
    return [...points, points[0]];
  });
  const pixels = (draw) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const c = canvas.getContext('2d', { willReadFrequently: true });
    draw(c);
    return c.getImageData(0, 0, size, size).data;
  };
  return looks.map(([lon, lat]) => {
    const ours = pixels((c) => {
      const land = new Path2D(), [a, b] = [lon, lat].map((degrees) => degrees * Math.PI / 180);
      globe.frame = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
      c.translate(size / 2, size / 2);
      c.scale(1, -1);
      for (const ring of globe.rings) {
        globe.trace(ring.map((point) => globe.seen(point)), radius, land, new Path2D());
      }
      c.fill(land, 'evenodd');
    });
    const theirs = pixels((c) => {
      const projection = d3.geoOrthographic().rotate([-lon, -lat]).scale(radius)
        .translate([size / 2, size / 2]).precision(0.1);
      c.beginPath();
      d3.geoPath(projection, c)({ type: 'MultiPolygon', coordinates: rings.map((one) => [one]) });
      c.fill('evenodd');
    });
    let differ = 0, land = 0;
    for (let k = 3; k < ours.length; k += 4) {
      differ += Math.abs(ours[k] - theirs[k]) > 85;
      land += theirs[k] > 127;
    }
    return [lon, lat, differ, land];
  });
}
"""


def directions(count: int) -> list[tuple[float, float]]:
    """Longitudes and latitudes in degrees, spread evenly over the sphere, the poles first."""
    import numpy as np

    height = 1 - (2 * np.arange(count) + 1) / count
    lon = (np.arange(count) * 222.49) % 360 - 180
    spread = zip(lon, np.degrees(np.arcsin(height)), strict=True)
    return [(0.0, 90.0), (0.0, -90.0), *((float(a), float(b)) for a, b in spread)]


def compared(tab: Tab, page: Path, folder: Path) -> list[tuple[float, float, int, int]]:
    """Direction, pixels that differ and pixels of land, for each direction."""
    tab.show(page, 1400, 900)
    tab.until("!!document.querySelector('.timeline').app")
    for name in ("d3-array", "d3-geo"):
        tab.ask(f"{(folder / f'{name}.min.js').read_text('utf-8')}; 1")
    found = tab.ask(f"({COMPARE})({json.dumps(directions(LOOKS))})")
    return [(lon, lat, int(differ), int(land)) for lon, lat, differ, land in found]


def main(page: Path, folder: Path) -> None:
    """Print the worst directions and the share of all."""
    program = chromium()
    if program is None:
        raise SystemExit("There is no Chromium here.")
    with browser(program) as tab:
        found = compared(tab, page, folder)
    for lon, lat, differ, land in sorted(found, key=lambda one: -one[2])[:5]:
        print(f"from {lon:7.1f}°, {lat:6.1f}°: {differ} pixels differ, {land} are land")
    share = sum(one[2] for one in found) / sum(one[3] for one in found)
    print(f"{len(found)} directions: {share:.2e} of the pixels of land")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
