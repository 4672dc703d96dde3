// A matrix: who against what, one mark per pair. Filters, search and the panel are those of a table.

const MARKS = { reached: '\u25CF', not_known: '\u25D0', not_reached: '\u25CB', no_code: '\u25CB' };

class MatrixView extends TableView {
  get windowed() { return false; }

  layout() {
    const [who, what] = this.part.columns;
    const use = this.declared('use');
    const lines = new Map();   // name → cells by value of the second column
    const heads = new Map();
    this.order.forEach((row, place) => {
      const name = this.column(who.name).raw(row) ?? '';
      const value = this.column(what.name).raw(row) ?? '';
      if (!lines.has(name)) lines.set(name, new Map());
      if (!lines.get(name).has(value)) lines.get(name).set(value, place);
      heads.set(value, (heads.get(value) ?? 0) + 1);
    });
    const columns = [...heads.keys()].sort((a, b) => plainText(what, a).localeCompare(plainText(what, b), language));
    this.table.classList.add('matrix');
    this.columns.replaceChildren();
    this.head.replaceChildren(el('tr', { role: 'row' }, el('th', { role: 'columnheader', scope: 'col' }, say(who.label)),
      ...columns.map((value) => el('th', { role: 'columnheader', scope: 'col', class: 'turned', title: plainText(what, value) }, el('span', {}, plainText(what, value))))));
    this.body.replaceChildren(...[...lines].map(([name, cells]) => el('tr', { role: 'row' },
      el('th', { role: 'rowheader', scope: 'row' }, el('a', { href: packageHash(name), title: name }, el('bdi', {}, name))),
      ...columns.map((value) => this.cell(what, value, cells.get(value), use)))));
    if (!lines.size) this.body.replaceChildren(el('tr', { class: 'nothing', role: 'row' }, el('td', { role: 'cell' }, label('no_match'))));
    this.note.replaceChildren(this.part.places ? '' : label('part_places_left_out'));
  }

  cell(what, value, place, use) {
    if (place === undefined) return el('td', { role: 'cell' });
    const row = this.order[place];
    const state = use ? this.column('use').raw(row) : 'reached';
    const quiet = this.declared('share') && this.column('share').raw(row) === 'aosp';
    const text = plainText(what, value) + ': ' + (use ? plainText(use, state) : '');
    return el('td', { role: 'cell', 'data-place': String(place), class: quiet ? 'faint' : null },
      el('button', { type: 'button', class: 'mark-' + state, title: text, 'aria-label': text }, MARKS[state] ?? '\u25CF'));
  }

  draw() {}
  key() {}
  rove() {}

  focus() { this.body.querySelector('[data-place="' + this.current + '"] button')?.focus({ preventScroll: true }); }

  move(place) {
    this.current = place;
    this.body.querySelector('[data-place="' + place + '"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  mark(row) {
    this.marked = row;
    for (const cell of this.body.querySelectorAll('[data-place]')) cell.classList.toggle('marked', this.order[Number(cell.dataset.place)] === row);
  }
}
