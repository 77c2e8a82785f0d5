// Runs in a worker before anything else of it: tries the network at once, and again when told to.
"use strict";
{
  const { attack } = self.plimsollAttacks;
  const origins = [self.origin, PLIMSOLL_ELSEWHERE];
  const first = Promise.all(origins.map((origin) =>
    fetch(`${origin}/attack/first`, { mode: "no-cors" }).then(() => "reached", () => "refused")));
  const channel = new BroadcastChannel("plimsoll-probe");
  let isTold = false;
  channel.onmessage = async ({ data }) => {
    if (data !== "attack" || isTold) return;
    isTold = true;
    const { names, outcomes, violations } = await attack("worker", origins);
    channel.postMessage({ first: await first, names, outcomes, violations });
  };
}
