// Calls of the HTTP API. The token lives here, in memory: a reload forgets it.

/** An answer that is an error: problem+json. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly hint: string,
  ) {
    super(detail);
  }
}

/** The service did not answer. */
export class Unreachable extends Error {}

export interface Answer<T> {
  body: T;
  etag: string;
  status: number;
}

export interface Watcher {
  /** The service answered, or did not. */
  reached(ok: boolean): void;
  /** The service wants a token, or another one. */
  refused(problem: Problem): void;
}

let token = "";
let watcher: Watcher = { reached() {}, refused() {} };

export function setToken(text: string): void {
  token = text;
}

export function hasToken(): boolean {
  return token !== "";
}

export function watch(next: Watcher): void {
  watcher = next;
}

/** A call takes this long at most, in ms. */
const patience = 15_000;

interface Options {
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

/** Makes a request and gives the response as it is; it throws Unreachable or Problem. */
export async function open(method: string, path: string, body?: unknown, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token !== "") headers.Authorization = `Bearer ${token}`;
  let response: Response;
  try {
    response = await fetch(path, {
      method, headers, body: body === undefined ? null : JSON.stringify(body), signal: options.signal ?? AbortSignal.timeout(patience),
      credentials: "omit", cache: "no-store", redirect: "error",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    watcher.reached(false);
    throw new Unreachable("the service does not answer");
  }
  if (response.ok || response.status === 304) {
    watcher.reached(true);
    return response;
  }
  const problem = await problemOf(response);
  watcher.reached(problem.status !== 502 && problem.status !== 503 && problem.status !== 504);
  if (problem.status === 401) watcher.refused(problem);
  throw problem;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const p = (await response.json()) as { code?: string; detail?: string; hint?: string };
    return new Problem(response.status, p.code ?? "", p.detail ?? response.statusText, p.hint ?? "");
  } catch {
    return new Problem(response.status, "", `the service answered with the status ${response.status}`, "");
  }
}

/** Makes a request and reads its answer. */
export async function call<T>(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
  const response = await open(method, path, body, options);
  const etag = response.headers.get("ETag") ?? "";
  if (response.status === 304 || response.status === 204) return { body: undefined as T, etag, status: response.status };
  try {
    return { body: (await response.json()) as T, etag, status: response.status };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    watcher.reached(false);
    throw new Unreachable("the answer of the service broke off");
  }
}

/** Makes a request and gives the lines of its answer as they come, each one JSON. */
export async function* lines<T>(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<T> {
  const response = await open("POST", path, body, { signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n");
      rest = parts.pop()!;
      for (const part of parts) if (part !== "") yield JSON.parse(part) as T;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    watcher.reached(false);
    throw new Unreachable("the answer of the service broke off");
  }
}

export const get = <T>(path: string, options?: Options) => call<T>("GET", path, undefined, options);
export const post = <T>(path: string, body: unknown, options?: Options) => call<T>("POST", path, body, options);

/** What to show people about an error. */
export function describe(error: unknown): string {
  if (error instanceof Problem) {
    const text = error.message + (error.hint === "" ? "" : ` (${error.hint})`);
    return text.charAt(0).toUpperCase() + text.slice(1) + ".";
  }
  if (error instanceof Unreachable) return "The service does not answer. This page keeps trying.";
  return "Something went wrong in this page.";
}
