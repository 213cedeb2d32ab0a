// What happened in the episode, from the document that data.py describes. Times are in steps, with
// fractions.

const HIT = 0, BROKEN_OFF = 3; // results from this one on tell nothing of the object
const RESULTS = [
  "seen", "not detected", "not in the field of view", "broken off by a denial",
  "not known before the end",
];
const DOING = ["idle", "slews", "observes", "rests", "denies", "protects itself"];
const RESTING = 3, DENYING = 4, PROTECTING = 5;
const NOBODY = -1, BOTH = 2;
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
