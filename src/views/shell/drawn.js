// Tables with a drawing above them: streams from station to station, and events on an axis of time. The drawing shows the rows that
// search and filters leave, and is a help for the eye: the table holds everything in it.

const SVG = document.documentElement.namespaceURI.replace('1999/xhtml', '2000/svg');
const svg = (tag, attributes, ...children) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
  for (const child of children) if (child !== null) made.append(child);
  return made;
};
const titled = (text) => { const title = svg('title'); title.textContent = text; return title; };
const written = (attributes, text) => { const made = svg('text', attributes); made.textContent = text; return made; };
const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + '…' : text);

class DrawnView extends TableView {
  build() {
    super.build();
    this.drawing = el('div', { class: 'drawing' });
    this.node.prepend(this.drawing);
  }
  layout() {
    super.layout();
    this.drawing.replaceChildren(...(this.order.length ? [this.drawn(Math.max(600, this.node.clientWidth || 1000))] : []));
  }
  // Rows are few enough to draw all; what is drawn together says how many it is.
  text(column, row) { return plainText(column, this.column(column.name).raw(row)); }
}

const STATIONS = 28;   // per column; the lighter ones are drawn as one

class FlowsView extends DrawnView {
  drawn(width) {
    const columns = this.part.columns;
    const weight = columns.find((c) => c.type === 'bytes');
    // A station that is the same for all rows tells nothing.
    const stages = columns.slice(0, columns.indexOf(weight)).filter((c) => c.type !== 'build' && c.type !== 'hidden')
      .filter((c, i, all) => i + 1 === all.length || new Set([...this.order].map((row) => this.text(c, row))).size > 1);
    if (stages.length < 2) return el('span');
    const totals = stages.map(() => new Map());
    const rows = [...this.order].map((row) => {
      const bytes = Math.max(1, Number(this.column(weight.name).raw(row) ?? 0));
      const names = stages.map((column) => this.text(column, row) || '–');
      names.forEach((name, i) => totals[i].set(name, (totals[i].get(name) ?? 0) + bytes));
      return { bytes, names };
    });
    // A stream of a few bytes beside one of megabytes must still be seen: breadth grows with the root.
    const breadth = (bytes) => Math.sqrt(bytes);
    const kept = totals.map((sums) => new Set([...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, STATIONS).map(([name]) => name)));
    const links = stages.map(() => new Map());
    for (const { bytes, names } of rows) {
      const shown = names.map((name, i) => (kept[i].has(name) ? name : '…'));
      for (let i = 0; i + 1 < stages.length; i++) {
        const key = JSON.stringify([shown[i], shown[i + 1]]);
        links[i].set(key, (links[i].get(key) ?? 0) + bytes);
      }
    }
    const stations = stages.map(() => new Map());
    links.forEach((of, i) => {
      if (i + 1 >= stages.length) return;
      for (const [key, bytes] of of) {
        const [from, to] = JSON.parse(key);
        const left = stations[i].get(from) ?? { into: 0, out: 0 };
        left.out += breadth(bytes);
        stations[i].set(from, left);
        const right = stations[i + 1].get(to) ?? { into: 0, out: 0 };
        right.into += breadth(bytes);
        stations[i + 1].set(to, right);
      }
    });
    const most = Math.max(...stations.map((of) => [...of.values()].reduce((sum, s) => sum + Math.max(s.into, s.out), 0)));
    const lines = Math.max(...stations.map((of) => of.size));
    const height = Math.max(120, Math.min(900, 26 * lines + 40));
    const scale = Math.max(0, height - 40 - 12 * lines) / most;
    const step = (width - 190) / Math.max(1, stages.length - 1);
    const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': say(this.part.title) });
    stations.forEach((of, i) => {
      let y = 26;
      picture.append(written({ x: i * step, y: 12, class: 'drawn-head' }, say(stages[i].label)));
      for (const [name, s] of [...of].sort((a, b) => (a[0] === '…') - (b[0] === '…') || Math.max(b[1].into, b[1].out) - Math.max(a[1].into, a[1].out) || (a[0] < b[0] ? -1 : 1))) {
        s.x = i * step;
        s.y = s.yIn = s.yOut = y;
        s.size = Math.max(2, Math.max(s.into, s.out) * scale);
        y += s.size + 12;
      }
    });
    links.forEach((of, i) => {
      if (i + 1 >= stages.length) return;
      const sorted = [...of].map(([key, bytes]) => ({ names: JSON.parse(key), bytes })).sort((a, b) => stations[i].get(a.names[0]).y - stations[i].get(b.names[0]).y || stations[i + 1].get(a.names[1]).y - stations[i + 1].get(b.names[1]).y);
      for (const { names, bytes } of sorted) {
        const from = stations[i].get(names[0]);
        const to = stations[i + 1].get(names[1]);
        const thick = Math.max(1, breadth(bytes) * scale);
        const y1 = from.yOut + thick / 2;
        const y2 = to.yIn + thick / 2;
        from.yOut += thick;
        to.yIn += thick;
        const middle = (from.x + 6 + to.x) / 2;
        picture.append(svg('path', { class: 'drawn-link', 'stroke-width': thick, d: `M${from.x + 6},${y1} C${middle},${y1} ${middle},${y2} ${to.x},${y2}` }, titled(names[0] + ' → ' + names[1] + ': ' + shownBytes(bytes))));
      }
    });
    stations.forEach((of, i) => {
      for (const [name, s] of of) {
        picture.append(svg('rect', { class: 'drawn-station', x: s.x, y: s.y, width: 6, height: s.size }, titled(name)));
        picture.append(written({ x: s.x + 11, y: s.y + Math.max(8, s.size / 2 + 4), class: 'drawn-name' }, cut(name, 30)));
      }
    });
    return picture;
  }
}

