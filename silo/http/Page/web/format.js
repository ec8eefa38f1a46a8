export const tiers = [
  { id: 'silo', name: 'silo memory', css: '--tier-silo' },
  { id: 'redis', name: 'Redis node', css: '--tier-redis' },
  { id: 'owner', name: 'owner', css: '--tier-owner' },
  { id: 'catalog', name: 'catalog', css: '--tier-catalog' },
];

export const rate = value => value == null ? '–' : value >= 1000 ? `${(value / 1000).toFixed(value >= 10000 ? 0 : 1)} k`
  : value >= 10 ? value.toFixed(0) : value > 0 && value < 0.05 ? '<0.1' : value.toFixed(value % 1 ? 1 : 0);
export const count = value => value == null ? '–' : Math.round(value).toLocaleString('en');
export const percent = value => value == null || Number.isNaN(value) ? '–'
  : `${(value * 100).toFixed(value > 0.999 && value < 1 ? 2 : value >= 0.0995 ? 0 : 1)} %`;
export const ms = value => value == null ? '–' : value >= 10000 ? `${(value / 1000).toFixed(0)} s` : value >= 1000 ? `${(value / 1000).toFixed(1)} s`
  : value >= 9.95 ? `${value.toFixed(0)} ms` : value >= 0.995 ? `${value.toFixed(1)} ms` : value >= 0.005 ? `${value.toFixed(2)} ms` : value > 0 ? '<0.01 ms' : '0 ms';
export const left = value => value <= 0 ? '0.0 s' : value < 60000 ? `${(value / 1000).toFixed(1)} s` : value < 3600000
  ? `${Math.floor(value / 60000)} min ${Math.floor(value / 1000) % 60} s` : `${(value / 3600000).toFixed(1)} h`;
export const bytes = value => value >= 1073741824 ? `${(value / 1073741824).toFixed(1)} GiB` : value >= 1048576
  ? `${(value / 1048576).toFixed(value >= 10485760 ? 0 : 1)} MiB` : value >= 1024 ? `${(value / 1024).toFixed(0)} KiB` : `${value} B`;
export const clock = at => new Date(at).toLocaleTimeString('en-GB');
export const ago = (at, now) => {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
};
export const plural = (number, word) => `${count(number)} ${word}${number === 1 ? '' : 's'}`;
export const upper = text => text ? text[0].toUpperCase() + text.slice(1) : text;
export const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
