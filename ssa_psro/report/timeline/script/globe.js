// Where everything is: the Earth with land and night, bodies, looks and denials.

const EARTH_KM = 6378.137, EARTH_RAD_S = 7.292115e-5;

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
