/* Progressive enhancement only: every page works without this file. */
(function () {
  "use strict";

  function number(text, fallback) {
    var value = parseInt(text, 10);
    return isNaN(value) ? fallback : value;
  }

  function settle(stepper) {
    var input = stepper.querySelector("input");
    var min = number(stepper.dataset.min, 0);
    var max = number(stepper.dataset.max, 999);
    var value = number(input.value, min);
    stepper.querySelector('[data-by="-1"]').disabled = value <= min;
    stepper.querySelector('[data-by="1"]').disabled = value >= max;
  }

  function step(button) {
    var stepper = button.closest("[data-stepper]");
    var input = stepper.querySelector("input");
    var min = number(stepper.dataset.min, 0);
    var max = number(stepper.dataset.max, 999);
    var value = number(input.value, min) + number(button.dataset.by, 0);
    input.value = Math.max(min, Math.min(max, value));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    settle(stepper);
  }

  document.addEventListener("click", function (event) {
    var by = event.target.closest("[data-by]");
    if (by) { step(by); return; }
    var opens = event.target.closest("[data-opens]");
    if (opens) {
      var sheet = document.getElementById(opens.dataset.opens);
      if (sheet && sheet.showModal) { event.preventDefault(); sheet.showModal(); }
      return;
    }
    if (event.target.closest("[data-closes]")) {
      event.target.closest("dialog").close();
      return;
    }
    if (event.target.closest("[data-prints]")) { window.print(); }
  });

  document.addEventListener("change", function (event) {
    var stepper = event.target.closest("[data-stepper]");
    if (stepper) { settle(stepper); }
    var drop = event.target.closest(".drop");
    if (drop && event.target.files && event.target.files.length) {
      drop.querySelector("[data-drop-text]").textContent = Array.prototype.map
        .call(event.target.files, function (file) { return file.name; }).join(", ");
    }
    var form = event.target.closest("form[data-sends-itself]");
    if (form) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
  });

  /* One press, one request: the button says that it is busy and stays pressed. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.hasAttribute("data-repeats")) { return; } /* a download leaves the page as it is */
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (event.submitter) { event.submitter.setAttribute("aria-busy", "true"); }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll('[aria-busy="true"]').forEach(function (button) {
        button.removeAttribute("aria-busy");
      });
    });
  });

  function ready(root) {
    root.querySelectorAll("[data-stepper]").forEach(settle);
    root.querySelectorAll("[data-toast]").forEach(function (toast) {
      setTimeout(function () { toast.remove(); }, 6000);
    });
    root.querySelectorAll("[data-needs-script]").forEach(function (part) {
      part.hidden = false;
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    ready(document);
    var summary = document.querySelector("[data-focus]");
    if (summary) { summary.focus(); }
  });
  document.addEventListener("htmx:load", function (event) { ready(event.target); });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form[data-sent]");
    if (form) { delete form.dataset.sent; }
  });
})();
