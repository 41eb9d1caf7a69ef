// What a screen reader says of saved pages, from the first element to the last.
// Usage: node speak.mjs page.html ...; writes one JSON object to stdout: for each file a list of phrases.
// The page's own scripts do not run: it is read as it was sent.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// More than any page has: one that is never left fails instead of going on for ever.
const MOST_PHRASES = 3000;
const NEEDED = /^(HTML|SVG|CSS|Node|Element|Mutation|DOM|Text|Event|Range)\w*$|^(document|window)$/;

function opened(html) {
  const { window } = new JSDOM(html, { url: "http://localhost/", pretendToBeVisual: true });
  for (const name of Object.getOwnPropertyNames(window).filter((one) => NEEDED.test(one))) {
    globalThis[name] = window[name];
  }
  return window;
}

// What every browser does, and this one, which draws nothing, does not.
function asBrowsersDo(document) {
  for (const closed of document.querySelectorAll("details:not([open])")) {
    for (const inside of closed.children) { inside.hidden = inside.tagName !== "SUMMARY"; }
  }
  // The value of a button is for the server; no reader says it.
  for (const button of document.querySelectorAll("button[value]")) { button.removeAttribute("value"); }
  // An empty address is that of the page itself.
  for (const link of document.querySelectorAll('a[href=""]')) { link.href = document.URL; }
  // The style sheet makes these boxes of their own: words of two boxes are never one word.
  for (const box of document.querySelectorAll(".hidden, .badge")) { box.before(" "); box.after(" "); }
}

async function phrases(virtual, path) {
  const { document } = opened(readFileSync(path, "utf-8"));
  asBrowsersDo(document);
  await virtual.start({ container: document.body });
  for (let moves = 0; (await virtual.lastSpokenPhrase()) !== "end of document"; moves += 1) {
    if (moves > MOST_PHRASES) { throw new Error(`${path} has no end`); }
    await virtual.next();
  }
  const said = await virtual.spokenPhraseLog();
  await virtual.stop();
  return [document.title, ...said];
}

// The reader looks for a browser when it is loaded.
opened("<!DOCTYPE html><title>-</title>");
const { virtual } = await import("@guidepup/virtual-screen-reader");
const spoken = {};
for (const path of process.argv.slice(2)) {
  spoken[path] = await phrases(virtual, path);
}
process.stdout.write(JSON.stringify(spoken));
