// Takes away what a page says of its own policy later on: only for runs that must see harm.
"use strict";
(() => {
  const isPolicy = (name, value) =>
    name.toLowerCase() === "http-equiv" && /content-security-policy/i.test(value);
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    set.call(this, isPolicy(String(name), String(value)) ? "data-disarmed" : name, value);
  };
  Object.defineProperty(HTMLMetaElement.prototype, "httpEquiv", {
    set(value) { this.setAttribute("http-equiv", value); },
  });
})();
