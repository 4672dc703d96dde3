// The code of the report's page, without a browser: what it makes of values, how much room it gives a column, where the time line has its times.
//   node tests/views/shell_test.mjs
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const shell = (name) => fs.readFileSync(path.join(root, 'src/views/shell', name), 'utf8');

class Element {
  constructor(tag) { this.tag = tag; this.children = []; this.attributes = {}; this.style = {}; this.dataset = {}; }
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...more) { this.children.push(...more.map((c) => (typeof c === 'string' ? { text: c } : c))); }
  set textContent(text) { this.children = [{ text }]; }
  get textContent() { return this.children.map((c) => c.text ?? c.textContent).join(''); }
  addEventListener() {}
  all(tag) { return this.children.flatMap((c) => (c.children ? [...(c.tag === tag ? [c] : []), ...c.all(tag)] : [])); }
}

const words = Object.fromEntries(fs.readFileSync(path.join(root, 'reports/words.txt'), 'utf8').split('\n').filter((l) => l.startsWith('ui |')).map((l) => l.split('|').map((f) => f.trim())).map((f) => [f[1], { text: { en: f[3], nl: f[4] } }]));
const report = { language: 'nl', words: { ui: words, message_state: { clear: { tone: 'mark', text: { en: 'in the clear', nl: 'onversleuteld' } } } }, pages: [] };
const stub = {
  documentElement: { namespaceURI: 'http://www.w3.org/1999/xhtml' },
  getElementById: () => ({ textContent: JSON.stringify(report) }),
  createElement: (tag) => (tag === 'canvas' ? { getContext: () => ({ measureText: (text) => ({ width: 7 * text.length }) }) } : new Element(tag)),
  createElementNS: (_, tag) => new Element(tag),
};
const code = ['data.js', 'cells.js', 'table.js', 'matrix.js', 'drawn.js'].map(shell).join('');
const { plainText, cellText, cellContent, TableView, TimelineView, LABEL } = new Function('document', 'matchMedia', code + '; return { plainText, cellText, cellContent, TableView, TimelineView, LABEL };')(stub, () => ({ matches: false }));

const of = (type, more = {}) => ({ name: 'c', type, words: '', label: { en: 'x', nl: 'x' }, ...more });
let ran = 0;
const test = (name, body) => { try { body(); ran++; } catch (error) { console.error('FAILED: ' + name); throw error; } };

test('times are to the second and periods have a unit', () => {
  assert.equal(plainText(of('time'), '2026-01-05T10:00:00.123456Z'), '2026-01-05 10:00:00');
  assert.equal(plainText(of('time'), 'soon'), 'soon');
  assert.equal(plainText(of('time'), 0), '1970-01-01 00:00');
  assert.equal(cellText(of('time'), 0), '1970-01-01');
  assert.equal(plainText(of('duration'), 299800), '299,8 s');
  assert.equal(plainText(of('duration'), 36000000), '10,0 uur');
});

test('what stands for an identifier is in the language of the reader', () => {
  assert.equal(plainText(of('host'), "[owner's identifier].maker.example"), '[kenmerk van de eigenaar].maker.example');
});

test('a host may break behind its dots and is of one kind throughout', () => {
  const cell = cellContent(of('host'), 'a.maker.example', false);
  assert.equal(cell.textContent, 'a.maker.example');
  assert.equal(cell.all('wbr').length, 2);
  assert.equal(cellContent(of('host'), '203.0.113.7', false).all('bdi').length, 0);
});

// A view of one column with these values.
const view = (column, values) => Object.assign(Object.create(TableView.prototype), {
  part: { columns: [column], rows: values.length }, order: values.map((_, i) => i),
  column: () => ({ raw: (row) => values[row], distinct: (most) => (new Set(values).size > most ? null : new Map(values.map((v) => [v, 1]))) }),
});
const least = (column, values) => view(column, values).unbroken(column);

test('a column has room for its longest word, of its head too', () => {
  assert.ok(least(of('text'), ['application/json']) >= 7 * 'application'.length);
  assert.ok(least(of('text', { label: { en: 'x', nl: 'Verbindingen' } }), ['1']) >= 7 * 'Verbindingen'.length);
  assert.ok(least(of('state', { words: 'message_state' }), ['clear']) >= 7 * 'onversleuteld'.length + 14);
  assert.ok(least(of('time'), ['2026-01-05T10:00:00.123456Z']) >= 7 * '2026-01-05 10:00:00'.length);
  assert.ok(least(of('bytes'), [123456]) >= 7 * '123 kB'.length);
  assert.ok(least(of('text'), ['x'.repeat(400)]) <= 200);
});

test('a column that is short throughout is as wide as its longest value', () => {
  const votes = Array(50).fill('MY 2 van 2').concat('EU 1, NL 1 van 3');
  const column = of('text');
  assert.ok(view(column, votes).wish(column) >= 7 * 'EU 1, NL 1 van 3'.length);
});

test('a column without any value is left out', () => {
  const told = { ...of('text'), name: 'told' }, untold = { ...of('text'), name: 'untold' };
  const table = Object.create(TableView.prototype);
  table.part = { columns: [told, untold], rows: 2 };
  table.column = (name) => ({ distinct: () => new Map(name === 'told' ? [['a', 1], [null, 1]] : [[null, 1], ['', 1]]) });
  assert.deepEqual(table.visible.map((c) => c.name), ['told']);
});

const minute = 60000, day = 86400000;
const axis = (times, width = 1000) => {
  const line = Object.create(TimelineView.prototype);
  const runs = line.runs(times.map((at) => ({ at })), 210, width);
  const picture = new Element('svg');
  for (const run of runs) line.axis(picture, run, 34, 100);
  return { runs, said: picture.all('text').map((t) => t.textContent), ticks: picture.all('line').length };
};

test('each piece of a broken axis tells its date', () => {
  const { runs, said } = axis([0, 60 * day, 60 * day + minute, 130 * day]);
  assert.equal(runs.length, 3);
  assert.ok(runs.every((r) => r.width >= LABEL));
  for (const date of ['1970-01-01', '1970-03-02', '1970-05-11']) assert.ok(said.some((t) => t.startsWith(date)), date);
});

test('a long piece has its end and times between', () => {
  const { said, ticks } = axis(Array.from({ length: 301 }, (_, i) => i * minute));
  assert.deepEqual(said.slice(0, 3), ['1970-01-01', '00:00', '05:00']);
  assert.ok(ticks >= 4 && said.includes('02:00'));
});

test('acts of the owner are marks over all lanes', () => {
  const rows = [['a.example', '2026-01-05T10:00:00Z', null], [null, '2026-01-05T10:01:00Z', 'idle'], ['a.example', '2026-01-05T10:02:00Z', null]];
  const line = Object.create(TimelineView.prototype);
  line.part = { title: { en: '', nl: '' }, columns: [of('host', { name: '0' }), of('time', { name: '1' }), of('state', { name: '2' })] };
  line.order = [0, 1, 2];
  line.column = (name) => ({ raw: (row) => rows[row][Number(name)] });
  const picture = line.drawn(1000);
  assert.equal(picture.all('line').filter((l) => l.attributes.class === 'drawn-mark').length, 1);
  assert.ok(picture.all('text').some((t) => t.textContent === 'idle'));
  assert.equal(picture.all('circle').length, 2);
});

console.log(ran + ' passed');
