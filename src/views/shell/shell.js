// The page around the tables: navigation, language, links into the report.
//   #packages?q=words&sort=list.name&f=list.verdict:=rejected&fact=<id>&lang=nl     (sort=-list.name: downwards)

const app = document.getElementById('app');
const rowsOf = new Map();   // page id → packed rows, read when the page is first opened

let view = null;
let typing = 0;

function parseHash() {
  const hash = location.hash.slice(1);
  const cut = hash.indexOf('?');
  const id = cut < 0 ? hash : hash.slice(0, cut);
  return { id: id === 'package' || report.pages.some((p) => p.id === id) ? id : report.pages[0].id, params: new URLSearchParams(cut < 0 ? '' : hash.slice(cut + 1)) };
}

function packedRows(id) {
  if (!rowsOf.has(id)) rowsOf.set(id, readBlock('k-rows-' + id));
  return rowsOf.get(id);
}

class PageView {
  constructor(page, params) {
    this.page = page;
    this.tables = [];
    this.panel = new Panel((by) => this.openTable?.step(by), () => this.closed());
    this.query = params.get('q') ?? '';
    this.fact = params.get('fact');
    if (page.id !== 'package') packedRows(page.id);
    this.main = el('main', { id: 'main', tabindex: '-1' });
    this.compose();
    const sort = params.get('sort');
    for (const table of this.tables) {
      table.search(this.query);
      const down = sort?.startsWith('-');
      const [part, name] = (down ? sort.slice(1) : sort ?? '').split('.');
      if (part === table.part.id && name) table.sort = { name, down };
      for (const filter of params.getAll('f')) {
        const match = /^([a-z_]+)\.([a-z0-9_]+):(.+)$/s.exec(filter);
        if (match && match[1] === table.part.id && table.declared(match[2])) table.filter(match[2], match[3]);
      }
    }
  }

  compose() {
    const page = this.page;
    this.main.append(el('h1', {}, say(page.title)), el('p', { class: 'about' }, say(page.sentence)));
    const said = page.parts.filter((p) => p.form === 'sentences' && p.sentences.length);
    if (said.length) {
      const summary = el('div', { class: 'summary' });
      for (const part of said) {
        for (const sentence of part.sentences) {
          // A null result carries neither the tone nor the link of the rows it stands for.
          const rows = part.rows > 0;
          const line = el('p', { class: rows ? 'say tone-' + part.tone : 'say' }, el('bdi', {}, say(sentence)));
          if (part.link && rows) line.append(' ', el('a', { href: hashFor(part.link) }, label('show')));
          summary.append(line);
        }
      }
      this.main.append(summary);
    }
    const parts = page.parts.filter((p) => PLACED.has(p.form));
    if (parts.some((p) => p.form !== 'cards' && p.rows >= 8) && page !== report.pages[0]) this.main.append(this.searchBox());
    for (const part of parts) this.main.append(this.part(part, parts.length > 1));
    for (const part of page.parts) {
      if ((part.form === 'sentences' || part.form === 'banner') && part.error) this.main.append(el('p', { class: 'failed' }, label('not_made') + ' ' + part.error));
    }
  }

  searchBox() {
    this.input = el('input', { type: 'search', id: 'search', placeholder: label('search'), 'aria-label': label('search'), autocomplete: 'off', spellcheck: 'false', value: this.query });
    this.input.addEventListener('input', () => {
      clearTimeout(typing);
      const rows = this.tables.reduce((sum, t) => sum + t.part.rows, 0);
      typing = setTimeout(() => { this.query = this.input.value; this.changed(); }, rows > 50000 ? 160 : 0);
    });
    this.reset = el('button', { type: 'button', class: 'plain-button', hidden: true, onclick: () => this.clear() }, label('clear'));
    return el('div', { class: 'search-row', role: 'search' }, this.input, this.reset);
  }

