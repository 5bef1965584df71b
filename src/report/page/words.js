"use strict";
// What the page says, in both languages; and how it prints numbers, as the tables do.
const words = (() => {
  const all = {
    met: ["达到", "met"],
    within: ["达到，误差之内", "met, within error"],
    missed: ["未达到", "missed"],
    open: ["无法判定", "cannot be judged"],
    target: ["目标", "Target"],
    demand: ["要求", "Demand"],
    reached: ["达到", "Reached"],
    verdict: ["判定", "Verdict"],
    levers: ["措施力度", "Levels of measures"],
    growth: ["增速", "Growth"],
    planned: ["原方案", "as planned"],
    limit: ["存量上限", "all there is"],
    undo: ["撤销", "Undo"],
    redo: ["重做", "Redo"],
    reset: ["恢复原方案", "As planned"],
    all_met: ["补足到全部达标", "Meet all targets"],
    least_cost: ["成本最低方案", "Least cost"],
    none: ["都不做", "None"],
    keep: ["记下此设定", "Keep this setting"],
    save: ["另存为情景文件", "Save as scenario"],
    print: ["打印", "Print"],
    lang: ["English", "中文"],
    cost: ["新增措施年成本", "Yearly cost of new measures"],
    settings: ["设定比较", "Settings side by side"],
    now: ["当前", "Now"],
    use: ["取用", "Use"],
    drop: ["删去", "Drop"],
    other_growth: ["新增量与现行政策", "Growth and current policy"],
    tenk: ["亿元", "10⁸ CNY"],
    points: ["个百分点", "points"],
    show: ["图与平衡", "Charts and balance"],
  };
  let lang = 0;
  const get = (key) => all[key][lang];
  const of = (text) => (text === null || text === undefined ? "" : text[lang === 0 ? "zh" : "en"]);
  // A name at the head of a line.
  const first = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const choose = (which) => { lang = which === "zh" ? 0 : 1; };
  const code = () => (lang === 0 ? "zh" : "en");
  const pick = (zh, en) => (lang === 0 ? zh : en);

  // As the tables print: three digits or so, thousands apart, a true minus.
  const number = (value) => {
    if (!Number.isFinite(value)) { return "—"; }
    const size = Math.abs(value);
    const decimals = [[999.5, 0], [99.95, 1], [0.9995, 2], [0.09995, 3], [0, 4]].find(([from]) => size >= from)[1];
    const text = fixed(value, size === 0 ? 0 : decimals);
    return /[1-9]/.test(text) ? text : "0";
  };
  // With so many decimals.
  const fixed = (value, decimals) => {
    const text = Math.abs(value).toFixed(decimals);
    const [whole, rest] = text.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return (value < 0 && /[1-9]/.test(text) ? "−" : "") + grouped + (rest === undefined ? "" : `.${rest}`);
  };
  const signed = (value) => (value > 0 ? "+" : "") + number(value);
  const percent = (value, decimals = 1) => {
    const text = Math.abs(value * 100).toFixed(decimals);
    const sign = value < 0 && Number(text) !== 0 ? "−" : "";
    return `${sign}${text}%`;
  };
  const signedPercent = (value) => (value > 0 && percent(value) !== "0.0%" ? "+" : "") + percent(value);

  return { get, of, first, choose, code, pick, number, fixed, signed, percent, signedPercent };
})();
