// Keys that an authenticator holds (WebAuthn), and passkeys that open the vault. Fetched when a person makes or
// uses one (service/passkey.rs, service/vault_passkey.rs).

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

// What an authenticator makes the secret of that opens the vault; of another input it makes another one
// (WebAuthn level 3 §10.1.4).
const PRF = { prf: { eval: { first: new TextEncoder().encode("transom vault") } } };

const named = (name) => Object.assign(new Error(), { name });

// Ends the question that is open, and all that it would have led to.
let open = null;
export const cancel = () => open?.abort();

async function asked(ask) {
  if (!globalThis.PublicKeyCredential || !navigator.credentials) throw named("NoWebAuthn");
  cancel();
  const mine = (open = new AbortController());
  const began = performance.now();
  try {
    return await ask(mine.signal);
  } catch (error) {
    // Browsers give too late and no the same name. Some cut the time a little.
    const late = error.name === "NotAllowedError" && performance.now() - began > TOUCH_MS - 1000;
    throw late ? named("TimeoutError") : error;
  } finally {
    if (open === mine) open = null;
  }
}

const descriptor = ([id, transports]) => ({ type: "public-key", id, transports });

// Has the authenticators that hold one of the passkeys make its secret. `known` is pairs of id and transports.
async function secret(known, signal) {
  const answer = await navigator.credentials.get({
    signal,
    publicKey: {
      challenge: chance(32),
      rpId: location.hostname,
      allowCredentials: known.map(descriptor),
      userVerification: "required",
      timeout: TOUCH_MS,
      extensions: PRF,
    },
  });
  // Asked once: each time may be another copy.
  const made = answer.getClientExtensionResults().prf?.results?.first;
  if (!made) throw named("NoSecret");
  return [new Uint8Array(answer.rawId), new Uint8Array(made)];
}

// Makes a passkey and its secret. Answers with id, transports and secret.
export const makeOpener = (known) =>
  asked(async (signal) => {
    const made = await navigator.credentials.create({
      signal,
      publicKey: {
        challenge: chance(32),
        rp: { id: location.hostname, name: "Transom" },
        user: { id: chance(16), name: "Transom vault", displayName: "Transom vault" },
        // What is signed is of no interest: the kinds that all authenticators together know.
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: known.map(descriptor),
        // Some phones make secrets only for passkeys that can be found without their id.
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        attestation: "none",
        timeout: TOUCH_MS,
        extensions: PRF,
      },
    });
    const id = new Uint8Array(made.rawId);
    const transports = made.response.getTransports?.() ?? [];
    try {
      const { prf } = made.getClientExtensionResults();
      if (prf?.results?.first) return [id, transports, new Uint8Array(prf.results.first)];
      if (!prf?.enabled) throw named("NoSecret");
      // Many authenticators make it only when they sign.
      return [id, transports, (await secret([[id, transports]], signal))[1]];
    } catch (error) {
      forget(id);
      throw error;
    }
  });

// Has a passkey make its secret. Answers with id and secret.
export const useOpener = (known) => asked((signal) => secret(known, signal));

// Asks for any passkey of this page, and answers with its id: tells who is there from who should be.
export const anyPasskey = () =>
  asked(async (signal) => {
    const answer = await navigator.credentials.get({
      signal,
      publicKey: {
        challenge: chance(32),
        rpId: location.hostname,
        userVerification: "discouraged",
        timeout: TOUCH_MS,
      },
    });
    return new Uint8Array(answer.rawId);
  });

// Tells whoever keeps the passkey that nobody needs it any more, where the browser can.
export function forget(id) {
  const text = btoa(String.fromCharCode(...id)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const gone = { rpId: location.hostname, credentialId: text };
  globalThis.PublicKeyCredential?.signalUnknownCredential?.(gone)?.catch(() => {});
}
