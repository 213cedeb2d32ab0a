// One episode: strips of objects, a Gantt of sensors and a globe, all at the instant of one slider.
// The document that it reads is described in data.py. Times are in steps, with fractions.
"use strict";

(() => {
  const HIT = 0, BROKEN_OFF = 3; // results from this one on tell nothing of the object
  const RESULTS = [
    "seen", "not detected", "not in the field of view", "broken off by a denial",
    "not known before the end",
  ];
  const DOING = ["idle", "slews", "observes", "rests", "denies", "protects itself"];
  const RESTING = 3, DENYING = 4, PROTECTING = 5;
  const NOBODY = -1, BOTH = 2;
  const EARTH_KM = 6378.137, EARTH_RAD_S = 7.292115e-5;
  const PLAY_S = 40; // what the window of time takes to play through
  const PRINT_PX = 690;
  const PAPER = {
    ink: "#1d2127", muted: "#646c78", grid: "#d8dce2", paper: "#ffffff", page: "#f4f5f7",
    blue: "#0072b2", red: "#d55e00", green: "#009e73", sea: "#e8f1f8", land: "#c9d2c4",
    night: "rgba(20, 28, 48, 0.28)",
  };
  const KINDS = {
    int8: Int8Array, uint8: Uint8Array, int16: Int16Array, int32: Int32Array, float32: Float32Array,
  };

  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const range = (count) => Array.from({ length: count }, (_, k) => k);
  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  async function inflated(text) {
    const gzipped = new Blob([bytesOf(text)]).stream();
    return new Response(gzipped.pipeThrough(new DecompressionStream("gzip"))).json();
  }

  function unpacked([kind, shape, text]) {
    const bytes = bytesOf(text), size = shape.reduce((a, b) => a * b, 1);
    if (kind !== "bits") return new KINDS[kind](bytes.buffer);
    return Uint8Array.from({ length: size }, (_, k) => (bytes[k >> 3] >> (7 - (k & 7))) & 1);
  }

  // [first, last + 1, value] of every stretch of one value that is wanted
  function runs(values, wanted = (value) => value > 0) {
    const found = [];
    for (let first = 0, t = 1; t <= values.length; t++) {
      if (t < values.length && values[t] === values[first]) continue;
      if (wanted(values[first])) found.push([first, t, values[first]]);
      first = t;
    }
    return found;
  }

  // ---------------------------------------------------------------- what happened

  class Episode {
    constructor(document) {
      Object.assign(this, document);
      this.a = Object.fromEntries(
        Object.entries(document.arrays).map(([name, array]) => [name, unpacked(array)]),
      );
      this.slots = document.arrays.activity[1][1];
      this.epochMs = Date.parse(this.epoch);
      this.sensors = this.sides.flatMap((side, of) =>
        range(side.sensors).map((number) => ({ side: of, number, name: `${side.name} ${number + 1}` })));
      this.looks = this.events("look", (one) => {
        one.opens = Math.min(one.exposure_start_s / this.step_s, one.end_step);
      });
      this.denials = this.events("denial");
      this.protections = this.events("protection");
      this.manoeuvres = this.events("manoeuvre");
      this.sightings = this.events("sighting");
      this.gatherRows();
      this.gatherPlaces();
      this.gatherNews();
    }

    // rows of a table whose columns are arrays; an array of two numbers a row gives pairs
    events(kind, finish = () => {}) {
      const columns = Object.keys(this.a).filter((name) => name.startsWith(`${kind}_`));
      const count = this.arrays[columns[0]][1][0];
      return range(count).map((row) => {
        const one = {};
        for (const name of columns) {
          const width = this.arrays[name][1][1], values = this.a[name];
          one[name.slice(kind.length + 1)] = width
            ? [...values.subarray(row * width, (row + 1) * width)] : values[row];
        }
        finish(one);
        return one;
      });
    }

    row(name, ...place) {
      const shape = this.arrays[name][1];
      const index = place.reduce((sum, k, axis) => sum * shape[axis] + k, 0);
      return this.a[name].subarray(index * this.steps, (index + 1) * this.steps);
    }

    gatherRows() {
      for (const one of this.sensors) {
        const at = [one.side, one.number];
        one.body = one.side * this.slots + one.number;
        one.activity = this.row("activity", ...at);
        one.busy = runs(one.activity, (doing) => doing >= RESTING);
        one.denied = runs(this.row("denied", ...at));
        one.protected = runs(this.row("protected", ...at));
        one.shadow = runs(this.row("shadow", one.body));
        one.looks = this.looks.filter((look) => look.side === at[0] && look.sensor === at[1]);
        one.inReach = new Uint16Array(this.steps);
        one.access = this.objects.map((_, n) => this.row("access", ...at, n));
        for (const row of one.access) row.forEach((seen, t) => { one.inReach[t] += seen; });
        one.reach = runs(one.inReach);
      }
      this.objects.forEach((one, n) => {
        one.body = 2 * this.slots + n;
        one.holder = this.row("holder", n);
        one.custody = [0, 1].map((side) => this.row("custody", side, n));
        // 1: in custody, but of a contested object the other's is fresher; 2: in custody
        one.strips = one.custody.map((custody, side) => runs(custody.map((had, t) =>
          had && (one.contested && one.holder[t] === 1 - side ? 1 : 2))));
        one.sigma = [0, 1].map((side) => this.row("sigma", side, n));
        one.shadow = runs(this.row("shadow", one.body));
        one.looks = this.looks.filter((look) => look.object === n);
        one.manoeuvres = this.manoeuvres.filter((event) => event.object === n);
        one.sightings = [0, 1].map((side) =>
          this.sightings.filter((event) => event.object === n && event.side === side));
      });
    }

    gatherPlaces() {
      this.first = [];
      let next = 0;
      for (const count of this.a.knots) {
        this.first.push(next);
        next += 3 * count;
      }
      this.reachKm = 0;
      for (let k = 0; k < this.a.places.length; k += 3) {
        const [x, y, z] = this.a.places.subarray(k, k + 3);
        this.reachKm = Math.max(this.reachKm, Math.hypot(x, y, z) * this.a.unit_km[0]);
      }
    }

    // geocentric place in km: a cubic through the two knots around t with the slopes of their
    // neighbours; at the ends the neighbour that is missing is taken from a parabola
    place(body, t) {
      const knots = this.a.knots[body], first = this.first[body], values = this.a.places;
      const u = clamp(t / Math.max(1, this.steps - 1), 0, 1) * (knots - 1);
      const k = Math.min(Math.floor(u), knots - 2), f = u - k, unit = this.a.unit_km[0];
      return [0, 1, 2].map((axis) => {
        const at = (j) => values[first + 3 * j + axis];
        const p1 = at(k), p2 = at(k + 1);
        const p0 = k > 0 ? at(k - 1) : 3 * p1 - 3 * p2 + at(k + 2);
        const p3 = k < knots - 2 ? at(k + 2) : 3 * p2 - 3 * p1 + at(k - 1);
        return unit * (p1 + f / 2 * (p2 - p0
          + f * (2 * p0 - 5 * p1 + 4 * p2 - p3 + f * (3 * (p1 - p2) + p3 - p0))));
      });
    }

    // what there is to say of each step
    gatherNews() {
      const news = range(this.steps).map(() => []);
      const tell = (step, words) => { if (step >= 0 && step < this.steps) news[step].push(words); };
      const sensor = (side, number) => `${this.sides[side].name} ${number + 1}`;
      const name = (n) => (n < 0 ? "an object left out here" : this.objects[n].name);
      for (const one of this.denials) {
        const blocked = one.blocked ? ", which is protected" : "";
        tell(one.step, `${sensor(one.side, one.sensor)} denies ${sensor(1 - one.side, one.target)}${blocked}`);
      }
      this.objects.forEach((one, n) => {
        for (const event of one.manoeuvres) tell(event.step, `${one.name} manoeuvres`);
        one.custody.forEach((custody, side) => {
          for (let t = 1; t < this.steps; t++) {
            if (custody[t] === custody[t - 1]) continue;
            tell(t, `${this.sides[side].name} ${custody[t] ? "gains" : "loses"} custody of ${one.name}`);
          }
        });
      });
      for (const one of this.looks) {
        const who = sensor(one.side, one.sensor), what = name(one.object);
        if (one.result === HIT) tell(one.known_step, `${who} has seen ${what}`);
        else if (one.result < BROKEN_OFF) {
          tell(one.known_step, `${who} has missed ${what} (${RESULTS[one.result]})`);
        }
      }
      for (const one of this.protections) {
        tell(one.step, `${sensor(one.side, one.sensor)} protects itself`);
      }
      this.news = news;
    }

    utc(t) { return new Date(this.epochMs + 1000 * this.step_s * t).toISOString(); }

    clock(t) { return this.utc(t).slice(11, 16); }

    hour(t) { return t * this.step_s / 3600; }

    stamp(t) { return `${this.utc(t).slice(0, 10)} ${this.clock(t)} UTC, hour ${this.hour(t).toFixed(2)}`; }

    sigmaKm(n, side, t) {
      return this.sigma[0] * Math.exp(this.objects[n].sigma[side][t] / this.sigma[1]);
    }

    seenHoursAgo(n, side, t) {
      let last = null;
      for (const event of this.objects[n].sightings[side]) if (event.step <= t) last = event.h;
      return this.hour(t) - last;
    }

    lookOf(one, t) { return one.looks.find((look) => look.start_step <= t && t < look.end_step); }

    doing(one, t) {
      const row = Math.floor(t), look = this.lookOf(one, t), until = (k) => `until ${this.clock(k)}`;
      const during = (list) => list.find(([first, last]) => first <= row && row < last);
      const denied = during(one.denied), kept = during(one.protected);
      const words = [];
      if (look && one.activity[row] > 0) {
        const what = look.object < 0 ? "another object" : this.objects[look.object].name;
        words.push(t < look.opens ? `slews to ${what}` : `observes ${what}`, until(look.end_step));
      } else {
        const busy = during(one.busy);
        words.push(DOING[one.activity[row]]);
        const denial = one.activity[row] === DENYING && this.denials.findLast((event) =>
          event.side === one.side && event.sensor === one.number && event.step <= row);
        if (denial) words.push(`${this.sides[1 - one.side].name} ${denial.target + 1}`);
        if (busy) words.push(until(busy[1]));
      }
      let told = words.join(" ");
      if (denied) told += `; denied ${until(denied[1])}`;
      if (kept) told += `; protected ${until(kept[1])}`;
      return told;
    }
  }

  // ---------------------------------------------------------------- drawing

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

  // ---------------------------------------------------------------- strips against time

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
      canvas.addEventListener("focus", () => app.draw());
      canvas.addEventListener("blur", () => app.draw());
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
        c.fillText(words, clamp(x - c.measureText(words).width / 2, ahead, this.width - c.measureText(words).width), y);
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

  // ---------------------------------------------------------------- globe

  class Globe {
    constructor(app) {
      this.app = app;
      this.host = app.root.querySelector(".tl-globe");
      this.canvas = this.host.querySelector("canvas");
      this.readout = this.host.querySelector(".tl-read");
      const sun = app.episode.sun[0];
      this.yaw = Math.atan2(sun[1], sun[0]) + 0.9; // by day and by night
      this.pitch = 0.4;
      this.farKm = 1.04 * this.drawnKm(app.episode.reachKm);
      this.spanKm = this.farKm;
      this.rings = app.episode.land.map((ring) => this.vectors(ring));
      this.listen();
    }

    // a ring of tenths of a degree, each the way from the one before, as unit vectors
    vectors(ring) {
      const points = [];
      for (let k = 0, lon = 0, lat = 0; k < ring.length; k += 2) {
        lon += ring[k];
        lat += ring[k + 1];
        const [a, b] = [lon * Math.PI / 1800, lat * Math.PI / 1800];
        points.push([Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)]);
      }
      return points;
    }

    listen() {
      const { canvas, app } = this;
      let from = null;
      const at = (event) => {
        const box = canvas.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      canvas.addEventListener("pointerdown", (event) => {
        from = { x: event.clientX, y: event.clientY, yaw: this.yaw, pitch: this.pitch, moved: false };
        canvas.setPointerCapture(event.pointerId);
      });
      canvas.addEventListener("pointermove", (event) => {
        this.pointer = at(event);
        if (from && event.buttons) {
          const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
          from.moved ||= Math.hypot(dx, dy) > 4;
          this.turn(from.yaw - dx / 120 - this.yaw, from.pitch + dy / 120 - this.pitch);
        } else app.draw();
      });
      canvas.addEventListener("pointerup", (event) => {
        if (from && !from.moved) {
          const near = this.nearest(at(event));
          app.select(near?.object ?? -1);
        }
        from = null;
      });
      canvas.addEventListener("pointerleave", () => {
        this.pointer = null;
        app.draw();
      });
      canvas.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(Math.exp(event.deltaY / 300));
      }, { passive: false });
      canvas.addEventListener("keydown", (event) => {
        const turns = {
          ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1],
        };
        const zooms = { "+": 0.8, "=": 0.8, "-": 1.25 };
        if (turns[event.key]) this.turn(...turns[event.key]);
        else if (zooms[event.key]) this.zoom(zooms[event.key]);
        else {
          app.key(event);
          return;
        }
        event.preventDefault();
      });
      const press = (name, act) => this.host.querySelector(name).addEventListener("click", act);
      press(".tl-nearer", () => this.zoom(0.7));
      press(".tl-farther", () => this.zoom(1 / 0.7));
      press(".tl-whole", () => this.zoom(Infinity));
    }

    turn(yaw, pitch) {
      this.yaw += yaw;
      this.pitch = clamp(this.pitch + pitch, -1.5, 1.5);
      this.app.draw();
    }

    zoom(factor) {
      this.spanKm = clamp(this.spanKm * factor, 1.05 * EARTH_KM, this.farKm);
      this.app.draw();
    }

    // inertial vector -> right, up, towards whoever looks
    seen([x, y, z]) {
      const [c, s, cp, sp] = this.frame;
      const ahead = c * x + s * y;
      return [c * y - s * x, cp * z - sp * ahead, cp * ahead + sp * z];
    }

    draw(size, scale, ink) {
      const { app: { episode, t } } = this;
      const c = fitted(this.canvas, size, size, scale);
      this.frame = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)];
      this.size = size;
      this.k = size / 2 / this.spanKm;
      c.translate(size / 2, size / 2);
      c.scale(1, -1);
      this.drawEarth(c, ink, t);
      c.scale(1, -1);
      c.font = '10.5px system-ui, "DejaVu Sans", sans-serif';
      this.bodies = [];
      episode.objects.forEach((one, n) => this.drawObject(c, ink, one, n, t));
      for (const one of episode.sensors) this.drawLines(c, ink, one, t);
      for (const one of episode.sensors) this.drawSensor(c, ink, one, t);
      const chosen = this.bodies.find((body) => body.object === this.app.object);
      if (chosen) this.label(c, ink, episode.objects[chosen.object].name, chosen);
      this.read();
    }

    drawEarth(c, ink, t) {
      const { episode } = this.app, radius = EARTH_KM * this.k;
      const disc = () => {
        c.beginPath();
        c.arc(0, 0, radius, 0, 2 * Math.PI);
      };
      disc();
      c.fillStyle = ink.sea;
      c.fill();
      const angle = episode.earth_rad + EARTH_RAD_S * episode.step_s * t;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const land = new Path2D(), coast = new Path2D();
      for (const ring of this.rings) {
        this.trace(ring.map(([x, y, z]) =>
          this.seen([cosine * x - sine * y, sine * x + cosine * y, z])), radius, land, coast);
      }
      c.fillStyle = ink.land;
      c.fill(land, "evenodd");
      c.strokeStyle = ink.muted;
      c.lineWidth = 0.5;
      c.stroke(coast);
      this.drawNight(c, ink, radius, t);
      disc();
      c.strokeStyle = ink.muted;
      c.lineWidth = 1;
      c.stroke();
    }

    // Adds a ring to the land. What lies behind the limb is pushed out to it, along the line from
    // the centre; the parity of the filling is then right everywhere, unless the ring encloses the
    // point right behind the centre. It does where it winds around the line of sight once to the
    // left, what it is about being to its right; the whole disc, added once more, sets that right.
    trace(points, radius, land, coast) {
      if (points.every((point) => point[2] <= 0)) return;
      const limb = ([x, y]) => {
        const size = Math.hypot(x, y) || 1;
        return [radius * x / size, radius * y / size];
      };
      let wound = 0, before = points.at(-1), drawn = false;
      const path = new Path2D();
      const lineTo = ([x, y]) => {
        if (drawn) path.lineTo(x, y);
        else path.moveTo(x, y);
        drawn = true;
      };
      for (const point of points) {
        const from = Math.atan2(before[1], before[0]);
        let turned = Math.atan2(point[1], point[0]) - from;
        turned -= 2 * Math.PI * Math.round(turned / (2 * Math.PI));
        wound += turned;
        const share = before[2] / (before[2] - point[2]);
        const crossing = before.map((value, axis) => value + share * (point[axis] - value));
        if (before[2] > 0 && point[2] > 0) {
          coast.moveTo(radius * before[0], radius * before[1]);
          coast.lineTo(radius * point[0], radius * point[1]);
        } else if (before[2] > 0 !== point[2] > 0) lineTo(limb(crossing));
        if (point[2] > 0) lineTo([radius * point[0], radius * point[1]]);
        else if (before[2] > 0) lineTo(limb(point));
        else {
          path.arc(0, 0, radius, from, from + turned, turned < 0);
          drawn = true;
        }
        before = point;
      }
      path.closePath();
      if (Math.round(wound / (2 * Math.PI)) === 1) {
        path.moveTo(radius, 0);
        path.arc(0, 0, radius, 0, 2 * Math.PI);
      }
      land.addPath(path);
    }

    // the half of the Earth that the Sun does not reach: a half of the limb, and half an ellipse
    drawNight(c, ink, radius, t) {
      const { episode } = this.app, [from, to] = episode.sun;
      const share = t / episode.steps;
      const [x, y, z] = this.seen(from.map((value, axis) => value + share * (to[axis] - value)));
      c.save();
      c.rotate(Math.atan2(y, x));
      c.beginPath();
      c.arc(0, 0, radius, Math.PI / 2, 1.5 * Math.PI);
      c.ellipse(0, 0, radius * Math.min(1, Math.abs(z)), radius, 0, 1.5 * Math.PI, Math.PI / 2, z > 0);
      c.fillStyle = ink.night;
      c.fill();
      c.restore();
    }

    // Distances from the Earth's centre are drawn by their logarithm: else low orbits would be a rim
    // of the Earth, and that a dot, where there are high ones.
    drawnKm(km) { return EARTH_KM * (1 + Math.log(km / EARTH_KM)); }

    // where a body stands on the canvas, and whether the Earth hides it
    spot(place) {
      const km = Math.hypot(...place), share = this.drawnKm(km) / km;
      const [x, y, z] = this.seen(place).map((value) => share * value);
      return { x: this.k * x, y: -this.k * y, hidden: z < 0 && Math.hypot(x, y) < EARTH_KM };
    }

    drawObject(c, ink, one, n, t) {
      const row = Math.floor(t), spot = this.spot(this.app.episode.place(one.body, t));
      const held = one.holder[row], chosen = n === this.app.object;
      if (chosen) this.drawTrack(c, ink, one, t);
      const size = one.contested ? 4.5 : 3;
      c.globalAlpha = spot.hidden ? 0.3 : 1;
      c.beginPath();
      c.moveTo(spot.x, spot.y - size);
      c.lineTo(spot.x + size, spot.y);
      c.lineTo(spot.x, spot.y + size);
      c.lineTo(spot.x - size, spot.y);
      c.closePath();
      c.fillStyle = [ink.paper, ink.blue, ink.red, ink.muted][held + 1];
      c.fill();
      c.strokeStyle = ink.ink;
      c.lineWidth = one.contested ? 1.2 : 0.7;
      c.stroke();
      c.globalAlpha = 1;
      this.bodies.push({ ...spot, object: n, kind: "objects", row: n });
    }

    label(c, ink, words, { x, y }) {
      const room = this.size / 2 - c.measureText(words).width - 4;
      c.lineWidth = 3;
      c.strokeStyle = ink.paper;
      c.strokeText(words, Math.min(x + 8, room), y - 6);
      c.fillStyle = ink.ink;
      c.fillText(words, Math.min(x + 8, room), y - 6);
    }

    drawTrack(c, ink, one, t) {
      const { episode } = this.app;
      c.beginPath();
      const span = 2 * Math.PI / this.turnRate(one.body);
      for (let k = 0; k <= 72; k++) {
        const { x, y } = this.spot(episode.place(one.body, clamp(t + span * (k / 72 - 0.5), 0, episode.steps)));
        c.lineTo(x, y);
      }
      c.strokeStyle = ink.muted;
      c.lineWidth = 0.8;
      c.stroke();
    }

    // how far a body turns in a step, roughly
    turnRate(body) {
      const { episode } = this.app;
      const [a, b] = [0, 1].map((t) => episode.place(body, t));
      const dot = a.reduce((sum, value, axis) => sum + value * b[axis], 0);
      return Math.acos(clamp(dot / Math.hypot(...a) / Math.hypot(...b), -1, 1)) || 1;
    }

    drawLines(c, ink, one, t) {
      const { episode } = this.app, row = Math.floor(t);
      const look = episode.lookOf(one, t), colour = ink[["blue", "red"][one.side]];
      const to = (body, dash, width) => {
        const [a, b] = [one.body, body].map((each) => episode.place(each, t));
        c.strokeStyle = colour;
        c.lineWidth = width;
        c.setLineDash(dash);
        c.beginPath();
        for (let f = 0; f <= 1; f += 1 / 32) { // straight in space, hence not on this scale
          const { x, y } = this.spot(a.map((value, axis) => value + f * (b[axis] - value)));
          c.lineTo(x, y);
        }
        c.stroke();
        c.setLineDash([]);
      };
      if (look?.object >= 0 && one.activity[row] > 0) {
        to(2 * episode.slots + look.object, t < look.opens ? [2, 4] : [], 1.3);
      }
      const denial = one.activity[row] === DENYING && episode.denials.findLast((event) =>
        event.side === one.side && event.sensor === one.number && event.step <= row);
      if (denial) to((1 - one.side) * episode.slots + denial.target, [7, 3], 2.4);
    }

    drawSensor(c, ink, one, t) {
      const { episode } = this.app, row = Math.floor(t);
      const spot = this.spot(episode.place(one.body, t)), size = 4.5, { x, y } = spot;
      const during = (list) => list.some(([first, last]) => first <= row && row < last);
      c.globalAlpha = spot.hidden ? 0.35 : 1;
      c.beginPath();
      if (one.side === 0) c.arc(x, y, size, 0, 7);
      else c.rect(x - size, y - size, 2 * size, 2 * size);
      c.fillStyle = ink[["blue", "red"][one.side]];
      c.fill();
      c.strokeStyle = ink.paper;
      c.lineWidth = 1;
      c.stroke();
      if (during(one.protected)) {
        c.strokeStyle = ink.green;
        c.lineWidth = 2;
        c.beginPath();
        c.arc(x, y, size + 4, 0, 7);
        c.stroke();
      }
      if (during(one.denied)) {
        c.strokeStyle = ink.ink;
        c.lineWidth = 2;
        c.beginPath();
        for (const way of [-1, 1]) {
          c.moveTo(x - 6, y - 6 * way);
          c.lineTo(x + 6, y + 6 * way);
        }
        c.stroke();
      }
      c.globalAlpha = 1;
      this.bodies.push({ ...spot, kind: "sensors", row: episode.sensors.indexOf(one) });
    }

    nearest([x, y]) {
      let found = null, least = 14;
      for (const body of this.bodies ?? []) {
        const away = Math.hypot(body.x + this.size / 2 - x, body.y + this.size / 2 - y);
        if (away < least && !body.hidden) [found, least] = [body, away];
      }
      return found;
    }

    read() {
      const near = this.pointer && this.nearest(this.pointer);
      const words = near
        ? this.app.describe(near.kind, near.row, this.app.t) : this.readout.dataset.hint;
      if (this.readout.textContent !== words) this.readout.textContent = words;
    }
  }

  // ---------------------------------------------------------------- all of it

  class App {
    constructor(root, episode) {
      Object.assign(this, { root, episode, t: 0, object: -1, playing: false, printing: false });
      this.last = episode.steps - 1;
      this.view = [0, episode.steps];
      this.slider = root.querySelector(".tl-time");
      this.slider.max = this.last;
      this.now = root.querySelector(".tl-now");
      this.playButton = root.querySelector(".tl-play");
      this.hourSteps = Math.max(1, Math.round(3600 / episode.step_s));
      const border = (list, key) => new Set(range(list.length).filter((k) => k > 0 && list[k][key] !== list[k - 1][key]));
      this.sensors = new Strips(this, "sensors", {
        rows: episode.sensors, height: 24, paint: this.paintSensor, groups: border(episode.sensors, "side"),
      });
      this.objects = new Strips(this, "objects", {
        rows: episode.objects, height: 18, paint: this.paintObject, groups: border(episode.objects, "regime"),
      });
      this.globe = new Globe(this);
      this.fillTables();
      this.listen();
      this.layOut();
    }

    listen() {
      const press = (name, act) => this.root.querySelector(name).addEventListener("click", act);
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      this.slider.addEventListener("keydown", (event) => this.key(event));
      press(".tl-play", () => this.play(!this.playing));
      press(".tl-in", () => this.zoom(0.5));
      press(".tl-out", () => this.zoom(2));
      press(".tl-all", () => this.zoom(Infinity));
      new ResizeObserver(() => this.layOut()).observe(this.root);
      this.dark = matchMedia("(prefers-color-scheme: dark)");
      this.dark.addEventListener("change", () => this.layOut());
      this.calm = matchMedia("(prefers-reduced-motion: reduce)");
      addEventListener("beforeprint", () => this.print(true));
      addEventListener("afterprint", () => this.print(false));
    }

    // on paper: all of the time, in light colours, as wide as a page
    print(printing) {
      if (printing === this.printing) return;
      this.play(false);
      this.printing = printing;
      if (printing) [this.kept, this.view] = [this.view, [0, this.episode.steps]];
      else this.view = this.kept;
      this.layOut();
    }

    key(event) {
      const { altKey, ctrlKey, metaKey } = event;
      if (altKey || ctrlKey || metaKey) return;
      const row = Math.round(this.t);
      const places = {
        ArrowLeft: row - 1, ArrowDown: row - 1, ArrowRight: row + 1, ArrowUp: row + 1,
        PageDown: row - this.hourSteps, PageUp: row + this.hourSteps, Home: 0, End: this.last,
      };
      const acts = {
        " ": () => this.play(!this.playing),
        "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
        0: () => this.zoom(Infinity), Escape: () => this.select(-1),
      };
      if (event.key in places) this.go(places[event.key]);
      else if (event.key in acts) acts[event.key]();
      else return;
      event.preventDefault();
    }

    go(t) {
      this.t = clamp(this.playing ? t : Math.round(t), 0, this.last);
      const [from, to] = this.view, span = to - from;
      if (this.t < from || this.t > to) this.look(this.t - (this.t < from ? 0.1 : 0.9) * span, span);
      this.draw();
    }

    // the part of the time that strips show
    look(from, span) {
      const whole = this.episode.steps, kept = clamp(span, Math.min(whole, 12), whole);
      const first = clamp(from, 0, whole - kept);
      this.view = [first, first + kept];
      this.layOut();
    }

    zoom(factor, around = this.t) {
      const [from, to] = this.view, share = (around - from) / (to - from);
      const span = Math.min((to - from) * factor, this.episode.steps);
      this.look(around - clamp(share, 0, 1) * Math.max(span, 12), span);
    }

    select(n) {
      this.object = n;
      if (n >= 0) this.objects.row = n;
      this.layOut();
    }

    play(playing) {
      if (playing === this.playing) return;
      this.playing = playing;
      this.playButton.textContent = playing ? "❚❚ Pause" : "▶ Play";
      this.now.setAttribute("aria-live", playing ? "off" : "polite");
      if (!playing) {
        this.go(this.t);
        return;
      }
      if (this.t >= this.last) this.t = 0;
      let before = null;
      const frame = (ms) => {
        if (!this.playing) return;
        // who asked for less motion gets two still pictures a second
        if (before === null || !this.calm.matches || ms - before >= 500) {
          const seconds = before === null ? 0 : Math.min(1, (ms - before) / 1000);
          const t = this.t + seconds * (this.view[1] - this.view[0]) / PLAY_S;
          before = ms;
          this.go(this.calm.matches ? Math.ceil(t) : t);
        }
        if (this.t >= this.last) this.play(false);
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    }

    layOut() {
      const scale = this.printing ? 2 : Math.min(2, devicePixelRatio || 1);
      const ink = colours(this.root, this.printing);
      const inner = (host) => {
        const style = getComputedStyle(host);
        return host.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      };
      for (const one of [this.sensors, this.objects]) {
        one.render(this.printing ? PRINT_PX : Math.max(240, Math.floor(inner(one.host))), scale, ink);
      }
      const size = this.printing ? 290 : Math.floor(clamp(inner(this.globe.host), 200, 480));
      this.drawGlobe = () => this.globe.draw(size, scale, ink);
      drawLegends(this.root, ink);
      this.drawNow();
    }

    draw() {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => this.drawNow());
    }

    drawNow() {
      cancelAnimationFrame(this.waiting);
      this.waiting = 0;
      this.sensors.draw();
      this.objects.draw();
      this.drawGlobe();
      this.tell();
    }

    // texts change with the step, not with every picture
    tell() {
      const row = Math.floor(this.t);
      if (row === this.told) return;
      this.told = row;
      const { episode } = this, news = episode.news[row], held = [0, 0, 0, 0];
      const had = [0, 1].map((side) => episode.objects.filter((one) => one.custody[side][row]).length);
      for (const one of episode.objects) if (one.contested) held[one.holder[row] + 1] += 1;
      const [blue, red] = episode.sides.map((side) => side.name);
      let words = `${episode.stamp(row)}. Custody: ${blue} ${had[0]}, ${red} ${had[1]} of ${episode.objects.length}.`;
      if (held.some((count) => count)) {
        words += ` Contested: ${blue} ${held[1]}, ${red} ${held[2]}, both alike ${held[3]}, nobody ${held[0]}.`;
      }
      const more = news.length > 3 ? `; and ${news.length - 3} more` : "";
      words += news.length ? ` ${news.slice(0, 3).join("; ")}${more}.` : "";
      this.now.textContent = words;
      this.slider.value = row;
      this.slider.setAttribute("aria-valuetext", episode.stamp(row));
      this.doing.forEach(([cell, one]) => { cell.textContent = episode.doing(one, row); });
      this.groups.forEach(([cells, members]) => cells.forEach((cell, side) => {
        cell.textContent = members.filter((one) => one.custody[side][row]).length;
      }));
    }

    fillTables() {
      const { episode } = this, make = (name, words, cls) => {
        const made = document.createElement(name);
        if (words !== undefined) made.textContent = words;
        if (cls) made.className = cls;
        return made;
      };
      this.doing = [];
      this.groups = [];
      const bodies = this.root.querySelectorAll(".tl-tables tbody");
      for (const one of episode.sensors) {
        const line = make("tr"), cell = make("td");
        line.append(make("th", one.name, ["blue", "red"][one.side]), cell);
        bodies[1].append(line);
        this.doing.push([cell, one]);
      }
      const regimes = [...new Set(episode.objects.map((one) => one.regime))];
      const parts = [
        ["all objects", episode.objects],
        ...regimes.map((name) => [name, episode.objects.filter((one) => one.regime === name)]),
        ["contested", episode.objects.filter((one) => one.contested)],
      ].filter(([, members]) => members.length);
      for (const [name, members] of parts) {
        const line = make("tr"), cells = [make("td", "", "blue"), make("td", "", "red")];
        line.append(make("th", name), ...cells, make("td", members.length));
        bodies[0].append(line);
        this.groups.push([cells, members]);
      }
    }

    describe(kind, row, t) {
      const { episode } = this, step = Math.floor(t), at = `${episode.stamp(step)}. `;
      if (kind === "sensors") {
        const one = episode.sensors[row], seen = one.inReach[step];
        const dark = one.shadow.some(([first, last]) => first <= step && step < last);
        const look = episode.lookOf(one, t);
        const odds = look && one.activity[step] > 0
          ? `, detection ${look.detection_percent} %, result: ${RESULTS[look.result]}` : "";
        const eyes = this.object >= 0
          ? `; ${one.access[this.object][step] ? "has" : "has no"} access to ${episode.objects[this.object].name}` : "";
        return `${at}${one.name} ${episode.doing(one, t)}${odds}; access to ${plural(seen, "object")}${eyes}${dark ? "; in the Earth's shadow" : ""}.`;
      }
      const one = episode.objects[row], who = one.holder[step];
      const sides = episode.sides.map((side, of) => {
        const error = episode.sigmaKm(row, of, step).toPrecision(2);
        const ago = episode.seenHoursAgo(row, of, step).toFixed(1);
        return `${side.name} ${one.custody[of][step] ? "has custody" : "has none"} (error ${Number(error)} km, seen ${ago} h ago)`;
      });
      const held = one.contested
        ? `; held by ${who === NOBODY ? "nobody" : who === BOTH ? "both alike" : episode.sides[who].name}` : "";
      const dark = one.shadow.some(([first, last]) => first <= step && step < last);
      const event = one.manoeuvres.findLast((each) => each.step <= step);
      const noticed = event && episode.sides.map((side, of) => {
        const when = event.noticed_step[of];
        return `${side.name} ${when < 0 ? "never notices" : `notices at ${episode.clock(when)}`}`;
      });
      const moved = event ? `; manoeuvred at ${episode.clock(event.step)}, ${noticed.join(", ")}` : "";
      return `${at}${one.name} (${one.regime}${one.contested ? ", contested" : ""}, limit ${one.limit_km} km): ${sides.join(", ")}${held}${dark ? "; in the Earth's shadow" : ""}${moved}.`;
    }

    // painters are called by strips, which know where a time stands
    paintSensor = (c, one, y, strips, ink) => {
      const side = ink[["blue", "red"][one.side]], top = y + 2, high = 11;
      const bar = (mark, from, to, at = top, height = high) => {
        const x = strips.x(from);
        MARKS[mark](c, x, at, Math.max(0.7, strips.x(to) - x), height, ink, side);
      };
      for (const look of one.looks) {
        bar("slewing", look.start_step, look.opens);
        if (look.end_step > look.opens) bar("observing", look.opens, look.end_step);
      }
      for (const [first, last, doing] of one.busy) {
        bar({ [RESTING]: "resting", [DENYING]: "denying", [PROTECTING]: "protecting" }[doing], first, last);
      }
      for (const [first, last] of one.denied) bar("denied", first, last);
      for (const [first, last] of one.protected) bar("protected", first, last);
      // the more objects, the higher; of the chosen one, all or nothing
      if (this.object < 0) {
        for (const [first, last, count] of one.reach) {
          bar("access", first, last, y + 15, 0.5 + 3.5 * count / this.episode.objects.length);
        }
      } else for (const [first, last] of runs(one.access[this.object])) bar("access", first, last, y + 15, 3);
      for (const [first, last] of one.shadow) bar("shadow", first, last, y + 19);
    };

    paintObject = (c, one, y, strips, ink) => {
      for (const [first, last] of one.shadow) {
        const x = strips.x(first);
        MARKS.shadow(c, x, y + 13.5, strips.x(last) - x, 0, ink);
      }
      one.strips.forEach((strip, side) => {
        const top = y + 6 * side + 1;
        c.fillStyle = ink.grid;
        c.fillRect(strips.gutter, top + 2.5, strips.width, 0.6);
        for (const [first, last, how] of strip) {
          const x = strips.x(first);
          const mark = how === 1 ? "staler" : "custody";
          MARKS[mark](c, x, top, strips.x(last) - x, 5.5, ink, ink[["blue", "red"][side]]);
        }
      });
      for (const look of one.looks) {
        if (look.result >= BROKEN_OFF) continue;
        const mark = look.result === HIT ? "hit" : "miss";
        MARKS[mark](c, strips.x(look.known_step), y + 6 * look.side + 1, 0, 5.5, ink);
      }
      for (const event of one.manoeuvres) {
        MARKS.manoeuvre(c, strips.x(event.step), y, 0, 14, ink);
      }
    };
  }

  async function start(root) {
    root.dataset.ready = "";
    const text = root.querySelector("template").content.textContent;
    try {
      const episode = new Episode(await inflated(text));
      root.classList.add("tl-ready"); // the boxes are there from now on, and have a width
      root.app = new App(root, episode);
    } catch (fault) {
      root.classList.remove("tl-ready");
      root.querySelector(".tl-now").textContent = "This browser cannot show the episode.";
      throw fault;
    }
  }

  document.querySelectorAll(".timeline:not([data-ready])").forEach(start);
})();
