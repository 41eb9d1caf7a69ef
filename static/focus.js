/* What went wrong is read first, and a page that the browser had kept is asked for again: on a shared computer it may
   be somebody else's. ES5, small. */
(function () {
  "use strict";
  var summary = document.getElementById("error-summary");
  if (summary) {
    // In a frame browsers skip `autofocus`; where they heed it, it is done before the first frame. Whoever was quicker
    // with the keyboard stays where they are.
    requestAnimationFrame(function () {
      if (document.activeElement === document.body) { summary.focus(); }
    });
  }
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });
}());
