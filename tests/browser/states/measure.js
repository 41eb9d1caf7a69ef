/* Runs in the page: what is lost of it at this size of screen and text. Returns sentences; none when all is well. */
() => {
  scrollTo(0, 0);
  const faults = [];
  const words = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
  const name = (element) => element.tagName.toLowerCase() + (element.className.baseVal ?? element.className ? "." + element.classList[0] : "");
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".hidden, .skip, option, title, script");

  // Nothing is wider than the screen. Not clientWidth: a phone widens that for a page that does not name its viewport.
  const width = Math.min(window.innerWidth, screen.width);
  if (document.documentElement.scrollWidth > width) {
    faults.push(`${document.documentElement.scrollWidth} px wide on ${width}`);
  }

  // Every line of text, as boxes; a line's box is cut to its middle, since lines that are close together may touch.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || !isShown(element)) { continue; }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) { continue; }
      const middle = { left: box.left, right: box.right, top: box.top + box.height * 0.25, bottom: box.bottom - box.height * 0.25 };
      boxes.push({ ...middle, what: words(node.data), node, element });
      if (box.left < -1 || box.right > width + 1) { faults.push(`beside the screen: ${words(node.data)}`); }
    }
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      const isCutAcross = style.overflowX !== "visible" && around.scrollWidth > around.clientWidth + 1;
      const isCutBelow = style.overflowY !== "visible" && around.scrollHeight > around.clientHeight + 1;
      if (style.display !== "inline" && (isCutAcross || isCutBelow)) { faults.push(`${name(around)} cuts off ${words(node.data)}`); }
    }
  }
  for (const icon of document.querySelectorAll("svg, input:not([type=hidden]):not(.choice__input), select")) {
    if (!isShown(icon)) { continue; }
    const { left, right, top, bottom } = icon.getBoundingClientRect();
    boxes.push({ left, right, top, bottom, what: name(icon), node: icon, element: icon });
  }

  // No two of them lie on each other.
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 1.5 && down > 1.5 && one.node !== other.node) { faults.push(`${one.what} and ${other.what} overlap`); }
    }
  });

  // Whoever means one button does not press the next: the one may send, the other erase.
  const buttons = [...document.querySelectorAll(".utrecht-button, button.pause")].filter(isShown);
  buttons.slice(1).forEach((below, index) => {
    const apart = below.getBoundingClientRect().top - buttons[index].getBoundingClientRect().bottom;
    if (apart < 8) { faults.push(`${words(below.textContent)} is ${apart} px below ${words(buttons[index].textContent)}`); }
  });

  // The words of a button stay inside its shape, which may be round: so do the corners of each line.
  for (const button of document.querySelectorAll("button.pause")) {
    const round = button.getBoundingClientRect();
    const isInside = (x, y) => {
      const across = (x - round.left - round.width / 2) / (round.width / 2);
      const down = (y - round.top - round.height / 2) / (round.height / 2);
      return across * across + down * down <= 1;
    };
    for (const line of boxes.filter((box) => button.contains(box.element) && box.element !== button)) {
      const corners = [[line.left, line.top], [line.right, line.top], [line.left, line.bottom], [line.right, line.bottom]];
      if (!corners.every(([x, y]) => isInside(x, y))) { faults.push(`outside the round button: ${line.what}`); }
    }
  }

  // What is chosen in a list can be read, as a whole or, where it wraps, word by word.
  for (const list of document.querySelectorAll("select")) {
    const style = getComputedStyle(list), pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const chosen = list.selectedOptions[0].label, isWrapped = style.appearance === "base-select";
    const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const lines = isWrapped ? chosen.split(/[\s-]/) : [chosen];
    if (lines.some((line) => pen.measureText(line).width > room)) { faults.push(`${name(list)} cuts off ${words(chosen)}`); }
  }

  // What is pressed can be hit: 44 px, but for a link with words beside it in its line of text (2.5.8 asks for 24).
  const isInText = (link) => {
    let line = link.parentElement;
    while (getComputedStyle(line).display.startsWith("inline")) { line = line.parentElement; }
    const [before, after] = [document.createRange(), document.createRange()];
    before.setStart(line, 0); before.setEndBefore(link); after.setStartAfter(link); after.setEnd(line, line.childNodes.length);
    return link.matches("main a, .foot p a") && /[\p{L}\p{N}]/u.test(before + "" + after);
  };
  for (const target of document.querySelectorAll("button, a[href], select, summary, input:not([type=hidden])")) {
    if (!isShown(target)) { continue; }
    const { width: across, height: down } = target.getBoundingClientRect();
    const least = target.matches("a") && isInText(target) ? 24 : 44;
    if (across < least - 0.5 || down < least - 0.5) { faults.push(`${name(target)} ${words(target.textContent)} is ${across} by ${down}`); }
  }

  // What stays in view while one reads on leaves room to read.
  scrollTo(0, document.body.scrollHeight);
  const seenOfHead = document.querySelector(".head").getBoundingClientRect().bottom;
  if (window.scrollY > window.innerHeight / 2 && seenOfHead > window.innerHeight / 3) {
    faults.push(`the head takes ${seenOfHead} of ${window.innerHeight} px`);
  }
  scrollTo(0, 0);
  return [...new Set(faults)];
}
