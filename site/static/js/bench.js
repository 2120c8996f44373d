/* Numbers of a form that must add up: the sum is told while they are typed. Without this
   file the server tells it. */
(function () {
  "use strict";

  function whole(input) {
    var value = parseInt(input.value, 10);
    return isNaN(value) ? 0 : value;
  }

  function yuan(fen) {
    return (fen / 100).toLocaleString("en-US", { maximumFractionDigits: 2 });
  }

  function all(form, selector) {
    var inside = Array.prototype.slice.call(form.querySelectorAll(selector));
    if (!form.id) { return inside; }
    var page = Array.prototype.slice.call(document.querySelectorAll(selector));
    return page.filter(function (part) {
      return form.contains(part) || !part.closest("form");
    });
  }

  function tell(form) {
    var parts = form.querySelector("[data-parts]") || form;
    var target = parseInt(form.dataset.addsUp, 10);
    var sum = 0;
    parts.querySelectorAll("[data-stepper] input").forEach(function (input) { sum += whole(input); });
    all(form, "[data-sum]").forEach(function (place) { place.textContent = sum; });
    all(form, "[data-sum-said]").forEach(function (place) {
      var left = target - sum;
      var text = left === 0 ? place.dataset.exact : left > 0 ? place.dataset.short : place.dataset.over;
      place.textContent = text.replace("{n}", Math.abs(left));
      place.classList.toggle("tally--ok", left === 0);
    });
    all(form, "[data-times]").forEach(function (place) {
      var input = form.querySelector('[name="' + place.dataset.times + '"]');
      if (input) { place.textContent = yuan(whole(input) * parseInt(place.dataset.fen, 10)); }
    });
    if (form.hasAttribute("data-strict")) {
      all(form, "[data-when-exact]").forEach(function (button) {
        if (sum === target) { button.removeAttribute("aria-disabled"); } else { button.setAttribute("aria-disabled", "true"); }
      });
    }
    return sum === target;
  }

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-adds-up]");
    if (form) { tell(form); }
  });

  /* Pictures that were taken would be lost on the way back: what can't be right stays here. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-strict") && !tell(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      var said = form.querySelector("[data-sum-said]");
      said.scrollIntoView({ block: "center" });
      form.querySelector("[data-parts] input").focus();
    }
  }, true);

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-adds-up]").forEach(tell);
  });
})();
