"use strict";
// Runs before the load event, at which textual.js opens the terminal.
(() => {
  const terminal = document.querySelector("#terminal");
  // From the page's own address: at the other end of a tunnel the port is another one.
  terminal.dataset.sessionWebsocketUrl = location.href.split(/[?#]/)[0].replace(/^http/, "ws") + "ws";
  if (!document.createElement("canvas").getContext("webgl2")) {
    document.body.classList.add("-unable");
    terminal.classList.remove("textual-terminal");
  }
  document.querySelector("#again").addEventListener("click", () => location.reload());
  const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) {
      document.querySelector("#again").focus();
    } else if (document.body.classList.contains("-first-byte")) {
      focus();
    }
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
})();
