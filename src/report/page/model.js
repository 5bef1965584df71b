"use strict";
// The plan evaluated: the equations of benches/peers/README.md. Rows of the plan are sums
// of products of levers, times a demand ratio where they have a group.
const model = (() => {
  // s[j] = product of the levers of monomial j
  const products = (plan, x) => plan.monomials.map((of) => of.reduce((p, i) => p * x[i], 1));

  // d[g][t] = product over years of (1 + e (g + delta)) / (1 + e0 g)
  const ratios = (plan, x) => plan.groups.map((group) => {
    const e = group.elasticity_input === null ? group.elasticity : x[group.elasticity_input];
    const shift = group.growth === null ? 0 : x[group.growth];
    let d = 1;
    return group.path.map((g, t) => {
      if (t > 0) {
        const delta = t >= group.projected_from ? shift : 0;
        d *= (1 + e * (g + delta)) / (1 + group.elasticity * g);
      }
      return d;
    });
  });

  const segment = (part, s) => {
    let sum = part.constant;
    for (let i = 0; i < part.monomials.length; i += 1) {
      sum += part.coefficients[i] * s[part.monomials[i]];
    }
    return sum;
  };

  const row = (plan, r, s, d) => {
    const own = plan.rows[r];
    const t = own.year - plan.years[0];
    let sum = own.constant;
    for (const part of own.segments) {
      const ratio = part.group === null ? 1 : d[part.group][t];
      sum += ratio * segment(part, s);
    }
    return sum;
  };

  // Everything that follows from the levers x.
  const evaluate = (plan, x) => {
    const s = products(plan, x);
    const d = ratios(plan, x);
    const known = new Map();
    const at = (r) => {
      let value = known.get(r);
      if (value === undefined) {
        value = row(plan, r, s, d);
        known.set(r, value);
      }
      return value;
    };
    const indicator = (one) => {
      if (one.rule === "plain") {
        return at(one.row);
      }
      const t = plan.rows[one.row].year - plan.years[0];
      const ratio = one.group === null ? 1 : d[one.group][t];
      if (one.rule === "per-gdp") {
        return at(one.row) / at(one.base_row) / one.gdp / ratio;
      }
      return at(one.row) / one.demand / ratio;
    };
    const targets = plan.targets.map((target) => {
      const read = (k) => indicator(plan.target_indicators[k]);
      const { rule } = target.reached;
      let reached;
      let base = null;
      if (rule === "reduction") {
        base = read(target.reached.base);
        reached = 1 - read(target.reached.end) / base;
      } else if (rule === "value") {
        reached = read(target.reached.end);
      } else {
        reached = target.reached.of.reduce((sum, k) => sum + read(k), 0);
      }
      const margin = target.sign * (reached - target.required);
      const floor = Math.max(Math.abs(target.required), plan.margin_floor);
      return { reached, base, margin, met: margin >= -plan.margin_slack * floor };
    });
    // What is claimed beyond what there is.
    const short = [];
    plan.watched.forEach((cell, k) => {
      const left = segment({ constant: cell.constant, ...cell }, s);
      if (left < -plan.watched_slack) {
        short.push({ k, left });
      }
    });
    for (const { row: r, least } of plan.not_negative) {
      if (at(r) < least) {
        short.push({ k: null, row: r, left: at(r) });
      }
    }
    return { at, indicator: (k) => indicator(plan.indicators[k]), targets, short, s, d };
  };

  // What lever i adds to row r: what the row is, less what it is with the lever at nothing.
  const effect = (plan, result, r, i) => {
    const own = plan.rows[r];
    const t = own.year - plan.years[0];
    let sum = 0;
    for (const part of own.segments) {
      const ratio = part.group === null ? 1 : result.d[part.group][t];
      for (let j = 0; j < part.monomials.length; j += 1) {
        if (plan.monomials[part.monomials[j]].includes(i)) {
          sum += ratio * part.coefficients[j] * result.s[part.monomials[j]];
        }
      }
    }
    return sum;
  };

  // What new measures cut together between two years, as targets of project reductions ask.
  const gross = (plan, result, levers, { base, end }) => levers.reduce((sum, lever, i) => (lever.kind === "level"
    ? sum + effect(plan, result, base, i) - effect(plan, result, end, i)
    : sum), 0);

  // The watched cells that each lever moves.
  const cells = new WeakMap();
  const watchedBy = (plan) => {
    if (!cells.has(plan)) {
      const by = plan.inputs.map(() => []);
      plan.watched.forEach((cell, k) => {
        for (const i of new Set(cell.monomials.flatMap((m) => plan.monomials[m]))) { by[i].push(k); }
      });
      cells.set(plan, by);
    }
    return cells.get(plan);
  };

  // The largest value of lever i, the others where they are, and the watched cell that
  // stops it; a lever that is over already has a largest value below its own.
  const most = (plan, x, i, s = products(plan, x)) => {
    const { low, high } = plan.inputs[i];
    let best = high;
    let by = null;
    for (const k of watchedBy(plan)[i]) {
      const cell = plan.watched[k];
      let slope = 0;
      let rest = cell.constant;
      cell.monomials.forEach((m, n) => {
        const own = plan.monomials[m];
        if (own.includes(i)) {
          slope += cell.coefficients[n] * own.reduce((p, q) => (q === i ? p : p * x[q]), 1);
        } else {
          rest += cell.coefficients[n] * s[m];
        }
      });
      if (slope < -1e-12) {
        const limit = Math.max(rest, 0) / -slope;
        if (limit < best) {
          best = limit;
          by = k;
        }
      }
    }
    return { most: Math.max(low, best), by };
  };

  return { evaluate, effect, gross, most, segment };
})();
