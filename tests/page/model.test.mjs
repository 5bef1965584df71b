// The arithmetic of a page against the program: the page's own scripts evaluate every draw
// of a sweep of all levers, and the results are the kernel's.
//
//   node --test tests/page/model.test.mjs      (PROGRAM=target/release/jianpai, DRAWS=2000)
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import vm from "node:vm";

const root = resolve(import.meta.dirname, "../..");
const program = resolve(root, process.env.PROGRAM || "target/release/jianpai");
const draws = Number(process.env.DRAWS || 2000);
const scripts = ["model.js", "solve.js"].map((name) => readFileSync(join(root, "src/report/page", name), "utf8")).join("\n");
export const { model, solver } = vm.runInNewContext(`${scripts}\n;({ model, solver })`, { console });

const run = (...args) => execFileSync(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] }).toString();

// The document inside a page.
export const pageOf = (scenario, folder) => {
  run("report", scenario, "--only", "page", "--out", folder);
  const name = readdirSync(folder).find((one) => one.endsWith("-report"));
  const file = readdirSync(join(folder, name)).find((one) => one.endsWith(".html"));
  const html = readFileSync(join(folder, name, file), "utf8");
  const [, text] = /<script type="application\/json" id="plan">(.*?)<\/script>/s.exec(html);
  return { html, doc: JSON.parse(text) };
};

// Rows of a table with a head.
const table = (text) => {
  const [head, ...rows] = text.trim().split("\n").map((line) => line.split(","));
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
};

const near = (a, b, what) => {
  const size = Math.max(Math.abs(a), Math.abs(b));
  assert.ok(Math.abs(a - b) <= 1e-12 * size || size < 1e-9, `${what}: ${a} and ${b}`);
};

