/* Runs in the page. Two questions of somebody without a mouse: what can I reach, and what is the matter with this stop? */
({
  /* All stops in the order in which Tab should come to them: that of reading. A group of radios is one stop. */
  stops() {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")];
    return all.filter((one) => one.checkVisibility()).filter((one) => {
      if (one.type !== "radio") { return true; }
      const group = all.filter((other) => other.type === "radio" && other.name === one.name);
      return one === (group.find((other) => other.checked) ?? group[0]);
    }).map((one) => {
      const style = getComputedStyle(one), lines = this.lines(one), first = lines[0], last = lines[lines.length - 1];
      const isRightToLeft = document.documentElement.dir === "rtl";
      return {
        key: this.key(one), look: style.outline + style.boxShadow, top: first.top + scrollY, bottom: last.bottom + scrollY,
        left: isRightToLeft ? -first.right : first.left, right: isRightToLeft ? -last.left : last.right,
        isFloating: one.matches(".skip, .head a, .head summary"),
      };
    });
  },

  /* The boxes of its lines. What a link in a text has around its words, to be hit more easily, lies over its neighbours. */
  lines(one) {
    const style = getComputedStyle(one), isInText = style.display === "inline";
    const [above, below] = isInText ? [parseFloat(style.paddingTop), parseFloat(style.paddingBottom)] : [0, 0];
    return [...one.getClientRects()].map(({ left, right, top, bottom }) => ({
      left, right, top: top + above, bottom: bottom - below, width: right - left, height: bottom - below - top - above,
    }));
  },

  /* Where the focus is; `look` is how that shows, `hidden` what lies over it. */
  here() {
    const one = document.activeElement;
    if (!one || one === document.body) { return null; }
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    // A link over two lines is two boxes: between them stand other words.
    const points = this.lines(one)
      .flatMap((line) => [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]]
        .map(([across, down]) => [line.left + line.width * across, line.top + line.height * down]))
      .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    const over = points.map(([x, y]) => document.elementFromPoint(x, y)).filter((hit) => !hit || !(one.contains(hit) || hit.contains(one)));
    return {
      key: this.key(one), look: style.outline + style.boxShadow, hasRing: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      isOutOfSight: points.length === 0, over: over.map((hit) => hit ? hit.className : "nothing"),
      width: box.width, height: box.height, name: one.name ?? "", type: one.type ?? one.tagName, value: one.value ?? "",
      isChecked: one.checked === true, id: one.id,
    };
  },

  key(one) {
    const place = [...document.querySelectorAll("*")].indexOf(one);
    return `${place} ${one.tagName} ${one.name || one.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}`;
  },
})
