// <plimsoll-check>: a checker inside another page, around a text that stands there. The text stays where
// it is until the checker has come up, and for good if it does not. The checker runs in a frame of its
// own, without the rights of any host; it gets the text behind the `#` of its address, which no server
// sees, and all that it says to this page is how high it is.
"use strict";
(() => {
  const here = new URL(".", document.currentScript.src);
  const LEAST = 120;
  const MOST = 1200;
  // More than the checker takes from an address.
  const LONGEST = 150_000;

  const packed = (text) => {
    const letters = Array.from(new TextEncoder().encode(text), (it) => String.fromCharCode(it));
    return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  class PlimsollCheck extends HTMLElement {
    // The text is what stands here, or what `src` names on this page's own host: this page fetches it, since
    // the checker can fetch nothing.
    async text() {
      const src = this.getAttribute("src");
      if (src === null) return this.textContent.replace(/^\n/, "").trimEnd() + "\n";
      const url = new URL(src, document.baseURI);
      if (url.origin !== location.origin) throw new Error("src is on another host");
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`${src}: ${answer.status}`);
      const text = await answer.text();
      if (text.length > LONGEST) throw new Error(`${src} is too long`);
      return text;
    }

    async connectedCallback() {
      if (this.frame || this.isStarting) return;
      this.isStarting = true;
      let text;
      try {
        text = await this.text();
      } catch (error) {
        // What stands here goes on standing here.
        this.setAttribute("failed", error.message);
        return;
      }
      const checker = new URL(this.getAttribute("checker") ?? "plimsoll.html", here);
      const theme = this.getAttribute("theme");
      // A Dockerfile goes into the editor; inspect output, a history or a run line lies beside it, and is
      // recognized there.
      const isDockerfile = (this.getAttribute("kind") ?? "dockerfile") === "dockerfile";
      const fragment = `#${isDockerfile ? "text" : "beside"}=${packed(text)}`;
      const fixed = this.hasAttribute("readonly") ? "-readonly" : "";

      // What stands here now is put aside only when the checker is there.
      this.plain = document.createElement("div");
      this.plain.append(...this.childNodes);
      this.frame = document.createElement("iframe");
      const look = ["light", "dark"].includes(theme) ? theme : "auto";
      // The address is the last thing: a frame loads with the rights it has then.
      this.frame.setAttribute("sandbox", "allow-scripts");
      this.frame.setAttribute("referrerpolicy", "no-referrer");
      this.frame.setAttribute("loading", "lazy");
      this.frame.title = this.getAttribute("label") ?? "Plimsoll, checking the example above";
      this.frame.width = "100%";
      this.frame.height = "0";
      this.frame.style.border = "0";
      this.frame.style.display = "block";
      this.frame.src = `${checker.href}${fragment}&embed=${look}${fixed}`;
      const link = document.createElement("a");
      link.href = checker.href + fragment;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.textContent = "Open in Plimsoll";
      this.way = document.createElement("p");
      this.way.append(link);
      this.append(this.plain, this.frame, this.way);
      addEventListener("message", this);
    }

    disconnectedCallback() {
      removeEventListener("message", this);
    }

    // A frame could say anything; only a height is listened to, and only from our own.
    handleEvent({ source, data }) {
      if (source !== this.frame.contentWindow || typeof data?.plimsollHeight !== "number") return;
      this.plain.hidden = true;
      this.frame.height = String(Math.min(Math.max(Math.ceil(data.plimsollHeight), LEAST), MOST));
      this.setAttribute("ready", "");
    }
  }
  customElements.define("plimsoll-check", PlimsollCheck);
})();
