import { describe, lines } from "../api";
import { announce, byId, fill, h } from "../dom";
import type { SurveyLine } from "../model";
import { circumstances, state, type Survey } from "../state";
import { plural } from "../text";
import { findings } from "./findings";

/** The dry run that is on its way, if any. */
let running: AbortController | null = null;

const busy = () => state.survey.value?.phase === "running";

/** How many contacts a finished run had, by group: what the next one is measured against. */
const sizes = new Map<string, number>();

/** Evaluates the template for all contacts or for a group, and shows what they would get. Nothing is sent. */
export function mountDryRun(): void {
  const group = h("select", { id: "dryrun-group" });
  const button = h("button", { type: "button", id: "dryrun-start", onclick: () => (busy() ? running?.abort() : void run(group.value)) });
  const progress = h("div", { id: "dryrun-progress" });
  const result = h("div", { id: "dryrun-result" });
  byId("dryrun").append(
    h("p.note", {}, "Evaluates the template as it is for all these contacts. Nothing is sent."),
    h("div.dryrun-form", {}, h("div.field", {}, h("label", { for: "dryrun-group" }, "Contacts"), group), button),
    progress, result,
  );
  const drawForm = () => {
    button.className = busy() ? "quiet" : "primary";
    button.textContent = busy() ? "Cancel" : "Run";
    button.disabled = state.access.value === null;
    group.disabled = busy();
  };
  const drawGroups = () => {
    const chosen = group.value;
    fill(group, h("option", { value: "" }, "All contacts"), groups().map((name) => h("option", { value: name, selected: name === chosen }, `Group ${name}`)));
  };
  state.survey.changed((survey) => {
    drawForm();
    fill(progress, status(survey));
  });
  state.survey.changed((survey) => { if (survey?.phase !== "running") fill(result, survey?.findings !== undefined && findings(survey.findings)); });
  for (const signal of [state.template, state.overlay, state.context]) (signal as typeof state.template).changed(() => fill(progress, status(state.survey.value)));
  for (const signal of [state.settings, state.subject]) (signal as typeof state.subject).changed(drawGroups);
  state.access.watch((access) => {
    if (access === null) forget();
    drawForm();
  });
  drawGroups();
}

/** The groups that the settings name, and those of the chosen contact. */
function groups(): string[] {
  const named = [...(state.settings.value?.groups ?? []), ...(state.subject.value?.kind === "stored" ? state.subject.value.contact.groups ?? [] : [])];
  return [...new Set(named.map((g) => g.name))].sort((a, b) => a.localeCompare(b));
}

/** Who signed out sees nothing of what was found. */
function forget(): void {
  running?.abort();
  running = null;
  sizes.clear();
  state.survey.set(null);
}

async function run(group: string): Promise<void> {
  const mine = (running = new AbortController());
  const template = state.template.value;
  const request = { template, ...circumstances(), ...(group === "" ? { all: true } : { group }) };
  let survey: Survey = { phase: "running", group, about: about(), contacts: 0, elapsed: 0, why: "" };
  const show = (change: Partial<Survey>) => {
    survey = { ...survey, ...change };
    if (running === mine) state.survey.set(survey);
  };
  show({});
  try {
    for await (const line of lines<SurveyLine>("/v1/dryrun", request, mine.signal)) {
      if (line.progress !== undefined) show({ contacts: line.progress.contacts, elapsed: line.progress.elapsed_ms });
      if (line.error !== undefined) show({ phase: "failed", why: `${line.error.message}.` });
      if (line.summary !== undefined) {
        sizes.set(group, line.summary.contacts);
        show({ phase: "done", findings: line.summary, contacts: line.summary.contacts, elapsed: line.summary.elapsed_ms });
        announce(`Dry run done: ${plural(line.summary.contacts, "contact")}.`);
      }
    }
    if (survey.phase === "running") show({ phase: "failed", why: "The service ended the run before it was done." });
  } catch (error) {
    if (mine.signal.aborted) show({ phase: "cancelled" });
    else show({ phase: "failed", why: describe(error) });
  }
  if (running === mine) running = null;
}

/** What a run depends on, besides the contacts. */
const about = () => JSON.stringify([state.template.value, circumstances()]);

const duration = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

function status(survey: Survey | null): (HTMLElement | false)[] {
  if (survey === null) return [];
  const counted = `${plural(survey.contacts, "contact")} in ${duration(survey.elapsed)}`;
  const size = sizes.get(survey.group);
  switch (survey.phase) {
    case "running":
      return [
        h("progress", { "aria-label": "Dry run", ...(size !== undefined && { max: Math.max(size, survey.contacts, 1), value: survey.contacts }) }),
        h("p.note", { role: "status" }, counted),
      ];
    case "cancelled":
      return [h("p.note", { role: "status" }, `Cancelled after ${counted}.`)];
    case "failed":
      return [h("p.failure", { role: "alert" }, survey.why)];
    case "done":
      return [
        h("p.note", { role: "status" }, `${survey.group === "" ? "All contacts" : survey.group}: ${counted}.`),
        survey.about !== about() && h("p.changed", {}, "The template or what it depends on has changed since. Run it again."),
      ];
  }
}