for (const scenario of ["scenarios/shaanxi-14fyp-planned.toml", "scenarios/jiangxi-2020.toml", "scenarios/plans/hunan-saving-2025.toml", "scenarios/national-15fyp-planned.toml"]) {
  test(`every draw of ${scenario} is what the kernel says`, () => {
    const folder = mkdtempSync(join(tmpdir(), "jianpai-page-"));
    try {
      const { doc } = pageOf(scenario, folder);
      const { plan, levers } = doc;
      // What `run` says of the plan itself.
      const planned = model.evaluate(plan, levers.map((lever) => lever.planned));
      assert.equal(planned.short.length, 0);
      const said = JSON.parse(run("run", scenario, "--json"));
      let compared = 0;
      for (const target of doc.targets.filter((one) => one.judged !== null)) {
        const own = said.targets.find((one) => one.target === target.id);
        near(planned.targets[target.judged].reached, own.reached, target.id);
        assert.equal(planned.targets[target.judged].met, own.met);
        compared += 1;
      }
      for (const target of doc.targets.filter((one) => one.gross !== null)) {
        const own = said.targets.find((one) => one.target === target.id);
        near(model.gross(plan, planned, levers, target.gross), own.reached, target.id);
        compared += 1;
      }
      if (doc.cap === null) {
        const cost = levers.reduce((sum, lever, i) => (lever.kind === "level" ? sum + model.effect(plan, planned, plan.cost.at(-1), i) : sum), 0);
        assert.ok(Math.abs(cost - said.cost_of_new_measures.value_cny) <= 1e-6 * Math.abs(cost) + 1, `cost: ${cost} and ${said.cost_of_new_measures.value_cny}`);
      }
      // And what a sweep says of all levers at random.
      const inputs = levers.map((lever, i) => {
        const range = lever.kind === "level" ? '["0 %", "130 %"]' : '["-2 %", "2 %"]';
        return `[sweep.inputs.i${i}]\n${lever.kind} = "${lever.id}"\nuniform = ${range}\n`;
      });
      const dropped = doc.targets.filter((target) => target.judged === null).map((target) => target.id);
      if (doc.cap !== null) { dropped.push(doc.cap.id); }
      const drop = `drop = ${JSON.stringify(dropped)}\n`;
      writeFileSync(join(folder, "draws.toml"), `[scenario]\nname_zh = "试"\nextends = ${JSON.stringify(join(root, scenario))}\n${drop}\n[sweep]\ndesign = "random"\nseed = 5\nyears = [${plan.years.join(", ")}]\n\n${inputs.join("\n")}`);
      run("sweep", join(folder, "draws.toml"), "--draws", String(draws), "--no-model-error", "--no-charts", "--trajectories", "--format", "csv", "--out", join(folder, "out"));
      const out = join(folder, "out");
      const rows = readdirSync(out, { recursive: true }).find((name) => name.endsWith("/draws.csv"));
      const all = table(readFileSync(join(out, rows), "utf8"));
      assert.equal(all.length, draws);
      let [sound, broken] = [0, 0];
      for (const row of all) {
        const result = model.evaluate(plan, levers.map((_, i) => Number(row[`i${i}`])));
        const fits = result.short.length === 0;
        assert.equal(fits, row.feasible === "1", `draw ${row.draw}`);
        if (!fits) { broken += 1; } else { sound += 1; }
        if (row[plan.indicators[0].name] === "") { continue; }
        plan.indicators.forEach((one, k) => {
          near(result.indicator(k), Number(row[one.name]), `${one.name} of draw ${row.draw}`);
          compared += 1;
        });
        plan.targets.forEach((target, k) => {
          const margin = Number(row[`margin:${target.name}`]);
          assert.ok(Math.abs(result.targets[k].margin - margin) <= 1e-12 * Math.max(1, Math.abs(target.required)), `${target.name} of draw ${row.draw}`);
          compared += 1;
        });
      }
      console.log(`${scenario}: ${all.length} draws (${sound} within what there is, ${broken} beyond), ${compared} numbers`);
      assert.ok(compared > 100);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("the simplex finds corners worked out by hand, and says where there are none", () => {
  const close = (found, wanted) => wanted.forEach((v, j) => assert.ok(Math.abs(found[j] - v) < 1e-9, `${found}`));
  // min 3x + 4y, x + y >= 4, x + 3y >= 6: (3, 1).
  close(solver.simplex([3, 4], [[[1, 1], 4], [[1, 3], 6]], [10, 10]), [3, 1]);
  // max x + 2y, x + y <= 4, x <= 3, y <= 2: (2, 2).
  close(solver.simplex([-1, -2], [[[-1, -1], -4]], [3, 2]), [2, 2]);
  // An upper bound in the way: min x + 5y, x + y >= 4, x <= 3: (3, 1).
  close(solver.simplex([1, 5], [[[1, 1], 4]], [3, 10]), [3, 1]);
  assert.equal(solver.simplex([1, 1], [[[1, 1], 4], [[-1, -1], -3]], [10, 10]), null);
  assert.equal(solver.simplex([1, 1], [[[1, 1], 4]], [1, 2]), null);
});

test("of random programmes the simplex finds the best of all corners, or that there are none", () => {
  let seed = 11;
  const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
  // Solves three equations in three unknowns; null where they do not settle it.
  const point = (lines) => {
    const m = lines.map(([a, b]) => [...a, b]);
    for (let i = 0; i < 3; i += 1) {
      const r = [i, i + 1, i + 2].filter((k) => k < 3).reduce((p, q) => (Math.abs(m[q][i]) > Math.abs(m[p][i]) ? q : p), i);
      [m[i], m[r]] = [m[r], m[i]];
      if (Math.abs(m[i][i]) < 1e-9) { return null; }
      for (let k = 0; k < 3; k += 1) {
        if (k !== i) {
          const f = m[k][i] / m[i][i];
          m[k] = m[k].map((v, j) => v - f * m[i][j]);
        }
      }
    }
    return m.map((line, i) => line[3] / line[i]);
  };
  let [found, none] = [0, 0];
  for (let round = 0; round < 3000; round += 1) {
    const c = [0, 1, 2].map(() => random() * 2 - 0.7);
    const rows = [0, 1, 2, 3].map(() => [[0, 1, 2].map(() => (random() < 0.25 ? 0 : random() * 2 - 1)), random() * 1.6 - 0.9]);
    const upper = [1 + random(), 1 + random(), round % 3 === 0 ? 0 : 1];
    const planes = [...rows, ...[0, 1, 2].flatMap((j) => [[[0, 1, 2].map((k) => Number(k === j)), 0], [[0, 1, 2].map((k) => Number(k === j)), upper[j]]])];
    let best = null;
    const keeps = (x) => x.every((v, j) => v >= -1e-9 && v <= upper[j] + 1e-9) && rows.every(([a, b]) => a.reduce((s, v, j) => s + v * x[j], 0) >= b - 1e-9);
    for (let i = 0; i < planes.length; i += 1) {
      for (let j = i + 1; j < planes.length; j += 1) {
        for (let k = j + 1; k < planes.length; k += 1) {
          const x = point([planes[i], planes[j], planes[k]]);
          if (x !== null && keeps(x)) {
            const cost = x.reduce((s, v, n) => s + c[n] * v, 0);
            if (best === null || cost < best) { best = cost; }
          }
        }
      }
    }
    const x = solver.simplex(c, rows, upper);
    if (best === null) {
      assert.equal(x, null, `round ${round}`);
      none += 1;
    } else {
      assert.ok(x !== null && keeps([...x]), `round ${round}`);
      const cost = [...x].reduce((s, v, n) => s + c[n] * v, 0);
      assert.ok(Math.abs(cost - best) < 1e-8, `round ${round}: ${cost} and ${best}`);
      found += 1;
    }
  }
  assert.ok(found > 500 && none > 500, `${found} ${none}`);
});
