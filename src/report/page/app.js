// The page: levers on one side, what follows from them on the other.
const app = (() => {
  const doc = JSON.parse(document.getElementById("plan").textContent);
  const { plan, levers, years } = doc;
  const last = years.length - 1;
  const start = years.indexOf(doc.from);
  const planned = levers.map((lever) => lever.planned);
  // Levels above this are typed, not drawn with the slider.
  const REACH = 2;
  const GROWTH = 0.05;

  let x = [...planned];
  let result = model.evaluate(plan, x);
  const asPlanned = model.evaluate(plan, planned);
  let past = [];
  let future = [];
  let kept = [];
  let shown = null;
  let stopped = null;
  const parts = {};

  // ── elements ──
  const make = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) {
        made.addEventListener(key.slice(2), value);
      } else if (value !== null && value !== undefined) {
        made.setAttribute(key, value);
      }
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const say = (text) => {
    const place = document.getElementById("said");
    place.textContent = text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { place.textContent = ""; }, 6000);
  };

  // ── state: in the address behind #, so that a link holds it ──
  const HEAD = `jp1.${doc.hash.slice(0, 12)}`;
  const code = (levels) => levels
    .map((value, i) => [levers[i], value, planned[i]])
    .filter(([, value, own]) => value !== own)
    .map(([lever, value]) => `${lever.kind[0]}.${encodeURIComponent(lever.id)}=${value}`)
    .join("&");
  const decode = (text) => {
    const found = [...planned];
    for (const one of text.split("&").filter(Boolean)) {
      const [, kind, id, value] = /^([lg])\.([^=]*)=(.*)$/.exec(one) || [];
      let name = null;
      try { name = decodeURIComponent(id || ""); } catch { name = null; }
      const i = levers.findIndex((lever) => lever.kind[0] === kind && lever.id === name);
      const number = Number(value);
      if (i < 0 || value === "" || !Number.isFinite(number)) { return null; }
      const { low, high } = plan.inputs[i];
      found[i] = Math.min(Math.max(number, low), high);
    }
    return found;
  };
  const store = () => {
    const all = [x, ...kept].map(code);
    const text = all.every((one) => one === "") ? "" : `#${HEAD}!${all.join("!")}`;
    try {
      history.replaceState(null, "", text || location.pathname + location.search);
    } catch {
      // A file opened where addresses may not be changed: the state is not kept there.
    }
  };
  const restore = () => {
    const text = location.hash.slice(1);
    if (!text) { return; }
    const [head, ...all] = text.split("!");
    if (head !== HEAD) {
      say(words.pick("链接出自另一版本的数据或方案，其中的设定未采用", "The link is of another version of the plan or the data: its settings are not used"));
      return;
    }
    const states = all.slice(0, 5).map(decode);
    if (states.some((state) => state === null)) {
      say(words.pick("链接中的设定无法读取，未采用", "The settings of the link cannot be read and are not used"));
      return;
    }
    [x] = states;
    kept = states.slice(1);
    result = model.evaluate(plan, x);
  };

  // ── moving ──
  const remember = () => {
    past.push([...x]);
    past = past.slice(-200);
    future = [];
  };
  const set = (next, quiet) => {
    x = next;
    result = model.evaluate(plan, x);
    if (!quiet) {
      store();
      refresh();
    } else if (!parts.due) {
      // A slider moves more often than a screen is drawn.
      parts.due = true;
      requestAnimationFrame(() => {
        parts.due = false;
        refresh();
      });
    }
  };
  const back = () => {
    if (past.length > 0) {
      future.push([...x]);
      set(past.pop());
    }
  };
  const forth = () => {
    if (future.length > 0) {
      past.push([...x]);
      set(future.pop());
    }
  };
  const cellName = (k) => {
    const cell = plan.watched[k];
    return cell.technology === null ? "" : words.of(doc.technologies[cell.technology]) || cell.technology;
  };
  // After a move: back to the largest that fits.
  const settle = (i) => {
    stopped = null;
    const lever = levers[i];
    if (lever.kind === "level" && result.short.length > 0) {
      const { most, by } = model.most(plan, x, i, result.s);
      if (x[i] > most) {
        const next = [...x];
        next[i] = Math.floor(most * 1e6) / 1e6;
        stopped = { i, by };
        set(next);
        return;
      }
    }
    set([...x]);
  };

  // ── verdicts ──
  const other = (id) => {
    const own = doc.indicators.find((one) => one.id === id);
    return doc.indicators.find((one) => one.of === own?.of && one.id !== id);
  };
  const value = (indicator, t, of = result) => of.indicator(indicator.at[t]);
  const judge = (target, of = result) => {
    if (target.judged !== null) {
      const own = of.targets[target.judged];
      const within = own.met && target.half !== null && own.margin < target.half;
      const room = target.reduction ? own.margin * own.base : own.margin;
      return { ...own, room, standing: own.met ? (within ? "within" : "met") : "missed" };
    }
    if (target.gross !== null) {
      const cut = model.gross(plan, of, levers, target.gross);
      const margin = cut - target.gross.wanted;
      const met = margin >= -plan.margin_slack * Math.max(Math.abs(target.gross.wanted), plan.margin_floor);
      return { reached: cut, margin, room: margin, met, standing: met ? "met" : "missed" };
    }
    if (target.ledger && target.planned !== null) {
      const { reached, margin, met } = target.planned;
      return { reached, margin, room: margin, met, standing: met ? "met" : "missed" };
    }
    return { standing: "open", met: false };
  };
  const reachedText = (target, verdict) => {
    if (verdict.standing === "open") { return "—"; }
    return target.reduction ? words.signedPercent(-verdict.reached) : `${words.number(verdict.reached / target.scale)} ${words.of(target.unit)}`;
  };
  const roomText = (target, verdict) => {
    if (verdict.standing === "open") { return words.get("open"); }
    const points = target.ratio;
    const amount = points
      ? `${words.number(Math.abs(target.reduction ? verdict.margin : verdict.room) * 100)} ${words.get("points")}`
      : `${words.number(Math.abs(verdict.room) / target.scale)} ${words.of(target.unit)}`;
    const sign = { met: "✓", within: "≈", missed: "✗" }[verdict.standing];
    return verdict.met
      ? `${sign} ${words.get(verdict.standing)}${words.pick(`（余 ${amount}）`, ` (${amount} to spare)`)}`
      : `${sign} ${words.pick(`未达到（差 ${amount}）`, `missed by ${amount}`)}`;
  };
  // The index of the year that a reduction counts from.
  const baseOf = (asked) => plan.rows[plan.target_indicators[asked.reached.base].row].year - years[0];
  // What the same demand comes to in the other book.
  const otherText = (target) => {
    const own = doc.indicators.find((one) => one.id === target.indicator);
    const twin = other(target.indicator);
    if (!own || !twin || target.judged === null || !target.reduction || target.ratio) { return ""; }
    const base = baseOf(plan.targets[target.judged]);
    const end = years.indexOf(target.year);
    const change = value(twin, end) / value(twin, base) - 1;
    const name = target.book === "accounted" ? words.pick("实际", "physical") : words.pick("核算", "accounted");
    return `${name} ${words.signedPercent(change)}`;
  };
  const tally = (of = result) => {
    const all = doc.targets.map((target) => judge(target, of).standing);
    const count = (which) => all.filter((one) => which.includes(one)).length;
    return { all: all.length, met: count(["met", "within"]), within: count(["within"]), missed: count(["missed"]), open: count(["open"]) };
  };
  const headline = (of = result) => {
    const { all, met, within, missed, open } = tally(of);
    if (all === 0) { return words.pick("方案没有写目标", "The plan states no target"); }
    const rest = [
      missed > 0 ? words.pick(`${missed} 项未达到`, `${missed} missed`) : "",
      open > 0 ? words.pick(`${open} 项无法判定`, `${open} cannot be judged`) : "",
      within > 0 ? words.pick(`达到的有 ${within} 项在模型误差之内`, `${within} of those met are so within the model's error`) : "",
    ].filter(Boolean);
    const head = words.pick(`${all} 项目标中 ${met} 项达到`, `${met} of ${all} targets met`);
    return [head, ...rest].join(words.pick("，", "; "));
  };
  // Of new measures: what the account of costs holds of current policy is not decided here.
  const cost = (of = result) => (plan.cost.length > 0
    ? levers.reduce((sum, lever, i) => (lever.kind === "level" ? sum + model.effect(plan, of, plan.cost[last], i) : sum), 0) / 1e8
    : null);
  const capText = () => {
    if (doc.cap === null) { return null; }
    const over = doc.cap.most.map(([t, most]) => [t, result.at(plan.coal + t), most]).filter(([, coal, most]) => coal > most * (1 + 1e-9));
    const [t, coal, most] = over[0] || [];
    const name = words.of(doc.cap.name);
    return over.length === 0
      ? { standing: "met", text: words.pick(`✓ ${name}：用煤未超过上限`, `✓ ${name}: coal use stays below the cap`) }
      : { standing: "missed", text: words.pick(`✗ ${name}：${years[t]} 年用煤 ${words.number(coal / 1e4)} 万吨标准煤，上限 ${words.number(most / 1e4)}`, `✗ ${name}: coal use of ${years[t]} is ${words.number(coal / 1e4)} 10⁴ tce, the cap ${words.number(most / 1e4)}`) };
  };

  // ── levers ──
  const meanRate = (lever, shift) => {
    const rates = lever.path.map(([, rate]) => 1 + rate + shift);
    return rates.reduce((p, r) => p * r, 1) ** (1 / rates.length) - 1;
  };
  const leverText = (lever, at) => {
    if (lever.kind === "growth") { return `${words.signedPercent(meanRate(lever, at))}${words.pick("/年", "/yr")}`; }
    const { extent } = lever;
    if (extent === null) { return words.percent(at, 0); }
    const now = extent.from + at * (extent.number - extent.from);
    return extent.rest === "%" ? words.percent(now / 100) : `${words.number(now)} ${extent.rest}`;
  };
  const slider = (i) => {
    const lever = levers[i];
    const growth = lever.kind === "growth";
    const top = growth ? GROWTH : Math.max(REACH, lever.planned);
    const low = growth ? -GROWTH : 0;
    const at = (v) => `${(100 * (v - low)) / (top - low)}%`;
    const id = `lever-${i}`;
    const range = make("input", {
      type: "range", min: low, max: top, step: growth ? 0.001 : 0.01, id,
      "aria-label": words.of(lever.name),
      oninput: (event) => {
        if (parts.moving !== i) {
          remember();
          parts.moving = i;
        }
        const next = [...x];
        next[i] = Number(event.target.value);
        stopped = null;
        parts.last = i;
        set(next, true);
      },
      onchange: () => {
        parts.moving = null;
        settle(i);
      },
    });
    const typed = make("input", {
      type: "number", step: growth ? 0.1 : 1, "aria-label": `${words.of(lever.name)} ${growth ? words.get("points") : "%"}`,
      onchange: (event) => {
        const number = Number(event.target.value) / 100;
        const { low: least, high } = plan.inputs[i];
        if (event.target.value.trim() === "" || !Number.isFinite(number) || number < least || number > high) {
          say(words.pick(`应在 ${words.number(least * 100)} 与 ${words.number(high * 100)} 之间`, `between ${words.number(least * 100)} and ${words.number(high * 100)}`));
          refresh();
          return;
        }
        remember();
        parts.last = i;
        const next = [...x];
        next[i] = number;
        x = next;
        result = model.evaluate(plan, x);
        settle(i);
      },
    });
    const own = make("i", { class: "tick", title: words.get("planned") });
    own.style.left = at(lever.planned);
    const stop = make("i", { class: "tick stop", title: words.get("limit") });
    const output = make("output", { for: id });
    const why = make("div", { class: "why" });
    const track = make("div", { class: "track" }, range, own, growth ? null : stop);
    const box = make("div", { class: "lever", title: lever.extent ? words.of(lever.extent.label) : "" },
      make("div", { class: "name" }, make("span", {}, words.first(words.of(lever.name))), output),
      make("div", { class: "move" }, track, typed), why);
    const show = () => {
      const v = x[i];
      range.value = v;
      range.setAttribute("aria-valuetext", leverText(lever, v));
      if (document.activeElement !== typed || parts.moving === null) {
        typed.value = growth ? Math.round(v * 1e5) / 1e3 : Math.round(v * 1e6) / 1e4;
      }
      output.textContent = leverText(lever, v);
      box.classList.toggle("moved", v !== planned[i]);
      if (!growth) {
        const { most, by } = model.most(plan, x, i, result.s);
        stop.hidden = most > top || by === null;
        if (!stop.hidden) { stop.style.left = at(most); }
        const over = v > most + 1e-9;
        why.textContent = over && parts.last === i
          ? words.pick(`${cellName(by)}只够做到 ${words.percent(most)}`, `there is ${cellName(by)} for ${words.percent(most)} only`)
          : stopped !== null && stopped.i === i
            ? words.pick(`已退回到存量所及：${cellName(stopped.by)}已全部用到`, `back to all there is of ${cellName(stopped.by)}`)
            : "";
      }
    };
    return { box, show };
  };

  // ── results ──
  const table = (head, rows) => make("table", {},
    make("thead", {}, make("tr", {}, ...head.map(([text, kind]) => make("th", { class: kind, scope: "col" }, text)))),
    make("tbody", {}, ...rows));
  const verdicts = () => table(
    [[words.get("target")], [words.get("demand")], [words.get("reached"), "r"], [words.pick("另一本账", "Other book"), "hide"], [words.get("verdict")]],
    doc.targets.map((target) => {
      const verdict = judge(target);
      const row = make("tr", { class: `pick${shown === target.indicator ? " on" : ""}`, onclick: () => { shown = target.indicator; refresh(); } },
        make("td", {}, words.of(target.short)),
        make("td", {}, words.of(target.demand)),
        make("td", { class: "r" }, reachedText(target, verdict)),
        make("td", { class: "hide" }, otherText(target)),
        make("td", { class: verdict.standing }, roomText(target, verdict)));
      return row;
    }));
  const drawn = () => {
    const wanted = doc.targets.map((target) => target.indicator);
    const more = ["CO2", "coal"];
    const ids = [...new Set([...wanted, ...more])];
    return ids.map((id) => doc.indicators.find((one) => one.id === id)).filter(Boolean);
  };
  // Without new measures, at the growth of now.
  const none = () => {
    const at = x.map((v, i) => (levers[i].kind === "level" ? 0 : v));
    const code = at.join();
    if (none.code !== code) {
      none.code = code;
      none.result = model.evaluate(plan, at);
    }
    return none.result;
  };
  const lineChart = (indicator, without) => {
    const series = (of) => years.map((_, t) => of.indicator(indicator.at[t]) / indicator.scale);
    const now = series(result);
    const ref = series(without);
    const own = series(asPlanned);
    const change = now[last] / now[start] - 1;
    const share = words.of(indicator.unit) === "%";
    const moved = share ? `${words.signed(now[last] - now[start])} ${words.get("points")}` : words.signedPercent(change);
    const differs = own.some((v, t) => Math.abs(v - now[t]) > 1e-9 * Math.max(Math.abs(v), 1e-12));
    const end = (values) => words.number(values[last]);
    const lines = [
      { values: ref, kind: "ref", label: words.pick("不加措施", "without"), end: end(ref) },
      ...(differs ? [{ values: own, kind: "plan", label: words.pick("原方案", "planned"), end: end(own) }] : []),
      { values: now, kind: "now", label: words.pick("当前", "now"), end: end(now) },
    ];
    const marks = doc.targets.filter((target) => target.indicator === indicator.id && target.judged !== null).map((target) => {
      const asked = plan.targets[target.judged];
      let level = asked.required / indicator.scale;
      if (asked.reached.rule === "reduction") {
        level = now[baseOf(asked)] * (1 - asked.required);
      } else if (asked.reached.rule !== "value") {
        return null;
      }
      return { year: target.year, value: level, standing: judge(target).standing, label: `${words.pick("目标", "target")} ${words.number(level)}` };
    }).filter(Boolean);
    const title = words.pick(
      `${words.of(indicator.name)}${years[last]}年较${doc.from}年 ${moved}`,
      `${words.first(words.of(indicator.name))}: ${moved} in ${years[last]} on ${doc.from}`);
    return charts.lines({ title, unit: words.of(indicator.unit), years, from: doc.from, lines, marks });
  };
  // The balance of an emission, from the year that tables count from.
  const balance = () => {
    let indicator = doc.indicators.find((one) => one.id === shown);
    if (!indicator || plan.indicators[indicator.at[last]].rule !== "plain") {
      const rowOf = indicator && plan.rows[plan.indicators[indicator.at[last]].row].account;
      indicator = doc.indicators.find((one) => plan.indicators[one.at[last]].rule === "plain" && plan.rows[plan.indicators[one.at[last]].row].account === rowOf)
        || doc.indicators.find((one) => one.emission);
    }
    const row = (t) => plan.indicators[indicator.at[t]].row;
    const scale = indicator.scale;
    const first = value(indicator, start) / scale;
    const end = value(indicator, last) / scale;
    const measures = levers.map((lever, i) => ({ lever, value: lever.kind === "level" ? (model.effect(plan, result, row(last), i) - model.effect(plan, result, row(start), i)) / scale : 0 }))
      .filter((one) => one.value !== 0);
    const rest = end - first - measures.reduce((sum, one) => sum + one.value, 0);
    measures.sort((a, b) => a.value - b.value);
    const rows = [
      { name: words.get("other_growth"), value: rest, kind: "other", text: words.signed(rest) },
      ...measures.map((one) => ({ name: words.of(one.lever.name), value: one.value, kind: one.value < 0 ? "cut" : "add", text: words.signed(one.value) })),
      { name: words.pick(`${doc.from}—${years[last]}年合计`, `${doc.from}–${years[last]} in all`), value: end - first, kind: "total", text: words.signed(end - first) },
    ];
    const best = measures[0];
    const title = best && best.value < 0
      ? words.pick(`${words.of(indicator.name)}：“${words.of(best.lever.name)}”减得最多（${words.signed(best.value)} ${words.of(indicator.unit)}）`, `${words.first(words.of(indicator.name))}: “${words.of(best.lever.name)}” cuts most (${words.signed(best.value)} ${words.of(indicator.unit)})`)
      : words.pick(`${words.of(indicator.name)}：没有措施减排`, `${words.first(words.of(indicator.name))}: no measure cuts it`);
    const svg = charts.bars({
      title, rows,
      unit: words.pick(`${words.of(indicator.unit)}，${doc.from}年 ${words.number(first)} → ${years[last]}年 ${words.number(end)}`, `${words.of(indicator.unit)}; ${words.number(first)} in ${doc.from} → ${words.number(end)} in ${years[last]}`),
    });
    svg.classList.add("bars");
    return svg;
  };
  const comparison = () => {
    const states = [[words.get("planned"), asPlanned, planned], [words.get("now"), result, x],
      ...kept.map((state, k) => [`${words.pick("设定", "Setting")} ${k + 1}`, model.evaluate(plan, state), state])];
    const head = [[""], ...states.map(([name]) => [name, "r"])];
    const rows = doc.targets.map((target) => make("tr", {}, make("td", {}, `${words.of(target.short)} ${words.of(target.demand)}`),
      ...states.map(([, of]) => {
        const verdict = judge(target, of);
        return make("td", { class: `r ${verdict.standing}` }, reachedText(target, verdict));
      })));
    if (cost() !== null) {
      rows.push(make("tr", {}, make("td", {}, words.pick(`${words.get("cost")}（${words.get("tenk")}）`, `${words.get("cost")} (${words.get("tenk")})`)), ...states.map(([, of]) => make("td", { class: "r" }, words.number(cost(of))))));
    }
    rows.push(make("tr", {}, make("td", {}, ""), ...states.map(([, , state], k) => make("td", { class: "r" }, ...(k === 1 ? [] : [
      make("button", { onclick: () => { remember(); set([...state]); } }, words.get("use")),
      k > 1 ? make("button", { onclick: () => { kept.splice(k - 2, 1); store(); refresh(); } }, words.get("drop")) : null,
    ].filter(Boolean))))));
    return make("div", { class: "wide" }, table(head, rows));
  };

  // ── a scenario of what differs ──
  const quoted = (text) => `"${text.replace(/["\\]/g, (c) => `\\${c}`)}"`;
  const key = (id) => (/^[A-Za-z0-9_-]+$/.test(id) ? id : quoted(id));
  // Percent that reads back to the same number, where there is one.
  const exact = (number) => {
    const near = number * 100;
    const step = Math.abs(near) * 2 ** -52;
    const found = [near, near + step, near - step].find((p) => p / 100 === number);
    return `${found === undefined ? near : found} %`;
  };
  const toml = () => {
    const lines = [
      `# ${words.of(doc.title)}`,
      "# 由网页中的设定写出：只写与所继承的情景不同之处。",
      "# Written from the settings of a page: only what differs from the scenario that it extends.",
      "", "[scenario]",
      `name_zh = ${quoted(`${doc.title.zh}（调整）`)}`,
      `name_en = ${quoted(`${doc.title.en} (adjusted)`)}`,
      `extends = ${quoted(doc.file)}`,
    ];
    if (doc.chosen !== null) { lines.push(`region = ${quoted(doc.chosen)}`); }
    if (doc.cap !== null) { lines.push(`drop = [${quoted(doc.cap.id)}]`); }
    const growth = levers.map((lever, i) => [lever, x[i]]).filter(([lever, v]) => lever.kind === "growth" && v !== 0);
    if (growth.length > 0) {
      lines.push("", "[growth]");
      for (const [lever, shift] of growth) {
        const all = lever.path.map(([year, rate]) => `${year} = ${quoted(exact(rate + shift))}`);
        lines.push(`${key(lever.id)} = { ${all.join(", ")} }`);
      }
    }
    levers.forEach((lever, i) => {
      if (lever.kind === "level" && x[i] !== planned[i]) {
        lines.push("", `[measures.${key(lever.id)}]`, `level = ${quoted(exact(x[i]))}`);
      }
    });
    return `${lines.join("\n")}\n`;
  };
  const save = () => {
    const blob = new Blob([toml()], { type: "application/toml" });
    const link = make("a", { href: URL.createObjectURL(blob), download: `${doc.scenario}-adjusted.toml` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(words.pick(`放在 ${doc.file} 所在目录，用 jianpai run 运行，结果与本页相同`, `Put it where ${doc.file} is found; jianpai run gives the numbers of this page`));
  };
  // All targets met: first at levels of up to 100 %, or what is planned above it; else at
  // whatever there is.
  const meet = (near) => {
    const before = [...x];
    const ceilings = [(lever) => Math.max(1, lever.planned), () => Infinity];
    if (!near) {
      // At the least cost no level goes higher than targets take: what pays would else be
      // done tenfold.
      const reach = solver.solve(doc, x, { spare: 1e-4, near: true, most: () => Infinity });
      ceilings[1] = (lever) => Math.max(1, lever.planned, reach === null ? 0 : reach[levers.indexOf(lever)]);
    }
    const sound = (levels) => {
      const trial = model.evaluate(plan, levels);
      return trial.short.length === 0
        && doc.targets.every((target) => target.ledger || ["met", "within", "open"].includes(judge(target, trial).standing));
    };
    for (const [k, most] of ceilings.entries()) {
      for (const spare of [1e-6, 1e-4]) {
        const found = solver.solve(doc, x, { spare, near, most });
        if (found !== null && sound(found)) {
          past.push(before);
          future = [];
          stopped = null;
          set(found);
          const beyond = k === 0 ? "" : words.pick("；其中有的超过 100 %，请核实能否做到", "; some of them above 100 %: ask whether that can be done");
          say((near
            ? words.pick("已在原设定上作最小改动，全部达标", "All targets are met with the least change of levels")
            : words.pick("已求得全部达标而新增措施年成本最低的力度", "Levels that meet all targets at the least yearly cost")) + beyond);
          return true;
        }
      }
    }
    say(words.pick("在现有增速和存量下，这些措施做到任何力度都不能使目标全部达到；哪些目标相冲突、为什么，见 jianpai solve", "At this growth and with what there is, no levels of these measures meet all targets; jianpai solve says which conflict, and why"));
    return false;
  };

  // ── drawing ──
  const build = () => {
    const page = document.getElementById("page");
    views.clear();
    const sliders = levers.map((_, i) => slider(i));
    const groups = new Map();
    levers.forEach((lever, i) => {
      const name = lever.kind === "growth" ? words.get("growth") : words.of(lever.group);
      groups.set(name, [...(groups.get(name) || []), i]);
    });
    const panel = make("section", { class: "levers", "aria-label": words.get("levers") }, make("h2", {}, words.get("levers")));
    for (const [name, members] of groups) {
      panel.append(make("h3", {}, words.first(name)), ...members.map((i) => views.watch(sliders[i].box, sliders[i].show)));
    }
    parts.finding = make("p", { class: "finding" });
    parts.undo = make("button", { onclick: back, title: "Ctrl+Z" }, words.get("undo"));
    parts.redo = make("button", { onclick: forth, title: "Ctrl+Y" }, words.get("redo"));
    parts.keep = make("button", { onclick: () => { if (kept.length < 4) { kept.push([...x]); store(); refresh(); } } }, words.get("keep"));
    parts.verdicts = make("section", { class: "verdicts" });
    const chart = (name, how) => {
      const box = make("div", { class: name });
      return views.watch(box, () => charts.fill(box, [how()]));
    };
    const grid = make("div", { class: "grid" }, ...drawn().map((indicator) => chart("", () => lineChart(indicator, none()))));
    parts.settings = make("div");
    parts.results = make("section", { class: "results" },
      make("h2", {}, words.get("show")), grid, chart("wide", balance),
      make("h2", {}, words.get("settings")), parts.settings);
    const bar = make("nav", {}, parts.undo, parts.redo,
      make("button", { onclick: () => { remember(); stopped = null; set([...planned]); } }, words.get("reset")),
      make("button", { onclick: () => { remember(); stopped = null; set(x.map((v, i) => (levers[i].kind === "level" ? 0 : v))); } }, words.get("none")),
      make("button", { class: "first", onclick: () => meet(true), title: words.pick("在当前设定上改动最小", "with the least change of these settings") }, words.get("all_met")),
      make("button", { onclick: () => meet(false), title: words.pick("全部达标而新增措施年成本最低", "all targets met at the least yearly cost") }, words.get("least_cost")),
      parts.keep,
      make("button", { class: "first", onclick: save }, words.get("save")),
      make("button", { onclick: () => window.print() }, words.get("print")),
      make("button", { onclick: () => { words.choose(words.code() === "zh" ? "en" : "zh"); build(); } }, words.get("lang")));
    const foot = words.pick(
      `${doc.program}，数据与情景 ${doc.hash.slice(0, 12)}。成本为 ${doc.price_year} 年价。蓝线为当前设定，灰线为增长与现行政策之下不加新增措施；措施的力度 100 % 为情景所写。误差由过去各次预测的误差得来，不随力度变化。${doc.joined ? "排放与观测值衔接，衔接系数按原方案：改动观测年以前已起作用的措施后，另存的情景重新衔接，结果会略有不同。" : ""}`,
      `${doc.program}; data and scenario ${doc.hash.slice(0, 12)}. Costs in prices of ${doc.price_year}. Blue: these settings; grey: growth and current policy without new measures; level 100 % is what the scenario states. The error comes from past forecasts and does not move with levels. ${doc.joined ? "Emissions are joined to observed values by the factors of the plan: a saved scenario joins them anew, and differs a little where measures in force before the observed years were moved." : ""}`);
    page.replaceChildren(
      make("header", {}, make("h1", {}, words.of(doc.title)), make("p", {}, words.pick(`${doc.region.zh}，${years[0]}—${years[last]}`, `${doc.region.en}, ${years[0]}–${years[last]}`)), parts.finding),
      bar, make("div", { class: "columns" }, parts.verdicts, panel, parts.results), make("footer", {}, foot));
    document.documentElement.lang = words.code() === "zh" ? "zh-CN" : "en";
    document.title = words.of(doc.title);
    refresh();
  };
  function refresh() {
    parts.finding.textContent = headline();
    parts.undo.disabled = past.length === 0;
    parts.redo.disabled = future.length === 0;
    parts.keep.disabled = kept.length >= 4;
    const money = cost();
    const cap = capText();
    parts.verdicts.replaceChildren(
      make("h2", {}, words.pick("目标与判定", "Targets and verdicts")),
      make("div", { class: result.short.length > 0 ? "wide void" : "wide" }, verdicts()),
      ...(result.short.length > 0 ? [make("p", { class: "missed" }, words.pick("有措施超出了存量，结果不成立", "Some measure takes more than there is: no result"))] : []),
      ...(cap ? [make("p", { class: cap.standing }, cap.text)] : []),
      ...(money === null ? [] : [make("p", {}, words.pick(
        `${years[last]} 年新增措施年成本 ${words.number(money)} 亿元（原方案 ${words.number(cost(asPlanned))} 亿元）`,
        `Yearly cost of new measures in ${years[last]}: ${words.number(money)} 10⁸ CNY (as planned ${words.number(cost(asPlanned))})`))]));
    views.refresh();
    parts.settings.replaceChildren(comparison());
  }
  const keys = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.type === "number") { return; }
    const letter = event.key.toLowerCase();
    if (letter === "z" && !event.shiftKey) { back(); event.preventDefault(); }
    if (letter === "y" || (letter === "z" && event.shiftKey)) { forth(); event.preventDefault(); }
  };

  words.choose(doc.lang);
  restore();
  shown = doc.targets.length > 0 ? doc.targets[0].indicator : doc.indicators[0].id;
  build();
  document.addEventListener("keydown", keys);
  // For tests, and for who wants the numbers.
  return { doc, state: () => [...x], set: (next) => { remember(); set([...next]); }, settle, toml, meet, judge, draw: views.rest, result: () => result };
})();
window.jianpai = app;
