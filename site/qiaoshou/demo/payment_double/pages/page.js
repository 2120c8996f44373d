/* Goes on by itself once the payment was made elsewhere, as after a scanned code. */
const form = document.querySelector("form[data-state]");
if (form) {
  const look = async () => {
    try {
      const state = await (await fetch(form.dataset.state)).json();
      if (state.next) { location.replace(state.next); return; }
      if (state.status === "expired") { location.reload(); return; }
    } catch { /* the double is away for a moment: ask again */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
