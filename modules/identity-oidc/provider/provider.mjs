// A real OpenID provider for the tests: oidc-provider with its development forms, where any password will do.
//
// Who signs in as `zoe` has the verified address zoe@example.org; as `zoe.unverified`, the same address unverified.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const redirect_uris = [process.env.REDIRECT];
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      { client_id: 'socle', client_secret: process.env.SECRET, redirect_uris },
      {
        client_id: 'posting',
        client_secret: process.env.SECRET,
        redirect_uris,
        token_endpoint_auth_method: 'client_secret_post',
      },
      { client_id: 'public', redirect_uris, token_endpoint_auth_method: 'none' },
    ],
    claims: {
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
    },
    cookies: { keys: ['a key of the tests'] },
    // Off: the claims stand in the ID token. On, as the specification says: they are asked for.
    conformIdTokenClaims: process.env.CONFORM !== 'no',
    pkce: { required: () => true },
    findAccount: (_, id) => {
      const [name, word] = id.split('.');
      const claims = {
        sub: id,
        email: `${name}@example.org`,
        email_verified: word !== 'unverified',
        name: `${name} of elsewhere`,
        given_name: name,
        family_name: 'Elsewhere',
        preferred_username: name,
      };
      return { accountId: id, claims: () => claims };
    },
  });
  server.on('request', provider.callback());
  console.log(`ready ${port}`);
});

// The tests may end without a word: then this does too.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 1000).unref();
