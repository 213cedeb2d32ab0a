// Rows against time: the Gantt of sensors, and the custody of objects.

class Strips {
  constructor(app, kind, { rows, height, paint, groups }) {
    Object.assign(this, { app, kind, rows, height, paint, groups });
    this.host = app.root.querySelector(`.tl-${kind}`);
    this.canvas = this.host.querySelector("canvas.tl-strips");
    this.readout = this.host.querySelector(".tl-read");
    this.cache = document.createElement("canvas");
    this.top = 34;
    this.row = 0;
    this.pointer = null;
    this.listen();
  }

  get gutter() { return clamp(this.width * 0.2, 74, 132); }

  x(t) {
    const [from, to] = this.app.view;
    return this.gutter + (t - from) / (to - from) * (this.width - this.gutter - 6);
  }

  t(x) {
    const [from, to] = this.app.view;
    return from + (x - this.gutter) / (this.width - this.gutter - 6) * (to - from);
  }

  listen() {
    const canvas = this.canvas, app = this.app;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top;
      const row = Math.floor((y - this.top) / this.height);
      return { t: clamp(this.t(x), 0, app.last), row: row < this.rows.length ? row : -1, x };
    };
    canvas.addEventListener("pointerdown", (event) => {
      const { t, row, x } = at(event);
      if (row >= 0) this.choose(row);
      if (x >= this.gutter) app.go(t);
      if (x >= this.gutter && event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
      this.dragging = x >= this.gutter;
    });
    canvas.addEventListener("pointermove", (event) => {
      this.pointer = at(event);
      if (this.dragging && event.buttons) app.go(this.pointer.t);
      else app.draw();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => { this.dragging = false; });
    }
    canvas.addEventListener("pointerleave", () => {
      this.pointer = null;
      app.draw();
    });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // else the page scrolls
      event.preventDefault();
      app.zoom(Math.exp(event.deltaY / 300), at(event).t);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (way === undefined) {
        app.key(event);
        return;
      }
      event.preventDefault();
      this.choose(clamp(this.row + way, 0, this.rows.length - 1));
    });
    for (const [name, live] of [["focus", "polite"], ["blur", "off"]]) {
      canvas.addEventListener(name, () => {
        this.readout.setAttribute("aria-live", live); // told aloud while the keys are here
        app.draw();
      });
    }
  }

  choose(row) {
    this.row = row;
    if (this.kind === "objects") this.app.select(row);
    this.app.draw();
  }

  render(width, scale, ink) {
    this.width = width;
    this.full = this.top + this.rows.length * this.height + 4;
    const c = fitted(this.cache, width, this.full, scale);
    c.fillStyle = ink.paper;
    c.fillRect(0, 0, width, this.full);
    this.axis(c, ink);
    c.textBaseline = "middle";
    this.rows.forEach((row, index) => {
      const y = this.top + index * this.height;
      c.fillStyle = ink.grid;
      if (this.groups.has(index)) c.fillRect(0, y - 1, width, 1);
      c.font = `${row.contested ? "600 " : ""}11px system-ui, "DejaVu Sans", sans-serif`;
      c.fillStyle = ink.ink;
      c.fillText(this.short(c, (row.contested ? "◆ " : "") + row.name), 2, y + this.height / 2);
      c.save();
      c.beginPath();
      c.rect(this.gutter, y - 3, width - this.gutter - 5, this.height + 3);
      c.clip();
      this.paint(c, row, y, this, ink);
      c.restore();
    });
    this.scale = scale;
    this.ink = ink;
    fitted(this.canvas, width, this.full, scale);
  }

  short(c, words) {
    let kept = words;
    while (c.measureText(kept).width > this.gutter - 8) kept = `${kept.slice(0, -2)}…`;
    return kept;
  }

  // two scales: UTC, and hours since the window opened
  axis(c, ink) {
    const { episode, view: [from, to] } = this.app;
    const room = Math.max(1, (this.width - this.gutter) / 62);
    const hours = episode.hour(to - from);
    const spacing = [1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 720]
      .find((one) => hours / one <= room) ?? 720;
    c.font = '10.5px system-ui, "DejaVu Sans", sans-serif';
    c.textBaseline = "alphabetic";
    const write = (words, x, y, ahead) => {
      const { width } = c.measureText(words);
      c.fillText(words, clamp(x - width / 2, ahead, this.width - width), y);
    };
    const scale = (offset, mark) => {
      const begin = Math.ceil((episode.hour(from) + offset) / spacing - 1e-9) * spacing;
      for (let hour = begin; hour - offset <= episode.hour(to) + 1e-9; hour += spacing) {
        mark(this.x((hour - offset) * 3600 / episode.step_s), hour);
      }
    };
    c.fillStyle = ink.muted;
    c.fillText("UTC", 2, 11);
    c.fillText("hour", 2, 25);
    scale(episode.epochMs / 36e5, (x, hour) => {
      const instant = new Date(Math.round(36e5 * hour)), clock = instant.toISOString().slice(11, 16);
      const day = { day: "numeric", month: "short", timeZone: "UTC" };
      c.fillStyle = ink.grid;
      c.fillRect(x - 0.5, this.top - 5, 1, this.full - this.top);
      c.fillStyle = clock === "00:00" ? ink.ink : ink.muted;
      write(clock === "00:00" ? instant.toLocaleDateString("en-GB", day) : clock, x, 11, this.gutter);
    });
    c.fillStyle = ink.muted;
    scale(0, (x, hour) => write(String(Number(hour.toFixed(2))), x, 25, this.gutter));
  }

  draw() {
    const c = this.canvas.getContext("2d"), { app, ink } = this;
    c.drawImage(this.cache, 0, 0, this.width, this.full);
    const focused = document.activeElement === this.canvas;
    const marked = this.kind === "objects" ? app.object : focused ? this.row : -1;
    if (marked >= 0) {
      c.strokeStyle = ink.ink;
      c.lineWidth = 1;
      c.strokeRect(0.5, this.top + marked * this.height - 2.5, this.width - 1, this.height);
    }
    const x = this.x(app.t);
    if (x >= this.gutter - 0.5) {
      c.fillStyle = ink.ink;
      c.fillRect(x - 0.75, this.top - 6, 1.5, this.full - this.top + 2);
      c.beginPath();
      c.moveTo(x - 5, this.top - 11);
      c.lineTo(x + 5, this.top - 11);
      c.lineTo(x, this.top - 4);
      c.fill();
    }
    this.read(focused);
  }

  read(focused) {
    const over = this.pointer?.row >= 0 && this.pointer.x >= 0 && !this.dragging;
    const row = over ? this.pointer.row : focused || this.app.object >= 0 ? this.row : -1;
    const t = over && this.pointer.x >= this.gutter ? this.pointer.t : this.app.t;
    const words = row < 0 ? this.readout.dataset.hint : this.app.describe(this.kind, row, t);
    if (this.readout.textContent !== words) this.readout.textContent = words;
  }
}