  part(part, titled) {
    const section = el('section', { class: 'part part-' + part.form });
    const head = el('div', { class: 'part-head' });
    if (titled && say(part.title)) head.append(el('h2', {}, say(part.title)));
    section.append(head);
    if (say(part.sentence)) section.append(el('p', { class: 'about' }, say(part.sentence)));
    if (part.error) {
      section.append(el('p', { class: 'failed' }, label('not_made') + ' ' + part.error));
      return section;
    }
    if (part.rows === 0) {
      section.append(el('p', { class: 'nothing' }, say(part.empty), el('span', { class: 'quiet' }, ' ' + label('null_result'))));
      return section;
    }
    const table = new (VIEWS[part.form] ?? TableView)(part, packedRows(this.page.id)[part.id], this);
    if (part.form === 'cards') {
      section.append(this.cards(table));
      return section;
    }
    this.tables.push(table);
    head.append(table.count);
    section.append(table.node);
    return section;
  }

  cards(table) {
    const host = el('div', { class: 'cards' });
    for (let row = 0; row < table.part.rows; row++) {
      const fields = el('dl', { class: 'card-fields' });
      const columns = table.part.columns.filter((c) => c.type !== 'fact');
      for (const column of columns.slice(1)) {
        fields.append(el('div', {}, el('dt', { title: say(column.help) }, say(column.label)), el('dd', {}, cellContent(column, table.column(column.name).raw(row), false))));
      }
      const title = plainText(columns[0], table.column(columns[0].name).raw(row));
      const button = el('button', { type: 'button', class: 'plain-button', onclick: (event) => { this.returnTo = event.currentTarget; this.showRow(table, row); } }, label('places'));
      host.append(el('article', { class: 'card' }, el('h3', {}, el('bdi', {}, title)), fields, button));
    }
    return host;
  }

  // After search, filter or sort: new rows, and a link that leads here again.
  changed() {
    for (const table of this.tables) { table.search(this.query); table.arrange(); }
    if (this.reset) this.reset.hidden = !this.query && this.tables.every((t) => t.filters.size === 0);
    this.link();
  }

  clear() {
    this.query = this.input.value = '';
    for (const table of this.tables) table.clear();
    this.changed();
    this.input.focus();
  }

  link() {
    const params = new URLSearchParams();
    if (this.query) params.set('q', this.query);
    for (const table of this.tables) {
      if (table.sort) params.set('sort', (table.sort.down ? '-' : '') + table.part.id + '.' + table.sort.name);
      for (const [name, choice] of table.filters) params.append('f', table.part.id + '.' + name + ':' + choice);
    }
    if (this.fact) params.set('fact', this.fact);
    history.replaceState(null, '', hashFor(this.page.id, params));
  }

  showRow(table, row) {
    if (this.openTable && this.openTable !== table) this.openTable.mark(-1);
    this.openTable = table;
    const column = table.part.columns.find((c) => c.type === 'fact');
    this.fact = column ? table.column(column.name).raw(row) : null;
    this.panel.show(table.part, table, row);
    this.link();
  }

  closed() {
    this.openTable?.mark(-1);
    this.fact = null;
    this.link();
    if (this.openTable?.part.form === 'cards') this.returnTo?.focus({ preventScroll: true });
    else this.openTable?.focus();
  }

  // Once in the document, where widths are known.
  start() {
    for (const table of this.tables) table.arrange();
    if (this.reset) this.reset.hidden = !this.query && this.tables.every((t) => t.filters.size === 0);
    if (!this.fact) return;
    for (const table of this.tables) {
      const place = table.placeOf(this.fact);
      if (place < 0) continue;
      table.move(place);
      table.open(place);
      return;
    }
  }
}

// One package or service: the rows of every page that are about it. Nothing of its own lies in the file.
class PackageView extends PageView {
  constructor(page, params) {
    super(page, params);
    this.params = params;
  }

  compose() {
    const name = this.page.name;
    this.main.append(el('h1', {}, el('bdi', {}, name)), el('p', { class: 'about' }, label('package_page')));
    let found = false;
    for (const page of report.pages) {
      for (const part of page.parts) {
        const column = TABLES.has(part.form) && part.rows && !part.error ? part.columns.find((c) => c.type === 'package') : null;
        if (!column) continue;
        const table = new TableView({ ...part, id: page.id + '_' + part.id }, packedRows(page.id)[part.id], this);
        table.restrict(column.name, name);
        if (!table.total) continue;
        found = true;
        const title = say(part.title) && say(part.title) !== say(page.title) && page.parts.filter((p) => p.form === part.form).length > 1 ? say(page.title) + ': ' + say(part.title) : say(page.title);
        this.tables.push(table);
        this.main.append(el('section', { class: 'part part-table' }, el('div', { class: 'part-head' }, el('h2', {}, el('a', { href: hashFor(page.id) }, title)), table.count), table.node));
      }
    }
    if (!found) this.main.append(el('p', { class: 'nothing' }, label('package_none')));
  }

