// Suggestions while somebody types: htmx fetches them; the arrows choose one, Enter opens it, Escape closes the list.
(function () {
  "use strict";

  var root = document.querySelector("[data-suggest]");
  if (!root) {
    return;
  }
  var field = root.querySelector("input");
  var list = root.querySelector("[data-suggested]");
  var chosen = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "suggested");
  field.setAttribute("aria-expanded", "false");

  function choices() {
    return list.querySelectorAll("[role=option]");
  }

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", open ? "true" : "false");
    if (!open) {
      choose(-1);
    }
  }

  function choose(place) {
    var all = choices();
    chosen = place;
    all.forEach(function (each, number) {
      each.setAttribute("aria-selected", number === place ? "true" : "false");
    });
    if (place >= 0 && all[place]) {
      field.setAttribute("aria-activedescendant", all[place].id);
      all[place].scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  list.addEventListener("htmx:afterSwap", function () {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    show(choices().length > 0 && document.activeElement === field);
  });

  field.addEventListener("keydown", function (event) {
    var all = choices();
    if (event.isComposing || (list.hidden && event.key !== "ArrowDown")) {
      return;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      show(true);
      var step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + step + all.length + (chosen < 0 && step < 0 ? 1 : 0)) % all.length);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      all[chosen].querySelector("a").click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      show(false);
    }
  });

  document.addEventListener("click", function (event) {
    if (!root.contains(event.target)) {
      show(false);
    }
  });

  root.addEventListener("focusout", function (event) {
    if (!root.contains(event.relatedTarget)) {
      show(false);
    }
  });
})();
