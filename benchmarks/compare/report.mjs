// SPDX-License-Identifier: Apache-2.0
// What was measured, as tables and plots.

import { plot } from './plot.mjs';
import { ratio, show, spread } from './statistics.mjs';

const table = (head, lines) =>
  [head, head.map(() => '---'), ...lines].map((cells) => `|${cells.join('|')}|`).join('\n');
const range = ({ min, max }) => (min === max ? show(min) : `${show(min)}-${show(max)}`);

const figure = (row, name) => row.figures.find((it) => it.name === name);
const values = (content, id, which) =>
  (content.runs[id] ?? []).map((it) => (it && !it.failed ? which.of(it) : undefined)).filter(Number.isFinite);

// The goals of a row: [{what, value, range, most, met}], those that could be computed.
export function goals(row, content) {
  const found = [];
  for (const { of, to, figure: name, most } of row.comparisons) {
    const which = figure(row, name);
    const ours = values(content, of, which);
    const theirs = values(content, to, which);
    if (!ours.length || !theirs.length) continue;
    const { median, min, max } = ratio(ours, theirs);
    found.push({ what: `${which.label}: ${of} / ${to}`, value: median, min, max, most });
  }
  for (const { of, figure: name, most } of row.limits ?? []) {
    const which = figure(row, name);
    const ours = values(content, of, which);
    if (!ours.length) continue;
    const { median, min, max } = spread(ours);
    found.push({ what: `${which.label}: ${of}`, value: median, min, max, most });
  }
  return found.map((it) => ({ ...it, met: it.most === undefined ? undefined : it.value <= it.most }));
}

const verdict = ({ most, met }) =>
  most === undefined ? ['none', ''] : [`at most ${most}`, met ? 'met' : '**missed**'];

export const goalTable = (rows) =>
  table(
    ['row', 'what', 'ratio or figure', 'smallest to largest', 'goal', ''],
    rows.flatMap(({ row, content }) =>
      goals(row, content).map((it) => [row.name, it.what, show(it.value), range(it), ...verdict(it)]),
    ),
  );

function details({ row, content }) {
  const ids = Object.keys(content.runs);
  const lines = ids.map((id) => {
    const failed = content.runs[id].filter((it) => it?.failed);
    if (failed.length)
      return [
        id,
        `failed: ${failed[0].failed.replace(/\s+/g, ' ').replaceAll('|', '/').slice(0, 80)}`,
        ...row.figures.slice(1).map(() => ''),
      ];
    return [
      id,
      ...row.figures.map((which) => {
        const all = values(content, id, which);
        if (!all.length) return '-';
        const { median, min, max } = spread(all);
        return min === max ? show(median) : `${show(median)} (${range({ min, max })})`;
      }),
    ];
  });
  const runs = Math.max(...ids.map((id) => content.runs[id].length));
  const head = ['server', ...row.figures.map((it) => it.label)];
  return `${table(head, lines)}\n\nMedian (smallest-largest) of ${runs} runs.`;
}

// The servers of a picture, and the figures by which it is drawn: those that goals are about.
export function plots(row, content) {
  const names = [...new Set([...row.comparisons, ...(row.limits ?? [])].map((it) => it.figure))];
  return names.flatMap((name) => {
    const which = figure(row, name);
    const bars = Object.keys(content.runs)
      .map((id) => ({ id, all: values(content, id, which) }))
      .filter((it) => it.all.length)
      .map(({ id, all }) => ({ name: id, ours: id.startsWith('parley'), ...spread(all) }));
    if (bars.length < 2) return []; // one bar says no more than its number
    const file = `performance-${row.name}${names.indexOf(name) ? `-${name}` : ''}.svg`;
    return [{ file, label: which.label, svg: plot(row.title, which.label, bars) }];
  });
}

const machineLine = (it) =>
  `${it.cores} cores of ${it.cpu}, ${it.memoryGiB} GiB, Linux ${it.kernel}, JDK ${it.jdk}, Node ${it.node}, ` +
  `${Object.entries(it.peers)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}; commit ${it.commit}`;

export function document(rows) {
  const machines = new Map();
  for (const { row, content } of rows) {
    const line = machineLine(content.machine);
    machines.set(line, [...(machines.get(line) ?? []), row.name]);
  }
  const where = [...machines].map(([line, names]) =>
    machines.size === 1 ? `Measured with ${line}.` : `- ${names.join(', ')}: ${line}.`,
  );
  const sections = rows.map((it) => {
    const pictures = plots(it.row, it.content).map(({ file, label }) => `![${it.row.title}: ${label}](images/${file})`);
    return [`### ${it.row.title} (\`${it.row.name}\`)`, it.row.what, details(it), ...pictures].join('\n\n');
  });
  return [where.join('\n'), goalTable(rows), ...sections].join('\n\n');
}

const BEGIN = '<!-- measured:begin -->';
const END = '<!-- measured:end -->';

// The document with what stands between the markers exchanged.
export function between(text, measured) {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md must hold ${BEGIN} and behind it ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${measured}\n\n${text.slice(end)}`;
}
