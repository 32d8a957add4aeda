import { byId, fill, h } from "../dom";
import type { Overlay } from "../model";
import { state } from "../state";

/** Settings that lie over the workspace's, for this page alone. */
export function mountSettings(): void {
  const draw = () => fill(byId("settings"), form());
  state.settings.changed(draw);
  draw();
}

function form(): HTMLElement {
  const given = state.settings.value;
  const languages = [...new Set([...(given?.languages ?? []), ...["eng", "spa", "fra", "por", "ara"]])];
  return h("form.settings", { onsubmit: (event: Event) => event.preventDefault() },
    h("p.note", {}, "They hold for this page only. What is left empty is as the workspace has it."),
    choice("contact_urn", "@contact.urn gives", [
      ["phone", "the first phone number"], ["any", "the first connection"], ["routable", "the first that a channel can send to"],
    ], given?.contact_urn),
    text("timezone", "Time zone", given?.timezone ?? "", timezones()),
    choice("date_format", "Dates", ["YYYY-MM-DD", "MM-DD-YYYY", "DD-MM-YYYY"].map((f) => [f, f]), given?.date_format),
    choice("time_format", "Times", ["tt:mm", "tt:mm:ss", "h:mm aa", "h:mm:ss aa"].map((f) => [f, f]), given?.time_format),
    choice("languages", "First language", languages.map((l) => [l, languageName(l)]), given?.languages?.[0]),
    text("country", "Country of phone numbers", given?.country ?? "", ["US", "GB", "RW", "NG", "KE", "BR", "FR", "DE"]),
    choice("redact_urns", "URNs", [["true", "hidden"], ["false", "shown"]], given === null ? undefined : given.redact_urns ? "true" : "false"),
    nowField(),
    h("button.quiet", { type: "button", onclick: () => { state.overlay.set({}); fill(byId("settings"), form()); } }, "As the workspace has them"),
  );
}

function set(name: keyof Overlay, value: unknown): void {
  const { [name]: _, ...rest } = state.overlay.value;
  state.overlay.set(value === undefined || value === "" ? rest : { ...rest, [name]: value });
}

function read(name: keyof Overlay): string {
  const value = state.overlay.value[name];
  return value === undefined ? "" : Array.isArray(value) ? (value[0] ?? "") : String(value);
}

function field(name: string, label: string, control: HTMLElement, note: HTMLElement | null = null): HTMLElement {
  return h("div.field", {}, h("label", { for: `set-${name}` }, label), control, note);
}

function choice(name: keyof Overlay, label: string, options: string[][], current: string | undefined): HTMLElement {
  const select = h("select", { id: `set-${name}`, onchange: () => set(name, typed(name, select.value)) },
    h("option", { value: "" }, `as the workspace: ${options.find(([v]) => v === current)?.[1] ?? current ?? "…"}`),
    options.map(([value, text]) => h("option", { value: value!, selected: read(name) === value }, text!)));
  return field(name, label, select);
}

/** The value as the API wants it. The languages of the workspace stay allowed; the chosen one comes first. */
function typed(name: keyof Overlay, value: string): unknown {
  if (value === "") return undefined;
  if (name === "redact_urns") return value === "true";
  if (name === "languages") return [value, ...(state.settings.value?.languages ?? []).filter((l) => l !== value)];
  return value;
}

function text(name: keyof Overlay, label: string, current: string, suggestions: string[]): HTMLElement {
  const input = h("input", {
    id: `set-${name}`, list: `set-${name}-list`, value: read(name), placeholder: current === "" ? "none" : `as the workspace: ${current}`,
    autocomplete: "off", spellcheck: "false", onchange: () => set(name, input.value.trim()),
  });
  return field(name, label, h("div", {}, input, h("datalist", { id: `set-${name}-list` }, suggestions.map((s) => h("option", { value: s })))));
}

function nowField(): HTMLElement {
  const note = h("p.note", { role: "status" });
  const input = h("input", {
    id: "set-now", value: read("now"), placeholder: "the time of the service", spellcheck: "false", autocomplete: "off",
    onchange: () => {
      const time = new Date(input.value.trim());
      const valid = input.value.trim() === "" || !Number.isNaN(time.getTime());
      note.textContent = valid ? "" : "Write a time like 2026-11-24T12:00:00Z.";
      if (valid) {
        const value = input.value.trim() === "" ? "" : time.toISOString().replace(".000Z", "Z");
        input.value = value;
        set("now", value);
      }
    },
  });
  return field("now", "now() is", input, note);
}

function timezones(): string[] {
  return (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];
}

function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames("en", { type: "language" }).of(code);
    return name === undefined || name === code ? code : `${name} (${code})`;
  } catch {
    return code;
  }
}
