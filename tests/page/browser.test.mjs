// A page in a real browser: levers moved, verdicts read, both languages, two screens. What it
// computes is held against the program by model.test.mjs; here the page is used.
//
//   node --experimental-websocket --test tests/page/browser.test.mjs
//   (PROGRAM=target/release/jianpai; PICTURES=folder keeps pictures of it)
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { find, start } from "./browser.mjs";

const root = resolve(import.meta.dirname, "../..");
const program = resolve(root, process.env.PROGRAM || "target/release/jianpai");
const binary = find();
const skip = binary === null ? "no browser is installed" : false;
const run = (args) => execFileSync(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] }).toString();

const keep = async (browser, name) => {
  if (process.env.PICTURES) {
    mkdirSync(process.env.PICTURES, { recursive: true });
    writeFileSync(join(process.env.PICTURES, `${name}.png`), await browser.picture());
  }
};

test("a planner moves levers until every target is met", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "jianpai-page-"));
  const browser = await start(binary);
  try {
    const scenario = "shaanxi-14fyp-planned";
    run(["report", `scenarios/${scenario}.toml`, "--only", "page", "--lang", "zh", "--out", folder]);
    const url = `file://${folder}/${scenario}-report/${scenario}.zh.html`;
    const finding = () => browser.run('document.querySelector(".finding").textContent');
    const verdict = (i) => browser.run(`document.querySelectorAll(".verdicts tbody tr")[${i}].innerText`);

    await browser.open(url);
    assert.deepEqual(browser.faults(), []);
    assert.match(await finding(), /^6 项目标中 5 项达到，1 项未达到/);
    assert.match(await verdict(0), /未达到（差 0\.0018 万吨）/);
    await keep(browser, "zh-wide");

    // The keyboard alone: two steps of the slider of manure are enough for COD.
    const manure = await browser.run('jianpai.doc.levers.findIndex((lever) => lever.id === "manure-new")');
    await browser.run(`document.getElementById("lever-${manure}").focus()`);
    await browser.press("ArrowRight");
    await browser.press("ArrowRight");
    await browser.run("new Promise((done) => setTimeout(done, 200))");
    assert.equal(await browser.run(`jianpai.state()[${manure}]`), 1.02);
    assert.match(await finding(), /^6 项目标中 6 项达到/);
    assert.match(await browser.run("location.hash"), /l\.manure-new=1\.02/);

    // What is claimed beyond what there is springs back, and says of what.
    const boilers = await browser.run('jianpai.doc.levers.findIndex((lever) => lever.id === "boilers-gt65-ule")');
    await browser.run(`document.getElementById("lever-${boilers}").focus()`);
    await browser.press("End");
    await browser.run("new Promise((done) => setTimeout(done, 200))");
    const level = await browser.run(`jianpai.state()[${boilers}]`);
    assert.ok(level > 1.1 && level < 1.2, `${level}`);
    assert.match(await browser.run(`document.querySelectorAll(".lever .why")[${boilers}].textContent`), /已全部用到/);
    assert.equal(await browser.run("jianpai.result().short.length"), 0);

    // Undone and done again.
    const click = (name) => browser.run(`[...document.querySelectorAll("nav button")].find((one) => one.textContent === ${JSON.stringify(name)}).click()`);
    await click("撤销");
    assert.equal(await browser.run(`jianpai.state()[${boilers}]`), 1);
    await click("重做");
    assert.equal(await browser.run(`jianpai.state()[${boilers}]`), level);
    await click("记下此设定");

    // The link holds the state and the setting; one of other data is refused.
    const address = await browser.run("location.href");
    await browser.open(address);
    assert.equal(await browser.run(`jianpai.state()[${boilers}]`), level);
    assert.equal(await browser.run('document.querySelectorAll(".results thead th").length'), 4);
    await browser.open(address.replace("#jp1.", "#jp1.0"));
    assert.equal(await browser.run(`jianpai.state()[${boilers}]`), 1);
    assert.match(await browser.run('document.getElementById("said").textContent'), /另一版本/);

    // From nothing to all targets at a click, and at the least cost.
    await browser.open(url);
    await click("都不做");
    assert.match(await finding(), /未达到/);
    await click("补足到全部达标");
    assert.match(await finding(), /^6 项目标中 6 项达到/);
    await click("成本最低方案");
    assert.match(await finding(), /^6 项目标中 6 项达到/);
    await keep(browser, "zh-least");

    // A scenario of it, run by the program, gives what the page shows.
    const text = await browser.run("jianpai.toml()");
    const path = join(folder, "adjusted.toml");
    writeFileSync(path, text.replace(`"${scenario}.toml"`, JSON.stringify(join(root, "scenarios", `${scenario}.toml`))));
    const said = JSON.parse(run(["run", path, "--json"]));
    const shown = await browser.run("jianpai.doc.targets.map((target) => [target.id, jianpai.judge(target).reached])");
    assert.equal(shown.length, said.targets.length);
    for (const [id, reached] of shown) {
      const own = said.targets.find((one) => one.target === id);
      assert.ok(Math.abs(own.reached - reached) <= 1e-11, `${id}: ${own.reached} and ${reached}`);
      assert.ok(own.met, id);
    }

    // Growth is written year by year.
    await browser.run('(() => { const x = jianpai.state(); x[jianpai.doc.levers.findIndex((l) => l.kind === "growth" && l.id === "industry")] = 0.01; jianpai.set(x); })()');
    writeFileSync(path, (await browser.run("jianpai.toml()")).replace(`"${scenario}.toml"`, JSON.stringify(join(root, "scenarios", `${scenario}.toml`))));
    const faster = JSON.parse(run(["run", path, "--json"]));
    for (const [id, reached] of await browser.run("jianpai.doc.targets.map((target) => [target.id, jianpai.judge(target).reached])")) {
      const own = faster.targets.find((one) => one.target === id);
      assert.ok(Math.abs(own.reached - reached) <= 1e-11, `${id}: ${own.reached} and ${reached}`);
    }

    // For a region that the caller chose the scenario says which.
    run(["report", "scenarios/provinces.toml", "--region", "hebei", "--only", "page", "--lang", "en", "--out", folder]);
    await browser.open(`file://${folder}/provinces-hebei-report/provinces-hebei.en.html`);
    await browser.run("(() => { const x = jianpai.state(); x[0] = 0.5; jianpai.set(x); })()");
    writeFileSync(path, (await browser.run("jianpai.toml()")).replace('"provinces.toml"', JSON.stringify(join(root, "scenarios", "provinces.toml"))));
    const chosen = JSON.parse(run(["run", path, "--json"]));
    assert.equal(chosen.region, "hebei");
    const there = await browser.run("jianpai.doc.targets.map((target) => [target.id, jianpai.judge(target).reached])");
    assert.ok(there.length > 0);
    for (const [id, reached] of there) {
      const own = chosen.targets.find((one) => one.target === id);
      assert.ok(Math.abs(own.reached - reached) <= 1e-11, `${id}: ${own.reached} and ${reached}`);
    }

    // The other language, on a telephone; nothing wider than the screen.
    await browser.open(url, [390, 844]);
    await click("English");
    assert.match(await finding(), /^5 of 6 targets met; 1 missed/);
    assert.equal(await browser.run("document.documentElement.lang"), "en");
    assert.ok(await browser.run("document.documentElement.scrollWidth <= innerWidth"));
    const chinese = await browser.run('(document.querySelector(".verdicts").innerText + document.querySelector("nav").innerText).replace("中文", "").match(/[\\u4e00-\\u9fff]/)');
    assert.equal(chinese, null);
    await keep(browser, "en-phone");
    assert.deepEqual(browser.faults(), []);
  } finally {
    await browser.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("labels of charts touch no other label and stay within", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "jianpai-page-"));
  const browser = await start(binary);
  try {
    for (const [scenario, name] of [["scenarios/shaanxi-14fyp-planned.toml", "shaanxi-14fyp-planned"], ["scenarios/plans/hunan-saving-2025.toml", "hunan-saving-2025"], ["scenarios/national-15fyp-planned.toml", "national-15fyp-planned"]]) {
      run(["report", scenario, "--only", "page", "--lang", "zh", "--out", folder]);
      await browser.open(`file://${folder}/${name}-report/${name}.zh.html`);
      const faults = await browser.run(`(() => {
        let seed = 7;
        const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
        const faults = [];
        for (let round = 0; round < 40; round += 1) {
          jianpai.set(jianpai.doc.levers.map((lever) => (lever.kind === "level" ? random() : (random() - 0.5) * 0.06)));
          jianpai.draw();
          for (const svg of document.querySelectorAll("svg.chart")) {
            const frame = svg.getBoundingClientRect();
            const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
            boxes.forEach(([text, a], i) => {
              if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1) { faults.push("outside: " + text); }
              boxes.slice(0, i).forEach(([other, b]) => {
                if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) { faults.push(text + " on " + other); }
              });
            });
          }
        }
        return [...new Set(faults)].slice(0, 20);
      })()`);
      assert.deepEqual(faults, []);
    }
  } finally {
    await browser.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
