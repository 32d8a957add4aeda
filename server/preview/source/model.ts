// The shapes of the HTTP API, as far as the page reads them.

export interface Contact {
  uuid?: string;
  name?: string | null;
  language?: string | null;
  timezone?: string | null;
  urns: string[];
  connections?: { urn: string; last_used_on: string | null; channel: string | null }[];
  groups?: { uuid: string; name: string }[];
  fields?: Record<string, unknown>;
  [extra: string]: unknown;
}

export interface Row {
  uuid: string;
  name: string;
  connection: string | null;
}

export interface Fix {
  start: number;
  end: number;
  replacement: string;
}

/** What there is to say about a place of the template; offsets are bytes. */
export interface Entry {
  severity: "error" | "warning" | "info";
  code: string;
  message: string;
  expression: string;
  start: number;
  end: number;
  line: number;
  column: number;
  hint?: string;
  fix?: Fix;
}

export interface Candidate {
  urn: string;
  priority: number;
}

export interface Explanation {
  expression: string;
  start: number;
  end: number;
  value: string;
  type: string;
  reason?: string;
  candidates?: Candidate[];
  place?: { start: number; end: number };
  variables?: Explanation[];
}

export interface Channel {
  uuid: string;
  name: string;
  type?: string;
  address?: string;
}

export interface Destination {
  urn: string | null;
  connection_type: string | null;
  channel: Channel | null;
  reason: string;
}

export interface ConnectionFacts {
  urn: string;
  connection_type: string;
  channel_types: string[];
  last_used_on: string | null;
  channel: Channel | null;
}

export interface PolicyFacts {
  policy: string;
  current: boolean;
  value: string;
  reason: string;
  candidates: Candidate[] | null;
}

export interface Facts {
  redacted: boolean;
  destination: Destination;
  connections: ConnectionFacts[];
  contact_urn: PolicyFacts[];
}

export interface Sms {
  encoding: string;
  length: number;
  segments: number;
  unicode?: string[];
}

export interface Evaluation {
  text: string;
  warnings: Entry[];
  explain: Explanation[];
  sms: Sms;
  preview: Facts | null;
}

export interface CatalogVariable {
  name: string;
  type: string;
  doc: string;
  example?: string;
  deprecated?: string;
  connection_type?: string;
  channel_types?: string[];
}

export interface CatalogFunction {
  name: string;
  family: string;
  signature: string;
  params: { name: string; type: string }[];
  result: string;
  doc: string;
  examples: { expression: string; result: string; error?: string }[];
}

export interface Catalog {
  variables: CatalogVariable[];
  functions: CatalogFunction[];
}

export interface Settings {
  contact_urn: string;
  redact_urns: boolean;
  timezone: string;
  date_format: string;
  time_format: string;
  languages: string[];
  country: string;
  channels: Channel[] | null;
  globals: { key: string; name: string; value: string }[] | null;
  fields: { key: string; name: string; type: string }[] | null;
  groups: { uuid: string; name: string }[] | null;
}

/** Settings of this page that lie over the workspace's. */
export type Overlay = Partial<Pick<Settings, "contact_urn" | "redact_urns" | "timezone" | "date_format" | "time_format" | "languages" | "country">> & {
  now?: string;
};

export interface Access {
  workspace: string;
  role: "read" | "write";
  tokens: boolean;
}

export interface Changed {
  changed: boolean;
  reason: string;
  contact: Contact;
}

/** A contact that shows a finding of a dry run, and what it would get. */
export interface Example {
  contact: string;
  text: string;
  message?: string;
}

/** How many contacts have something, and the first of them. */
export interface Kind {
  contacts: number;
  examples: Example[];
}

/** What a dry run tells. Every contact is in exactly one of clean, warnings and errors. */
export interface Findings {
  contacts: number;
  clean: number;
  warnings: number;
  errors: number;
  problems: (Kind & { severity: Entry["severity"]; code: string; expression?: string })[];
  variables: { variable: string; empty: number; examples: Example[] }[];
  destinations: { scheme: string; contacts: number }[];
  unroutable: Kind;
  lengths: { min: number; median: number; mean: number; max: number; shortest?: Example; longest?: Example };
  sms: { contacts: number; encodings: (Kind & { encoding: string })[]; segments: { segments: number; contacts: number }[]; total: number };
  examples: Example[];
  elapsed_ms: number;
}

/** One line of a dry run's answer. */
export interface SurveyLine {
  progress?: { contacts: number; elapsed_ms: number };
  summary?: Findings;
  error?: { code: string; message: string };
}
