// Everything here only makes pages more comfortable; each of them works without it.
(function () {
  "use strict";

  // The list of a form's errors is read first.
  function focusErrors(root) {
    var summary = root.querySelector("[data-focus]");
    if (summary) {
      summary.focus();
    }
  }

  // A form whose answer takes a while says so and cannot be sent twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter || form.querySelector("button[type=submit]");
    if (!button || form.dataset.sent === "yes") {
      if (form.dataset.sent === "yes") {
        event.preventDefault();
      }
      return;
    }
    // A file that comes down leaves the page, and with it the form, as it is.
    if ((form.getAttribute("method") || "get").toLowerCase() !== "post" || button.hasAttribute("data-download")) {
      return;
    }
    form.dataset.sent = "yes";
    button.setAttribute("aria-busy", "true");
    window.setTimeout(function () {
      if (form.dataset.sent !== "yes") {
        return;
      }
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.progress || document.body.dataset.working;
    }, 400);
  });

  // Coming back with the browser's arrow must find the form usable again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent=yes]").forEach(function (form) {
      form.dataset.sent = "";
      form.querySelectorAll("[aria-busy]").forEach(function (button) {
        button.removeAttribute("aria-busy");
        if (button.dataset.label) {
          button.textContent = button.dataset.label;
        }
      });
    });
  });

  // Filters apply when they change; their button stays for whoever has no scripts.
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-autosubmit]");
    if (form) {
      form.requestSubmit();
    }
  });

  // A file that is too large is said at once, not after minutes of sending it.
  document.addEventListener("change", function (event) {
    var input = event.target;
    if (input.type !== "file" || !input.dataset.maxBytes) {
      return;
    }
    var field = input.closest(".field");
    var said = field.querySelector("[data-said]");
    if (said) {
      said.remove();
    }
    var tooLarge = Array.prototype.some.call(input.files, function (file) {
      return file.size > Number(input.dataset.maxBytes);
    });
    field.classList.toggle("field--wrong", tooLarge);
    if (tooLarge) {
      said = document.createElement("p");
      said.className = "field__error";
      said.dataset.said = "yes";
      said.setAttribute("role", "alert");
      said.textContent = input.dataset.tooLarge;
      input.value = "";
      input.insertAdjacentElement("afterend", said);
    }
  });

  // Menus close on Escape and when something else is pressed.
  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (menu !== except && !(except && menu.contains(except))) {
        menu.open = false;
      }
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") {
      return;
    }
    var open = document.querySelector("details[data-menu][open]");
    if (open) {
      closeMenus(null);
      open.querySelector("summary").focus();
    }
  });

  // A number is not changed by scrolling over it.
  document.addEventListener("wheel", function (event) {
    if (document.activeElement && document.activeElement.type === "number" && event.target === document.activeElement) {
      document.activeElement.blur();
    }
  }, { passive: true });

  // A link copied to pass on (invitations): the button appears only where copying works.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) {
      return;
    }
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(source.value || source.textContent.trim()).then(function () {
        button.textContent = button.dataset.copied;
      });
    });
  });

  // What is folded away on a phone stands open where there is room for it.
  if (window.matchMedia("(min-width: 992px)").matches) {
    document.querySelectorAll("details[data-wide-open]").forEach(function (part) {
      part.open = true;
    });
  }

  // Whoever follows a link to a folded part wants to read it.
  function openTarget() {
    // Every id is written in ASCII; decoding would stop this script at an address that is no code.
    var target = document.getElementById(location.hash.slice(1));
    var part = target && (target.matches("details") ? target : target.querySelector(":scope > details:only-child"));
    if (part) {
      part.open = true;
    }
  }
  openTarget();
  window.addEventListener("hashchange", openTarget);

  // A form that was refused is shown again like any other answer, and a part of a page says why it cannot be read.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var isPart = event.detail.target.classList.contains("fragment");
    if (event.detail.xhr.status === 422 || (isPart && event.detail.xhr.status >= 400)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // Who is signed out or may not do this is told so on a page of its own: the button is pressed as if there were no
  // scripts. Any other fault is said in its place, so that nothing is sent twice and what was typed still stands.
  document.addEventListener("htmx:responseError", function (event) {
    var button = event.detail.elt;
    var said = document.getElementById("tried-said");
    if (button.id === "try" && said && [400, 401, 403, 404].indexOf(event.detail.xhr.status) < 0) {
      said.innerHTML = event.detail.xhr.responseText;
    } else if (button.type === "submit" && button.form) {
      button.form.requestSubmit(button);
    }
  });
  // A count speaks of what was typed when it was asked for: it goes as soon as that changes.
  function forgetTried() {
    ["tried", "tried-said"].forEach(function (id) {
      var part = document.getElementById(id);
      if (part) {
        part.textContent = "";
      }
    });
  }
  document.addEventListener("input", function (event) {
    if (event.target.closest("#condition")) {
      forgetTried();
    }
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "builder") {
      forgetTried();
    }
  });

  focusErrors(document);
  document.addEventListener("htmx:load", function (event) {
    focusErrors(event.target);
  });
  // What is ticked for comparison is remembered from page to page while this window is open.
  var COMPARED = "finmart-compare";
  function compared() {
    try {
      return JSON.parse(window.sessionStorage.getItem(COMPARED)) || [];
    } catch (error) {
      return [];
    }
  }
  function rememberCompared(codes) {
    try {
      window.sessionStorage.setItem(COMPARED, JSON.stringify(codes));
    } catch (error) {
      // Without storage the ticks of this page are all there is.
    }
  }
  function showCompared() {
    var bar = document.querySelector("[data-compare-bar]");
    if (!bar) {
      return;
    }
    var codes = compared();
    var most = Number(bar.dataset.most);
    bar.querySelectorAll("input[type=hidden]").forEach(function (input) {
      input.remove();
    });
    document.querySelectorAll("[data-compare]").forEach(function (box) {
      box.checked = codes.indexOf(box.value) >= 0;
      box.disabled = !box.checked && codes.length >= most;
    });
    codes.forEach(function (code) {
      if (!document.querySelector('[data-compare][value="' + code + '"]')) {
        var input = document.createElement("input");
        input.type = "hidden";
        input.name = "code";
        input.value = code;
        bar.append(input);
      }
    });
    bar.querySelector("[data-compare-count]").textContent = codes.length ? codes.length + " / " + most : "";
  }
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-compare]")) {
      return;
    }
    var code = event.target.value;
    var codes = compared().filter(function (each) {
      return each !== code;
    });
    if (event.target.checked) {
      codes.push(code);
    }
    rememberCompared(codes);
    showCompared();
  });
  // From a product's own page the comparison opens with those that were ticked before.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-compare-add]");
    if (!link) {
      return;
    }
    var codes = compared().filter(function (each) {
      return each !== link.dataset.compareAdd;
    });
    codes.push(link.dataset.compareAdd);
    codes = codes.slice(-4);
    rememberCompared(codes);
    var search = new URLSearchParams();
    codes.forEach(function (code) {
      search.append("code", code);
    });
    link.href = link.pathname + "?" + search;
  });
  // The page that compares is the truth about what is chosen.
  if (document.querySelector("[data-compared]")) {
    rememberCompared(document.querySelector("[data-compared]").dataset.compared.split(" ").filter(Boolean));
  }
  document.addEventListener("DOMContentLoaded", showCompared);
  window.addEventListener("pageshow", showCompared);

  // A long list of boxes can be searched; without scripts all of them are there to read.
  function addSifter(details) {
    var input = document.createElement("input");
    input.type = "search";
    input.className = "form-control";
    input.autocomplete = "off";
    input.setAttribute("aria-label", details.dataset.siftBoxes);
    input.placeholder = details.dataset.siftBoxes;
    var body = details.querySelector(".disclosure__body");
    body.insertBefore(input, body.firstChild);
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      body.querySelectorAll(".box").forEach(function (box) {
        var ticked = box.querySelector("input").checked;
        box.hidden = !ticked && box.textContent.toLowerCase().indexOf(wanted) < 0;
      });
    });
    // The Enter key in a search is no answer to the form.
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-sift-boxes]").forEach(addSifter);
  });
})();
