// A provider of another maker with PAR, PKCE, DPoP and rotation all demanded. Prints its port; ends with its stdin.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const AUDIENCE = "ihanoi-gateway";
// With this word its tokens are for itself alone, and names come from its userinfo endpoint.
const forItself = process.argv.includes("for-itself");

function signingKey(kid) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
}

const gateway = {
  audience: AUDIENCE,
  scope: "reports",
  accessTokenFormat: "jwt",
  accessTokenTTL: 300,
  jwt: { sign: { alg: "ES256" } },
};

const configuration = {
  clients: [
    {
      client_id: "ihanoi-app",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: ["http://127.0.0.1/callback"],
      id_token_signed_response_alg: "ES256",
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
    },
  ],
  jwks: { keys: [signingKey("one")] },
  conformIdTokenClaims: forItself,
  claims: { openid: ["sub"], profile: ["name", "given_name"] },
  scopes: ["openid", "offline_access", "reports"],
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "Nguyễn Minh Anh", given_name: "Anh" }),
  }),
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  features: {
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: !forItself,
      defaultResource: () => "urn:ihanoi:gateway",
      useGrantedResource: () => true,
      getResourceServerInfo: () => gateway,
    },
    revocation: { enabled: true },
  },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, configuration);
  server.on("request", provider.callback());
  console.log(port);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
