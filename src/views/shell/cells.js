// Elements and values. Text reaches the page through textContent only.

const report = readBlock('k-report');
let language = report.language;

const say = (localized) => localized[language];
const label = (name) => say(report.words.ui[name].text);

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

const locale = () => (language === 'nl' ? 'nl-NL' : 'en-GB');
const formats = new Map();
function formatted(number, options) {
  const key = language + JSON.stringify(options ?? {});
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), options));
  return formats.get(key).format(number);
}

// Beyond 2^53 numbers come as strings, which Intl keeps exact as BigInt.
const shownNumber = (value) => formatted(typeof value === 'string' ? BigInt(value) : value);

function shownBytes(value) {
  let size = Number(value);
  if (size < 1000) return shownNumber(value) + (size === 1 ? ' byte' : ' bytes');
  const units = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let unit = -1;
  while (unit < 0 || (size >= 999.5 && unit + 1 < units.length)) { size /= 1000; unit++; }
  const digits = size >= 99.95 ? 0 : 1;
  return formatted(size, { minimumFractionDigits: digits, maximumFractionDigits: digits }) + ' ' + units[unit];
}

// Cut, not rounded: 100 % is all of it. What is there is never 0.
function shownShare(perMillion) {
  const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  if (perMillion > 0 && perMillion < 1000) return '< ' + formatted(0.1, tenths) + ' %';
  return formatted(Math.floor(perMillion / 1000) / 10, tenths) + ' %';
}

function shownTime(value) {
  // To the second; the panel has the rest.
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z$/.test(value) ? value.slice(0, 10) + ' ' + value.slice(11, 19) : value;
  if (value < -62135596800 || value >= 253402300800) return String(value);
  return new Date(value * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

function shownDuration(milliseconds) {
  const units = [[86400000, 'days'], [3600000, 'hours'], [60000, 'minutes'], [1000, 'seconds']];
  const [unit, name] = units.find(([size]) => milliseconds >= size * (size === 86400000 ? 3 : 10)) ?? units[3];
  return formatted(milliseconds / unit, { minimumFractionDigits: 1, maximumFractionDigits: 1 }) + ' ' + label(name);
}

// What stands in a case for an identifier that the owner gave is said in the language of the reader, wherever it stands.
const inWords = (text) => (language === 'en' ? text : text.replaceAll(report.words.ui.owners_identifier.text.en, label('owners_identifier')));

// The word for a raw value of a state column; a value without one is shown as it is.
function wordOf(column, value) {
  const set = report.words[column.words];
  return set && Object.hasOwn(set, value) ? set[value] : null;
}

function plainText(column, value) {
  if (value === null) return '';
  switch (column.type) {
    case 'number': return typeof value === 'number' || /^-?[0-9]+$/.test(value) ? shownNumber(value) : value;
    case 'bytes': return typeof value === 'number' ? shownBytes(value) : value;
    case 'share': return shownShare(value);
    case 'yesno': return label(value ? 'yes' : 'no');
    case 'time': return shownTime(value);
    case 'duration': return typeof value === 'number' ? shownDuration(value) : value;
    case 'state': { const word = wordOf(column, String(value)); return word ? say(word.text) : String(value); }
    default: return inWords(String(value));
  }
}

// What a table shows of it where it shows less.
const cellText = (column, value) => (column.type === 'time' && typeof value === 'number' ? plainText(column, value).slice(0, 10) : plainText(column, value));

// A column may say the same in both languages: title_en and title_nl. Only one is shown.
const inLanguage = (column) => !/_(en|nl)$/.test(column.name) || column.name.endsWith('_' + language);

const packageHash = (name) => hashFor('package', new URLSearchParams({ p: name }));

const RIGHT = new Set(['number', 'bytes', 'share', 'duration']);

function bar(perMillion) {
  const filled = el('span', { class: 'bar-filled' });
  filled.style.width = Math.max(0, Math.min(100, perMillion / 10000)) + '%';
  return el('span', { class: 'bar', 'aria-hidden': 'true' }, filled);
}

// A text that may break at these places.
const breakable = (text, places) => text.split(places).flatMap((piece, i) => (i ? [el('wbr'), piece] : [piece]));

// What stands in a table cell. `whole`: nothing is left out, as in the panel.
function cellContent(column, value, whole) {
  if (value === null) return el('span', { class: 'none', title: label('not_stated') }, whole ? label('not_stated') : '–');
  const text = plainText(column, value);
  switch (column.type) {
    case 'state': {
      const word = wordOf(column, String(value));
      if (!word) return el('span', {}, text);
      const shown = el('span', { class: 'state tone-' + word.tone, title: !whole && word.meaning ? say(word.meaning) : null }, text);
      return whole && word.meaning ? el('span', {}, shown, el('span', { class: 'meaning' }, say(word.meaning))) : shown;
    }
    case 'yesno': return el('span', { class: value ? 'yes' : 'no' }, text);
    case 'time': return whole && typeof value === 'string' && value !== text ? el('span', {}, text, el('span', { class: 'meaning mono' }, value))
      : el('span', { title: whole ? null : String(typeof value === 'string' ? value : text) }, whole ? text : cellText(column, value));
    // A name may break behind a dot, and an address is no name with an ending.
    case 'host': return el('bdi', { title: whole ? null : text }, ...breakable(text, /(?<=[.:])/));
    case 'digest': return el('span', { class: 'mono', title: whole ? null : text }, whole ? text : text.slice(0, 12));
    case 'bytes': return whole && value >= 1000 ? el('span', {}, text, el('span', { class: 'meaning' }, shownNumber(value) + ' ' + label('bytes')))
      : el('span', { title: shownNumber(value) + ' ' + label('bytes') }, text);
    case 'number': return whole && column.name === 'at' ? el('span', {}, text, el('span', { class: 'meaning mono' }, '0x' + BigInt(value).toString(16))) : el('span', {}, text);
    case 'share': return el('span', { class: 'share' }, bar(value), el('span', { class: 'share-number' }, text));
    case 'path':
    case 'package':
    case 'name': {
      const path = column.type === 'path';
      if (whole && column.type === 'package') return el('span', {}, el('bdi', {}, text), ' ', el('a', { href: packageHash(String(value)) }, label('all_of_it')));
      if (whole) return el('bdi', { class: path ? 'mono' : null }, text);
      // The end of a path or a dotted name tells more than its beginning, so the beginning gives way.
      const cut = text.lastIndexOf(path ? '/' : '.') + 1;
      return el('span', { class: path ? 'path mono' : 'path', title: text }, cut ? el('bdi', { class: 'path-folder' }, text.slice(0, cut)) : null, el('bdi', { class: 'path-name' }, text.slice(cut)));
    }
    default: return el('bdi', { title: whole || text.length < 24 ? null : text }, ...(text.length < 16 ? [text] : breakable(text, /(?<=[/,;])/)));
  }
}
