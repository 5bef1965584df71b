// What is drawn when: at once what is seen, the rest when it comes into view, before it is
// printed, or when there is nothing else to do. Each view is a box and how to fill it.
const views = (() => {
  let all = [];
  const draw = (view) => {
    view.stale = false;
    view.draw();
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const view = all.find((one) => one.box === target);
      if (view) {
        view.seen = isIntersecting;
        if (view.seen && view.stale) { draw(view); }
      }
    }
  }, { rootMargin: "200px" });
  // All that is not drawn yet, or as much as fits what a browser has left of its time.
  const some = (deadline) => {
    for (const view of all) {
      if (view.stale && deadline.timeRemaining() > 4) { draw(view); }
    }
    if (all.some((view) => view.stale)) { later(); }
  };
  const rest = () => {
    for (const view of all.filter((one) => one.stale)) { draw(view); }
  };
  const later = () => {
    if (window.requestIdleCallback) {
      cancelIdleCallback(later.due);
      later.due = requestIdleCallback(some);
    } else {
      clearTimeout(later.due);
      later.due = setTimeout(rest, 60);
    }
  };
  window.addEventListener("beforeprint", rest);

  const clear = () => {
    observer.disconnect();
    all = [];
  };
  const watch = (box, how) => {
    all.push({ box, draw: how, seen: true, stale: false });
    observer.observe(box);
    return box;
  };
  const refresh = () => {
    for (const view of all) {
      if (view.seen) { draw(view); } else { view.stale = true; }
    }
    later();
  };

  return { watch, clear, refresh, rest };
})();
