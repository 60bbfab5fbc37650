const mark =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#3a56d4"/><path d="M7 6.5v11M17 6.5v11M7 9.5h3.2M7 14.5h3.2M17 9.5l-4.6 1.9M17 14.5l-4.6 1.9" stroke="#fff" stroke-width="1.8" stroke-linecap="round" fill="none"/></svg>'

/** The icon of the tab: the brand's logo, else Corral's mark. Inline: no path of the gateway is taken. */
export function iconOf(logo?: string): string {
  return logo || `data:image/svg+xml,${encodeURIComponent(mark)}`
}
