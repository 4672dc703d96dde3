// One table: search, filters, sorting, and only the rows in sight as elements.

const WINDOWED_FROM = 150;     // rows; below, all are elements and may take several lines
const OVERSCAN = 12;
const TALLEST = 8000000;       // pixels; browsers give up on taller elements, so beyond this scrolling is scaled
const PRINTED = 400;
const CHOICES = 40;            // values in a filter

// What a column needs at least, and what it is given at most of what it wishes for before others get theirs; pixels.
const LEAST_WIDTH = { number: 76, bytes: 88, share: 190, yesno: 76, state: 84, digest: 124, time: 104, duration: 88, path: 200, name: 130, package: 130, host: 130, text: 84, personal: 84, build: 90 };
const FIRST_WISH = { number: 120, bytes: 100, duration: 110, time: 170, state: 190, path: 320, name: 175, package: 175, host: 190, text: 190, personal: 120, build: 150 };
// A word longer than this may be broken.
const LONGEST_WORD = 150;
const ONE_WORD = new Set(['bytes', 'number', 'time', 'share', 'duration']);   // never broken

const PEN = document.createElement('canvas').getContext('2d');

function drawnWidth(text) {
  return PEN.measureText(text.slice(0, 120)).width;
}

class TableView {
  constructor(part, packed, page) {
    this.part = part;
    this.page = page;
    this.packed = packed;
    this.opened = {};
    this.terms = '';
    this.filters = new Map();
    this.sort = null;             // {name, down}
    this.first = -1;
    this.last = -1;
    this.current = 0;             // place in `order` that the keyboard is on
    this.order = Int32Array.from({ length: part.rows }, (_, i) => i);
    this.total = part.rows;
    this.only = null;             // rows of one package
    this.build();
  }

  // Only the rows in which a column holds this value.
  restrict(name, value) {
    const column = this.column(name);
    this.only = new Uint8Array(this.part.rows);
    this.total = 0;
    for (let row = 0; row < this.part.rows; row++) if (column.raw(row) === value) { this.only[row] = 1; this.total++; }
  }

  column(name) {
    this.opened[name] ??= openColumn(this.packed[name], this.part.rows);
    return this.opened[name];
  }

  declared(name) { return this.part.columns.find((c) => c.name === name); }

  // Columns for the table itself. A build column is of use only when there are several, and one without any value in no row.
  get visible() {
    const fit = this.part.columns.filter((c) => c.type !== 'fact' && c.type !== 'detail' && inLanguage(c) && !(c.type === 'build' && (this.column(c.name).distinct(1) !== null)));
    const told = fit.filter((c) => !this.isEmpty(c));
    return told.length ? told : fit;
  }

  isEmpty(column) {
    this.empties ??= {};
    return this.empties[column.name] ??= [...(this.column(column.name).distinct(2) ?? new Map([[0, 1]])).keys()].every((value) => value === null || value === '');
  }

  get windowed() { return this.order.length > WINDOWED_FROM && !this.printing; }

  build() {
    this.count = el('span', { class: 'count', 'aria-live': 'polite' });
    this.tools = el('div', { class: 'tools' });
    this.head = el('thead');
    this.body = el('tbody');
    this.columns = el('colgroup');
    this.table = el('table', { role: 'table' }, this.columns, this.head, this.body);
    this.note = el('p', { class: 'quiet note' });
    this.node = el('div', { class: 'table-host' }, this.tools, this.table, this.note);
    this.body.addEventListener('click', (event) => {
      const row = event.target.closest('[data-place]');
      if (row && getSelection().isCollapsed) this.open(Number(row.dataset.place));
    });
    this.body.addEventListener('keydown', (event) => this.key(event));
    this.makeTools();
  }

