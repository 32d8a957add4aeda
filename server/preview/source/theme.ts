import { announce, byId } from "./dom";

/** The name under which the browser keeps the chosen theme: the only thing it keeps. */
const key = "flowexpr-theme";
const themes = ["auto", "light", "dark"] as const;

/** A button that goes through the themes: as the system has it, light, dark. */
export function mountTheme(): void {
  let theme = themes.find((t) => t === read()) ?? "auto";
  const show = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    byId("theme-name").textContent = { auto: "Auto", light: "Light", dark: "Dark" }[theme];
  };
  byId("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length]!;
    try {
      localStorage.setItem(key, theme);
    } catch {
      // A browser that keeps nothing: the theme holds for this page.
    }
    show();
    announce(`Theme: ${theme === "auto" ? "as the system has it" : theme}.`);
  });
  show();
}

function read(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
