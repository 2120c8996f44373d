/* Oscar's dashboard: what its inline handlers did, which the content policy refuses. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-goes-back], a[onclick]");
    if (!link) { return; }
    var asked = link.getAttribute("onclick") || "history.go";
    if (asked.indexOf("history.go") !== -1) {
      if (window.history.length > 1) { event.preventDefault(); window.history.back(); }
    } else if (asked.indexOf("window.close") !== -1) {
      event.preventDefault();
      window.close();
    } else if (asked.indexOf("print") !== -1) {
      event.preventDefault();
      window.print();
    }
  });
  function shown(event, readable) {
    var image = event.target;
    if (!image.matches || !image.matches("img[data-preview]")) { return; }
    var button = document.querySelector(image.dataset.preview);
    if (button) { button.hidden = readable; }
    if (!readable) { window.alert(image.dataset.unreadable); }
  }
  document.addEventListener("load", function (event) { shown(event, true); }, true);
  document.addEventListener("error", function (event) { shown(event, false); }, true);
})();
