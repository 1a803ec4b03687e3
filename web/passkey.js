// Keys that an authenticator holds (WebAuthn). Fetched when a person makes or uses one (service/passkey.rs).

// Longest that an authenticator is waited for.
const TOUCH_MS = 120000;

const chance = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));

// Makes a key on P-256. Answers with its id and its point, 65 bytes, which end its SubjectPublicKeyInfo.
export async function make(name) {
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: chance(32),
      rp: { id: location.hostname, name: "Transom" },
      user: { id: chance(16), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "discouraged", userVerification: "discouraged" },
      attestation: "none",
      timeout: TOUCH_MS,
    },
  });
  const info = new Uint8Array(made.response.getPublicKey());
  return [new Uint8Array(made.rawId), info.slice(-65), location.hostname];
}

// Asks for a touch, and answers with the three parts of what was signed.
export async function sign(credential, rpId, challenge) {
  const { response } = await navigator.credentials.get({
    publicKey: {
      challenge,
      rpId,
      allowCredentials: [{ type: "public-key", id: credential }],
      userVerification: "discouraged",
      timeout: TOUCH_MS,
    },
  });
  const parts = [response.authenticatorData, response.clientDataJSON, response.signature];
  return parts.map((part) => new Uint8Array(part)).concat(location.origin);
}
