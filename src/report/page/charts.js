// Charts as SVG, in the look of the program's own: thin grid, direct labels, one accent.
const charts = (() => {
  const NS = "http://www.w3.org/2000/svg";
  const node = (name, attributes, text) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };

  // Round steps of a scale.
  const ticks = (low, high, count) => {
    const span = high - low || Math.abs(high) || 1;
    const raw = span / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= raw);
    const from = Math.floor(low / step + 1e-9);
    const to = Math.ceil(high / step - 1e-9);
    // As many decimals as the step has.
    const decimals = [0, 1, 2, 3, 4, 5, 6, 7, 8].find((d) => Math.abs(Math.round(step * 10 ** d) - step * 10 ** d) < 1e-6 * step * 10 ** d) ?? 9;
    return Array.from({ length: to - from + 1 }, (_, k) => ({ at: (from + k) * step, text: words.fixed((from + k) * step, decimals) }));
  };

  // Labels that do not touch: moved apart by `gap`, in order, within the panel.
  const apart = (labels, gap, low, high) => {
    const sorted = [...labels].sort((a, b) => a.y - b.y);
    for (let round = 0; round < 40; round += 1) {
      for (let i = 1; i < sorted.length; i += 1) {
        const lack = gap - (sorted[i].y - sorted[i - 1].y);
        if (lack > 0) {
          sorted[i - 1].y -= lack / 2;
          sorted[i].y += lack / 2;
        }
      }
      for (const one of sorted) { one.y = Math.min(Math.max(one.y, low), high); }
    }
    return sorted;
  };

  // One indicator over the years: { title, unit, years, from, lines: [{values, kind, label}], marks }
  const lines = (chart) => {
    const W = 420;
    const H = 244;
    const box = { left: 0, right: 0, top: 48, bottom: 34 };
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", class: "chart" });
    svg.append(node("title", {}, `${chart.title}. ${chart.lines.map((l) => `${l.label} ${l.end}`).join("; ")}`));
    svg.append(node("text", { x: 0, y: 18, class: "t" }, chart.title));
    svg.append(node("text", { x: 0, y: 36, class: "u" }, chart.unit));
    const shown = chart.years.map((_, t) => t).filter((t) => chart.years[t] >= chart.from);
    const values = [
      ...chart.lines.flatMap((line) => shown.map((t) => line.values[t])),
      ...chart.marks.map((mark) => mark.value),
    ].filter(Number.isFinite);
    let [low, high] = [Math.min(...values), Math.max(...values)];
    if (high - low < 1e-9 * Math.max(Math.abs(high), 1)) { low -= 1; high += 1; }
    const pad = (high - low) * 0.08;
    const steps = ticks(Math.max(low - pad, low >= 0 ? 0 : -Infinity), high + pad, 4);
    [low, high] = [steps[0].at, steps[steps.length - 1].at];
    // Room for what stands beside the panel.
    box.left = 10 + Math.max(...steps.map((step) => width(step.text)));
    box.right = 14 + Math.max(...chart.lines.map((line) => width(`${line.label} ${line.end}`)), ...chart.marks.map((mark) => width(mark.label)));
    const [first, last] = [chart.years[shown[0]], chart.years[shown[shown.length - 1]]];
    const x = (year) => box.left + ((year - first) / Math.max(last - first, 1)) * (W - box.left - box.right);
    const y = (value) => H - box.bottom - ((value - low) / (high - low)) * (H - box.top - box.bottom);
    for (const step of steps) {
      svg.append(node("line", { x1: box.left, x2: W - box.right, y1: y(step.at), y2: y(step.at), class: "g" }));
      svg.append(node("text", { x: box.left - 6, y: y(step.at) + 4, class: "k e" }, step.text));
    }
    const every = last - first > 8 ? 5 : 1;
    for (const t of shown) {
      const year = chart.years[t];
      if (year === first || year === last || (every > 1 ? year % every === 0 && year - first > 1 && last - year > 1 : (year - first) % 2 === 0 && last - year > 1)) {
        svg.append(node("text", { x: x(year), y: H - 8, class: "k m" }, year));
      }
    }
    const labels = [];
    for (const line of chart.lines) {
      const d = shown.map((t, i) => `${i === 0 ? "M" : "L"}${x(chart.years[t]).toFixed(1)},${y(line.values[t]).toFixed(1)}`).join("");
      svg.append(node("path", { d, class: `l ${line.kind}` }));
      labels.push({ y: y(line.values[shown[shown.length - 1]]), text: `${line.label} ${line.end}`, kind: line.kind });
    }
    for (const mark of chart.marks) {
      const [cx, cy] = [x(mark.year), y(mark.value)];
      svg.append(node("path", { d: `M${cx - 5},${cy}L${cx},${cy - 5}L${cx + 5},${cy}L${cx},${cy + 5}Z`, class: `mark ${mark.standing}` }));
      if (mark.year === last) {
        labels.push({ y: cy, text: mark.label, kind: mark.standing });
      }
    }
    for (const label of apart(labels, 18, box.top + 4, H - box.bottom - 2)) {
      svg.append(node("text", { x: W - box.right + 9, y: label.y + 4, class: `n ${label.kind}` }, label.text));
    }
    return svg;
  };

  // What each measure does to an indicator: bars to the left cut, to the right add.
  const bars = (chart) => {
    const W = 700;
    const ROW = 22;
    const NAME = 270;
    const H = 52 + chart.rows.length * ROW;
    const svg = node("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", class: "chart" });
    svg.append(node("title", {}, chart.title));
    svg.append(node("text", { x: 0, y: 18, class: "t" }, chart.title));
    svg.append(node("text", { x: 0, y: 36, class: "u" }, chart.unit));
    const low = Math.min(0, ...chart.rows.map((row) => row.value));
    const high = Math.max(0, ...chart.rows.map((row) => row.value));
    const span = high - low || 1;
    const room = W - NAME - 150;
    const x = (value) => NAME + 70 + ((value - low) / span) * room;
    chart.rows.forEach((row, i) => {
      const y = 48 + i * ROW;
      svg.append(node("text", { x: NAME, y: y + 14, class: "n e" }, fit(row.name, NAME - 8)));
      const [a, b] = [x(Math.min(row.value, 0)), x(Math.max(row.value, 0))];
      svg.append(node("rect", { x: a, y: y + 3, width: Math.max(b - a, 0.5), height: ROW - 7, class: row.kind }));
      const left = row.value < 0;
      svg.append(node("text", { x: left ? a - 5 : b + 5, y: y + 14, class: left ? "k e" : "k" }, row.text));
    });
    svg.append(node("line", { x1: x(0), x2: x(0), y1: 46, y2: H - 4, class: "a" }));
    return svg;
  };

  // How wide a sign is at 12.5 px, a little too wide rather than too narrow.
  const wide = (c) => (c.charCodeAt(0) > 0x2e80 ? 12.5 : 7.4);
  const width = (text) => [...text].reduce((sum, c) => sum + wide(c), 0);
  // A name cut to a width.
  const fit = (text, most) => {
    let used = 0;
    let out = "";
    for (const c of text) {
      used += wide(c);
      if (used > most - 12) { return `${out}…`; }
      out += c;
    }
    return out;
  };

  // Makes a chart drawn before into one drawn now: what is alike stays, so that a browser lays
  // out and paints what has moved alone. Charts listen to nothing, so nothing is lost.
  const become = (old, made) => {
    if (old.nodeName !== made.nodeName) {
      old.replaceWith(made);
      return;
    }
    if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== made.data) { old.data = made.data; }
      return;
    }
    for (const { name, value } of made.attributes) {
      if (old.getAttribute(name) !== value) { old.setAttribute(name, value); }
    }
    for (const { name } of [...old.attributes]) {
      if (!made.hasAttribute(name)) { old.removeAttribute(name); }
    }
    const [before, after] = [[...old.childNodes], [...made.childNodes]];
    after.forEach((child, i) => {
      if (i < before.length) { become(before[i], child); } else { old.append(child); }
    });
    for (const child of before.slice(after.length)) { child.remove(); }
  };
  // The same for all that stands in a box.
  const fill = (box, made) => {
    const before = [...box.childNodes];
    made.forEach((child, i) => {
      if (i < before.length) { become(before[i], child); } else { box.append(child); }
    });
    for (const child of before.slice(made.length)) { child.remove(); }
  };

  return { lines, bars, ticks, apart, fill };
})();
