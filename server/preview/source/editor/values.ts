// What each variable would give for the chosen contact, asked for when somebody looks: for completion and hover.

import { post } from "../api";
import type { Evaluation, Explanation } from "../model";
import { circumstances, reference, state } from "../state";

let asked: Promise<Map<string, Explanation>> | null = null;

/** Gives the explanation of each variable of the catalog and of the context, by name in lower case. */
export function values(): Promise<Map<string, Explanation>> {
  asked ??= ask().catch(() => new Map<string, Explanation>());
  return asked;
}

async function ask(): Promise<Map<string, Explanation>> {
  const names = state.catalog.value.variables.map((v) => v.name).filter((name) => !/[A-Z]/.test(name));
  names.push(...contextNames());
  const template = names.map((name) => `@(${name})`).join(" ");
  const subject = state.subject.value;
  const contact = subject === null ? {} : { contact: reference(subject) };
  const { body } = await post<Evaluation>("/v1/evaluate", { template, ...contact, ...circumstances(), explain: true });
  return new Map(body.explain.map((e, i) => [names[i]!.toLowerCase(), e.variables?.[0] ?? e]));
}

/** The names that the session context adds, such as results.color.category, a few levels deep. */
export function contextNames(): string[] {
  const names: string[] = [];
  const walk = (value: unknown, path: string, depth: number) => {
    if (depth > 4 || names.length > 200 || typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [key, member] of Object.entries(value)) {
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(key) || key === "__default__") continue;
      const name = path === "" ? key : `${path}.${key}`;
      names.push(name);
      walk(member, name, depth + 1);
    }
  };
  walk(state.context.value ?? {}, "", 1);
  return names;
}

/** Forgets the values when what they depend on changes. */
export function followValues(): void {
  for (const signal of [state.subject, state.overlay, state.context, state.settings, state.catalog, state.access]) {
    (signal as typeof state.subject).changed(() => { asked = null; });
  }
}
