// The instant that all views share, and who moves it: slider, keys, play, pointer, print.

const PLAY_S = 40; // what the window of time takes to play through
const PRINT_PX = 690;
const DARK = "; in the Earth's shadow";

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
    const border = (list, key) =>
      new Set(range(list.length).filter((k) => k > 0 && list[k][key] !== list[k - 1][key]));
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
    const all = episode.objects.length;
    let words = `${episode.stamp(row)}. Custody: ${blue} ${had[0]}, ${red} ${had[1]} of ${all}.`;
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
      const has = this.object >= 0 && one.access[this.object][step] ? "has" : "has no";
      const eyes = this.object < 0 ? "" : `; ${has} access to ${episode.objects[this.object].name}`;
      const does = `${one.name} ${episode.doing(one, t)}${odds}`;
      return `${at}${does}; access to ${plural(seen, "object")}${eyes}${dark ? DARK : ""}.`;
    }
    const one = episode.objects[row], who = one.holder[step];
    const sides = episode.sides.map((side, of) => {
      const error = episode.sigmaKm(row, of, step).toPrecision(2);
      const ago = episode.seenHoursAgo(row, of, step).toFixed(1);
      const has = one.custody[of][step] ? "has custody" : "has none";
      return `${side.name} ${has} (error ${Number(error)} km, seen ${ago} h ago)`;
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
    const what = `${one.regime}${one.contested ? ", contested" : ""}, limit ${one.limit_km} km`;
    return `${at}${one.name} (${what}): ${sides.join(", ")}${held}${dark ? DARK : ""}${moved}.`;
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