  link() {
    const params = new URLSearchParams({ p: this.page.name });
    if (this.fact) params.set('fact', this.fact);
    history.replaceState(null, '', hashFor('package', params));
  }
}

function hashFor(target, params) {
  const cut = target.indexOf('?');
  const all = new URLSearchParams(cut < 0 ? params : target.slice(cut + 1));
  if (language !== report.language) all.set('lang', language);
  const query = all.toString();
  return '#' + (cut < 0 ? target : target.slice(0, cut)) + (query ? '?' + query : '');
}

function rowsIn(page) { return page.parts.find((p) => TABLES.has(p.form))?.rows ?? 0; }

function topBar() {
  const other = language === 'nl' ? 'en' : 'nl';
  return el('header', { class: 'top' },
    el('a', { class: 'mark', href: hashFor(report.pages[0].id) }, 'klikspaan'),
    el('span', { class: 'stretch' }),
    el('button', { type: 'button', class: 'plain-button', lang: other, onclick: () => switchLanguage(other) }, label('language')),
    el('button', { type: 'button', class: 'plain-button theme', title: label('theme'), 'aria-label': label('theme'), onclick: switchTheme }, '◐'));
}

function navigation(current) {
  const list = el('ul');
  report.pages.forEach((page, i) => {
    list.append(el('li', {}, el('a', { href: hashFor(page.id), 'aria-current': page === current ? 'page' : null },
      el('span', {}, say(page.title)), i ? el('span', { class: 'nav-count' }, formatted(rowsIn(page))) : null)));
  });
  return el('nav', { 'aria-label': label('pages') }, list);
}

function banners() {
  const made = [];
  for (const page of report.pages) {
    for (const part of page.parts) {
      if (part.form === 'banner') for (const sentence of part.sentences) made.push(el('p', { class: 'banner', role: 'note' }, el('bdi', {}, say(sentence))));
    }
  }
  return made;
}

function show() {
  const { id, params } = parseHash();
  const wanted = params.get('lang');
  if (wanted === 'en' || wanted === 'nl') language = wanted;
  document.documentElement.lang = language;
  const name = params.get('p') ?? '';
  const page = id === 'package' ? { id, name, title: { en: name, nl: name }, parts: [] } : report.pages.find((p) => p.id === id);
  document.body.classList.remove('with-panel');
  view = new (id === 'package' ? PackageView : PageView)(page, params);
  document.title = say(page.title) + ' · ' + report.case;
  app.replaceChildren(
    el('a', { class: 'skip', href: '#main', onclick: (event) => { event.preventDefault(); view.main.focus(); } }, label('skip')),
    ...banners(), topBar(), el('div', { class: 'frame' }, navigation(page), view.main), view.panel.node,
    el('footer', {}, el('p', {}, label('made_by') + ' ', el('bdi', { class: 'mono' }, report.case), ' · klikspaan ' + report.version), el('p', {}, label('footer'))));
  app.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  scrollTo(0, 0);
  view.start();
}

function switchLanguage(to) {
  const { id, params } = parseHash();
  language = to;
  params.delete('lang');
  history.replaceState(null, '', hashFor(id, params));
  show();
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
}

let width = innerWidth;
addEventListener('hashchange', show);
addEventListener('scroll', () => { for (const table of view.tables) if (table.windowed) table.draw(); }, { passive: true });
addEventListener('resize', () => {
  if (innerWidth === width) { for (const table of view.tables) if (table.windowed) table.draw(); return; }
  width = innerWidth;
  for (const table of view.tables) table.layout();
});
addEventListener('beforeprint', () => { for (const table of view.tables) table.print(true); });
addEventListener('afterprint', () => { for (const table of view.tables) table.print(false); });
addEventListener('keydown', (event) => {
  if (event.key === '/' && view.input && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) {
    event.preventDefault();
    view.input.focus();
  } else if (event.key === 'Escape' && view.panel.open) {
    view.panel.close();
  }
});
show();
