/* Starts Wagtail's date pickers, panels and choosers, without a script in the page. */
(function () {
  "use strict";
  function start(mark) {
    var make = window[mark.dataset.qInit];
    var config = JSON.parse(mark.dataset.qConfig);
    if (typeof make !== "function") { return; }
    mark.remove();
    if (mark.dataset.qInit.indexOf("init") === 0) { make(mark.dataset.qId, config); }
    else if (mark.dataset.qId) { reach(mark.dataset.qId, new make(mark.dataset.qId, config)); }
    else { new make(config); }
  }
  // Wagtail may have moved a chooser's buttons into a menu before the chooser was made;
  // it finds only those inside itself.
  function reach(id, chooser) {
    var box = document.getElementById(id + "-chooser");
    if (!box) { return; }
    box.querySelectorAll("[data-w-dropdown-target=toggle]").forEach(function (toggle) {
      var menu = toggle._tippy && toggle._tippy.popper;
      if (!menu) { return; }
      menu.querySelectorAll("[data-chooser-action-choose]").forEach(function (button) {
        button.addEventListener("click", function () { chooser.openChooserModal(); });
      });
      menu.querySelectorAll("[data-chooser-action-clear]").forEach(function (button) {
        button.addEventListener("click", function () { chooser.clear(); });
      });
    });
  }
  function all() { document.querySelectorAll("[data-q-init]").forEach(start); }
  document.addEventListener("DOMContentLoaded", function () {
    all();
    new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
  });
})();
