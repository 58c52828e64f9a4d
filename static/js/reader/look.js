// Runs before the first paint: type as this device remembers it. A classic script, so that nothing moves afterwards.
try {
  const look = JSON.parse(localStorage.getItem("galley.reading") ?? "{}");
  for (const name of ["size", "width", "face"]) if (look[name]) document.documentElement.dataset[name] = look[name];
} catch {
  // Storage may be closed to us, or hold what we did not write; the usual look then holds.
}
