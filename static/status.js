/* Looks again whether something came in: after 5, 15 and 60 seconds until the municipality has it, and when the page
   comes back into view. Never on a fixed beat: a hundred thousand open pages must cost nothing. ES5, no dependency. */
(function () {
  "use strict";
  var main = document.querySelector("main[data-status]");
  var live = document.querySelector("[data-live]");
  if (!main || !window.DOMParser) { return; }

  function look() {
    var request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.timeout = 10000;
    request.onload = function () {
      if (request.status !== 200) { return; }
      var fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main[data-status]");
      if (!fresh || fresh.innerHTML === main.innerHTML || main.contains(document.activeElement)) { return; }
      main.parentNode.replaceChild(fresh, main);
      main = fresh;
      live = document.querySelector("[data-live]");
      if (live) { live.textContent = live.getAttribute("data-live"); }
    };
    request.send();
  }

  [5, 15, 60].forEach(function (seconds) {
    setTimeout(function () {
      if (main.getAttribute("data-status") === "ingediend" && !document.hidden) { look(); }
    }, seconds * 1000);
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } });
}());
