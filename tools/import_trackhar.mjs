#!/usr/bin/env node
// Turns the adapters of TrackHAR (npm package trackhar, CC0-1.0) into data/decoders/trackhar.json. Run at development time:
//   npm pack trackhar@1.0.0 && tar xf trackhar-1.0.0.tgz && node tools/import_trackhar.mjs package data/decoders/trackhar.json
// Prints what could not be carried over, by reason. The package's code is evaluated for its tables only: nothing of it is called.
import fs from 'node:fs';

const [folder, out] = process.argv.slice(2);
const version = JSON.parse(fs.readFileSync(`${folder}/package.json`, 'utf8')).version;
const bundle = fs.readFileSync(`${folder}/dist/index.js`, 'utf8');
const exported = /(\S+) as adapters\b/.exec(bundle)[1].replace('{', '');
const imports = [...bundle.matchAll(/^import (?:\{\w+ as (\S+)\}|(\S+)) from .*$/gm)].map((m) => m[1] ?? m[2]);
const stub = new Proxy(function () {}, { get: () => stub, apply: () => stub, construct: () => stub });
const body = bundle.replace(/^import .*$/gm, '').replace(/^export \{[\s\S]*$/m, '');
const adapters = new Function(...imports, `${body}\nreturn ${exported};`)(...imports.map(() => stub));

// TrackHAR's properties as kinds of data of data/decoders/categories.tsv.
const kinds = {
  location: 'latitude longitude', ip_address: 'publicIp localIp', mac: 'macAddress', advertising_id: 'advertisingId', advertising_id_hash: 'hashedAdvertisingId',
  android_id: 'developerScopedId', device_id: 'deviceId', install_id: 'installationId', browser_id: 'browserId', session_id: 'sessionId', user_id: 'userId', other_id: 'otherIdentifiers', push_token: 'pushToken pushNotificationToken',
  device_model: 'model', device_name: 'deviceName', manufacturer: 'manufacturer', user_agent: 'userAgent', locale: 'language', country: 'country state', time_zone: 'timezone', carrier: 'carrier',
  hardware: 'architecture isRooted isEmulator isMobileDevice diskTotal diskFree diskUsed ramTotal ramFree ramUsed isAutomated isJsEnabled volume uptime',
  network_type: 'networkConnectionType signalStrengthCellular signalStrengthWifi', os_version: 'osName osVersion isInDarkMode',
  screen: 'screenHeight screenWidth screenColorDepth orientation browserWindowHeight browserWindowWidth', battery: 'batteryLevel isCharging',
  sensors: 'accelerometerX accelerometerY accelerometerZ rotationX rotationY rotationZ isRoaming', app: 'appId appName appVersion installTime startTime',
  app_usage: 'sessionDuration sessionCount isFirstLaunch timeSpent isInForeground isUserActive isUserInactive userActiveTime lastActivityTime scrollPositionX scrollPositionY pageHeight pageWidth',
  screen_views: 'viewedPage viewedPageCategory viewedPageKeywords viewedPageLanguage websiteName websiteUrl', visited_urls: 'referer', interests: 'userInterests userGender segment',
  events: 'userAction userActionSource interactedElement',
  campaign: 'isConversion campaignCreative campaignCreativePosition campaignMedium campaignName campaignSource campaignTerm', purchases: 'revenue currency', consent: 'consentState isDntEnabled',
  crash: 'errorInformation', sdk: 'trackerSdkVersion', property_id: 'propertyId',
};
const kindOf = Object.fromEntries(Object.entries(kinds).flatMap(([kind, all]) => all.split(' ').map((p) => [p, kind])));
const lost = {};
const lose = (why) => ((lost[why] = (lost[why] ?? 0) + 1), null);

// Names of members as src/traffic/outline.cc writes them; what it masks cannot be met.
const writable = (name) => /^[A-Za-z0-9_.\-$\[\]]{1,64}$/.test(name) && !/\d{5}/.test(name) && !/[0-9a-fA-F]{11}/.test(name);

// A place: path as traffic::unwrap writes it, and how its members are named.
const member = (place, name) => {
  if (!place) return null;
  if (name === '*') return place.style === 'protobuf' ? place : { ...place, path: place.path + '[*]', deep: true };
  if (/^\d+$/.test(name) && place.style === 'json') return { ...place, path: `${place.path}[${name}]`, deep: true };
  if (!writable(name)) return null;
  if (place.style === 'header') return { path: `request.header.${name.toLowerCase()}`, style: 'json' };
  return { ...place, path: place.path + (place.style === 'form' && place.deep ? `[${name}]` : `.${name}`), deep: true };
};
const steps = (path) => {
  const plain = path.replace(/^\$\.?/, '').replace(/\[['"]([^'"\]]+)['"]\]/g, '.$1').replace(/\[(\d+|\*)\]/g, '.$1');
  return /\?\(|\.\.|[@()\[\]]/.test(plain) ? null : plain.split('.').filter((s) => s !== '');
};
const descend = (place, path) => {
  const names = steps(path);
  return names && names.reduce(member, place);
};
const raw = { body: { path: 'request.body', style: 'json' }, query: { path: 'request.path', style: 'query' }, header: { path: 'request.header', style: 'header' }, cookie: { path: 'request.header.cookie/cookie', style: 'json' } };

function lookup(known, name) {
  if (name === undefined) return null;
  for (let at = name.length; at > 0; at = name.lastIndexOf('.', at - 1)) {
    const place = known[name.slice(0, at)];
    if (place !== undefined) return place && descend(place, name.slice(at + 1));
    if (!name.slice(0, at).includes('.')) break;
  }
  return raw[name] ?? null;
}
const step = (place, s) => {
  if (!place) return null;
  switch (s.function) {
    case 'parseJson': return { path: place.path + '/json', style: 'json' };
    case 'parseQueryString': return { path: place.path + (place.style === 'query' ? '/query' : '/form'), style: 'form' };
    case 'decodeBase64': return { path: place.path + '/base64', style: 'json' };
    case 'gunzip': return { path: place.path + '/gzip', style: 'json' };
    case 'decodeUrl': return { path: place.path + '/percent', style: 'json' };
    case 'decodeProtobuf': return { path: place.path + '/protobuf', style: 'protobuf' };
    case 'decodeJwt': return { path: place.path + '/jwt.payload/json', style: 'json' };
    case 'ensureArray': return place;
    case 'getProperty': return descend(place, s.options.path);
    default: return null;
  }
};

// All texts that a regular expression of an endpoint stands for: '*' for what is open, '**' where that may hold a slash.
function expand(source) {
  let at = 0;
  const alternatives = () => {
    const all = [];
    for (let line = ['']; ; line = ['']) {
      while (at < source.length && source[at] !== '|' && source[at] !== ')') {
        let atom;
        if (source[at] === '(') { at += source.startsWith('(?:', at) ? 3 : 1; atom = alternatives(); at++; }
        else if (source[at] === '[') { at = source.indexOf(']', at) + 1; atom = ['*']; }
        else if (source[at] === '\\') { atom = [/[dws]/i.test(source[at + 1]) ? '*' : source[at + 1]]; at += 2; }
        else if (source[at] === '^' || source[at] === '$') { at++; continue; }
        else atom = [source[at] === '.' ? '*' : source[at]], at++;
        if (source[at] === '?') atom = ['', ...atom], at++;
        else if (source[at] === '+' || source[at] === '*') atom = [source[at - 1] === '.' ? '\0' : '*'], at++;
        else if (source[at] === '{') atom = ['*'], at = source.indexOf('}', at) + 1;
        if (source[at] === '?') at++;
        line = line.flatMap((l) => atom.map((a) => l + a));
      }
      all.push(...line);
      if (source[at] !== '|') return all;
      at++;
    }
  };
  return alternatives().map((s) => s.replace(/\*+/g, '*').replace(/\*?\0\*?/g, '**'));
}

let endpoints = 0, endpointsKept = 0, paths = 0, pathsKept = 0, conditions = 0;
const reasons = [], reasonAt = new Map();
const decoders = [];
// Those that another decoder says no less about: one of the project's own, or one that differs in compression only.
const covered = new Set(['app-measurement', 'googledatatransport-firelog-batchlog-json', 'ioam-tx-body-json']);
for (const a of adapters) {
  if (covered.has(a.slug)) { lose('adapter covered by another decoder'); continue; }
  const matches = new Map();
  for (const endpoint of a.endpointUrls) {
    endpoints++;
    let kept = false;
    for (const text of endpoint instanceof RegExp ? expand(endpoint.source) : [endpoint]) {
      const url = /^https?:\/\/([^/]+)(\/.*)?$/.exec(text);
      const host = url?.[1].replace(/^\*+\./, '.').replace(/\*+/g, '*').toLowerCase();
      if (!url || host.split('.').slice(-2).join('.').includes('*')) continue;
      kept = true;
      const path = url[2] ?? '/';
      if (!matches.has(host)) matches.set(host, new Set());
      matches.get(host).add(path);
      if (!path.endsWith('*')) matches.get(host).add(path.endsWith('/') ? path.slice(0, -1) || '/' : path + '/');
    }
    if (kept) endpointsKept++;
    else lose('endpoint: host not literal');
  }
  const known = {};
  for (const s of a.decodingSteps) known[s.output] = step(lookup(known, s.input ?? s.mapInput), s);
  const fields = {};
  for (const [property, given] of Object.entries(a.containedDataPaths))
    for (const one of [given].flat()) {
      paths++;
      const kind = kindOf[property];
      if (!kind) { lose(`property without a kind: ${property}`); continue; }
      if (one.onlyIf) { lose('counts only for certain values (onlyIf)'); continue; }
      const base = `res.${one.context}`;
      const names = steps(one.path);
      if (!names) { lose('a path with a filter'); continue; }
      const place = lookup(known, [base, ...names].join('.')) ?? null;
      if (!place) { lose(known[base] === undefined && !Object.keys(known).some((k) => k.startsWith(base + '.')) ? `context ${one.context} without a decoding step` : 'a decoding or a name that cannot be met'); continue; }
      if (one.notIf) conditions++;
      pathsKept++;
      if (!reasonAt.has(one.reasoning)) reasonAt.set(one.reasoning, reasons.push(one.reasoning) - 1);
      (fields[kind] ??= {})[place.path] = reasonAt.get(one.reasoning);
    }
  if (matches.size === 0 || Object.keys(fields).length === 0) { lose('adapter without an endpoint or a path left'); continue; }
  const title = `${a.tracker.name}: ${a.name ?? a.slug}`;
  // Hosts that serve the same paths are one match.
  const grouped = new Map();
  for (const [host, set] of matches) {
    const key = JSON.stringify([...set].sort());
    grouped.set(key, [...(grouped.get(key) ?? []), host]);
  }
  decoders.push({ id: `trackhar_${a.tracker.slug}_${a.slug}`.replace(/[^a-z0-9]+/gi, '_').toLowerCase(), maker: a.tracker.name, title: { en: title, nl: title },
    matches: [...grouped].map(([key, hosts]) => ({ hosts, paths: JSON.parse(key) })), fields });
}

const head = { note: 'Made by tools/import_trackhar.mjs; not to be edited. TrackHAR is published under CC0-1.0. A number behind a path is its place in `reasons`.',
  defaults: { strength: 'D', basis: 'imported', fixture: 'trackhar.json', sources: [{ title: `TrackHAR ${version}, adapters`, author: 'tweasel project', address: 'https://github.com/tweaselORG/TrackHAR' }] } };
const lines = (all) => all.map((one) => '  ' + JSON.stringify(one)).join(',\n');
fs.writeFileSync(out, `{\n"note": ${JSON.stringify(head.note)},\n"defaults": ${JSON.stringify(head.defaults)},\n"decoders": [\n${lines(decoders)}\n],\n"reasons": [\n${lines(reasons)}\n]\n}\n`);
console.log(`${new Set(adapters.map((a) => a.tracker.slug)).size} trackers; adapters ${decoders.length} of ${adapters.length}, endpoints ${endpointsKept} of ${endpoints}, paths ${pathsKept} of ${paths} (${conditions} of them without their notIf)`);
for (const [why, n] of Object.entries(lost).sort((x, y) => y[1] - x[1])) console.log(`${String(n).padStart(5)}  ${why}`);
