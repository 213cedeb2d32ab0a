// How the marks of strips and legends are drawn, on canvases as sharp as the screen.

// the light colours of page.css and timeline.css, for print
const PAPER = {
  ink: "#1d2127", muted: "#646c78", grid: "#d8dce2", paper: "#ffffff", page: "#f4f5f7",
  blue: "#0072b2", red: "#d55e00", green: "#009e73", sea: "#e8f1f8", land: "#c9d2c4",
  night: "rgba(20, 28, 48, 0.28)",
};

function colours(root, printing) {
  if (printing) return PAPER;
  const style = getComputedStyle(root);
  return Object.fromEntries(
    Object.keys(PAPER).map((name) => [name, style.getPropertyValue(`--${name}`).trim() || PAPER[name]]),
  );
}

// a canvas as sharp as the screen; returns its context, in CSS pixels
function fitted(canvas, width, height, scale) {
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

// crosses within a box
function crossed(c, x, y, w, h, colour) {
  c.save();
  c.beginPath();
  c.rect(x, y, w, h);
  c.clip();
  c.strokeStyle = colour;
  c.lineWidth = 1.1;
  c.beginPath();
  for (let k = Math.floor((x - h) / 5) * 5; k < x + w; k += 5) {
    c.moveTo(k, y + h);
    c.lineTo(k + h, y);
    c.moveTo(k, y);
    c.lineTo(k + h, y + h);
  }
  c.stroke();
  c.restore();
}

// One mark of each kind, as strips and legend draw it. Shape, place and filling differ, not colour
// alone.
const MARKS = {
  slewing(c, x, y, w, h, ink, side) {
    c.fillStyle = side;
    c.globalAlpha = 0.4;
    c.fillRect(x, y + h * 0.6, w, h * 0.4);
    c.globalAlpha = 1;
  },
  observing(c, x, y, w, h, ink, side) {
    c.fillStyle = side;
    c.fillRect(x, y, w, h);
  },
  resting(c, x, y, w, h, ink) {
    c.fillStyle = ink.muted;
    c.fillRect(x, y + h / 2 - 0.5, w, 1);
  },
  denying(c, x, y, w, h, ink, side) {
    c.fillStyle = side;
    c.globalAlpha = 0.3;
    c.fillRect(x, y, w, h);
    c.globalAlpha = 1;
    c.fillStyle = ink.ink;
    c.fillRect(x, y + h / 2 - 1.5, w, 3);
  },
  protecting(c, x, y, w, h, ink) {
    c.fillStyle = ink.green;
    c.fillRect(x, y, w, h);
  },
  denied(c, x, y, w, h, ink) { crossed(c, x, y, w, h, ink.ink); },
  protected(c, x, y, w, h, ink) {
    c.fillStyle = ink.green;
    c.fillRect(x, y - 2, w, 2);
  },
  access(c, x, y, w, h, ink) {
    c.fillStyle = ink.muted;
    c.fillRect(x, y + 3 - h, w, h);
  },
  shadow(c, x, y, w, h, ink) {
    c.fillStyle = ink.ink;
    c.globalAlpha = 0.85;
    c.fillRect(x, y, w, 1.5);
    c.globalAlpha = 1;
  },
  custody(c, x, y, w, h, ink, side) {
    c.fillStyle = side;
    c.fillRect(x, y, w, h);
  },
  staler(c, x, y, w, h, ink, side) {
    c.fillStyle = side;
    c.globalAlpha = 0.3;
    c.fillRect(x, y, w, h);
    c.globalAlpha = 1;
  },
  hit(c, x, y, w, h, ink) {
    c.fillStyle = ink.ink;
    c.fillRect(x - 0.6, y, 1.2, h);
  },
  miss(c, x, y, w, h, ink) {
    c.fillStyle = ink.ink;
    c.beginPath();
    c.arc(x, y + h / 2, 1.3, 0, 7);
    c.fill();
  },
  manoeuvre(c, x, y, w, h, ink) {
    c.fillStyle = ink.ink;
    c.strokeStyle = ink.paper;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x - 4, y + h);
    c.lineTo(x + 4, y + h);
    c.lineTo(x, y + h - 7);
    c.closePath();
    c.fill();
    c.stroke();
  },
};

function drawLegends(root, ink) {
  for (const canvas of root.querySelectorAll("canvas[data-mark]")) {
    const { mark, side } = canvas.dataset, c = fitted(canvas, 24, 12, 2);
    const point = ["hit", "miss", "manoeuvre"].includes(mark);
    const thin = ["protected", "access", "shadow"].includes(mark);
    MARKS[mark](c, point ? 12 : 0, thin ? 5 : 1, 24, 10, ink, ink[side] ?? ink.ink);
  }
}
