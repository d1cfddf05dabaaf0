// WSO2's developer portal as its published contract describes it, and nothing more: npm Prism mocks the OpenAPI documents, so the
// client meets a server that shares no line and no thought with our lab. Prism validates each request and answers from the
// documents' examples and schemas. Its answers are not validated: some examples of the documents break their own schemas. The
// registration's document names OAuth only, where the server takes HTTP Basic, so security is not looked at there.
//
// Usage: node server.mjs PORTAL.yaml REGISTRATION.yaml
// Prints one line of JSON when it listens: {"base", "operations"}; GET {base}/seen tells what Prism made of each request.
// It lives as long as its standard input is open, so it cannot outlive the test that started it.

import { createServer, request as ask } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
const { createServer: createPrism } = require("@stoplight/prism-http-server");
const { createLogger } = require("@stoplight/prism-core");

const [portal, registration] = process.argv.slice(2);
const logger = createLogger("prism", { level: "silent" });
const config = { validateRequest: true, validateResponse: false, errors: true, isProxy: false, mock: { dynamic: false } };

async function mock(document, checkSecurity) {
  const operations = await getHttpOperationsFromSpec(document);
  const server = createPrism(operations, { cors: false, config: { ...config, checkSecurity }, components: { logger } });
  const address = await server.listen(0, "127.0.0.1");
  return { address, operations: operations.length };
}

const places = [
  { prefix: "/api/am/devportal/v3", ...(await mock(portal, true)) },
  { prefix: "/client-registration/v0.17", ...(await mock(registration, false)) },
];
const seen = [];

// Prism serves a document at the root; the real server has it below a path.
const front = createServer((incoming, outgoing) => {
  if (incoming.url === "/seen") {
    outgoing.setHeader("content-type", "application/json");
    const body = JSON.stringify(seen);
    outgoing.setHeader("content-length", Buffer.byteLength(body));
    outgoing.end(body);
    return;
  }
  const place = places.find(({ prefix }) => incoming.url.startsWith(`${prefix}/`));
  if (!place) {
    outgoing.statusCode = 404;
    outgoing.end();
    return;
  }
  const url = new URL(incoming.url.slice(place.prefix.length), place.address);
  const onward = ask(url, { method: incoming.method, headers: { ...incoming.headers, host: url.host } }, (answer) => {
    seen.push({
      method: incoming.method,
      path: incoming.url,
      status: answer.statusCode,
      problem: (answer.headers["content-type"] ?? "").includes("problem+json"),
      violations: answer.headers["sl-violations"] ?? null,
    });
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => {
    outgoing.statusCode = 502;
    outgoing.end();
  });
  incoming.pipe(onward);
});
await new Promise((resolve, reject) => front.once("error", reject).listen(0, "127.0.0.1", resolve));

const base = `http://127.0.0.1:${front.address().port}`;
process.stdout.write(`${JSON.stringify({ base, operations: places.reduce((sum, place) => sum + place.operations, 0) })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
