// Secrets, codes, tokens and passwords that were about to go to somebody they are not for. The backend stopped them; the user says what happens.
import { call, faultOf } from "../host/host";
import type { SecretQuestion } from "../wire/types";
import { dialogs } from "./dialogs.svelte";
import { toasts } from "./toasts.svelte";

type Asked = Parameters<typeof dialogs.ask>[0];

const CROSSINGS: readonly string[] = ["secret-of-another-issuer", "secret-to-another-host", "secret-bound-to-nobody"];

/** Whether a problem means that a secret was stopped. */
export function isCrossing(problem: string | null | undefined): boolean {
  return problem !== null && problem !== undefined && CROSSINGS.includes(problem);
}

/** Asks about every secret that was stopped. True when all of them may go now, so that it can be tried again. */
export async function allowed(problem: string | null | undefined): Promise<boolean> {
  if (!isCrossing(problem)) return false;
  try {
    const open = await call("secret_questions", {});
    if (open.length === 0) return false;
    for (const question of open) if (!(await ask(question))) return false;
    return true;
  } catch (error) {
    toasts.fault(faultOf(error));
    return false;
  }
}

async function ask(question: SecretQuestion): Promise<boolean> {
  const choice = await dialogs.ask(question.load === null ? ofSecret(question) : ofLoad(question, question.load));
  const consent = choice === "yes" ? "once" : choice === "other" ? "always" : "no";
  return (await call("answer_secret_question", { id: question.id, consent })) && consent !== "no";
}

/** A code, a token or a password that would go to another host than the server the profile names. */
function ofLoad(question: SecretQuestion, load: string): Asked {
  return {
    title: `Send it to ${question.origin}?`,
    body: `${load} would go to ${question.origin}. ${question.issuer === "" ? "This profile names no server that can be read." : `This profile names ${question.issuer}, which lies elsewhere.`} Nothing was sent yet. Whoever answers at ${question.origin} can use it. Some servers have their addresses at another host; send it only if yours does.`,
    yes: "Send once",
    other: "Always for this profile",
    cautious: true,
  };
}

function ofSecret(question: SecretQuestion): Asked {
  const what = question.sort === "key" ? "private key" : "secret";
  return {
    title: `Send the ${what} of ${question.client_id} to ${question.origin}?`,
    body: `${entered(question, what)} Nothing was sent yet. Whoever answers at ${question.origin} ${question.sort === "key" ? "gets what this key signs" : "can use it from then on"}.`,
    yes: "Send once",
    other: `Always for this ${what}`,
    cautious: true,
  };
}

function entered(question: SecretQuestion, what: string): string {
  if (question.bound === null) return `For whom this ${what} was entered was not kept with it.`;
  if (question.bound !== question.issuer && question.issuer !== "")
    return `It was entered for ${question.bound}; the profile now names ${question.issuer}.`;
  return `It was entered for ${question.bound}.`;
}
