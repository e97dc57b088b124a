// SPDX-License-Identifier: Apache-2.0

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

// The ratio of the medians, and the smallest and largest ratio of two runs that followed each other.
export function ratio(ours, theirs) {
  const pairs = [];
  for (let run = 0; run < Math.min(ours.length, theirs.length); run++) pairs.push(ours[run] / theirs[run]);
  return { ...spread(pairs), median: median(ours) / median(theirs) };
}

// Three digits that mean something, thousands apart.
export function show(value) {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}
