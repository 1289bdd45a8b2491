/** After `npm run build`: writes the reference pages that are made from the program. A test holds them current. */
import {writeFileSync} from 'node:fs';
import {commandsPage, errorsPage, keysPage} from './reference-pages.mjs';

writeFileSync('docs/reference/errors.md', errorsPage());
writeFileSync('docs/reference/commands.md', commandsPage());
writeFileSync('docs/reference/keys.md', keysPage());
