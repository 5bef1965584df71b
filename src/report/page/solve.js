// Levels that meet every target at the least cost, growth being where it is: a linear
// programme, solved by the simplex of bounded unknowns on a dense tableau.
const solver = (() => {
  const TINY = 1e-11;

  // min c.x, each row a.x >= b, 0 <= x <= u; two phases with one unknown for what is lacked.
  // Bland's rule after a while, so that it ends. null where nothing keeps all rows.
  const simplex = (c, rows, upper) => {
    const n = c.length;
    const scale = rows.map(([a]) => Math.max(...a.map(Math.abs), 0));
    const kept = rows.map(([a, b], i) => [a, b, scale[i]]).filter(([, , size]) => size > 0);
    if (rows.some(([, b], i) => scale[i] === 0 && b > TINY)) {
      return null;
    }
    const m = kept.length;
    // Columns: x, slack of each row, one lack; x0 at its lower bound, slack basic.
    const width = n + m + 1;
    const lack = n + m;
    const table = kept.map(([a, b, size], i) => {
      const line = new Float64Array(width + 1);
      a.forEach((v, j) => { line[j] = -v / size; });
      line[n + i] = 1;
      line[lack] = -1;
      line[width] = -b / size;
      return line;
    });
    const basis = kept.map((_, i) => n + i);
    const high = new Float64Array(width).fill(Infinity);
    upper.forEach((u, j) => { high[j] = u; });
    const flipped = new Uint8Array(width);

    const pivot = (lines, r, j) => {
      const own = lines[r];
      const by = own[j];
      for (let k = 0; k <= width; k += 1) { own[k] /= by; }
      lines.forEach((line, i) => {
        if (i !== r && Math.abs(line[j]) > 0) {
          const f = line[j];
          for (let k = 0; k <= width; k += 1) { line[k] -= f * own[k]; }
          line[j] = 0;
        }
      });
      basis[r] = j;
    };
    // Replaces x_j by u_j - x_j.
    const flip = (lines, j) => {
      for (const line of lines) {
        line[width] -= line[j] * high[j];
        line[j] = -line[j];
      }
      flipped[j] ^= 1;
    };
    const run = (cost) => {
      const lines = [...table, cost];
      for (let step = 0; step < 5000; step += 1) {
        let j = -1;
        let best = -1e-9;
        for (let k = 0; k < width; k += 1) {
          if (high[k] <= 0 || basis.includes(k)) { continue; }
          if (cost[k] < best) {
            j = k;
            if (step > 1000) { break; }
            best = cost[k];
          }
        }
        if (j < 0) { return true; }
        let limit = high[j];
        let r = -1;
        let over = false;
        table.forEach((line, i) => {
          const a = line[j];
          if (a > 1e-9) {
            const q = Math.max(line[width], 0) / a;
            if (q < limit - TINY || (r >= 0 && q <= limit + TINY && basis[i] < basis[r])) {
              limit = Math.min(q, limit);
              r = i;
              over = false;
            }
          } else if (a < -1e-9 && high[basis[i]] < Infinity) {
            const q = Math.max(high[basis[i]] - line[width], 0) / -a;
            if (q < limit - TINY) {
              limit = q;
              r = i;
              over = true;
            }
          }
        });
        if (limit === Infinity) { return false; }
        if (r < 0) {
          flip(lines, j);
          continue;
        }
        if (over) {
          // The basic unknown leaves at its upper bound.
          const b = basis[r];
          const own = table[r];
          for (let k = 0; k <= width; k += 1) { own[k] = -own[k]; }
          own[b] = 1;
          own[width] += high[b];
          flipped[b] ^= 1;
        }
        pivot(lines, r, j);
      }
      return false;
    };

    // Phase one: the most lacking row makes the lack basic.
    let worst = -1;
    table.forEach((line, i) => {
      if (line[width] < -TINY && (worst < 0 || line[width] < table[worst][width])) { worst = i; }
    });
    if (worst >= 0) {
      const cost = new Float64Array(width + 1);
      cost[lack] = 1;
      pivot([...table, cost], worst, lack);
      if (!run(cost) || -cost[width] > 1e-9) { return null; }
      const r = basis.indexOf(lack);
      if (r >= 0) {
        const own = table[r];
        let j = -1;
        for (let k = 0; k < width; k += 1) {
          if (k !== lack && !basis.includes(k) && (j < 0 || Math.abs(own[k]) > Math.abs(own[j]))) { j = k; }
        }
        if (j >= 0 && Math.abs(own[j]) > 1e-9) { pivot([...table], r, j); }
      }
    }
    high[lack] = 0;
    const cost = new Float64Array(width + 1);
    c.forEach((v, j) => {
      if (flipped[j]) {
        cost[j] = -v;
        cost[width] -= v * high[j];
      } else {
        cost[j] = v;
      }
    });
    table.forEach((line, i) => {
      const f = cost[basis[i]];
      if (f !== 0) {
        for (let k = 0; k <= width; k += 1) { cost[k] -= f * line[k]; }
      }
    });
    if (!run(cost)) { return null; }
    const x = new Float64Array(n);
    for (let j = 0; j < n; j += 1) {
      const i = basis.indexOf(j);
      const value = i >= 0 ? table[i][width] : 0;
      x[j] = flipped[j] ? high[j] - value : value;
      x[j] = Math.min(Math.max(x[j], 0), upper[j]);
    }
    return x;
  };

  // The rows that levels must keep, affine in them: each target's margin in its own base,
  // each watched share, the coal cap. `f` of the levers at x with the levels y.
  const affine = (count, of) => {
    const zero = of(new Float64Array(count));
    const slopes = zero.map(() => new Float64Array(count));
    for (let j = 0; j < count; j += 1) {
      const unit = new Float64Array(count);
      unit[j] = 1;
      of(unit).forEach((value, i) => { slopes[i][j] = value - zero[i]; });
    }
    return zero.map((constant, i) => ({ constant, slopes: slopes[i] }));
  };

  // Levels for all targets, at the least cost or, `near`, changed as little as can be;
  // `spare` is how much of each target to keep in hand (a part of it), `most` the highest
  // level of a lever.
  const solve = (doc, x, { spare, near, most }) => {
    const { plan, levers } = doc;
    const free = levers.map((l, i) => [l, i]).filter(([l]) => l.kind === "level").map(([, i]) => i);
    const put = (y) => {
      const all = [...x];
      free.forEach((i, j) => { all[i] = y[j]; });
      return all;
    };
    const asked = (y) => {
      const result = model.evaluate(plan, put(y));
      const read = (k) => {
        const one = plan.target_indicators[k];
        if (one.rule === "plain") { return result.at(one.row); }
        const t = plan.rows[one.row].year - plan.years[0];
        const ratio = one.group === null ? 1 : result.d[one.group][t];
        // Per GDP of the plan's base row, which no lever moves before its first year.
        return result.at(one.row) / (one.rule === "per-gdp" ? one.gdp * ratio : one.demand * ratio);
      };
      const margins = plan.targets.map((target) => {
        const size = Math.abs(target.required) || 1;
        const required = target.required + target.sign * spare * size;
        if (target.reached.rule === "reduction") {
          return (1 - required) * read(target.reached.base) - read(target.reached.end);
        }
        if (target.reached.rule === "value") {
          const one = plan.target_indicators[target.reached.end];
          const base = one.rule === "per-gdp" ? result.at(one.base_row) : 1;
          return target.sign * (read(target.reached.end) - required * base);
        }
        const sum = target.reached.of.reduce((s, k) => s + read(k), 0);
        return target.sign * (sum - required);
      });
      const gross = doc.targets.filter((target) => target.gross)
        .map(({ gross: asks }) => model.gross(plan, result, levers, asks) - asks.wanted * (1 + spare));
      const coal = doc.cap ? doc.cap.most.map(([t, most]) => most - result.at(plan.coal + t)) : [];
      const watched = plan.watched.map((cell) => model.segment(cell, result.s));
      const cost = result.at(plan.cost[plan.cost.length - 1]);
      return [cost, ...margins, ...gross, ...coal, ...watched];
    };
    const [cost, ...rows] = affine(free.length, asked);
    const upper = free.map((i) => Math.min(plan.inputs[i].high, most(levers[i])));
    const found = near ? nearest(rows, free.map((i) => x[i]), upper) : simplex(
      [...cost.slopes].map((v, j) => v / 1e8 + 1e-7 * (1 + j / free.length)),
      rows.map((row) => [[...row.slopes], -row.constant]),
      upper,
    );
    return found === null ? null : put(found);
  };

  // Of the points that keep the rows the one that lies nearest to `from`: x = from + up - down.
  const nearest = (rows, from, upper) => {
    const n = from.length;
    const found = simplex(
      [...from.map((_, j) => 1 + 1e-6 * j / n), ...from.map((_, j) => 1 + 1e-6 * j / n)],
      rows.map((row) => {
        const slopes = [...row.slopes];
        const at = slopes.reduce((sum, slope, j) => sum + slope * from[j], row.constant);
        return [[...slopes, ...slopes.map((slope) => -slope)], -at];
      }),
      [...from.map((v, j) => Math.max(upper[j] - v, 0)), ...from],
    );
    return found === null ? null : from.map((v, j) => v + found[j] - found[n + j]);
  };

  return { solve, simplex };
})();
