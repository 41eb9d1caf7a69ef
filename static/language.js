/* Another language keeps what was typed: a link to this page in another language sends the form along. ES5, small. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[hreflang]");
    var form = document.querySelector("form[data-switch]");
    var from;
    if (!link || !form || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    event.preventDefault();
    if (link.getAttribute("aria-current")) { return; }
    from = document.createElement("input");
    from.type = "hidden";
    from.name = "switch";
    from.value = document.documentElement.lang;
    form.appendChild(from);
    form.setAttribute("action", link.href);
    form.submit();
    // Should nothing come of it: the form's own button does what it did.
    form.removeChild(from);
    form.removeAttribute("action");
  });
}());
