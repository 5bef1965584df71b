// A headless browser driven by its own protocol: `open(file)` gives a page on which scripts
// run. Without a browser there is nothing to drive: `find()` is null.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const find = () => {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`]).toString().trim();
    } catch {
      // The next one.
    }
  }
  return null;
};

export const start = async (binary) => {
  const folder = mkdtempSync(join(tmpdir(), "jianpai-browser-"));
  const browser = spawn(binary, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((done, fail) => {
    let said = "";
    browser.stderr.on("data", (part) => {
      said += part;
      const found = /ws:\/\/[^\s]+/.exec(said);
      if (found) { done(found[0]); }
    });
    browser.on("exit", () => fail(new Error(`the browser ended: ${said}`)));
  });
  const host = new URL(address).host;
  const list = await (await fetch(`http://${host}/json/list`)).json();
  const socket = new WebSocket(list.find((one) => one.type === "page").webSocketDebuggerUrl);
  await new Promise((done) => { socket.onopen = done; });
  let count = 0;
  const waiting = new Map();
  const seen = [];
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id) {
      waiting.get(message.id)(message);
      waiting.delete(message.id);
    } else {
      seen.push(message);
    }
  };
  const send = (method, params = {}) => new Promise((done, fail) => {
    count += 1;
    waiting.set(count, (message) => (message.error ? fail(new Error(JSON.stringify(message.error))) : done(message.result)));
    socket.send(JSON.stringify({ id: count, method, params }));
  });
  await send("Page.enable");
  await send("Runtime.enable");
  await send("Log.enable");
  const wait = async (method) => {
    for (let i = 0; i < 400; i += 1) {
      const at = seen.findIndex((one) => one.method === method);
      if (at >= 0) { return seen.splice(at, 1)[0]; }
      await new Promise((done) => { setTimeout(done, 25); });
    }
    throw new Error(`no ${method}`);
  };
  return {
    open: async (url, [width, height] = [1366, 768]) => {
      await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
      seen.length = 0;
      // Another address with the same file would only move to its anchor.
      await send("Page.navigate", { url: "about:blank" });
      await wait("Page.loadEventFired");
      await send("Page.navigate", { url });
      await wait("Page.loadEventFired");
    },
    run: async (expression) => {
      const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) { throw new Error(exceptionDetails.exception?.description || exceptionDetails.text); }
      return result.value;
    },
    // What went wrong on the page: exceptions, and what its policy refused.
    faults: () => seen.filter((one) => one.method === "Runtime.exceptionThrown" || (one.method === "Log.entryAdded" && one.params.entry.level === "error"))
      .map((one) => JSON.stringify(one.params).slice(0, 400)),
    picture: async () => {
      const { cssContentSize: size } = await send("Page.getLayoutMetrics");
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true, clip: { x: 0, y: 0, width: size.width, height: size.height, scale: 1 } });
      return Buffer.from(data, "base64");
    },
    press: async (key, modifiers = 0) => {
      const code = key.length === 1 ? `Key${key.toUpperCase()}` : key;
      const number = { ArrowRight: 39, ArrowLeft: 37, Tab: 9, End: 35, Home: 36 }[key] || key.toUpperCase().charCodeAt(0);
      for (const type of ["rawKeyDown", "keyUp"]) {
        await send("Input.dispatchKeyEvent", { type, key, code, modifiers, windowsVirtualKeyCode: number });
      }
    },
    stop: async () => {
      socket.close();
      browser.kill();
      await new Promise((done) => { browser.on("close", done); setTimeout(done, 3000); });
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
