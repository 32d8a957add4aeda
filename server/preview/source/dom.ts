// Small helpers around the DOM. Nothing here parses HTML: text is always text.

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** Makes an element: h("button.quiet", { onclick }, "Save"). Attributes that are false or null are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split(".") as [K, ...string[]];
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  append(element, children);
  return element;
}

export function append(parent: Element, children: (Child | Child[])[]): void {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what an element holds, and keeps the focus on the control with the same data-key, if it had it. */
export function fill(parent: Element, ...children: (Child | Child[])[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && parent.contains(active) ? active.dataset.key : undefined;
  parent.replaceChildren();
  append(parent, children);
  if (key !== undefined) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const paths: Record<string, string> = {
  up: "M8 13V3M3.500 7.500 8 3l4.500 4.500",
  edit: "M10.500 3.500l2 2L6 12l-2.800.8L4 10zM9.300 4.700l2 2",
  remove: "M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500M6.800 7v3.500M9.200 7v3.500",
  reply: "M6.500 4 3 7.500 6.500 11M3 7.500h6.500a3.500 3.500 0 0 1 3.500 3.500v1.500",
  add: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.500 5.500h7v7.500h-7zM3.500 10.500V3h6.500",
  check: "M3 8.500l3.500 3.500L13 4.500",
  search: "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.500 10.500 14 14",
  theme: "M8 2.500v11M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5.500h3.800M8 8h5.300M8 10.500h3.800",
  arrow: "M3 8h10M9 4l4 4-4 4",
  download: "M8 2.500v8M4.500 7.500 8 11l3.500-3.500M3 13.500h10",
  link: "M6.500 9.500l3-3M7 4.500l1.300-1.300a3 3 0 0 1 4.300 4.300L11.300 8.800M9 11.500l-1.300 1.300a3 3 0 0 1-4.300-4.300l1.300-1.300",
};

/** Makes an icon that assistive technology does not see: its button has a name. */
export function icon(name: keyof typeof paths): SVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", paths[name] ?? "");
  svg.append(path);
  return svg;
}

/** Says something to assistive technology, and shows it for a moment at the foot of the page. */
export function announce(text: string): void {
  const status = byId("status");
  status.textContent = text;
  status.classList.add("shown");
  window.clearTimeout(hiding);
  hiding = window.setTimeout(() => status.classList.remove("shown"), 3500);
}
let hiding = 0;

/** A button that copies a text. */
export function copyButton(text: () => string, label = "Copy"): HTMLButtonElement {
  const button = h("button.quiet", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text());
      announce("Copied.");
    } catch {
      announce("The browser does not let this page copy; select the text and copy it.");
    }
  } }, icon("copy"), label);
  return button;
}
