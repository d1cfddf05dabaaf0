// What the fake says about its journal: audit and sequence.
import type { AuditPage, AuditQuery, AuditRow, Lane, Sequence, Step } from "../../wire/types";
import { exchange } from "./steps";
import { START } from "./tokens";

export function audit(steps: Step[], query: AuditQuery): AuditPage {
  const rows = steps.flatMap((step): AuditRow[] => [
    {
      profile: step.profile,
      key: `step:${step.id}`,
      time_ms: step.started_ms,
      step: step.id,
      is_event: false,
      operation: step.title,
      subject: step.subject,
      client: step.client,
      audience: step.audience,
      outcome: step.outcome,
      outcome_text: step.words?.error ? `${step.status} ${step.words.error}` : step.status ? String(step.status) : "no answer",
      joined_by: null,
      duration_us: step.duration_us,
    },
    ...step.events.map((event): AuditRow => ({
      profile: step.profile,
      key: `event:${event.id}`,
      time_ms: event.time_ms,
      step: step.id,
      is_event: true,
      operation: event.event_type,
      subject: event.username,
      client: event.client,
      audience: event.audience,
      outcome: event.error ? "refused" : "success",
      outcome_text: event.error ?? "",
      joined_by: event.joined_by,
      duration_us: null,
    })),
  ]);
  const is: Record<string, (row: AuditRow) => boolean> = {
    logins: (row) => row.operation === "Log in",
    exchanges: (row) => /exchange/i.test(row.operation),
    errors: (row) => row.outcome === "refused" || row.outcome === "failed",
    server_events: (row) => row.is_event,
  };
  const found = rows.filter((row) => {
    const words = `${row.operation} ${row.subject} ${row.client} ${row.audience} ${row.outcome_text}`.toLowerCase();
    const lineage =
      query.lineage === null ||
      steps.some((s) => s.id === row.step && [...s.tokens_in, ...s.tokens_out].includes(query.lineage ?? ""));
    return (
      words.includes(query.search.toLowerCase()) &&
      lineage &&
      (query.chips.length === 0 || query.chips.some((chip) => is[chip]?.(row)))
    );
  });
  const inTime = found.filter(
    (row) => (query.from_ms === null || row.time_ms >= query.from_ms) && (query.to_ms === null || row.time_ms < query.to_ms),
  );
  const bin_ms = 2_000;
  const from = START - 40_000;
  const bins = Array.from({ length: 20 }, (_, i) => {
    const here = found.filter((row) => row.time_ms >= from + i * bin_ms && row.time_ms < from + (i + 1) * bin_ms);
    return {
      from_ms: from + i * bin_ms,
      steps: here.filter((r) => !r.is_event).length,
      events: here.filter((r) => r.is_event).length,
      errors: here.filter((r) => r.outcome !== "success").length,
    };
  });
  return {
    rows: inTime.slice(query.offset, query.offset + query.limit),
    matching: inTime.length,
    total: rows.length,
    chips: Object.entries(is).map(([chip, test]) => ({ chip, count: rows.filter(test).length })),
    bins,
    bin_ms,
  };
}

const LANES: Lane[] = [
  { actor: "browser", name: "User", note: "browser" },
  { actor: "claimscope", name: "Claimscope", note: "this app" },
  { actor: "gateway", name: "Gateway", note: "8243" },
  { actor: "portal", name: "Portal", note: "9443" },
  { actor: "provider", name: "Provider", note: "18080" },
  { actor: "api", name: "orders-api", note: "8090" },
];

export function sequence(steps: Step[]): Sequence {
  const loop = [...steps].reverse();
  const scenes = loop.map((step) => ({
    step: step.id,
    title: step.title,
    arrows: step.exchanges.map((one) => ({ step: step.id, exchange: one })),
  }));
  scenes.push({
    step: 129,
    title: "Call as the user",
    arrows: [
      exchange(1, "claimscope", "gateway", "GET /orders", 200, 79_000),
      exchange(2, "gateway", "provider", "POST /token, token-exchange", 200, 52_000, { reported: true }),
      exchange(3, "gateway", "api", "GET /orders, exchanged token", 200, 9_000, { reported: true }),
    ].map((one) => ({ step: 129, exchange: one })),
  });
  const count = scenes.reduce((sum, scene) => sum + scene.arrows.length, 0);
  return { lanes: LANES, scenes, summary: `${count} exchanges in 6.7 s, one refused` };
}
