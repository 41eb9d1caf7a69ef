/* "Snel weg": the page is gone at once, also while the next one is slow, and Back does not return to it. ES5, small. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-leave]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    document.body.hidden = true;
    document.title = " ";
    location.replace(link.href);
  });
}());
