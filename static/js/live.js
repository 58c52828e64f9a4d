// Pages that follow work under way: the page is fetched again and its live parts replaced where they differ.
// The server answers 304 while nothing has changed, so a waiting page costs next to nothing.

/** Start every `[data-live-every]` of the page: seconds between looks. */
export function livePages() {
  const every = Number(document.querySelector("[data-live-every]")?.dataset.liveEvery);
  if (every) setTimeout(() => look(every), every * 1000);
}

async function look(every) {
  let wait = every;
  if (!document.hidden) {
    try {
      const response = await fetch(location.href, { cache: "no-cache", headers: { Accept: "text/html" } });
      if (response.ok) replaceParts(await response.text());
    } catch {
      wait = every * 4;
    }
  }
  if (document.querySelector("[data-live-every]")) setTimeout(() => look(every), wait * 1000);
}

function replaceParts(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (fresh && fresh.outerHTML !== part.outerHTML && !part.contains(document.activeElement)) {
      part.replaceWith(document.adoptNode(fresh));
    }
  }
}
