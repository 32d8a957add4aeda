// Keeps the answer up to date: at most one round of requests is on its way, and what changes meanwhile makes another.

import { describe, post, Problem } from "./api";
import type { Entry, Evaluation } from "./model";
import { type Answer, circumstances, reference, state, type Subject } from "./state";

let running = false;
let wanted = false;

/** Asks for an answer to the page as it is now. */
export function refresh(): void {
  wanted = true;
  if (!running) void run();
}

async function run(): Promise<void> {
  running = true;
  while (wanted) {
    wanted = false;
    await Promise.resolve(); // so that changes of one moment make one round
    await round();
  }
  running = false;
}

async function round(): Promise<void> {
  if (state.access.value === null) return; // signed out, or the service has not answered yet
  const template = state.template.value;
  const subject = state.subject.value;
  const others = state.compared.value;
  try {
    const checking = check(template);
    checking.catch(() => {}); // where both fail, the evaluation says so
    const evaluation = await evaluate(template, subject);
    if (subject !== state.subject.value && state.subject.value?.id !== subject?.id) return; // of somebody else by now
    state.failure.set("");
    state.answer.set({ template, subject, evaluation } satisfies Answer);
    state.entries.set({ template, list: merge(await checking, evaluation.warnings) }); // the message does not wait for it
    if (others.length > 0) await compare(template, others);
  } catch (error) {
    if (error instanceof Problem && error.status === 404 && subject?.kind === "stored") {
      state.failure.set("This contact is not there any more. Choose another one.");
    } else {
      state.failure.set(describe(error));
    }
  }
}

async function evaluate(template: string, subject: Subject | null): Promise<Evaluation> {
  const contact = subject === null ? {} : { contact: reference(subject) };
  return (await post<Evaluation>("/v1/evaluate", { template, ...contact, ...circumstances(), explain: true, preview: true })).body;
}

async function check(template: string): Promise<Entry[]> {
  return (await post<{ diagnostics: Entry[] }>("/v1/check", { template, ...circumstances(), ...withoutNow() })).body.diagnostics;
}

/** Check reads settings, and no clock. */
function withoutNow(): object {
  const { settings } = circumstances();
  if (settings?.now === undefined) return {};
  const { now: _, ...rest } = settings;
  return { settings: rest };
}

async function compare(template: string, others: Subject[]): Promise<void> {
  const results = await Promise.all(
    others.map(async (o): Promise<[string, Evaluation | string]> => {
      try {
        return [o.id, await evaluate(template, o)];
      } catch (error) {
        return [o.id, describe(error)];
      }
    }),
  );
  state.comparedAnswers.set(new Map(results));
}

/** Joins what check says with what the evaluation adds; the same about the same place is said once. */
function merge(checked: Entry[], warnings: Entry[]): Entry[] {
  const overlaps = (a: Entry, b: Entry) => a.start < b.end && b.start < a.end;
  const added = warnings.filter((w) => !checked.some((c) => overlaps(c, w) && (c.code === w.code || c.severity === "error")));
  return [...checked, ...added].sort((a, b) => a.start - b.start);
}

/** Watches all that the answer depends on. */
export function start(): void {
  for (const signal of [state.template, state.subject, state.compared, state.overlay, state.context, state.settings, state.access]) {
    (signal as typeof state.template).changed(refresh);
  }
}
