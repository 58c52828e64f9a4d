// Runs before the first paint: marks that scripts work and applies the remembered theme.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("galley.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to us; the system's theme then holds.
}
