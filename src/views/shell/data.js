'use strict';
// Packed columns (src/views/columnar.h) opened up. Everything in them is text that was escaped before it came here.

function readBlock(id) {
  const block = document.getElementById(id);
  const value = JSON.parse(block.textContent);
  block.textContent = '';
  return value;
}

class NumberColumn {
  constructor(packed) { this.values = packed.v; this.length = packed.v.length; }
  raw(row) { return this.values[row]; }
  rank(row) { const v = this.values[row]; return v === null ? NaN : Number(v); }
  search(term, hit) {
    if (!/^-?[0-9]+$/.test(term)) return;
    for (let row = 0; row < this.length; row++) {
      const v = this.values[row];
      if (v !== null && !hit[row] && String(v).includes(term)) hit[row] = 1;
    }
  }
  // Distinct values with their counts; null when there are too many to choose from.
  distinct(most) { return countDistinct(this, most); }
}

class TextColumn {
  constructor(packed) {
    this.strings = [];
    for (let i = 0, last = ''; i < packed.v.length; i += 2) this.strings.push(last = last.slice(0, packed.v[i]) + packed.v[i + 1]);
    this.places = Int32Array.from(packed.i);
    this.length = this.places.length;
    this.lowered = null;
  }
  raw(row) { const place = this.places[row]; return place < 0 ? null : this.strings[place]; }
  rank(row) { const place = this.places[row]; return place < 0 ? NaN : place; }
  // `word` turns a value into what the reader sees for it, when that differs.
  search(term, hit, word) {
    this.lowered ??= this.strings.map((s) => s.toLowerCase());
    const found = this.lowered.map((s, i) => s.includes(term) || (word !== null && word(this.strings[i]).toLowerCase().includes(term)));
    for (let row = 0; row < this.length; row++) if (this.places[row] >= 0 && found[this.places[row]]) hit[row] = 1;
  }
  distinct(most) { return this.strings.length > most ? null : countDistinct(this, most); }
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

class HexColumn {
  constructor(packed, rows) {
    const bytes = atob(packed.v);
    this.bytes = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.bytes[i] = bytes.charCodeAt(i);
    this.step = packed.w / 2;
    this.places = new Int32Array(rows);
    this.length = rows;
    for (const row of packed.z) this.places[row] = -1;
    for (let row = 0, place = 0; row < rows; row++) if (this.places[row] === 0) this.places[row] = place++;
  }
  raw(row) {
    if (this.places[row] < 0) return null;
    let out = '';
    const begin = this.places[row] * this.step;
    for (let i = begin; i < begin + this.step; i++) out += HEX[this.bytes[i]];
    return out;
  }
  // By its first six bytes: enough to bring equal values together.
  rank(row) {
    if (this.places[row] < 0) return NaN;
    let out = 0;
    const begin = this.places[row] * this.step;
    for (let i = 0; i < 6; i++) out = out * 256 + (i < this.step ? this.bytes[begin + i] : 0);
    return out;
  }
  search(term, hit) {
    if (!/^[0-9a-f]{4,}$/.test(term)) return;
    for (let row = 0; row < this.length; row++) if (!hit[row] && this.places[row] >= 0 && this.raw(row).includes(term)) hit[row] = 1;
  }
  distinct() { return null; }
}

function countDistinct(column, most) {
  const counts = new Map();
  for (let row = 0; row < column.length; row++) {
    const value = column.raw(row);
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > most) return null;
  }
  return counts;
}

function openColumn(packed, rows) {
  if (packed.k === 'n') return new NumberColumn(packed);
  if (packed.k === 'x') return new HexColumn(packed, rows);
  return new TextColumn(packed);
}

// The places behind facts, sorted by fact.
class Origins {
  constructor(block) {
    this.rows = block.n;
    this.columns = {};
    for (const name of Object.keys(block.columns)) this.columns[name] = openColumn(block.columns[name], block.n);
  }
  of(fact) {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columns.fact.raw(middle) < fact) low = middle + 1;
      else high = middle;
    }
    const places = [];
    for (; low < this.rows && this.columns.fact.raw(low) === fact; low++) {
      const place = {};
      for (const name of Object.keys(this.columns)) place[name] = this.columns[name].raw(low);
      places.push(place);
    }
    return places;
  }
}
