// Before the first paint: the theme that was asked for by ?theme= or chosen here before; else that of the system.
(() => {
  const asked = new URLSearchParams(location.search).get('theme');
  const theme = asked ?? localStorage.getItem('theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
})();
