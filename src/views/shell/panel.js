// The evidence panel: one row in full, and for each of its facts the bytes it rests on.

let origins = null;   // read when a row is first opened, for all pages

function placesOf(fact) {
  origins ??= new Origins(readBlock('k-origins'));
  return origins.of(fact);
}

class Panel {
  constructor(onMove, onClose) {
    this.onMove = onMove;
    this.onClose = onClose;
    this.node = el('aside', { class: 'panel', role: 'dialog', 'aria-labelledby': 'panel-title', hidden: true, tabindex: '-1' });
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  get open() { return !this.node.hidden; }

  show(part, table, row) {
    const pressed = this.open && document.activeElement?.dataset?.step;
    const columns = part.columns.filter((c) => c.type !== 'fact' && inLanguage(c));
    const facts = part.columns.filter((c) => c.type === 'fact' && table.column(c.name).raw(row) !== null);
    const first = columns[0];
    const fields = el('dl', { class: 'fields' });
    for (const column of columns) {
      const value = table.column(column.name).raw(row);
      fields.append(el('dt', { title: say(column.help) }, say(column.label)), el('dd', {}, cellContent(column, value, true)));
    }
    const name = plainText(first, table.column(first.name).raw(row));
    const title = (first.type === 'path' && name.slice(name.lastIndexOf('/') + 1)) || name || label('details');
    const steps = part.form === 'cards' ? [] : [
      el('button', { type: 'button', class: 'plain-button', 'data-step': '-1', title: label('previous'), 'aria-label': label('previous'), onclick: () => this.onMove(-1) }, '↑'),
      el('button', { type: 'button', class: 'plain-button', 'data-step': '1', title: label('next'), 'aria-label': label('next'), onclick: () => this.onMove(1) }, '↓')];
    this.node.replaceChildren(
      el('div', { class: 'panel-bar' }, ...steps, el('span', { class: 'stretch' }),
        el('button', { type: 'button', class: 'plain-button', onclick: () => this.close() }, label('close'))),
      el('h2', { id: 'panel-title' }, el('bdi', {}, title)),
      fields,
      el('h3', {}, label('places')));
    if (!facts.length) this.node.append(el('p', { class: 'quiet' }, label('no_fact')));
    for (const column of facts) this.node.append(this.fact(part, column, table.column(column.name).raw(row), facts.length > 1));
    document.body.classList.add('with-panel');
    this.node.hidden = false;
    this.node.scrollTop = 0;
    (this.node.querySelector('[data-step="' + pressed + '"]') ?? this.node).focus({ preventScroll: true });
  }

  fact(part, column, fact, named) {
    const places = placesOf(fact);
    const section = el('section', { class: 'fact' });
    if (named) section.append(el('h4', {}, say(column.label)));
    for (const place of places) {
      const list = el('dl', { class: 'fields place' });
      const add = (key, ...content) => list.append(el('dt', {}, label(key)), el('dd', {}, ...content));
      if (place.path !== null) add('file', el('bdi', { class: 'mono' }, place.path));
      if (place.at !== null) add('offset', shownNumber(place.at), el('span', { class: 'meaning mono' }, '0x' + BigInt(place.at).toString(16)));
      if (place.length !== null) add('length', shownNumber(place.length) + ' ' + label('bytes'));
      if (place.extractor !== null) add('extractor', el('span', { class: 'mono' }, place.extractor));
      if (place.sha256 !== null) add('sha256', el('span', { class: 'mono' }, place.sha256));
      if (place.because !== null) add('because', el('span', { class: 'mono' }, place.because), ...this.behind(place.because));
      section.append(list);
    }
    if (!places.length) section.append(el('p', { class: 'quiet' }, label(part.places ? 'no_places' : 'places_left_out')));
    const command = (column.name.startsWith('before_') && report.whyBefore || report.why) + ' ' + fact;
    const code = el('code', {}, command);
    const copy = el('button', { type: 'button', class: 'plain-button', onclick: () => copyText(command, code, copy) }, label('copy'));
    section.append(el('p', { class: 'command-label' }, label('command')), el('div', { class: 'command' }, code, copy));
    return section;
  }

  // The places of a fact that another follows from, one line each.
  behind(fact) {
    return placesOf(fact).filter((p) => p.path !== null)
      .map((p) => el('span', { class: 'meaning mono' }, p.path + ' @ 0x' + BigInt(p.at ?? 0).toString(16)));
  }

  close() {
    if (!this.open) return;
    this.node.hidden = true;
    document.body.classList.remove('with-panel');
    this.onClose();
  }
}

async function copyText(text, code, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = label('copied');
  } catch {
    getSelection().selectAllChildren(code);
  }
}