const LANES = 30;
const LABEL = 128;     // pixels that a date with its time takes
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800].map((s) => s * 1000);

const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
const clockOf = (at, fine) => new Date(at).toISOString().slice(11, fine ? 19 : 16);

class TimelineView extends DrawnView {
  drawn(width) {
    const [lane] = this.part.columns;
    const time = this.part.columns.find((c) => c.type === 'time');
    const weight = this.part.columns.find((c) => c.type === 'bytes');
    const said = this.part.columns.find((c) => c.type === 'state');
    const events = [];
    const marks = [];
    const counts = new Map();
    for (const row of this.order) {
      const at = Date.parse(this.column(time.name).raw(row) ?? '');
      if (Number.isNaN(at)) continue;
      // What is of no lane holds for all of them.
      if (said && this.column(lane.name).raw(row) === null && this.column(said.name).raw(row) !== null) {
        marks.push({ at, text: this.text(said, row) });
        continue;
      }
      const name = this.text(lane, row) || '–';
      counts.set(name, (counts.get(name) ?? 0) + 1);
      events.push({ at, name, row, bytes: weight ? Number(this.column(weight.name).raw(row) ?? 0) : 0 });
    }
    if (!events.length) return el('span');
    const all = [...events, ...marks].sort((a, b) => a.at - b.at);
    const names = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, LANES).map(([name]) => name);
    const left = 210;
    const runs = this.runs(all, left, width);
    const place = (at) => { const r = runs.find((run) => at <= run.to) ?? runs.at(-1); return r.x + (r.to > r.from ? (at - r.from) / (r.to - r.from) : 0.5) * r.width; };
    const top = marks.length ? 50 : 34;
    const height = top + 16 + 17 * names.length;
    const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': say(this.part.title) });
    for (const run of runs) this.axis(picture, run, top, height);
    names.forEach((name, i) => picture.append(written({ x: 0, y: top + 13 + 17 * i, class: 'drawn-name' }, cut(name, 32))));
    let free = 0;
    for (const mark of marks.sort((a, b) => a.at - b.at)) {
      const x = place(mark.at);
      picture.append(svg('line', { class: 'drawn-mark', x1: x, x2: x, y1: top - 12, y2: height - 2 }, titled(new Date(mark.at).toISOString() + ' ' + mark.text)));
      const long = 7 * mark.text.length;
      if (x < free) continue;
      const before = x + long > width;
      picture.append(written({ x: before ? x - 3 : x + 3, y: top - 6, class: 'drawn-said', 'text-anchor': before ? 'end' : 'start' }, mark.text));
      free = x + long;
    }
    for (const e of events) {
      const i = names.indexOf(e.name);
      if (i < 0) continue;
      const size = Math.min(7, 1.6 + Math.log10(1 + e.bytes));
      picture.append(svg('circle', { class: 'drawn-event', cx: place(e.at).toFixed(1), cy: top + 9 + 17 * i, r: size.toFixed(1) }, titled(new Date(e.at).toISOString() + ' ' + e.name + (weight ? ' ' + shownBytes(e.bytes) : ''))));
    }
    return picture;
  }

  // A file may hold recordings of days far apart: where nothing happened for long, the axis is broken. As long as all fit, each piece is
  // broad enough to tell its date.
  runs(all, left, width) {
    const gap = Math.max(60000, (all.at(-1).at - all[0].at) / 20);
    const runs = [];
    for (const e of all) {
      const last = runs.at(-1);
      if (last && e.at - last.to <= gap) last.to = e.at;
      else runs.push({ from: e.at, to: e.at });
    }
    const lengths = runs.map((r) => Math.max(1, Math.sqrt(r.to - r.from)));
    const whole = lengths.reduce((a, b) => a + b, 0);
    const room = width - left - 10 - 14 * (runs.length - 1);
    const least = runs.length * LABEL <= room ? LABEL : 3;
    const shared = Math.max(0, room - least * runs.length);
    let x = left;
    runs.forEach((r, i) => { r.x = x; r.width = least + shared * lengths[i] / whole; x += r.width + 14; });
    return runs;
  }

  // The piece with its first and last time, and as many between them as there is room for.
  axis(picture, run, top, height) {
    const end = run.x + run.width;
    const fine = run.to - run.from < 600000;
    picture.append(svg('rect', { class: 'drawn-run', x: run.x - 2, y: top - 2, width: run.width + 4, height: height - top }, titled(new Date(run.from).toISOString() + ' – ' + new Date(run.to).toISOString())));
    if (run.width < LABEL - 1) return;
    picture.append(written({ x: run.x, y: 11, class: 'drawn-head' }, dayOf(run.from) + (run.to === run.from ? ' ' + clockOf(run.from, true) : '')));
    if (run.to === run.from) return;
    const days = dayOf(run.to) !== dayOf(run.from);
    if (days && run.width > 2 * 75) picture.append(written({ x: end, y: 11, class: 'drawn-head', 'text-anchor': 'end' }, dayOf(run.to)));
    picture.append(written({ x: run.x, y: 25, class: 'drawn-time' }, clockOf(run.from, fine)));
    picture.append(written({ x: end, y: 25, class: 'drawn-time', 'text-anchor': 'end' }, clockOf(run.to, fine)));
    const broad = fine ? 62 : 44;
    const step = STEPS.find((s) => s / (run.to - run.from) * run.width >= broad + 20);
    if (!step) return;
    for (let at = Math.ceil(run.from / step) * step; at < run.to; at += step) {
      const x = run.x + (at - run.from) / (run.to - run.from) * run.width;
      picture.append(svg('line', { class: 'drawn-tick', x1: x, x2: x, y1: top - 2, y2: height - 2 }));
      if (x - run.x < broad + 8 || end - x < broad + 8) continue;
      picture.append(written({ x, y: 25, class: 'drawn-time', 'text-anchor': 'middle' }, step >= 86400000 ? dayOf(at).slice(5) : clockOf(at, fine)));
    }
  }
}

const VIEWS = { matrix: MatrixView, flows: FlowsView, timeline: TimelineView };
const TABLES = new Set(['table', 'matrix', 'flows', 'timeline']);
const PLACED = new Set([...TABLES, 'cards']);
