// Links hold a template, the name of a persona, and settings, in the fragment: no server sees it, and no contact is in it.

import type { Overlay } from "./model";

interface Shared {
  template: string;
  persona: string;
  settings: Overlay;
}

const overlayNames = ["contact_urn", "redact_urns", "timezone", "date_format", "time_format", "languages", "country", "now"] as const;

export function shareLink(template: string, persona: string, settings: Overlay): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ t: template, p: persona, ...(Object.keys(settings).length > 0 && { s: settings }) }));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${location.origin}${location.pathname}#share=${text}`;
}

/** Reads a link; null for a fragment that is none. Nothing in it is trusted. */
export function readShared(fragment: string): Shared | null {
  const text = /^#share=([\w-]{1,60000})$/.exec(fragment)?.[1];
  if (text === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const value = JSON.parse(new TextDecoder().decode(bytes)) as { t?: unknown; p?: unknown; s?: unknown };
    if (typeof value.t !== "string" || typeof value.p !== "string") return null;
    return { template: value.t, persona: value.p, settings: readOverlay(value.s) };
  } catch {
    return null;
  }
}

function readOverlay(value: unknown): Overlay {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => (overlayNames as readonly string[]).includes(key))) as Overlay;
}