  makeTools() {
    this.selects = [];
    if (this.part.rows < 8) return;
    for (const column of this.visible) {
      if (column.type !== 'state' && column.type !== 'yesno' && column.type !== 'build') continue;
      const counts = this.column(column.name).distinct(CHOICES);
      if (!counts || counts.size < 2) continue;
      const select = el('select', { onchange: () => { this.filter(column.name, select.value); this.page.changed(); } });
      select.append(el('option', { value: '' }, label('all')));
      for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1])) {
        const text = value === null ? label('not_stated') : plainText(column, value);
        select.append(el('option', { value: value === null ? '-' : '=' + value }, text + ' (' + formatted(count) + ')'));
      }
      this.selects.push([column.name, select]);
      this.tools.append(el('label', { class: 'filter' }, el('span', {}, say(column.label)), select));
    }
  }

  // choice: '' all, '-' not stated, '=value', '!value' all but that
  filter(name, choice) {
    if (choice) this.filters.set(name, choice);
    else this.filters.delete(name);
  }

  search(terms) { this.terms = terms; }

  clear() { this.filters.clear(); this.terms = ''; }

  // Works out which rows are shown, in which order.
  arrange() {
    const rows = this.part.rows;
    const keep = this.only ? this.only.slice() : new Uint8Array(rows).fill(1);
    for (const term of this.terms.toLowerCase().split(/\s+/).filter(Boolean)) {
      const hit = new Uint8Array(rows);
      for (const column of this.part.columns) {
        const word = column.type === 'state' && column.words ? (value) => plainText(column, value) : null;
        this.column(column.name).search(term, hit, word);
      }
      for (let row = 0; row < rows; row++) keep[row] &= hit[row];
    }
    for (const [name, choice] of this.filters) {
      if (!this.declared(name)) continue;
      const column = this.column(name);
      const wanted = choice.slice(1);
      for (let row = 0; row < rows; row++) {
        const value = column.raw(row);
        const same = choice[0] === '-' ? value === null : value !== null && String(value) === wanted;
        if (same === (choice[0] === '!')) keep[row] = 0;
      }
    }
    let kept = 0;
    const order = new Int32Array(rows);
    for (let row = 0; row < rows; row++) if (keep[row]) order[kept++] = row;
    this.order = order.slice(0, kept);
    if (this.sort && this.declared(this.sort.name)) {
      const column = this.column(this.sort.name);
      const sign = this.sort.down ? -1 : 1;
      const ranks = new Float64Array(rows);
      // Rows without a value come last, whichever way.
      for (const row of this.order) { const rank = column.rank(row); ranks[row] = Number.isNaN(rank) ? Infinity : sign * rank; }
      this.order.sort((a, b) => (ranks[a] < ranks[b] ? -1 : ranks[a] > ranks[b] ? 1 : a - b));
    }
    this.current = 0;
    this.refresh();
  }

  refresh() {
    for (const [name, select] of this.selects) {
      const choice = this.filters.get(name) ?? '';
      if (choice && ![...select.options].some((o) => o.value === choice)) {
        select.append(el('option', { value: choice }, '≠ ' + plainText(this.declared(name), choice.slice(1))));
      }
      select.value = choice;
    }
    const all = this.total;
    const some = this.order.length;
    this.count.textContent = (some === all ? '' : formatted(some) + ' ' + label('of') + ' ') + formatted(all) + ' ' + label(all === 1 ? 'row' : 'rows');
    this.layout();
  }

  get cards() { return matchMedia('(max-width: 720px)').matches; }

  // Columns from the left as long as they fit; the rest is in the panel.
  layout() {
    const width = this.node.clientWidth || 1000;
    PEN.font = getComputedStyle(this.table).font;
    // The first column says which row this is, so it may take room from the last ones.
    const wanted = this.visible.map((column, i) => {
      const wish = this.wish(column);
      return { column, wish, least: Math.max(LEAST_WIDTH[column.type], this.unbroken(column), Math.min(wish, i ? FIRST_WISH[column.type] ?? 0 : /_(en|nl)$/.test(column.name) ? 520 : 250)) };
    });
    let room = width;
    this.shown = [];
    for (const item of wanted) {
      if (this.shown.length && room < item.least && !this.cards) break;
      this.shown.push(item);
      room -= item.least;
    }
    const wishes = this.shown.reduce((sum, i) => sum + Math.max(0, i.wish - i.least), 0);
    this.columns.replaceChildren();
    for (const item of this.shown) {
      const extra = wishes > 0 ? room * Math.max(0, item.wish - item.least) / wishes : room / this.shown.length;
      const col = el('col');
      col.style.width = Math.floor(item.least + extra) + 'px';
      this.columns.append(col);
    }
    const cells = this.shown.map(({ column }) => {
      const sorted = this.sort && this.sort.name === column.name;
      const button = el('button', { type: 'button', title: say(column.help), onclick: () => this.sortBy(column) }, say(column.label),
        el('span', { class: 'arrow', 'aria-hidden': 'true' }, sorted ? (this.sort.down ? ' ↓' : ' ↑') : ''));
      return el('th', { role: 'columnheader', scope: 'col', class: RIGHT.has(column.type) ? 'right' : null,
        'aria-sort': sorted ? (this.sort.down ? 'descending' : 'ascending') : null }, button);
    });
    this.head.replaceChildren(el('tr', { role: 'row' }, ...cells));
    const left = wanted.slice(this.shown.length).map((i) => say(i.column.label));
    this.note.replaceChildren();
    if (left.length) this.note.append(label('more_columns') + ' ' + left.join(', ') + '. ');
    const empty = this.part.columns.filter((c) => c.type !== 'fact' && c.type !== 'detail' && c.type !== 'build' && inLanguage(c) && this.isEmpty(c) && !this.shown.some((i) => i.column === c)).map((c) => say(c.label));
    if (empty.length) this.note.append(label('empty_columns') + ' ' + empty.join(', ') + '. ');
    if (!this.part.places) this.note.append(label('part_places_left_out'));
    this.table.setAttribute('aria-rowcount', String(this.order.length + 1));
    this.first = this.last = -1;
    this.draw();
  }

  // The widest thing in a column that should not be broken: a word of its head or of its cells, or a number with its unit.
  unbroken(column) {
    const words = (text) => Math.max(0, ...text.split(/[\s\-/]+/).map(drawnWidth));
    // The head is smaller and bold, with an arrow when it is sorted.
    let widest = words(say(column.label)) * 0.98 + 22;
    if (column.type === 'digest' || column.type === 'path' || column.type === 'name' || column.type === 'package' || column.type === 'share') return widest;
    const data = this.column(column.name);
    const values = column.type === 'state' ? [...(data.distinct(CHOICES) ?? new Map()).keys()] : this.sample().map((row) => data.raw(row));
    for (const value of values) {
      if (value === null) continue;
      const text = cellText(column, value);
      if (column.type === 'host') widest = Math.max(widest, ...text.split(/(?<=[.:])/).map((piece) => Math.min(LONGEST_WORD, drawnWidth(piece) + 22)));
      else if (ONE_WORD.has(column.type)) widest = Math.max(widest, drawnWidth(text) + (column.type === 'time' ? 18 : 24));
      else widest = Math.max(widest, Math.min(LONGEST_WORD, words(text) + (column.type === 'state' ? 32 : 18)));
    }
    return widest;
  }

  // Rows to measure by.
  sample() {
    const rows = Math.min(this.order.length, 300);
    return Array.from({ length: rows }, (_, i) => this.order[Math.floor(i * this.order.length / rows)]);
  }

  // How wide a column would like to be: by its longest usual value among the rows shown; by the longest of all
  // for a state, of which there are few and of which the rare ones matter.
  wish(column) {
    if (column.type === 'digest') return LEAST_WIDTH[column.type];
    const data = this.column(column.name);
    const lengths = [];
    const states = column.type === 'state' ? data.distinct(CHOICES) : null;
    if (states) {
      for (const value of states.keys()) lengths.push(drawnWidth(plainText(column, value)) * 1.1 + 14);
    } else {
      for (const row of this.sample()) lengths.push(drawnWidth(cellText(column, data.raw(row))));
    }
    lengths.sort((a, b) => a - b);
    // Where all are short the longest is no freak: often it is the one that matters, as where tables disagree.
    const longest = lengths.at(-1) ?? 0;
    const usual = states || longest < 220 ? longest : lengths[Math.floor(lengths.length * 0.9)];
    const most = column.type === 'path' || /_(en|nl)$/.test(column.name) ? 700 : column.type === 'text' || column.type === 'name' || column.type === 'package' || column.type === 'host' ? 420 : 240;
    return Math.min(most, Math.max(LEAST_WIDTH[column.type], usual * 1.06 + 24));
  }

  sortBy(column) {
    const down = this.sort && this.sort.name === column.name ? !this.sort.down : RIGHT.has(column.type);
    this.sort = { name: column.name, down };
    this.page.changed();
    this.head.querySelectorAll('button')[this.shown.findIndex((i) => i.column.name === column.name)]?.focus();
  }

  get rowHeight() { return this.cards ? 84 : 38; }

  draw() {
    const total = this.order.length;
    if (total === 0) {
      this.first = this.last = -1;
      this.body.replaceChildren(el('tr', { class: 'nothing', role: 'row' }, el('td', { role: 'cell', colspan: String(this.shown.length) }, label('no_match'))));
      return;
    }
    this.table.classList.toggle('windowed', this.windowed);
    if (!this.windowed) {
      const end = this.printing ? Math.min(total, PRINTED) : total;
      this.rows(0, end, 0, 0);
      if (this.printing && end < total) this.body.append(el('tr', { class: 'nothing', role: 'row' }, el('td', { role: 'cell', colspan: String(this.shown.length) }, label('printed') + ' ' + formatted(total - end))));
      return;
    }
    const high = this.rowHeight;
    const tall = total * high;
    const height = Math.min(tall, TALLEST);
    const above = Math.max(0, -this.body.getBoundingClientRect().top);
    const span = innerHeight;
    const part = height > span ? Math.min(1, above / (height - span)) : 0;
    const top = tall > height ? part * (tall - span) : above;
    const first = Math.max(0, Math.min(total - 1, Math.floor(top / high) - OVERSCAN));
    const last = Math.min(total, Math.ceil((top + span) / high) + OVERSCAN);
    if (first === this.first && last === this.last) return;
    // When scaled, the drawn rows stay where the eye is.
    const before = tall > height ? Math.max(0, Math.min(height - (last - first) * high, above - (top - first * high))) : first * high;
    this.rows(first, last, before, Math.max(0, height - before - (last - first) * high));
  }

  rows(first, last, before, after) {
    const focused = this.body.contains(document.activeElement);
    const made = [];
    const spacer = (height) => { const row = el('tr', { class: 'spacer', role: 'presentation', 'aria-hidden': 'true' }); row.style.height = height + 'px'; return row; };
    if (before > 0) made.push(spacer(before));
    for (let place = first; place < last; place++) made.push(this.row(place));
    if (after > 0) made.push(spacer(after));
    this.body.replaceChildren(...made);
    this.first = first;
    this.last = last;
    if (focused) this.focus();
  }

  row(place) {
    const row = this.order[place];
    const line = el('tr', { role: 'row', 'data-place': String(place), 'aria-rowindex': String(place + 2), class: this.marked === row ? 'marked' : null });
    this.shown.forEach(({ column }, i) => {
      const value = this.column(column.name).raw(row);
      let content = cellContent(column, value, false);
      if (i === 0) content = el('button', { type: 'button', class: 'row-button', tabindex: place === this.current ? '0' : '-1' }, content);
      line.append(el('td', { role: 'cell', class: ['t-' + column.type, RIGHT.has(column.type) ? 'right' : '', value === null ? 'empty' : ''].join(' ').trim(), 'data-label': say(column.label) }, content));
    });
    return line;
  }

  // Only the current row can be reached with Tab; arrows lead to the others.
  rove() {
    for (const button of this.body.querySelectorAll('.row-button')) button.tabIndex = Number(button.closest('tr').dataset.place) === this.current ? 0 : -1;
  }

  focus() { this.body.querySelector('tr[data-place="' + this.current + '"] .row-button')?.focus({ preventScroll: true }); }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.move(Math.max(0, Math.min(this.order.length - 1, this.current + steps[event.key])));
    this.focus();
  }

  // Makes a place the current one and brings it into sight.
  move(place) {
    this.current = place;
    if (this.windowed) {
      const body = this.body.getBoundingClientRect().top + scrollY;
      const high = this.rowHeight;
      const tall = this.order.length * high;
      const height = Math.min(tall, TALLEST);
      const at = tall > height ? place * high / (tall - innerHeight) * (height - innerHeight) : place * high;
      const head = 90;
      if (place < this.first + OVERSCAN + 2 || place > this.last - OVERSCAN - 3) scrollTo(0, body + Math.max(0, at - innerHeight / 2 + head));
      this.first = -1;
      this.draw();
    } else {
      this.rove();
      this.body.querySelector('tr[data-place="' + place + '"]')?.scrollIntoView({ block: 'nearest' });
    }
  }

  open(place) {
    this.current = place;
    this.mark(this.order[place]);
    this.rove();
    this.page.showRow(this, this.order[place]);
  }

  step(by) {
    const place = this.current + by;
    if (place < 0 || place >= this.order.length) return;
    this.move(place);
    this.open(place);
  }

  mark(row) {
    this.marked = row;
    for (const line of this.body.querySelectorAll('tr[data-place]')) line.classList.toggle('marked', this.order[Number(line.dataset.place)] === row);
  }

  print(on) {
    this.printing = on;
    this.first = this.last = -1;
    this.draw();
  }

  // The place of the row that states a fact, or -1.
  placeOf(fact) {
    for (const column of this.part.columns) {
      if (column.type !== 'fact') continue;
      const data = this.column(column.name);
      for (let place = 0; place < this.order.length; place++) if (data.raw(this.order[place]) === fact) return place;
    }
    return -1;
  }
}
