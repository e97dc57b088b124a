// SPDX-License-Identifier: Apache-2.0
// Bars of medians with whiskers from the smallest to the largest run, as SVG that is its own background, light or dark.

import { show } from './statistics.mjs';

const WIDTH = 720;
const LEFT = 170;
const RIGHT = 190;
const TOP = 58;
const BAR = 22;
const STEP = 38;

const text = (value) => String(value).replace(/[&<>"]/g, (it) => `&#${it.charCodeAt(0)};`);

// bars: [{name, median, min, max, ours}]
export function plot(title, unit, bars) {
  const height = TOP + bars.length * STEP + 12;
  const most = Math.max(...bars.map((it) => it.max)) || 1;
  const width = (it) => (x(it.median) - LEFT).toFixed(1);
  const end = (value, middle) => `M${x(value)} ${middle - 6}v12`;
  const x = (value) => (LEFT + (value / most) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const lines = bars.map((it, index) => {
    const y = TOP + index * STEP;
    const middle = y + BAR / 2;
    const range = it.min === it.max ? '' : ` (${show(it.min)} to ${show(it.max)})`;
    return `  <text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${text(it.name)}</text>
  <rect class="${it.ours ? 'ours' : 'theirs'}" x="${LEFT}" y="${y}" width="${width(it)}" height="${BAR}" rx="2"/>
  <path class="range" d="M${x(it.min)} ${middle}H${x(it.max)}${end(it.min, middle)}${end(it.max, middle)}"/>
  <text x="${Number(x(it.max)) + 10}" y="${middle + 4}">${show(it.median)}<tspan class="soft">${range}</tspan></text>`;
  });
  const box = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img">
  <title>${text(title)}: ${text(unit)}</title>
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600; font-size: 15px }
    .soft { fill: #59636e }
    .back { fill: #ffffff; stroke: #d1d9e0 }
    .ours { fill: #0969da }
    .theirs { fill: #9198a1 }
    .range { stroke: #1f2328; stroke-width: 1.5; fill: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .soft { fill: #9198a1 }
      .back { fill: #0d1117; stroke: #3d444d }
      .ours { fill: #4493f8 }
      .theirs { fill: #656c76 }
      .range { stroke: #f0f6fc }
    }
  </style>
  <rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
  <text class="title" x="16" y="25">${text(title)}</text>
  <text class="soft" x="16" y="43">${text(unit)}; bar: median, line: smallest to largest run</text>
${lines.join('\n')}
</svg>
`;
}
