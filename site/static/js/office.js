/* Starts Wagtail's date pickers, panels and choosers, without a script in the page. */
(function () {
  "use strict";
  function start(mark) {
    var make = window[mark.dataset.qInit];
    var config = JSON.parse(mark.dataset.qConfig);
    if (typeof make !== "function") { return; }
    mark.remove();
    if (mark.dataset.qInit.indexOf("init") === 0) { make(mark.dataset.qId, config); }
    else if (mark.dataset.qId) { new make(mark.dataset.qId, config); }
    else { new make(config); }
  }
  function all() { document.querySelectorAll("[data-q-init]").forEach(start); }
  document.addEventListener("DOMContentLoaded", function () {
    all();
    new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
  });
})();
