// A real OpenID provider for the tests marked `node`: oidc-provider with JWT access tokens through resource indicators.
// Everybody here is made up, and a password is not asked for. Arguments: port (0 for any), file of the private JWKS.
// Writes one line of JSON for each thing that a test waits for or counts.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const RESOURCE = "urn:article22:api";
const ROLES = { ana: ["npm-staff"], ben: ["npm-staff", "npm-secondee"], cem: [], dora: ["npm-head"], emil: ["npm-staff"] };
const [port, keys] = process.argv.slice(2);

const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

const configuration = {
  jwks: JSON.parse(readFileSync(keys, "utf8")),
  cookies: { keys: ["made-up"] },
  pkce: { required: () => true },
  acrValues: ["basic", "strong"],
  scopes: ["openid"],
  ttl: { AccessToken: 300, IdToken: 300, AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600 },
  clients: [{
    client_id: "npm-front-end", token_endpoint_auth_method: "none", grant_types: ["authorization_code"], response_types: ["code"],
    redirect_uris: ["https://front.example.org/back"], id_token_signed_response_alg: "ES256",
  }],
  findAccount: (_ctx, sub) => (sub in ROLES ? { accountId: sub, claims: () => ({ sub }) } : undefined),
  extraTokenClaims: (ctx) => {
    const { authTime, acr, accountId } = ctx.oidc.entities.AuthorizationCode;
    return { auth_time: authTime, acr, roles: ROLES[accountId] };
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: "article22", audience: "article22", accessTokenTTL: 300, accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
};

async function granted(provider, { params, session, prompt }) {
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
  for (const [resource, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  return { consent: { grantId: await grant.save() } };
}

async function read(request) {
  let body = "";
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}

async function interact(provider, request, answer) {
  const asked = await provider.interactionDetails(request, answer);
  if (request.method === "GET") {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<form method="post" data-prompt="${asked.prompt.name}"><input name="login"><input name="second_factor"></form>`);
    return;
  }
  const form = await read(request);
  const acr = form.get("second_factor") ? "strong" : "basic";
  const result = asked.prompt.name === "login" ? { login: { accountId: form.get("login"), acr } } : await granted(provider, asked);
  await provider.interactionFinished(request, answer, result, { mergeWithLastSubmission: asked.prompt.name !== "login" });
}

const server = createServer();
server.listen(Number(port), "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const serve = provider.callback();
  server.on("request", (request, answer) => {
    const path = request.url.split("?")[0];
    say({ asked: path });
    if (!path.startsWith("/interaction/")) return serve(request, answer);
    return interact(provider, request, answer).catch((error) => { answer.statusCode = 400; answer.end(String(error)); });
  });
  provider.on("server_error", (_ctx, error) => say({ failed: String(error) }));
  say({ ready: issuer, resource: RESOURCE });
});
