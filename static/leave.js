/* "Snel weg", by its link or by three bare presses of Shift: the page is gone at once, also while the next one is slow,
   and Back does not return to it. In a frame the whole window goes; where that is refused, the page says so. ES5. */
(function () {
  "use strict";
  var SHIFT = 16, LONGEST_PAUSE = 2000, NOT_GONE_AFTER = 1000;
  var link = document.querySelector("[data-leave]");
  var live = document.querySelector("[data-leave-live]");
  var presses = 0, bare = false, timer;
  if (!link || !live) { return; }

  function leave() {
    document.body.textContent = "";
    document.title = link.hostname;
    if (window.top === window.self) { location.replace(link.href); return; }
    // Reloaded or restored, the frame begins anew. A sandbox may refuse that.
    try { history.replaceState(null, "", link.getAttribute("data-start")); } catch (ignored) { /* refused */ }
    // Some browsers refuse with an error, others without a word.
    setTimeout(stay, NOT_GONE_AFTER);
    try { window.top.location.replace(link.href); } catch (ignored) { stay(); }
  }

  function stay() {
    var words = document.createElement("p");
    if (document.body.firstChild) { return; }
    words.className = "main";
    words.setAttribute("role", "alert");
    words.textContent = link.getAttribute("data-stays");
    document.body.appendChild(words);
  }

  function startOver() {
    clearTimeout(timer);
    presses = 0;
    bare = false;
    live.textContent = "";
  }

  link.addEventListener("click", function (event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", function (event) {
    if (event.keyCode !== SHIFT || event.ctrlKey || event.altKey || event.metaKey) { startOver(); return; }
    bare = true;
  }, true);
  document.addEventListener("keyup", function (event) {
    if (event.keyCode !== SHIFT || !bare) { return; }
    bare = false;
    presses += 1;
    clearTimeout(timer);
    if (presses === 3) { leave(); return; }
    live.textContent = link.getAttribute("data-after-" + presses);
    timer = setTimeout(startOver, LONGEST_PAUSE);
  }, true);
  // Shift with a click selects, with the wheel it scrolls sideways: no bare press either.
  document.addEventListener("mousedown", startOver, true);
  document.addEventListener("wheel", startOver, { capture: true, passive: true });
}());
