// The lines above the foot: what somebody should know or answer, without anything in the way of the text.

const line = () => document.getElementById("desk-messages");

/** Show a message called `name`, in place of an earlier one of that name; `actions` are `{label, run}`. */
export function tell(name, words, { icon = "info", isError = false, actions = [] } = {}) {
  const message = Object.assign(document.createElement("div"), { className: isError ? "desk-message is-error" : "desk-message" });
  message.dataset.name = name;
  message.append(iconOf(icon), Object.assign(document.createElement("p"), { textContent: words }), ...actions.map(buttonOf));
  untell(name);
  line().append(message);
}

export function untell(name) {
  line().querySelector(`[data-name="${name}"]`)?.remove();
}

/** What was said of one page goes with it. */
export const untellAll = () => line().replaceChildren();

function buttonOf({ label, run }) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn is-small", textContent: label });
  button.addEventListener("click", run);
  return button;
}

/** An icon of the sprite. */
export function iconOf(name) {
  const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  icon.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  icon.firstChild.setAttribute("href", `${sprite}#${name}`);
  return icon;
}
