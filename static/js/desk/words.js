const words = JSON.parse(document.getElementById("desk-words").textContent);

/** The translated sentence called `name`, with `{places}` filled from `values`. */
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
}
